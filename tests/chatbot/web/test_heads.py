"""HEAD is answered as GET is, without the body; also where GET would go on for ever."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from chatbot.web.heads import Heads
from tests.chatbot.web.conftest import Visitor

OPEN = ("/healthz", "/readyz", "/metrics", "/docs", "/docs/style.css", "/openapi.json", "/widget.js", "/inbox", "/admin",
        "/v1/shop", "/v1/models")  # fmt: skip


@pytest.mark.parametrize(
    "path", [*OPEN, "/v1/shared/none", "/shared/none", "/v1/none", "/v1/sessions/current", "/none"]
)
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    got, told = client.get(path), client.head(path)
    assert (told.status_code, told.content) == (got.status_code, b"")
    same = [{k: v for k, v in answer.headers.items() if k != "content-length"} for answer in (got, told)]
    assert same[0] == same[1]
    assert (got.status_code == 200) == (path in OPEN)


def test_head_needs_the_token_that_get_needs(visitor: Visitor) -> None:
    assert visitor.call("HEAD", "/v1/sessions/current").status_code == 200
    assert visitor.call("HEAD", "/v1/items/m-1").status_code == 200
    assert visitor.call("HEAD", "/v1/items/m-9").status_code == 404


@pytest.mark.parametrize("path", ["/v1/chat", "/v1/events", "/v1/sessions"])
def test_where_there_is_no_get_there_is_no_head(client: TestClient, path: str) -> None:
    got, told = client.get(path), client.head(path)
    assert (told.status_code, told.headers["allow"]) == (got.status_code, got.headers["allow"]) == (405, "POST")


def test_head_is_named_where_get_is(client: TestClient) -> None:
    for path, allowed in (("/healthz", "GET, HEAD"), ("/v1/shop", "GET, HEAD"), ("/v1/shortlist", "DELETE, GET, HEAD")):
        answer = client.post(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_the_stream_of_a_conversation_ends_with_its_headers(visitor: Visitor, app: FastAPI) -> None:
    for _ in range(6):  # more than one conversation may hold: none is left open
        told = visitor.call("HEAD", "/v1/sessions/current/updates")
        assert (told.status_code, told.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


def test_what_never_ends_is_ended() -> None:
    left, sent = [], []

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["method"] == "GET"
        scope["route"] = "the route"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while True:
                await send({"type": "http.response.body", "body": b"more", "more_body": True})
                await asyncio.sleep(0)
        finally:
            left.append(scope["path"])

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "HEAD", "path": "/endless"}
    asyncio.run(asyncio.wait_for(Heads(endless)(scope, receive, send), 5))
    assert left == ["/endless"]
    assert sent == [
        {"type": "http.response.start", "status": 200, "headers": []},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]
    assert scope == {"type": "http", "method": "HEAD", "path": "/endless", "route": "the route"}
