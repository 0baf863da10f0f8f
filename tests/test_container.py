"""The container file and what it stands on cannot drift apart. It is not built here: that needs a builder and a network."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields

import click

from aisle.cli import COMMANDS
from aisle.settings import Settings, variable
from tests.sources import ROOT

FILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
LINES = FILE.replace("\\\n", " ").splitlines()


def _copied() -> set[str]:
    """What is copied out of the repository."""
    parts = [line.split()[1:-1] for line in LINES if line.startswith("COPY") and "--from" not in line]
    return {name for names in parts for name in names}


def test_all_that_the_package_is_made_of_is_copied_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert _copied() == wheel | {"pyproject.toml", "requirements.lock", "README.md", "LICENSE"}
    assert [name for name in _copied() if not (ROOT / name).exists()] == []


def test_the_builder_is_given_just_that() -> None:
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == _copied()
    assert ignored[1] == "*"
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8") == "\n".join(ignored) + "\n"


def test_what_is_set_are_settings_and_what_is_run_is_a_command() -> None:
    named = set(re.findall(r"\bAISLE_[A-Z_]+", FILE))
    assert named <= {variable(f.name) for f in fields(Settings)}
    (entry,) = (line for line in LINES if line.startswith("ENTRYPOINT"))
    (command,) = (line for line in LINES if line.startswith("CMD"))
    assert (entry, command) == ('ENTRYPOINT ["aisle"]', 'CMD ["serve"]')
    options = {o for p in COMMANDS["serve"].load().params if isinstance(p, click.Option) for o in p.opts}
    assert {"--db", "--people", "--host", "--port"} <= options


def test_it_does_not_run_as_root() -> None:
    last = FILE.rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in last
    assert not re.search(r"\bsudo\b|chmod 777", FILE)


def test_its_python_is_one_that_the_project_is_for() -> None:
    versions = set(re.findall(r"python:(\d+\.\d+)-", FILE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert versions == {project["requires-python"].removeprefix(">=")}
