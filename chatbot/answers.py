"""Answers from the record: facts asked for, comparisons, explanations. Nothing here is worded by a model.

Knows the catalogue; knows nothing of how a question was understood or which act it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.store import Catalog

from catalog.types import Constraint, Fact, Order, Product, write_number
from chatbot import say
from chatbot.rank.support import evidence_for, meets
from chatbot.types import DialogueState, ItemFact, Language, Need, Question, Row, Table, Text

VALUES_NAMED = 12
ROWS_COMPARED = 12
_QUOTE_AROUND = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, the facts it rests on, and the items it is about."""

    text: str
    facts: tuple[ItemFact, ...] = ()
    about: tuple[str, ...] = ()


def answer(catalog: Catalog, question: Question, language: Language) -> Answer:
    """Answer a question about items, or about the catalogue when it names none."""
    if not question.items:
        return _about_catalog(catalog, question, language)
    products = catalog.get(question.items)
    if question.measure in ("min", "max") and question.slot:
        return _extreme(catalog, question, products, language)
    answers = [_about_item(catalog, question, p, language) for p in products]
    return Answer(
        say.sentences(language, (a.text for a in answers)),
        tuple(f for a in answers for f in a.facts),
        tuple(p.id for p in products),
    )


def facts_of(product: Product, slot: str) -> tuple[Fact, ...]:
    """The record's facts of a slot, in its order; variants' options included, each value once."""
    found = [f for f in product.facts() if f.slot == slot]
    for variant in product.variants[1:]:
        found.extend(f for f in product.facts(variant) if f.slot == slot and slot in variant.options)
    return tuple(dict.fromkeys(found))


def _about_item(catalog: Catalog, question: Question, product: Product, language: Language) -> Answer:
    title = product.title
    if question.slot:
        facts = facts_of(product, question.slot)
        if facts:
            named = catalog.slot(question.slot)
            return Answer(_fact_sentence(title, named, facts, language), tuple(ItemFact(product.id, f) for f in facts))
    quote = _mention(product, question.words)
    if quote:
        fact = ItemFact(product.id, Fact("description", quote))
        return Answer(say.say(language, "mentions", title=title, quote=quote), (fact,))
    asked = say.slot_name(language, catalog.slot(question.slot)) if question.slot else question.words
    return Answer(say.say(language, "unknown_fact", title=title, slot=asked))


def _fact_sentence(title: str, slot: object, facts: tuple[Fact, ...], language: Language) -> str:
    name = say.slot_name(language, slot)  # type: ignore[arg-type]
    if len(facts) == 1 and isinstance(facts[0].value, bool):
        return say.say(language, "fact_yes" if facts[0].value else "fact_no", title=title, slot=name)
    value = say.join(language, (say.fact_value(language, f) for f in facts))
    return say.say(language, "fact", title=title, slot=name, value=value)


def _mention(product: Product, words: str) -> str | None:
    """The piece of the record's text that holds every word asked about, or None. Quoted, never reworded."""
    wanted = re.findall(r"[^\W_]{2,}", words.casefold())
    if not wanted:
        return None
    for text in (product.title, *re.split(r"(?<=[.!?。！？;；\n])\s*", product.description)):
        folded = text.casefold()
        places = [m.start() for w in wanted if (m := re.search(rf"(?<![a-z0-9]){re.escape(w)}", folded))]
        if len(places) == len(wanted):
            start, end = max(0, min(places) - _QUOTE_AROUND), max(places) + _QUOTE_AROUND
            return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
    return None


def _extreme(catalog: Catalog, question: Question, products: tuple[Product, ...], language: Language) -> Answer:
    """Which of the items has the least or the most of a slot: decided over numbers the records state."""
    slot = question.slot or ""
    rated = [(number, p, f) for p in products for f in facts_of(p, slot) if (number := _number(f)) is not None]
    if not rated:
        return _all_unknown(catalog, question, products, language)
    pick = min if question.measure == "min" else max
    _, product, fact = pick(rated, key=lambda r: r[0])
    text = say.say(
        language,
        f"best_{question.measure}",
        title=product.title,
        slot=say.slot_name(language, catalog.slot(slot)),
        value=say.fact_value(language, fact),
    )
    return Answer(text, tuple(ItemFact(p.id, f) for _, p, f in rated), (product.id,))


def _all_unknown(catalog: Catalog, question: Question, products: tuple[Product, ...], language: Language) -> Answer:
    name = say.slot_name(language, catalog.slot(question.slot or ""))
    titles = say.join(language, (p.title for p in products))
    return Answer(say.say(language, "unknown_fact", title=titles, slot=name), (), tuple(p.id for p in products))


def _number(fact: Fact) -> float | None:
    if isinstance(fact.value, float | int) and not isinstance(fact.value, bool):
        return float(fact.value)
    found = re.search(r"\d+(?:\.\d+)?", str(fact.value))
    return float(found[0]) if found else None


