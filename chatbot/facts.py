"""An answer, and the facts of a record that it rests on.

Knows single products; knows nothing of questions, nor of the catalogue as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.types import Constraint, Fact, Order, Product, Slot
from catalog.units import convert
from chatbot.quoted import Quoted
from chatbot.rank.support import meets_wish, with_unit
from chatbot.types import Figure, ItemFact


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, the facts and figures it rests on, and the items it is about.

    `cards`: those of the items to be shown as cards; `within`: the wishes that they were found by. `quoted`: what is
    quoted from the shop's own questions and answers; the reply says it at its end.
    """

    text: str
    facts: tuple[ItemFact, ...] = ()
    about: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    cards: tuple[str, ...] = ()
    within: tuple[Constraint | Order, ...] = ()
    quoted: tuple[Quoted, ...] = ()


_BY_OPTION = ("list_price", "unit_price", "on_sale")


def facts_of(product: Product, slot: Slot, within: Sequence[Constraint] = ()) -> tuple[Fact, ...]:
    """The record's facts of a slot, in its order, with their unit; variants' options included, each value once.

    `within`: only of the options that meet it. Whether it can be bought is told of the option that can be bought best.
    """
    fitting = [v for v in product.variants if all(meets_wish(product, v, c) for c in within)]
    found: list[Fact] = [] if within else list(product.facts(slot=slot.name))
    if slot.name == "availability":
        fitting = sorted(fitting, key=product.sold_out)[: 0 if found else 1]
    for variant in fitting:
        own = bool(within) or slot.name in variant.options or slot.name in (*_BY_OPTION, "availability")
        found.extend(product.facts(variant, slot.name) if own else ())
    return tuple(dict.fromkeys(with_unit(f, slot, product.kind) for f in found))


def has_option(product: Product, within: Sequence[Constraint]) -> bool:
    """Does one of its options meet all of it?"""
    return any(all(meets_wish(product, v, c) for c in within) for v in product.variants)


def number_in(fact: Fact, unit: str | None) -> float | None:
    """The first number that a fact states, in `unit` where both units are known; None when it cannot be compared."""
    found = re.search(r"-?\d+(?:\.\d+)?", str(fact.value)) if not isinstance(fact.value, bool) else None
    if found is None or not unit or not fact.unit or fact.unit == unit:
        return float(found[0]) if found else None
    return convert(float(found[0]), fact.unit, unit)
