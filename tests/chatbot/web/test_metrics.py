"""What the server tells whoever watches over it: counts without a word of a shopper, and how its model is doing."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.asking import Model
from chatbot.memory.store import People
from chatbot.quoted import Quoted
from chatbot.types import AgentAct, DialogueState
from chatbot.web.app import WebSettings, create_app
from chatbot.web.desk import last
from chatbot.web.site import Site
from errors import LLMUnavailable
from llm import Call
from llm.breaker import Patience
from llm.guarded import Guarded
from prompts import Message, Rendered
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import FakeAssistant

ASKED = Rendered("track@1", (Message("user", "?"),), 10)


class Gone:
    """A model that is not there."""

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        raise LLMUnavailable("no model server answers at http://10.0.0.7:8000/v1")
        yield ""


@pytest.fixture
def door() -> Iterator[Guarded]:
    door = Guarded(Gone(), patience=Patience(failures=1, pause=60))
    yield door
    door.close()


def samples(client: TestClient) -> dict[str, float]:
    """The page's numbers by series, those that are not nought."""
    page = client.get("/metrics")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert page.headers["content-type"].startswith("text/plain; version=")
    found = re.findall(r"^([a-z_]+(?:\{[^}]*\})?) ([0-9.e+]+)$", page.text, re.MULTILINE)
    return {name: float(value) for name, value in found if float(value)}


def test_turns_are_counted_by_who_made_them(client: TestClient, visitor: Visitor, people: People) -> None:
    visitor.say("a mouse for my secret cellar", "m1")
    visitor.say("under 30", "m2")
    visitor.say("under 30", "m2")  # the same message again is no turn
    counted = samples(client)
    assert counted['aisle_turns_total{degraded="false",ranked_by="embedded",tracked_by="embedded"}'] == 2
    assert counted['aisle_turn_acts_total{act="recommend"}'] == 2
    page = client.get("/metrics").text
    assert not any(private in page for private in ("secret", "mouse", "m1", visitor.session, visitor.token))


def test_turns_that_came_to_nothing_are_counted(
    client: TestClient, visitor: Visitor, assistant: FakeAssistant, app: FastAPI
) -> None:
    def break_down() -> None:
        raise LLMUnavailable("no answer")

    assistant.pause = break_down
    assert visitor.say("a mouse").status_code == 503
    session = app.state.desk.people.sessions.get(visitor.session)
    events = app.state.desk.say(session, "a mouse", "m2")
    while next(events).name != "state":
        pass
    events.close()
    counted = samples(client)
    assert (counted["aisle_turns_broken_total"], counted["aisle_turns_left_total"]) == (1, 1)


def test_what_the_model_did_is_counted(client: TestClient, app: FastAPI, visitor: Visitor) -> None:
    desk = app.state.desk
    *_, end = desk.shop().turn(DialogueState(), "a mouse")
    desk.metrics.answered(
        replace(
            end.turn,
            tracked_by="llm",
            ranked_by="llm",
            degraded=True,
            llm_calls=2,
            tokens={"prompt": 900, "cached": 600, "completion": 80},
            ms={"track": 300.0, "model": 1200.0, "total": 1400.0},
        )
    )
    counted = samples(client)
    assert {name: n for name, n in counted.items() if "bucket" not in name} == {
        'aisle_turns_total{degraded="true",ranked_by="llm",tracked_by="llm"}': 1,
        'aisle_turn_acts_total{act="recommend"}': 1,
        'aisle_turn_seconds_count{stage="track"}': 1,
        'aisle_turn_seconds_sum{stage="track"}': 0.3,
        'aisle_turn_seconds_count{stage="model"}': 1,
        'aisle_turn_seconds_sum{stage="model"}': 1.2,
        'aisle_turn_seconds_count{stage="total"}': 1,
        'aisle_turn_seconds_sum{stage="total"}': 1.4,
        'aisle_http_responses_total{status="201"}': 1,  # the session
        "aisle_model_calls_total": 2,
        'aisle_model_tokens_total{kind="prompt"}': 900,
        'aisle_model_tokens_total{kind="cached"}': 600,
        'aisle_model_tokens_total{kind="completion"}': 80,
    }


