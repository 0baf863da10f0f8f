"""What stands before every call that costs something: how often an address may ask, and how many turns are taken on.

Plain ASGI, so that a refusal costs next to nothing and comes at once, however busy the assistant is. The address is the
connection's; behind a proxy that is trusted (`--trust-proxy`), the one that the proxy names; of IPv6 its network. Knows the paths of calls
that make turns, nothing of what is in them.
"""

from __future__ import annotations

import math
import re
from ipaddress import AddressValueError, IPv6Address

from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.limits import Buckets

PACED = ("/v1", "/mcp", "/staff", "/gradio_api/queue/join")
TURNS = re.compile(r"/mcp|/v1/(chat|chat/completions|sessions/current/(ledger|gestures))")
RETRY_S = 1


class AddressLimit:
    """Answers 429 to who asks too often from one address."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self.app = app
        self.buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PACED) and scope["method"] != "OPTIONS":
            address, _ = scope["client"] or ("", 0)
            wait = self.buckets.wait_s(network(address))
            if wait:
                after = {"Retry-After": str(math.ceil(wait))}
                await problems.response(429, "That is too often: wait a moment.", after)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def network(address: str) -> str:
    """Whose address this is, as far as it tells: of IPv6 the /64, within which who has one address has all (RFC 6177)."""
    try:
        whole = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Address(int(whole) >> 64 << 64))


class Admission:
    """Answers 503 at once to a message while `most` (0: no end) are being answered or wait for it."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most
        self.inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PATCH") or not TURNS.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        if self.most and self.inside >= self.most:
            after = {"Retry-After": str(RETRY_S)}
            busy = "Too many messages are being answered: send this one again in a moment."
            await problems.response(503, busy, after)(scope, receive, send)
            return
        self.inside += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.inside -= 1
