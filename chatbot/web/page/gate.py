"""What stands right before the page's framework: of its routes those that the page needs, of what is sent to it what the page sends.

Gradio fetches addresses that stand in its inputs, prints inputs that it cannot use, answers trouble in words of its own,
believes whoever forwards, and advertises itself in the page's head. Behind this gate none of it happens. Plain ASGI, so
that streams pass unbuffered. Knows nothing of sessions and of what a turn is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError
from starlette.datastructures import MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.shields import replayed

PATHS = frozenset(("/", "/config", "/theme.css", "/favicon.ico", "/manifest.json"))
FOLDERS = ("/assets/", "/static/", "/svelte/")
CALL = "/gradio_api/"
DATA, JOIN, CANCEL, RESET = (f"{CALL}{name}" for name in ("queue/data", "queue/join", "cancel", "reset"))
CALLS = frozenset((f"{CALL}startup-events", DATA, JOIN, CANCEL, RESET))
HEARTBEAT = re.compile(rf"{CALL}heartbeat/[A-Za-z0-9]{{1,40}}")
UNHEARD = frozenset((b"origin", b"forwarded", b"x-gradio-server"))

_HASH = r"^[A-Za-z0-9]{1,40}$"
_HEAD = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>')

Hash = Annotated[str, StringConstraints(pattern=_HASH)]


class _Sent(BaseModel):
    """What is not named here is not passed on."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Kept(_Sent):
    """What the browser keeps (visit.py). No input of an event is any other object: an address in one would be fetched."""

    resume: str | None = None
    language: str | None = None


class _Event(_Sent):
    data: Annotated[list[str | _Kept | None], Field(max_length=2)]
    event_data: JsonValue = None
    fn_index: int
    trigger_id: int | None = None
    session_hash: Hash


class _Cancelled(_Sent):
    session_hash: Hash
    fn_index: int
    event_id: Hash


class _Reset(_Sent):
    event_id: Hash


_BODIES: Mapping[str, type[_Sent]] = {JOIN: _Event, CANCEL: _Cancelled, RESET: _Reset}


class Gate:
    """`events`: how many inputs each event of the page has; `title`: what the page says of itself where a link is shown;
    `left`: told which open page went away while it waited for an answer."""

    def __init__(self, app: ASGIApp, events: Mapping[int, int], title: str, left: Callable[[str], None]) -> None:
        self.app = app
        self._events = events
        self._title = title
        self._left = left

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if not is_open(path):
            await problems.response(404)(scope, receive, send)
            return
        scope = _unheard(scope)
        if path in _BODIES and scope["method"] == "POST":
            body = self._read(_BODIES[path], await Request(scope, receive).body())
            if body is None:
                await problems.response(422, "This is nothing that the page sends.")(scope, receive, send)
                return
            scope, receive = _with_body(scope, receive, body)
        if path == DATA:
            await self._stream(scope, receive, send)
        elif path == "/" and scope["method"] == "GET":
            await self.app(scope, receive, _introduced(_plain(scope, receive, send), self._title))
        else:
            await self.app(scope, receive, _plain(scope, receive, send))

    def _read(self, shape: type[_Sent], body: bytes) -> bytes | None:
        """The body with what the page sends and nothing else; None for one that the page does not send."""
        try:
            sent = shape.model_validate_json(body)
        except ValidationError:
            return None
        if isinstance(sent, _Event) and self._events.get(sent.fn_index) != len(sent.data):
            return None
        return sent.model_dump_json().encode()

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio itself notices that a page went away when the next part of an answer is ready."""
        page = QueryParams(scope["query_string"]).get("session_hash", "")
        if not re.match(_HASH, page):
            await problems.response(422, "This is nothing that the page sends.")(scope, receive, send)
            return
        whole = False

        async def listening() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not whole:
                self._left(page)
            return message

        async def sending(message: Message) -> None:
            nonlocal whole
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        await self.app(scope, listening, _plain(scope, receive, sending))


def is_open(path: str) -> bool:
    """Does the page need it? Uploads, file reads and proxies are not there."""
    return path in PATHS | CALLS or path.startswith(FOLDERS) or HEARTBEAT.fullmatch(path) is not None


def _unheard(scope: Scope) -> Scope:
    """Without what a proxy says, or whoever likes (one that is trusted was listened to by the server itself), and without
    other sites' names: who may read an answer was decided before."""
    kept = [(k, v) for k, v in scope["headers"] if k not in UNHEARD and not k.startswith(b"x-forwarded-")]
    return dict(scope) | {"headers": kept}


def _with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    inner = dict(scope)
    headers = MutableHeaders(scope=inner)
    headers["Content-Length"], headers["Content-Type"] = str(len(body)), "application/json"
    return inner, replayed(body, receive)


def _plain(scope: Scope, receive: Receive, send: Send) -> Send:
    """Trouble as everywhere else: a problem document, which repeats nothing."""
    refused = False

    async def sending(message: Message) -> None:
        nonlocal refused
        if message["type"] == "http.response.start" and message["status"] >= 400:
            refused = True
            after = {"Retry-After": "1"} if message["status"] == 503 else None
            await problems.response(message["status"], "", after)(scope, receive, send)
        elif not refused:
            await send(message)

    return sending


def _introduced(send: Send, title: str) -> Send:
    """The page under the shop's own name where its address is shown (Open Graph), and under nobody else's."""
    meta = f'<meta property="og:title" content="{escape(title)}" /><meta property="og:type" content="website" />'
    start: Message = {}
    parts: list[bytes] = []

    async def sending(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                page = _HEAD.sub(b"", b"".join(parts)).replace(b"<head>", b"<head>" + meta.encode(), 1)
                MutableHeaders(raw=start["headers"])["Content-Length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})

    return sending
