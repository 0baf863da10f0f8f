"""All that the record of one product says. Printed as it stands; knows nothing of who asked for it."""

from __future__ import annotations

from catalog.store import Catalog
from catalog.types import Fact, Product, Slot
from chatbot import say
from chatbot.answers import slot_called
from chatbot.facts import Answer, facts_of
from chatbot.rank.support import with_unit
from chatbot.titles import title_in
from chatbot.types import ItemFact, Language

LONGEST = 600  # characters printed of one value; the fact holds all of it


def details(catalog: Catalog, product: Product, language: Language) -> Answer:
    """Every fact of the record, each slot once, in the record's order; those of its options behind them."""
    stated = (*product.facts(), *(f for variant in product.variants for f in product.facts(variant)))
    slots = dict.fromkeys(f.slot for f in stated if f.slot != "title")
    facts = {name: _stated(product, slot_called(catalog, name)) for name in slots}
    lines = [
        say.say(
            language,
            "match",
            slot=say.slot_name(language, slot_called(catalog, name)),
            value=_short(say.join(language, (say.fact_value(language, f) for f in found))),
        )
        for name, found in facts.items()
        if found
    ]
    title = title_in(language, product)
    text = say.say(language, "details", title=title, lines=say.say(language, "reason_join").join(lines))
    items = tuple(ItemFact(product.id, f) for found in facts.values() for f in found)
    return Answer(text if lines else say.say(language, "unknown_that", title=title), items, (product.id,))


def _stated(product: Product, slot: Slot) -> tuple[Fact, ...]:
    """What the record and each of its options say of a slot."""
    of_options = (with_unit(f, slot, product.kind) for v in product.variants for f in product.facts(v, slot.name))
    return tuple(dict.fromkeys((*facts_of(product, slot), *of_options)))


def _short(value: str) -> str:
    return value if len(value) <= LONGEST else value[:LONGEST].rsplit(" ", 1)[0] + " …"
