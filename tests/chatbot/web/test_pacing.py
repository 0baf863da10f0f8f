"""More than can be answered soon is refused at once, and the same message is one turn however often it comes."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.pacing import Places, StreamLimit, network
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


def test_one_address_has_only_its_share_of_the_places() -> None:
    places = Places(4, 2)
    assert [places.take("a") for _ in range(3)] == [True, True, False]
    assert [places.take("b") for _ in range(2)] == [True, True]
    assert places.take("c") is False  # all are taken
    places.give_back("b")
    assert [places.take("a"), places.take("c"), places.take("b")] == [False, True, False]


def test_one_address_may_be_given_all_places() -> None:
    places = Places(3)
    assert [places.take("a") for _ in range(4)] == [True, True, True, False]
    endless = Places(0)
    assert {endless.take("a") for _ in range(1_000)} == {True}


def test_turns_of_one_address_are_refused_while_there_is_room_for_others(people: People) -> None:
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(20)

    assistant = FakeAssistant(pause=wait)
    app = create_app(assistant, people, WebSettings(page=False), Site(limits=Limits(turns=2, address_turns=1)))
    # each address of this machine's own is one of its own
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=30) as one,
        httpx.Client(base_url=address, timeout=30, transport=httpx.HTTPTransport(local_address="127.0.0.2")) as another,
        ThreadPoolExecutor(1) as pool,
    ):
        who = opened(one)
        first = pool.submit(one.post, "/v1/chat", json={"text": "x"}, headers=who)
        while not assistant.heard:
            time.sleep(0.005)
        try:
            refused = one.post("/v1/chat", json={"text": "x"}, headers=opened(one))
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
            second = opened(another)
            saying = ThreadPoolExecutor(1).submit(another.post, "/v1/chat", json={"text": "y"}, headers=second)
            while len(assistant.heard) < 2:
                time.sleep(0.005)
        finally:
            go_on.set()
        assert (first.result().status_code, saying.result().status_code) == (200, 200)


STREAMS = ["/v1/sessions/current/updates", "/gradio_api/queue/data", "/gradio_api/heartbeat/abc"]


def test_an_address_holds_so_many_streams_open_and_others_theirs() -> None:
    async def run() -> None:
        over = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] in STREAMS:
                await over.wait()
            await Response("ok")(scope, receive, send)

        limit = StreamLimit(app, 3)

        async def get(path: str, address: str) -> tuple[int, str | None]:
            transport = httpx.ASGITransport(limit, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
                answer = await client.get(path)
                return answer.status_code, answer.headers.get("retry-after")

        waiting = [asyncio.create_task(get(path, "192.0.2.1")) for path in STREAMS]
        await asyncio.sleep(0.01)
        assert [await get(path, "192.0.2.1") for path in STREAMS] == [(429, "15")] * 3
        assert await get("/v1/sessions/current", "192.0.2.1") == (200, None)
        waiting += [asyncio.create_task(get(STREAMS[0], f"2001:db8::{n}")) for n in (1, 2, 3)]
        await asyncio.sleep(0.01)
        assert await get(STREAMS[0], "2001:db8::4") == (429, "15")  # the same network
        over.set()
        assert await asyncio.gather(*waiting) == [(200, None)] * 6
        assert (await get(STREAMS[0], "192.0.2.1"), dict(limit.open)) == ((200, None), {})

    asyncio.run(run())


@pytest.mark.parametrize(("most", "statuses"), [(1, {200, 429}), (0, {200})])
def test_streams_of_a_shop_are_as_many_as_its_site_file_says(
    people: People, tmp_path: Path, most: int, statuses: set[int]
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f"[limits]\naddress_streams = {most}\n", encoding="utf-8")
    app = create_app(FakeAssistant(), people, WebSettings(page=False), Site.read(file))
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        visitors, found = [opened(client) for _ in range(2)], set()
        with ExitStack() as streams:
            for who in visitors:
                stream = streams.enter_context(client.stream("GET", "/v1/sessions/current/updates", headers=who))
                found.add(stream.status_code)
        assert found == statuses


def test_a_limit_of_nothing_takes_all(people: People) -> None:
    site = replace(Site(), limits=Limits(turns=0))
    with (
        serving(create_app(FakeAssistant(), people, WebSettings(page=False), site)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        assert client.post("/v1/chat", json={"text": "x"}, headers=opened(client)).status_code == 200


def test_every_call_counts_but_files_and_how_the_server_is(people: People) -> None:
    limits = Limits(address=60, address_burst=3)
    with TestClient(create_app(FakeAssistant(), people, WebSettings(page=False), Site(limits=limits))) as client:
        for path in ("/healthz", "/readyz", "/metrics", "/media/none", "/assets/none"):
            assert {client.get(path).status_code for _ in range(5)} & {429} == set(), path
        paths = ("/shared/none", "/docs", "/openapi.json", "/", "/none", "/inbox", "/v1/shop")
        assert [client.get(path).status_code == 429 for path in paths] == [False] * 3 + [True] * 4


def test_an_export_costs_as_much_as_it_may_read(people: People) -> None:
    site = Site(limits=Limits(session=60, session_burst=43))
    with TestClient(create_app(FakeAssistant(), people, WebSettings(page=False), site)) as client:
        who = {"Authorization": f"Bearer {client.post('/v1/sessions').json()['token']}"}
        statuses = [client.get("/v1/me/export", headers=who).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
