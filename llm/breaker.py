"""A circuit breaker (Nygard, Release It!): a model that failed several times in a row is not asked for a while.

While it is open a thread in the background asks the model for one token, every now and then, and closes it when that is
answered: a model that comes back is found whether or not anybody talks. Health pages are not asked, for they answer
while completions hang; a server's Retry-After is not waited for. Knows nothing of queues or of what models are asked.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from errors import AisleError, LLMNotAsked
from llm.types import Call

log = logging.getLogger(__name__)

State = Literal["closed", "open", "probing"]
Wait = Callable[[threading.Event, float], bool]
"""Waits for an event, at most so many seconds; was it set? What threading.Event.wait does."""


@dataclass(frozen=True, slots=True)
class Patience:
    """When a breaker opens, and how soon it asks again: failures in a row; seconds before the first probe and at most
    between two (the pause doubles while nothing comes of it); seconds that a probe may take."""

    failures: int = 3
    pause: float = 2.0
    longest: float = 6.0
    probe: float = 3.0


class Breaker:
    """Closed: all goes through. Open: `check` raises. `probe` asks the model for next to nothing and raises when it
    cannot answer. After it closed the first failure opens it again, for longer, until there was a good answer."""

    def __init__(
        self, probe: Callable[[], None], patience: Patience | None = None, wait: Wait = threading.Event.wait
    ) -> None:
        self._probe = probe
        self._patience = patience or Patience()
        self._wait = wait
        self._last: deque[Call] = deque(maxlen=self._patience.failures)
        self._kept: list[Call] = []  # of `_last`, when it closed
        self._lock = threading.Lock()
        self._state: State = "closed"
        self._pause = 0.0
        self._probes = 0  # in vain, since it opened
        self._why = ""
        self._over = threading.Event()
        weakref.finalize(self, self._over.set)

    @property
    def state(self) -> State:
        return self._state

    @property
    def failures(self) -> int:
        """Answers and probes in a row that came to nothing, as far as they are remembered."""
        last = list(self._last)
        return next((n for n, call in enumerate(reversed(last)) if not call.trouble), len(last)) + self._probes

    @property
    def why(self) -> str:
        """The latest trouble, for operators: it names the server. "" after a good answer."""
        last = list(self._last)
        return self._why or (last[-1].trouble if last else "")

    def note(self, call: Call) -> None:
        """An answer ended. Its `trouble` may still be filled in later, when it turns out to be of no use. Takes no lock,
        so that it can be called from a destructor."""
        self._last.append(call)

    def check(self) -> None:
        """LLMUnavailable when the model is not to be asked now."""
        self.review()
        if self._state != "closed":
            raise LLMNotAsked("the model failed several times in a row and is not asked for a while")

    def review(self) -> None:
        """Opens when all the last answers came to nothing."""
        last = list(self._last)
        if self._state == "closed" and len(last) == self._patience.failures and all(call.trouble for call in last):
            self._open(last)

    def close(self) -> None:
        """Ends the probing for good."""
        self._over.set()

    def _open(self, last: list[Call]) -> None:
        with self._lock:
            if self._state != "closed":
                return
            relapsed = bool(self._kept) and all(a is b for a, b in zip(last[:-1], self._kept, strict=True))
            self._pause = self._patience.longest if relapsed else self._patience.pause
            self._why, self._state = last[-1].trouble, "open"
        log.warning("the model is not asked until it answers again: %s", self._why)
        threading.Thread(target=_probing, args=(weakref.ref(self), self._over), name="llm-probe", daemon=True).start()

    def _answers(self) -> bool:
        """Probes once; closes when the model answers."""
        self._state = "probing"
        try:
            self._probe()
        except Exception as trouble:  # whatever it is, the next probe must come: nothing else asks a model that is down
            if not isinstance(trouble, AisleError):
                log.exception("a probe of the model failed in a way that nobody foresaw")
            self._why, self._probes = str(trouble), self._probes + 1
            self._pause = min(2 * self._pause, self._patience.longest)
            self._state = "open"
            return False
        self._kept = list(self._last)[1:]
        self._last = deque(self._kept, self._patience.failures)
        self._why, self._probes, self._state = "", 0, "closed"
        log.warning("the model answers again")
        return True


def _probing(there: weakref.ref[Breaker], over: threading.Event) -> None:
    """Probes until it is answered or nobody is left who asks."""
    while breaker := there():
        wait, pause = breaker._wait, breaker._pause
        del breaker  # while it waits, nothing here keeps it
        if wait(over, pause) or (breaker := there()) is None or breaker._answers():
            return
        del breaker
