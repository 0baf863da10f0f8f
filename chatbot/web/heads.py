"""HEAD wherever GET is (RFC 9110, 9.3.2): what GET would answer, without its body. For probes and checkers of links.

One place for all routes, the page's framework's among them. Plain ASGI; knows nothing of routes.
"""

from __future__ import annotations

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Asks what stands within by GET, and ends that with the headers: a stream would go on for ever."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        inner = dict(scope) | {"method": "GET"}
        with anyio.CancelScope() as answering:

            async def bare(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await send(message)
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    answering.cancel()

            await self.app(inner, receive, bare)
        scope["route"] = inner.get("route")  # for the journal, which stands without
