"""The HTTP API of the contract, whole answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.types import AgentAct
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import FakeAssistant, FakeRecords

LIMIT = {
    "wish": "w1",
    "need": 1,
    "slot": "price",
    "op": "<=",
    "value": 30,
    "unit": "USD",
    "hard": True,
    "turn": 1,
    "text": "price <= 30",
    "words": "price at most 30",
}
CHEAPEST = LIMIT | {"wish": "w2", "op": "sort", "value": "asc", "unit": None, "hard": False, "text": "price asc"}
CHEAPEST |= {"words": "lowest price first"}


def events(body: str) -> list[tuple[str, Any]]:
    """A stream of server-sent events as (name, data)."""
    blocks = [block.split("\n") for block in body.split("\n\n") if block]
    assert all(len(lines) == 2 for lines in blocks)
    return [(a.removeprefix("event: "), json.loads(b.removeprefix("data: "))) for a, b in blocks]


def test_session_opens_with_a_token_and_a_notice(client: TestClient) -> None:
    answer = client.post("/v1/sessions", json={"user": "ann", "locale": "zh-CN", "page": "/mice"})
    assert answer.status_code == 201
    opened = answer.json()
    assert set(opened) == {"session", "token", "notice", "resume", "expires"}
    assert opened["notice"] == "这里由 AI 根据本店商品资料回答。这段对话会被保存，方便您下次继续；您可以随时删除。"
    assert client.post("/v1/sessions").status_code == 201


@pytest.mark.parametrize(
    ("accept", "word"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "这里由 AI"), ("fr,en;q=0.5", "An AI answers"), ("", "An AI answers")],
)
def test_notice_is_in_the_browser_s_language(client: TestClient, accept: str, word: str) -> None:
    assert client.post("/v1/sessions", headers={"Accept-Language": accept}).json()["notice"].startswith(word)


def test_chat_answers_with_the_turn(visitor: Visitor, people: People) -> None:
    answer = visitor.say("a mouse under 30")
    assert answer.status_code == 200
    turn = answer.json()
    assert turn["dialogue"] == visitor.session
    assert (turn["turn"], turn["user"], turn["act"], turn["text"]) == (
        1,
        "a mouse under 30",
        "recommend",
        "Here you are.",
    )
    assert turn["ledger"] == [LIMIT, CHEAPEST]
    assert [(c["impression"], c["id"], c["price"]) for c in turn["suggestions"]] == [
        ("i1", "m-1", 24.9),
        ("i2", "m/2", 29),
    ]
    (kept,) = people.export(session=visitor.session)
    assert [row["document"] for row in kept["turn"]] == [turn]
    assert [(i["id"], i["item"], i["stages"]) for i in kept["impression"]] == [
        ("i1", "m-1", {"lexical": {"rank": 1.0, "score": 7.5}}),
        ("i2", "m/2", {"lexical": {"rank": 2.0, "score": 7.5}}),
    ]


def test_cards_carry_only_addresses_that_may_be_followed(visitor: Visitor) -> None:
    cards = visitor.say("a mouse").json()["suggestions"]
    assert [(c["image"], c["url"]) for c in cards] == [
        ("/media/pictures/pebble.svg", None),
        (None, None),
        ("https://img.example/t.png", "https://shop.example/t?a=1&b=2"),
    ]


def test_stream_tells_the_turn_in_order(visitor: Visitor) -> None:
    asked = {"text": "a mouse under 30", "message_id": "m1"}
    answer = visitor.call("POST", "/v1/chat", asked, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    told = events(answer.text)
    assert [name for name, _ in told] == [
        "turn.start",
        "status",
        "state",
        "status",
        "status",
        "card",
        "card",
        "text.delta",
        "quick_replies",
        "turn.end",
    ]
    assert told[0][1] == {"dialogue": visitor.session, "message_id": "m1"}
    assert [data for name, data in told if name == "status"] == [
        {"stage": "track"},
        {"stage": "recall"},
        {"stage": "rank", "matched": 2},
    ]
    turn = told[-1][1]
    assert told[2][1] == {"ledger": turn["ledger"]}
    assert [data for name, data in told if name == "card"] == turn["suggestions"]
    assert visitor.say("a mouse under 30").json() == turn


def test_same_message_id_is_answered_once(visitor: Visitor, assistant: FakeAssistant) -> None:
    first = visitor.say("a mouse under 30").json()
    assert visitor.say("a mouse under 30").json() == first
    assert visitor.say("something else").json() == first  # who asks again asks for that answer
    again = visitor.call(
        "POST", "/v1/chat", {"text": "a mouse under 30", "message_id": "m1"}, headers={"Accept": "text/event-stream"}
    )
    assert [name for name, _ in events(again.text)] == [
        "turn.start",
        "state",
        "card",
        "card",
        "text.delta",
        "quick_replies",
        "turn.end",
    ]
    assert events(again.text)[-1][1] == first
    assert assistant.heard == ["a mouse under 30"]
    assert visitor.say("and now", "m2").json()["turn"] == 2


def test_message_without_an_id_is_a_new_one(visitor: Visitor) -> None:
    turns = [visitor.call("POST", "/v1/chat", {"text": "a mouse"}).json()["turn"] for _ in range(2)]
    assert turns == [1, 2]


def test_conversation_is_resumed_and_forgotten(visitor: Visitor) -> None:
    empty = visitor.call("GET", "/v1/sessions/current").json()
    created = empty.pop("created")
    assert created
    fresh: dict[str, Any] = {
        "session": visitor.session,
        "user": None,
        "verified": False,
        "consent": None,
        "item": None,
        "page": None,
        "locale": "en",
        "ledger": [],
        "turns": [],
        "pending": None,
        "notes": [],
        "handoff": {"state": "bot", "agent": None, "reason": None, "told": False},
        "shortlist": [],
    }
    assert empty == fresh
    turns = [visitor.say("a mouse", "m1").json(), visitor.say("under 30", "m2").json()]
    kept = visitor.call("GET", "/v1/sessions/current").json()
    assert (kept["turns"], kept["ledger"], kept["pending"]) == (turns, turns[-1]["ledger"], None)
    assert visitor.call("DELETE", "/v1/sessions/current").status_code == 204
    assert visitor.call("GET", "/v1/sessions/current").status_code == 401


def test_unanswered_message_is_pending_and_answered_by_its_id(visitor: Visitor, people: People) -> None:
    people.receive(visitor.session, "m1", "a mouse under 30")
    kept = visitor.call("GET", "/v1/sessions/current").json()
    assert kept["pending"] == {"message_id": "m1", "text": "a mouse under 30"}
    assert visitor.say("a mouse under 30").json()["user"] == "a mouse under 30"
    assert visitor.call("GET", "/v1/sessions/current").json()["pending"] is None


@pytest.mark.parametrize("named", ["w1", "price <= 30"])
def test_wish_is_clicked_off_by_id_or_text(visitor: Visitor, named: str) -> None:
    visitor.say("a mouse under 30")
    turn = visitor.call("PATCH", "/v1/sessions/current/ledger", {"remove": [named]}).json()
    assert (turn["turn"], turn["user"], turn["ledger"]) == (2, "", [CHEAPEST])
    assert turn["dropped"] == [{"wish": "w1", "text": "price <= 30", "by": "shopper", "turn": 2}]
    assert [c["impression"] for c in turn["suggestions"]] == ["i3", "i4", "i5"]


@pytest.mark.parametrize("wish", ["price <= 26", "price <= $26", {"slot": "price", "op": "<=", "value": 26}])
def test_wish_is_put_on_by_hand(visitor: Visitor, wish: object) -> None:
    visitor.say("a mouse under 30")
    edit = {"add": [wish], "message_id": "e1"}
    turn = visitor.call("PATCH", "/v1/sessions/current/ledger", edit).json()
    assert [line["text"] for line in turn["ledger"]] == ["price asc", "price <= 26"]
    assert [c["id"] for c in turn["suggestions"]] == ["m-1"]
    assert visitor.call("PATCH", "/v1/sessions/current/ledger", edit).json() == turn


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"remove": []},
        {"remove": ["w9"]},
        {"remove": "w1"},
        {"add": ["no constraint"]},
        {"add": ["colour = red"]},
        {"add": ["notes = red"]},
        {"add": ["price <= 1e999"]},
        {"add": ["price <= nan"]},
        {"add": [{"slot": "price", "op": "<=", "value": "abc"}]},
        {"add": [{"slot": "price", "op": "<=", "value": 5, "unit": "secretunit"}]},
        {"add": [{"slot": "price", "op": "~", "value": 1}]},
        {"add": [{"slot": "price", "op": "in", "value": 1}]},
        {"remove": ["w1"] * 51},
    ],
)
def test_edit_that_makes_no_sense_is_refused_and_not_kept(visitor: Visitor, edit: object) -> None:
    visitor.say("a mouse under 30")
    answer = visitor.call("PATCH", "/v1/sessions/current/ledger", edit)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    kept = visitor.call("GET", "/v1/sessions/current").json()
    assert (len(kept["turns"]), kept["pending"]) == (1, None)


@pytest.mark.parametrize(
    ("edit", "detail"),
    [
        (
            {"remove": ["w99"]},
            "An entry of remove is no wish that stands: give its id or its text as the ledger has it.",
        ),
        ({"add": ["price"]}, "An entry of add is not SLOT OP VALUE with a slot of this catalogue."),
        ({"add": ["notes = red"]}, "An entry of add names a slot that cannot be filtered by."),
        (
            {"add": [{"slot": "price", "op": "in", "value": 1}]},
            "An entry of add has an operator that does not go with its value.",
        ),
    ],
)
def test_a_refused_edit_says_what_to_mend(visitor: Visitor, edit: object, detail: str) -> None:
    answer = visitor.call("PATCH", "/v1/sessions/current/ledger", edit)
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)


def test_feedback_is_kept_for_cards_of_the_conversation_only(visitor: Visitor, client: TestClient) -> None:
    visitor.say("a mouse under 30")
    assert visitor.call("POST", "/v1/events", {"type": "click", "impression": "i1"}).status_code == 201
    assert visitor.call("POST", "/v1/events", {"type": "like", "item": "m/2"}).status_code == 201
    for other in ({"impression": "i9"}, {"item": "m-3"}):
        assert visitor.call("POST", "/v1/events", {"type": "click"} | other).status_code == 404
    for wrong in (
        {"type": "stare", "item": "m-1"},
        {"type": "click"},
        {"type": "click", "item": "m-1", "impression": "i1"},
    ):
        assert visitor.call("POST", "/v1/events", wrong).status_code == 422
    (kept,) = visitor.call("GET", "/v1/me/export").json()["sessions"]
    assert [(f["impression"], f["item"], f["type"]) for f in kept["feedback"]] == [
        ("i1", "m-1", "click"),
        ("i2", "m/2", "like"),
    ]


def test_item_is_given_as_recorded(visitor: Visitor) -> None:
    assert visitor.call("GET", "/v1/items/m-1").json() == {
        "id": "m-1",
        "title": "Pebble wireless mouse",
        "brand": None,
        "category": [],
        "price": 24.9,
        "currency": "USD",
        "rating": 4.5,
        "availability": "in stock",
        "tax": None,
        "age_restricted": False,
        "description": "",
        "url": None,
        "image": "/media/pictures/pebble.svg",
        "facts": [
            {"slot": "title", "value": "Pebble wireless mouse"},
            {"slot": "price", "value": 24.9, "unit": "USD"},
            {"slot": "rating", "value": 4.5},
            {"slot": "availability", "value": "in stock"},
            {"slot": "colour", "value": "black"},
        ],
        "variants": [
            {
                "id": "m-1-v",
                "price": 24.9,
                "currency": "USD",
                "was": None,
                "stock": 3,
                "sold_out": False,
                "options": {"colour": ["black"]},
            }
        ],
    }
    assert visitor.call("GET", "/v1/items/m/2").json()["id"] == "m/2"
    assert visitor.call("GET", "/v1/items/m-9").status_code == 404


def test_person_takes_out_and_deletes_what_is_kept(visitor: Visitor, client: TestClient) -> None:
    named = client.post("/v1/sessions", json={"user": "ann"}).json()
    other = client.post("/v1/sessions", json={"user": "ann"}).json()
    ann = Visitor(client, named["session"], named["token"])
    ann.say("a mouse")
    (kept,) = ann.call("GET", "/v1/me/export").json()["sessions"]
    assert (kept["id"], kept["user"], len(kept["message"])) == (ann.session, "ann", 1)
    assert ann.call("DELETE", "/v1/me").status_code == 204
    assert ann.call("GET", "/v1/me/export").status_code == 401
    assert Visitor(client, other["session"], other["token"]).call("GET", "/v1/sessions/current").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/chat"),
        ("GET", "/v1/sessions/current"),
        ("DELETE", "/v1/sessions/current"),
        ("PATCH", "/v1/sessions/current/ledger"),
        ("POST", "/v1/events"),
        ("GET", "/v1/items/m-1"),
        ("GET", "/v1/me/export"),
        ("DELETE", "/v1/me"),
    ],
)
@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer wrong", "Basic dTpw", "Bearer \xff\xfe"])
def test_everything_else_needs_the_token(
    client: TestClient, visitor: Visitor, method: str, path: str, authorization: str | None
) -> None:
    headers = {b"Authorization": authorization.encode("latin-1")} if authorization else {}
    body = {"text": "x"} if method in ("POST", "PATCH") else None
    answer = client.request(method, path, headers=headers, json=body)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_server_says_how_it_is(client: TestClient, assistant: FakeAssistant, app: FastAPI) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "why": []}
    assistant.catalog.vectors = None
    degraded = client.get("/readyz")
    assert degraded.status_code == 200
    assert degraded.json() == {
        "status": "degraded",
        "why": ["the catalogue has no vectors; search is by keywords alone"],
    }
    assistant.catalog.products = ()
    empty = client.get("/readyz")
    assert (empty.status_code, empty.json()["status"]) == (503, "not")


def test_server_is_not_ready_without_its_people(client: TestClient, people: People, tmp_path: Any) -> None:
    people.close()
    for file in tmp_path.glob("people.db*"):
        file.unlink()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not", "why": ["conversations cannot be kept"]})
    refused = client.post("/v1/sessions")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert str(tmp_path) not in refused.text


def test_newly_imported_catalogue_is_taken_up(visitor: Visitor, assistant: FakeAssistant) -> None:
    newer = FakeAssistant(FakeRecords(name="New", products=()))
    assistant.newer = lambda: newer
    assert visitor.say("a mouse").json()["suggestions"] == []
    assert newer.heard == ["a mouse"]


def test_api_is_described_without_outside_help(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "/v1/chat" in page
    assert "message_id" in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="http|url\(', page)
    assert client.get("/openapi.json").json()["info"]["title"] == "Aisle"


def test_unknown_paths_are_problems(client: TestClient) -> None:
    for method, path in (
        ("GET", "/v1/nothing"),
        ("OPTIONS", "/v1/nothing"),
        ("GET", "/v1"),
        ("GET", "/gradio_api/file=/etc/passwd"),
    ):
        answer = client.request(method, path)
        assert (answer.status_code, answer.json()) == (
            404,
            {"type": "about:blank", "title": "Not Found", "status": 404},
        )


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/chat", "POST"),
        ("GET", "/v1/sessions", "POST"),
        ("POST", "/v1/sessions/current", "DELETE, GET, HEAD"),
        ("PUT", "/v1/sessions/current/ledger", "PATCH"),
        ("POST", "/v1/items/m/2", "GET, HEAD"),
        ("OPTIONS", "/v1/me", "DELETE"),
    ],
)
def test_method_that_a_path_has_not_is_said_with_those_it_has(
    client: TestClient, method: str, path: str, allow: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    assert answer.json() == {"type": "about:blank", "title": "Method Not Allowed", "status": 405}


def test_wish_for_a_person_is_an_event_of_its_own(visitor: Visitor, assistant: FakeAssistant) -> None:
    assistant.acts = (AgentAct.HANDOFF,)
    answer = visitor.call("POST", "/v1/chat", {"text": "a person, please"}, headers={"Accept": "text/event-stream"})
    *_, handoff, end = events(answer.text)
    assert handoff == ("handoff", {"dialogue": visitor.session, "told": None})
    assert (end[0], end[1]["acts"]) == ("turn.end", ["handoff"])


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_an_answer_to_an_erased_conversation_says_that_it_is_gone(
    visitor: Visitor, assistant: FakeAssistant, people: People, accept: str
) -> None:
    assistant.pause = lambda: people.erase(session=visitor.session)  # type: ignore[assignment]
    answer = visitor.call("POST", "/v1/chat", {"text": "a mouse", "message_id": "m1"}, headers={"Accept": accept})
    gone = {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "This conversation has been deleted: open a new one.",
    }
    if accept == "application/json":
        assert (answer.status_code, answer.json()) == (410, gone)
    else:
        *_, end = answer.text.strip().split("\n\n")
        assert end == f"event: error\ndata: {json.dumps(gone, separators=(',', ':'))}"
    assert visitor.say("a mouse", "m1").status_code == 401
