"""Quantities that a running text mentions: "15.6-inch", "2 x 500 ml", "1 1/2 in", "3+ years", "16G 内存".

    mentions('Kettle 1.7 l, 2200 W') -> 1.7 l at 7..12, 2200 W at 14..20

Knows the unit table and how numbers are written, no slots and no products. A number without a unit is no mention, nor
are the sides of "120 x 60 x 75 cm": those three say one thing together, and no one of them alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from catalog.numbers import parse_number
from catalog.units import Unit, dimension_of, unit_named, units

_LONGEST_TEXT = 2_000
_VULGAR = {
    "½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8,
    "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5, "⅙": 1 / 6, "⅚": 5 / 6,
}  # fmt: skip
_SIGNS = "".join(_VULGAR)
_NUMBER = rf"(?:\d+[ -])?\d{{1,2}}/(?:2|3|4|5|8|16|32|64)(?!\d)|\d*\s?[{_SIGNS}]|\d+(?:[.,]\d+)*"
_SIDE = r"\d+(?:[.,]\d+)?(?:\s*(?![x×*])[a-z\"”″']{1,4}(?![a-z]))?"
_SIDES = re.compile(
    rf"{_SIDE}(?:\s*[x×*]\s*{_SIDE}){{0,2}}\s*[x×*]\s*\d+(?:[.,]\d+)?(?:\s*(?P<unit>[a-z\"”″']{{1,4}})(?![a-z]))?",
    re.IGNORECASE,
)
_MENTION = re.compile(
    rf"(?<![\w.,/$€£¥–-])(?P<number>{_NUMBER})(?P<more>\+)?(?P<gap>[\s-]{{0,2}})(?P<unit>[^\W\d_]+|[\"”″“'’′°%℃º])"
)
_JOINT = re.compile(
    r"(?:/\d*\s?[a-z]+(?:²|2(?!\w))?|[²³23](?!\w)|\s[a-z]+|\.\s?[a-z]+\.?|[-\s·.][a-z]+|[FfCc](?!\w)|''|'|\(s\))", re.I
)
_SINGLE = frozenset("mgshltwvaj")  # one letter behind a blank is a unit only as the table writes it


@dataclass(frozen=True, slots=True)
class Mention:
    """One quantity in a text. `high` is infinite for "3+ years"; `text` is what is written, at `start`..`end`."""

    value: float
    unit: Unit
    start: int
    end: int
    text: str
    open: bool = False

    @property
    def high(self) -> float:
        return math.inf if self.open else self.value


def mentions(text: str) -> Iterator[Mention]:
    """Every "value unit" that a text mentions, from left to right."""
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT]
    sides = _sides(text)
    for found in _MENTION.finditer(text):
        start = found.start()
        if any(low <= start < high for low, high in sides):
            continue
        value = _value(found["number"])
        named = _unit_at(text[found.start("unit") : found.end() + 16], found["gap"]) if value else None
        if value and named:
            unit, length = named
            end = found.start("unit") + length
            yield Mention(value, unit, start, end, text[start:end], bool(found["more"]))


def whole(text: str) -> Mention | None:
    """The one quantity that a whole text states: "1 1/2 in", "3+ years", "10 year old"."""
    text = text.removesuffix(" old").removesuffix("-old")
    found = next(mentions(text), None) if text[:1].isdigit() or text[:1] in _VULGAR else None
    return found if found and found.start == 0 and found.end == len(text) else None


def _sides(text: str) -> list[tuple[int, int]]:
    """Where sides are listed. "2 x 500 ml" lists none: only lengths and bare numbers are sides."""
    found = _SIDES.finditer(text) if "x" in text or "×" in text or "X" in text or "*" in text else ()
    return [side.span() for side in found if not side["unit"] or dimension_of(side["unit"]) == "length"]


@lru_cache(maxsize=4096)
def _value(written: str) -> float | None:
    """The number that digits and fractions state: "1 1/2" -> 1.5."""
    if written[-1] in _VULGAR:
        return (parse_number(written[:-1].strip()) or 0.0) + _VULGAR[written[-1]]
    if "/" in written:
        whole, _, fraction = written.replace("-", " ").rpartition(" ")
        above, _, below = fraction.partition("/")
        return float(whole or 0) + int(above) / int(below) if int(above) < int(below) else None
    return parse_number(written)


@lru_cache(maxsize=16384)
def _unit_at(text: str, gap: str) -> tuple[Unit, int] | None:
    """The unit that a text begins with, the longest spelling first, and how long its spelling is."""
    word = re.match(r"[^\W\d_]+|.", text)
    assert word is not None
    joint = _JOINT.match(text, word.end())
    for end in dict.fromkeys(([joint.end()] if joint else []) + [word.end()]):
        found = _unit(text[:end], gap)
        if found and not re.match(r"[/²³]", text[end:]) and (end > word.end() or not re.match(r"[\w]", text[end:])):
            return found, end
    return _cjk_unit(word[0])


@cache
def _longest_cjk() -> int:
    return max(len(spelling) for spelling in units() if not spelling.isascii())


def _cjk_unit(word: str) -> tuple[Unit, int] | None:
    """In Chinese nothing stands between a unit and the next word: "15.6英寸屏"."""
    if word.isascii():
        return None
    for end in range(min(len(word), _longest_cjk()), 0, -1):
        found = None if word[:end].isascii() and word[end : end + 1].isascii() else _unit(word[:end], "")
        if found:
            return found, end
    return None


def _unit(spelling: str, gap: str) -> Unit | None:
    """The unit a spelling means in running text, where a single letter behind a blank is mostly something else."""
    if len(spelling) == 1 and spelling.isascii() and spelling.isalpha():
        named = unit_named(spelling)
        exact = named is not None and spelling in (named.name, "L", "G", "T")
        return named if named and spelling.lower() in _SINGLE and (not gap or exact) else None
    named = unit_named(spelling)
    return named if named and (named.name or spelling != "x") else None
