"""One turn, top to bottom: text -> StateUpdate -> DialogueState -> Query -> Candidates -> Suggestions -> Turn.

READ FIRST. Holds no dialogue: state in, state out. Where there is a model it is asked to understand and to rank; the
embedded parts read and rank first and stand in for it, stage by stage. Knows nothing of HTTP, terminals or storage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

from catalog.store import Catalog
from catalog.types import Constraint
from chatbot import elicit, orders, say, tapped, taps, trouble
from chatbot import state as states
from chatbot.advice import advise, is_asked
from chatbot.asking import Model, with_model
from chatbot.context import Context
from chatbot.events import Event, Finished, Recalled, Said, Suggested, Tracked
from chatbot.faq import Help, Topic
from chatbot.gestures import Edited, Gesture
from chatbot.item_help import ItemHelp
from chatbot.on_page import of_page
from chatbot.policy import Plan, decide
from chatbot.protocols import Ranker, Tracker
from chatbot.quoted import Quoted
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.reply import Reply, done, headline, make_moves, noted, own_up, unchecked, unmet
from chatbot.service import order_of, say_quoted, say_service
from chatbot.smalltalk import SmallTalk
from chatbot.sought import for_what
from chatbot.steps import Latest
from chatbot.stopwatch import Stopwatch
from chatbot.suggesting import RECALL, Suggester
from chatbot.taken import Message, Taken
from chatbot.track import aside
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.llm import LLMTracker
from chatbot.types import (
    AgentAct,
    DialogueState,
    Exchange,
    Language,
    Need,
    Pending,
    StateUpdate,
)
from llm.types import Call
from retrieval.embedder import Embedder, PackagedEncoder
from retrieval.evidence import ItemAnswers
from retrieval.faq import FaqRetriever
from retrieval.retriever import Retriever
from retrieval.types import Candidate, Query, Retrieved

CARDS = 5


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
        self._cards = Suggester(catalog, retriever, ranker, cards)
        self._embedder = embedder
        self._item_help = ItemHelp(catalog, ItemAnswers(catalog.faq, embedder))
        answers = FaqRetriever(catalog.faq, embedder)
        self._help = Help(answers, self._item_help.own, self._part)
        self._small_talk = SmallTalk(answers, catalog.faq.passages, catalog.name)
        self.model = model
        self._llm_tracker = LLMTracker(tracker) if isinstance(tracker, EmbeddedTracker) else None

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

    def search(self, query: Query, limit: int) -> Retrieved:
        """Retrieval alone, without a dialogue: what the shop has for words and constraints."""
        return self._retriever.retrieve(query, limit)

    def policy(self, topic: Topic, language: Language) -> Quoted | None:
        """What the shop itself says of delivery or returns, to stand beside an item; None where it says nothing."""
        return self._help.policy(topic, language)

    def turn(
        self, state: DialogueState, text: str, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]:
        """Answer one message. Ends in Finished(turn, state); the state given is not changed.

        `call`: whose turn it is, and how to stop a model in the middle of it; closing the events stops it too.
        `context`: the page that is open, and the shop's people and systems.
        """
        yield from self._take(state, text, call, context)

    def edit(
        self,
        state: DialogueState,
        remove: tuple[str, ...] = (),
        add: tuple[Constraint, ...] = (),
        call: Call | None = None,
        context: Context | None = None,
    ) -> Iterator[Event]:
        """The shopper edits the ledger by hand: wishes clicked off (by id) or added. Answered like a message."""
        yield from self._take(state, Edited(remove, add), call, context)

    def gesture(
        self, state: DialogueState, gesture: Gesture, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]:
        """The shopper taps where others type. Answered like a message; BadEdit, before the first event, when the gesture
        names an item or a wish that is not there."""
        yield from self._take(state, gesture, call, context)

    def _take(self, state: DialogueState, what: Message, call: Call | None, context: Context | None) -> Iterator[Event]:
        taken = Taken(what, context or Context(), self.model.asking(call) if self.model else None)
        # 1 track: what did the shopper just tell us? What is answered again is told to the state that it met
        before = states.on_page(state, self._page(taken.context))
        if isinstance(what, Gesture):
            update = tapped.read(what, before, self.catalog)
            if what.type == "retry" and before.last:
                taken = replace(taken, again=before.last.what)
                before = states.unanswered(before)
                update = self._understood(before, taken)
        else:
            update = self._understood(before, taken)
        yield from self._answer(before, update, taken)

    def _understood(self, state: DialogueState, taken: Taken) -> StateUpdate:
        what = taken.message
        if isinstance(what, Gesture):
            return tapped.read(what, state, self.catalog)
        if isinstance(what, Edited):
            return tapped.by_hand(what, state)
        if (apart := taken.aside(state)).alone:  # what is said to the assistant itself is no wish
            return aside.alone(apart, state)
        said = taken.said(state)  # no model sees the number of an order, and nothing takes it for a price
        if self._llm_tracker and taken.asking:
            update = self._llm_tracker.track(state, said.left, taken.asking)
        else:
            update = self._tracker.track(state, said.left)
        if trouble.told(said.words):
            return trouble.noted(update, said.words)
        for product in self.catalog.get((state.page,)) if state.page else ():
            update = of_page(update, state, product)
        return aside.noted(orders.noted(update, said), apart)

    def _part(self, state: DialogueState, text: str) -> StateUpdate:
        """A part of a message as if it stood alone, read without a model."""
        return trouble.noted(self._tracker.track(state, text), text)

    def _page(self, context: Context) -> str | None:
        """The product whose page is open, where it is one of this shop's."""
        return next((p.id for p in self.catalog.get((context.item,))), None) if context.item else None

    def _answer(self, before: DialogueState, update: StateUpdate, taken: Taken) -> Iterator[Event]:
        text, asking, said = taken.text, taken.asking, taken.said(before)
        order = order_of(update, taken.context.counter)
        unanswered = said.plain if order is None or order.found == "absent" else said.rest
        # what the shop itself has written an answer to
        asked = self._help.beside(self._help.heard(before, update, unanswered), unanswered)
        update = asked.update
        state = states.apply(before, update)
        watch = Stopwatch(taken.started)
        yield Tracked(update, state, update.by)
        watch.lap("track")

        # 2 decide: which moves does this turn make? Those that need no search are made at once
        plan = decide(before, state, update, isinstance(taken.message, Gesture))
        state = states.remember(state, (), rejected=plan.turned_down)
        reply = Reply(update.language, text, quoted=list(asked.quoted), order=order)
        self._small_talk.answer(taken.aside(before), plan, update, taken.context, bool(asking), reply)
        say_service(plan, state, update, taken.context.counter, reply)
        if reply.handoff == "absent" and not reply.quoted:
            reply.quoted.extend(q for q in (self._help.policy("contact", update.language),) if q)
        make_moves(self.catalog, plan, state, update, reply, bool(before.undo), self._item_help)
        say_quoted(reply)

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
            for suggestion in self._cards.suggest(
                need, found.retrieved, limit, state, reply, None if advising else asking
            ):
                reply.cards.append(suggestion)
                yield Suggested(suggestion)
        if not plan.recommend:
            for suggestion in self._cards.ideas(state, reply) if plan.ideas else self._cards.show(state, reply):
                reply.cards.append(suggestion)
                yield Suggested(suggestion)
        watch.lap("rank")

        # 5 ask at most one question, say the rest, hand the new state back
        self._close(state, plan, reply)
        if advising:
            in_hand = (
                self._cards.facts(Candidate(product, None, 1.0)) for product in self.catalog.get(before.focus[:2])
            )
            advise(reply, state, self._cards.brands, in_hand, advising)
        words = say.sentences(reply.language, reply.said)
        yield Said(words)
        after = states.talked(_remembered(state, plan, update, reply), Exchange(taken.told(before), done(reply)))
        after = replace(after, last=Latest(taken.message, replace(before, last=None)))
        turn = reply.as_turn(after, update, words, watch.total())
        turn = replace(turn, gesture=taken.gesture, took_back=_took_back(before, taken, plan))
        yield Finished(with_model(turn, asking) if asking else turn, after)

    def _recall(self, state: DialogueState, need: Need, plan: Plan) -> Recalled:
        """The candidates of one need; none, rather than near misses, when all that match were shown and more is asked.
        Where the wishes changed as well, what was shown is shown again before nothing is."""
        shown = {id for s in state.shown for id in s.ids} if plan.fresh else set()
        query = states.to_query(state, need, shown | set(plan.beside))
        retrieved = self._retriever.retrieve(query, RECALL)
        if plan.again and not retrieved.matched:
            query = states.to_query(state, need, plan.beside)
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

    def _close(self, state: DialogueState, plan: Plan, reply: Reply) -> None:
        """The headline over the cards and the question; never nothing at all."""
        if plan.recommend:
            unsure = unchecked(state, reply, self.catalog.lexicon)
            yes = plan.exists and not unsure and AgentAct.NO_MATCH not in reply.acts
            reply.said.append(headline(reply.found, plan.fresh, reply.language, self.cards, yes))
            reply.said.extend((noted(unsure, reply.language), unmet(state, reply)))
            self._ask(state, plan, reply)
        elif plan.elicit:
            reply.add(AgentAct.ELICIT, say.say(reply.language, "ideas" if plan.ideas else "ask_need"))
            reply.asked = ("category",) if any(slot.name == "category" for slot in self.catalog.slots) else ()
        if not (state.active or reply.quiet or reply.replies or (reply.cards and not plan.ideas)):
            reply.replies = taps.named(taps.kinds_here(self.catalog), reply.language)
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


