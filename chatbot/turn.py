"""One turn, top to bottom: text -> StateUpdate -> DialogueState -> Query -> Candidates -> Suggestions -> Turn.

READ FIRST. Holds no dialogue: state in, state out. Knows nothing of HTTP, terminals, storage or which model answers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from catalog.store import Catalog
from catalog.types import Constraint
from chatbot import answers, elicit, say
from chatbot import state as states
from chatbot.compare import compare, compare_words
from chatbot.explain import explain
from chatbot.policy import Plan, decide
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import (
    Addition,
    AgentAct,
    DialogueState,
    Event,
    Finished,
    ItemFact,
    Language,
    Need,
    Question,
    Ranker,
    Recalled,
    Said,
    StateUpdate,
    Suggested,
    Suggestion,
    Table,
    Tracked,
    Tracker,
    Turn,
    UserAct,
)
from retrieval.embedder import Embedder, PackagedEncoder
from retrieval.retriever import Retriever
from retrieval.types import Retrieved

CARDS = 5
RECALL = 20
SMALL_TALK = ("greeting", "thanks", "bye")


@dataclass(slots=True)
class _Answer:
    """What a turn has come to so far; lives within one call of `turn`."""

    language: Language
    acts: list[AgentAct] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    cards: list[Suggestion] = field(default_factory=list)
    facts: list[ItemFact] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    relaxed: list[Constraint] = field(default_factory=list)
    replies: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    table: Table | None = None

    def add(self, act: AgentAct, text: str = "") -> None:
        if act not in self.acts:
            self.acts.append(act)
        if text:
            self.said.append(text)


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
        out = _Answer(update.language)
        self._reply(plan, state, update, out, can_undo)

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
                for suggestion in self._suggest(state, need, retrieved, plan, out, limit):
                    out.cards.append(suggestion)
                    yield Suggested(suggestion)
                recall_ms += (recalled - begun) * 1000
                rank_ms += (time.perf_counter() - recalled) * 1000
            self._ask(state, plan, out)
        elif plan.elicit:
            out.add(AgentAct.ELICIT, say.say(out.language, "ask_need"))
        if not out.acts:
            out.add(AgentAct.ELICIT, say.say(out.language, "not_understood"))

        # 5 say the rest, hand the new state back
        words = say.sentences(out.language, out.said)
        yield Said(words)
        after = states.remember(state, tuple(out.cards), focus=tuple(out.about), asked=out.asked, accepted=plan.taken)
        ended = time.perf_counter()
        ms = {
            "track": round((tracked - started) * 1000, 2),
            "recall": round(recall_ms, 2),
            "rank": round(rank_ms, 2),
            "total": round((ended - started) * 1000, 2),
        }
        yield Finished(self._turn(after, update, text, words, out, ms), after)

    def _reply(self, plan: Plan, state: DialogueState, update: StateUpdate, out: _Answer, can_undo: bool) -> None:
        """Every move that needs no search: about the shop and the talk first, then about items."""
        _say_service(plan, update, out)
        if plan.which:
            out.add(AgentAct.ELICIT, say.say(out.language, "which"))
            out.replies = tuple(p.title for p in self.catalog.get(plan.which))
        if plan.undone:
            out.add(AgentAct.CONFIRM, say.say(out.language, "undone" if can_undo else "nothing_to_undo"))
        if plan.cleared:
            out.add(AgentAct.CONFIRM, say.say(out.language, "cleared"))
        if plan.turned_down:
            _say_rejected(plan, out)
        self._confirm(plan, out)
        for question in plan.questions:
            self._inform(question, out)
        if plan.compare:
            self._compare(plan, state, out)
        for product in self.catalog.get(plan.explain):
            self._take(explain(state, product, out.language), AgentAct.EXPLAIN, out)
        if plan.pointless:
            out.add(AgentAct.ELICIT, say.say(out.language, "nothing_to_point"))
        if plan.absent:
            names = say.join(out.language, plan.absent)
            out.add(AgentAct.NO_MATCH, say.say(out.language, "not_carried", names=names))

    def _inform(self, question: Question, out: _Answer) -> None:
        self._take(answers.answer(self.catalog, question, out.language), AgentAct.INFORM, out)

    def _take(self, answered: answers.Answer, act: AgentAct, out: _Answer) -> None:
        out.add(act, answered.text)
        out.facts.extend(answered.facts)
        out.about.extend(answered.about)

    def _confirm(self, plan: Plan, out: _Answer) -> None:
        for product in self.catalog.get(plan.taken):
            price = product.price
            cost = (
                ""
                if price is None
                else (f" ({say.money(price)})" if out.language == "en" else f"（{say.money(price)}）")
            )
            out.add(AgentAct.CONFIRM, say.say(out.language, "accept", title=product.title, price=cost))
            out.about.append(product.id)

    def _compare(self, plan: Plan, state: DialogueState, out: _Answer) -> None:
        products = self.catalog.get(plan.compare)
        wishes = tuple(dict.fromkeys(w.slot for w in state.wishes))
        out.table = compare(self.catalog, products, wishes, out.language)
        out.add(AgentAct.COMPARE, compare_words(self.catalog, out.table, products, out.language))
        out.about.extend(p.id for p in products)

    def _suggest(
        self, state: DialogueState, need: Need, retrieved: Retrieved, plan: Plan, out: _Answer, limit: int
    ) -> Iterator[Suggestion]:
        """The cards of one need, and the sentence above them."""
        what = _what(need, out.language)
        if not retrieved.matched and plan.fresh and self._matching(need):
            out.add(AgentAct.NO_MATCH, say.say(out.language, "no_more", what=what))
            return
        if not retrieved.matched or not retrieved.candidates:
            self._own_up(need, retrieved, out)
        else:
            out.add(AgentAct.RECOMMEND, _headline(what, retrieved, plan, limit, out.language))
        for place, ranked in enumerate(self._ranker.rank(need, retrieved, limit, out.language)):
            number = state.impressions + len(out.cards) + 1
            yield Suggestion(
                f"i{number}",
                need.id,
                len(out.cards) + 1,
                ranked.candidate,
                ranked.reason,
                ranked.evidence,
                ranked.ranked_by,
            )
            if place + 1 == limit:
                return

    def _own_up(self, need: Need, retrieved: Retrieved, out: _Answer) -> None:
        """Nothing meets all hard wishes: say so, and what the near misses give up."""
        hard = [w.what for w in need.wishes if w.hard and isinstance(w.what, Constraint)]
        wishes = say.join(out.language, (say.wish_words(out.language, c) for c in hard)) or need.query
        out.add(AgentAct.NO_MATCH, say.say(out.language, "no_match", wishes=wishes))
        if retrieved.candidates and retrieved.relaxed:
            given = say.join(out.language, (say.wish_words(out.language, c) for c in retrieved.relaxed))
            out.said.append(say.say(out.language, "near", relaxed=given))
            out.relaxed.extend(c for c in retrieved.relaxed if c not in out.relaxed)

    def _ask(self, state: DialogueState, plan: Plan, out: _Answer) -> None:
        """At most one question, about the first active need, when its answer would narrow the choice."""
        need = state.active_needs[0]
        mask = self.catalog.match(states.to_query(state, need).hard)
        asked = None if plan.questions or plan.fresh else elicit.question_for(self.catalog, state, need, mask)
        if asked is not None:
            out.add(AgentAct.ELICIT, elicit.ask_words(asked, out.language))
            out.asked = (asked.name,)
        out.replies = out.replies or elicit.replies_for(self.catalog, asked, mask, len(out.cards), out.language)

    def _matching(self, need: Need) -> int:
        return int(
            self.catalog.match(
                tuple(c for c in (w.what for w in need.wishes if w.hard) if isinstance(c, Constraint))
            ).sum()
        )

    def _turn(
        self, state: DialogueState, update: StateUpdate, text: str, words: str, out: _Answer, ms: dict[str, float]
    ) -> Turn:
        return Turn(
            number=state.turn,
            user=text,
            language=out.language,
            user_acts=update.acts,
            acts=tuple(out.acts),
            text=words,
            ledger=state.wishes,
            dropped=tuple(d for d in state.dropped if d.turn == state.turn),
            needs=state.needs,
            active=state.active,
            refers_to=update.refers_to,
            about=tuple(dict.fromkeys(out.about)),
            relaxed=tuple(out.relaxed),
            table=out.table,
            suggestions=tuple(out.cards),
            quick_replies=out.replies,
            facts=tuple(out.facts),
            ms=ms,
        )


def _say_service(plan: Plan, update: StateUpdate, out: _Answer) -> None:
    """Talk that is not about products: refusals, greetings, policies, a wish for a person."""
    if plan.refuse:
        out.add(AgentAct.REFUSE, say.say(out.language, "injection" if "injection" in update.topics else "refuse"))
    if plan.chitchat:
        topic = next((t for t in update.topics if t in SMALL_TALK), "chitchat")
        out.add(AgentAct.CHITCHAT, say.say(out.language, topic))
    if plan.handoff:
        out.add(AgentAct.HANDOFF, say.say(out.language, "handoff"))
    if plan.faq:
        topics = say.topic_names(out.language, (t for t in update.topics if t not in SMALL_TALK))
        out.add(AgentAct.FAQ, say.say(out.language, "faq", topics=topics))


def _say_rejected(plan: Plan, out: _Answer) -> None:
    out.said.append(say.say(out.language, "rejected"))
    if not plan.recommend:
        out.add(AgentAct.CONFIRM)
        out.about.extend(plan.turned_down)


def _what(need: Need, language: Language) -> str:
    return need.query or say.say(language, "everything")


def _headline(what: str, retrieved: Retrieved, plan: Plan, limit: int, language: Language) -> str:
    if plan.fresh:
        return say.say(language, "more", what=what)
    if retrieved.matched == 1:
        return say.say(language, "recommend_one", what=what)
    if retrieved.matched <= limit:
        return say.say(language, "recommend_all", what=what, count=retrieved.matched)
    return say.say(language, "recommend", what=what)
