"""Which products a shopper means by name: words and model numbers of titles, Chinese ones by pairs of characters.

Built once per catalogue generation. Knows nothing of slots or of what else the words could mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chatbot.track.pieces import keys
from chatbot.track.wording import CJK

_RUN = re.compile(f"[{CJK}]+")


class Titles:
    """An inverted index of title words."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._postings: dict[str, list[int]] = {}
        self._folded: list[str] = []
        self.longest = 0
        """Characters of the longest run of Chinese in a title."""
        for position, title in enumerate(titles):
            folded = title.lower()
            self._folded.append(folded)
            self.longest = max(self.longest, *map(len, _RUN.findall(folded)), 0)
            for key in {*keys(folded), *_pairs(folded)}:
                self._postings.setdefault(key, []).append(position)

    def count(self, key: str) -> int:
        """In how many titles a word, or a run of Chinese, stands."""
        if key.isascii():
            return len(self._postings.get(key, ()))
        return len(self.having([key]))

    def having(self, words: Sequence[str]) -> list[int]:
        """Positions of the products whose titles hold every word; Chinese words as substrings."""
        wanted = [k for w in words for k in (_pairs(w) or keys(w) or [w])]
        lists = sorted((self._postings.get(k, []) for k in wanted), key=len)
        if not lists or not lists[0]:
            return []
        rest = [set(postings) for postings in lists[1:]]
        found = [p for p in lists[0] if all(p in postings for postings in rest)]
        chinese = [run for w in words for run in _RUN.findall(w)]
        return [p for p in found if all(run in self._folded[p] for run in chinese)]

    def __contains__(self, key: str) -> bool:
        return key in self._postings


def _pairs(text: str) -> list[str]:
    return [run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run) - 1)]
