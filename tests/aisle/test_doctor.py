"""The doctor finds what is missing, says what to do, and fixes nothing."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from aisle.cli.doctor import model_answers, writable
from chatbot.memory.store import People
from errors import AisleError, BadSpec, LLMUnavailable, StoreError
from tests.llm.fake_server import DONE, HEAD, answers, event, in_turns, sends, server, status


def _run(folder: Path, *arguments: str, **environ: str) -> Result:
    given = ["doctor", "--db", str(folder / "none.db"), "--people", str(folder / "people.db"), *arguments]
    return CliRunner().invoke(main, given, env={"AISLE_CACHE": str(folder / "cache"), **environ})


def _states(result: Result) -> dict[str, str]:
    return {check["check"]: check["state"] for check in json.loads(result.stdout)["checks"]}


def test_a_healthy_place_without_a_catalogue_is_no_trouble(tmp_path: Path) -> None:
    result = _run(tmp_path, "--json")
    assert result.exit_code == 0, result.stdout
    assert _states(result) == dict.fromkeys(
        ("python", "sqlite", "encoder", "people", "cache", "model", "widget"), "ok"
    ) | {"catalogue": "note"}
    assert list(tmp_path.iterdir()) == []


def test_lines_for_people_name_each_check(tmp_path: Path) -> None:
    result = _run(tmp_path)
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["ok", "ok", "ok", "note", *["ok"] * 4]
    assert f"aisle import FEED --db {tmp_path / 'none.db'}" in result.stdout


def test_a_file_that_is_no_catalogue_is_bad(tmp_path: Path) -> None:
    (tmp_path / "none.db").write_text("not a database")
    result = _run(tmp_path, "--json")
    assert (result.exit_code, _states(result)["catalogue"]) == (1, "bad")


@pytest.mark.parametrize(
    ("spec", "kind", "said"),
    [
        ("gpt", BadSpec, "no such model: 'gpt'"),
        ("vllm:nowhere", BadSpec, "is no endpoint"),
        ("vllm:http://127.0.0.1:99999/v1", BadSpec, "is no endpoint"),
        ("local:/no/such/folder", BadSpec, "/no/such/folder"),
        ("vllm:http://127.0.0.1:9/v1#tiny", LLMUnavailable, "does not answer .* aisle llm serve MODEL starts one"),
    ],
)
def test_a_model_that_is_not_there_says_what_to_do(spec: str, kind: type[AisleError], said: str) -> None:
    with pytest.raises(kind, match=said):
        model_answers(spec)


def test_a_model_is_asked_for_a_word() -> None:
    counted = event("", "stop", {"prompt_tokens": 12, "completion_tokens": 2})
    with server(in_turns(sends(HEAD, event("Yes."), counted, DONE), answers("Yes."), answers("  "))) as (url, served):
        assert re.fullmatch(r"answers in \d\.\d s; 12 \+ 2 tokens counted", model_answers(f"vllm:{url}#tiny"))
        assert re.fullmatch(r"answers in \d\.\d s; tokens not counted", model_answers(f"vllm:{url}#tiny"))
        with pytest.raises(LLMUnavailable, match="answers with nothing"):
            model_answers(f"vllm:{url}#tiny")
    assert [json.loads(asked)["max_tokens"] for asked in served.requests] == [4, 4, 4]


def test_a_model_that_only_listens_is_bad(tmp_path: Path) -> None:
    with server(status("503 Service Unavailable", b"secret")) as (url, _):
        result = _run(tmp_path, "--json", "--llm", f"vllm:{url}#tiny")
    assert (result.exit_code, _states(result)["model"], "secret" in result.output) == (1, "bad", False)


def test_a_slow_model_is_told_with_the_setting_that_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM_FIRST", "0.05")
    with server(sends(HEAD, event(None), event("Yes.", "stop"), DONE, pause=0.1)) as (url, _):
        assert "later than the 0.05 s that a turn waits (AISLE_LLM_FIRST)" in model_answers(f"vllm:{url}#tiny")


def test_a_place_that_cannot_be_written_is_trouble() -> None:
    with pytest.raises(StoreError, match="/proc cannot be written"):
        writable(Path("/proc/aisle"))


def test_trouble_ends_in_one_and_a_misspelt_setting_is_worth_a_note(tmp_path: Path) -> None:
    result = _run(tmp_path, "--json", "--llm", "gpt", AISLE_PROT="1")
    states = _states(result)
    assert (result.exit_code, states["model"], states["settings"]) == (1, "bad", "note")


def _said(result: Result) -> dict[str, tuple[str, str]]:
    return {check["check"]: (check["state"], check["said"]) for check in json.loads(result.stdout)["checks"]}


def test_a_setting_that_cannot_be_used_is_a_line_and_stops_nothing(tmp_path: Path) -> None:
    result = _run(tmp_path, "--json", AISLE_PORT="abc", AISLE_LLM_TURN="soon")
    checks = json.loads(result.stdout)["checks"]
    assert [(c["check"], c["state"]) for c in checks[:3]] == [
        ("settings", "bad"),
        ("settings", "bad"),
        ("python", "ok"),
    ]
    assert "AISLE_LLM_TURN" in checks[0]["said"]
    assert "AISLE_PORT" in checks[1]["said"]
    assert (result.exit_code, checks[-1]["check"]) == (1, "widget")


def test_conversations_are_looked_at_and_left_as_they_are(tmp_path: Path) -> None:
    People.open(tmp_path / "people.db").close()
    before = (tmp_path / "people.db").read_bytes()
    assert _said(_run(tmp_path, "--json"))["people"] == ("ok", f"{tmp_path / 'people.db'} is up to date")
    with closing(sqlite3.connect(tmp_path / "people.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    told = f"{tmp_path / 'people.db'} is brought up to date when it is next opened, and copied before"
    assert _said(_run(tmp_path, "--json"))["people"] == ("ok", told)
    with closing(sqlite3.connect(tmp_path / "people.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert _said(_run(tmp_path, "--json"))["people"][0] == "bad"
    assert len((tmp_path / "people.db").read_bytes()) == len(before)


SITE = """
pictures = ["cdn.example"]
[[keys]]
key = "shop"
origins = ["https://shop.example"]
secret = "0123456789012345678901234567890123456789"
[staff]
password = "correct horse"
[webhooks]
url = "http://127.0.0.1:{port}/hook"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""


