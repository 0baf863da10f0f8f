"""A pytest plugin: collects *.dialogue.yaml, each scripted dialogue a test.

    pytest tests/dialogues --aisle-db shop.db
    pytest tests/dialogues --aisle-shops feeds/      # or aisle_shops in the ini file

Knows how to be a plugin; loading, running and wording failures are chatbot/testing.py's. Rooms are imported when a
dialogue is collected, so that other test runs pay nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from errors import ScriptError

if TYPE_CHECKING:
    from chatbot.scripts.stage import Stage
    from chatbot.scripts.types import Result, Script

SUFFIX = ".dialogue.yaml"
_STAGE = pytest.StashKey["Stage"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("aisle", "scripted dialogues")
    group.addoption("--aisle-db", metavar="FILE", help="the catalogue that all dialogues talk to")
    group.addoption("--aisle-shops", metavar="DIR", help="a folder of feeds: a dialogue's `shop:` names one")
    parser.addini("aisle_db", "as --aisle-db, relative to the ini file", type="string", default="")
    parser.addini("aisle_shops", "as --aisle-shops, relative to the ini file", type="string", default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name.endswith(SUFFIX):
        collected: DialogueFile = DialogueFile.from_parent(parent, path=file_path)
        return collected
    return None


class DialogueFile(pytest.File):
    """A *.dialogue.yaml file."""

    def collect(self) -> Iterator[pytest.Item]:
        from chatbot.testing import load

        try:
            for script in load(self.path):
                yield Dialogue.from_parent(self, name=script.name, script=script)
        except ScriptError as trouble:
            raise self.CollectError(str(trouble)) from trouble


class DialogueFailed(Exception):
    """A dialogue that did not go as expected."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.script.name)
        self.result = result


class Dialogue(pytest.Item):
    """One scripted dialogue."""

    def __init__(self, *, script: Script, **rest: Any) -> None:
        super().__init__(**rest)
        self.script = script

    def runtest(self) -> None:
        result = stage(self.config).play(self.script)
        if not result.passed:
            raise DialogueFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        from chatbot.testing import failure_text

        if isinstance(excinfo.value, DialogueFailed):
            return failure_text(excinfo.value.result)
        if isinstance(excinfo.value, ScriptError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.script.line - 1, f"dialogue: {self.name}"


def stage(config: pytest.Config) -> Stage:
    """The run's one stage, so that each catalogue is opened once."""
    from aisle.cli.testing import stage as open_stage

    if _STAGE not in config.stash:
        db, shops = _path(config, "aisle_db"), _path(config, "aisle_shops")
        if db is None and shops is None:
            raise ScriptError("scripted dialogues need a catalogue: give --aisle-db FILE or --aisle-shops DIR")
        config.stash[_STAGE] = open_stage(db, shops)
    return config.stash[_STAGE]


def _path(config: pytest.Config, name: str) -> Path | None:
    given = config.getoption(name)
    if given:
        return Path(given)
    written = str(config.getini(name))
    return config.rootpath / written if written else None
