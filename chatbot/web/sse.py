"""How a turn is answered: whole as JSON, or as server-sent events while it is made.

Knows nothing of what the events say.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator

import orjson
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from chatbot.memory.records import Document
from chatbot.web import problems
from chatbot.web.desk import Sent
from chatbot.web.making import Making
from errors import AisleError

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
logger = logging.getLogger(__name__)


class Answer(Response):
    """The answer to a message, made while it is sent. Trouble before the first event is raised: it has a status of its own."""

    def __init__(self, making: Making[Sent], accept: str) -> None:
        super().__init__()
        self._making = making
        self._streamed = MEDIA_TYPE in accept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._making.left_by(receive):
            if self._streamed:
                streamed = lines(await self._making.next(), self._making)
                streaming = StreamingResponse(streamed, media_type=MEDIA_TYPE, headers=HEADERS)
                await streaming.stream_response(send)
            else:
                whole = written((await self._making.last()).data)
                await Response(whole, media_type="application/json")(scope, receive, send)


async def lines(first: Sent | None, rest: Making[Sent]) -> AsyncGenerator[bytes]:
    """The events as text; those that are made already go together."""
    event = first
    while event is not None:
        yield b"".join(map(write, (event, *rest.ready())))
        event = await _after(rest)


async def _after(events: Making[Sent]) -> Sent | None:
    """The next event; trouble in the middle of a turn is an event too, and the last one. It says nothing of what is
    inside: what nobody foresaw is in the log."""
    try:
        return await events.next()
    except AisleError as error:
        problem = problems.of(error)
        return Sent("error", problems.document(problem.status_code, problem.detail))
    except Exception:
        logger.exception("a turn broke off")
        return Sent("error", problems.document(500, problems.UNFORESEEN))


def write(event: Sent) -> bytes:
    """One event in the wire format. JSON holds no line breaks, so one data line is enough."""
    return b"event: %b\ndata: %b\n\n" % (event.name.encode(), written(event.data))


def written(document: Document) -> bytes:
    """JSON. The quick writer knows no whole numbers of more than 64 bits, and a shopper may name any."""
    try:
        return orjson.dumps(document)
    except TypeError:
        return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
