"""Model servers that cannot be reached, by name, and a resolver that does not resolve."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest


@contextmanager
def _refusing() -> Iterator[str]:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def _unknown_host() -> Iterator[str]:
    """A machine that does not exist."""
    yield "http://zorkmid.invalid:8000/v1"


@contextmanager
def _never_accepting() -> Iterator[str]:
    """A server whose queue of callers is full: connecting itself hangs."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, socket.socket() as one, socket.socket() as two:
        address = listener.getsockname()
        for caller in (one, two):
            caller.setblocking(False)
            caller.connect_ex(address)
        yield f"http://127.0.0.1:{address[1]}/v1"


UNREACHABLE: Mapping[str, Callable[[], AbstractContextManager[str]]] = {
    "refused": _refusing,
    "unknown host": _unknown_host,
    "resolver that hangs": _unknown_host,
    "never accepts": _never_accepting,
}
"""Each gives an address for as long as it lasts. The resolver hangs in tests whose name says so."""


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Names that end in .invalid are looked up for ever, or not at all."""
    over, real = threading.Event(), socket.getaddrinfo
    hangs = "hangs" in request.node.name

    def look_up(host: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(host, str) and host.endswith(".invalid"):
            if hangs:
                over.wait(60)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield
    over.set()
