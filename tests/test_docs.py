"""The README names every command, option and setting that exists and none that does not; versions agree."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

from aisle import __version__
from aisle.cli import COMMANDS
from aisle.settings import Settings, variable
from tests.sources import ROOMS, ROOT, sources

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def _section(name: str) -> str:
    """The part of the README about one command: from its heading to the next."""
    found = re.search(rf"^### `aisle {name}\b.*?(?=^##|\Z)", README, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield from (
                name
                for name in (*parameter.opts, *parameter.secondary_opts)
                if name.startswith("--") and name != "--help"
            )
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _options(inner)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_option_of_every_command_is_in_its_section(name: str) -> None:
    command = COMMANDS[name].load()
    section = _section(name)
    assert section, f"README has no section ### `aisle {name}`"
    assert [option for option in _options(command) if not re.search(rf"{option}\b(?!-)", section)] == []
    if isinstance(command, click.Group):
        assert [inner for inner in command.commands if inner not in section] == []


@pytest.mark.parametrize("name", list(COMMANDS))
def test_no_section_names_an_option_that_is_not_there(name: str) -> None:
    named = set(re.findall(r"(?<![-\w])--[a-z][a-z-]*", _section(name)))
    assert named - set(_options(COMMANDS[name].load())) == set()


def test_no_command_is_named_that_is_not_there() -> None:
    named = set(re.findall(r"(?:`|^|\$ )aisle ([a-z]+)", README, re.MULTILINE))
    assert named <= set(COMMANDS)


def test_every_setting_is_in_the_readme_with_its_help() -> None:
    missing = [
        f.name for f in fields(Settings) if f"`{variable(f.name)}`" not in README or f.metadata["help"] not in README
    ]
    assert missing == []


def test_every_variable_in_the_source_is_a_setting() -> None:
    known = {variable(f.name) for f in fields(Settings)}
    named = {name for source in sources() for name in re.findall(r"\bAISLE_[A-Z_]+\b", source.text)}
    assert named - known == set()
    assert set(re.findall(r"\bAISLE_[A-Z_]+\b", README)) == known


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "aisle/__init__.py"
    latest = re.search(r"^## (\S+)", CHANGELOG, re.MULTILINE)
    assert latest is not None
    assert latest[1] == __version__


def test_the_tree_names_every_room() -> None:
    tree = README[README.index("## The tree") :]
    assert [room for room in (*ROOMS, "bench", "docs", "tests") if f"{room}/" not in tree] == []


def test_make_targets_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", README)) <= targets


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"
