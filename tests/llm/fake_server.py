"""A model server over real HTTP that does as badly as it is told to: `with server(handler) as (url, served)`.

A handler is given the connection once a request was read whole; each connection has a thread of its own. Pieces to
build handlers of: `sends`, `drips`, `stays_silent_after`, `status`, and the bytes `HEAD`, `event(...)`, `DONE`.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"


class Served:
    """What a server saw: the requests' bodies and heads, the most callers at once, and whether one went away."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.heads: list[bytes] = []
        self.hung_up = Event()
        self.now = 0
        self.most = 0
        self.lock = threading.Lock()
        self.here = threading.local()

    @property
    def request(self) -> Any:
        """What the caller asks whom this thread serves, as JSON."""
        return json.loads(self.here.body)


Handler = Callable[[socket.socket, Served], None]


@contextmanager
def server(handler: Handler, port: int = 0) -> Iterator[tuple[str, Served]]:
    """A server at a free port (or at `port`, to come back where one was); its URL for VLLM(...), and what it saw."""
    served = Served()
    listener = socket.create_server(("127.0.0.1", port), backlog=128)

    def listen() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=_serve, args=(caller, handler, served), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", served
    finally:
        listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        listener.close()
        thread.join(4)


def _serve(caller: socket.socket, handler: Handler, served: Served) -> None:
    with served.lock:
        served.now += 1
        served.most = max(served.most, served.now)
    with caller:
        caller.settimeout(3)
        try:
            head, body = read_request(caller)
            served.here.body = body
            with served.lock:
                served.heads.append(head)
                served.requests.append(body)
            handler(caller, served)
        except OSError:
            served.hung_up.set()
    with served.lock:
        served.now -= 1


def read_request(caller: socket.socket) -> tuple[bytes, bytes]:
    """Head and body. OSError when the caller goes away before."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(caller)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)
    while len(body) < length:
        body += _some(caller)
    return head, body


def _some(caller: socket.socket) -> bytes:
    if not (got := caller.recv(65536)):
        raise ConnectionError("the caller went away")
    return got


def event(text: str | None, finish: str | None = None, usage: Mapping[str, object] | None = None) -> bytes:
    """One piece of an answer as a server-sent event; None: the piece that only says who speaks."""
    delta = {"role": "assistant"} if text is None else {"content": text}
    data: dict[str, object] = {"choices": [{"delta": delta, "finish_reason": finish}]}
    return said({**data, "usage": usage} if usage else data)


def said(data: object) -> bytes:
    """Any JSON as a server-sent event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def answers(text: str, piece: int = 7) -> Handler:
    """A whole answer, well behaved, `piece` characters at a time."""
    pieces = [event(text[start : start + piece]) for start in range(0, len(text), piece)]
    return sends(HEAD, event(None), *pieces, event("", "stop"), DONE)


def sends(*parts: bytes, pause: float = 0.0) -> Handler:
    """Sends this and hangs up."""

    def handler(caller: socket.socket, served: Served) -> None:
        for part in parts:
            caller.sendall(part)
            time.sleep(pause)

    return handler


def stays_silent_after(*parts: bytes) -> Handler:
    """Sends this and then nothing, until the caller goes away."""

    def handler(caller: socket.socket, served: Served) -> None:
        sends(*parts)(caller, served)
        if caller.recv(1) == b"":
            served.hung_up.set()

    return handler


def drips(part: bytes, pause: float = 0.05, head: bytes = HEAD) -> Handler:
    """The same again and again, for ever."""

    def handler(caller: socket.socket, served: Served) -> None:
        caller.sendall(head)
        while True:
            caller.sendall(part)
            time.sleep(pause)

    return handler


def resets_after(*parts: bytes) -> Handler:
    """Sends this and breaks the connection with a reset."""

    def handler(caller: socket.socket, served: Served) -> None:
        sends(*parts)(caller, served)
        time.sleep(0.02)  # a reset throws away what was not read yet
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    return handler


def status(line: str, body: bytes = b"7, 3, 5, 1, 2") -> Handler:
    """An answer that is no stream: "429 Too Many Requests"."""
    return sends(f"HTTP/1.1 {line}\r\nContent-Length: {len(body)}\r\nRetry-After: 3600\r\n\r\n".encode() + body)


def in_turns(*handlers: Handler) -> Handler:
    """One after the other, a request each, and from the beginning again."""
    count = iter(range(10**9))

    def handler(caller: socket.socket, served: Served) -> None:
        handlers[next(count) % len(handlers)](caller, served)

    return handler
