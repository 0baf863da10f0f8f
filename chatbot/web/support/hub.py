"""Wakes those who wait for news of a conversation: at once within this process, within seconds for another's writing.

A stream costs an event of the loop, no thread. Knows nothing of what the news are: who is woken reads them up.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import anyio.to_thread

from errors import StoreError

logger = logging.getLogger(__name__)
POLL_S = 2.0
MOST_STREAMS = 1_000
MOST_OF_ONE = 4
"""Open streams in all, and of one conversation or one person. The shop's people find a place however many shoppers listen."""

Stirred = Callable[[int], tuple[int, frozenset[str]]]
"""The latest number, and the conversations that something was written in after a number."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `session`: whose news it is for; None: everybody's. `gone`: nobody reads it any more."""

    owner: str
    session: str | None
    loop: asyncio.AbstractEventLoop
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False

    async def rung(self, within_s: float) -> bool:
        """Waits for news; False when there was none for so long."""
        try:
            await asyncio.wait_for(self.bell.wait(), within_s)
        except TimeoutError:
            return False
        self.bell.clear()
        return True


class Hub:
    """Listeners live in event loops; `ring` may be called from any thread."""

    def __init__(self, latest: Callable[[], int], stirred: Stirred) -> None:
        self._latest = latest
        self._stirred = stirred
        self._guard = threading.Lock()
        self._listeners: set[Listener] = set()
        self._poll: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    def enter(self, owner: str, session: str | None) -> Listener | None:
        """Open a stream in the running loop; None: this one has enough of them, or all together have. `leave` ends it."""
        listener = Listener(owner, session, asyncio.get_running_loop())
        with self._guard:
            own = sum(other.owner == owner for other in self._listeners)
            full = session is not None and len(self._listeners) >= MOST_STREAMS
            if self._closed or own >= MOST_OF_ONE or full:
                return None
            self._listeners.add(listener)
            if self._poll is None or self._poll.done() or self._poll.get_loop() is not listener.loop:
                self._poll = listener.loop.create_task(self._look())
        return listener

    def leave(self, listener: Listener) -> None:
        with self._guard:
            self._listeners.discard(listener)

    def ring(self, session: str) -> None:
        """Something was written in a conversation."""
        self._ring(frozenset((session,)))

    def close(self) -> None:
        """Every stream ends."""
        self._closed = True
        with self._guard:
            waiting = list(self._listeners)
        for listener in waiting:
            _ring(listener)

    def _ring(self, sessions: frozenset[str]) -> None:
        with self._guard:
            waiting = [it for it in self._listeners if it.session is None or it.session in sessions]
        for listener in waiting:
            _ring(listener)

    async def _look(self) -> None:
        """What other processes write, as long as anybody listens."""
        seen: int | None = None
        while not self._closed:
            try:
                if seen is None:
                    seen = await anyio.to_thread.run_sync(self._latest)
                seen, sessions = await anyio.to_thread.run_sync(self._stirred, seen)
                self._ring(sessions)
            except StoreError as error:  # a busy file: the next look will tell
                logger.warning("the notes could not be looked at: %s", error)
            await asyncio.sleep(POLL_S)
            with self._guard:
                if not self._listeners:
                    return


def _ring(listener: Listener) -> None:
    if not listener.loop.is_closed():
        listener.loop.call_soon_threadsafe(listener.bell.set)
