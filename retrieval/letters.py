"""How alike two short texts are letter by letter: cosine of their letter groups, each weighed by its rarity.

Forgives what keyword search does not, "cancle my ordr" among it, and reads Chinese, whose words need no blanks. Groups
of 2 to 5 letters within words, beginnings and ends marked (Cavnar and Trenkle, 1994, n-gram text categorisation); of
Chinese single characters and pairs. Knows nothing of what the texts are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.words import is_chinese

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W\d_]+")
_LENGTHS = (2, 3, 4, 5)
_LONGEST = 600  # characters


class Letters:
    """The letter groups of fixed texts, against which others are held. Keeps nothing between questions."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [Counter(groups(text)) for text in texts]
        held = Counter(group for counted in found for group in counted)
        self.size = len(texts)
        self._rarity = {group: 1 + float(np.log((1 + self.size) / (1 + n))) for group, n in held.items()}
        postings: dict[str, tuple[list[int], list[float]]] = {group: ([], []) for group in held}
        for place, counted in enumerate(found):
            for group, weight in self._weighed(counted).items():
                postings[group][0].append(place)
                postings[group][1].append(weight)
        self._postings = {
            group: (np.array(places, np.intp), np.array(weights, np.float32))
            for group, (places, weights) in postings.items()
        }

    def scores(self, text: str) -> NDArray[np.float32]:
        """The cosine with each of the texts, 0..1. Groups that none of them holds count as rare."""
        counted = Counter(groups(text))
        return self._scores(self._weighed(counted))

    def among(self) -> NDArray[np.float32]:
        """The cosine of each text with each: (size, size). Group by group, as most are in few texts."""
        total = np.zeros((self.size, self.size), np.float32)
        for places, weights in self._postings.values():
            total[np.ix_(places, places)] += np.outer(weights, weights)
        return total

    def _scores(self, weighed: dict[str, float]) -> NDArray[np.float32]:
        total = np.zeros(self.size, np.float32)
        for group, weight in weighed.items():
            if group in self._postings:
                places, weights = self._postings[group]
                total[places] += weights * np.float32(weight)
        return total

    def _weighed(self, counted: Counter[str]) -> dict[str, float]:
        """Each group by its rarity and the logarithm of how often it stands there, as a vector of unit length."""
        unknown = 1 + float(np.log(1 + self.size)) if self.size else 1.0
        weights = {g: (1 + float(np.log(n))) * self._rarity.get(g, unknown) for g, n in counted.items()}
        length = float(np.sqrt(sum(w * w for w in weights.values()))) or 1.0
        return {group: weight / length for group, weight in weights.items()}


def groups(text: str) -> list[str]:
    """The letter groups of a text, in order, repeated where they are."""
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()):
        if is_chinese(run):
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
            continue
        word = f" {run} "
        found.extend(word[i : i + n] for n in _LENGTHS for i in range(max(1, len(word) - n + 1)) if len(word) >= n)
    return found
