"""Years in which things came out: "released after 2015", "a 2021 model", "from the last three years", 去年的, 2020年以后.

A year is meant where words say so: a verb of coming out, "after" or "newer than", 年; a bare 2000 stays an amount. Words
like "last year's" need the calendar: `this_year` alone reads the clock. Which slot holds years, others find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from chatbot.track.spans import BoundSpan, Span
from chatbot.track.wording import alternation, words

_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_FEW = {"two": 2, "couple": 2, "couple of": 2, "three": 3, "few": 3, "four": 4, "five": 5, "ten": 10} | {
    zh: n for n, zh in enumerate("一二三四五六七八九十", 1)
} | {"两": 2, "几": 3}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands around a year: the bound it makes."""

    low: float | None
    high: float | None
    strict: bool = False


def find_years(lower: str) -> Iterator[BoundSpan]:
    """Every year or stretch of years that something is to be from."""
    if re.search(_YEAR, lower):
        yield from _absolute(lower)
    if "year" in lower or "yr" in lower or "年" in lower:
        yield from _relative(lower, this_year())


def this_year() -> int:
    """The year now: the only thing that tracking asks of the clock."""
    return datetime.now().astimezone().year


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = words("years")
    return table


@cache
def _absolute_pattern() -> re.Pattern[str]:
    table = _table()
    verb, noun = alternation(table["verbs"]), alternation(table["nouns"])
    ways = "|".join(
        rf"(?P<{name}>{alternation(table[name])})" for name in ("after", "since", "before", "until", "exact", "between")
    )
    behind = "|".join(
        rf"(?P<{name}>{alternation(table[name])})"
        for name in ("or_later", "and_up", "or_earlier", "model", "after_zh", "before_zh")
    )
    return re.compile(
        rf"(?:(?P<not>{alternation(table['negations'])}) )?(?:(?P<verb>{verb}) )?(?:(?:{ways}) ?)?(?:the )?(?:(?P<noun>{noun}) )?"
        rf"(?<![\d$€£¥.,])(?P<year>{_YEAR})(?:(?: ?(?:-|~|to|and|or|到|至) ?)(?P<second>{_YEAR}))?(?![\d,.]*\d|[a-z%]| ?(?:dollars?|bucks?|euros?|[$€£]|usd|eur))"
        rf"(?: ?年)?(?:(?P<sep>[ -]?)(?:{behind}))?"
    )


def _absolute(lower: str) -> Iterator[BoundSpan]:
    for found in _absolute_pattern().finditer(lower):
        if said := _meant(lower, found):
            yield _bound(found.start(), found.end(), said)


def _meant(lower: str, found: re.Match[str]) -> _Said | None:
    year, second = float(found["year"]), float(found["second"] or 0)
    sure = bool(found["verb"] or found["noun"] or found["model"] or "年" in found[0])
    negated = bool(found["not"])
    if second and sure:
        return _Said(min(year, second), max(year, second))
    if found["or_later"] or (sure and (found["and_up"] or found["after_zh"])):
        return _Said(year, None)
    if found["or_earlier"]:
        return _Said(None, year)
    if sure and found["before_zh"]:
        return _Said(None, year, True)
    if found["after"]:
        return _Said(None, year) if negated else _Said(year, None, True)
    if found["before"]:
        return _Said(year, None) if negated else _Said(None, year, True)
    if found["since"] and sure:
        return _Said(year, None)
    if found["until"] and sure:
        return _Said(None, year)
    return _Said(year, year) if sure and not second else None


@cache
def _relative_pattern() -> re.Pattern[str]:
    table = _table()
    few = "|".join(sorted(map(re.escape, _FEW), key=len, reverse=True))
    return re.compile(
        rf"(?P<last>{alternation(table['last_year'])})|(?P<this>{alternation(table['this_year'])})"
        rf"|(?:{alternation(table['within'])}) ?(?P<few>\d{{1,2}}|{few}) ?(?:years?|yrs?|年)(?! (?:battery|warranty|guarantee))"
        rf"|(?P<before_last>前年)(?=的|款|上市|出|发布)"
    )


def _relative(lower: str, now: int) -> Iterator[BoundSpan]:
    for found in _relative_pattern().finditer(lower):
        if found["few"]:
            count = int(found["few"]) if found["few"].isdigit() else _FEW[found["few"]]
            said = _Said(float(now - count), None)
        else:
            year = float(now - (0 if found["this"] else 1 if found["last"] else 2))
            said = _Said(year, year)
        yield _bound(found.start(), found.end(), said)


def _bound(start: int, end: int, said: _Said) -> BoundSpan:
    return BoundSpan(
        start,
        end,
        said.low,
        said.high,
        low_strict=said.strict and said.low is not None,
        high_strict=said.strict and said.high is not None,
        unit="year",
        money=False,
        year=True,
        cue="limit",
        number=Span(start, end),
    )
