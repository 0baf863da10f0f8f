"""What every feed reader yields: raw rows with their place, or the reason a row cannot be read. Knows no SQL, no slots."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LONGEST_FIELD = 100_000  # characters; no shop writes a longer one on purpose
_SHOWN = 200
CANONICAL = tuple(
    "id title description brand category price list_price currency stock availability rating url image tax unit_price"
    " adult variants attributes".split()
)
"""What the rows of every known format are made of; everything else that it states is in `attributes`."""
ODD = re.compile("[\\0\\ud800-\\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: the field, its value as read (shortened), and a reason that says what is wrong.

    `fault`: False where nothing is wrong and the shop itself says that the product is not for sale (a draft).
    """

    field: str | None
    value: str | None
    reason: str
    fault: bool = True

    @classmethod
    def of(cls, field: str | None, value: object, reason: str, fault: bool = True) -> Problem:
        text = None if value is None else str(value).encode("utf-8", "replace").decode()[:_SHOWN]
        return cls(field, text, reason, fault)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a feed: `values` as read, or the problem that kept it from being read. `line` counts from 1.

    `lines`: the line of each of the row's variants, () where they all stand on the row's own line. `product`: the id of
    the product whose variant a row is that cannot be read.
    """

    file: str
    line: int
    values: Mapping[str, object]
    problem: Problem | None = None
    lines: tuple[int, ...] = ()
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that can be read from the start as often as wanted. `headers`: its columns, () where rows name them."""

    path: Path
    format: str
    headers: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]


def text_problem(field: str, value: str) -> Problem | None:
    """A text that no catalogue should hold: too long, with NUL bytes, or not encodable."""
    if len(value) > LONGEST_FIELD:
        return Problem.of(field, value, f"{len(value):,} characters; a field may have {LONGEST_FIELD:,}")
    odd = ODD.search(value)
    if odd and odd[0] == "\0":
        return Problem.of(field, value, "holds a NUL byte")
    if odd:
        return Problem.of(field, value, "holds half a character (a lone surrogate)")
    return None


def bad_value(values: Mapping[str, object], prefix: str = "") -> Problem | None:
    """The first among a row's names and values that no catalogue should hold: such a text, a number that is none."""
    for name, value in values.items():
        field = f"{prefix}{name}"
        for text in (name, value) if isinstance(value, str) else (name,):
            if problem := text_problem(field, text):
                return problem
        if isinstance(value, float) and not math.isfinite(value):
            return Problem.of(field, value, "not a finite number")
        if isinstance(value, dict) and (problem := bad_value(value, f"{field}.")):
            return problem
        for part in value if isinstance(value, list) else ():
            if problem := bad_value(part if isinstance(part, dict) else {"": part}, field):
                return problem
    return None
