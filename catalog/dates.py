"""Dates as feeds write them, so that a column of dates sorts by day: "31/05/2024", "May 31, 2024", "2024年5月31日".

    style_of(["31/05/2024", "01/06/2024"]) == "dmy"        iso("31/05/2024", "dmy") == "2024-05-31"

Knows no time of day: it is cut off. A column's numbers alone tell whether day or month stands first; where they leave it
open, month first is taken with slashes (as Merchant feeds from America have it) and day first with dots and dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

Style = Literal["ymd", "dmy", "mdy"]

_SHARE = 0.9  # of a column's values that must be dates
_MONTHS = {
    name: number + 1
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october"
        "|nov november|dec december".split("|")
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME = r"(?:[T ]\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})(?:[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}}))?|年(\d{{1,2}})月(?:(\d{{1,2}})日)?){_TIME}"
)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_DAY_NAMED = re.compile(rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({_MONTH})\.?,?\s+(\d{{4}})", re.IGNORECASE)
_NAMED_DAY = re.compile(rf"({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.IGNORECASE)


def style_of(values: Iterable[str]) -> Style | None:
    """How a column writes its dates; None for a column of something else."""
    values = [value.strip() for value in values]
    numbers = [found for value in values if (found := _YEAR_LAST.fullmatch(value))]
    if any(int(found[1]) > 12 for found in numbers):
        style: Style = "dmy"
    elif any(int(found[3]) > 12 for found in numbers) or any(found[2] == "/" for found in numbers):
        style = "mdy"
    else:
        style = "dmy" if numbers else "ymd"
    dated = sum(iso(value, style) is not None for value in values)
    return style if values and dated >= _SHARE * len(values) else None


@lru_cache(maxsize=65536)
def iso(text: str, style: Style) -> str | None:
    """The day as 2024-05-31, a month alone as 2024-05; None for what is no date."""
    text = text.strip()
    if found := _YEAR_FIRST.fullmatch(text):
        return _written(found[1], found[2] or found[4], found[3] or found[5])
    if found := _YEAR_LAST.fullmatch(text):
        day, month = (found[1], found[3]) if style == "dmy" else (found[3], found[1])
        return _written(found[4], month, day)
    if found := _DAY_NAMED.fullmatch(text):
        return _written(found[3], str(_MONTHS[found[2].lower()]), found[1])
    if found := _NAMED_DAY.fullmatch(text):
        return _written(found[3], str(_MONTHS[found[1].lower()]), found[2])
    return None


def _written(year: str, month: str, day: str | None) -> str | None:
    try:
        known = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return known.isoformat() if day else known.isoformat()[:7]
