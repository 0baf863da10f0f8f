"""Cards: candidates ranked, each with a reason that its record bears out.

Knows ranking and the checking of claims; knows nothing of what a turn shows cards for, nor of how candidates were found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from catalog.store import Catalog
from catalog.types import Constraint, Fact, Op
from chatbot import taps
from chatbot.asking import Asking
from chatbot.protocols import Ranker
from chatbot.rank.claims import check
from chatbot.rank.llm import LLMRanker
from chatbot.rank.manner import is_stump
from chatbot.rank.support import with_unit
from chatbot.reply import Reply, with_missed
from chatbot.titles import title_in
from chatbot.types import AgentAct, DialogueState, Need, Ranked, Suggestion, Text, Wish
from retrieval.retriever import Retriever
from retrieval.types import Candidate, Query, Retrieved

RECALL = 20


class Suggester:
    """Makes the cards of a turn over one catalogue. Safe to share between threads: it keeps nothing between turns."""

    def __init__(self, catalog: Catalog, retriever: Retriever, ranker: Ranker, cards: int) -> None:
        self._catalog = catalog
        self._retriever = retriever
        self._ranker = ranker
        self._cards = cards
        self._slots = {slot.name: slot for slot in catalog.slots}
        self.brands = (
            frozenset(term.value for term in catalog.vocabulary("brand")) if "brand" in self._slots else frozenset()
        )
        self._llm_ranker = LLMRanker(self._slots)

    def suggest(
        self,
        need: Need,
        retrieved: Retrieved,
        limit: int,
        state: DialogueState,
        reply: Reply,
        asking: Asking | None = None,
    ) -> Iterator[Suggestion]:
        """The cards of one need: at most `limit`, none that stands on the turn's list already. The model chooses among
        all candidates, in the light of what the embedded ranker says of each."""
        listed = {card.candidate.product.id for card in reply.cards}
        fresh = tuple(c for c in retrieved.candidates if c.product.id not in listed)
        ranked = self._ranker.rank(
            need, replace(retrieved, candidates=fresh), RECALL if asking else limit, reply.language
        )
        if asking:
            ranked = self._llm_ranker.rank(need, tuple(ranked), limit, reply.language, reply.message, asking)
        for rank, found in enumerate(islice(ranked, limit), len(reply.cards) + 1):
            yield Suggestion(
                id=f"i{state.impressions + rank}",
                need=need.id,
                rank=rank,
                candidate=found.candidate,
                reason=self._checked(need, found, fresh, reply),
                evidence=found.evidence,
                ranked_by=found.ranked_by,
                title=title_in(reply.language, found.candidate.product),
            )

    def show(self, state: DialogueState, reply: Reply) -> Iterator[Suggestion]:
        """The cards of items that a question about the catalogue was answered by ("your cheapest")."""
        place = state.active[0] if state.active else 0
        for answered in reply.to_show:
            hard = [what for what in answered.within if isinstance(what, Constraint)]
            wishes = tuple(Wish(f"q{n}", place, what, True, state.turn) for n, what in enumerate(answered.within))
            found = tuple(
                Candidate(product, self._catalog.variant_for(position, hard), 1.0)
                for product in self._catalog.get(answered.cards)
                if (position := self._catalog.position(product.id)) is not None
            )
            yield from self.suggest(Need(place, "", wishes), Retrieved(found, len(found)), self._cards, state, reply)

    def ideas(self, state: DialogueState, reply: Reply) -> Iterator[Suggestion]:
        """One thing of each of the commonest kinds, for a shopper who has named nothing twice."""
        reply.add(AgentAct.RECOMMEND)
        seen = frozenset(id for shown in state.shown for id in shown.ids)
        for number, kind in enumerate(taps.kinds_here(self._catalog)):
            wanted = Constraint("category", Op.EQ, kind)
            retrieved = self._retriever.retrieve(Query(hard=(wanted,), excluded=seen), 1)
            need = Need(0, "", (Wish(f"q{number}", 0, wanted, True, state.turn),))
            yield from self.suggest(need, retrieved, 1, state, reply)

    def _checked(self, need: Need, ranked: Ranked, among: Sequence[Candidate], reply: Reply) -> str:
        """The reason, whoever worded it, without what the record does not support; a plain fact where nothing is left."""
        candidate = ranked.candidate
        met = [w.what for w in need.wishes if isinstance(w.what, Constraint) and w.what not in candidate.missed]
        others = [
            c for c in (*(card.candidate for card in reply.cards), *among) if c.product.id != candidate.product.id
        ]
        beside = (self.facts(other) for other in others)  # "the cheapest" is so among all it was chosen from
        asked = (reply.message, need.query, *(w.text for w in need.wishes if isinstance(w.what, Text)))
        said = "" if ranked.ranked_by == "llm" else ranked.reason  # words of our own need no record
        reason = check(ranked.reason, self.facts(candidate), met, beside, self.brands, asked, said)
        plain = ranked.plain or candidate.product.kind or candidate.product.title
        reason = plain if is_stump(reason) else reason
        return with_missed(reason, candidate.product, candidate.missed, reply.language)

    def facts(self, candidate: Candidate) -> tuple[Fact, ...]:
        """What may be said of a candidate: its record's facts, numbers with the unit that their slot measures in."""
        product = candidate.product
        return tuple(with_unit(f, self._slots.get(f.slot), product.kind) for f in product.facts(candidate.variant))
