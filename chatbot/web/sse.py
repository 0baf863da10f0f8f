"""Server-sent events: how a turn is written to the wire while it is made.

Closes the turn when the reader goes away. Knows nothing of what the events say.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Generator

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from chatbot.web import problems
from chatbot.web.desk import Sent
from errors import AisleError

MEDIA_TYPE = "text/event-stream"


def stream(first: Sent, rest: Generator[Sent]) -> StreamingResponse:
    """The events as an answer; `first` was taken already, so that a refusal could still have its own status."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines(first, rest), media_type=MEDIA_TYPE, headers=headers)


async def lines(first: Sent, rest: Generator[Sent]) -> AsyncGenerator[str]:
    """The events as text. Closing this closes them."""
    try:
        yield write(first)
        while (event := await run_in_threadpool(_next, rest)) is not None:
            yield write(event)
    finally:
        rest.close()


def _next(events: Generator[Sent]) -> Sent | None:
    """The next event; trouble in the middle of a turn is an event too, and the last one."""
    try:
        return next(events, None)
    except AisleError as error:
        problem = problems.of(error)
        return Sent("error", problems.document(problem.status_code, problem.detail))


def write(event: Sent) -> str:
    """One event in the wire format. JSON holds no line breaks, so one data line is enough."""
    return f"event: {event.name}\ndata: {json.dumps(event.data, ensure_ascii=False, allow_nan=False)}\n\n"
