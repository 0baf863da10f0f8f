"""How often one name may ask: a bucket of tokens for each, filled evenly and emptied by calls. Kept in this process.

Knows nothing of HTTP or of whose names they are.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from chatbot.web.site import Limits

MOST_NAMES = 100_000
"""Buckets kept; beyond that, those unused for longest are forgotten, which are full again most often."""


class Buckets:
    """Safe to share between threads. `per_minute` calls in the long run (0: no limit), `burst` at a stretch."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = max(1, burst)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def wait_s(self, name: str, calls: int = 1) -> float:
        """Take one call, or one that costs as much as several: 0.0 when it may be made, else the seconds until it may be (and
        nothing is taken)."""
        if not self._rate:
            return 0.0
        now, cost = self._clock(), min(calls, self._burst)
        with self._guard:
            left, then = self._left.pop(name, (float(self._burst), now))
            left = min(self._burst, left + (now - then) * self._rate)
            wait = 0.0 if left >= cost else (cost - left) / self._rate
            self._left[name] = (left if wait else left - cost, now)
            if len(self._left) > MOST_NAMES:
                self._left.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._left)


class Rates:
    """The three limits of a site, each with its own buckets."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.session = Buckets(limits.session, limits.session_burst, clock)
        self.address = Buckets(limits.address, limits.address_burst, clock)
        self.key = Buckets(limits.key, limits.key_burst, clock)