def _took_back(before: DialogueState, taken: Taken, plan: Plan) -> int | None:
    """The turn that is answered again, or whose change is taken back."""
    if taken.again is not None:
        return before.turn
    return before.undo[-1].turn if plan.undone and before.undo else None


def _remembered(state: DialogueState, plan: Plan, update: StateUpdate, reply: Reply) -> DialogueState:
    """The state with what the turn came to."""
    return states.remember(
        state,
        tuple(reply.cards),
        focus=tuple(reply.about),
        asked=reply.asked,
        accepted=plan.taken,
        pending=_pending(plan, update, reply),
        answered=tuple(q for q in plan.questions if q.items),
    )


def _pending(plan: Plan, update: StateUpdate, reply: Reply) -> Pending | None:
    """What the turn asked, for the next message to be read as the answer."""
    if plan.which:
        return Pending(which=plan.which, acts=update.acts, questions=update.questions)
    if reply.order and reply.order.found == "unnamed":
        return Pending(order=True)
    return Pending(slot=reply.asked[0]) if reply.asked else None


def deal(cards: int, available: Sequence[int]) -> list[int]:
    """How many cards each need gets: dealt in turn until the cards or what there is to show runs out."""
    dealt = [0] * len(available)
    while cards and (open_ := [i for i, most in enumerate(available) if dealt[i] < most]):
        for i in open_[:cards]:
            dealt[i] += 1
        cards -= min(cards, len(open_))
    return dealt
