"""Watches of shoppers looked at when the catalogue has been imported anew: what came true is told to the shop, once.

Knows nothing of how the shop tells its customers.
"""

from __future__ import annotations

from catalog.types import Product
from chatbot.memory.keepsakes import Watch
from chatbot.memory.outbox import Letter, letter
from chatbot.memory.records import Document
from chatbot.memory.store import People
from chatbot.web.shop import Shop
from chatbot.web.support.courier import Courier
from chatbot.web.support.now import as_now
from chatbot.web.support.receiver import Receiver

TRUE, CREATED = "watch.true", "watch.created"
_AT_ONCE = 200


class Watching:
    """Called round by round by one thread; several processes may do so, and each watch comes true in one of them."""

    def __init__(self, people: People, shop: Shop, courier: Courier, webhooks: Receiver | None) -> None:
        self._people = people
        self._shop = shop
        self._courier = courier
        self._webhooks = webhooks
        self._looked_at: str | None = None

    @property
    def open(self) -> bool:
        """Is there a system that is told when a watch comes true?"""
        return self._webhooks is not None and self._webhooks.wants(TRUE)

    def keep(self, watch: Watch, user: str | None, product: Product) -> bool:
        """A shopper's new watch; False: there are too many. `user`: whom the shop signed for."""
        wanted = self._webhooks is not None and self._webhooks.wants(CREATED)
        kept = self._people.keepsakes.watch(watch, _letter(CREATED, watch, user, product) if wanted else None)
        self._courier.nudge()
        return kept

    def look(self) -> None:
        """Where the catalogue is another than at the last look, tell which watches have come true."""
        if not self.open:
            return
        catalog = self._shop().catalog
        if catalog.generation == self._looked_at:
            return
        watches = self._people.keepsakes.watches()
        for start in range(0, len(watches), _AT_ONCE):
            some = watches[start : start + _AT_ONCE]
            found = {p.id: p for p in catalog.get(tuple(dict.fromkeys(w.item for w in some)))}
            for watch in some:
                product = found.get(watch.item)
                if product is not None and came_true(watch, product):
                    self._tell(watch, product)
        self._looked_at = catalog.generation

    def _tell(self, watch: Watch, product: Product) -> None:
        session = self._people.sessions.get(watch.session)
        user = session.customer if session else None
        self._people.keepsakes.came_true(watch, lambda: _letter(TRUE, watch, user, product))


def came_true(watch: Watch, product: Product) -> bool:
    """Is it as wished, by the record?"""
    if product.sold_out():
        return False
    if watch.type == "back":
        return True
    return watch.price is not None and product.price is not None and product.price.amount < watch.price


def _letter(type: str, watch: Watch, user: str | None, product: Product) -> Letter:
    data: Document = {"session": watch.session, "user": user, "watch": {"type": watch.type, "price": watch.price}}
    return letter(type, data | {"item": as_now(product)}, watch.session)
