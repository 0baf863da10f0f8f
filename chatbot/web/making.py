"""A turn in the making: its events are made in threads, and it stops when its reader leaves.

A thread that waits for a model cannot be stopped from outside, and a generator at work cannot be closed: so the call
is cancelled, which the model looks at four times a second, and whoever has the generator last closes it. Knows nothing
of what the events say or how they are written.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

import anyio.to_thread
from starlette.types import Receive

from chatbot.memory.records import Document
from chatbot.web.desk import Sent, last
from llm.types import Call

T = TypeVar("T")


class Making:
    """The events of a turn for who waits for them in an event loop. `threads` bounds how many turns work at once."""

    def __init__(self, events: Generator[Sent], call: Call, threads: anyio.CapacityLimiter) -> None:
        self._events = events
        self._call = call
        self._threads = threads
        self._hands_on = threading.Lock()

    async def next(self) -> Sent | None:
        """The next event; None after the last."""
        return await self._made(lambda: next(self._events, None))

    async def whole(self) -> Document:
        """The turn itself, for those who do not watch it being made."""
        return await self._made(lambda: last(self._events))

    def close(self) -> None:
        """Stops the turn, wherever it is. May be called at any time, by anyone, more than once."""
        self._call.cancel.set()
        self._drop()

    @contextmanager
    def left_by(self, receive: Receive) -> Iterator[None]:
        """While this lasts, the turn is stopped when the one it is for goes away; it is stopped at the end anyway."""
        watch = asyncio.ensure_future(self._watch(receive))
        try:
            yield
        finally:
            self.close()
            watch.cancel()

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.close()

    async def _made(self, make: Callable[[], T]) -> T:
        def work() -> T:
            try:
                with self._hands_on:
                    return make()
            finally:
                if self._call.cancel.is_set():
                    self._drop()

        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    def _drop(self) -> None:
        """Close the events, unless a thread is at work on them: then it does so when it is done."""
        if self._hands_on.acquire(blocking=False):
            try:
                self._events.close()
            finally:
                self._hands_on.release()
