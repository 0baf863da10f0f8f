"""An answer, and the facts of a record that it rests on.

Knows single products; knows nothing of questions, nor of the catalogue as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.types import Constraint, Fact, Order, Product, Slot
from catalog.units import convert
from chatbot.rank.support import with_unit
from chatbot.types import Figure, ItemFact


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, the facts and figures it rests on, and the items it is about.

    `cards`: those of the items to be shown as cards; `within`: the wishes that they were found by.
    """

    text: str
    facts: tuple[ItemFact, ...] = ()
    about: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    cards: tuple[str, ...] = ()
    within: tuple[Constraint | Order, ...] = ()


def facts_of(product: Product, slot: Slot) -> tuple[Fact, ...]:
    """The record's facts of a slot, in its order, with their unit; variants' options included, each value once."""
    found = [f for f in product.facts() if f.slot == slot.name]
    for variant in product.variants[1:]:
        found.extend(f for f in product.facts(variant) if f.slot == slot.name and slot.name in variant.options)
    return tuple(dict.fromkeys(with_unit(f, slot, product.kind) for f in found))


def number_in(fact: Fact, unit: str | None) -> float | None:
    """The first number that a fact states, in `unit` where both units are known; None when it cannot be compared."""
    found = re.search(r"-?\d+(?:\.\d+)?", str(fact.value)) if not isinstance(fact.value, bool) else None
    if found is None or not unit or not fact.unit or fact.unit == unit:
        return float(found[0]) if found else None
    return convert(float(found[0]), fact.unit, unit)
