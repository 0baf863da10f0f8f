"""What a record says for or against a wish: the evidence that reasons rest on.

Knows single facts only; which items match a filter is decided by the catalogue's columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from catalog.compatibility import SLOT as COMPATIBLE
from catalog.devices import fits
from catalog.types import Cell, Constraint, Fact, Op, Product, Quantity, Slot, Variant
from catalog.units import convert

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def evidence_for(product: Product, variant: Variant | None, wish: Constraint) -> Fact | None:
    """The fact of the record that answers the wish, as the shop wrote it; None when the record is silent.

    Among several values of a cell the one that meets the wish is preferred.
    """
    stated = _stated(product, variant, wish.slot)
    met = next((fact for fact, cell in stated if meets(cell, wish)), None)
    return met or (stated[0][0] if stated and not wish.op.negative else None)


def meets_wish(product: Product, variant: Variant | None, wish: Constraint) -> bool:
    """Does the record meet the wish? A silent record meets only what excludes."""
    stated = _stated(product, variant, wish.slot)
    if wish.op.negative:
        return all(meets(cell, wish) for _, cell in stated)
    return any(meets(cell, wish) for _, cell in stated)


def _stated(product: Product, variant: Variant | None, slot: str) -> list[tuple[Fact, Cell]]:
    """What the record states for a slot: each fact with its cell."""
    facts: Sequence[Fact] = product.facts(variant, slot)
    if slot == "category":
        facts = [Fact("category", name) for name in product.category]
    options = variant.options if variant else {}
    cells = options.get(slot) or product.attributes.get(slot) or tuple(map(_cell_of, facts))
    return list(zip(facts, cells, strict=False))


def with_unit(fact: Fact, slot: Slot | None, kind: str | None) -> Fact:
    """The fact with the unit that its slot measures in among products of this kind, where its cell names none."""
    number = fact.value if isinstance(fact.value, float) else None
    unit = slot.unit_for(kind, number) if slot and number is not None and fact.unit is None else None
    return replace(fact, unit=unit) if unit else fact


def _cell_of(fact: Fact) -> Cell:
    """A fact's value as a cell: numbers as quantities."""
    if isinstance(fact.value, str | bool):
        return fact.value
    return Quantity(fact.value, fact.value, fact.unit)


def meets(cell: Cell, wish: Constraint) -> bool:
    """Does one cell meet the wish? Numbers within one per cent count as equal."""
    if wish.slot == COMPATIBLE:
        named = cell.text if isinstance(cell, Quantity) else str(cell)
        return any(fits(named, str(device)) for device in wish.values) != wish.op.negative
    if isinstance(cell, Quantity):
        return _quantity_meets(cell, wish)
    if isinstance(cell, str) and isinstance(wish.value, float) and (year := _YEAR.search(cell)):
        return _quantity_meets(Quantity(float(year[0]), float(year[0])), wish)  # of a day, its year is wished
    folded = {_fold(v) for v in wish.values}
    return (_fold(cell) in folded) != wish.op.negative and not wish.op.bound


def _quantity_meets(cell: Quantity, wish: Constraint) -> bool:
    if wish.op in (Op.IN, Op.NOT_IN):
        return any(_quantity_meets(cell, Constraint(wish.slot, Op.EQ, v, wish.unit)) for v in wish.values) != (
            wish.op is Op.NOT_IN
        )
    if not isinstance(wish.value, float):
        return (cell.text.casefold() == str(wish.value).casefold()) != wish.op.negative
    bound = wish.value
    if wish.unit and cell.unit and wish.unit != cell.unit:
        bound = convert(bound, wish.unit, cell.unit) or bound
    slack = abs(bound) * 0.01
    match wish.op:
        case Op.LT:
            return cell.high < bound
        case Op.LE:
            return cell.high <= bound
        case Op.GT:
            return cell.low > bound
        case Op.GE:
            return cell.low >= bound
        case _:
            return (cell.low - slack <= bound <= cell.high + slack) != wish.op.negative


def _fold(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
