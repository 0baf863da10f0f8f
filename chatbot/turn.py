"""One turn, top to bottom: text -> StateUpdate -> DialogueState -> Query -> Candidates -> Suggestions -> Turn.

READ FIRST. Holds no dialogue: state in, state out. Where there is a model it is asked to understand and to rank; the
embedded parts read and rank first and stand in for it, stage by stage. Knows nothing of HTTP, terminals or storage.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice
from pathlib import Path

from catalog.store import Catalog
from catalog.types import Constraint, Fact, Op
from chatbot import elicit, say, taps
from chatbot import state as states
from chatbot.advice import advise, is_asked
from chatbot.asking import Asking, Model, with_model
from chatbot.events import Event, Finished, Recalled, Said, Suggested, Tracked
from chatbot.policy import Plan, decide
from chatbot.rank.claims import check
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.rank.llm import LLMRanker
from chatbot.rank.manner import is_stump
from chatbot.rank.support import with_unit
from chatbot.reply import Reply, done, for_what, headline, make_moves, noted, own_up, unchecked, with_missed
from chatbot.stopwatch import Stopwatch
from chatbot.titles import title_in
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.llm import LLMTracker
from chatbot.types import (
    Addition,
    AgentAct,
    DialogueState,
    Exchange,
    Need,
    Pending,
    Ranked,
    Ranker,
    StateUpdate,
    Suggestion,
    Text,
    Tracker,
    UserAct,
    Wish,
)
from llm.types import Call
from retrieval.embedder import Embedder, PackagedEncoder
from retrieval.retriever import Retriever
from retrieval.types import Candidate, Query, Retrieved

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
        model: Model | None = None,
    ) -> None:
        self.catalog = catalog
        self.cards = cards
        self._tracker = tracker
        self._retriever = retriever
        self._ranker = ranker
        self._slots = {slot.name: slot for slot in catalog.slots}
        brands = catalog.vocabulary("brand") if "brand" in self._slots else ()
        self._brands = frozenset(term.value for term in brands)
        self._embedder = embedder
        self.model = model
        self._llm_tracker = LLMTracker(tracker) if isinstance(tracker, EmbeddedTracker) else None
        self._llm_ranker = LLMRanker(self._slots)

    @classmethod
    def open(
        cls,
        db: str | Path,
        model: Model | None = None,
        *,
        cards: int = CARDS,
        embedder: Embedder | None = None,
    ) -> Chatbot:
        """The assistant over the catalogue at `db`; without a model, the embedded one. NoCatalog when there is none.

        `embedder`: defaults to the packaged encoder when the catalogue holds vectors of it.
        """
        catalog = Catalog.open(db)
        if embedder is None and catalog.vectors is not None:
            embedder = PackagedEncoder()
        ranker = EmbeddedRanker({s.name: s for s in catalog.slots})
        tracker, retriever = EmbeddedTracker(catalog, embedder), Retriever(catalog, embedder)
        return cls(catalog, tracker, retriever, ranker, cards, embedder, model)

    def refreshed(self) -> Chatbot:
        """The assistant over the catalogue as it is on the disk now: this one, when nothing was imported since.

        NoCatalog when the file has gone or is of no use; this assistant goes on working all the same.
        """
        if not self.catalog.superseded():
            return self
        return Chatbot.open(self.catalog.path, self.model, cards=self.cards, embedder=self._embedder)

    def with_model(self, model: Model | None) -> Chatbot:
        """This assistant with another model behind it, or with none."""
        other = copy(self)
        other.model = model
        return other

    def turn(self, state: DialogueState, text: str, call: Call | None = None) -> Iterator[Event]:
        """Answer one message. Ends in Finished(turn, state); the state given is not changed.

        `call`: whose turn it is, and how to stop a model in the middle of it; closing the events stops it too.
        """
        started = time.perf_counter()
        asking = self.model.asking(call) if self.model else None
        # 1 track: what did the shopper just tell us?
        by_model = self._llm_tracker if asking else None
        update = by_model.track(state, text, asking) if by_model and asking else self._tracker.track(state, text)
        yield from self._answer(state, update, text, started, asking)

    def edit(
        self,
        state: DialogueState,
        remove: tuple[str, ...] = (),
        add: tuple[Constraint, ...] = (),
        call: Call | None = None,
    ) -> Iterator[Event]:
        """The shopper edits the ledger by hand: wishes clicked off (by id) or added. Answered like a message."""
        update = StateUpdate(
            (UserAct.INFORM,), add=tuple(Addition(c) for c in add), remove=remove, language=state.language
        )
        yield from self._answer(state, update, "", time.perf_counter(), self.model.asking(call) if self.model else None)

    def _answer(
        self, before: DialogueState, update: StateUpdate, text: str, started: float, asking: Asking | None
    ) -> Iterator[Event]:
        state = states.apply(before, update)
        watch = Stopwatch(started)
        yield Tracked(update, state, update.by)
        watch.lap("track")

        # 2 decide: which moves does this turn make? Those that need no search are made at once
        plan = decide(before, state, update)
        state = states.remember(state, (), rejected=plan.turned_down)
        reply = Reply(update.language, text)
        make_moves(self.catalog, plan, state, update, reply, can_undo=bool(before.undo))

        # 3 recall: which items could answer each need? relaxed where none does
        needs = state.active_needs if plan.recommend else ()
        recalled = [self._recall(state, need, plan) for need in needs]
        watch.lap("recall")
        yield from recalled

        # 4 rank and explain, card by card; where advice is asked for, the model's call goes to that
        advising = asking if asking and is_asked(text, state, update, self._retriever.unknown) else None
        limits = deal(self.cards, [len(r.retrieved.candidates) for r in recalled])
        for need, found, limit in zip(needs, recalled, limits, strict=True):
            self._introduce(need, found.retrieved, plan, reply)
            for suggestion in self._suggest(need, found.retrieved, limit, state, reply, None if advising else asking):
                reply.cards.append(suggestion)
                yield Suggested(suggestion)
        if not plan.recommend:
            for suggestion in self._ideas(state, reply) if plan.ideas else self._show(state, reply):
                reply.cards.append(suggestion)
                yield Suggested(suggestion)
        watch.lap("rank")

        # 5 ask at most one question, say the rest, hand the new state back
        self._close(state, plan, reply)
        if advising:
            in_hand = (self._facts(Candidate(product, None, 1.0)) for product in self.catalog.get(before.focus[:2]))
            advise(reply, state, self._brands, in_hand, advising)
        words = say.sentences(reply.language, reply.said)
        yield Said(words)
        after = states.remember(
            state,
            tuple(reply.cards),
            focus=tuple(reply.about),
            asked=reply.asked,
            accepted=plan.taken,
            pending=_pending(plan, update, reply),
            answered=tuple(q for q in plan.questions if q.items),
        )
        after = states.talked(after, Exchange(text, done(reply)))
        turn = reply.as_turn(after, update, words, watch.total())
        yield Finished(with_model(turn, asking) if asking else turn, after)

    def _recall(self, state: DialogueState, need: Need, plan: Plan) -> Recalled:
        """The candidates of one need; none, rather than near misses, when all that match were shown and more is asked.
        Where the wishes changed as well, what was shown is shown again before nothing is."""
        shown = {id for s in state.shown for id in s.ids} if plan.fresh else set()
        query = states.to_query(state, need, shown)
        retrieved = self._retriever.retrieve(query, RECALL)
        if plan.again and not retrieved.matched:
            query = states.to_query(state, need)
            retrieved = self._retriever.retrieve(query, RECALL)
        elif plan.fresh and not retrieved.matched and self.catalog.match(query.hard).any():
            retrieved = replace(retrieved, candidates=(), relaxed=())
        return Recalled(need.id, query, retrieved)

    def _introduce(self, need: Need, retrieved: Retrieved, plan: Plan, reply: Reply) -> None:
        """What is said of a need's cards before they come; the headline over those that match is said once for all."""
        if retrieved.matched:
            reply.add(AgentAct.RECOMMEND)
            reply.found.append((need, retrieved.matched))
        elif plan.fresh and not retrieved.candidates:
            reply.add(AgentAct.NO_MATCH, say.say(reply.language, "no_more", what=for_what([need], reply.language)))
            reply.replies = reply.replies or taps.looser(self.catalog, need, reply.language)
            reply.said.append(say.say(reply.language, "loosen") if reply.replies else "")
        else:
            own_up(self.catalog, need, retrieved, reply)

    def _suggest(
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

    def _show(self, state: DialogueState, reply: Reply) -> Iterator[Suggestion]:
        """The cards of items that a question about the catalogue was answered by ("your cheapest")."""
        place = state.active[0] if state.active else 0
        for answered in reply.to_show:
            hard = [what for what in answered.within if isinstance(what, Constraint)]
            wishes = tuple(Wish(f"q{n}", place, what, True, state.turn) for n, what in enumerate(answered.within))
            found = tuple(
                Candidate(product, self.catalog.variant_for(position, hard), 1.0)
                for product in self.catalog.get(answered.cards)
                if (position := self.catalog.position(product.id)) is not None
            )
            yield from self._suggest(Need(place, "", wishes), Retrieved(found, len(found)), self.cards, state, reply)

    def _ideas(self, state: DialogueState, reply: Reply) -> Iterator[Suggestion]:
        """One thing of each of the commonest kinds, for a shopper who has named nothing twice."""
        reply.add(AgentAct.RECOMMEND)
        seen = frozenset(id for shown in state.shown for id in shown.ids)
        for number, kind in enumerate(taps.kinds_here(self.catalog)):
            wanted = Constraint("category", Op.EQ, kind)
            retrieved = self._retriever.retrieve(Query(hard=(wanted,), excluded=seen), 1)
            need = Need(0, "", (Wish(f"q{number}", 0, wanted, True, state.turn),))
            yield from self._suggest(need, retrieved, 1, state, reply)

    def _checked(self, need: Need, ranked: Ranked, among: Sequence[Candidate], reply: Reply) -> str:
        """The reason, whoever worded it, without what the record does not support; a plain fact where nothing is left."""
        candidate = ranked.candidate
        met = [w.what for w in need.wishes if isinstance(w.what, Constraint) and w.what not in candidate.missed]
        others = [
            c for c in (*(card.candidate for card in reply.cards), *among) if c.product.id != candidate.product.id
        ]
        beside = (self._facts(other) for other in others)  # "the cheapest" is so among all it was chosen from
        asked = (reply.message, need.query, *(w.text for w in need.wishes if isinstance(w.what, Text)))
        said = "" if ranked.ranked_by == "llm" else ranked.reason  # words of our own need no record
        reason = check(ranked.reason, self._facts(candidate), met, beside, self._brands, asked, said)
        plain = ranked.plain or candidate.product.kind or candidate.product.title
        reason = plain if is_stump(reason) else reason
        return with_missed(reason, candidate.product, candidate.missed, reply.language)

    def _facts(self, candidate: Candidate) -> tuple[Fact, ...]:
        """What may be said of a candidate: its record's facts, numbers with the unit that their slot measures in."""
        product = candidate.product
        return tuple(with_unit(f, self._slots.get(f.slot), product.kind) for f in product.facts(candidate.variant))

    def _close(self, state: DialogueState, plan: Plan, reply: Reply) -> None:
        """The headline over the cards and the question; never nothing at all."""
        if plan.recommend:
            unsure = unchecked(state, reply, self.catalog.lexicon)
            yes = plan.exists and not unsure and AgentAct.NO_MATCH not in reply.acts
            reply.said.append(headline(reply.found, plan.fresh, reply.language, self.cards, yes))
            reply.said.append(noted(unsure, reply.language))
            self._ask(state, plan, reply)
        elif plan.elicit:
            reply.add(AgentAct.ELICIT, say.say(reply.language, "ideas" if plan.ideas else "ask_need"))
            reply.asked = ("category",) if "category" in self._slots else ()
        if not (state.active or reply.replies or (reply.cards and not plan.ideas)):
            reply.replies = taps.kinds_here(self.catalog)
        if not reply.acts:
            reply.add(AgentAct.ELICIT, say.say(reply.language, "not_understood"))

    def _ask(self, state: DialogueState, plan: Plan, reply: Reply) -> None:
        """At most one question, about the first active need, when its answer would narrow the choice."""
        need = state.active_needs[0]
        mask = self.catalog.match(states.to_query(state, need).hard)
        asked = (
            None if plan.questions or plan.fresh or plan.which else elicit.question_for(self.catalog, state, need, mask)
        )
        if asked is not None:
            reply.add(AgentAct.ELICIT, taps.ask_words(asked, reply.language))
            reply.asked = (asked.name,)
        reply.replies = reply.replies or taps.replies_for(
            self.catalog, asked, need, mask, len(reply.cards), reply.language
        )


def _pending(plan: Plan, update: StateUpdate, reply: Reply) -> Pending | None:
    """What the turn asked, for the next message to be read as the answer."""
    if plan.which:
        return Pending(which=plan.which, acts=update.acts, questions=update.questions)
    return Pending(slot=reply.asked[0]) if reply.asked else None


def deal(cards: int, available: Sequence[int]) -> list[int]:
    """How many cards each need gets: dealt in turn until the cards or what there is to show runs out."""
    dealt = [0] * len(available)
    while cards and (open_ := [i for i, most in enumerate(available) if dealt[i] < most]):
        for i in open_[:cards]:
            dealt[i] += 1
        cards -= min(cards, len(open_))
    return dealt
