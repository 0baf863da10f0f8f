"""`aisle test` and the pytest plugin: the same dialogues, run by either, fail in the same words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from catalog.ingest import import_feeds
from tests.llm.fake_server import DONE, HEAD, event, in_turns, sends, server, status

ROWS = (
    {"id": "1", "title": "Logitech M185 mouse", "brand": "Logitech", "price": "24.90 USD", "category": "mouse"},
    {"id": "2", "title": "HP X200 mouse", "brand": "HP", "price": "12 USD", "category": "mouse"},
    {"id": "3", "title": "HP K100 keyboard", "brand": "HP", "price": "30 USD", "category": "keyboard"},
)
GOOD = """\
dialogue: good
shop: mice
turns:
  - user: "an HP mouse"
    expect: {act: recommend, shown: {ids: ["2"]}, grounded: true}
"""
BAD = GOOD.replace("good", "bad").replace('["2"]', '["1"]')


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feeds")
    (folder / "mice.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def db(feeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db") / "shop.db"
    import_feeds([feeds / "mice.jsonl"], path)
    return path


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    (tmp_path / "good.dialogue.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.dialogue.yaml").write_text(BAD, encoding="utf-8")
    return tmp_path


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["test", *map(str, args)])


def test_all_pass(scripts: Path, db: Path) -> None:
    result = run(scripts / "good.dialogue.yaml", "--db", db)
    assert result.exit_code == 0, result.output
    assert "1 of 1 dialogues, 1 of 1 turns passed" in result.output


def test_one_fails_with_file_line_turn_and_transcript(scripts: Path, db: Path) -> None:
    result = run(scripts, "--db", db)
    assert result.exit_code == 1
    assert f"{scripts / 'bad.dialogue.yaml'}:5: turn 1: shown.ids: 1: shown: 2" in result.output
    assert "shopper    an HP mouse" in result.output
    assert "1 of 2 dialogues, 1 of 2 turns passed" in result.output


def test_json_is_one_document_and_junit_is_written(scripts: Path, db: Path, tmp_path: Path) -> None:
    result = run(scripts, "--db", db, "--json", "--junit", tmp_path / "out.xml")
    found = json.loads(result.stdout)
    assert (found["dialogues"], found["dialogues_passed"], found["turns_passed"]) == (2, 1, 1)
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")


MODEL = event(
    "", "stop", {"prompt_tokens": 100, "completion_tokens": 6, "prompt_tokens_details": {"cached_tokens": 64}}
)


def test_what_the_model_cost_is_told(scripts: Path, db: Path) -> None:
    answer = sends(HEAD, event('{"acts":["inform"]}'), MODEL, DONE)
    with server(in_turns(answer, status("500 Internal Server Error"))) as (url, _):
        told = ("--llm", f"vllm:{url}#m", "--llm-use", "always")
        result = run(scripts / "good.dialogue.yaml", scripts / "bad.dialogue.yaml", "--db", db, *told)
        found = json.loads(run(scripts / "good.dialogue.yaml", "--db", db, *told, "--json").stdout)
    assert result.stdout.splitlines()[-1] == (
        "model: 2 calls in 2 turns, 1 of them degraded; tokens: 100 read (64 from its cache), 6 written"
    )
    assert found["model"] == {
        "asked": 1,
        "degraded": 0,
        "calls": 1,
        "prompt_tokens": 100,
        "cached_tokens": 64,
        "completion_tokens": 6,
    }
    assert [turn["degraded"] for turn in found["results"][0]["turns"]] == [False]


def test_nothing_is_told_of_a_model_that_is_not_there(scripts: Path, db: Path) -> None:
    assert "model:" not in run(scripts / "good.dialogue.yaml", "--db", db).stdout


def test_shops_are_imported_into_the_cache(
    scripts: Path, feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AISLE_CACHE", str(tmp_path / "cache"))
    result = run(scripts / "good.dialogue.yaml", "--shops", feeds)
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "cache" / "shops").glob("mice-*/shop.db"))) == 1


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["nowhere", "--db", "x.db"], "no such file or folder"),
        (["."], "give either --db or --shops"),
        ([".", "--db", "x.db", "--shops", "."], "give either --db or --shops"),
        ([".", "--db", "x.db"], "no *.dialogue.yaml there"),
        ([".", "--db", "x.db", "--llm-use", "now"], "--llm-use"),
        (["broken.dialogue.yaml", "--db", "x.db"], "broken.dialogue.yaml:1: 'dialogue' is missing"),
        (["good.dialogue.yaml", "--db", "x.db"], "x.db"),
    ],
)
def test_wrong_usage_is_exit_2(args: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if args[0] == "broken.dialogue.yaml":
        Path(args[0]).write_text("turns: []", encoding="utf-8")
    if args[0] == "good.dialogue.yaml":
        Path(args[0]).write_text(GOOD, encoding="utf-8")
    result = run(*args)
    assert (result.exit_code, says in result.output) == (2, True), result.output


def test_pytest_collects_each_dialogue_as_a_test(scripts: Path, db: Path) -> None:
    (scripts / "broken.dialogue.yaml").write_text("dialogue: x", encoding="utf-8")
    (scripts / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "aisle.pytest_plugin",
        f"--aisle-db={db}",
        "--continue-on-collection-errors",
    ]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        command, cwd=scripts, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    assert "1 failed, 1 passed, 1 error" in done.stdout, done.stdout + done.stderr
    assert "bad.dialogue.yaml:5: turn 1: shown.ids: 1: shown: 2" in done.stdout
    assert "broken.dialogue.yaml:1: 'turns' is missing" in done.stdout
