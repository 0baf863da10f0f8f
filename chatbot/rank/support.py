"""What a record says for or against a wish: the evidence that reasons rest on.

Knows single facts only; which items match a filter is decided by the catalogue's columns.
"""

from __future__ import annotations

from catalog.units import convert

from catalog.types import Cell, Constraint, Fact, Op, Product, Quantity, Variant


def evidence_for(product: Product, variant: Variant | None, wish: Constraint) -> Fact | None:
    """The fact of the record that answers the wish, as the shop wrote it; None when the record is silent.

    Among several values of a cell the one that meets the wish is preferred.
    """
    facts = [f for f in product.facts(variant) if f.slot == wish.slot]
    if wish.slot == "category":
        facts = [Fact("category", name) for name in product.category]
    cells = _cells(product, variant, wish.slot)
    for fact, cell in zip(facts, cells or [None] * len(facts), strict=False):
        if meets(fact if cell is None else cell, wish):
            return fact
    return facts[0] if facts and not wish.op.negative else None


def meets(value: Cell | Fact, wish: Constraint) -> bool:
    """Does one cell, or fact, meet the wish? Numbers within one per cent count as equal."""
    if isinstance(value, Fact):
        value = Quantity(value.value, value.value, value.unit) if _is_number(value.value) else value.value  # type: ignore[arg-type]
    if isinstance(value, Quantity):
        return _quantity_meets(value, wish)
    folded = {_fold(v) for v in wish.values}
    return (_fold(value) in folded) != wish.op.negative and not wish.op.bound


def _quantity_meets(cell: Quantity, wish: Constraint) -> bool:
    if wish.op in (Op.IN, Op.NOT_IN):
        return any(_quantity_meets(cell, Constraint(wish.slot, Op.EQ, v, wish.unit)) for v in wish.values) != (
            wish.op is Op.NOT_IN
        )
    if not _is_number(wish.value):
        return (cell.text.casefold() == str(wish.value).casefold()) != wish.op.negative
    bound = float(wish.value)  # type: ignore[arg-type]
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


def _cells(product: Product, variant: Variant | None, slot: str) -> list[Cell]:
    if variant and slot in variant.options:
        return list(variant.options[slot])
    return list(product.attributes.get(slot, ()))


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _fold(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
