"""Every setting by environment, and what happens to a bad or a misspelt one."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aisle.cli import options
from aisle.settings import Settings, unknown, variable
from errors import AisleError


def test_every_setting_reads_its_variable() -> None:
    given = Settings.read(
        {
            "AISLE_DB": "~/a.db",
            "AISLE_PEOPLE": "b.db",
            "AISLE_LLM": " vllm:http://127.0.0.1:9/v1#m ",
            "AISLE_HOST": "0.0.0.0",
            "AISLE_PORT": "81",
            "AISLE_CARDS": "3",
            "AISLE_CACHE": "/c",
            "AISLE_SHARED": "/s",
        }
    )
    assert given == Settings(
        db=Path.home() / "a.db",
        people=Path("b.db"),
        llm="vllm:http://127.0.0.1:9/v1#m",
        host="0.0.0.0",
        port=81,
        cards=3,
        cache=Path("/c"),
        shared=Path("/s"),
    )


def test_nothing_set_and_empty_are_the_defaults() -> None:
    assert Settings.read({}) == Settings.read({"AISLE_PORT": ""}) == Settings()


@pytest.mark.parametrize("text", ["abc", "0", "-1", "99999", "1.5"])
def test_a_bad_port_names_its_variable(text: str) -> None:
    with pytest.raises(AisleError, match="AISLE_PORT"):
        Settings.read({"AISLE_PORT": text})


def test_unknown_variables_are_misspellings_of_ours_only() -> None:
    assert unknown({"AISLE_PROT": "1", "AISLE_DB": "x", "PATH": "y"}) == ("AISLE_PROT",)


def test_every_setting_has_help_and_stays_as_it_is() -> None:
    assert all(f.metadata["help"].endswith(".") for f in fields(Settings))
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_shared_options_prefer_the_command_line_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    @options.db
    @options.port
    def command(db: Path, port: int) -> None:
        click.echo(f"{db} {port}")

    monkeypatch.setenv(variable("db"), "env.db")
    monkeypatch.setenv(variable("port"), "9")
    assert CliRunner().invoke(command, ["--db", "given.db"]).stdout == "given.db 9\n"
