"""One turn at a time in each conversation of this process. Knows nothing of what a turn is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from errors import TurnOvertaken

WAIT_S = 20.0


@dataclass(slots=True)
class _Gate:
    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Turnstile:
    """Locks by name that vanish when nobody holds or awaits them. One thread may enter and another leave."""

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self._gates: dict[str, _Gate] = {}
        self._guard = threading.Lock()

    def enter(self, name: str) -> None:
        """TurnOvertaken when the one inside takes too long."""
        with self._guard:
            gate = self._gates.setdefault(name, _Gate())
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
