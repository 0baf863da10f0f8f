"""`aisle demo` imports the packaged shop once and hands it to `serve`."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aisle.cli import COMMANDS, Entry, main
from catalog.demo import PICTURES
from catalog.store import Catalog


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What `serve` is called with, in place of serving for ever."""
    calls: list[list[str]] = []

    @click.command(context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def serve(arguments: tuple[str, ...]) -> None:
        calls.append(list(arguments))

    load = Entry.load
    monkeypatch.setattr(Entry, "load", lambda self: serve if self is COMMANDS["serve"] else load(self))
    return calls


def test_demo_imports_the_packaged_shop_and_serves_it(served: list[list[str]], tmp_path: Path) -> None:
    for _ in range(2):
        result = CliRunner().invoke(main, ["demo", "--port", "8123"], env={"AISLE_CACHE": str(tmp_path)})
        assert result.exit_code == 0, result.output
    (folder,) = tmp_path.iterdir()
    assert len(Catalog.open(folder / "Demo shop.db")) == 300
    given = ["--db", str(folder / "Demo shop.db"), "--people", str(folder / "people.db"), "--pictures", str(PICTURES)]
    assert served == [[*given, "--host", "127.0.0.1", "--port", "8123", "--llm", "none", "--llm-use", "auto"]] * 2


def test_a_cache_that_cannot_be_written_says_what_to_set(served: list[list[str]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(main, ["demo"], env={"AISLE_CACHE": str(tmp_path / "file")})
    assert (result.exit_code, served) == (2, [])
    assert "set AISLE_CACHE" in result.stderr
