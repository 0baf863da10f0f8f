"""The inbox's own calls: whatever is typed comes back as it was typed, and whatever else is sent is refused clearly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory import clock
from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.backoffice.inbox import ROOM
from chatbot.web.site import Limits, Site
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.service_fakes import PASSWORD, AskingAssistant
from tests.chatbot.web.test_hostile import ODD_TEXTS, REFUSED_BODIES, is_problem


@dataclass
class Inbox:
    """A conversation that was taken over, and who did."""

    client: TestClient
    visitor: Visitor
    headers: dict[str, str]

    def call(self, method: str, path: str, json: object = None) -> Any:
        return self.client.request(method, f"/staff/handoffs{path}", json=json, headers=self.headers)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    people = People.open(tmp_path_factory.mktemp("inbox") / "people.db")
    site = Site(staff_password=PASSWORD, limits=Limits(session=0, address=0))
    assistant: FakeAssistant = AskingAssistant()
    app: FastAPI = create_app(assistant, people, WebSettings(page=False), site)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        opened = client.post("/v1/sessions", json={"locale": "en"}).json()
        visitor = Visitor(client, opened["session"], opened["token"])
        visitor.say("a person, please")
        token = client.post("/staff/login", json={"password": PASSWORD, "name": "Mira"}).json()["token"]
        inbox = Inbox(client, visitor, {"Authorization": f"Bearer {token}"})
        assert inbox.call("POST", "/1/take").status_code == 200
        yield inbox


@pytest.mark.parametrize(("until_s", "name"), [(600, "ann"), (-600, None)])
def test_a_name_is_shown_where_the_shop_s_word_held_when_the_person_was_wished_for(
    inbox: Inbox, until_s: float, name: str | None
) -> None:
    people: People = inbox.visitor.client.app.state.desk.people  # type: ignore[attr-defined]
    asked = people.handoffs.get(1)
    assert asked is not None
    with people._database.write() as sql:
        until = clock.at(datetime.fromisoformat(asked.created).timestamp() + until_s)
        values = (until, inbox.visitor.session)
        sql.execute("INSERT INTO user VALUES ('ann', '') ON CONFLICT DO NOTHING")
        sql.execute("UPDATE session SET user = 'ann', verified = 1, verified_until = ? WHERE id = ?", values)
    assert inbox.call("GET", "/1").json()["user"] == name


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_words_go_both_ways_unchanged(inbox: Inbox, text: str) -> None:
    said = inbox.call("POST", "/1/say", {"text": text})
    assert (said.status_code, said.json()["text"]) == (201, text)
    assert inbox.visitor.say(text, key=f"odd {text[:20]}").json()["handoff"] == "joined"
    notes = inbox.call("GET", "/1").json()["notes"]
    assert [note["text"] for note in notes[-2:]] == [text, text]
    assert inbox.visitor.call("GET", "/v1/sessions/current").json()["notes"][-2:] == notes[-2:]


@pytest.mark.parametrize("body", REFUSED_BODIES, ids=range(len(REFUSED_BODIES)))
@pytest.mark.parametrize("path", ["/staff/handoffs/1/say", "/staff/login"])
def test_unusable_bodies_are_refused(inbox: Inbox, body: bytes, path: str) -> None:
    before = inbox.call("GET", "/1").json()["notes"]
    headers = inbox.headers | {"Content-Type": "application/json"}
    assert is_problem(inbox.client.post(path, content=body, headers=headers))
    assert inbox.call("GET", "/1").json()["notes"] == before


def test_refusals_name_the_field_and_never_repeat_it(inbox: Inbox) -> None:
    refused = inbox.client.post("/staff/login", json={"password": "", "name": "s3cr3t" * 20})
    assert (refused.status_code, "s3cr3t" in refused.text) == (422, False)
    assert refused.json()["errors"] == [
        {"field": "password", "problem": "is too short"},
        {"field": "name", "problem": "is too long"},
    ]
    odd = inbox.call("POST", "/1/close", {"reason": "s3cr3t"})
    assert (odd.status_code, "s3cr3t" in odd.text) == (422, False)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/staff/", "/staff/nothing", "/staff/handoffs/1/nothing", "/inbox/nothing", "/inbox/../app.py"]
)
def test_what_is_not_there_is_a_problem(inbox: Inbox, method: str, path: str) -> None:
    assert is_problem(inbox.client.request(method, path, headers=inbox.headers))


@pytest.mark.parametrize("call", ["GET ", "GET /1", "POST /1/take", "POST /1/say", "POST /1/close"])
def test_nothing_is_told_without_a_token(inbox: Inbox, call: str) -> None:
    method, _, path = call.partition(" ")
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {inbox.visitor.token}"}):
        answer = inbox.client.request(method, f"/staff/handoffs{path}", json={"text": "a"}, headers=headers)
        assert answer.status_code == 401


def test_another_person_cannot_speak_in_it_before_taking_it(inbox: Inbox) -> None:
    token = inbox.client.post("/staff/login", json={"password": PASSWORD, "name": "Jun"}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert inbox.client.post("/staff/handoffs/1/say", json={"text": "a"}, headers=headers).status_code == 409


@pytest.mark.parametrize("name", sorted(file.name for file in ROOM.iterdir() if file.suffix != ".html"))
def test_its_files_are_served_under_a_strict_policy(inbox: Inbox, name: str) -> None:
    for path in ("/inbox", f"/inbox/{name}"):
        answer = inbox.client.get(path)
        assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
    assert "innerHTML" not in (ROOM / name).read_text(encoding="utf-8")
    assert "://" not in (ROOM / name).read_text(encoding="utf-8")


def test_page_has_no_script_and_no_looks_inline() -> None:
    for name in ("inbox.html", "closed.html"):
        page = (ROOM / name).read_text(encoding="utf-8")
        assert [word for word in ("style=", "<style", "onclick", "javascript:", "<script>") if word in page] == []
