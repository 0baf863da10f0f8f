"""The vectors of a message and of stretches of it that may tell a thing, made when one is first asked for.

Where the grammar understood the message nobody asks. Each text is encoded by itself: in a batch a vector depends on its
neighbours, enough to turn a close decision. Empty where there is no encoder or it cannot read the language (Chinese): the
grammar stands alone then. Knows nothing of what the vectors are compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder

PHRASES = 4  # of one message that are worth a vector: a longer message is no wish

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """Unit vectors of a message's words. Shared by every copy of what was heard, so that no text is encoded twice."""

    text: str = ""
    embedder: Embedder | None = None
    _made: dict[str, Vector] = field(default_factory=dict, repr=False, compare=False)

    def of(self, text: str) -> Vector | None:
        """The vector of the message's text or of a stretch of it, None where the message cannot be read."""
        if self._reader is None:
            return None
        if text not in self._made:
            self._made[text] = self._reader.encode([text], "query")[0]
        return self._made[text]

    @cached_property
    def _reader(self) -> Embedder | None:
        return self.embedder if self.embedder and self.text.strip() and self.embedder.reads(self.text) else None


UNREAD = Encoded()
