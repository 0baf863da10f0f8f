"""Customer service put together: the shop's people, its systems, and the streams that carry what they say.

Knows nothing of HTTP, nor of the dialogue: a desk asks it for a conversation's counter, and whether a person is in.
"""

from __future__ import annotations

import time

from chatbot.context import Counter
from chatbot.memory.records import Session
from chatbot.memory.store import People
from chatbot.web.backoffice.staff import Staff
from chatbot.web.shop import Shop
from chatbot.web.site import Site
from chatbot.web.support.counter import PeopleCounter
from chatbot.web.support.courier import Courier
from chatbot.web.support.hub import Hub
from chatbot.web.support.reception import Reception
from chatbot.web.support.watching import Watching

TIDY_EVERY_S = 3_600.0


class Service:
    """Safe to share between threads. `start` begins its background thread, `close` ends it and every open stream."""

    def __init__(self, people: People, shop: Shop, site: Site) -> None:
        self.staff = Staff(site.staff_password, people.secrets.get("staff"))
        self.hub = Hub(people.notes.latest, people.notes.stirred)
        self.courier = Courier(people.outbox, site.webhooks)
        self.reception = Reception(
            people, shop, self.hub, self.courier, staffed=self.staff.open, webhooks=site.webhooks
        )
        self.watching = Watching(people, shop, self.courier, site.webhooks)
        self._orders, self._webhooks, self._outbox = site.orders, site.webhooks, people.outbox
        self.courier.arrived = self.reception.arrived
        self.courier.rounds = self._round
        self._tidying, self._keep_days, self._tidy_at = people.tidying, site.keep_days, 0.0

    @property
    def features(self) -> dict[str, bool]:
        """What of it this shop has."""
        return {"handoff": self.reception.open, "orders": self._orders is not None, "watches": self.watching.open}

    def why(self) -> tuple[str, ...]:
        """What of it does not work now."""
        stuck = "the shop's system does not confirm what it is told; it is tried again"
        return (stuck,) if self._webhooks is not None and self._outbox.in_vain() else ()

    def counter(self, session: Session, key: str) -> Counter:
        """The shop's people and systems behind one conversation. `key`: of the message that may need them."""
        return PeopleCounter(session, self.reception, self._orders)

    def heard(self, session: Session, key: str, text: str, after: int) -> bool:
        """A shopper wrote, behind turn `after`. True: a person is in the conversation and has it; False: the assistant is
        to answer. StoreError when it cannot be kept."""
        return self.reception.heard(session, key, text)

    def joined(self, session: Session) -> bool:
        """Is a person in the conversation?"""
        return self.reception.joined(session)

    def leave(self, session: Session) -> None:
        """A shopper goes back to the assistant, or waits for a person no longer."""
        self.reception.leave(session)

    def _round(self) -> None:
        """What the background does each time; it tidies every hour, and goes on at once while there is more."""
        self.watching.look()
        if time.monotonic() >= self._tidy_at:
            self._tidy_at = time.monotonic() + TIDY_EVERY_S  # also after one that failed: a busy file is left in peace
            if self._tidying.sweep(self._keep_days):
                self._tidy_at = 0.0

    def start(self) -> None:
        self.courier.start()

    def close(self) -> None:
        self.hub.close()
        self.courier.close()
