"""What may be written into a ledger by hand: a line read as a constraint, its values held against the slot they are for.

    constraint("price <= $100", catalog) == Constraint("price", Op.LE, 100.0)

BadEdit says in a sentence of ours what is expected; nothing of what was sent is in it. Whether any product meets the
constraint is no question here: a shop may well have no blue tents. Knows nothing of dialogue or of HTTP.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Protocol

from catalog.cells import parse_boolean, parse_quantity
from catalog.dates import Style, iso
from catalog.numbers import parse_money
from catalog.types import Constraint, Op, Scalar, Slot, write_number
from catalog.units import convert, unit_named
from errors import BadEdit, CatalogError

_YEAR = re.compile(r"\d{4}")


class Slots(Protocol):
    """What is needed of a catalogue."""

    @property
    def currency(self) -> str: ...
    def slot(self, name: str) -> Slot: ...


def constraint(text: str, catalog: Slots) -> Constraint:
    """The constraint that a line stands for, its numbers as numbers and its truths as truths."""
    try:
        read = Constraint.parse(text)
        slot = catalog.slot(read.slot)
    except (ValueError, CatalogError) as error:
        raise BadEdit("An entry of add is not SLOT OP VALUE with a slot of this catalogue.") from error
    if not read.values:
        raise BadEdit("An entry of add names no value.")
    if not slot.informable:
        raise BadEdit("An entry of add names a slot that cannot be filtered by.")
    if slot.kind == "number":
        return _of_numbers(read, slot, catalog.currency)
    if slot.dates:
        return _of_days(read, slot.dates)
    if read.op.bound:
        raise BadEdit(f"“{slot.name}” is no number: only =, !=, in and not in go with it.")
    return _of_truths(read) if slot.kind == "boolean" else read


def _of_numbers(read: Constraint, slot: Slot, currency: str) -> Constraint:
    """With its numbers as numbers, all in one unit that the slot can be measured in."""
    amounts = [_amount(value, slot, currency) for value in read.values]
    written = {unit for _, unit in filter(None, amounts) if unit} | {read.unit} - {None}
    unit = written.pop() if written else None
    if None in amounts or written or not _measures(unit, slot, currency):
        number = Constraint(slot.name, Op.LE, 100.0, None if _is_money(slot) else slot.unit)
        among = f" in {currency}" if _is_money(slot) else f" in {slot.unit}" if slot.unit else ""
        raise BadEdit(f"“{slot.name}” is a number{among}: write it as in “{number}”.")
    numbers = tuple(number for number, _ in filter(None, amounts))
    return replace(read, value=numbers if isinstance(read.value, tuple) else numbers[0], unit=unit)


def _amount(value: Scalar, slot: Slot, currency: str) -> tuple[float, str | None] | None:
    """A number and the unit that is written with it: "$100", "16 GB"; None for what is none, a range among them."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return value, None
    if _is_money(slot):
        money = parse_money(value, currency)
        return (money.amount, None if money.currency == currency else money.currency) if money else None
    quantity = parse_quantity(value)
    return (quantity.low, quantity.unit) if quantity and quantity.low == quantity.high else None


def _measures(unit: str | None, slot: Slot, currency: str) -> bool:
    """Can this slot's numbers be in this unit? What is only counted is counted in any that the table knows."""
    if unit is None:
        return True
    if _is_money(slot):
        return parse_money(f"1 {unit}", currency) is not None
    known = {slot.unit, *(stats.unit for stats in slot.by_kind.values())} - {None}
    if not known:
        return unit_named(unit) is not None
    return any(unit == one or convert(1.0, unit, one) is not None for one in known if one)


def _is_money(slot: Slot) -> bool:
    if slot.unit is None:
        return slot.name == "price"
    return unit_named(slot.unit) is None and parse_money(f"1 {slot.unit}") is not None


def _of_days(read: Constraint, style: Style) -> Constraint:
    if not all(_YEAR.fullmatch(day) or iso(day, style) for day in map(_written, read.values)):
        raise BadEdit(f"“{read.slot}” is a day: write it as in “{read.slot} >= 2026-11-22”, or the year alone.")
    return read


def _of_truths(read: Constraint) -> Constraint:
    truths = tuple(v if isinstance(v, bool) else parse_boolean(_written(v)) for v in read.values)
    if None in truths:
        raise BadEdit(f"“{read.slot}” is true or false: write it as in “{read.slot} = true”.")
    known = tuple(truth for truth in truths if truth is not None)
    return replace(read, value=known if isinstance(read.value, tuple) else known[0])


def _written(value: Scalar) -> str:
    return write_number(value) if isinstance(value, float) else str(value)
