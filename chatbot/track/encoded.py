"""The vectors of a message and of stretches of it that may tell a thing, made in one call when one is first asked for.

Where the grammar understood the message nobody asks. Empty where there is no encoder or it cannot read the language
(Chinese): the grammar stands alone then. Knows nothing of what the vectors are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """Unit vectors of a message's words, shared by every copy of what was heard."""

    text: str = ""
    embedder: Embedder | None = None
    _made: dict[str, Vector] = field(default_factory=dict, repr=False, compare=False)

    def ask(self, texts: Sequence[str]) -> None:
        """Have the vectors of these stretches made, and the whole message's, where none were made yet: the encoder is
        called once a turn at most."""
        if self._reader is None or self._made:
            return
        wanted = tuple(dict.fromkeys((*texts, self.text)))
        self._made.update(zip(wanted, self._reader.encode(wanted, "query"), strict=True))

    def of(self, text: str) -> Vector | None:
        """The vector of the message's text or of a stretch of it; None where the message cannot be read, and of a stretch
        that was not among the first ones asked for."""
        self.ask((text,))
        return self._made.get(text)

    @cached_property
    def _reader(self) -> Embedder | None:
        return self.embedder if self.embedder and self.text.strip() and self.embedder.reads(self.text) else None


UNREAD = Encoded()
