"""Numbers with what they are written with: a unit, a currency, stars or a per cent sign.

"$30", "30 bucks", "16 gigs", '15.6"', "55-inch", "4 stars", "4.5 out of 5", "三百块". Keeps the unit as written; what it
means and which slot it measures is for the catalogue to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from chatbot.track.normal import Message
from chatbot.track.numbers import find_numbers
from chatbot.track.spans import NumberSpan
from chatbot.track.unit_words import unit_words
from chatbot.track.wording import alternation, words

MOST = 32  # numbers read of one message; more is no shopping request
_SYSTEM_BEFORE = re.compile(r"\b(?:eu|uk|us)(?: sizes?)?[ :]{1,2}$")
_SYSTEM_AFTER = re.compile(r" ?(?:eu|uk|us)\b(?! ?[$\d])")
_POINTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,4}")
_HALF = re.compile("半(?![年天夜价])")
_DIMES = re.compile(
    r"([1-9一二三四五六七八九])(?:[毛角]钱?|(?=$|[ ,.;!?]|以|之|内|左右|上下|的|吧|到|买|能|封|起)(?!\.\d))|半"
)
_AMBIGUOUS_MONEY = {"pound": "GBP", "pounds": "GBP"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and its unit. `start`, `end` cover both; the rest as in BoundSpan. `more`: a plus parts them ("30+ hours")."""

    start: int
    end: int
    number: NumberSpan
    unit: str | None = None
    money: bool | None = None
    currency: str | None = None
    stars: bool = False
    percent: bool = False
    age: bool = False
    more: bool = False


def find_figures(message: Message) -> tuple[Figure, ...]:
    """Every number of the message with its unit, in order; of very many, the first."""
    found: list[Figure] = []
    for number in find_numbers(message)[:MOST]:
        if not found or number.start >= found[-1].end:  # "4 out of 5 stars" is one figure
            found.append(_figure(message.lower, number))
    return tuple(found)


@cache
def _currencies() -> dict[str, str]:
    table: dict[str, str] = words("units")["money"]
    return table


@cache
def _aged() -> re.Pattern[str]:
    return re.compile(alternation(words("units")["aged"]) + " ?$")


@cache
def _before() -> re.Pattern[str]:
    signs = _any(w for w in _currencies() if not re.search(r"[a-z]$", w))
    codes = _any(w for w in _currencies() if w.isascii() and w.isalpha() and len(w) <= 3 and w != "rs")
    return re.compile(rf"(?:(?<![a-z])(?:{codes}) ?|(?:{signs}) ?)$")


@cache
def _after() -> re.Pattern[str]:
    units = words("units")
    money = [*_currencies()]
    latin = _any([*(w for w in money if w.isascii() and w.isalpha())])
    signs = _any([w for w in money if not w.isascii() or not w.isalpha()])
    written = unit_words()
    tight, spaced = _any((*written.tight, *written.loose)), _any(written.spaced)
    return re.compile(
        rf"(?P<stars>[ -]?(?:{_any(units['stars'])})\b|(?: out of | ?/ ?)(?:5|five)\b(?: stars?)?"
        rf"|(?:颗星|星级|星(?=级|以上|及以上|或|的|好评|$)|分(?!钟|辨|之|期|体|区|离)))"
        rf"|(?P<percent> ?%| percent\b| per cent\b)"
        rf"|(?P<money>(?: ?-?(?:{latin}))(?![a-z0-9])|(?: |多|来)?(?:{signs})(?!头))"
        rf"|(?P<age>[ -]?(?:{_any(units['ages']).replace(re.escape(' '), '[ -]')})(?![a-z]))"
        rf"|(?P<unit> ?多?(?:{_any(written.zh)})(?!民|工|体|像|脸|气|性|机|物|造|群)|(?:{tight})(?![a-z0-9])|[ -](?:{spaced})(?![a-z0-9'])|-(?:{tight})(?![a-z0-9])"
        rf"| in(?=$|[,.;!?)\"]| or (?:more|up|bigger|larger|above|less|smaller)| and (?:up|above))| ?(?:{_any(written.signs)}))"
    )


def _any(entries: Iterable[str]) -> str:
    return "|".join(re.escape(e) for e in sorted(entries, key=len, reverse=True))


def _figure(lower: str, number: NumberSpan) -> Figure:
    figure = _with_rest(lower, _as_written(lower, number))
    bare = figure.unit is None and figure.money is None and not figure.stars
    if bare and (sized := _with_system(lower, figure)):
        return sized
    if bare and number.value < 100 and _aged().search(lower[max(0, figure.start - 40) : figure.start]):
        return replace(figure, unit="years old", money=False, age=True)
    if figure.unit is None and not figure.stars and _POINTED.fullmatch(lower, number.start, number.end):
        whole = float(lower[number.start : number.end].replace(".", ""))  # "1.200 €": a point parts thousands of money
        return replace(figure, number=replace(figure.number, value=whole))
    return figure


def _with_system(lower: str, figure: Figure) -> Figure | None:
    """ "EU 42", "42 UK": a size, with the system it is told in."""
    before, after = (
        _SYSTEM_BEFORE.search(lower, max(0, figure.start - 12), figure.start),
        _SYSTEM_AFTER.match(lower, figure.end),
    )
    if before:
        return replace(figure, start=before.start())
    return replace(figure, end=after.end()) if after else None


def _as_written(lower: str, number: NumberSpan) -> Figure:
    start, end = number.start, number.end
    if lower.startswith(("个半小时", "个半钟", "个半月"), end):
        number, end = replace(number, value=number.value + 0.5), end + 2
    currency = None
    before = _before().search(lower[max(0, start - 5) : start])
    if before:
        currency = _currencies()[before[0].strip()]
        start -= len(before[0])
    if lower.startswith("+", end) and (behind := _after().match(lower, end + 1)) and behind["unit"]:
        return replace(_with_unit(start, number, behind, currency), more=True)
    found = _after().match(lower, end)
    if not found:
        money = True if before or lower.endswith("grand", start, end) else None
        return Figure(start, end, number, None, money, currency or None)
    return _with_unit(start, number, found, currency)


def _with_rest(lower: str, figure: Figure) -> Figure:
    """What Chinese says behind the unit: 一公斤半 is 1.5 kg, 三块五 and 3块5毛 are 3.5 yuan."""
    found = (_DIMES if figure.money else _HALF).match(lower, figure.end)
    if not found or not lower[figure.end - 1] > "\u3400" or figure.number.most:
        return figure
    dimes = found[1] if figure.money else None
    rest = 0.5 if dimes is None else 0.1 * ("零一二三四五六七八九".find(dimes) if not dimes.isdigit() else int(dimes))
    number = replace(figure.number, value=round(figure.number.value + rest, 6))
    return replace(figure, end=found.end(), number=number)


def _with_unit(start: int, number: NumberSpan, found: re.Match[str], currency: str | None) -> Figure:
    end, written = found.end(), found[0].strip(" -多来")
    if found["stars"]:
        return Figure(start, end, number, "stars", False, stars=True)
    if found["age"]:
        return Figure(start, end, number, written.replace("-", " "), False, age=True)
    if found["percent"]:
        return Figure(start, end, number, "%", False, percent=True)
    if found["money"]:
        known = currency or _currencies().get(written, "")
        return Figure(start, end, number, None, True, known or None)
    if currency is not None:  # "$500 16 gb": a priced number takes no unit
        return Figure(start, number.end, number, None, True, currency or None)
    if written in _AMBIGUOUS_MONEY:
        return Figure(start, end, number, written, None, _AMBIGUOUS_MONEY[written])
    return Figure(start, end, number, written, False)
