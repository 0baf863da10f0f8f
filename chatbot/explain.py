"""Why a card stands where it does: the wishes its record meets and those it does not. Says only what the record states."""

from __future__ import annotations

from catalog.types import Constraint, Fact, Order, Product, Variant
from chatbot import say
from chatbot.facts import Answer
from chatbot.rank.support import evidence_for, meets_wish
from chatbot.titles import title_in
from chatbot.types import DialogueState, ItemFact, Language, Need, Text


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
    reason = say.say(language, "reason_join").join(parts) + ("。" if language == "zh" else ".")
    text = say.say(language, "explain", title=title_in(language, product), reason=reason)
    return Answer(text, tuple(ItemFact(product.id, f) for f in facts), (product.id,))


def met_words(language: Language, met: list[Constraint], facts: list[Fact]) -> list[str]:
    by_slot = {f.slot: f for f in facts}
    words = []
    for wish in met:
        fact = by_slot.get(wish.slot)
        said = say.wish_words(language, wish)
        told = say.fact_value(language, fact) if fact and wish.op.bound else ""
        words.append(say.say(language, "differ", slot=said, values=told) if told else said)
    return words


def _need_of(state: DialogueState, item: str) -> Need | None:
    for shown in reversed(state.shown):
        for need_id, id in shown.items:
            if id == item:
                return state.need(need_id)
    return state.active_needs[0] if state.active_needs else None


def _best_variant(need: Need, product: Product) -> Variant | None:
    """The variant that meets most of the wishes: the one that a card would show."""
    wishes = [w.what for w in need.wishes if isinstance(w.what, Constraint)]
    met = [(sum(meets_wish(product, variant, wish) for wish in wishes), variant) for variant in product.variants]
    return max(met, key=lambda pair: pair[0])[1] if met else None


def _met_and_missed(need: Need, product: Product) -> tuple[list[Constraint], list[Constraint], list[Fact]]:
    met: list[Constraint] = []
    missed: list[Constraint] = []
    facts: list[Fact] = []
    variant = _best_variant(need, product)
    for wish in need.wishes:
        if isinstance(wish.what, Text | Order):
            continue
        if meets_wish(product, variant, wish.what):
            met.append(wish.what)
            facts.extend(filter(None, [evidence_for(product, variant, wish.what)]))
        elif wish.hard:
            missed.append(wish.what)
    return met, missed, facts
