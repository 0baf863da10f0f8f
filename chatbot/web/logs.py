"""The server's log: one line a request, with what a turn came to, as JSON or as text on stderr.

A line holds names of ours and numbers: the method, the route's template, status, milliseconds, the turn's acts, whether it
was degraded, tokens, and the session as a short hash. Never a word of a shopper, an address, a token, or a path as it was
asked for. Of trouble it holds where it happened and of which kind: messages of exceptions and of other libraries may quote
what was sent. Knows nothing of what requests are for.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.events import Turn

Kind = Literal["off", "text", "json"]
_OURS = ("chatbot.", "aisle.", "llm.", "catalog.", "retrieval.", "uvicorn.")
_PAGE = ("/", "/docs", "/openapi.json", "/mcp", "/config", "/theme.css", "/favicon.ico", "/manifest.json")
_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/")
requests = logging.getLogger("aisle.requests")


@dataclass(slots=True)
class _Request:
    """A request under way: what is known of the turn that it makes. `over`: its line is written."""

    turn: dict[str, Any] = field(default_factory=dict)
    over: bool = False


_CURRENT: ContextVar[_Request | None] = ContextVar("request", default=None)


def turned(turn: Turn, session: str) -> None:
    """A turn was made: told with the request that it is for, by itself where there is none (the page's)."""
    told = {
        "session": hashlib.sha256(session.encode()).hexdigest()[:8],
        "turn": turn.number,
        "acts": [act.value for act in turn.acts],
        "degraded": turn.degraded,
        "tokens": sum(turn.tokens.get(kind, 0) for kind in ("prompt", "completion")),
        "turn_ms": round(turn.ms.get("total", 0.0), 1),
    }
    request = _CURRENT.get()
    if request is None or request.over:
        requests.info("turn", extra={"told": told})
    else:
        request.turn = told


class Journal:
    """Writes a line when a request has been answered, or left, and tells its status. Stands outside of everything."""

    def __init__(self, app: ASGIApp, tell: Callable[[int], None] = lambda status: None) -> None:
        self.app = app
        self.tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, status, began = _Request(), 0, time.perf_counter()
        _CURRENT.set(request)

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            request.over = True
            told = {
                "method": scope["method"] if scope["method"].isalpha() and len(scope["method"]) < 10 else "-",
                "route": route_of(scope),
                "status": status or None,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            }
            requests.info("request", extra={"told": told | request.turn})
            if status:
                self.tell(status)


def route_of(scope: Scope) -> str:
    """The template of the route that answered; for what has none a name of ours, never the path itself."""
    template = getattr(scope.get("route"), "path", None)
    if template:
        return str(template)
    path = scope["path"]
    return path if path in _PAGE else next((f"{folder}*" for folder in _FOLDERS if path.startswith(folder)), "-")


class _Lines(logging.Formatter):
    """A record as one line. `as_json`: as a JSON object, else as words for people."""

    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = dict(getattr(record, "told", {}))
        ours = record.name.startswith(_OURS)
        event = record.getMessage().strip() if ours else "a library's message; not shown, as it may quote"
        head = {"time": at, "level": record.levelname.lower(), "logger": record.name, "event": event}
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        if self._as_json:
            return json.dumps(head | told, ensure_ascii=False)
        words = " ".join(f"{name}={_word(value)}" for name, value in told.items())
        return f"{at} {head['level']} {event} {words}".rstrip()


def _word(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def configure(kind: Literal["text", "json"]) -> None:
    """Send every logger's records to stderr, one a line; requests from INFO up, the rest from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(kind == "json"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    requests.setLevel(logging.INFO)
