"""Where a message becomes a kept turn: store, assistant, store. The API and the page both stand at this desk.

The message is committed before the assistant sees it; the turn, the state and the cards are committed together
before the last event leaves. Decides nothing about the dialogue and knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

import anyio

from chatbot import joined, tapped
from chatbot.context import Context, Counter
from chatbot.events import Event, Finished, Recalled, Said, Suggested, Tracked
from chatbot.gestures import Gesture
from chatbot.memory.records import Conversation, Document, Edit, FeedbackType, Impression, Received, Session
from chatbot.memory.records import Sent as Message
from chatbot.memory.store import People
from chatbot.state_json import state_from_json, state_to_json
from chatbot.types import AgentAct, DialogueState
from chatbot.web import edits, logs
from chatbot.web.metrics import Metrics
from chatbot.web.pictures import Pictures
from chatbot.web.shop import Assistant, Shop
from chatbot.web.turnstile import Turnstile
from chatbot.web.words import language_of
from chatbot.wire import suggestion_to_json, turn_to_json, wish_to_json
from errors import BadEdit, TurnLeft
from llm.types import Call

TURNS_AT_ONCE = 128
"""Threads for turns, apart from the 40 that everything else has: a turn may wait seconds for a model. More than may
wait for a model at once, so that a slow one leaves room for turns that need none."""

TURNS_ALONE = 12
"""Threads for turns where there is no model to wait for: more hands than cores only get in each other's way, and a few
may wait for the shop's own systems."""

EventName = Literal[
    "turn.start", "status", "state", "card", "text.delta", "quick_replies", "handoff", "turn.end", "error"
]


@dataclass(frozen=True, slots=True)
class Sent:
    """One event of a turn as it is sent: its name and its JSON object."""

    name: EventName
    data: Document


class Service(Protocol):
    """The shop's people and systems, behind every conversation."""

    @property
    def features(self) -> dict[str, bool]:
        """What of it this shop has: "handoff", "orders", "watches"."""
        ...

    def counter(self, session: Session, key: str) -> Counter:
        """What answers one message's wish for a person, or for an order."""
        ...

    def heard(self, session: Session, key: str, text: str, after: int) -> bool:
        """Is a person in the conversation? Then the words are kept for them, once by their key, behind the turn `after`."""
        ...

    def joined(self, session: Session) -> bool:
        """Is a person in the conversation?"""
        ...

    def leave(self, session: Session) -> None:
        """The shopper goes back to the assistant."""
        ...


