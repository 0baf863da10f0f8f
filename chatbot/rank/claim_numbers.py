"""Numbers in text with their units and currencies, and when two of them say the same.

Knows nothing of items or claims.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from catalog.units import convert, unit_named, units

CURRENCIES = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "us$": ("USD",),
    "dollar": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
    "dollars": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
    "bucks": ("USD", "CAD", "AUD"),
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "欧元": ("EUR",),
    "£": ("GBP",),
    "pounds": ("GBP",),
    "quid": ("GBP",),
    "英镑": ("GBP",),
    "¥": ("CNY", "JPY"),
    "元": ("CNY", "USD", "HKD", "TWD"),
    "块": ("CNY",),
    "块钱": ("CNY",),
    "人民币": ("CNY",),
    "美元": ("USD",),
    "日元": ("JPY",),
    "yuan": ("CNY",),
    "yen": ("JPY",),
}
_COUNTERS = frozenset("个件款台只张种双把套人位口次杯码号条支")  # of how many, never of what measure
_TEN_THOUSAND = {"万": 1e4, "千": 1e3, "k": 1e3}
_NUMBER = re.compile(
    r"(?<![a-z\d])(?<!\d[.,])(?P<sign>[$€£¥]|us\$)?\s?(?P<digits>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
)
_AFTER = re.compile(r"(?!\sin\s+[a-z])\s?-?\s?(?P<unit>[^\W\d_]+|[%\"″'′°$€£¥])")  # "15 in this shop" is no length


@dataclass(frozen=True, slots=True)
class Number:
    """A number as text states it. `unit`: a known unit's spelling; `money`: the currencies it may be in."""

    value: float
    unit: str | None = None
    money: tuple[str, ...] = ()
    decimals: int = 0


def fold(text: str) -> str:
    """Half-width, lower case: the text in which numbers are looked for."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=16_384)
def numbers(text: str) -> tuple[Number, ...]:
    """Every number of a text. A number inside a word (mx1000, i7) is a name's, and none of these."""
    return tuple(_numbers(fold(text)))


def _numbers(folded: str) -> Iterator[Number]:
    for match in _NUMBER.finditer(folded):
        after = _AFTER.match(folded, match.end())
        word = after["unit"] if after else ""
        value, word = _scaled(float(match["digits"].replace(",", "")), word)
        unit = None if word[:1] in _COUNTERS else _unit(word)
        if after and unit is None and not currency(word) and _joined(folded, match.end()) and not _is_cjk(word):
            continue  # 2080ti, 7500f: a name
        decimals = len(match["digits"].partition(".")[2])
        money = CURRENCIES.get(match["sign"] or "", ()) or currency(word)
        yield Number(value, None if money else unit, money, decimals)


def _scaled(value: float, word: str) -> tuple[float, str]:
    for suffix, factor in _TEN_THOUSAND.items():
        if word.startswith(suffix) and (word == suffix or currency(word[len(suffix) :])):
            return value * factor, word[len(suffix) :]
    return value, word


def _joined(text: str, end: int) -> bool:
    return end < len(text) and text[end].isalpha()


def _is_cjk(word: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" for c in word)


def currency(word: str) -> tuple[str, ...]:
    """The currencies that a word may stand for; none for most."""
    if word in CURRENCIES:
        return CURRENCIES[word]
    return (word.upper(),) if word.upper() in _codes() else ()


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for codes in CURRENCIES.values() for code in codes) | {
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "INR",
    }


def _unit(word: str) -> str | None:
    """The unit that a word begins with: all of an English one, the longest start of a Chinese one."""
    if not word:
        return None
    if unit_named(word):
        return word
    if not _is_cjk(word):
        singular = word.removesuffix("s")
        return singular if unit_named(singular) else None
    return next((word[:n] for n in range(len(word), 0, -1) if word[:n] in units()), None)


def is_unit(word: str) -> bool:
    """Does the word stand for a unit or a currency?"""
    return _unit(fold(word)) is not None or bool(currency(fold(word)))


def same(claimed: Number, stated: Number, rough: bool = False) -> bool:
    """Does `stated` (the record's) support `claimed`? Converted numbers may be rounded as they are written."""
    if claimed.money:
        shared = not stated.money or set(claimed.money) & set(stated.money)
        return bool(shared) and stated.unit is None and _near(claimed.value, stated.value, 0.1 if rough else 0.0)
    if claimed.unit is None:
        return _near(claimed.value, stated.value, 0.1 if rough else 0.0) or _rounds(claimed, stated.value)
    if stated.money or stated.unit is None:
        return False
    value = convert(stated.value, stated.unit, claimed.unit)
    if value is None:
        return claimed.unit == stated.unit and claimed.value == stated.value
    return _near(claimed.value, value, 0.1 if rough else 0.0) or _rounds(claimed, value)


def _near(a: float, b: float, share: float) -> bool:
    return abs(a - b) <= max(share, 1e-6) * max(abs(a), abs(b))


def _rounds(claimed: Number, value: float) -> bool:
    """1.38 kg may be called 1.4: to at least one decimal, never to a whole number."""
    return claimed.decimals > 0 and round(value, claimed.decimals) == claimed.value
