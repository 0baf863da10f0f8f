"""Answers from the record to what was asked of items. Nothing here is worded by a model.

The catalogue as a whole is for figures.py. Knows nothing of how a question was understood or which act it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from catalog.compatibility import SLOT as COMPATIBLE
from catalog.devices import fits
from catalog.store import Catalog
from catalog.types import Fact, Product, Slot
from chatbot import say
from chatbot.facts import Answer, facts_of, has_option, number_in
from chatbot.figures import NAMED, about_catalog
from chatbot.rank.support import meets_wish
from chatbot.titles import title_in
from chatbot.types import ItemFact, Language, Question

ROWS_COMPARED = 12
SUMMARY = 400
LEAST_SUMMARY = 80  # a shorter description says little; the facts say more
_QUOTE_AROUND = 60
_GENERAL_EN = frozenset(
    """tell me more about a an the it this that these those one ones give show what is s are can you please some any info
    information details detail describe description spec specs specification specifications know else like on of
    learn i want d to would us bit little""".split()
)
_GENERAL_ZH = (
    "详细",
    "介绍",
    "说说",
    "讲讲",
    "了解",
    "信息",
    "参数",
    "配置",
    "怎么样",
    "一下",
    "这款",
    "那款",
    "这个",
    "那个",
    "它",
    "的",
    "看看",
)


def answer(catalog: Catalog, question: Question, language: Language) -> Answer:
    """Answer a question about items, or about the catalogue when it names none."""
    if not question.items:
        return about_catalog(catalog, question, language)
    products = catalog.get(question.items)
    if question.measure in ("min", "max") and question.slot:
        return _extreme(catalog, question, products, language)
    if question.measure == "which":
        return _which_of(catalog, question, products, language)
    answers = [_about_item(catalog, question, p, language) for p in products]
    return Answer(
        say.sentences(language, (a.text for a in answers)),
        tuple(f for a in answers for f in a.facts),
        tuple(p.id for p in products),
    )


def _about_item(catalog: Catalog, question: Question, product: Product, language: Language) -> Answer:
    title = title_in(language, product)
    if question.slot:
        named = slot_called(catalog, question.slot)
        fitting = question.slot == COMPATIBLE
        asked = tuple(c for c in question.scope if c.slot == question.slot and not fitting)  # "is it blue?"
        within = () if fitting else tuple(c for c in question.scope if c not in asked)
        if within and not has_option(product, within):
            options = say.join(language, (say.wish_words(language, c) for c in within))
            return Answer(say.say(language, "no_option", title=title, options=options))
        facts = facts_of(product, named, within)
        if facts and fitting and question.scope:
            return _fitting(product, question, facts, language)
        if facts:
            options = say.join(language, (say.wish_words(language, c) for c in within))
            of = f"{title} ({options})" if options else title
            text = _sourced(product, named, _fact_sentence(of, named, facts, language), language)
            if asked:
                met = [v for v in product.variants or (None,) if all(meets_wish(product, v, c) for c in asked)]
                if met and all(v is not None and v.sold_out for v in met) and named.name != "availability":
                    return _about_item(
                        catalog, replace(question, slot="availability"), product, language
                    )  # made, but gone
                text = say.say(language, "so" if met else "not_so", answer=text)
            return Answer(text, tuple(ItemFact(product.id, f) for f in facts))
    if not question.slot and _general(question.words):
        return _summary(catalog, product, language)
    quote = mention(product, question.words)
    if quote:
        fact = ItemFact(product.id, Fact("description", quote))
        return Answer(say.say(language, "mentions", title=title, quote=quote), (fact,))
    named_so = (
        say.slot_name(language, slot_called(catalog, question.slot))
        if question.slot
        else " ".join(question.words.split())
    )
    named_so = " ".join((named_so, *(str(v) for c in question.scope for v in c.values)))
    return Answer(say.say(language, "unknown_fact" if named_so else "unknown_that", title=title, slot=named_so))


def slot_called(catalog: Catalog, name: str) -> Slot:
    """A slot of the catalogue, or of what every offer may say besides (its price before the sale, tax)."""
    return next((s for s in catalog.slots if s.name == name), Slot(name, "text"))


def _fitting(product: Product, question: Question, facts: tuple[Fact, ...], language: Language) -> Answer:
    """Whether the record names the device asked about among those that the thing goes with."""
    device = str(question.scope[0].value)
    named = tuple(f for f in facts if fits(str(f.value), device))
    title, shown = title_in(language, product), named or facts
    text = say.say(language, "fits" if named else "fits_not", title=title, device=device, values=_some(shown, language))
    return Answer(text, tuple(ItemFact(product.id, f) for f in shown))


def _some(facts: Sequence[Fact], language: Language) -> str:
    values = [say.fact_value(language, f) for f in facts]
    if len(values) <= NAMED + 1:
        return say.join(language, values)
    return say.say(language, "and_more", values=say.join(language, values[:NAMED]), count=len(values) - NAMED)


def _sourced(product: Product, slot: Slot, text: str, language: Language) -> str:
    """What was read from the title or the description is said to be."""
    found = product.inferred.get(slot.name)
    stated = slot.name in product.attributes or any(slot.name in v.options for v in product.variants)
    if found is None or stated or found.source == "attributes":
        return text
    return say.say(language, f"by_{found.source}", text=text)


def _general(words: str) -> bool:
    """Is it asked what there is to know, rather than for one thing?"""
    rest = re.sub(r"[^\w\s]", " ", words.casefold())
    for phrase in _GENERAL_ZH:
        rest = rest.replace(phrase, " ")
    return all(word in _GENERAL_EN for word in rest.split())


def _summary(catalog: Catalog, product: Product, language: Language) -> Answer:
    """What the record says in general: its description, else the facts that shoppers ask for most."""
    if len(product.description) >= LEAST_SUMMARY:
        quote = (
            product.description[:SUMMARY].rsplit(" ", 1)[0]
            if len(product.description) > SUMMARY
            else product.description
        )
        fact = ItemFact(product.id, Fact("description", quote))
        return Answer(say.say(language, "mentions", title=title_in(language, product), quote=quote), (fact,))
    wanted = {s.name for s in catalog.slots if s.informable and s.name != "title"}
    facts = tuple(ItemFact(product.id, f) for f in product.facts() if f.slot in wanted)[:ROWS_COMPARED]
    named = (f"{say.slot_name(language, catalog.slot(f.fact.slot))} {say.fact_value(language, f.fact)}" for f in facts)
    quote = say.join(language, named)
    return Answer(say.say(language, "mentions", title=title_in(language, product), quote=quote), facts)


def _fact_sentence(title: str, slot: Slot, facts: tuple[Fact, ...], language: Language) -> str:
    name = say.slot_name(language, slot)
    if len(facts) == 1 and isinstance(facts[0].value, bool):
        return say.say(language, "fact_yes" if facts[0].value else "fact_no", title=title, slot=name)
    value = _some(facts, language)
    return say.say(language, "fact", title=title, slot=name, value=value)


def mention(product: Product, words: str) -> str | None:
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
    slot = catalog.slot(question.slot or "")
    rated = [
        (number, p, f) for p in products for f in facts_of(p, slot) if (number := number_in(f, slot.unit)) is not None
    ]
    if not rated:
        return _all_unknown(catalog, question, products, language)
    pick = min if question.measure == "min" else max
    _, product, fact = pick(rated, key=lambda r: r[0])
    text = say.say(
        language,
        f"best_{question.measure}",
        title=title_in(language, product),
        slot=say.slot_name(language, slot),
        value=say.fact_value(language, fact),
    )
    return Answer(text, tuple(ItemFact(p.id, f) for _, p, f in rated), (product.id,))


def _which_of(catalog: Catalog, question: Question, products: tuple[Product, ...], language: Language) -> Answer:
    """Those of the items that meet all of it, by their records; of which that is not known is said."""
    mask = catalog.match(question.scope)
    fitting = tuple(p for p in products if (at := catalog.position(p.id)) is not None and mask[at])
    slots = [slot_called(catalog, name) for name in dict.fromkeys(c.slot for c in question.scope)]
    silent = tuple(p for p in products if p not in fitting and any(not facts_of(p, slot) for slot in slots))
    wishes = say.join(language, (say.wish_words(language, c) for c in question.scope))
    said = [
        say.say(
            language,
            "which_of" if fitting else "which_none",
            wishes=wishes,
            titles=say.join(language, (title_in(language, p) for p in fitting)),
        )
    ]
    if silent:
        titles = say.join(language, (title_in(language, p) for p in silent))
        names = say.join(language, (say.slot_name(language, slot) for slot in slots))
        said.append(say.say(language, "unknown_fact", title=titles, slot=names))
    facts = tuple(ItemFact(p.id, f) for p in fitting for slot in slots for f in facts_of(p, slot))
    ids = tuple(p.id for p in fitting)
    return Answer(say.sentences(language, said), facts, ids, cards=ids, within=question.scope)


def _all_unknown(catalog: Catalog, question: Question, products: tuple[Product, ...], language: Language) -> Answer:
    name = say.slot_name(language, catalog.slot(question.slot or ""))
    titles = say.join(language, (title_in(language, p) for p in products))
    return Answer(say.say(language, "unknown_fact", title=titles, slot=name), (), tuple(p.id for p in products))
