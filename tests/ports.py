"""A port for a server that a test starts itself, whose number has to be known before it listens."""

from __future__ import annotations

import random
import socket

BELOW = range(20_000, 32_000)
"""Below those that systems give to connections by themselves: one of these is not taken before the server listens."""


def free_port() -> int:
    """A port of this machine that nobody listens on. OSError where none of a hundred is free."""
    for port in random.SystemRandom().sample(BELOW, 100):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
    raise OSError(f"no port between {BELOW.start} and {BELOW.stop} is free")
