"""Names that are never found, connections that are refused, servers that do not listen: none holds a call."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from errors import LLMUnavailable
from llm import Call, complete
from llm.vllm import VLLM
from llm.watch import Deadlines
from prompts import Message, Rendered
from tests.llm.fake_server import Served, answers, server

FAST = Deadlines(connect=0.3, first=3, gap=2, total=4, wake=0.05)
ROOMY = Deadlines(connect=2, first=3, gap=2, total=4, wake=0.05)
ASKED = Rendered("rank@1", (Message("user", "?"),), max_tokens=20)
AT_ONCE = 0.9  # seconds: less than any of the roomy deadlines, on a busy machine


class Lookups:
    """The system's resolver, told what to find for shop.test; `wait` holds every lookup of it."""

    def __init__(self, patch: pytest.MonkeyPatch, *found: str) -> None:
        self.found = found
        self.asked = 0
        self.wait = threading.Event()
        self.wait.set()
        self._real = socket.getaddrinfo
        patch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: str, *args: Any, **options: Any) -> list[Any]:
        if host != "shop.test":
            return self._real(host, *args, **options)
        self.asked += 1
        self.wait.wait(5)
        if not self.found:
            raise socket.gaierror(-2, "Name or service not known")
        return [info for found in self.found for info in self._real(found, *args, **options)]


@contextmanager
def takes(least: float, most: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert least <= time.monotonic() - started <= most


def named(url: str) -> str:
    return url.replace("127.0.0.1", "shop.test")


def test_a_lookup_that_hangs_ends_in_time_and_costs_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(monkeypatch, "127.0.0.1")
    lookups.wait.clear()
    model = VLLM("http://shop.test:9/v1", "tiny", deadlines=FAST)
    for _ in range(3):
        with takes(0.25, 1.5), pytest.raises(LLMUnavailable, match=r"not be reached within 0.3 s"):
            complete(model, ASKED)
    assert lookups.asked == 1
    lookups.wait.set()


def test_leaving_ends_a_lookup_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups, call = Lookups(monkeypatch, "127.0.0.1"), Call()
    lookups.wait.clear()
    threading.Timer(0.05, call.cancel.set).start()
    with takes(0.04, 1):
        assert complete(VLLM("http://shop.test:9/v1", "tiny", deadlines=ROOMY), ASKED, call) == ""
    lookups.wait.set()


@pytest.mark.parametrize("host", ["shop.test", "a" * 80 + ".test", "a..b"])
def test_an_unknown_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    lookups = Lookups(monkeypatch)
    with takes(0, AT_ONCE), pytest.raises(LLMUnavailable, match="name '.*' is not known"):
        complete(VLLM(f"http://{host}/v1", "tiny", deadlines=ROOMY), ASKED)
    assert lookups.asked == (host == "shop.test")


def test_a_name_with_several_addresses_is_tried_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    Lookups(monkeypatch, "127.0.0.2", "127.0.0.1")  # nothing listens at the first
    with server(answers("ok")) as (url, _):
        assert complete(VLLM(named(url), "tiny", deadlines=ROOMY), ASKED) == "ok"


def test_a_refused_connection_is_tried_once_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    model = VLLM(f"http://127.0.0.1:{port}/v1", "tiny", deadlines=ROOMY)
    with takes(0.09, 1), pytest.raises(LLMUnavailable, match="refused"):
        complete(model, ASKED)
    ready = threading.Event()

    def comes_back() -> None:
        with server(answers("ok"), port):
            ready.wait(5)

    threading.Timer(0.04, comes_back).start()
    assert complete(model, ASKED) == "ok"
    ready.set()


def test_what_is_no_refusal_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def connect(address: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
        tries.append(address[0])
        raise OSError(113, "No route to host")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(LLMUnavailable, match="No route"):
        complete(VLLM("http://10.1.2.3/v1", "tiny", deadlines=ROOMY), ASKED)
    assert tries == ["10.1.2.3"]


def test_a_server_that_takes_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        with takes(0.25, 1.5), pytest.raises(LLMUnavailable, match="too slow|timed out"):
            complete(VLLM(f"http://127.0.0.1:{address[1]}/v1", "tiny", deadlines=FAST), ASKED)
        for filler in fillers:
            filler.close()


@pytest.mark.parametrize("leave", [False, True])
def test_a_server_that_does_not_read_what_is_asked(leave: bool) -> None:
    long = Rendered("rank@1", (Message("user", "x" * 8_000_000),), max_tokens=20)  # more than sockets buffer
    slow, call = Deadlines(connect=1, first=5 if leave else 1.2, gap=1, total=6, wake=0.05), Call()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        model = VLLM(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", "tiny", deadlines=slow)
        if leave:
            threading.Timer(0.3, call.cancel.set).start()
            with takes(0.2, 2):
                assert complete(model, long, call) == ""
        else:
            with takes(1.1, 2), pytest.raises(LLMUnavailable, match=r"said nothing within 1.2 s"):
                complete(model, long, call)


def test_a_turn_that_is_over_connects_to_nothing() -> None:
    with server(answers("ok")) as (url, served):
        with takes(0, AT_ONCE), pytest.raises(LLMUnavailable, match="than the turn had left"):
            complete(VLLM(url, "tiny", deadlines=ROOMY), ASKED, Call(deadline=time.monotonic()))
        assert served.requests == []


def test_a_server_that_hangs_in_the_middle_of_a_secret_handshake() -> None:
    def silent(caller: socket.socket, served: Served) -> None:
        caller.recv(1)

    with (
        server(silent) as (url, _),
        takes(0.25, 1.5),
        pytest.raises(LLMUnavailable, match="handshake|too slow|not be reached"),
    ):
        complete(VLLM(url.replace("http", "https"), "tiny", deadlines=FAST), ASKED)
