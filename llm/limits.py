"""A bounded queue before a model: so many answers at once, so many callers waiting, so many calls a session.

A caller that waits is let in in the order of coming, never waits longer than it is worth, and leaves when it is
cancelled. Knows nothing of models; thread-safe, and safe to leave from a destructor (an abandoned generator is closed
wherever the garbage collector happens to run, perhaps inside a lock of this very file).
"""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from threading import Event, Lock

from errors import LLMNotAsked
from llm.types import Call

WAKE = 0.1  # seconds between two looks at whether a waiting call is still wanted


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a model is asked at once: answers in the making, callers waiting for one to end and for how many
    seconds at most, calls (in the making or waiting) of one session."""

    running: int = 16
    waiting: int = 32
    patience: float = 1.0
    a_session: int = 2


@dataclass(eq=False, slots=True)
class Ticket:
    """One caller's place. Given back once, however often `Queue.leave` is called with it."""

    session: str
    let_in: Event = field(default_factory=Event)


class Queue:
    """Callers of one model: `enter`, and `leave` with the ticket when done."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._running: set[Ticket] = set()
        self._waiting: deque[Ticket] = deque()
        self._sessions: Counter[str] = Counter()
        self._left: deque[Ticket] = deque()  # given back, and not yet seen to: appending needs no lock

    @property
    def running(self) -> int:
        """Answers in the making."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """Callers that wait for an answer to end."""
        return len(self._waiting)

    def enter(self, call: Call) -> Ticket | None:
        """A place among the running, after waiting for it; None when the call was cancelled meanwhile.

        LLMUnavailable when too many wait already, the session has its share, or none came free in time.
        """
        ticket = Ticket(call.session)
        try:
            with self._lock:
                self._see_off()
                self._take(ticket)
        finally:
            self._settle()
        until = min(call.deadline, time.monotonic() + self._limits.patience)
        while not ticket.let_in.wait(max(0.0, min(WAKE, until - time.monotonic()))):
            if call.cancel.is_set() or time.monotonic() >= until:
                self.leave(ticket)
                if call.cancel.is_set():
                    return None
                raise LLMNotAsked("the model is busy: no answer ended in time")
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Gives a place back, or stops waiting for one."""
        self._left.append(ticket)
        self._settle()

    def _take(self, ticket: Ticket) -> None:
        if ticket.session and self._sessions[ticket.session] >= self._limits.a_session:
            raise LLMNotAsked(f"this session asks the model {self._limits.a_session} times at once already")
        if len(self._running) >= self._limits.running and len(self._waiting) >= self._limits.waiting:
            raise LLMNotAsked("the model is busy: too many wait for it already")
        self._sessions[ticket.session] += 1
        self._waiting.append(ticket)

    def _settle(self) -> None:
        """Sees to who left and lets in who is next. Never waits: whoever holds the lock looks again after releasing."""
        while self._pending() and self._lock.acquire(blocking=False):
            try:
                self._see_off()
                while self._waiting and len(self._running) < self._limits.running:
                    ticket = self._waiting.popleft()
                    self._running.add(ticket)
                    ticket.let_in.set()
            finally:
                self._lock.release()

    def _pending(self) -> bool:
        return bool(self._left) or (bool(self._waiting) and len(self._running) < self._limits.running)

    def _see_off(self) -> None:
        while self._left:
            self._remove(self._left.popleft())

    def _remove(self, ticket: Ticket) -> None:
        if ticket in self._running:
            self._running.remove(ticket)
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
        else:
            return
        self._sessions[ticket.session] -= 1
        if not self._sessions[ticket.session]:
            del self._sessions[ticket.session]
