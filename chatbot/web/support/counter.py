"""The shop's people and systems behind one conversation: the Counter that a turn may lean on (chatbot/context.py).

What it answers is what happened: told is what the shop's system confirmed, in time. Knows nothing of the dialogue.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from chatbot.context import Order, Told
from chatbot.memory.records import Session
from chatbot.types import DialogueState
from chatbot.web.support import orders
from chatbot.web.support.receiver import Receiver
from chatbot.web.support.reception import Reception
from errors import AisleError

logger = logging.getLogger(__name__)


class PeopleCounter:
    """Of one conversation. `orders_at`: who knows of orders; None: nobody."""

    def __init__(self, session: Session, reception: Reception, orders_at: Receiver | None) -> None:
        self._session = session
        self._reception = reception
        self._orders_at = orders_at

    @property
    def staffed(self) -> bool:
        return self._reception.open

    @property
    def waiting(self) -> bool:
        return _or_not(self._reception.waits, self._session)

    def leave(self) -> bool:
        """Wait for a person no longer; what could not be kept did not happen."""
        return _or_not(self._reception.leave, self._session)

    def handoff(self, state: DialogueState, message: str) -> Told:
        """Wish for a person. Asking twice opens one; what could not be kept was not told to anybody."""
        try:
            return self._reception.ask(self._session, state, message)
        except AisleError as error:
            logger.warning("a wish for a person could not be kept: %s", type(error).__name__)
            return "absent"

    def order(self, number: str) -> Order:
        """Where an order stands; the shop's system is asked only for a shopper whom the shop signed for."""
        if self._orders_at is None:
            return Order("absent")
        if not (self._session.verified and self._session.user):
            return Order("unsigned", number)
        return orders.ask(self._orders_at, number, self._session.user, self._session.key)


def _or_not(step: Callable[[Session], bool], session: Session) -> bool:
    """Is it so, as far as that can be known now?"""
    try:
        return step(session)
    except AisleError as error:
        logger.warning("how a wish for a person stands could not be read or changed: %s", type(error).__name__)
        return False
