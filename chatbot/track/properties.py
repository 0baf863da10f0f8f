"""Which property of an item a question means where no word of it names one: "where is it?", "what do you want for it?".

Compares the encoder's vector of the message with those of plain questions for each property; nothing is trained. English
only, as the encoder. The questions of a shop are encoded once, when the first such message comes. Knows no products.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from catalog.types import Slot
from chatbot.track.encoded import Vector
from retrieval.embedder import Embedder

MOST = 300  # properties compared with, the commonest of a shop: a second's work once
LIKE = 0.4  # likeness to a property's question from which it may be meant,
CLEAR = 0.1  # its lead over the next one's,
NEAR = 0.05  # and what it may lag behind a property that is not among those in question


class Properties:
    """The properties of one catalogue by the questions that ask for them. Thread-safe."""

    def __init__(self, slots: Iterable[Slot], embedder: Embedder | None) -> None:
        requestable = (s for s in slots if s.requestable)
        self._slots = sorted(requestable, key=lambda s: -s.coverage)[:MOST]
        self._embedder = embedder
        self._vectors: Mapping[str, Vector] | None = None
        self._lock = Lock()

    def asked(self, vector: Vector | None, among: Sequence[Slot]) -> str | None:
        """The one of these slots that a message with this vector asks for, if one is clearly likest."""
        if vector is None or self._embedder is None:
            return None
        known = self._known(self._embedder)
        likeness = sorted(((float(vector @ known[s.name]), s.name) for s in among if s.name in known), reverse=True)
        if not likeness or likeness[0][0] < max(LIKE, max(float(vector @ v) for v in known.values()) - NEAR):
            return None  # something is asked that these do not state
        return likeness[0][1] if len(likeness) == 1 or likeness[0][0] - likeness[1][0] >= CLEAR else None

    def _known(self, embedder: Embedder) -> Mapping[str, Vector]:
        with self._lock:
            if self._vectors is None:
                asked = [f"what is the {re.sub(r'[_-]+', ' ', s.label or s.name)}?" for s in self._slots]
                vectors = embedder.encode(asked) if asked else ()
                self._vectors = {s.name: v for s, v in zip(self._slots, vectors, strict=True)}
            return self._vectors