class Desk:
    """Safe to share between threads. One conversation answers one message at a time.

    `threads`: how many turns may be in the making at once, for those who make them in an event loop's threads. `service`:
    None where nobody stands behind the assistant. `pictures`: which may be shown. `name`: the shop's, where it is not the
    catalogue's.
    """

    def __init__(
        self,
        shop: Shop,
        people: People,
        turnstile: Turnstile | None = None,
        service: Service | None = None,
        pictures: Pictures | None = None,
        name: str = "",
    ) -> None:
        self.shop = shop
        self._name = name
        self.people = people
        self.service = service
        self.metrics = Metrics(shop.model, shop.ration)
        self.threads = anyio.CapacityLimiter(TURNS_ALONE if shop.model() is None else TURNS_AT_ONCE)
        self.pictures = pictures or Pictures(shop)
        self._turnstile = turnstile or Turnstile()

    @property
    def name(self) -> str:
        """What the shop is called."""
        return self._name or self.shop().catalog.name

    def open(self, locale: str, user: str | None = None, page: str | None = None) -> tuple[Session, str]:
        """A new conversation and its token."""
        return self.people.start(locale, user, page)

    def session(self, resume: str) -> Session | None:
        """Whose secret this is, on the shop's own page: what was opened on another site is resumed there alone."""
        session = self.people.session(resume)
        return session if session and session.origin is None else None

    def conversation(self, session: Session) -> Conversation:
        return self.people.conversation(session)

    def say(self, session: Session, text: str, key: str, call: Call | None = None) -> Generator[Sent]:
        """Answer a message; the same key again gives the same turn. Close it to stop, or cancel `call`, from any
        thread: then TurnLeft ends it, and the message stays unanswered.

        All refusals come before the first event: TurnOvertaken when the conversation is busy, StoreError when the
        message cannot be kept.
        """
        return self._turn(session, key, text, call)

    def edit(
        self,
        session: Session,
        key: str,
        remove: tuple[str, ...],
        add: tuple[str, ...],
        call: Call | None = None,
    ) -> Generator[Sent]:
        """Change the ledger by hand: wishes (by id or text) off, constraints (as text) on; answered like a message.

        BadEdit, before the first event, when there is no such wish or slot.
        """
        return self._turn(session, key, Edit(remove, add), call)

    def gesture(self, session: Session, key: str, gesture: Gesture, call: Call | None = None) -> Generator[Sent]:
        """A tap; answered like a message. BadEdit, before the first event, when it names what is not there."""
        return self._turn(session, key, gesture, call)

    def feedback(
        self, session: Session, type: FeedbackType, impression: str | None = None, item: str | None = None
    ) -> int | None:
        """Keep what the shopper did with a card of this conversation; None when it showed no such card."""
        shown = self.people.shown(session.id, impression=impression, item=item)
        if shown is None:
            return None
        self.metrics.happened(type)
        return self.people.feedback(session.id, shown, type)

    def _turn(self, session: Session, key: str, sent: Message, call: Call | None) -> Generator[Sent]:
        call = call or Call(session=session.id)
        self._turnstile.enter(session.id, key)
        try:
            start = Sent("turn.start", {"dialogue": session.id, "message_id": key})
            earlier = self.people.answered(session.id, key)
            if earlier is not None:
                yield from (start, *_again(earlier))
                return
            assistant = self.shop()
            received = self.people.receive(session.id, key, self._grounded(session, assistant, sent))
            if received.turn is not None:  # another process answered it meanwhile
                yield from (start, *_again(received.turn))
                return
            yield start
            yield from self._answer(session, assistant, received, call)
        finally:
            self._turnstile.leave(session.id, key)

    def _grounded(self, session: Session, assistant: Assistant, what: Message) -> Message:
        """An edit by wish ids, with constraints on slots that the catalogue has; a tap on what is there."""
        if isinstance(what, str):
            return what
        state = _state(session, self.people.state(session.id))
        if isinstance(what, Gesture):
            tapped.read(what, state, assistant.catalog)
            return what
        return self._by_id(state, assistant, what)

    def _by_id(self, state: DialogueState, assistant: Assistant, edit: Edit) -> Edit:
        ids = {name: wish.id for wish in state.wishes for name in (wish.text, wish.id)}
        unknown = [name for name in edit.remove if name not in ids]
        if unknown:
            raise BadEdit("An entry of remove is no wish that stands: give its id or its text as the ledger has it.")
        for text in edit.add:
            edits.constraint(text, assistant.catalog)
        return Edit(tuple(dict.fromkeys(ids[name] for name in edit.remove)), edit.add)

    def _answer(self, session: Session, assistant: Assistant, received: Received, call: Call) -> Generator[Sent]:
        state = _state(session, received.state)
        what, key = received.message.what, received.message.key
        if self.service and isinstance(what, str) and self.service.heard(session, key, what, state.turn):
            yield from self._sent(session, assistant, received, joined.passed_on(state, what))
            return
        counter = self.service.counter(session, key) if self.service else None
        context = Context(session.item, counter, self._name, kept=True)
        if isinstance(what, str):
            events = assistant.turn(state, what, call, context)
        elif isinstance(what, Gesture):
            events = assistant.gesture(state, what, call, context)
        else:
            add = tuple(edits.constraint(text, assistant.catalog) for text in what.add)
            events = assistant.edit(state, what.remove, add, call, context)
        if joined.is_kept(what) and self.service and self.service.joined(session):
            events = joined.noted(state, cast(Generator[Event], events), what if isinstance(what, Gesture) else None)
        yield Sent("status", {"stage": "track"})
        with closing(cast(Generator[Event], events)), self.metrics.watching():
            yield from self._sent(session, assistant, received, _until_left(events, call))

    def _sent(
        self, session: Session, assistant: Assistant, received: Received, events: Iterator[Event]
    ) -> Generator[Sent]:
        currency, language = assistant.catalog.currency, language_of(session.locale)
        for event in events:
            if isinstance(event, Tracked):
                language = event.update.language
                yield Sent("state", {"ledger": _ledger(event.state, currency)})
                yield Sent("status", {"stage": "recall"})
            elif isinstance(event, Recalled):
                yield Sent("status", {"stage": "rank", "matched": event.retrieved.matched})
            elif isinstance(event, Suggested):
                yield Sent("card", self.card(suggestion_to_json(event.suggestion, language)))
            elif isinstance(event, Said):
                yield Sent("text.delta", {"text": event.text})
            elif isinstance(event, Finished):
                turn = turn_to_json(event.turn, session.id, currency)
                turn["suggestions"] = [self.card(card) for card in turn["suggestions"]]
                shown = [Impression.of(s) for s in event.turn.suggestions]
                self.people.finish(received, turn, state_to_json(event.state), shown)
                self.metrics.answered(event.turn)
                logs.turned(event.turn, session.id)
                yield from _ending(turn)

    def card(self, card: Document) -> Document:
        """A card whose addresses a browser may follow."""
        return card | {"image": self.pictures(card["image"]), "url": self.pictures.link(card["url"])}


def _until_left(events: Iterator[Event], call: Call) -> Iterator[Event]:
    """The events of a turn that is still wanted. What a model left unsaid since then is no answer to keep."""
    for event in events:
        if call.cancel.is_set():
            raise TurnLeft("the turn was left before its end")
        yield event


def last(events: Iterator[Sent]) -> Document:
    """The whole turn, for those who do not watch it being made."""
    *_, end = events
    return end.data


def _again(turn: Document) -> Iterator[Sent]:
    """The events of a turn that was answered before."""
    yield Sent("state", {"ledger": turn["ledger"]})
    for card in turn["suggestions"]:
        yield Sent("card", card)
    yield Sent("text.delta", {"text": turn["text"]})
    yield from _ending(turn)


def _ending(turn: Document) -> Iterator[Sent]:
    """What ends every turn; `handoff` tells the shop's page that a person is wished for, and what came of it."""
    yield Sent("quick_replies", {"replies": turn["quick_replies"]})
    if AgentAct.HANDOFF in turn["acts"]:
        yield Sent("handoff", {"dialogue": turn["dialogue"], "told": turn["handoff"]})
    yield Sent("turn.end", turn)


def _state(session: Session, kept: Any) -> DialogueState:
    return DialogueState(language=language_of(session.locale)) if kept is None else state_from_json(kept)


def _ledger(state: DialogueState, currency: str) -> list[Document]:
    return [wish_to_json(w, currency, state.language) for w in state.wishes]
