"""The route for taps: answered like a message, refused when it names what is not there, once a message_id."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from chatbot.context import Context, Counter
from chatbot.gestures import Gesture
from chatbot.memory.records import Session
from chatbot.memory.store import People
from chatbot.web.desk import Desk, last
from chatbot.web.shop import Shop
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import FakeAssistant

PATH = "/v1/sessions/current/gestures"
STREAM = {"Accept": "text/event-stream"}


def test_tap_is_answered_with_a_turn_and_kept(visitor: Visitor, people: People) -> None:
    visitor.say("a mouse under 30")
    answer = visitor.call("POST", PATH, {"type": "similar", "items": ["m/2"], "message_id": "t1"})
    assert answer.status_code == 200
    turn = answer.json()
    assert (turn["turn"], turn["user"], turn["user_acts"]) == (2, "", ["more"])
    assert turn["gesture"] == {"type": "similar", "items": ["m/2"], "wish": None}
    (kept,) = people.export(session=visitor.session)
    assert [row["gesture"] for row in kept["message"]] == [None, {"type": "similar", "items": ["m/2"], "wish": ""}]
    assert visitor.call("POST", PATH, {"type": "similar", "items": ["m/2"], "message_id": "t1"}).json() == turn
    assert len(people.export(session=visitor.session)[0]["turn"]) == 2


def test_tap_streams_like_a_message(visitor: Visitor) -> None:
    visitor.say("a mouse under 30")
    answer = visitor.call("POST", PATH, {"type": "soften", "wish": "price <= 30", "message_id": "t1"}, headers=STREAM)
    named = [line.removeprefix("event: ") for line in answer.text.splitlines() if line.startswith("event: ")]
    assert (named[0], named[-1]) == ("turn.start", "turn.end")
    turn = json.loads(answer.text.split("event: turn.end\ndata: ")[1])
    assert next((line["text"], line["hard"]) for line in turn["ledger"]) == ("price <= 30", False)


@pytest.mark.parametrize(
    "tap",
    [
        {"type": "similar", "items": ["nope"]},
        {"type": "soften", "wish": "price <= 99"},
        {"type": "retry"},
        {"type": "compare", "items": ["m-1"]},
    ],
)
def test_tap_on_what_is_not_there_is_refused_and_not_kept(visitor: Visitor, people: People, tap: object) -> None:
    answer = visitor.call("POST", PATH, tap)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "nope" not in answer.text
    assert people.export(session=visitor.session)[0]["message"] == []


@pytest.mark.parametrize(
    "tap",
    [
        {},
        {"type": "dance"},
        {"type": "similar"},
        {"type": "undo", "items": ["m-1"]},
        {"type": "soften"},
        {"type": "harden", "wish": ""},
        {"type": "reject", "items": ["m-1"], "wish": "price <= 30"},
        {"type": "compare", "items": ["m-1"] * 6},
        {"type": "details", "items": [7]},
        [],
    ],
)
def test_tap_that_is_none_is_refused(visitor: Visitor, tap: object) -> None:
    assert visitor.call("POST", PATH, tap).status_code == 422


def test_tap_needs_a_session(visitor: Visitor) -> None:
    assert visitor.client.post(PATH, json={"type": "undo"}).status_code == 401


def test_message_id_again_gives_its_turn_whatever_comes_with_it(visitor: Visitor) -> None:
    said = visitor.say("a mouse under 30", "m1").json()
    tapped = visitor.call("POST", PATH, {"type": "undo", "message_id": "t1"}).json()
    for path, body, turn in (
        (PATH, {"type": "handoff", "message_id": "t1"}, tapped),
        (PATH, {"type": "undo", "message_id": "m1"}, said),
        ("/v1/chat", {"text": "undo", "message_id": "t1"}, tapped),
    ):
        assert visitor.call("POST", path, body).json() == turn


@pytest.mark.parametrize("path", ["/v1/chat", PATH])
@pytest.mark.parametrize("accept", [{}, STREAM])
def test_same_message_twenty_times_at_once_is_one_turn(
    visitor: Visitor, people: People, assistant: FakeAssistant, path: str, accept: dict[str, str]
) -> None:
    body = {"text": "a mouse"} if path == "/v1/chat" else {"type": "undo"}
    gate = threading.Barrier(20)

    def send(_: int) -> object:
        gate.wait(20)
        answer = visitor.call("POST", path, body | {"message_id": "same"}, headers=accept)
        return json.loads(answer.text.split("event: turn.end\ndata: ")[1]) if accept else answer.json()

    with ThreadPoolExecutor(20) as threads:
        turns = list(threads.map(send, range(20)))
    assert all(turn == turns[0] for turn in turns)
    (kept,) = people.export(session=visitor.session)
    assert [row["document"] for row in kept["turn"]] == turns[:1]
    assert (len(kept["message"]), len(assistant.calls)) == (1, 1)


class Attended:
    """A shop whose person is in the conversation or not."""

    def __init__(self) -> None:
        self.features = {"handoff": True, "orders": False}
        self.person = True
        self.heard_words: list[tuple[str, str, int]] = []

    def counter(self, session: Session, key: str) -> Counter:
        raise AssertionError("the assistant is silent")

    def heard(self, session: Session, key: str, text: str, after: int) -> bool:
        self.heard_words.append((key, text, after))
        return self.person

    def joined(self, session: Session) -> bool:
        return self.person

    def leave(self, session: Session) -> None:
        self.person = False


def test_message_goes_to_the_person_who_is_in(assistant: FakeAssistant, people: People) -> None:
    quiet = Desk(Shop(assistant), people)
    session, _ = quiet.open("en")
    first = last(quiet.say(session, "a mouse under 30", "m1"))
    service = Attended()
    desk = Desk(Shop(assistant), people, service=service)
    turn = last(desk.say(session, "are you there?", "m2"))
    assert (turn["turn"], turn["act"], turn["text"], turn["handoff"]) == (2, "handoff", "", "joined")
    assert (turn["user"], turn["suggestions"], turn["ledger"]) == ("are you there?", [], first["ledger"])
    assert last(desk.say(session, "are you there?", "m2")) == turn
    assert service.heard_words == [("m2", "are you there?", 1)]
    assert assistant.heard == ["a mouse under 30"]
    service.leave(session)
    service.counter = lambda session, key: None  # type: ignore[method-assign,assignment,return-value]
    after = last(desk.say(session, "under 25", "m3"))
    assert (after["turn"], after["act"]) == (3, "recommend")


def test_turn_knows_the_page_that_is_open(assistant: FakeAssistant, people: People) -> None:
    desk = Desk(Shop(assistant), people)
    session = Session("s", "en", item="m-1")
    started, _ = desk.open("en")
    open_page = Session(started.id, "en", item=session.item)
    last(desk.say(open_page, "does it click?", "m1"))
    last(desk.gesture(open_page, "t1", Gesture("handoff")))
    last(desk.edit(open_page, "e1", (), ("price <= 30",)))
    assert assistant.contexts == [Context("m-1", None, kept=True)] * 3
