"""Finding many phrases in a text in one pass: a table by first word, the longest phrase first.

Words are runs of letters and digits, lower case, a decimal kept whole ("15.6"); Chinese is read sign by sign. So a
phrase is found at word boundaries only, whatever stands between its words: "Wi-Fi" in "wi fi". Knows no slots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

_T = TypeVar("_T")
_WORD = re.compile(r"[㐀-鿿]|(?:(?![㐀-鿿])[^\W_])+(?:[.,]\d+(?:(?![㐀-鿿])[^\W_])*)*")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")

Words = tuple[str, ...]
Found = tuple[int, int, _T]  # first word, word behind the last, what was looked for


def words_of(text: str) -> list[str]:
    """The words of a text, as phrases are compared."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=65536)
def phrase(text: str) -> Words:
    """A value's words."""
    return tuple(words_of(text))


@lru_cache(maxsize=65536)
def shape(word: str) -> str:
    """A word with its figures as #: "12GB" -> "#gb"."""
    return _FIGURES.sub("#", word.lower())


def places_of(text: str) -> list[tuple[int, int]]:
    """Where each word of a text begins and ends."""
    return [found.span() for found in _WORD.finditer(text)]


class Phrases(Generic[_T]):
    """Phrases to look for, each with what it stands for. Read-only once built."""

    def __init__(self, entries: Iterable[tuple[Words, _T]]) -> None:
        by_first: dict[str, dict[Words, list[_T]]] = {}
        for words, meaning in entries:
            if words:
                meanings = by_first.setdefault(words[0], {}).setdefault(words, [])
                if meaning not in meanings:
                    meanings.append(meaning)
        self._by_first = {
            first: tuple(sorted(((w[1:], tuple(m)) for w, m in found.items()), key=lambda entry: -len(entry[0])))
            for first, found in by_first.items()
        }

    def __len__(self) -> int:
        return sum(map(len, self._by_first.values()))

    def find(self, words: Sequence[str]) -> Iterator[Found[_T]]:
        """Every phrase in the words, from left to right, at each place the longest first."""
        by_first = self._by_first
        for start, word in enumerate(words):
            if word in by_first:
                for rest, meanings in by_first[word]:
                    end = start + 1 + len(rest)
                    if not rest or tuple(words[start + 1 : end]) == rest:
                        for meaning in meanings:
                            yield start, end, meaning
