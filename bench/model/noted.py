"""Any model, with a note of each call: what was asked, how long it took to begin and to end, and what it cost.

Knows nothing of turns; the notes of a turn are those between two takings.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from threading import Lock

from llm.types import LLM, Call, Usage
from prompts.types import Rendered


@dataclass(frozen=True, slots=True)
class Note:
    """One call. Seconds from asking: to the first piece (None where none came) and to the end."""

    session: str
    rendered: Rendered
    answer: str
    first: float | None
    seconds: float
    usage: Usage


class Noted:
    """Passes everything through."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        self._notes: list[Note] = []
        self._lock = Lock()

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        begun, first, said = time.perf_counter(), None, ""
        try:
            for piece in self._llm.stream(rendered, call):
                first = first if first is not None else time.perf_counter() - begun
                said += piece
                yield piece
        finally:
            note = Note(call.session, rendered, said, first, time.perf_counter() - begun, call.usage)
            with self._lock:
                self._notes.append(note)

    def take(self) -> list[Note]:
        """The notes since the last taking."""
        with self._lock:
            taken, self._notes = self._notes, []
        return taken
