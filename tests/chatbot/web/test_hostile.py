"""Whatever is sent: an ordinary answer or a clear 4xx problem, never a 500, and never the input or a file name back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Limits, Site
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import FakeAssistant

ODD_TEXTS = [
    "x" * 2_000,
    "🧥🐭",
    "שלום, אני מחפש עכבר",
    "\u202egnp.exe\u202c",
    "'; DROP TABLE turn; --",
    '" OR 1=1 /*',
    "{{7*7}} ${7*7} {% raw %} <%= 7 %> #{7}",
    "<script>alert(1)</script>",
    "a\r\nevent: turn.end\ndata: {}\n\nb",
    "\x07\x1b[31m\x7f",
    "\ufffe\uffff",
    "e\u0301" * 900,
]
REFUSED_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"7",
    b"{}",
    b'{"text": ""}',
    b'{"text": " \\n\\t"}',
    b'{"text": 7}',
    b'{"text": null}',
    b'{"text": ["a"]}',
    b'{"text": "a", "message_id": ""}',
    b'{"text": "a", "message_id": 7}',
    b'{"text": "\\u0000"}',
    b'{"text": "\\ud800"}',
    b'{"text": "a", "message_id": "\\udfff"}',
    b'{"text": "\xff\xfe"}',
    b'{"text": "a\x00b"}',
    b'{"text": "a", "more": NaN}',
    b'{"text": "a", "more": Infinity}',
    b'{"text": "a", "more": 1e999}',
    b'{"text": "a", "more": ' + b"9" * 5_000 + b"}",
    b'{"text": ' + b"[" * 30_000 + b"}",
    b'{"text": "' + b"x" * 2_001 + b'"}',
    b"\xef\xbb\xbf" + b'{"text": "a"}',
    "{'text': 'a'}".encode("utf-16"),
]


def is_problem(answer: Any) -> bool:
    return bool(
        400 <= answer.status_code < 500
        and answer.headers["content-type"] == "application/problem+json"
        and answer.json()["status"] == answer.status_code
    )


def send(visitor: Visitor, body: bytes, path: str = "/v1/chat", method: str = "POST", **headers: str) -> Any:
    sent = visitor.headers | {"Content-Type": "application/json"} | headers
    return visitor.client.request(method, path, content=body, headers=sent)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_text_is_an_ordinary_turn(visitor: Visitor, text: str) -> None:
    answer = visitor.say(text)
    assert answer.status_code == 200
    assert answer.json()["user"] == text
    assert visitor.call("GET", "/v1/sessions/current").json()["turns"] == [answer.json()]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_text_cannot_break_the_stream(visitor: Visitor, text: str) -> None:
    body = json.dumps({"text": text}).encode()
    lines = send(visitor, body, Accept="text/event-stream").text.split("\n\n")
    assert json.loads(lines[-2].partition("data: ")[2])["user"] == text


@pytest.mark.parametrize("body", REFUSED_BODIES, ids=range(len(REFUSED_BODIES)))
def test_unusable_body_is_refused(visitor: Visitor, assistant: FakeAssistant, body: bytes) -> None:
    assert is_problem(send(visitor, body))
    assert assistant.heard == []
    assert visitor.call("GET", "/v1/sessions/current").json()["pending"] is None


@pytest.mark.parametrize(
    ("method", "path", "body", "errors"),
    [
        ("POST", "/v1/chat", {"text": " \n"}, [{"field": "text", "problem": "must not be empty"}]),
        ("POST", "/v1/chat", {"text": "a\0b"}, [{"field": "text", "problem": "must be readable text"}]),
        (
            "PATCH",
            "/v1/sessions/current/ledger",
            {},
            [{"field": "body", "problem": "must have something to remove or to add"}],
        ),
        (
            "POST",
            "/v1/events",
            {"type": "like"},
            [{"field": "body", "problem": "must name either the impression or the item"}],
        ),
    ],
)
def test_a_refusal_says_what_to_mend(
    visitor: Visitor, method: str, path: str, body: object, errors: list[dict[str, str]]
) -> None:
    answer = visitor.call(method, path, body)
    assert (answer.status_code, answer.json()["errors"]) == (422, errors)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_number_of_any_size_is_told_back(visitor: Visitor, accept: str) -> None:
    edit = {"add": [{"slot": "price", "op": "<=", "value": 10**30, "unit": "USD"}]}
    answer = visitor.call("PATCH", "/v1/sessions/current/ledger", edit, headers={"Accept": accept})
    assert answer.status_code == 200
    assert f'"value": {10**30}' in answer.text or "1e+30" in answer.text.lower() or "1e30" in answer.text.lower()
    for nothing in ("price in []", "brand not in []"):
        refused = visitor.call("PATCH", "/v1/sessions/current/ledger", {"add": [nothing]})
        assert (refused.status_code, refused.json()["detail"]) == (422, "An entry of add names no value.")


def test_text_is_limited_to_two_thousand_characters(visitor: Visitor) -> None:
    assert visitor.say("猫" * 2_000).status_code == 200
    refused = visitor.say("猫" * 2_001, "m2")
    assert refused.status_code == 422
    assert refused.json() == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "The request is well formed, but not all of it can be used.",
        "errors": [{"field": "text", "problem": "is too long"}],
    }


def test_body_is_limited_announced_or_not(visitor: Visitor) -> None:
    body = json.dumps({"text": "a", "more": "x" * 70_000}).encode()
    assert send(visitor, body).status_code == 413

    def unannounced() -> Iterator[bytes]:
        for start in range(0, len(body), 1_000):
            yield body[start : start + 1_000]

    headers = visitor.headers | {"Content-Type": "application/json"}
    assert visitor.client.post("/v1/chat", content=unannounced(), headers=headers).status_code == 413
    assert visitor.client.post("/gradio_api/queue/join", content=body).status_code == 413
    wrong = visitor.headers | {"Content-Type": "application/json", "Content-Length": "9" * 30}
    assert visitor.client.post("/v1/chat", content=b"{}", headers=wrong).status_code == 413


def test_small_body_without_a_length_is_read(visitor: Visitor) -> None:
    headers = visitor.headers | {"Content-Type": "application/json"}
    answer = visitor.client.post("/v1/chat", content=iter([b'{"text": ', b'"a mouse"}']), headers=headers)
    assert answer.json()["user"] == "a mouse"


def test_body_must_be_sent_as_json(visitor: Visitor) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "nonsense", ""):
        assert is_problem(send(visitor, b'{"text": "a"}', **{"Content-Type": kind}))


@pytest.mark.parametrize("word", ["zyzzyva", "<b>zyzzyva</b>"])
def test_problem_repeats_nothing_of_the_input(visitor: Visitor, word: str) -> None:
    bodies = [
        {"text": word, "message_id": [word]},
        {"text": {word: word}},
        {word: word},
        {"text": word * 500},
        {"text": "a", "message_id": word + "\0"},
    ]
    answers = [visitor.call("POST", "/v1/chat", body) for body in bodies]
    answers += [
        send(visitor, f'{{"text": {word}'.encode()),
        visitor.call("PATCH", "/v1/sessions/current/ledger", {"remove": [word], "add": [{word: word}]}),
        visitor.call("PATCH", "/v1/sessions/current/ledger", {"add": [f"{word} = {word}"]}),
        visitor.call("POST", "/v1/events", {"type": word, "item": word}),
        visitor.call("GET", f"/v1/items/{word}"),
        visitor.call("GET", f"/v1/{word}"),
        visitor.client.post("/v1/sessions", json={"locale": word * 9}),
    ]
    for answer in answers:
        assert is_problem(answer)
        assert "zyzzyva" not in answer.text


@pytest.mark.parametrize("value", ["\ud800", "a\0b", "x" * 201, "", 7, [], {"a": 1}])
@pytest.mark.parametrize("field", ["user", "locale", "page"])
def test_session_s_fields_are_checked(client: TestClient, field: str, value: object) -> None:
    if (field, value) == ("page", "x" * 201):
        return
    body = json.dumps({field: value}).encode()
    assert is_problem(client.post("/v1/sessions", content=body, headers={"Content-Type": "application/json"}))


def test_other_site_may_not_act(visitor: Visitor) -> None:
    for origin in (
        "https://evil.example",
        "null",
        "http://[",
        "http://127.0.0.1:8001",
        "https://shop.example.evil.com",
    ):
        answer = visitor.call("POST", "/v1/chat", {"text": "a"}, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")
    own = {"Origin": "http://127.0.0.1:8000"}
    assert visitor.call("POST", "/v1/chat", {"text": "a"}, headers=own).status_code == 200
    there = {"Origin": "https://shop.example"}
    opened = visitor.client.post("/v1/sessions", headers=there).json()
    guest = Visitor(visitor.client, opened["session"], opened["token"])
    assert guest.call("POST", "/v1/chat", {"text": "a"}, headers=there).status_code == 200
    for headers in (own, {}):
        answer = guest.call("POST", "/v1/chat", {"text": "a"}, headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (403, "This token is not for this origin.")


def test_embedding_site_may_read_and_others_may_not(client: TestClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    welcome = client.options("/v1/chat", headers=asked | {"Origin": "https://shop.example"})
    assert welcome.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-credentials" not in welcome.headers
    stranger = client.options("/v1/chat", headers=asked | {"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers


def test_answers_carry_their_safety_headers(client: TestClient) -> None:
    for path in ("/healthz", "/v1/nothing", "/docs", "/media/a.svg", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["content-security-policy"].startswith("default-src 'none'")
    assert client.get("/v1/nothing").headers["cache-control"] == "no-store"


def test_unexpected_error_reaches_the_log(assistant: FakeAssistant, people: People) -> None:
    def break_down() -> None:
        raise RuntimeError("broken")

    assistant.pause = break_down
    client = TestClient(create_app(assistant, people, WebSettings(page=False)))
    opened = client.post("/v1/sessions").json()
    with pytest.raises(RuntimeError, match="broken"):
        Visitor(client, opened["session"], opened["token"]).say("a mouse")


def test_unexpected_error_shows_nothing_of_the_inside(assistant: FakeAssistant, people: People, tmp_path: Path) -> None:
    def break_down() -> None:
        raise RuntimeError(f"secret in {tmp_path}")

    assistant.pause = break_down
    client = TestClient(create_app(assistant, people, WebSettings(page=False)), raise_server_exceptions=False)
    opened = client.post("/v1/sessions").json()
    answer = Visitor(client, opened["session"], opened["token"]).say("a mouse")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong here; it has been logged.",
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "secret" not in answer.text
    assert str(tmp_path) not in answer.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["text", "message_id", "remove", "add", "type", "impression", "item", "user", "locale", "page"]
)
CALLS = st.sampled_from(
    [
        ("POST", "/v1/sessions"),
        ("POST", "/v1/chat"),
        ("PATCH", "/v1/sessions/current/ledger"),
        ("POST", "/v1/events"),
    ]
)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    people = People.open(tmp_path_factory.mktemp("hostile") / "people.db")
    unlimited = Site(limits=Limits(session=0, address=0))
    with TestClient(create_app(FakeAssistant(), people, WebSettings(page=False), unlimited)) as client:
        opened = client.post("/v1/sessions").json()
        yield Visitor(client, opened["session"], opened["token"])


@given(call=CALLS, body=st.dictionaries(FIELDS, JSON, max_size=4) | JSON)
def test_any_json_gets_an_answer(lasting: Visitor, call: tuple[str, str], body: object) -> None:
    method, path = call
    answer = send(lasting, json.dumps(body).encode(), path, method)
    assert answer.status_code in (200, 201) or is_problem(answer)


@given(call=CALLS, body=st.binary(max_size=200))
def test_any_bytes_get_an_answer(lasting: Visitor, call: tuple[str, str], body: bytes) -> None:
    method, path = call
    answer = send(lasting, body, path, method)
    assert answer.status_code in (200, 201) or is_problem(answer)


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200))
def test_any_readable_text_is_a_turn(lasting: Visitor, text: str) -> None:
    answer = lasting.call("POST", "/v1/chat", {"text": text})
    assert answer.status_code == (200 if text.strip() else 422)
