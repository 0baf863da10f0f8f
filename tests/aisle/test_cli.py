"""The command line as a whole: it answers at once, and trouble ends in one message and the right exit code."""

from __future__ import annotations

import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner

from aisle import __version__
from aisle.cli import COMMANDS, Entry, exit_code, main
from errors import AisleError, ImportRefused, LLMUnavailable, NoCatalog, ScriptError, UnknownSlot
from tests.sources import ROOT

HEAVY = ("torch", "transformers", "sentence_transformers", "onnxruntime", "gradio", "fastapi", "numpy", "pydantic")


def _python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_help_answers_at_once() -> None:
    def seconds() -> float:
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "aisle", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert all(name in done.stdout for name in COMMANDS)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.5  # the best of five: other tests run beside this one


def test_help_imports_no_room_and_no_heavy_library() -> None:
    code = (
        "import sys\nfrom aisle.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        f"print('loaded:', sorted({set(HEAVY) | {'catalog', 'retrieval', 'chatbot', 'llm'}!r} & set(sys.modules)))"
    )
    assert _python(code).splitlines()[-1] == "loaded: []"


def test_loading_every_command_imports_no_model_library() -> None:
    heavy = ("torch", "transformers", "sentence_transformers", "onnxruntime", "gradio", "fastapi")
    code = (
        "import sys\nfrom aisle.cli import COMMANDS\n"
        "for entry in COMMANDS.values(): entry.load()\n"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))"
    )
    assert _python(code) == "[]"


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_loads_under_its_name_and_explains_itself(name: str) -> None:
    command = COMMANDS[name].load()
    assert command.name == name
    assert command.help
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnknownSlot("no slot colour"), 2),
        (NoCatalog("no catalogue at x.db"), 2),
        (ScriptError("line 3"), 2),
        (ImportRefused("would remove 80 %"), 1),
        (LLMUnavailable("no answer"), 3),
        (AisleError("anything else"), 2),
    ],
)
def test_trouble_is_one_message_and_an_exit_code(error: AisleError, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def failing() -> None:
        raise error

    monkeypatch.setattr(Entry, "load", lambda self: failing)
    result = CliRunner().invoke(main, ["doctor"])
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"aisle: {error}\n")
    assert exit_code(error) == code


def test_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["sell"])
    assert result.exit_code == 2
    assert result.stderr == "aisle: No such command 'sell'; see aisle --help\n"


def test_wrong_usage_of_a_command_is_one_line() -> None:
    result = CliRunner().invoke(main, ["search", "x", "--limit", "0"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr
        == "aisle: Invalid value for '--limit': 0 is not in the range 1<=x<=10000; see aisle search --help\n"
    )


def test_a_group_without_a_command_shows_its_help() -> None:
    result = CliRunner().invoke(main, ["prompts"])
    assert result.exit_code == 2
    assert "Commands:" in result.stderr


def test_version_is_the_packages() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout == f"aisle, version {__version__}\n"


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "aisle", "nothing"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
