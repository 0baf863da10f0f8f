"""The clock of one call: how long its parts may take, and whether it is still wanted.

Knows nothing of sockets or models; whoever waits for either asks `check` at least twice a second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from errors import LLMUnavailable
from llm.types import Call


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: to connect, to the first words, between words, for the whole answer; and how often a wait wakes."""

    connect: float = 1.0
    first: float = 3.0
    gap: float = 2.0
    total: float = 5.5
    wake: float = 0.25


class Cancelled(Exception):
    """The caller wants no more."""


@dataclass(slots=True)
class Watch:
    """Only words count as progress: bytes, blanks, a model's thoughts and the caller's own time do not."""

    deadlines: Deadlines
    call: Call
    started: float = field(default_factory=time.monotonic)
    words_at: float | None = None

    def check(self) -> None:
        """Raises Cancelled, or LLMUnavailable when it is too late."""
        if self.call.cancel.is_set():
            raise Cancelled
        now, limits = time.monotonic(), self.deadlines
        if now > self.call.deadline:
            raise LLMUnavailable("the model took longer than the turn had left")
        if now - self.started > limits.total:
            raise LLMUnavailable(f"the model did not finish within {limits.total:g} s")
        if self.words_at is None and now - self.started > limits.first:
            raise LLMUnavailable(f"the model said nothing within {limits.first:g} s")
        if self.words_at is not None and now - self.words_at > limits.gap:
            raise LLMUnavailable(f"the model fell silent for {limits.gap:g} s")

    def to_connect(self) -> float:
        """Seconds left to connect in, more than none. Raises like `check`."""
        self.check()
        left = min(self.started + self.deadlines.connect, self.call.deadline) - time.monotonic()
        if left <= 0:
            raise LLMUnavailable(f"the model server could not be reached within {self.deadlines.connect:g} s")
        return left

    def wake(self) -> float:
        """Seconds to the next look at this watch."""
        return self.deadlines.wake

    def words(self) -> None:
        """There was progress just now."""
        self.words_at = time.monotonic()

    def away(self, seconds: float) -> None:
        """The caller was busy with a piece for so long: the model is not to blame."""
        self.started += seconds
        self.words_at = self.words_at + seconds if self.words_at is not None else None
