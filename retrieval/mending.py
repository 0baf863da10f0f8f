"""Words that are spelt a little wrong, as the words of fixed texts: "retrun policy" -> "return policy".

Only words that no such text holds and that are no everyday ones change, into the nearest by optimal string alignment:
one slip in a short word, two in a long one. Knows no other words, so what it makes of a question is only a second try.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from retrieval.words import content_words

_WORD = re.compile(r"[A-Za-z]+")
_SHORTEST = 5  # letters of a word that is mended
_LONG = 7  # letters from which on two slips are mended


class Mender:
    """Mends words by those of texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        words = {word for text in texts for word in content_words(text) if word.isascii() and word.isalpha()}
        self._known = frozenset(words)
        self._long = sorted(word for word in words if len(word) >= _SHORTEST)
        self._nearest = lru_cache(4096)(self._look)

    def mend(self, text: str) -> str:
        """The text with the words that are nearly those of the texts spelt like them."""
        return _WORD.sub(lambda found: self._nearest(found[0].lower()) or found[0], text)

    def _look(self, word: str) -> str:
        """The word that is meant; "" where none is near, or nothing is wrong."""
        if len(word) < _SHORTEST or word in self._known or not content_words(word):
            return ""
        most = 1 if len(word) < _LONG else 2
        near = ((OSA.distance(word, other, score_cutoff=most), other) for other in self._long)
        return min((found for found in near if found[0] <= most), default=(0, ""))[1]
