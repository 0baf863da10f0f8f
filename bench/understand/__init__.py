"""How well messages are understood, one file a data set: what is read, how our reading is put in its terms, the scores.

A task knows its data's labels and how the tracker's acts, wishes and questions translate into them; it never corrects
a reading. `bench.understanding` runs them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retrieval.embedder import Embedder

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Described:
    """What a reader must know of a task's figures. `aims`: measure -> the figure striven for."""

    name: str
    what: str
    trained: str  # what of ours was trained on which split; "nothing"
    published: str  # figures of others, with what those were trained on
    aims: Scores


class Task(Protocol):
    """A module of this package is one."""

    DESCRIBED: Described

    def majority(self, data: Path) -> Scores:
        """The scores of the commonest label, or of nothing said where that is the commonest."""

    def measure(self, data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
        """Our scores. `embedder` None: the grammar alone. Prints up to `failures` wrong readings to stderr."""


def f1(right: int, said: int, true: int, of_nothing: float = 0.0) -> float:
    """F1 (micro) from counts; `of_nothing` where nothing was said and nothing is true."""
    return 2 * right / (said + true) if said + true else of_nothing
