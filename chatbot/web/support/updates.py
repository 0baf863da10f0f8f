"""News as server-sent events, as long as somebody reads: what is new is read up when the hub wakes, and sent.

A stream holds no thread while it waits. Knows nothing of what the news are.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.support.hub import Hub, Listener
from errors import AisleError

logger = logging.getLogger(__name__)
HEARTBEAT_S = 15.0
LONGEST_S = 1_800.0
"""A stream is ended after half an hour: who reads on comes again, with a token that is still good."""

_DIGITS = 15  # of a note's number: more than there will ever be, and few enough for every reader
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class News:
    """One event. `id`: what the reader says it has seen, when it comes again; None: says nothing of that."""

    name: str
    data: dict[str, Any]
    id: int | None = None

    def __str__(self) -> str:
        number = "" if self.id is None else f"id: {self.id}\n"
        return f"{number}event: {self.name}\ndata: {json.dumps(self.data, ensure_ascii=False, allow_nan=False)}\n\n"


Read = Callable[[int | None], tuple[list[News], int] | None]
"""What came after a number, and the number it goes up to. None instead of a number: how things stand now, for who comes
for the first time. None: there is nothing to come any more."""


def seen_by(header: str) -> int | None:
    """The number that a reader who comes again has seen (Last-Event-ID); None where it says none that can be."""
    return int(header) if header.isascii() and header.isdigit() and len(header) <= _DIGITS else None


class Updates(Response):
    """The stream of one reader. `seen`: what it has already."""

    def __init__(self, hub: Hub, owner: str, session: str | None, read: Read, seen: int | None) -> None:
        super().__init__()
        self._hub = hub
        self._place = (owner, session)
        self._read = read
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listener = self._hub.enter(*self._place)
        if listener is None:
            refusal = problems.response(429, "Too many streams are open.", {"Retry-After": "15"})
            await refusal(scope, receive, send)
            return
        try:
            with _left_by(receive, listener):
                lines = StreamingResponse(self._lines(listener), media_type="text/event-stream", headers=_HEADERS)
                await lines.stream_response(send)
        except OSError:
            pass  # the reader went away while something was sent
        finally:
            self._hub.leave(listener)

    async def _lines(self, listener: Listener) -> AsyncGenerator[str]:
        end = time.monotonic() + LONGEST_S
        seen = self._seen
        yield "retry: 3000\n\n"
        while not (listener.gone or self._hub.closed or time.monotonic() > end):
            try:
                found = await anyio.to_thread.run_sync(self._read, seen)
            except AisleError as error:
                logger.warning("a stream of news was ended: %s", type(error).__name__)
                return  # its reader comes again, and goes on where it stood
            if found is None:
                return
            news, seen = found
            yield "".join(map(str, news)) or ":\n\n"
            try:
                await listener.rung(HEARTBEAT_S)
            except asyncio.CancelledError:
                return  # the server stops: the answer ends whole, and its reader comes again


@contextmanager
def _left_by(receive: Receive, listener: Listener) -> Any:
    """While this lasts, the stream is told when its reader goes away."""

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        listener.gone = True
        listener.bell.set()

    task = asyncio.ensure_future(watch())
    try:
        yield
    finally:
        task.cancel()