def test_a_site_file_is_read_and_its_systems_are_knocked_at(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    with socket.create_server(("127.0.0.1", 0)) as hook:
        port = hook.getsockname()[1]
        site.write_text(SITE.replace("{port}", str(port)))
        said = _said(_run(tmp_path, "--json", "--site", str(site)))
    assert {name: said[name] for name in ("site", "staff", "webhooks")} == {
        "site": ("ok", f"{site}: 1 keys (1 with a secret), 1 origins"),
        "staff": ("ok", "a password is set: the inbox and the admin page are open to who knows it"),
        "webhooks": ("ok", f"127.0.0.1:{port} answers"),
    }
    gone = _said(_run(tmp_path, "--json", AISLE_SITE=str(site)))
    assert (gone["webhooks"][0], "secret" in str(gone["webhooks"])) == ("bad", False)


def test_a_site_file_that_cannot_be_read_is_bad_and_one_without_people_worth_a_note(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("[limits]\nsession = -1\n")
    assert _said(_run(tmp_path, "--json", "--site", str(site)))["site"][0] == "bad"
    site.write_text("")
    result = _run(tmp_path, "--json", "--site", str(site))
    assert (result.exit_code, _said(result)["staff"][0]) == (0, "note")


def test_pictures_that_a_site_file_refuses_are_worth_a_note(tmp_path: Path) -> None:
    feed = [
        {"id": str(n), "title": "Lamp", "image": f"https://{host}/{n}.png"}
        for n, host in enumerate(("cdn.example", "img.example"))
    ]
    (tmp_path / "feed.jsonl").write_text("\n".join(map(json.dumps, feed)))
    import_ = ["import", str(tmp_path / "feed.jsonl"), "--db", str(tmp_path / "none.db"), "--no-embed"]
    assert CliRunner().invoke(main, import_).exit_code == 0
    (tmp_path / "site.toml").write_text('pictures = ["cdn.example"]')
    said = _said(_run(tmp_path, "--json", "--site", str(tmp_path / "site.toml")))
    assert said["pictures"] == ("note", "Pictures from img.example are not shown: add the host to `pictures`.")
    assert "questions and answers" in said["catalogue"][1]
