"""Where shoppers and the shop's people meet: every step of a handoff, kept, told to the shop's system, and rung out.

Knows nothing of HTTP; the routes and the desk stand before it.
"""

from __future__ import annotations

import json
import threading

from chatbot.context import Told
from chatbot.handoff import Reason
from chatbot.memory.handoffs import Handoff
from chatbot.memory.notes import Note
from chatbot.memory.outbox import LEASE_S, Letter, letter
from chatbot.memory.records import Document, Session
from chatbot.memory.store import People
from chatbot.types import DialogueState
from chatbot.web.shop import Shop
from chatbot.web.support.courier import Courier
from chatbot.web.support.hub import Hub
from chatbot.web.support.receiver import Receiver
from chatbot.web.support.summary import summarize

WITHIN_S = 1.5
"""How long a shopper who wishes for a person waits for the shop's system to confirm it."""

MOST_WAITING = 4
"""How many shoppers wait so at once: each holds a thread of the turns, and a system that hangs must not hold them all."""

REQUESTED = "handoff.requested"


class Reception:
    """Safe to share between threads. `staffed`: is there an inbox that somebody can open? `webhooks`: who is told."""

    def __init__(
        self, people: People, shop: Shop, hub: Hub, courier: Courier, *, staffed: bool, webhooks: Receiver | None
    ) -> None:
        self._people = people
        self._shop = shop
        self._hub = hub
        self._courier = courier
        self._staffed = staffed
        self._webhooks = webhooks
        self._waits = threading.Semaphore(MOST_WAITING)

    @property
    def open(self) -> bool:
        """Is there anybody to wish for?"""
        return self._staffed or self._tells(REQUESTED)

    def ask(self, session: Session, state: DialogueState, message: str) -> Told:
        """A shopper wishes for a person. StoreError when it cannot be kept."""
        if not self.open:
            return "absent"
        kept = self._people.conversation(session)
        summary = summarize(state, message, kept, self._shop().catalog)

        def write(opened: Handoff) -> Letter | None:
            return self._letter(REQUESTED, session, _named(opened) | {"summary": summary})

        handoff, first = self._people.handoffs.ask(session.id, summary, write, LEASE_S)
        self._hub.ring(session.id)
        if handoff.stage == "human":
            return "joined"
        if handoff.acknowledged:
            return "told"
        pending = first or self._people.outbox.pending(session.id, REQUESTED)
        told = pending is not None and self._confirmed(pending, counts=first is not None)
        return "told" if told else "kept"

    def _confirmed(self, wish: Letter, *, counts: bool) -> bool:
        """Does the shop's system confirm it now? Where enough shoppers wait for that already, it is the courier's."""
        if not self._waits.acquire(blocking=False):
            return False
        try:
            return self._courier.deliver(wish, WITHIN_S, counts=counts)
        finally:
            self._waits.release()

    def arrived(self, delivered: Letter) -> None:
        """The shop's system confirmed a letter, whenever that was."""
        if delivered.type == REQUESTED and delivered.session is not None:
            self._people.handoffs.acknowledged(json.loads(delivered.body)["data"]["handoff"])
            self._hub.ring(delivered.session)

    def heard(self, session: Session, key: str, text: str) -> bool:
        """A shopper wrote. True: a person is in, and has it (once by its key)."""

        def write(joined: Handoff) -> Letter | None:
            return self._wanted("handoff.message", joined.session, _named(joined) | {"text": text})

        if not self._people.handoffs.heard(session.id, key, text, write):
            return False
        self._courier.nudge()
        self._hub.ring(session.id)
        return True

    def joined(self, session: Session) -> bool:
        """Is a person in?"""
        handoff = self._people.handoffs.current(session.id)
        return handoff is not None and handoff.stage == "human"

    def waits(self, session: Session) -> bool:
        """Does a shopper wait for a person?"""
        handoff = self._people.handoffs.current(session.id)
        return handoff is not None and handoff.stage == "waiting"

    def leave(self, session: Session) -> bool:
        """A shopper goes back to the assistant, or does not wait any longer; False: there was nothing to leave."""
        handoff = self._people.handoffs.current(session.id)
        return handoff is not None and self.close(handoff.number, "left") is not None

    def take(self, number: int, name: str) -> Handoff | None:
        """One of the shop's people takes a conversation over; None: it is not there to be taken."""
        handoff = self._people.handoffs.take(number, name)
        return self._rung(handoff)

    def say(self, number: int, name: str, text: str, key: str | None) -> Note | None:
        """A person writes to a shopper; None: this one has not taken the conversation over."""
        handoff = self._people.handoffs.get(number)
        if handoff is None or handoff.stage != "human" or handoff.agent != name:
            return None
        note, _ = self._people.notes.write(handoff.session, "person", text, name, key)
        self._hub.ring(handoff.session)
        return note

    def close(self, number: int, reason: Reason) -> Handoff | None:
        """The assistant answers again; None: nothing was open."""

        def write(closed: Handoff) -> Letter | None:
            data = _named(closed) | {"reason": reason}
            return self._wanted("handoff.closed", closed.session, data)

        handoff = self._people.handoffs.close(number, reason, write)
        self._courier.nudge()
        return self._rung(handoff)

    def _rung(self, handoff: Handoff | None) -> Handoff | None:
        if handoff is not None:
            self._hub.ring(handoff.session)
        return handoff

    def _tells(self, type: str) -> bool:
        return self._webhooks is not None and self._webhooks.wants(type)

    def _wanted(self, type: str, session: str, data: Document) -> Letter | None:
        return letter(type, data, session) if self._tells(type) else None

    def _letter(self, type: str, session: Session, data: Document) -> Letter | None:
        """A letter that says whose conversation it is; a name only where the shop signed for it."""
        user = session.user if session.verified else None
        return self._wanted(type, session.id, data | {"user": user, "key": session.key, "locale": session.locale})


def _named(handoff: Handoff) -> Document:
    return {"session": handoff.session, "handoff": handoff.number, "agent": handoff.agent}
