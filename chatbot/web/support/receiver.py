"""The shop's own systems: where they are asked and told, and the secret that signs what we send.

The addresses are the operator's, out of the site file; none comes from a visitor. Knows nothing of what is sent.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_PREFIX = "whsec_"
EVENTS = ("handoff.requested", "handoff.message", "handoff.closed", "watch.created", "watch.true")
_SHORTEST = 16  # bytes; Standard Webhooks asks for 24 to 64


@dataclass(frozen=True, slots=True)
class Receiver:
    """`url`: http or https. `secret`: base64 with or without "whsec_" before it, as Standard Webhooks has it. `events`:
    the types that are wished for; none named means all. ValueError, in one sentence, for what cannot be used."""

    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
            raise ValueError("url must be an address like https://shop.example/hooks, without a password in it")
        try:
            port = parts.port
        except ValueError:
            port = 0
        if port == 0:
            raise ValueError("url has a port that cannot be")
        if set(self.events) - set(EVENTS):
            raise ValueError(f"events must be some of {', '.join(EVENTS)}")
        if len(self.key) < _SHORTEST:
            raise ValueError(f"secret must be base64 of at least {_SHORTEST} bytes, like whsec_MfKQ9r8GKYqrTwjU...")

    @property
    def key(self) -> bytes:
        """The bytes that sign; none where the secret is no base64."""
        text = self.secret.removeprefix(_PREFIX)
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            return b""

    def wants(self, type: str) -> bool:
        """Is this type of event wished for?"""
        return not self.events or type in self.events
