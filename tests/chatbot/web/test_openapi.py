"""The API's description: whole, true to what is answered, and printed on a page that loads nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from chatbot.web.openapi import ANSWERS, ASKED
from chatbot.web.schemas import CHAT_EVENTS
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.test_api import events


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(method, path): told for path, methods in document["paths"].items() for method, told in methods.items()}


def test_every_call_has_a_place_words_and_an_answer(document: dict[str, Any]) -> None:
    told = operations(document)
    assert [call for call, operation in told.items() if not operation["tags"]] == []
    assert [call for call, operation in told.items() if not operation.get("description")] == []
    silent = [
        call
        for call, operation in told.items()
        for code, answer in operation["responses"].items()
        if code in ("200", "201")
        if not any(content.get("schema") for content in answer.get("content", {}).values())
    ]
    assert silent == []
    assert set(ANSWERS) | set(ASKED) <= set(told)
    assert [c for c, operation in told.items() if "requestBody" in operation and c not in ASKED] == []


def test_every_call_tells_its_trouble_and_who_may_call(document: dict[str, Any]) -> None:
    told = operations(document)
    assert [c for c, o in told.items() if c[1].startswith("/v1") and not {"4XX", "503"} <= set(o["responses"])] == []
    open_to_all = {call for call, operation in told.items() if "security" not in operation}
    assert open_to_all == {
        ("post", "/v1/sessions"),
        ("get", "/v1/shop"),
        ("get", "/v1/shared/{id}"),
        ("get", "/healthz"),
        ("get", "/readyz"),
    }


def test_every_name_that_is_pointed_at_is_there(document: dict[str, Any]) -> None:
    ways = [way for operation in operations(document).values() for way in operation.get("security", ())]
    assert {name for way in ways for name in way} == set(document["components"]["securitySchemes"])
    pointed = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert pointed <= set(document["components"]["schemas"])


def test_examples_are_what_their_schemas_ask_for(document: dict[str, Any]) -> None:
    for call, operation in operations(document).items():
        media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if media:
            assert _faults(document, media["schema"], media["example"]) == [], call


def test_answers_are_as_they_are_described(document: dict[str, Any], visitor: Visitor) -> None:
    told = operations(document)
    turn = visitor.say("a mouse under 30").json()
    item = turn["suggestions"][0]["id"]
    answered = {
        ("post", "/v1/chat"): turn,
        ("patch", "/v1/sessions/current/ledger"): visitor.call(
            "PATCH", "/v1/sessions/current/ledger", {"remove": ["price <= 30"]}
        ).json(),
        ("post", "/v1/events"): visitor.call("POST", "/v1/events", {"type": "click", "item": item}).json(),
        ("post", "/v1/share"): visitor.call("POST", "/v1/share", {"items": [item]}).json(),
        ("post", "/v1/chat/completions"): visitor.client.post(
            "/v1/chat/completions", json=ASKED["post", "/v1/chat/completions"]
        ).json(),
    }
    for path in ("/v1/sessions/current", "/v1/shop", "/v1/shortlist", "/v1/watches", "/v1/me/export", "/v1/models"):
        answered["get", path] = visitor.call("GET", path).json()
    answered["get", "/v1/items/{id}"] = visitor.call("GET", f"/v1/items/{item}").json()
    answered["get", "/healthz"] = visitor.client.get("/healthz").json()
    answered["get", "/readyz"] = visitor.client.get("/readyz").json()
    for call, answer in answered.items():
        good = next(response for code, response in told[call]["responses"].items() if code.startswith("2"))
        assert _faults(document, good["content"]["application/json"]["schema"], answer) == [], call


def test_the_events_of_a_turn_are_those_described(visitor: Visitor) -> None:
    sent = visitor.call("POST", "/v1/chat", {"text": "mice"}, headers={"Accept": "text/event-stream"}).text
    assert [name for name, _ in events(sent) if name not in CHAT_EVENTS] == []


def _faults(document: dict[str, Any], schema: dict[str, Any], value: object) -> list[str]:
    whole = {"components": document["components"], **schema}
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]


def test_the_page_tells_every_call_and_loads_nothing(client: TestClient, document: dict[str, Any]) -> None:
    answer = client.get("/docs")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in answer.headers["content-security-policy"]
    page = answer.text
    headings = re.findall(r"<h3><b>(\w+)</b> ([^<]+)</h3>", page)
    assert {(method.lower(), path) for method, path in headings} == set(operations(document))
    assert re.findall(r'(?:src|href)="(?!#)([^"]+)"', page) == ["docs/style.css", "openapi.json"]
    assert not re.search(r"<script|style=| on\w+=", page)
    for said in (*CHAT_EVENTS, "search_catalog", "harden", "application/problem+json", "/widget.js"):
        assert said in page
    style = client.get("/docs/style.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "url(" not in style.text


def test_no_anchor_leads_nowhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert set(re.findall(r'href="#([^"]+)"', page)) == set(re.findall(r'<section id="([^"]+)"', page))
