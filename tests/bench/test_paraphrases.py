"""Rewordings keep everything of a script but what the shopper says, and fit it line by line."""

from pathlib import Path

import pytest

from bench.paraphrases import reworded
from chatbot.scripts.load import load
from chatbot.scripts.types import Script
from errors import ScriptError

SCRIPT = """
dialogue: mouse
turns:
  - user: "a mouse"
    expect: {act: recommend}
  - remove: "price <= 30"
  - user: "thanks"
---
dialogue: kettle
turns:
  - user: "a kettle"
"""


def test_lines_take_the_place_of_what_is_said_in_order(tmp_path: Path) -> None:
    scripts = _scripts(tmp_path)
    said = _file(tmp_path, "mouse: [I need a mouse, ta]\n")
    (mouse,) = reworded(scripts, said)
    assert [str(step) for step in mouse.steps] == ["I need a mouse", "[removes price <= 30]", "ta"]
    assert [step.expect for step in mouse.steps] == [step.expect for step in scripts[0].steps]
    assert (mouse.name, mouse.line) == (scripts[0].name, scripts[0].line)


def test_a_line_too_many_or_too_few_is_told(tmp_path: Path) -> None:
    said = _file(tmp_path, "mouse: [I need a mouse]\n")
    with pytest.raises(ScriptError, match="mouse: 1 lines for 2 turns of the shopper"):
        list(reworded(_scripts(tmp_path), said))


def _scripts(folder: Path) -> list[Script]:
    file = folder / "two.dialogue.yaml"
    file.write_text(SCRIPT, "utf-8")
    return list(load(file))


def _file(folder: Path, text: str) -> Path:
    file = folder / "said.yaml"
    file.write_text(text, "utf-8")
    return file
