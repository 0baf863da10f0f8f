"""Constraints -> which rows meet them. Pure: arrays in, a mask out.

What is not known satisfies no positive constraint and no bound; it satisfies `!=` and `not in`. A cell with several
values meets `=` when one of them does and `!=` when none does. A range meets a bound as a whole: "1-1.5 kg" is at most
1.5 kg, not at most 1.2; it equals each number within.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from catalog.cells import parse_boolean, parse_quantity
from catalog.columns import Column, Columns
from catalog.compatibility import SLOT as COMPATIBLE
from catalog.dates import iso
from catalog.devices import fitting
from catalog.numbers import CURRENCIES
from catalog.types import Constraint, Op, Scalar, write_number
from catalog.units import convert, scale, unit_named
from errors import UnknownSlot

_EQUAL = 0.01  # numbers within one per cent are equal
_ROUNDED = 0.002  # slack of a bound written in another system of units: 6 ft is 1.8288 m, shops say 1.83
_EXACT = 1e-9
_YEAR = re.compile(r"\d{4}")
_MEETS = {Op.LT: operator.lt, Op.LE: operator.le, Op.GT: operator.gt, Op.GE: operator.ge, Op.EQ: operator.eq, Op.NE: operator.eq,
          Op.IN: operator.eq, Op.NOT_IN: operator.eq}  # fmt: skip

Mask = NDArray[np.bool_]


def rows_where(columns: Columns, constraints: Iterable[Constraint]) -> Mask:
    """For each row: does it meet every constraint? UnknownSlot for a slot that the catalogue does not have."""
    mask = np.ones(len(columns), np.bool_)
    for constraint in constraints:
        mask &= _meets(columns, constraint)
    return mask


def _meets(columns: Columns, constraint: Constraint) -> Mask:
    column = columns.columns.get(constraint.slot)
    if column is None:
        raise UnknownSlot(f"no slot {constraint.slot!r} in this catalogue")
    found = np.zeros(len(columns), np.bool_)
    for value in constraint.values:
        if column.slot.kind == "number":
            _mark_numbers(columns, column, constraint.op, value, constraint.unit, found)
        elif wished := _day(column, value):
            _mark_days(columns, column, constraint.op, wished, found)
        elif not constraint.op.bound:
            for code in _codes(columns, column, value, constraint.unit):
                found[columns.rows_of(column.slot.name, code)] = True
    return ~found if constraint.op.negative else found


def _mark_numbers(columns: Columns, column: Column, op: Op, value: Scalar, unit: str | None, found: Mask) -> None:
    """Mark the rows whose number meets the operator (for the negative ones: its opposite)."""
    number = _as_number(value, unit)
    if number is None:
        return
    hits = _compare(column, op, *number)
    if columns.is_dense(column.slot.name):
        found |= hits
    else:
        found[column.rows[np.flatnonzero(hits)]] = True


def _mark_days(columns: Columns, column: Column, op: Op, wished: str, found: Mask) -> None:
    """Mark the rows whose day meets the operator, as closely as the wish is written: "> 2020" is 2021 at least."""
    meets = _MEETS[op]
    for code, day in enumerate(column.terms):
        if day[:1].isdigit() and meets(day[: len(wished)], wished):
            found[columns.rows_of(column.slot.name, code)] = True


def _day(column: Column, value: Scalar) -> str | None:
    """A wished day, month or year of a column of dates, written as its terms are."""
    style, text = column.slot.dates, _as_text(value)
    if style is None:
        return None
    return text if _YEAR.fullmatch(text) else iso(text, style)


def _codes(columns: Columns, column: Column, value: Scalar, unit: str | None) -> Iterator[int]:
    """The codes that a wished word or truth has in a column."""
    if column.slot.kind == "boolean":
        truth = value if isinstance(value, bool) else parse_boolean(_as_text(value))
        yield from () if truth is None else (int(truth),)
        return
    text = _as_text(value)
    if column.slot.name == COMPATIBLE:
        yield from fitting(column.terms, text)  # a device is meant by more names than one
        return
    spellings = (text, f"{text}{unit}", f"{text} {unit}") if unit else (text,)
    codes = dict.fromkeys(columns.code(column, spelling) for spelling in spellings)
    yield from (code for code in codes if code is not None)


def _none(column: Column) -> Mask:
    return np.zeros(len(column.rows), np.bool_)


def _as_number(value: Scalar, unit: str | None) -> tuple[float, str | None] | None:
    """A wished number with its unit; a text such as "16 GB" is read."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        quantity = parse_quantity(value)
        return (quantity.low, quantity.unit or unit) if quantity and math.isfinite(quantity.low) else None
    return value, unit


def _as_text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_number(value) if isinstance(value, float) else value


def _compare(column: Column, op: Op, number: float, unit: str | None) -> Mask:
    """Entries whose number meets the operator; a wish without a unit is in the unit of each row's own kind."""
    if column.low is None or column.high is None:
        return _none(column)
    wished, slack = _in_slot_unit(column, number, unit)
    if wished is None:
        return _none(column)
    spread = np.abs(wished) * slack
    if op is Op.LE:
        return np.asarray(column.high <= wished + spread)
    if op is Op.GE:
        return np.asarray(column.low >= wished - spread)
    if op is Op.LT:
        return np.asarray(column.high < wished - spread)
    if op is Op.GT:
        return np.asarray(column.low > wished + spread)
    near = np.abs(wished) * _EQUAL
    return np.asarray((column.low <= wished + near) & (column.high >= wished - near))


def _in_slot_unit(column: Column, number: float, unit: str | None) -> tuple[float | NDArray[np.float64] | None, float]:
    """(the wished number in the slot's unit, the slack of a bound); None when the unit measures something else."""
    if unit is None or column.slot.unit is None or (_is_currency(unit) and _is_currency(column.slot.unit)):
        return (number if column.factor is None else number * column.factor), _EXACT
    converted = convert(number, unit, column.slot.unit)
    if converted is None:
        return None, _EXACT
    return converted, _slack(unit, column.slot.unit)


def _slack(unit: str, target: str) -> float:
    """Bounds are exact within one system of units and slightly loose between two."""
    factor, _ = scale(unit, target) or (1.0, 0.0)
    decimal = abs(math.log10(factor) - round(math.log10(factor))) < 1e-9
    return _EXACT if decimal else _ROUNDED


def _is_currency(unit: str) -> bool:
    """Amounts are compared in the catalogue's currency: there are no exchange rates here."""
    return unit.lower() in CURRENCIES or (unit_named(unit) is None and len(unit) == 3 and unit.isupper())
