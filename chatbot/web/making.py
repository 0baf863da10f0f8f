"""A turn in the making: one thread makes its events, an event loop hands them on, and it stops when its reader leaves.

A thread that waits for a model cannot be stopped from outside: so the call is cancelled, which the model looks at four
times a second, and the thread ends by itself. The thread is the turn's own from its beginning to its end: a turn that has
begun never waits for those that wait for it. Knows nothing of what the events say or how they are written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import Generic, TypeVar

import anyio.to_thread
from starlette.types import Receive

from errors import TurnLeft
from llm.types import Call

E = TypeVar("E")
T = TypeVar("T")


class Making(Generic[E]):
    """The events of a turn for who waits for them in an event loop. `threads` bounds how many turns work at once."""

    def __init__(self, events: Generator[E], call: Call, threads: anyio.CapacityLimiter) -> None:
        self._events = events
        self._call = call
        self._threads = threads
        self._made: asyncio.Queue[E | None] = asyncio.Queue()
        self._work: asyncio.Future[None] | None = None
        self._ended = False

    async def next(self) -> E | None:
        """The next event; None after the last. Raises, once, what the turn raised."""
        if self._ended:
            return None
        if self._work is None:
            loop = asyncio.get_running_loop()
            self._work = asyncio.ensure_future(self._thread(lambda: self._make(loop)))
            self._work.add_done_callback(self._end)
        event = await self._made.get()
        if event is None:
            self._ended = True
            await self._work
        return event

    def ready(self) -> Iterator[E]:
        """Those after it that are made already."""
        while not self._made.empty():
            event = self._made.get_nowait()
            if event is None:
                self._made.put_nowait(None)  # the end is for next(), which tells how it ended
                return
            yield event

    async def last(self) -> E:
        """The last event, for those who do not watch the turn being made. TurnLeft where it was left before it began."""
        made = await self._thread(lambda: list(self._wanted()))
        if not made:
            raise TurnLeft("the turn was left before its beginning")
        return made[-1]

    def close(self) -> None:
        """Stops the turn, wherever it is. May be called at any time, by anyone, more than once."""
        self._call.cancel.set()

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

    async def _thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    def _end(self, work: asyncio.Future[None]) -> None:
        if not work.cancelled():
            work.exception()  # looked at, so that nothing complains where the reader has gone already
        self._made.put_nowait(None)

    def _make(self, loop: asyncio.AbstractEventLoop) -> None:
        with closing(self._wanted()) as events:
            for event in events:
                loop.call_soon_threadsafe(self._made.put_nowait, event)
                if self._call.cancel.is_set():
                    return

    def _wanted(self) -> Generator[E]:
        """The events as long as somebody waits for them; the turn is closed by the thread that makes it."""
        with closing(self._events) as events:
            if self._call.cancel.is_set():
                return  # left while it waited for a thread: nothing was begun
            yield from events