def test_a_model_that_does_not_answer_is_told_without_its_address(
    client: TestClient, assistant: FakeAssistant, door: Guarded
) -> None:
    assistant.model = Model(door)
    assert client.get("/readyz").json() == {"status": "ready", "why": []}
    answered = 'aisle_http_responses_total{status="200"}'
    assert samples(client) == {'aisle_model_breaker{state="closed"}': 1, answered: 1}
    with pytest.raises(LLMUnavailable):
        list(door.stream(ASKED, Call()))
    answer = client.get("/readyz")
    why = ["the model does not answer; messages are answered without it"]
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "why": why})
    told = samples(client)
    assert (told['aisle_model_breaker{state="open"}'], told["aisle_model_failures"]) == (1, 1)
    assert "10.0.0.7" not in answer.text + client.get("/metrics").text


def test_turn_that_asked_no_model_is_no_quick_answer_of_one(client: TestClient, app: FastAPI) -> None:
    desk = app.state.desk
    *_, end = desk.shop().turn(DialogueState(), "a mouse")
    desk.metrics.answered(replace(end.turn, ms={"model": 0.0, "total": 30.0}))
    assert [name for name in samples(client) if "_count" in name] == ['aisle_turn_seconds_count{stage="total"}']


def test_each_application_counts_for_itself(people: People, client: TestClient, visitor: Visitor) -> None:
    other = create_app(FakeAssistant(), people, WebSettings(page=False))
    session, _ = other.state.desk.open("en")
    last(other.state.desk.say(session, "a mouse", "m1"))
    assert [name for name in samples(client) if name.startswith("aisle_turns")] == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_how_the_server_is_can_only_be_asked_for(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_refusals_feedback_persons_and_questions_about_the_shop_are_counted(
    client: TestClient, app: FastAPI, visitor: Visitor
) -> None:
    desk = app.state.desk
    card = visitor.say("a mouse under 30").json()["suggestions"][0]
    visitor.call("POST", "/v1/events", {"type": "click", "item": card["id"]})
    client.get("/v1/none")
    client.post("/v1/chat", json={"text": "no token"})
    *_, end = desk.shop().turn(DialogueState(), "returns?")
    asked = replace(end.turn, acts=(AgentAct.FAQ,))
    desk.metrics.answered(asked)
    desk.metrics.answered(replace(asked, quoted=(Quoted("Returns?", "30 days.", "help.md"),), handoff="kept"))
    counted = samples(client)
    assert {
        name: n for name, n in counted.items() if name.startswith(("aisle_http", "aisle_ev", "aisle_h", "aisle_f"))
    } == {
        'aisle_http_responses_total{status="200"}': 1,
        'aisle_http_responses_total{status="201"}': 2,
        'aisle_http_responses_total{status="401"}': 1,
        'aisle_http_responses_total{status="404"}': 1,
        'aisle_events_total{type="click"}': 1,
        'aisle_handoffs_total{told="kept"}': 1,
        'aisle_faq_total{found="quoted"}': 1,
        'aisle_faq_total{found="unknown"}': 1,
    }


TOKEN = "a-token-for-prometheus"


@pytest.mark.parametrize(
    ("metrics", "host", "shown", "status"),
    [
        ("", "127.0.0.1", "", 200),
        ("", "::1", "", 200),
        ("", "::ffff:127.0.0.1", "", 200),
        ("", "10.0.0.9", "", 403),
        ("", "10.0.0.9", "Bearer ", 403),
        ("open", "10.0.0.9", "", 200),
        (TOKEN, "10.0.0.9", f"Bearer {TOKEN}", 200),
        (TOKEN, "10.0.0.9", f"Bearer {TOKEN}x", 403),
        (TOKEN, "127.0.0.1", "", 200),
    ],
)
def test_counts_are_told_here_and_to_whom_the_site_file_lets(
    assistant: FakeAssistant, people: People, metrics: str, host: str, shown: str, status: int
) -> None:
    app = create_app(assistant, people, WebSettings(page=False), Site(metrics=metrics))
    client = TestClient(app, client=(host, 5000))
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == status
    proxied = client.get("/metrics", headers={"Authorization": shown, "X-Forwarded-For": "10.0.0.9"})
    assert proxied.status_code == (200 if metrics == "open" or shown == f"Bearer {TOKEN}" else 403)
