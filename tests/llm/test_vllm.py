"""A model over real HTTP: good answers whole, and every way of failing as one LLMUnavailable, in time."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from errors import LLMError, LLMUnavailable
from llm import Call, complete
from llm.spec import open_llm
from llm.vllm import VLLM, Deadlines
from prompts import Message, Rendered
from tests.llm.fake_server import DONE, HEAD, Handler, drips, event, sends, server, status, stays_silent_after

FAST = Deadlines(connect=0.3, first=0.3, gap=0.2, total=0.7, wake=0.05)
ASKED = Rendered("rank@1", (Message("user", "?"),), max_tokens=20)


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