def _about_catalog(catalog: Catalog, question: Question, language: Language) -> Answer:
    mask = catalog.match(question.scope)
    what = say.join(language, (say.wish_words(language, c) for c in question.scope))
    what = what or say.say(language, "everything")
    count = int(mask.sum())
    if question.measure == "count" or not question.slot:
        if question.measure != "count":
            return Answer(say.say(language, "unknown_slot", words=question.words))
        key = {0: "count_none", 1: "count_one"}.get(count, "count")
        return Answer(say.say(language, key, count=count, what=what))
    name = say.slot_name(language, catalog.slot(question.slot))
    if question.measure == "values":
        values = [value for value, _ in catalog.facets(question.slot, mask, VALUES_NAMED)]
        if values:
            return Answer(say.say(language, "values", slot=_capital(name), values=say.join(language, values)))
        return Answer(say.say(language, "count_none", what=what))
    return _span(catalog, question, name, language) or Answer(say.say(language, "unknown_slot", words=question.words))


def _span(catalog: Catalog, question: Question, name: str, language: Language) -> Answer | None:
    """The least, the most, or the range of a number over the catalogue's products in scope."""
    slot = question.slot or ""
    mask = catalog.match(question.scope)
    if question.measure in ("min", "max"):
        direction = "asc" if question.measure == "min" else "desc"
        first = catalog.order(mask, Order(slot, direction), 1)  # type: ignore[arg-type]
        products = catalog.get([catalog.ids[p] for p in first])
        return _extreme(catalog, question, products, language) if products else None
    span = catalog.span(slot, mask)
    if span is None:
        return None
    unit = catalog.currency if slot == "price" else catalog.slot(slot).unit
    low, high = (f"{write_number(v)} {unit}" if unit else write_number(v) for v in span)
    return Answer(say.say(language, "span", slot=_capital(name), low=low, high=high))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def compare(catalog: Catalog, products: tuple[Product, ...], wishes: tuple[str, ...], language: Language) -> Table:
    """A table of what the records state: wished slots first, then what differs, then what is alike."""
    slots = dict.fromkeys(("price", "brand", "category", "rating", *wishes))
    for product in products:
        slots.update(dict.fromkeys(f.slot for f in product.facts() if f.slot != "title"))
    rows = [_row(catalog, products, slot, language) for slot in slots if slot not in ("text", "title")]
    useful = [r for r in rows if sum(map(bool, r.values)) > 1 or (r.slot in wishes and any(r.values))]
    useful.sort(key=lambda r: (r.slot not in ("price", *wishes), not r.differs))
    return Table(tuple(p.id for p in products), tuple(useful[:ROWS_COMPARED]))


def _row(catalog: Catalog, products: tuple[Product, ...], slot: str, language: Language) -> Row:
    values = tuple(
        say.join(language, (say.fact_value(language, f) for f in facts_of(product, slot))) for product in products
    )
    return Row(slot, values, len(set(values)) > 1)


def compare_words(catalog: Catalog, table: Table, products: tuple[Product, ...], language: Language) -> str:
    titles = say.join(language, (p.title for p in products))
    differing = [
        f"{say.slot_name(language, catalog.slot(r.slot))} ({' / '.join(v or '–' for v in r.values)})"
        for r in table.rows
        if r.differs
    ]
    if not differing:
        return say.say(language, "compare_same", titles=titles)
    return say.say(language, "compare", titles=titles, differences=say.join(language, differing[:5]))


def explain(state: DialogueState, product: Product, language: Language) -> Answer:
    """Why a card stood where it did: the wishes its record meets, those it does not, the words it fits."""
    need = _need_of(state, product.id)
    met, missed, facts = _met_and_missed(need, product) if need else ([], [], [])
    parts = []
    if met:
        parts.append(say.say(language, "because", wishes=say.join(language, met_words(language, met, facts))))
    elif need and need.query:
        parts.append(say.say(language, "because_words", words=need.query))
    else:
        parts.append(say.say(language, "because_any"))
    if missed:
        parts.append(say.say(language, "but", wishes=say.join(language, (say.wish_words(language, c) for c in missed))))
    reason = say.WORDS[language]["reason_join"].join(parts) + ("。" if language == "zh" else ".")
    text = say.say(language, "explain", title=product.title, reason=reason)
    return Answer(text, tuple(ItemFact(product.id, f) for f in facts), (product.id,))


def met_words(language: Language, met: list[Constraint], facts: list[Fact]) -> list[str]:
    by_slot = {f.slot: f for f in facts}
    words = []
    for wish in met:
        fact = by_slot.get(wish.slot)
        said = say.wish_words(language, wish)
        words.append(f"{said} ({say.fact_value(language, fact)})" if fact and wish.op.bound else said)
    return words


def _need_of(state: DialogueState, item: str) -> Need | None:
    for shown in reversed(state.shown):
        for need_id, id in shown.items:
            if id == item:
                return state.need(need_id)
    return state.active_needs[0] if state.active_needs else None


def _met_and_missed(need: Need, product: Product) -> tuple[list[Constraint], list[Constraint], list[Fact]]:
    met, missed, facts = [], [], []
    variant = product.variants[0] if product.variants else None
    for wish in need.wishes:
        if isinstance(wish.what, Text | Order):
            continue
        fact = evidence_for(product, variant, wish.what)
        if fact and meets(fact, wish.what):
            met.append(wish.what)
            facts.append(fact)
        elif fact is None and wish.what.op.negative:
            met.append(wish.what)
        elif wish.hard:
            missed.append(wish.what)
    return met, missed, facts
