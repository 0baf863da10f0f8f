"""The page's events without a browser: what each part shows after them. tests/servers has the real clicks."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.desk import Desk
from chatbot.web.shop import Shop
from chatbot.web.ui import Page, Visit
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.test_pieces import Seen

KEPT, BAR, CHAT, LEDGER, BOX = range(5)


@pytest.fixture
def desk(assistant: FakeAssistant, people: People) -> Desk:
    return Desk(Shop(assistant), people)


@pytest.fixture
def page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(desk)


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr("gradio.Warning", told.append)
    return told


def click(**details: object) -> Any:
    return SimpleNamespace(_data=details)


def request(language: str = "en") -> Any:
    return SimpleNamespace(headers={"accept-language": language})


def opened_as(page: str) -> Any:
    """A request of an open page, by Gradio's name for it."""
    return SimpleNamespace(session_hash=page)


def final(views: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    *_, end = views
    return end


def test_first_visit_is_welcomed_in_its_language_and_leaves_no_trace(page: Page, people: People) -> None:
    view = page.open(None, request("zh-CN,en;q=0.5"))
    assert view[KEPT] == {"token": None, "language": "zh"}
    assert "您想找什么？" in view[CHAT]
    assert view[LEDGER] == ""
    assert view[BOX]["placeholder"] == "说说您的要求……"
    assert people.export(user="") == []


def test_typed_words_become_a_turn_step_by_step(page: Page) -> None:
    views = list(page.say("a mouse under 30", {"token": None, "language": "en"}))
    stages = [Seen(view[CHAT]) for view in views]
    assert [seen.attributes.get("data-item", []) for seen in stages] == [
        [],
        [],
        [],
        [],
        ["m-1"],
        ["m-1", "m/2"],
        ["m-1", "m/2"],
    ]
    assert "Looking through 3 products…" in stages[2].text
    assert views[0][BOX]["value"] == ""
    assert {view[KEPT]["token"] for view in views} == {views[-1][KEPT]["token"]}
    assert Seen(views[-1][LEDGER]).attributes["data-wish"] == ["w1", "w2"]
    assert "Start over" in views[-1][BAR]


def test_reload_brings_the_conversation_back(page: Page) -> None:
    end = final(page.say("a mouse under 30", {"token": None, "language": "en"}))
    again = page.open(end[KEPT], request("zh"))
    assert again[:BOX] == end[:BOX]


def test_wish_clicked_off_is_a_turn_of_its_own(page: Page) -> None:
    kept = final(page.say("a mouse under 30", None))[KEPT]
    end = final(page.take_off(kept, click(wish="w1")))
    assert "Removed: price at most 30" in Seen(end[CHAT]).text
    assert Seen(end[LEDGER]).attributes["data-wish"] == ["w2"]


def test_wish_that_is_gone_changes_nothing(page: Page, warnings: list[str]) -> None:
    end = final(page.say("a mouse under 30", None))
    for odd in ("w9", "", {"a": 1}, None):
        assert final(page.take_off(end[KEPT], click(wish=odd)))[CHAT] == end[CHAT]
    assert warnings == ["That did not work. Please try again."] * 4


def test_suggested_answer_is_said(page: Page, assistant: FakeAssistant) -> None:
    kept = final(page.say("a mouse", None))[KEPT]
    final(page.reply(kept, click(value="Cheaper")))
    assert assistant.heard == ["a mouse", "Cheaper"]


def test_unanswered_message_is_shown_and_sent_again(page: Page, desk: Desk, assistant: FakeAssistant) -> None:
    session, token = desk.open("en")
    desk.people.receive(session.id, "m1", "a mouse under 30")
    kept = {"token": token, "language": "en"}
    assert "This message has no answer yet." in page.open(kept, request())[CHAT]
    end = final(page.again(kept))
    assert "Pebble wireless mouse" in end[CHAT]
    assert final(page.again(kept))[CHAT] == end[CHAT]
    assert assistant.heard == ["a mouse under 30"]


def test_turn_that_is_left_shows_its_message_to_be_sent_again(
    page: Page, assistant: FakeAssistant, warnings: list[str]
) -> None:
    assistant.pause = lambda: page.leave(opened_as("tab 1"))
    end = final(page.say("a mouse", None, opened_as("tab 1")))
    assert "This message has no answer yet." in Seen(end[CHAT]).text
    assert (assistant.closed, warnings) == (1, [])
    assistant.pause = lambda: page.leave(opened_as("tab 2"))
    assert "Pebble wireless mouse" in final(page.again(end[KEPT], opened_as("tab 1")))[CHAT]


def test_page_that_waits_for_nothing_can_be_left(page: Page) -> None:
    final(page.say("a mouse", None, opened_as("tab 1")))
    page.leave(opened_as("tab 1"))
    page.leave(opened_as(""))
    assert page._calls == {}


def test_crash_is_logged_and_shows_nothing_of_itself(
    page: Page, assistant: FakeAssistant, warnings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    def crash() -> None:
        raise KeyError("secret of the house")

    assistant.pause = crash
    end = final(page.say("a mouse", None))
    assert (warnings, "secret" in str(end)) == (["That did not work. Please try again."], False)
    assert ["secret of the house" in (record.exc_text or "") for record in caplog.records] == [True]


def test_card_judged_stays_judged(page: Page, desk: Desk) -> None:
    kept = final(page.say("a mouse", None))[KEPT]
    for type, impression in (("like", "i1"), ("dislike", "i2"), ("click", "i3"), ("stare", "i1"), ("like", "i9")):
        page.judge(kept, click(type=type, impression=impression))
    session = desk.session(kept["token"])
    assert session is not None
    assert desk.conversation(session).judged == {"i1": "like", "i2": "dislike"}
    assert page.open(kept, request())[CHAT].count('aria-pressed="true"') == 2


def test_starting_over_deletes_the_conversation(page: Page, desk: Desk) -> None:
    kept = final(page.say("a mouse", {"language": "zh"}))[KEPT]
    view = page.fresh(kept)
    assert view[KEPT] == {"token": None, "language": "zh"}
    assert "您想找什么？" in view[CHAT]
    assert desk.session(kept["token"]) is None


def test_interface_changes_language_and_the_conversation_stays(page: Page) -> None:
    end = final(page.say("a mouse under 30", None))
    view = page.speak(end[KEPT], click(value="zh"))
    assert view[KEPT] == end[KEPT] | {"language": "zh"}
    assert "价格 不超过 30" in view[LEDGER]
    assert Seen(view[CHAT]).attributes["data-item"] == ["m-1", "m/2"]
    assert page.open(view[KEPT], request("en"))[KEPT]["language"] == "zh"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_typed_is_no_mistake(page: Page, warnings: list[str], assistant: FakeAssistant, text: str) -> None:
    (view,) = page.say(text, None)
    assert (view[KEPT], warnings, assistant.heard) == ({"token": None, "language": None}, [], [])


@pytest.mark.parametrize("text", ["x" * 2_001, "\ud800", "a\0b", None, 7, ["a"], {"a": 1}])
def test_unusable_text_is_refused_kindly(
    page: Page, warnings: list[str], assistant: FakeAssistant, text: object
) -> None:
    (view,) = page.say(text, None)
    assert view[KEPT] == {"token": None, "language": None}
    assert len(warnings) == 1
    assert assistant.heard == []


@pytest.mark.parametrize(
    "kept", [None, 7, "x", [], {"token": 7, "language": "xx"}, {"token": ["a"]}, {"token": "wrong"}]
)
def test_what_the_browser_kept_is_read_with_care(page: Page, kept: object) -> None:
    assert page.open(kept, request())[KEPT] == {"token": None, "language": "en"}
    assert Visit.read(kept).language is None


@pytest.fixture
def served(assistant: FakeAssistant, people: People) -> FastAPI:
    return create_app(assistant, people, WebSettings(origins=("https://shop.example",)))


def test_page_is_served_beside_the_api(served: FastAPI) -> None:
    with TestClient(served) as client:
        answer = client.get("/")
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].endswith("frame-ancestors 'self' https://shop.example")
        assert "Mouse House" in answer.text
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/favicon.ico").headers["content-type"].startswith("image/svg")


def test_framework_s_other_doors_are_shut(served: FastAPI) -> None:
    doors = {
        "POST": (
            "/gradio_api/upload",
            "/gradio_api/call/say",
            "/gradio_api/run/predict",
            "/gradio_api/component_server",
        ),
        "GET": (
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/proxy=https://evil.example",
            "/gradio_api/info",
            "/gradio_api/runs",
            "/monitoring",
            "/static/../../../../etc/passwd",
            "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/assets/..%2f..%2f..%2fetc/passwd",
        ),
    }
    with TestClient(served) as client:
        answers = [client.request(method, path) for method, paths in doors.items() for path in paths]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert not any("root:" in answer.text for answer in answers)
