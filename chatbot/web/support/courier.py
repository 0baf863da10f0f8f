"""Carries letters to the shop's system in the background, and looks after what is to be looked after from time to time.

One thread; what it has not delivered lies in people.db and is taken up again after a restart. Knows nothing of what the
letters say.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from chatbot.memory.outbox import Letter, Outbox
from chatbot.web.support.post import post
from chatbot.web.support.receiver import Receiver
from errors import AisleError

EVERY_S = 2.0
WITHIN_S = 8.0
"""How long the background waits for an answer; a receiver that is asked while a shopper waits has less."""

GONE = 410
logger = logging.getLogger(__name__)


class Courier:
    """Close it to stop its thread; letters stay where they are.

    `rounds`: what else is done every EVERY_S. `arrived`: is told of every letter that was confirmed. Both are set before
    the thread starts.
    """

    def __init__(self, outbox: Outbox, receiver: Receiver | None) -> None:
        self._outbox = outbox
        self._receiver = receiver
        self.rounds: Callable[[], None] = lambda: None
        self.arrived: Callable[[Letter], None] = lambda letter: None
        self._over = threading.Event()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Ends the thread, in the middle of a delivery, too."""
        self._over.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(WITHIN_S)

    def nudge(self) -> None:
        """There is something new to carry."""
        self._woken.set()

    def deliver(self, letter: Letter, within_s: float, *, counts: bool = True) -> bool:
        """Try once, now. True: the other side confirmed it. A try that does not count moves no later one."""
        if self._receiver is None:
            return False
        came = post(self._receiver, letter.id, letter.body, within_s, self._over)
        if came.accepted:
            self._outbox.acknowledged(letter.id)
            self.arrived(letter)
        elif counts and not self._over.is_set():
            self._outbox.failed(letter, for_good=came.status == GONE)
            logger.warning("the shop's system did not confirm a %s: status %d", letter.type, came.status)
        return came.accepted

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._round()
            except AisleError as error:  # a busy file or a catalogue being replaced: the next round will tell
                logger.warning("a round of the courier was cut short: %s", type(error).__name__)
            except Exception:
                logger.exception("a round of the courier failed")
            self._woken.wait(EVERY_S)
            self._woken.clear()

    def _round(self) -> None:
        self.rounds()
        letters = self._outbox.due() if self._receiver is not None else ()
        for letter in letters:
            if self._over.is_set():
                return
            self.deliver(letter, WITHIN_S)
