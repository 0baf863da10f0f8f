"""The words that make a claim, and how text is read for them. Data: words/claims.toml.

Knows nothing of any item: what a record supports is judged elsewhere.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).parent / "words" / "claims.toml"
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[%$€£¥#&]")
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Extreme:
    """A superlative that the shown set can make true: `end` of the slots whose name holds one of `slots`."""

    phrases: tuple[str, ...]
    slots: tuple[str, ...]
    end: Literal["low", "high"]


@dataclass(frozen=True, slots=True)
class Words:
    """Normalised phrases by the kind of claim they make."""

    barred: tuple[str, ...]  # promises, popularity, superlatives: only the record's own words support them
    stated: tuple[str, ...]  # features, materials, colours: the record states them or not
    makers: tuple[str, ...]  # names of makers known everywhere
    extremes: tuple[Extreme, ...]
    negations: tuple[str, ...]
    about: tuple[str, ...]
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    wish: tuple[str, ...]
    numbers: Mapping[str, float]


def normal(text: str) -> str:
    """The form in which phrases are compared: " 16 gb of ram ". Folded, hyphens open, no plural s, blanks around.

    Chinese runs stay as they are; a phrase of Chinese characters is looked for anywhere.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return f" {' '.join(_singular(token) for token in _TOKEN.findall(folded))} "


def _singular(token: str) -> str:
    if len(token) > 3 and token.isascii() and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token


def phrase(text: str) -> str:
    """A phrase as it is looked for in a normal text: with blanks around unless it is Chinese."""
    plain = normal(text)
    return plain.strip() if _CJK.search(plain) else plain


def found(phrases: Iterable[str], text: str) -> list[str]:
    """Which phrases a normal text holds, longest first, none within a longer one that was found."""
    kept: list[str] = []
    for one in sorted({p for p in phrases if p in text}, key=len, reverse=True):
        text, before = text.replace(one, " \0 "), text
        if text != before:
            kept.append(one)
    return kept


@cache
def words() -> Words:
    """The table, normalised; read once."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))

    def listed(*sections: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(phrase(word) for section in sections for word in table[section]["words"]))

    bounds = {side: tuple(phrase(word) for word in table["bounds"][side]) for side in ("upper", "lower", "wish")}
    return Words(
        barred=listed("promises", "popularity", "superlatives"),
        stated=listed("features", "materials", "colours"),
        makers=listed("names"),
        extremes=tuple(
            Extreme(tuple(map(phrase, e["words"])), tuple(map(str.casefold, e["slots"])), e["end"])
            for e in table["extremes"]
        ),
        negations=listed("negations"),
        about=listed("about"),
        numbers={phrase(word): float(value) for word, value in table["numbers"].items()},
        **bounds,
    )
