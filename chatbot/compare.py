"""Comparing items: a table of what their records state, and the sentence that goes with it."""

from __future__ import annotations

from catalog.store import Catalog
from catalog.types import Product, Slot
from chatbot import say
from chatbot.answers import ROWS_COMPARED
from chatbot.facts import facts_of
from chatbot.titles import title_in
from chatbot.types import Language, Row, Table


def compare(catalog: Catalog, products: tuple[Product, ...], wishes: tuple[str, ...], language: Language) -> Table:
    """A table of what the records state: wished slots first, then what differs, then what is alike."""
    slots = dict.fromkeys(("price", "brand", "category", "rating", *wishes))
    for product in products:
        slots.update(dict.fromkeys(f.slot for f in product.facts() if f.slot != "title"))
    known = {s.name: s for s in catalog.slots if (s.informable or s.name in wishes) and s.name != "title"}
    rows = [_row(products, known[name], language) for name in slots if name in known]
    useful = [r for r in rows if sum(map(bool, r.values)) > 1 or (r.slot in wishes and any(r.values))]
    useful.sort(key=lambda r: (r.slot not in ("price", *wishes), not r.differs))
    return Table(tuple(p.id for p in products), tuple(useful[:ROWS_COMPARED]))


def _row(products: tuple[Product, ...], slot: Slot, language: Language) -> Row:
    stated = (facts_of(product, slot) for product in products)
    values = tuple(say.join(language, (say.fact_value(language, f) for f in facts)) for facts in stated)
    return Row(slot.name, values, len(set(values)) > 1)


def compare_words(catalog: Catalog, table: Table, products: tuple[Product, ...], language: Language) -> str:
    titles = say.join(language, (title_in(language, p) for p in products))
    differing = [
        say.say(
            language,
            "differ",
            slot=say.slot_name(language, catalog.slot(r.slot)),
            values=" / ".join(v or "–" for v in r.values),
        )
        for r in table.rows
        if r.differs
    ]
    if not differing:
        return say.say(language, "compare_same", titles=titles)
    return say.say(language, "compare", titles=titles, differences=say.join(language, differing[:5]))
