"""The two parts of an assistant that can be exchanged: what understands a message, and what ranks. Knows no such part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from chatbot.types import DialogueState, Language, Need, Ranked, StateUpdate
from retrieval.types import Retrieved


class Tracker(Protocol):
    """Dialogue state tracking: message -> grounded StateUpdate. Never changes the state given."""

    def track(self, state: DialogueState, text: str) -> StateUpdate: ...


class Ranker(Protocol):
    """Candidates -> ordered suggestions with reasons, best first, streamed; at most `limit`."""

    def rank(self, need: Need, retrieved: Retrieved, limit: int, language: Language) -> Iterator[Ranked]: ...
