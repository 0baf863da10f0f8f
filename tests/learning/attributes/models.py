"""A model for these tests that reads the text it is asked about, by a rule; and a feed for it to read."""

from __future__ import annotations

import csv
import json
import re
import threading
from collections.abc import Callable, Generator
from pathlib import Path

from errors import LLMUnavailable
from llm.types import Call
from prompts.types import Rendered

WOODS = ("oak", "ash", "elm", "yew")
_ASKED = re.compile(r"Text: ([^\n]*)\nAnswer:\s*\Z")


def asked_of(rendered: Rendered) -> str:
    """The text that a call asks about."""
    found = _ASKED.search(rendered.messages[-1].content)
    assert found
    return found[1]


class Reads:
    """Answers with what a rule makes of the text. `texts`: those it was asked about; `away_from`: the call from which
    it is not there."""

    def __init__(self, rule: Callable[[str], str], away_from: int | None = None) -> None:
        self.texts: list[str] = []
        self.rendered: list[Rendered] = []
        self._rule = rule
        self._away_from = away_from
        self._lock = threading.Lock()

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        with self._lock:
            if self._away_from is not None and len(self.texts) >= self._away_from:
                raise LLMUnavailable("no model server answers")
            self.texts.append(asked_of(rendered))
            self.rendered.append(rendered)
        yield self._rule(self.texts[-1])


def reads_wood(text: str) -> str:
    """The wood that a text names, as a model would write it; one it makes up where there is none."""
    found = re.search(r"(\w+)wood", text, re.IGNORECASE)
    return json.dumps({"Finish": found[0] if found else "teakwood"})


def feed(file: Path, stating: int = 48) -> Path:
    """Shelves that state their finish and, behind them, three that do not: one says it in its title, one in its
    description, one nowhere."""
    rows = [
        (n, f"Shelf {n} in {WOODS[n % 4]}wood", 20 + n, f"{WOODS[n % 4]}wood", "Holds books.") for n in range(stating)
    ]
    rows += [
        (100, "Ledge in Limewood", 9, "", ""),
        (101, "Ledge", 9, "", "Made of elmwood."),
        (102, "Plank", 9, "", ""),
    ]
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("id", "title", "price", "finish", "description"), *rows])
    return file
