"""What stands before every request: a limit on its size, a check of where it comes from, headers on the answer.

Plain ASGI, so that streams pass unbuffered. Knows nothing of routes, but which of them are the page's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.reading import BODY_LIMIT

STATUS_PATHS = ("/healthz", "/readyz", "/metrics")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
DOCS_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: {pictures}; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'self'; form-action 'none'; object-src 'none'; frame-src 'none'"
)
"""Gradio compiles its templates in the browser and styles inline: hence the two unsafe words, here and only here."""

STAFF_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SHARED_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data: {pictures}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class BodyLimit:
    """Answers 413 before anything reads a body of more than `limit` bytes, announced or not."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await self._whole_body(Headers(scope=scope), receive)
        if body is None:
            await problems.response(413, f"The body is over {self.limit} bytes.")(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> MutableMapping[str, Any]:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, replay, send)

    async def _whole_body(self, headers: Headers, receive: Receive) -> bytes | None:
        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > self.limit:
            return None
        if not announced and "transfer-encoding" not in headers:
            return b""
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message["type"] == "http.request" and message.get("more_body", False)
            if size > self.limit:
                return None
        return b"".join(parts)


class KnownOrigin:
    """Answers 403 to a change asked for by another site's page, unless that site may embed the chat."""

    def __init__(self, app: ASGIApp, origins: Iterable[str] = ()) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not self._known(Headers(scope=scope)):
            await problems.response(403, "This origin may not use the chat.")(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _known(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return origin is None or origin in self.origins or is_of_host(origin, headers.get("host", ""))


def is_of_host(origin: str, host: str) -> bool:
    """Does a page of this origin belong to the host that was asked? Not where the origin cannot be read."""
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


class SecurityHeaders:
    """Sets the headers that keep a browser from doing more with an answer than was meant."""

    def __init__(
        self, app: ASGIApp, origins: Iterable[str] = (), pictures: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self.app = app
        self.pictures = pictures
        self.frames = " ".join(("'self'", *origins))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(scope["path"], MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, dressed if scope["type"] == "http" else send)

    def _dress(self, path: str, headers: MutableHeaders) -> None:
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        headers.add_vary_header("Origin")  # what one site may read is no answer for another
        if path.startswith(("/v1", "/mcp", "/staff", *STATUS_PATHS)):
            headers["Content-Security-Policy"] = API_POLICY
            headers["Cache-Control"] = "no-store"
        elif path.startswith("/media/"):
            headers["Content-Security-Policy"] = PICTURE_POLICY
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        elif path.startswith("/docs"):
            headers["Content-Security-Policy"] = DOCS_POLICY
        elif path.startswith(("/inbox", "/admin")):
            headers["Content-Security-Policy"] = STAFF_POLICY
        elif path.startswith("/shared"):
            headers["Content-Security-Policy"] = self._with_pictures(SHARED_POLICY)
            headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
        else:
            headers["Content-Security-Policy"] = f"{self._with_pictures(PAGE_POLICY)}; frame-ancestors {self.frames}"

    def _with_pictures(self, policy: str) -> str:
        return policy.replace(" {pictures}", "".join(f" {host}" for host in self.pictures()))


class Unforeseen:
    """Answers 500 to trouble that nobody foresaw, and lets it through to the server's log.

    Stands within SecurityHeaders, so that this answer wears them, too; the framework's own handler stands outside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if scope["type"] == "http" and not started:
                await problems.response(500, problems.UNFORESEEN)(scope, receive, send)
            raise


class HungUp:
    """Tells which open page went away while it waited for an answer: Gradio itself notices when the next part is ready."""

    PATH = "/gradio_api/queue/data"

    def __init__(self, app: ASGIApp, tell: Callable[[str], None]) -> None:
        self.app = app
        self.tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self.PATH:
            await self.app(scope, receive, send)
            return
        page = QueryParams(scope["query_string"]).get("session_hash", "")
        whole = False

        async def listening() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not whole:
                self.tell(page)
            return message

        async def sending(message: Message) -> None:
            nonlocal whole
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        await self.app(scope, listening, sending)


class PageOnly:
    """Lets through to the page's framework what the page needs; uploads, file reads and proxies are not there."""

    PATHS = frozenset(("/", "/widget.js", "/config", "/theme.css", "/favicon.ico", "/manifest.json"))
    CALLS = frozenset(f"/gradio_api/{n}" for n in ("startup-events", "queue/join", "queue/data", "reset", "cancel"))
    FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._ours(scope["path"]):
            await problems.response(404)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _ours(self, path: str) -> bool:
        ours = (
            "/v1",
            "/mcp",
            "/staff/",
            "/inbox",
            "/admin",
            "/shared/",
            "/media/",
            "/docs",
            "/openapi.json",
            *STATUS_PATHS,
        )
        return path in self.PATHS | self.CALLS or path.startswith((*self.FOLDERS, *ours))
