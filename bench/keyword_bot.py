"""The baseline beside ours: keyword search of the last message under the last budget named. No dialogue at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.events import Event, Finished, Suggested, Turn
from chatbot.state import remember
from chatbot.types import AgentAct, DialogueState, Need, Suggestion, Wish
from retrieval.types import Candidate

CARDS = 5
_BUDGET = re.compile(
    r"(?:under|below|max(?:imum)?|up to|at most|(?:less|more|over) than|over|limit|budget|within|for)\D{0,12}(\d+(?:\.\d+)?)"
    r"|(\d+(?:\.\d+)?)\s*(?:bucks|dollars|max|tops|以内|以下)",
    re.IGNORECASE,
)


class KeywordBot:
    """Always recommends the five best by BM25 that cost no more than the last budget."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def turn(self, state: DialogueState, text: str) -> Iterator[Event]:
        found = _BUDGET.search(text)
        before = state.needs[0].wishes if state.needs else ()
        budget = Constraint("price", Op.LE, float(found[1] or found[2])) if found else None
        wishes = (Wish("w1", 1, budget, True, state.turn + 1),) if budget else before
        state = replace(state, turn=state.turn + 1, needs=(Need(1, text, wishes),), active=(1,))
        limits = tuple(w.what for w in wishes if isinstance(w.what, Constraint))
        cards = tuple(self._cards(text, limits))
        yield from (Suggested(card) for card in cards)
        acts = (AgentAct.RECOMMEND if cards else AgentAct.NO_MATCH,)
        turn = Turn(state.turn, text, state.language, (), acts, "", ledger=wishes, suggestions=cards)
        yield Finished(turn, remember(state, cards))

    def edit(self, state: DialogueState, remove: tuple[str, ...] = ()) -> Iterator[Event]:
        kept = tuple(w for w in state.wishes if w.id not in remove)
        query = state.needs[0].query if state.needs else ""
        yield from self.turn(replace(state, needs=(Need(1, query, kept),)), query)

    def _cards(self, text: str, limits: tuple[Constraint, ...]) -> Iterator[Suggestion]:
        hits = self._catalog.keywords(text, CARDS, mask=self._catalog.match(limits) if limits else None)
        ids = [self._catalog.ids[position] for position, _ in hits]
        for rank, product in enumerate(self._catalog.get(ids), start=1):
            candidate = Candidate(product, None, 0.0)
            yield Suggestion(f"i{rank}", 1, rank, candidate, "", (), "recall")
