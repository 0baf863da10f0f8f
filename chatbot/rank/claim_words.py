"""The words that make a claim and those that make none, and how text is read for them. Data: words/claims.toml, plain.toml.

Knows nothing of any item: what a record supports is judged elsewhere.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from catalog.lexicon import singular

FOLDER = Path(__file__).parent / "words"
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

    barred: tuple[str, ...]  # promises, popularity, superlatives: only a property of the record supports them
    compounds: tuple[str, ...]  # phrases that hold a barred word in another sense
    makers: tuple[str, ...]  # names of makers known everywhere
    extremes: tuple[Extreme, ...]
    negations: tuple[str, ...]
    but_not: tuple[str, ...]  # phrases that hold a negation and deny nothing
    about: tuple[str, ...]
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    wish: tuple[str, ...]
    purpose: tuple[str, ...]  # behind one of these stands what a thing is for
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Plain:
    """Words that claim nothing: `english` as they stand, `inflected` with any ending; Chinese by phrase and character."""

    english: frozenset[str]
    inflected: frozenset[str]
    phrases: frozenset[str]
    characters: frozenset[str]
    longest: int  # characters of the longest phrase


@lru_cache(maxsize=4_096)
def normal(text: str) -> str:
    """The form in which phrases are compared: " 16 gb of ram ". Folded, hyphens open, no plural s, blanks around.

    Chinese runs stay as they are; a phrase of Chinese characters is looked for anywhere.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return f" {' '.join(map(singular, _TOKEN.findall(folded)))} "


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


def negation(text: str) -> tuple[int, int] | None:
    """Where the first words of a normal text stand that deny what comes behind them; None where nothing is denied."""
    table = words()
    phrases = found((*table.negations, *table.but_not), text)
    places = [(text.index(one), text.index(one) + len(one)) for one in phrases if one in table.negations]
    return min(places, default=None)


@cache
def words() -> Words:
    """The tables, normalised; read once."""
    table = _read("claims") | {k: v for k, v in _read("plain").items() if k in ("purpose", "compounds", "numbers")}

    def listed(*sections: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(phrase(word) for section in sections for word in table[section]["words"]))

    bounds = {side: tuple(phrase(word) for word in table["bounds"][side]) for side in ("upper", "lower", "wish")}
    return Words(
        barred=listed("promises", "popularity", "superlatives"),
        compounds=listed("compounds"),
        makers=listed("names"),
        extremes=tuple(
            Extreme(tuple(map(phrase, e["words"])), tuple(map(str.casefold, e["slots"])), e["end"])
            for e in table["extremes"]
        ),
        negations=listed("negations"),
        but_not=tuple(map(phrase, table["negations"]["but_not"])),
        about=listed("about"),
        purpose=listed("purpose"),
        numbers={word: float(value) for word, value in table["numbers"].items()},
        **bounds,
    )


@cache
def plain() -> Plain:
    """The words that claim nothing; read once."""
    english, chinese = _read("plain")["english"], _read("plain")["chinese"]
    inflected = frozenset(f"{english['suiting']} {english['use']}".split())
    phrases = frozenset(chinese["phrases"].split())
    return Plain(
        english=frozenset(map(singular, english["grammar"].split())),
        inflected=inflected,
        phrases=phrases,
        characters=frozenset(chinese["characters"]),
        longest=max(map(len, phrases)),
    )


@cache
def terms() -> tuple[tuple[str, ...], ...]:
    """Names of one and the same property, in English and Chinese."""
    return tuple(map(tuple, _read("plain")["terms"]["same"]))


@cache
def general_words() -> tuple[str, str]:
    """Words of general advice on goods, English and Chinese."""
    advice = _read("plain")["advice"]
    return advice["english"], advice["chinese"]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
