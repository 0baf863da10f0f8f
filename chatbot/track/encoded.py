"""The vectors of a message and of its unexplained phrases: the one call of the encoder in a turn.

Empty where there is no encoder or it cannot read the language (Chinese): the grammar stands alone then. Knows nothing of
what the vectors are compared with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder

PHRASES = 4  # of one message: a batch costs as much as its texts together, and a longer message is no wish

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Unit vectors by text."""

    vectors: dict[str, Vector] = field(default_factory=dict)

    def of(self, text: str) -> Vector | None:
        """The vector of the message's text or of one of its phrases, None where it was not read."""
        return self.vectors.get(text)


UNREAD = Encoded()


def encode(text: str, phrases: Iterable[str], embedder: Embedder | None) -> Encoded:
    """The vectors of a message and of phrases in it."""
    if embedder is None or not text.strip() or not embedder.reads(text):
        return UNREAD
    texts = list(dict.fromkeys((text, *phrases)))[: PHRASES + 1]
    return Encoded(dict(zip(texts, embedder.encode(texts, "query"), strict=True)))
