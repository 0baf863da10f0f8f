"""Ranking without a model: the order that retrieval's tuned fusion gives, with reasons built from the record.

Knows nothing of dialogue acts; each reason states only facts that met, or were given up from, the wishes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalog.types import Constraint, Fact, Order, Slot
from chatbot import say
from chatbot.rank.support import evidence_for, meets_wish, with_unit
from chatbot.types import Language, Need, Ranked, Text
from retrieval.types import Candidate, Retrieved

REASON_FACTS = 4


class EmbeddedRanker:
    """The floor under the model's ranker. `slots` are the catalogue's, for their names."""

    def __init__(self, slots: Mapping[str, Slot]) -> None:
        self._slots = slots

    def rank(self, need: Need, retrieved: Retrieved, limit: int, language: Language) -> Iterator[Ranked]:
        for candidate in retrieved.candidates[:limit]:
            evidence = self._evidence(need, candidate)
            reason = self._reason(need, candidate, evidence, language)
            yield Ranked(candidate, reason, evidence, "embedded")

    def _evidence(self, need: Need, candidate: Candidate) -> tuple[Fact, ...]:
        """One fact a wish, in the ledger's order, each slot once."""
        facts: dict[str, Fact] = {}
        for wish in need.wishes:
            if isinstance(wish.what, Text) or wish.slot in facts:
                continue
            what = wish.what
            found = (
                _order_fact(candidate, what)
                if isinstance(what, Order)
                else evidence_for(candidate.product, candidate.variant, what)
            )
            if found:
                facts[wish.slot] = with_unit(found, self._slots.get(wish.slot), candidate.product.kind)
        return tuple(facts.values())

    def _reason(self, need: Need, candidate: Candidate, evidence: tuple[Fact, ...], language: Language) -> str:
        soft = (w.what for w in need.wishes if isinstance(w.what, Constraint) and not w.hard)
        missed = {c.slot for c in (*candidate.missed, *(c for c in soft if not _met(candidate, c)))}
        wishes = {w.slot: w.what for w in need.wishes}
        met = [f for f in evidence if f.slot not in missed]
        if not met:
            return self._plain_reason(need, candidate, language)
        while len(met) > REASON_FACTS:  # what was wished last tells most; that it is of the kind, least
            met.remove(next((f for f in met if f.slot == "category"), met[0]))
        return say.say(language, "reason_join").join(self._fact_words(f, wishes.get(f.slot), language) for f in met)

    def _fact_words(self, fact: Fact, wish: object, language: Language) -> str:
        name = say.slot_name(language, self._slots.get(fact.slot, fact.slot))
        value = say.fact_value(language, fact)
        if fact.slot in ("brand", "category"):
            return say.kind_name(language, value) if fact.slot == "category" else value
        if isinstance(wish, Constraint) and wish.op.bound:
            return say.say(language, "within", slot=name, value=value, wish=_bare(language, wish))
        if isinstance(fact.value, bool):
            return name if fact.value else say.say(language, "match", slot=name, value=value)
        return say.say(language, "match", slot=name, value=value)

    def _plain_reason(self, need: Need, candidate: Candidate, language: Language) -> str:
        words = need.query
        if words and candidate.ranks:
            return say.say(language, "because_words", words=words)
        kind = candidate.product.kind
        return (kind and say.kind_name(language, kind)) or candidate.product.brand or candidate.product.title


def _met(candidate: Candidate, wish: Constraint) -> bool:
    return meets_wish(candidate.product, candidate.variant, wish)


def _bare(language: Language, wish: Constraint) -> str:
    """The wish without its slot's name: "at most 30"."""
    return say.wish_words(language, wish).removeprefix(say.slot_name(language, wish.slot)).strip()


def _order_fact(candidate: Candidate, order: Order) -> Fact | None:
    return next(iter(candidate.product.facts(candidate.variant, order.slot)), None)
