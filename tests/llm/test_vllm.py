"""A model over real HTTP: good answers whole, and every way of failing as one LLMUnavailable, in time."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from errors import LLMError, LLMUnavailable
from llm import Call, complete
from llm.spec import open_llm
from llm.vllm import VLLM, Deadlines
from prompts import Message, Rendered

FAST = Deadlines(connect=0.3, first=0.3, gap=0.2, total=0.7, wake=0.05)
ASKED = Rendered("rank@1", (Message("user", "?"),), max_tokens=20)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
DONE = b"data: [DONE]\n\n"
Handler = Callable[[socket.socket, "Served"], None]


class Served:
    """What a server saw: requests, and whether the caller went away."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.hung_up = Event()


def event(text: str | None) -> bytes:
    delta = {"role": "assistant"} if text is None else {"content": text}
    return b"data: " + json.dumps({"choices": [{"delta": delta, "finish_reason": None}]}).encode() + b"\n\n"


@contextmanager
def server(handler: Handler) -> Iterator[tuple[str, Served]]:
    served = Served()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(3)
                try:
                    served.requests.append(read_request(caller))
                    handler(caller, served)
                except OSError:
                    served.hung_up.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", served
    finally:
        listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        listener.close()
        thread.join(4)


def read_request(caller: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += caller.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += caller.recv(65536)
    return body


def sends(*parts: bytes, pause: float = 0.0) -> Handler:
    def handler(caller: socket.socket, served: Served) -> None:
        for part in parts:
            caller.sendall(part)
            time.sleep(pause)

    return handler


def stays_silent_after(*parts: bytes) -> Handler:
    def handler(caller: socket.socket, served: Served) -> None:
        sends(*parts)(caller, served)
        if caller.recv(1) == b"":
            served.hung_up.set()

    return handler


def drips(part: bytes) -> Handler:
    def handler(caller: socket.socket, served: Served) -> None:
        caller.sendall(HEAD)
        while True:
            caller.sendall(part)
            time.sleep(0.05)

    return handler


def status(line: str, body: bytes = b"7, 3, 5, 1, 2") -> Handler:
    return sends(f"HTTP/1.1 {line}\r\nContent-Length: {len(body)}\r\nRetry-After: 3600\r\n\r\n".encode() + body)


def test_an_answer_arrives_as_it_is_made_and_says_what_was_asked() -> None:
    schema = {"type": "object"}
    asked = Rendered("track@2", (Message("system", "Be brief."), Message("user", "你好?")), 20, 0.5, schema)
    parts = (HEAD, b": a comment\n\n", event(None), event("[1] 灰"), event("色"), b'data: {"choices": []}\n\n', DONE)
    with server(sends(*parts)) as (url, served):
        assert complete(VLLM(url, "tiny", "secret", FAST), asked) == "[1] 灰色"
    sent = json.loads(served.requests[0])
    assert sent == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "你好?"}],
        "max_tokens": 20,
        "temperature": 0.5,
        "stream": True,
        "response_format": {"type": "json_schema", "json_schema": {"name": "track", "schema": schema, "strict": True}},
    }


def test_an_answer_cut_at_any_byte_reads_the_same() -> None:
    whole = HEAD + event("[1] 灰色") + event(" ok") + DONE
    with server(sends(*(whole[n : n + 1] for n in range(len(whole))))) as (url, _):
        assert complete(VLLM(url, "tiny", deadlines=FAST), ASKED) == "[1] 灰色 ok"


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        (stays_silent_after(), "said nothing within 0.3 s"),
        (stays_silent_after(HEAD), "said nothing within 0.3 s"),
        (stays_silent_after(HEAD, event("a")), "fell silent for 0.2 s"),
        (drips(b"d"), "said nothing within 0.3 s"),
        (drips(event(" \n")), "said nothing within 0.3 s"),
        (drips(event("a")), "did not finish within 0.7 s"),
        (sends(HEAD, *(event(" " * 100) for _ in range(50))), "does not end"),
        (sends(HEAD, b"x" * 1_100_000), "sends no lines"),
        (sends(HEAD, event("a"), b"data: {"), "broke off"),
        (sends(HEAD, event("a")), "broke off"),
        (sends(b"HTTP/1.1 200"), "broke off"),
        (sends(b"SSH-2.0-OpenSSH\r\n"), "broke off"),
        (sends(HEAD, b"data: hello\n\n"), "no answer"),
        (sends(HEAD, b'data: {"choices": [NaN]}\n\n'), "no answer"),
        (sends(HEAD, b'data: {"error": {"message": "boom"}}\n\n'), "no answer"),
        (sends(HEAD, b"data: [1, 2]\n\n"), "no answer"),
        (status("503 Service Unavailable"), "status 503"),
        (status("429 Too Many Requests"), "status 429"),
        (status("404 Not Found"), "status 404"),
        (status("302 Found"), "status 302"),
        (status("200 OK"), "did not answer with a stream"),
    ],
)
def test_every_failure_is_one_error_in_time(handler: Handler, says: str) -> None:
    with server(handler) as (url, _):
        started = time.monotonic()
        with pytest.raises(LLMUnavailable, match=says):
            complete(VLLM(url, "tiny", deadlines=FAST), ASKED)
        assert time.monotonic() - started < FAST.total + 0.5


def test_a_refused_connection_and_an_unknown_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/v1", "http://no-such-host.invalid/v1", "ftp://127.0.0.1/v1"):
        with pytest.raises(LLMUnavailable):
            complete(VLLM(url, "tiny", deadlines=FAST), ASKED)


@pytest.mark.parametrize("leave", ["close", "cancel"])
def test_leaving_closes_the_connection_so_that_the_server_stops(leave: str) -> None:
    call = Call()
    with server(stays_silent_after(HEAD, event("a"))) as (url, served):
        stream = VLLM(url, "tiny").stream(ASKED, call)
        assert next(stream) == "a"
        if leave == "close":
            stream.close()
        else:
            threading.Timer(0.1, call.cancel.set).start()
            assert list(stream) == []
        assert served.hung_up.wait(1)


def test_the_callers_own_time_does_not_count() -> None:
    with server(sends(HEAD, event("a"), event("b"), DONE)) as (url, _):
        stream = VLLM(url, "tiny", deadlines=FAST).stream(ASKED, Call())
        got = [next(stream)]
        time.sleep(FAST.total + 0.1)
        assert got + list(stream) == ["a", "b"]


def test_which_model_a_command_was_told_to_use() -> None:
    assert open_llm("none") is None
    opened = open_llm("vllm:http://127.0.0.1:8001/v1#Qwen/Qwen3-4B")
    assert isinstance(opened, VLLM)
    assert opened.model == "Qwen/Qwen3-4B"


@pytest.mark.parametrize(
    "spec", ["", "none:x", "gpt", "vllm:", "vllm:http://h/v1", "vllm:file:///etc#m", "vllm:http://#m"]
)
def test_a_spec_that_says_no_model(spec: str) -> None:
    with pytest.raises(LLMError):
        open_llm(spec)
