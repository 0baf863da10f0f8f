"""A shop's own system on a free port, with a temper: it confirms, refuses, redirects, dawdles or is down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chatbot.web.support.receiver import Receiver

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class System:
    """`status`, `body`: what it answers. `slow_s`: before it does. `drip`: a byte at a time, for ever."""

    url: str = ""
    status: int = 204
    body: bytes = b""
    slow_s: float = 0.0
    drip: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def receiver(self) -> Receiver:
        return Receiver(self.url, SECRET)

    def wait(self, count: int, within_s: float = 5.0) -> None:
        """Until so many requests came."""
        deadline = time.monotonic() + within_s
        while len(self.got) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.got) >= count


@contextmanager
def system(**temper: object) -> Iterator[System]:
    shop = System(**temper)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            shop.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            shop.over.wait(shop.slow_s)
            with suppress(OSError):  # who asked may have gone
                self._answer()

        def _answer(self) -> None:
            if shop.drip:
                for _ in range(100):
                    self.wfile.write(b"H")
                    if shop.over.wait(0.1):
                        return
                return
            self.send_response(shop.status)
            for name, value in shop.more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(shop.body)))
            self.end_headers()
            self.wfile.write(shop.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield shop
    finally:
        shop.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
