"""A connection that never holds a call: looking up a name, connecting, writing and reading wake to look at the watch.

One connection a call: closing it is what stops a server's work. Knows HTTP's bytes only as httpcore handles them.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

import httpcore

from errors import LLMUnavailable
from llm.watch import Watch

AGAIN_AFTER = 0.1  # seconds before the one retry of a refused connection: a server that restarts is back in no less


class Names:
    """Looks up host names in threads of their own, because the system's lookup can be given no deadline.

    One lookup of a name at a time, however many wait for it: a resolver that hangs costs one thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[tuple[str, int], Future[list[str]]] = {}

    def addresses(self, host: str, port: int, watch: Watch) -> list[str]:
        """The addresses of a host, in the order to try them. LLMUnavailable when there is none in time."""
        if _is_address(host):
            return [host]
        found = self._look_up(host, port)
        while True:
            try:
                return found.result(min(watch.wake(), watch.to_connect()))
            except TimeoutError:
                continue
            except (OSError, UnicodeError) as trouble:
                raise LLMUnavailable(f"the model server's name {host!r} is not known: {trouble}") from trouble

    def _look_up(self, host: str, port: int) -> Future[list[str]]:
        with self._lock:
            found = self._under_way.get((host, port))
            if found is None:
                found = self._under_way[host, port] = Future()
                threading.Thread(target=self._run, args=(host, port, found), name="llm-name", daemon=True).start()
            return found

    def _run(self, host: str, port: int, found: Future[list[str]]) -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer: list[str] | OSError | UnicodeError = list(dict.fromkeys(str(info[4][0]) for info in infos))
        except (OSError, UnicodeError) as trouble:  # UnicodeError: no host can be called that
            answer = trouble
        with self._lock:
            del self._under_way[host, port]
        if isinstance(answer, list):
            found.set_result(answer)
        else:
            found.set_exception(answer)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class WakingBackend(httpcore.NetworkBackend):
    """Connects within the deadline, names and certificates included; once more where the first try is refused."""

    def __init__(self, watch: Watch, names: Names) -> None:
        self._watch = watch
        self._names = names
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        host = host.strip("[]")
        addresses = self._names.addresses(host, port, self._watch)
        try:
            return self._connect(addresses, port)
        except httpcore.ConnectError as trouble:
            if not isinstance(trouble.__cause__, ConnectionRefusedError):
                raise
        self._watch.call.cancel.wait(min(AGAIN_AFTER, self._watch.to_connect()))
        return self._connect(addresses, port)

    def _connect(self, addresses: list[str], port: int) -> httpcore.NetworkStream:
        """The first address that answers; each gets its share of the time, so that a dead one leaves some."""
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                return WakingStream(
                    self._plain.connect_tcp(address, port, self._watch.to_connect() / left), self._watch
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise LLMUnavailable("the model server's name stands for no address")


class WakingStream(httpcore.NetworkStream):
    """A connection whose reads and writes wake to look at the watch."""

    def __init__(self, inner: httpcore.NetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            self._watch.check()
            try:
                return self._inner.read(max_bytes, timeout=self._watch.wake())
            except httpcore.ReadTimeout:
                continue

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore's own write cannot be taken up again after a timeout: it does not tell how much went out
        plain: socket.socket = self._inner.get_extra_info("socket")
        while buffer:
            self._watch.check()
            plain.settimeout(self._watch.wake())
            try:
                buffer = buffer[plain.send(buffer) :]
            except TimeoutError:
                continue
            except OSError as trouble:
                raise httpcore.WriteError(trouble) from trouble

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._watch.to_connect())
        return WakingStream(secured, self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
