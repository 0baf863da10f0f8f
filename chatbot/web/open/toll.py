"""What a dialogue that has to be replayed may cost: a call of its address for each message, and so much time in one go.

A list of messages that somebody wrote is as much work as its messages sent one by one, and must not come cheaper. Knows
nothing of what is replayed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from chatbot.web.door import spend
from chatbot.web.limits import Buckets
from chatbot.web.problems import Problem

AT_ONCE_S = 5.0


class Toll:
    """Paid before each message that is replayed; one for each request. The time runs from the first."""

    def __init__(self, buckets: Buckets, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._buckets = buckets
        self._address = address
        self._clock = clock
        self._begun: float | None = None

    def __call__(self) -> None:
        """Problem 503 when the time is over, 429 when the address has no call left."""
        now = self._clock()
        self._begun = now if self._begun is None else self._begun
        if now - self._begun >= AT_ONCE_S:
            long = "The dialogue is too long to be read again at once: send it again to go on, or begin a new one."
            raise Problem(503, long, {"Retry-After": "1"})
        spend(self._buckets, self._address)
