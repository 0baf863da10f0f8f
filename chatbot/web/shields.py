"""What stands before every request: a limit on its size, a check of where it comes from, headers on the answer.

Plain ASGI, so that streams pass unbuffered. Knows of routes only what each kind of them may do in a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.reading import BODY_LIMIT

STATUS_PATHS = ("/healthz", "/readyz", "/metrics")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
EMBEDDED = ("/v1/", "/mcp", "/media/", "/widget.js")
"""What pages of other sites may ask for, those that are known; the chat page and the shop's people have nothing for them."""

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
        await self.app(scope, replayed(body, receive), send)

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


def replayed(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already as if it came now; then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


class KnownOrigin:
    """Answers 403 to a change asked for by another site's page, unless that site may embed the chat."""

    def __init__(self, app: ASGIApp, origins: Iterable[str] = ()) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not self._known(scope):
            await problems.response(403, "This origin may not use the chat.")(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or is_of_host(origin, headers.get("host", "")):
            return True
        return origin in self.origins and scope["path"].startswith(EMBEDDED)


class CrossOrigin(CORSMiddleware):
    """Tells browsers which other sites may read an answer (CORS), for what is there for them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] != "http" or not scope["path"].startswith(EMBEDDED)
        await (self.app if ours else super().__call__)(scope, receive, send)


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
            headers.setdefault("Cache-Control", "no-cache")
        elif path.startswith(("/inbox", "/admin")):
            headers["Content-Security-Policy"] = STAFF_POLICY
        elif path.startswith("/shared"):
            headers["Content-Security-Policy"] = self._with_pictures(SHARED_POLICY)
            headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
            headers.setdefault("Cache-Control", "no-store")
        else:
            if path in ("/", "/config"):
                headers["Cache-Control"] = "no-cache"  # they name the address that they were asked at
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
