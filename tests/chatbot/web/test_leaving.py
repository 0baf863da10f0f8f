"""Shoppers who leave in the middle of a turn, over real sockets: the model is let go of at once, nothing is kept."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatbot.asking import Budget, Model
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.web.app import WebSettings, create_app
from chatbot.web.desk import TURNS_AT_ONCE
from chatbot.web.tokens import Pass, Tokens
from llm.guarded import Guarded
from llm.limits import Limits
from llm.vllm import VLLM
from llm.watch import Deadlines
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving
from tests.llm.fake_server import HEAD, Served, event, server, stays_silent_after

SOON = 0.5  # seconds from a shopper's leaving to the end of the model's work


@pytest.fixture
def model() -> Iterator[tuple[str, Served]]:
    """A model that begins to speak and then says nothing more."""
    with server(stays_silent_after(HEAD, event("[1] so qui"))) as (url, served):
        yield url, served


@pytest.fixture
def address(shop_db: Path, people: People, model: tuple[str, Served]) -> Iterator[str]:
    patient = Deadlines(first=30, gap=30, total=30)
    door = Guarded(VLLM(model[0], "tiny", deadlines=patient), Limits(running=1, patience=20))
    chatbot = Chatbot.open(shop_db, Model(door, "always", Budget(seconds=30)))
    with serving(create_app(chatbot, people, WebSettings(page=False))) as address:
        yield address


def opened(people: People) -> dict[str, str]:
    session, _ = people.start("en")
    return {"Authorization": f"Bearer {Tokens(people.secrets.get('tokens')).sign(Pass(session.id))[0]}"}


def asking(address: str, headers: dict[str, str], accept: str) -> socket.socket:
    """A caller in the middle of POST /v1/chat."""
    host, _, port = address.removeprefix("http://").partition(":")
    body = json.dumps({"text": "a mouse", "message_id": "m1"}).encode()
    named = {**headers, "Host": host, "Accept": accept, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in {**named, "Content-Type": "application/json"}.items())
    caller = socket.create_connection((host, int(port)), 5)
    caller.sendall(f"POST /v1/chat HTTP/1.1\r\n{head}\r\n".encode() + body)
    return caller


def until(true: Any, seconds: float = 5) -> float:
    """How long it took to come true."""
    started = time.monotonic()
    while not true() and time.monotonic() - started < seconds:
        time.sleep(0.005)
    assert true()
    return time.monotonic() - started


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_model_is_let_go_of_when_the_shopper_hangs_up(
    address: str, model: tuple[str, Served], people: People, accept: str
) -> None:
    headers, (_, served) = opened(people), model
    caller = asking(address, headers, accept)
    until(lambda: served.requests)
    time.sleep(0.1)  # a thread waits for the model's next words now
    assert served.now == 1
    caller.close()
    assert until(lambda: served.now == 0) < SOON
    conversation = httpx.get(f"{address}/v1/sessions/current", headers=headers).json()
    assert (conversation["turns"], conversation["pending"]) == ([], {"message_id": "m1", "text": "a mouse"})


def test_conversation_goes_on_at_once_after_a_turn_was_left(
    address: str, model: tuple[str, Served], people: People
) -> None:
    headers, (_, served) = opened(people), model
    with asking(address, headers, "text/event-stream"):
        until(lambda: len(served.requests) == 1)
    left = time.monotonic()
    with asking(address, headers, "text/event-stream"):
        until(lambda: len(served.requests) == 2)
    assert time.monotonic() - left < 2  # not the model's thirty seconds
    until(lambda: served.now == 0)


def test_shopper_who_hangs_up_while_waiting_for_the_model_gives_the_place_up(
    address: str, model: tuple[str, Served], people: People
) -> None:
    _, served = model
    with asking(address, opened(people), "text/event-stream"):
        until(lambda: served.now == 1)
        with asking(address, opened(people), "text/event-stream"):
            until(lambda: waiting(address) == 1)
        assert until(lambda: waiting(address) == 0) < SOON
        assert len(served.requests) == 1


def waiting(address: str) -> float:
    """How many wait for the model."""
    told = re.search(r"^aisle_model_waiting (\S+)$", httpx.get(f"{address}/metrics").text, re.MULTILINE)
    assert told is not None
    return float(told[1])


def test_others_are_answered_while_many_turns_hang(people: People) -> None:
    slow, over, count = 45, threading.Event(), iter(range(10**9))

    def hang() -> None:
        if next(count) < slow:
            over.wait(30)

    assistant = FakeAssistant(pause=hang)
    app = create_app(assistant, people, WebSettings(page=False))
    app.state.desk.threads.total_tokens = TURNS_AT_ONCE  # as with a model
    with serving(app) as address, ExitStack() as callers:
        for _ in range(slow):
            callers.enter_context(asking(address, opened(people), "text/event-stream"))
        until(lambda: len(assistant.heard) == slow)
        answer = httpx.post(f"{address}/v1/chat", json={"text": "a mouse"}, headers=opened(people))
        assert (answer.status_code, answer.json()["turn"], assistant.closed) == (200, 1, 1)
        over.set()
        until(lambda: assistant.closed == slow + 1)
