"""The scripted dialogues said in other words: what each of a file's lines takes the place of.

A file of paraphrases is YAML: the dialogue's name, then one line for each of its user turns, in order. What a turn is
expected to do stays with the script; knows nothing of what a line means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from chatbot.scripts.types import Script
from errors import ScriptError


def reworded(scripts: Iterable[Script], file: Path) -> Iterator[Script]:
    """Those of the scripts that the file rewords. ScriptError where a dialogue has more or fewer lines than user turns."""
    said = yaml.safe_load(file.read_text("utf-8"))
    for script in scripts:
        lines = said.get(script.name)
        if lines is None:
            continue
        turns = [step for step in script.steps if step.user is not None]
        if len(lines) != len(turns):
            raise ScriptError(f"{file}: {script.name}: {len(lines)} lines for {len(turns)} turns of the shopper")
        words = iter(lines)
        steps = (step if step.user is None else replace(step, user=next(words)) for step in script.steps)
        yield replace(script, steps=tuple(steps))
