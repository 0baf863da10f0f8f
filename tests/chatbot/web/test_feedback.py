"""Feedback of the shop's own server: by the secret of a key, on any item of the shop, kept once and with its customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Limits
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.sites import OTHER_SECRET, SECRET, SHOP, SITE, signed

SOLD = {"type": "purchase", "item": "m-1", "count": 2, "user": "ann", "message_id": "order 7, line 1"}


@pytest.fixture
def shop(assistant: FakeAssistant, people: People) -> Iterator[TestClient]:
    with TestClient(create_app(assistant, people, WebSettings(page=False), SITE)) as client:
        yield client


def told(client: TestClient, event: Mapping[str, object], secret: str = SECRET, **headers: str) -> Any:
    return client.post("/v1/events", json=event, headers={"Authorization": f"Bearer {secret}"} | headers)


def sold(client: TestClient) -> list[str]:
    """The lines of the counts about purchases."""
    return [line for line in client.get("/metrics").text.splitlines() if "aisle_events_total{" in line]


def guest(client: TestClient, user: str) -> dict[str, str]:
    opened = client.post("/v1/sessions", json={"key": "pk_shop", "identity": signed(user)}).json()
    return {"Authorization": f"Bearer {opened['token']}"}


def test_a_purchase_is_kept_without_a_session(shop: TestClient, people: People) -> None:
    answer = told(shop, SOLD)
    item = {"id": "m-1", "title": "Pebble wireless mouse", "price": 24.9, "currency": "USD", "stock": 3,
            "availability": "in stock", "sold_out": False, "url": None, "variant": None, "listed": True}  # fmt: skip
    assert (answer.status_code, answer.json()) == (201, {"event": 1, "item": item, "changed": False})
    (kept,) = people.reports.of(user="ann")
    assert kept.pop("created")
    assert kept == {"shop_key": "pk_shop", "type": "purchase", "item": "m-1", "variant": None, "count": 2, "user": "ann",
                    "key": "order 7, line 1"}  # fmt: skip


def test_the_same_message_id_is_the_same_event_and_counted_once(shop: TestClient, people: People) -> None:
    events = [told(shop, SOLD).json()["event"], told(shop, SOLD).json()["event"]]
    events.append(told(shop, SOLD, OTHER_SECRET).json()["event"])
    assert events == [1, 1, 2]
    assert [row["shop_key"] for row in people.reports.of(user="ann")] == ["pk_shop", "pk_other"]
    assert sold(shop) == ['aisle_events_total{type="purchase"} 2.0']


def test_an_item_is_found_by_its_variant(shop: TestClient, people: People) -> None:
    for event in ({"item": "m-1-v"}, {"item": "m-1", "variant": "m-1-v"}):
        answer = told(shop, {"type": "purchase", "user": "ann"} | event)
        assert (answer.status_code, answer.json()["item"]["id"], answer.json()["item"]["variant"]) == (
            201,
            "m-1",
            "m-1-v",
        )
    assert [(row["item"], row["variant"]) for row in people.reports.of(user="ann")] == [("m-1", "m-1-v")] * 2


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({"item": "m-9"}, 404),
        ({"item": "m-1", "variant": "m-3-v"}, 404),
        ({"impression": "i1"}, 422),
        ({}, 422),
        ({"item": "m-1", "count": 0}, 422),
        ({"item": "m-1", "count": 1.5}, 422),
        ({"item": "m-1", "count": "2"}, 422),
        ({"item": "m-1", "count": 10**9}, 422),
        ({"item": "m-1", "user": ""}, 422),
        ({"item": "m-1", "type": "refund"}, 422),
    ],
)
def test_what_is_not_the_shop_s_is_not_kept(
    shop: TestClient, people: People, event: dict[str, object], status: int
) -> None:
    answer = told(shop, {"type": "purchase", "user": "ann"} | event)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert people.reports.of(user="ann") == []


def test_a_wrong_field_is_named(shop: TestClient) -> None:
    wrong = told(shop, {"type": "purchase", "item": "m-1", "count": 0, "variant": 7}).json()["errors"]
    assert [error["field"] for error in wrong] == ["variant", "count"]


@pytest.mark.parametrize("secret", ["", "x" * 32, SECRET[:-1], f"{SECRET} ", "\u00e9" * 32, "pk_shop"])
def test_only_the_secret_of_a_key_tells(shop: TestClient, people: People, secret: str) -> None:
    answer = shop.post("/v1/events", json=SOLD, headers={b"Authorization": f"Bearer {secret}".encode()})
    assert answer.status_code == (201 if secret.strip() == SECRET else 401)
    assert len(people.reports.of(user="ann")) == (secret.strip() == SECRET)


def test_no_page_tells_by_a_secret(shop: TestClient, people: People) -> None:
    assert told(shop, SOLD, Origin=SHOP).status_code == 403
    assert people.reports.of(user="ann") == []


def test_a_shop_s_calls_are_counted_by_its_key(assistant: FakeAssistant, people: People) -> None:
    site = replace(SITE, limits=Limits(key=1, key_burst=2))
    with TestClient(create_app(assistant, people, WebSettings(page=False), site)) as client:
        answers = [told(client, {"type": "purchase", "item": "m-1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_session_s_token_still_speaks_for_its_cards_alone(shop: TestClient, people: People) -> None:
    ann = guest(shop, "ann")
    assert shop.post("/v1/events", json=SOLD, headers=ann).status_code == 404
    shop.post("/v1/chat", json={"text": "a mouse under 30"}, headers=ann)
    assert shop.post("/v1/events", json=SOLD, headers=ann).status_code == 201
    assert people.reports.of(user="ann") == []


def test_a_customer_is_given_what_was_told_of_them_and_it_goes_with_them(shop: TestClient, people: People) -> None:
    told(shop, SOLD)
    told(shop, SOLD | {"user": "bob", "message_id": "order 8"})
    told(shop, SOLD, OTHER_SECRET)
    claimed = shop.post("/v1/sessions", json={"key": "pk_shop", "user": "ann"}).json()["token"]
    ann, claim = guest(shop, "ann"), {"Authorization": f"Bearer {claimed}"}
    given = shop.get("/v1/me/export", headers=ann).json()["reported"]
    assert [(row["user"], row["shop_key"], row["item"], row["count"]) for row in given] == [
        ("ann", "pk_shop", "m-1", 2)
    ]
    assert shop.get("/v1/me/export", headers=claim).json()["reported"] == []
    assert shop.delete("/v1/sessions/current", headers=ann).status_code == 204
    assert shop.delete("/v1/me", headers=claim).status_code == 204
    assert len(people.reports.of(user="ann")) == 2
    assert shop.delete("/v1/me", headers=guest(shop, "ann")).status_code == 204
    assert [row["shop_key"] for row in people.reports.of(user="ann")] == ["pk_other"]
    assert len(people.reports.of(user="bob")) == 1


def test_the_description_tells_both_who_may_call(app: FastAPI, client: TestClient) -> None:
    assert app.openapi()["paths"]["/v1/events"]["post"]["security"] == [{"session": []}, {"shop": []}]
    assert "a session's token or a key's secret" in client.get("/docs").text
