"""One turn at a time in each conversation of this process. Knows nothing of what a turn is, only whether two are one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from errors import TurnOvertaken

WAIT_S = 20.0
MOST_WAITING = 3
"""As many turns as the wait is good for where each asks a model for as long as it may (5.5 s); a thread waits for each."""


MOST_REPEATED = 32
"""A message sent again while it is answered waits with it and gets its answer; more than these of one conversation may not."""


@dataclass(slots=True)
class _Gate:
    lock: threading.Lock = field(default_factory=threading.Lock)
    inside: list[str] = field(default_factory=list)
    """The messages that are answered or wait."""


class Turnstile:
    """Locks by name that vanish when nobody holds or awaits them. One thread may enter and another leave."""

    def __init__(self, wait_s: float = WAIT_S, most_waiting: int = MOST_WAITING) -> None:
        self._wait_s = wait_s
        self._most = 1 + most_waiting
        self._gates: dict[str, _Gate] = {}
        self._guard = threading.Lock()

    def enter(self, name: str, message: str) -> None:
        """TurnOvertaken when the one inside takes too long, or too many wait already; the same message is one of them."""
        with self._guard:
            gate = self._gates.setdefault(name, _Gate())
            known = message in gate.inside
            if len(gate.inside) >= MOST_REPEATED if known else len(set(gate.inside)) >= self._most:
                raise TurnOvertaken("too many messages of this conversation wait for an answer")
            gate.inside.append(message)
        if not gate.lock.acquire(timeout=self._wait_s):
            self._let_go(name, message, gate)
            raise TurnOvertaken("another message of this conversation is being answered")

    def leave(self, name: str, message: str) -> None:
        gate = self._gates[name]
        gate.lock.release()
        self._let_go(name, message, gate)

    def _let_go(self, name: str, message: str, gate: _Gate) -> None:
        with self._guard:
            gate.inside.remove(message)
            if not gate.inside:
                del self._gates[name]
