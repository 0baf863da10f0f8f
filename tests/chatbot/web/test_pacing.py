"""More than can be answered soon is refused at once, and the same message is one turn however often it comes."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.pacing import network
from chatbot.web.site import Limits, Site
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving

SOON_S = 0.5
"""A refusal takes a hundredth of that where the machine has nothing else to do (bench/load.py)."""


def opened(client: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.post('/v1/sessions').json()['token']}"}


def test_turns_over_the_limit_are_refused_at_once_and_the_others_end(people: People) -> None:
    go_on, site = threading.Event(), Site(limits=Limits(turns=3))

    def wait() -> None:
        go_on.wait(20)

    assistant = FakeAssistant(pause=wait)
    app = create_app(assistant, people, WebSettings(page=False), site)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client, ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(3))
        stack.callback(go_on.set)
        visitors = [opened(client) for _ in range(4)]
        saying = [pool.submit(client.post, "/v1/chat", json={"text": "x"}, headers=who) for who in visitors[:3]]
        while len(assistant.heard) < 3:
            time.sleep(0.005)
        calls = [
            ("POST", "/v1/chat", {"text": "x"}),
            ("PATCH", "/v1/sessions/current/ledger", {"remove": ["w1"]}),
            ("POST", "/v1/sessions/current/gestures", {"type": "undo"}),
            ("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": "x"}]}),
            ("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}),
        ]
        for method, path, body in calls:
            begun = time.monotonic()
            refused = client.request(method, path, json=body, headers=visitors[3])
            assert time.monotonic() - begun < SOON_S
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1"), path
        assert client.get("/v1/sessions/current", headers=visitors[3]).json()["pending"] is None
        go_on.set()
        assert [said.result().status_code for said in saying] == [200, 200, 200]
        assert client.post("/v1/chat", json={"text": "x"}, headers=visitors[3]).status_code == 200


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_network_count_as_one(address: str, counted: str) -> None:
    assert network(address) == counted


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_one_message_sent_twenty_times_at_once_is_one_turn(people: People, accept: str) -> None:
    assistant = FakeAssistant(pause=lambda: time.sleep(0.2))
    with (
        serving(create_app(assistant, people, WebSettings(page=False))) as address,
        httpx.Client(base_url=address, timeout=30, limits=httpx.Limits(max_connections=None)) as client,
        ThreadPoolExecutor(20) as pool,
    ):
        headers = opened(client) | {"Accept": accept}
        sent = {"text": "a mouse under 30", "message_id": "m1"}
        answers = list(pool.map(lambda _: client.post("/v1/chat", json=sent, headers=headers), range(20)))
        assert [answer.status_code for answer in answers] == [200] * 20
        ends = {answer.text.partition("event: turn.end")[2] or answer.text for answer in answers}
        assert len(ends) == 1
        assert assistant.heard == ["a mouse under 30"]
        turns = client.get("/v1/sessions/current", headers=headers).json()["turns"]
        assert [turn["turn"] for turn in turns] == [1]


def test_a_limit_of_nothing_takes_all(people: People) -> None:
    site = replace(Site(), limits=Limits(turns=0))
    with (
        serving(create_app(FakeAssistant(), people, WebSettings(page=False), site)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        assert client.post("/v1/chat", json={"text": "x"}, headers=opened(client)).status_code == 200
