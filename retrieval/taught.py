"""Texts that belong to owners, learnt as a classifier: whose text is a new one most like, and how near is the nearest?

Ridge regression of which owner a text belongs to, in the kernel meaning + letters (regularised least squares: Rifkin,
Yeo and Poggio, 2003), solved at its first use: some 700 texts take a tenth of a second. Knows nothing of what the
owners are, nor of where vectors come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.letters import Letters

Vectors = NDArray[np.float32]

LETTERS = 0.5
"""Weight of letters beside meaning."""
RIDGE = 1.0
MOST = 2000
"""Texts from which a classifier is learnt, in a second or two; solving grows with their cube. With more the nearest
decides."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of a text, by owner: what the classifier gives it, and its nearest text by letters and by meaning (None: not read)."""

    learnt: Vectors | None
    letters: Vectors
    meaning: Vectors | None
    near: Vectors


class Taught:
    """The classifier. Keeps nothing between questions."""

    def __init__(self, texts: Sequence[str], owners: NDArray[np.intp], vectors: Vectors | None) -> None:
        """`owners`: for each text the place of its owner. `vectors`: of unit length, one a text; None: letters alone."""
        self.owners = owners
        self._texts = texts
        self._vectors = vectors
        self._size = int(owners.max(initial=-1)) + 1

    @cached_property
    def _letters(self) -> Letters:
        return Letters(self._texts)

    @cached_property
    def _by_meaning(self) -> Vectors:
        assert self._vectors is not None
        return self._solved(self._vectors @ self._vectors.T + LETTERS * self._letters.among())

    @cached_property
    def _by_letters(self) -> Vectors:
        return self._solved(self._letters.among())

    def _solved(self, kernel: Vectors) -> Vectors:
        """For each text its weight for each owner."""
        belongs = np.eye(self._size, dtype=np.float32)[self.owners]
        return np.asarray(np.linalg.solve(kernel + RIDGE * np.eye(len(kernel), dtype=np.float32), belongs), np.float32)

    def like(self, text: str, vector: Vectors | None) -> Likeness:
        """What each owner has of a text; `vector` None: the encoder does not read it."""
        letters = self._letters.scores(text)
        meaning = self._vectors @ vector if self._vectors is not None and vector is not None else None
        near = letters if meaning is None else meaning + LETTERS * letters
        learnt = None
        if len(self._texts) <= MOST:
            learnt = near @ (self._by_letters if meaning is None else self._by_meaning)
        meant = None if meaning is None else self.pooled(meaning)
        return Likeness(learnt, self.pooled(letters), meant, self.pooled(near))

    def pooled(self, scores: Vectors) -> Vectors:
        """For each owner the score of its best text."""
        best = np.full(self._size, -1.0, np.float32)
        np.maximum.at(best, self.owners, scores)
        return best
