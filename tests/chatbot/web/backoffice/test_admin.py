"""What the shop's people see at /admin, and who does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from chatbot.asking import Model
from chatbot.memory.insights import A_PAGE
from chatbot.memory.records import Document
from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.shields import STAFF_POLICY
from chatbot.web.site import Site
from llm.guarded import Guarded
from llm.ration import Rationed
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.test_metrics import Gone

PASSWORD = "open, sesame"


@pytest.fixture
def client(assistant: FakeAssistant, people: People) -> Iterator[TestClient]:
    app = create_app(assistant, people, WebSettings(page=False), Site(staff_password=PASSWORD))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def staff(client: TestClient) -> dict[str, str]:
    """The headers of who has logged in."""
    told = client.post("/staff/login", json={"password": PASSWORD, "name": "Mira"}).json()
    return {"Authorization": f"Bearer {told['token']}"}


def _talk(people: People, *turns: Document, user: str | None = None) -> str:
    session, _ = people.start("en", user)
    for number, turn in enumerate(turns, 1):
        received = people.receive(session.id, f"m{number}", turn["user"])
        whole: Document = {"turn": number, "language": "en", "acts": ["recommend"], "user_acts": ["inform"], "ledger": [],
                           "dropped": [], "needs": [], "suggestions": []}  # fmt: skip
        people.finish(received, whole | turn, {})
    return session.id


PATHS = ("conversations", "conversations/x", "mend", "status")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_shown_without_a_login(client: TestClient, path: str) -> None:
    session = client.post("/v1/sessions", json={}).json()
    for headers in (
        {},
        {"Authorization": f"Bearer {session['token']}"},
        {"Authorization": f"Bearer {session['resume']}"},
    ):
        assert client.get(f"/staff/insights/{path}", headers=headers).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_other_sites_pages_get_nothing(client: TestClient, staff: dict[str, str], path: str) -> None:
    answer = client.get(f"/staff/insights/{path}", headers=staff | {"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_without_a_password_it_is_closed(assistant: FakeAssistant, people: People, path: str) -> None:
    with TestClient(create_app(assistant, people, WebSettings(page=False)), base_url="http://127.0.0.1") as client:
        assert client.get(f"/staff/insights/{path}").status_code == 404
        assert "The shop has set no password" in client.get("/admin").text


def test_the_page_is_strict(client: TestClient) -> None:
    page = client.get("/admin")
    assert (page.status_code, page.headers["content-security-policy"]) == (200, STAFF_POLICY)
    assert "unsafe" not in STAFF_POLICY
    room = Path(__file__).parents[4] / "chatbot/web/backoffice/staffroom"
    script, looks = (room / "admin.js").read_text("utf-8"), (room / "admin.css").read_text("utf-8")
    assert client.get("/inbox/admin.js").text == script
    assert client.get("/inbox/admin.css").text == looks
    assert not any(word in script for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval("))
    assert not any(word in page.text for word in ("style=", "onclick", "<style", "http://", "https://"))


def test_words_are_shown_without_what_tells_who_said_them(
    client: TestClient, people: People, staff: dict[str, str]
) -> None:
    said = "mail ann@doe.example or +44 20 7946 0958, card 4111 1111 1111 1111"
    hidden = "mail (e-mail) or (phone number), card (card number)"
    wish = {"wish": "w1", "need": 1, "slot": "text", "op": "~", "value": said, "text": said, "hard": False, "turn": 1}
    turn = {"user": said, "text": said, "ledger": [wish], "acts": ["faq"], "absent": [said]}
    id = _talk(people, turn, user="ann@doe.example")
    listed = client.get("/staff/insights/conversations", headers=staff)
    assert [(row["began"], row["user"]) for row in listed.json()["conversations"]] == [(hidden, "(e-mail)")]
    shown = client.get(f"/staff/insights/conversations/{id}", headers=staff)
    (message,) = shown.json()["messages"]
    assert (message["text"], message["turn"]["text"], message["turn"]["absent"]) == (hidden, hidden, [hidden])
    assert message["turn"]["ledger"] == [{"text": hidden, "hard": False, "new": True}]
    mend = client.get("/staff/insights/mend", headers=staff)
    assert [group["words"] for group in mend.json()["unmatched"]] == [hidden]
    for answer in (listed, shown, mend):
        assert not any(private in answer.text for private in ("doe.example", "7946", "4111"))
        assert answer.headers["cache-control"] == "no-store"


def test_a_conversation_is_shown_with_times_cards_and_what_was_done(
    client: TestClient, people: People, staff: dict[str, str]
) -> None:
    opened = client.post("/v1/sessions", json={"locale": "en"}).json()
    visitor = {"Authorization": f"Bearer {opened['token']}"}
    turn = client.post("/v1/chat", json={"text": "a mouse under 30", "message_id": "m1"}, headers=visitor).json()
    card = turn["suggestions"][0]
    client.post("/v1/events", json={"type": "dislike", "impression": card["impression"]}, headers=visitor)
    shown = client.get(f"/staff/insights/conversations/{opened['session']}", headers=staff).json()
    (message,) = shown["messages"]
    told = message["turn"]
    assert (message["text"], told["acts"], told["ms"]) == ("a mouse under 30", turn["acts"], turn["ms"])
    assert [wish["text"] for wish in told["ledger"]] == [wish["text"] for wish in turn["ledger"]]
    assert told["cards"][0] | {"feedback": ["dislike"]} == told["cards"][0]
    assert [(c["id"], c["title"], c["reason"]) for c in told["cards"]] == [
        (c["id"], c["title"], c["reason"]) for c in turn["suggestions"]
    ]


def test_pages_are_bounded_and_follow_one_another(client: TestClient, people: People, staff: dict[str, str]) -> None:
    made = {_talk(people, {"user": f"mouse {n}"}) for n in range(A_PAGE + 3)}
    first = client.get("/staff/insights/conversations", headers=staff).json()
    second = client.get("/staff/insights/conversations", params={"before": first["next"]}, headers=staff).json()
    ids = [row["id"] for page in (first, second) for row in page["conversations"]]
    assert (len(first["conversations"]), second["next"], len(ids)) == (A_PAGE, None, A_PAGE + 3)
    assert set(ids) == made


@pytest.mark.parametrize("wrong", [{"days": "0"}, {"days": "x"}, {"show": "all"}, {"language": "fr"}, {"before": ""}])
def test_wrong_filters_are_refused(client: TestClient, staff: dict[str, str], wrong: dict[str, str]) -> None:
    assert client.get("/staff/insights/conversations", params=wrong, headers=staff).status_code == 422


def test_an_erased_conversation_is_gone(client: TestClient, people: People, staff: dict[str, str]) -> None:
    id = _talk(people, {"user": "my secret mouse", "acts": ["no_match"],
                        "needs": [{"need": 1, "query": "secret mouse", "active": True}]})  # fmt: skip
    assert client.get("/staff/insights/mend", headers=staff).json()["no_match"][0]["words"] == "secret mouse"
    people.erase(session=id)
    assert client.get(f"/staff/insights/conversations/{id}", headers=staff).status_code == 404
    for path in ("conversations", "mend", "status"):
        assert "secret" not in client.get(f"/staff/insights/{path}", headers=staff).text


def test_items_are_called_by_what_the_catalogue_calls_them(
    client: TestClient, people: People, staff: dict[str, str]
) -> None:
    unknown: list[Any] = [{"slot": "weight", "words": "weight", "items": ["m-1", "gone"]}]
    _talk(people, {"user": "how heavy?", "acts": ["inform"], "unknown": unknown})
    told = client.get("/staff/insights/mend", headers=staff).json()
    assert told["facts"][0]["items"] == [{"id": "gone", "times": 1}, {"id": "m-1", "times": 1}]
    assert told["titles"] == {"m-1": "Pebble wireless mouse"}


def test_how_the_shop_and_its_model_are(
    client: TestClient, assistant: FakeAssistant, people: People, staff: dict[str, str]
) -> None:
    purse = people.purse(100)
    door = Guarded(Gone())
    assistant.model = Model(Rationed(door, purse))
    purse.spend(100)
    _talk(people, {"user": "a mouse", "llm_calls": 1, "degraded": True, "tokens": {"prompt": 90, "completion": 5}})
    told = client.get("/staff/insights/status", headers=staff).json()
    door.close()
    assert told["catalogue"] == {
        "name": "Mouse House", "products": 3, "language": "en", "currency": "USD", "generation": "g1",
        "imported": "2026-11-21T08:30:00+00:00", "vectors": True, "faq": 0,
    }  # fmt: skip
    why = "the model's budget of tokens for today is spent; messages are answered without it"
    assert told["health"] == {"status": "degraded", "why": [why]}
    assert told["model"] == {"state": "closed", "running": 0, "waiting": 0, "failures": 0, "why": ""}
    assert told["ration"] == {"spent": 100, "of": 100}
    (today,) = told["days"]
    assert {name: n for name, n in today.items() if name != "day"} == {
        "conversations": 1, "turns": 1, "tokens": 95, "model": 1, "degraded": 1,
    }  # fmt: skip
