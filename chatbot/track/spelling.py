"""Mends a shopper's spelling towards words the shop or the lexicon has: "moniter" -> "monitor".

Spelling only, never meaning: "quiet" does not become "silent". Restricted Damerau-Levenshtein distance (a swap of two
neighbours counts once) over words of similar length that start alike, so that the vocabulary tried stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.track.pieces import key_of, plain_words

SHORTEST = 4


class Speller:
    """`vocabulary`: words with how much they matter (higher wins a tie). `known`: is the word itself in use here?"""

    def __init__(self, vocabulary: Mapping[str, float], known: Callable[[str], bool]) -> None:
        self._weight = {w: v for w, v in vocabulary.items() if len(w) >= SHORTEST and w.isascii() and w.isalpha()}
        self._known = known
        self._by_start: dict[str, list[str]] = {}
        for word in self._weight:
            for start in {word[0], word[1]}:
                self._by_start.setdefault(start, []).append(word)
        self._mended = lru_cache(maxsize=4096)(self._mend)

    def mend(self, word: str) -> str | None:
        """The vocabulary's word for a misspelt one; None when it is right, too short or like nothing."""
        return self._mended(word)

    def _mend(self, word: str) -> str | None:
        if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        if word in self._weight or key_of(word) in self._weight or self._ordinary(word):
            return None
        allowed = 1 if len(word) < 8 else 2
        nearby = self._by_start.get(word[0], [])
        found = process.extract(word, nearby, scorer=OSA.distance, score_cutoff=allowed, limit=5)
        if len(word) == SHORTEST:  # too short to take one letter for another: "rome" is no "rose"
            found = [f for f in found if len(f[0]) != len(word) or sorted(f[0]) == sorted(word)]
        best = min(found, key=lambda f: (f[1], f[0][0] != word[0], -self._weight[f[0]]), default=None)
        if best is None and word.endswith("s"):
            return self._mend(word[:-1])
        return best[0] if best else None

    def _ordinary(self, word: str) -> bool:
        return word in plain_words() or key_of(word) in plain_words() or self._known(word)
