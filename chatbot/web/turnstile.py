"""One turn at a time in each conversation of this process. Knows nothing of what a turn is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from errors import TurnOvertaken

WAIT_S = 20.0
MOST_WAITING = 3
"""As many turns as the wait is good for where each asks a model for as long as it may (5.5 s); a thread waits for each."""


@dataclass(slots=True)
class _Gate:
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Turnstile:
    """Locks by name that vanish when nobody holds or awaits them. One thread may enter and another leave."""

    def __init__(self, wait_s: float = WAIT_S, most_waiting: int = MOST_WAITING) -> None:
        self._wait_s = wait_s
        self._most = 1 + most_waiting
        self._gates: dict[str, _Gate] = {}
        self._guard = threading.Lock()

    def enter(self, name: str) -> None:
        """TurnOvertaken when the one inside takes too long, or too many wait already."""
        with self._guard:
            gate = self._gates.setdefault(name, _Gate())
            if gate.users == self._most:
                raise TurnOvertaken("too many messages of this conversation wait for an answer")
            gate.users += 1
        if not gate.lock.acquire(timeout=self._wait_s):
            self._let_go(name, gate)
            raise TurnOvertaken("another message of this conversation is being answered")

    def leave(self, name: str) -> None:
        gate = self._gates[name]
        gate.lock.release()
        self._let_go(name, gate)

    def _let_go(self, name: str, gate: _Gate) -> None:
        with self._guard:
            gate.users -= 1
            if not gate.users:
                del self._gates[name]
