"""One signed request to a system of the shop's, under one deadline for all of it: name, connection, answer.

Signed as Standard Webhooks has it (standardwebhooks.com). No redirect is followed: the address is the operator's, and
where it points today is not. What the other side says never gets into an error or a log. Knows nothing of what is sent.
"""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import httpcore
from standardwebhooks import Webhook

from chatbot.web.support.receiver import Receiver
from errors import LLMError
from llm.transport import Names, WakingBackend
from llm.types import Call
from llm.watch import Cancelled, Deadlines, Watch

MOST_BYTES = 64 * 1024
"""Of an answer; more is none."""

_NAMES = Names()


@dataclass(frozen=True, slots=True)
class Posted:
    """What came back. `status`: 0 where nothing did, in time and whole."""

    status: int = 0
    body: bytes = b""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


def post(receiver: Receiver, id: str, body: str, within_s: float, cancel: threading.Event | None = None) -> Posted:
    """Send `body` (JSON) under the webhook's `id`. Never raises for what the other side does; `cancel` ends it early."""
    limits = Deadlines(connect=within_s, first=within_s, gap=within_s, total=within_s)
    watch = Watch(limits, Call(cancel=cancel or threading.Event()))
    backend = WakingBackend(watch, _NAMES)  # the model's transport: every wait of it looks at the watch
    tls = _tls() if receiver.url.startswith("https:") else None
    try:
        with (
            httpcore.ConnectionPool(tls, network_backend=backend) as pool,
            pool.stream("POST", receiver.url, headers=_headers(receiver, id, body), content=body.encode()) as response,
        ):
            told = b""
            for piece in response.iter_stream():
                told += piece
                if len(told) > MOST_BYTES:
                    return Posted()
            return Posted(response.status, told)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, LLMError, Cancelled, OSError):
        return Posted()


def _headers(receiver: Receiver, id: str, body: str) -> list[tuple[str, str]]:
    now = datetime.now(UTC)
    return [
        ("Content-Type", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "aisle"),
        ("webhook-id", id),
        ("webhook-timestamp", str(int(now.timestamp()))),
        ("webhook-signature", Webhook(receiver.key).sign(id, now, body)),
    ]


@cache
def _tls() -> ssl.SSLContext:
    return httpcore.default_ssl_context()  # reads every root certificate: once
