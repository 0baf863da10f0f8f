"""The doctor finds what is missing, says what to do, and fixes nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from aisle.cli.doctor import model_answers, writable
from errors import LLMError, LLMUnavailable, StoreError
from tests.llm.fake_server import DONE, HEAD, answers, event, in_turns, sends, server, status


def _run(folder: Path, *arguments: str, **environ: str) -> Result:
    given = ["doctor", "--db", str(folder / "none.db"), "--people", str(folder / "people.db"), *arguments]
    return CliRunner().invoke(main, given, env={"AISLE_CACHE": str(folder / "cache"), **environ})


def _states(result: Result) -> dict[str, str]:
    return {check["check"]: check["state"] for check in json.loads(result.stdout)["checks"]}


def test_a_healthy_place_without_a_catalogue_is_no_trouble(tmp_path: Path) -> None:
    result = _run(tmp_path, "--json")
    assert result.exit_code == 0, result.stdout
    assert _states(result) == dict.fromkeys(("python", "sqlite", "encoder", "people", "cache", "model"), "ok") | {
        "catalogue": "note"
    }
    assert list(tmp_path.iterdir()) == []


def test_lines_for_people_name_each_check(tmp_path: Path) -> None:
    result = _run(tmp_path)
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["ok", "ok", "ok", "note", "ok", "ok", "ok"]
    assert f"aisle import FEED --db {tmp_path / 'none.db'}" in result.stdout


def test_a_file_that_is_no_catalogue_is_bad(tmp_path: Path) -> None:
    (tmp_path / "none.db").write_text("not a database")
    result = _run(tmp_path, "--json")
    assert (result.exit_code, _states(result)["catalogue"]) == (1, "bad")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("gpt", "no such model: 'gpt'"),
        ("vllm:nowhere", "is no endpoint"),
        ("vllm:http://127.0.0.1:99999/v1", "is no endpoint"),
        ("local:/no/such/folder", "/no/such/folder"),
        ("vllm:http://127.0.0.1:9/v1#tiny", "does not answer .* aisle llm serve MODEL starts one"),
    ],
)
def test_a_model_that_is_not_there_says_what_to_do(spec: str, said: str) -> None:
    with pytest.raises(LLMError, match=said):
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
