"""One turn, top to bottom: text -> StateUpdate -> DialogueState -> Query -> Candidates -> Suggestions -> Turn.

READ FIRST. Holds no dialogue: state in, state reply. Knows nothing of HTTP, terminals, storage or which model answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from catalog.store import Catalog
from catalog.types import Constraint
from chatbot import elicit, say
from chatbot import state as states
from chatbot.policy import Plan, decide
from chatbot.rank.claims import check
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.reply import Reply, headline, make_moves, own_up, what_words
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import (
    Addition,
    AgentAct,
    DialogueState,
    Event,
    Finished,
    Need,
    Ranked,
    Ranker,
    Recalled,
    Said,
    StateUpdate,
    Suggested,
    Suggestion,
    Tracked,
    Tracker,
    UserAct,
)
from retrieval.embedder import Embedder, PackagedEncoder
from retrieval.retriever import Retriever
from retrieval.types import Retrieved

CARDS = 5
RECALL = 20


class Chatbot:
    """A shop's assistant over one catalogue. Safe to share between threads: it keeps nothing between turns."""

    def __init__(
        self,
        catalog: Catalog,
        tracker: Tracker,
        retriever: Retriever,
        ranker: Ranker,
        cards: int = CARDS,
        embedder: Embedder | None = None,
    ) -> None:
        self.catalog = catalog
        self.cards = cards
        self._tracker = tracker
        self._retriever = retriever
        self._ranker = ranker
        named = {slot.name for slot in catalog.slots}
        self._brands = frozenset(t.value for t in catalog.vocabulary("brand")) if "brand" in named else frozenset()
        self._embedder = embedder

    @classmethod
    def open(cls, db: str | Path, *, cards: int = CARDS, embedder: Embedder | None = None) -> Chatbot:
        """The embedded assistant over the catalogue at `db`. NoCatalog when there is none.

        `embedder`: defaults to the packaged encoder when the catalogue holds vectors of it.
        """
        catalog = Catalog.open(db)
        if embedder is None and catalog.vectors is not None:
            embedder = PackagedEncoder()
        ranker = EmbeddedRanker({s.name: s for s in catalog.slots})
        return cls(catalog, EmbeddedTracker(catalog, embedder), Retriever(catalog, embedder), ranker, cards, embedder)

    def refreshed(self) -> Chatbot:
        """The assistant over the catalogue as it is on the disk now: this one, when nothing was imported since.

        NoCatalog when the file has gone or is of no use; this assistant goes on working all the same.
        """
        if not self.catalog.superseded():
            return self
        return Chatbot.open(self.catalog.path, cards=self.cards, embedder=self._embedder)

    def turn(self, state: DialogueState, text: str) -> Iterator[Event]:
        """Answer one message. Ends in Finished(turn, state); the state given is not changed."""
        started = time.perf_counter()
        # 1 track: what did the shopper just tell us?
        update = self._tracker.track(state, text)
        yield from self._answer(state, update, text, started)

    def edit(
        self, state: DialogueState, remove: tuple[str, ...] = (), add: tuple[Constraint, ...] = ()
    ) -> Iterator[Event]:
        """The shopper edits the ledger by hand: wishes clicked off (by id) or added. Answered like a message."""
        update = StateUpdate(
            (UserAct.INFORM,), add=tuple(Addition(c) for c in add), remove=remove, language=state.language
        )
        yield from self._answer(state, update, "", time.perf_counter())

    def _answer(self, before: DialogueState, update: StateUpdate, text: str, started: float) -> Iterator[Event]:
        state = states.apply(before, update)
        can_undo = bool(before.undo)
        tracked = time.perf_counter()
        yield Tracked(update, state, "embedded")

        plan = decide(before, state, update)
        state = states.remember(state, (), rejected=plan.turned_down)
        reply = Reply(update.language)
        make_moves(self.catalog, plan, state, update, reply, can_undo)

        # 2 recall, 3 decide, 4 rank and explain: card by card
        recall_ms = rank_ms = 0.0
        if plan.recommend:
            for need in state.active_needs:
                begun = time.perf_counter()
                shown = {id for s in state.shown for id in s.ids} if plan.fresh else set()
                query = states.to_query(state, need, shown)
                retrieved = self._retriever.retrieve(query, RECALL)
                recalled = time.perf_counter()
                yield Recalled(need.id, query, retrieved)
                limit = max(1, self.cards // len(state.active_needs))
                for suggestion in self._suggest(state, need, retrieved, plan, reply, limit):
                    reply.cards.append(suggestion)
                    yield Suggested(suggestion)
                recall_ms += (recalled - begun) * 1000
                rank_ms += (time.perf_counter() - recalled) * 1000
            reply.said.append(headline(reply.found, plan.fresh, reply.language, self.cards))
            self._ask(state, plan, reply)
        elif plan.elicit:
            reply.add(AgentAct.ELICIT, say.say(reply.language, "ask_need"))
        if not reply.acts:
            reply.add(AgentAct.ELICIT, say.say(reply.language, "not_understood"))

        # 5 say the rest, hand the new state back
        words = say.sentences(reply.language, reply.said)
        yield Said(words)
        after = states.remember(
            state, tuple(reply.cards), focus=tuple(reply.about), asked=reply.asked, accepted=plan.taken
        )
        ended = time.perf_counter()
        ms = {
            "track": round((tracked - started) * 1000, 2),
            "recall": round(recall_ms, 2),
            "rank": round(rank_ms, 2),
            "total": round((ended - started) * 1000, 2),
        }
        yield Finished(reply.as_turn(after, update, text, words, ms), after)

    def _suggest(
        self, state: DialogueState, need: Need, retrieved: Retrieved, plan: Plan, reply: Reply, limit: int
    ) -> Iterator[Suggestion]:
        """The cards of one need, and the sentence above them."""
        if not retrieved.matched and plan.fresh and self._matching(need):
            reply.add(AgentAct.NO_MATCH, say.say(reply.language, "no_more", what=what_words(need, reply.language)))
            return
        if not retrieved.matched or not retrieved.candidates:
            own_up(need, retrieved, reply)
        else:
            reply.add(AgentAct.RECOMMEND)
            reply.found.append((need, retrieved.matched))
        for place, ranked in enumerate(self._ranker.rank(need, retrieved, limit, reply.language)):
            ranked = self._checked(need, ranked, reply)
            number = state.impressions + len(reply.cards) + 1
            yield Suggestion(
                f"i{number}",
                need.id,
                len(reply.cards) + 1,
                ranked.candidate,
                ranked.reason,
                ranked.evidence,
                ranked.ranked_by,
            )
            if place + 1 == limit:
                return

    def _checked(self, need: Need, ranked: Ranked, reply: Reply) -> Ranked:
        """Whoever worded the reason, what the record does not support is cut; a plain fact stands in for an empty one."""
        candidate = ranked.candidate
        met = [w.what for w in need.wishes if isinstance(w.what, Constraint) and w.what not in candidate.missed]
        beside = [card.candidate.product.facts(card.candidate.variant) for card in reply.cards]
        facts = candidate.product.facts(candidate.variant)
        reason = check(ranked.reason, facts, met, beside, self._brands)
        return replace(ranked, reason=reason or candidate.product.kind or candidate.product.title)

    def _ask(self, state: DialogueState, plan: Plan, reply: Reply) -> None:
        """At most one question, about the first active need, when its answer would narrow the choice."""
        need = state.active_needs[0]
        mask = self.catalog.match(states.to_query(state, need).hard)
        asked = None if plan.questions or plan.fresh else elicit.question_for(self.catalog, state, need, mask)
        if asked is not None:
            reply.add(AgentAct.ELICIT, elicit.ask_words(asked, reply.language))
            reply.asked = (asked.name,)
        reply.replies = reply.replies or elicit.replies_for(self.catalog, asked, mask, len(reply.cards), reply.language)

    def _matching(self, need: Need) -> int:
        """How many products meet the need's hard constraints, shown before or not."""
        hard = (w.what for w in need.wishes if w.hard)
        return int(self.catalog.match([c for c in hard if isinstance(c, Constraint)]).sum())
