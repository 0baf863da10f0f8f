"""The doctor finds what is missing, says what to do, and fixes nothing."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from aisle.cli.doctor import model_listening, writable
from errors import LLMUnavailable, StoreError


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
        ("gpt", "'gpt' is no model"),
        ("vllm:nowhere", "is no address"),
        ("vllm:http://127.0.0.1:99999/v1", "is no address"),
        ("local:/no/such/folder", "holds no model"),
    ],
)
def test_a_model_that_is_not_there_says_what_to_do(spec: str, said: str) -> None:
    with pytest.raises(LLMUnavailable, match=said):
        model_listening(spec)


def test_a_listening_server_is_found_and_a_closed_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        spec = f"vllm:http://127.0.0.1:{server.getsockname()[1]}/v1#model"
        assert model_listening(spec).startswith("something listens at 127.0.0.1:")
    with pytest.raises(LLMUnavailable, match="start the model server"):
        model_listening(spec)


def test_a_local_model_is_a_folder_with_a_config(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    assert model_listening(f"local:{tmp_path}") == f"{tmp_path} holds a model"


def test_a_place_that_cannot_be_written_is_trouble() -> None:
    with pytest.raises(StoreError, match="/proc cannot be written"):
        writable(Path("/proc/aisle"))


def test_trouble_ends_in_one_and_a_misspelt_setting_is_worth_a_note(tmp_path: Path) -> None:
    result = _run(tmp_path, "--json", "--llm", "gpt", AISLE_PROT="1")
    states = _states(result)
    assert (result.exit_code, states["model"], states["settings"]) == (1, "bad", "note")
