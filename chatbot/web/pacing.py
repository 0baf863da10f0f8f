"""What stands before every call that costs something: how often an address may ask, how many streams it may hold open, and
how many turns are taken on.

Plain ASGI in the event loop alone: no thread and no look at what is kept, so that a refusal costs next to nothing and comes
at once, however busy the assistant is. The address is the connection's; behind a proxy that is trusted (`--trust-proxy`),
the one that the proxy names; of IPv6 its network. Knows the paths of calls that make turns and of those that stay open,
nothing of what is in them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from ipaddress import AddressValueError, IPv6Address

from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.limits import Buckets

FREE = ("/assets/", "/static/", "/svelte/", "/media/", "/healthz", "/readyz", "/metrics")
"""Files, of which a page asks for a hundred at once, and how the server is, for who watches it: not counted as calls."""

TURNS = re.compile(r"/mcp|/v1/(chat|chat/completions|sessions/current/(ledger|gestures))")
RETRY_S = 1
STREAMS = re.compile(r"/v1/sessions/current/updates|/gradio_api/(queue/data|heartbeat/.*)")
STREAM_RETRY_S = 15


class AddressLimit:
    """Answers 429 to who asks too often from one address."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self.app = app
        self.buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(FREE) and scope["method"] != "OPTIONS":
            wait = self.buckets.wait_s(address_of(scope))
            if wait:
                after = {"Retry-After": str(math.ceil(wait))}
                await problems.response(429, "That is too often: wait a moment.", after)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class StreamLimit:
    """Answers 429 to an address that has `most` (0: no end) event streams open: one visitor cannot hold them all."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.most or scope["type"] != "http" or not STREAMS.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        whose = address_of(scope)
        if self.open[whose] >= self.most:
            after = {"Retry-After": str(STREAM_RETRY_S)}
            await problems.response(429, "Too many streams are open.", after)(scope, receive, send)
            return
        self.open[whose] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            less(self.open, whose)


def address_of(scope: Scope) -> str:
    """Who asks, as far as an address tells."""
    address, _ = scope["client"] or ("", 0)
    return network(address)


def less(counter: Counter[str], name: str) -> None:
    """One less of a name; of none nothing stays."""
    counter[name] -= 1
    if not counter[name]:
        del counter[name]


def network(address: str) -> str:
    """Whose address this is, as far as it tells: of IPv6 the /64, within which who has one address has all (RFC 6177)."""
    try:
        whole = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Address(int(whole) >> 64 << 64))


class Places:
    """Room for `most` answers (0: for all that come) that are in the making or wait for it, `of_one` of them (0: all) for
    one address, so that one visitor cannot hold every place. Counted in the event loop alone."""

    def __init__(self, most: int, of_one: int = 0) -> None:
        self._most = most
        self._of_one = of_one
        self._taken: Counter[str] = Counter()

    def take(self, whose: str) -> bool:
        """One more for this address, to be given back; False: there is no room."""
        full = self._most and self._taken.total() >= self._most
        if full or (self._of_one and self._taken[whose] >= self._of_one):
            return False
        self._taken[whose] += 1
        return True

    def give_back(self, whose: str) -> None:
        less(self._taken, whose)


class Admission:
    """Answers 503 at once to a message for which there is no place."""

    def __init__(self, app: ASGIApp, places: Places) -> None:
        self.app = app
        self.places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PATCH") or not TURNS.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        whose = address_of(scope)
        if not self.places.take(whose):
            after = {"Retry-After": str(RETRY_S)}
            busy = "Too many messages are being answered: send this one again in a moment."
            await problems.response(503, busy, after)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self.places.give_back(whose)
