"""A model over real HTTP: good answers whole, and every way of failing as one LLMUnavailable, in time."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from dataclasses import replace

import pytest

from errors import BadSpec, LLMUnavailable
from llm import Call, Usage, complete
from llm.vllm import VLLM
from llm.watch import Deadlines
from prompts import Message, Rendered
from tests.llm.fake_server import (
    DONE,
    HEAD,
    Handler,
    Served,
    answers,
    drips,
    event,
    in_turns,
    resets_after,
    said,
    sends,
    server,
    status,
    stays_silent_after,
)

FAST = Deadlines(connect=0.3, first=0.3, gap=0.2, total=0.7, wake=0.05)
ROOMY = Deadlines(wake=0.05)  # for whatever a busy machine may take its time over
ASKED = Rendered("rank@1", (Message("user", "?"),), max_tokens=20)
KEY = "sk-not-for-logs"


def words_of(trouble: BaseException | None) -> str:
    """What an error and all that led to it say, as a log would."""
    return f"{trouble!r} {words_of(trouble.__cause__ or trouble.__context__)}" if trouble else ""


def told(prompt: int, completion: int, cached: int | None = None) -> dict[str, object]:
    """Tokens as a server tells them."""
    details = {} if cached is None else {"prompt_tokens_details": {"cached_tokens": cached}}
    return {"prompt_tokens": prompt, "completion_tokens": completion, **details}


def test_an_answer_arrives_as_it_is_made_and_says_what_was_asked() -> None:
    schema = {"type": "object"}
    asked = Rendered("track@2", (Message("system", "Be brief."), Message("user", "你好?")), 20, 0.5, schema)
    parts = (HEAD, b": a comment\n\n", event(None), event("[1] 灰"), event("色"), b'data: {"choices": []}\n\n', DONE)
    with server(sends(*parts)) as (url, served):
        assert complete(VLLM(url, "tiny", "secret", ROOMY), asked) == "[1] 灰色"
    sent = json.loads(served.requests[0])
    assert sent == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "你好?"}],
        "max_tokens": 20,
        "temperature": 0.5,
        "stream": True,
        "stream_options": {"include_usage": True, "continuous_usage_stats": True},
        "chat_template_kwargs": {"enable_thinking": False},
        "response_format": {"type": "json_schema", "json_schema": {"name": "track", "schema": schema, "strict": True}},
    }


def test_an_answer_cut_at_any_byte_reads_the_same() -> None:
    whole = HEAD + event("[1] 灰色") + event(" ok") + DONE
    with server(sends(*(whole[n : n + 1] for n in range(len(whole))))) as (url, _):
        assert complete(VLLM(url, "tiny", deadlines=ROOMY), ASKED) == "[1] 灰色 ok"


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
        (sends(HEAD, b"data: " + b"[" * 90_000 + b"\n\n"), "no answer"),
        (sends(HEAD, said({"choices": [{"delta": {}, "finish_reason": "abort"}]})), "gave the answer up"),
        (sends(HEAD, event(" " * 250_000), DONE), "sends no lines"),
        (sends(HEAD, event(" ") * 250_000, DONE), "does not end"),
        (sends(HEAD, event("<think>" + "hm " * 1_000), DONE), "does not end"),
        (drips(said({"choices": [{"delta": {"reasoning_content": "hm"}}]})), "said nothing within 0.3 s"),
        (stays_silent_after(HEAD, event("<think>hm"), event("hm")), "said nothing within 0.3 s"),
        (resets_after(HEAD, event("a")), "no model server answers|broke off"),
        (sends(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000), "broke off"),
        (drips(b"HTTP/1.1 100 Continue\r\n\r\n", 0, b""), "said nothing within 0.3 s"),
        (drips(b"X", 0.05, b"HTTP/1.1 200 OK\r\nX: "), "said nothing within 0.3 s"),
        (
            sends(HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"), event("a"), DONE),
            "packed its answer",
        ),
        (status("503 Service Unavailable"), "status 503"),
        (status("429 Too Many Requests"), "status 429"),
        (status("404 Not Found"), "status 404: does the address end in /v1, and is the model called so there"),
        (status("401 Unauthorized"), "status 401: is AISLE_LLM_KEY right"),
        (status("302 Found"), "status 302"),
        (status("200 OK"), "did not answer with a stream"),
    ],
)
def test_every_failure_is_one_error_in_time(handler: Handler, says: str) -> None:
    deadlines = FAST if re.search(r"\d s", says) else ROOMY
    with server(handler) as (url, served):
        started = time.monotonic()
        with pytest.raises(LLMUnavailable, match=says) as trouble:
            complete(VLLM(url, "tiny", KEY, deadlines), ASKED)
        assert time.monotonic() - started < deadlines.total + 0.5
        assert len(served.requests) == 1
        assert not [secret for secret in (KEY, "7, 3, 5", "boom") if secret in words_of(trouble.value)]


@pytest.mark.parametrize(
    ("parts", "answer", "call"),
    [
        ((event("a"), event("b"), DONE), "ab", Call(usage=Usage(0, 0, 2))),
        ((event("a"), event("b", "stop")), "ab", Call(usage=Usage(0, 0, 2))),
        ((event("a"), event("b", "length"), DONE), "ab", Call(usage=Usage(0, 0, 2), cut=True)),
        ((event("a", None, told(9, 1)), event("b", "stop", told(9, 4, 8)), DONE), "ab", Call(usage=Usage(9, 8, 4))),
        (
            (event("a"), event("", "stop"), said({"choices": [], "usage": told(9, 4, 8)}), DONE),
            "a",
            Call(usage=Usage(9, 8, 4)),
        ),
        ((event("a", None, {"prompt_tokens": -1, "completion_tokens": "4"}), DONE), "a", Call()),
        ((said({"choices": [{"delta": None, "finish_reason": "stop"}], "usage": None}), DONE), "", Call()),
        ((event("a\ud83d\x1b[31m\x00b\r\n\tc\x85"), DONE), "a[31mb\n\tc", Call(usage=Usage(0, 0, 1))),
        ((event("<think>a"), event("b</think>"), event("\n\nc"), DONE), "c", Call(usage=Usage(0, 0, 3))),
    ],
)
def test_what_an_answer_came_to(parts: tuple[bytes, ...], answer: str, call: Call) -> None:
    made = Call(cancel=call.cancel)
    with server(sends(HEAD, *parts)) as (url, _):
        assert complete(VLLM(url, "tiny", deadlines=ROOMY), ASKED, made) == answer
    assert made == call


@pytest.mark.parametrize(("usage", "came_to"), [(None, Usage(0, 0, 2)), (told(30, 2), Usage(30, 0, 2))])
def test_what_an_answer_that_is_left_early_came_to(usage: dict[str, object] | None, came_to: Usage) -> None:
    call = Call()
    with server(stays_silent_after(HEAD, event("a", None, usage), event("b", None, usage))) as (url, _):
        stream = VLLM(url, "tiny", deadlines=ROOMY).stream(ASKED, call)
        assert [next(stream), next(stream)] == ["a", "b"]
        stream.close()
    assert call.usage == came_to


def refuses(*fields: str) -> Handler:
    """A server that answers 400 to any of these fields."""

    def handler(caller: socket.socket, served: Served) -> None:
        sent = json.loads(served.requests[-1])
        known = not [f for f in fields if f in sent or f in sent.get("stream_options", {})]
        (answers("ok") if known else status("400 Bad Request"))(caller, served)

    return handler


@pytest.mark.parametrize(
    ("unknown", "first", "later"),
    [((), 1, 1), (("chat_template_kwargs",), 2, 1), (("continuous_usage_stats",), 2, 1), (("stream_options",), 3, 1)],
)
def test_a_server_that_refuses_a_field_is_asked_without_it_from_then_on(
    unknown: tuple[str, ...], first: int, later: int
) -> None:
    with server(refuses(*unknown)) as (url, served):
        model = VLLM(url, "tiny", deadlines=ROOMY)
        assert complete(model, ASKED) == "ok"
        assert len(served.requests) == first
        assert complete(model, ASKED) == "ok"
        assert len(served.requests) == first + later


def test_a_schema_is_a_wish() -> None:
    asked = replace(ASKED, schema={"type": "object"})
    with server(refuses("response_format")) as (url, served):
        model = VLLM(url, "tiny", deadlines=ROOMY)
        assert [complete(model, asked), complete(model, asked)] == ["ok", "ok"]
        assert len(served.requests) == 4
        assert complete(model, ASKED) == "ok"
        assert "chat_template_kwargs" in json.loads(served.requests[-1])


def test_a_server_that_refuses_whatever_is_asked_is_asked_no_more_than_there_are_ways() -> None:
    with server(status("400 Bad Request")) as (url, served):
        with pytest.raises(LLMUnavailable, match="status 400"):
            complete(VLLM(url, "tiny", deadlines=ROOMY), ASKED)
        assert len(served.requests) == 3


def test_the_key_goes_to_the_server_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with server(answers("ok")) as (url, served):
        complete(VLLM(url, "tiny", KEY, ROOMY), ASKED)
    head = served.heads[0].decode().lower()
    assert f"authorization: bearer {KEY}" in head
    assert "accept-encoding: identity" in head
    assert caplog.messages  # httpcore's
    assert KEY not in caplog.text


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", " padded", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(BadSpec, match="AISLE_LLM_KEY") as trouble:
        VLLM("http://127.0.0.1:1/v1", "tiny", key)
    assert key.strip() not in str(trouble.value)


def models(*names: str) -> bytes:
    body = json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body


def test_the_only_model_of_an_endpoint_need_not_be_named() -> None:
    with server(in_turns(sends(models("Qwen/Qwen3-4B")), answers("ok"), answers("so"))) as (url, served):
        model = VLLM(url, deadlines=ROOMY)
        assert [complete(model, ASKED), complete(model, ASKED)] == ["ok", "so"]
        assert served.heads[0].startswith(b"GET /v1/models HTTP/1.1\r\n")
        assert [json.loads(sent)["model"] for sent in served.requests[1:]] == ["Qwen/Qwen3-4B"] * 2


def test_another_model_that_is_served_later_is_found() -> None:
    turns = sends(models("a")), status("404 Not Found"), sends(models("b")), answers("ok")
    with server(in_turns(*turns)) as (url, served):
        model = VLLM(url, deadlines=ROOMY)
        with pytest.raises(LLMUnavailable, match="404"):
            complete(model, ASKED)
        assert complete(model, ASKED) == "ok"
        assert json.loads(served.requests[-1])["model"] == "b"


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        (sends(models("a", "b")), "serves 2 models: name one"),
        (sends(models()), "serves 0 models"),
        (sends(models("a").replace(b"json", b"xml")), "did not answer with JSON"),
        (sends(models("a" * 200_000)), "does not say which"),
        (sends(models()[:-3]), "does not say which"),
        (status("404 Not Found"), "status 404"),
        (stays_silent_after(), "said nothing within 0.3 s"),
    ],
)
def test_an_endpoint_that_does_not_serve_one_model(handler: Handler, says: str) -> None:
    with server(handler) as (url, _), pytest.raises(LLMUnavailable, match=says):
        complete(VLLM(url, deadlines=FAST if "0.3 s" in says else ROOMY), ASKED)


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
        short = Deadlines(first=1, gap=1, total=1, wake=0.05)
        stream = VLLM(url, "tiny", deadlines=short).stream(ASKED, Call())
        got = [next(stream)]
        time.sleep(short.total + 0.1)
        assert got + list(stream) == ["a", "b"]
