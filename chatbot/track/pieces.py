"""Pieces of text that a phrase is looked up by: Latin words by their stem, Chinese character by character.

Knows nothing of slots or products: the same cutting is used for a message, a shop's vocabulary and a title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from chatbot.track.wording import CJK, words

_PIECE = re.compile(rf"[{CJK}]|\d+(?:\.\d+)?(?![^\W_{CJK}])|(?:[^\W_{CJK}])+(?:'[^\W\d_{CJK}]+)?")
_IRREGULAR = {
    "mice": "mouse", "shelves": "shelf", "knives": "knife", "scarves": "scarf", "women": "woman", "men": "man",
    "feet": "foot", "children": "child", "geese": "goose", "teeth": "tooth", "loaves": "loaf", "halves": "half",
    "movies": "movie", "cookies": "cookie", "hoodies": "hoodie", "ties": "tie", "shoes": "shoe", "axes": "axe",
    "series": "series", "lens": "lens", "lenses": "lens", "glasses": "glasses", "gps": "gps", "chassis": "chassis",
    "jeans": "jeans", "dress": "dress", "grey": "gray", "colour": "color", "colours": "color", "tyre": "tire",
    "tyres": "tire", "metres": "meter", "metre": "meter", "jewellery": "jewelry", "aluminium": "aluminum",
    "headphones": "headphone", "earphones": "earphone", "analogue": "analog", "fibre": "fiber", "centre": "center",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a Chinese character with its place in the text; `key` is what it is looked up by."""

    start: int
    end: int
    text: str
    key: str

    @property
    def cjk(self) -> bool:
        return "\u3400" <= self.text[0] <= "\u9fff" or "\uf900" <= self.text[0] <= "\ufaff"


def pieces(lower: str) -> tuple[Piece, ...]:
    """The pieces of a lower-case text, left to right; signs between them are left out."""
    return tuple(Piece(m.start(), m.end(), m[0], key_of(m[0])) for m in _PIECE.finditer(lower))


def keys(text: str) -> tuple[str, ...]:
    """The keys of a text of any case."""
    return tuple(map(key_of, _PIECE.findall(text.lower())))


@cache
def key_of(word: str) -> str:
    """What a word is looked up by: accents off, plural off, British spelling turned American."""
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in decomposed if not unicodedata.combining(c)) or word
    if word.endswith("'s"):
        word = word[:-2]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or any(c.isdigit() for c in word):
        return word
    return _singular(word)


def spellings() -> tuple[tuple[str, str], ...]:
    """Words that are looked up by another spelling of theirs: (grey, gray), (mice, mouse)."""
    return tuple((word, key) for word, key in _IRREGULAR.items() if word != key)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")):
        return word[:-1]
    return word


def root_of(key: str) -> str:
    """A looser key for adjectives made of nouns: striped, stripes -> strip; wooden -> wood; checkered -> checker."""
    for ending in ("ened", "ed", "en", "e"):
        if key.endswith(ending) and len(key) - len(ending) >= 4:
            return key[: -len(ending)]
    return key


@cache
def function_words() -> frozenset[str]:
    """English words that carry no wish, as written and as keys."""
    listed = words("common")["function"].split()
    return frozenset(listed) | frozenset(map(key_of, listed))


@cache
def plain_words() -> frozenset[str]:
    """Ordinary English words: never mended, no brand without a cue. Function words included."""
    listed = words("common")["plain"].split()
    return frozenset(listed) | frozenset(map(key_of, listed)) | function_words()


@cache
def function_zh() -> re.Pattern[str]:
    """Chinese words that carry no wish, longest first."""
    listed: Iterable[str] = words("common")["function_zh"]
    return re.compile("|".join(sorted(map(re.escape, listed), key=len, reverse=True)))
