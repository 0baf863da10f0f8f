"""The page's events without a browser: what each part shows after them. tests/servers has the real clicks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.desk import Desk
from chatbot.web.page.ui_page import Page
from chatbot.web.page.visit import Visit, read_past
from chatbot.web.shop import Shop
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.page.test_pieces import Seen

KEPT, BAR, CHAT, DOCK, BOX, TIMER = range(6)


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
    assert view[KEPT] == {"resume": None, "language": "zh"}
    assert "您想找什么？" in view[CHAT]
    assert "chip" not in view[DOCK]
    assert view[TIMER].active is False
    assert view[BOX]["placeholder"] == "说说您的要求……"
    assert people.export(user="") == []


def test_typed_words_become_a_turn_step_by_step(page: Page) -> None:
    views = list(page.say("a mouse under 30", {"resume": None, "language": "en"}))
    stages = [Seen(view[CHAT]) for view in views]
    assert [seen.cards for seen in stages] == [
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
    assert {view[KEPT]["resume"] for view in views} == {views[-1][KEPT]["resume"]}
    assert Seen(views[-1][DOCK]).attributes["data-wish"] == ["w1", "w1", "w2"]
    (told,) = Seen(views[-1][BAR]).attributes["data-past"]
    (past,) = read_past([json.loads(told or "")])
    assert (past.resume, past.title) == (views[-1][KEPT]["resume"], "a mouse under 30")


def test_reload_brings_the_conversation_back(page: Page) -> None:
    end = final(page.say("a mouse under 30", {"resume": None, "language": "en"}))
    again = page.open(end[KEPT], request("zh"))
    assert again[:BOX] == end[:BOX]


def test_wish_clicked_off_is_a_turn_of_its_own(page: Page) -> None:
    kept = final(page.say("a mouse under 30", None))[KEPT]
    end = final(page.take_off(kept, click(wish="w1")))
    assert "Removed: price at most 30" in Seen(end[CHAT]).text
    assert Seen(end[DOCK]).attributes["data-wish"] == ["w2"]


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
    kept = {"resume": token, "language": "en"}
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
    session = desk.session(kept["resume"])
    assert session is not None
    assert desk.conversation(session).judged == {"i1": "like", "i2": "dislike"}
    assert page.open(kept, request())[CHAT].count('aria-pressed="true"') == 1
    assert 'class="card refused" data-item="m/2"' in page.open(kept, request())[CHAT]


def test_another_conversation_keeps_the_earlier_one(page: Page, desk: Desk) -> None:
    kept = final(page.say("a mouse", {"language": "zh"}))[KEPT]
    view = page.fresh(kept)
    assert view[KEPT] == {"resume": None, "language": "zh"}
    assert "您想找什么？" in view[CHAT]
    assert Seen(page.open(kept, request())[CHAT]).cards == ["m-1", "m/2", "m-3"]


def test_wish_let_go_is_put_back(page: Page) -> None:
    kept = final(page.say("a mouse under 30", None))[KEPT]
    gone = final(page.take_off(kept, click(wish="w1")))
    assert Seen(gone[DOCK]).attributes["data-text"] == ["price <= 30"]
    back = final(page.put_back(kept, click(text="price <= 30")))
    assert "Added: price at most 30" in Seen(back[CHAT]).text
    assert "data-text" not in Seen(back[DOCK]).attributes


def test_wish_is_made_softer_and_harder(page: Page) -> None:
    kept = final(page.say("a mouse under 30", None))[KEPT]
    soft = final(page.gesture(kept, click(type="soften", wish="w1")))
    assert Seen(soft[DOCK]).attributes["data-type"][1:] == ["harden"]
    assert "Only nice to have: price at most 30" in Seen(soft[CHAT]).text
    hard = final(page.gesture(kept, click(type="harden", wish="w1")))
    assert Seen(hard[DOCK]).attributes["data-type"][1:] == ["soften"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"type": "similar", "item": "m-1"}, "Similar to: Pebble wireless mouse"),
        ({"type": "compare", "items": '["m-1", "m-3", "m-1"]'}, "Compare: Pebble wireless mouse · Tile mouse"),
        ({"type": "details", "item": "m/2"}, "Details: <b>Bold</b> mouse & ${pad}"),
        ({"type": "undo"}, "Undo"),
    ],
)
def test_tap_on_a_card_is_a_turn(page: Page, told: dict[str, str], said: str) -> None:
    kept = final(page.say("a mouse", None))[KEPT]
    assert said in Seen(final(page.gesture(kept, click(**told)))[CHAT]).text


def test_card_that_is_not_wanted_is_disliked_too(page: Page, desk: Desk) -> None:
    kept = final(page.say("a mouse", None))[KEPT]
    end = final(page.gesture(kept, click(type="reject", item="m-1", impression="i1")))
    session = desk.session(kept["resume"])
    assert session is not None
    assert desk.conversation(session).judged == {"i1": "dislike"}
    assert "Not this: Pebble wireless mouse" in Seen(end[CHAT]).text


@pytest.mark.parametrize(
    "told",
    [
        {"type": "dance"},
        {},
        {"type": "compare", "items": "[" * 9000},
        {"type": "compare", "items": '{"a": 1}'},
        {"type": "similar", "item": "no such item"},
        {"type": "soften", "wish": "w99"},
    ],
)
def test_tap_that_makes_no_sense_changes_nothing(page: Page, warnings: list[str], told: dict[str, str]) -> None:
    end = final(page.say("a mouse under 30", None))
    assert final(page.gesture(end[KEPT], click(**told)))[CHAT] == end[CHAT]
    assert set(warnings) <= {"That did not work. Please try again."}


def test_tap_of_nobody_s_leads_to_the_welcome(page: Page) -> None:
    view = final(page.gesture({"resume": "wrong", "language": "en"}, click(type="undo")))
    assert (view[KEPT]["resume"], "What are you looking for?" in view[CHAT]) == (None, True)


def test_person_s_words_are_looked_for_while_one_is_waited_for(page: Page, desk: Desk) -> None:
    kept = final(page.say("a mouse", None))[KEPT]
    session = desk.session(kept["resume"])
    assert session is not None
    asked, _ = desk.people.handoffs.ask(session.id, {}, lambda _: None, 0.0)
    waiting = page.poll(kept)
    assert (waiting[TIMER].active, "You asked for a person." in waiting[DOCK]) == (True, True)
    desk.people.handoffs.take(asked.number, "Mia")
    desk.people.notes.write(session.id, "person", "Hello!", "Mia")
    human = page.poll(kept)
    assert (human[TIMER].active, "Mia answers you now." in human[DOCK]) == (True, True)
    assert Seen(human[CHAT]).text.endswith("MiaHello!")


def test_interface_changes_language_and_the_conversation_stays(page: Page) -> None:
    end = final(page.say("a mouse under 30", None))
    view = page.speak(end[KEPT], click(value="zh"))
    assert view[KEPT] == end[KEPT] | {"language": "zh"}
    assert "价格 不超过 30" in view[DOCK]
    assert Seen(view[CHAT]).cards == ["m-1", "m/2"]
    assert page.open(view[KEPT], request("en"))[KEPT]["language"] == "zh"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_typed_is_no_mistake(page: Page, warnings: list[str], assistant: FakeAssistant, text: str) -> None:
    (view,) = page.say(text, None)
    assert (view[KEPT], warnings, assistant.heard) == ({"resume": None, "language": None}, [], [])


@pytest.mark.parametrize("text", ["x" * 2_001, "\ud800", "a\0b", None, 7, ["a"], {"a": 1}])
def test_unusable_text_is_refused_kindly(
    page: Page, warnings: list[str], assistant: FakeAssistant, text: object
) -> None:
    (view,) = page.say(text, None)
    assert view[KEPT] == {"resume": None, "language": None}
    assert len(warnings) == 1
    assert assistant.heard == []


@pytest.mark.parametrize(
    "kept", [None, 7, "x", [], {"resume": 7, "language": "xx"}, {"resume": ["a"]}, {"resume": "wrong"}]
)
def test_what_the_browser_kept_is_read_with_care(page: Page, kept: object) -> None:
    assert page.open(kept, request())[KEPT] == {"resume": None, "language": "en"}
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


def test_conversation_of_another_site_is_not_opened_here(desk: Desk, people: People) -> None:
    _, elsewhere = people.sessions.start("en", key="pk_shop", origin="https://shop.example")
    _, own = people.sessions.start("en", key="pk_shop")
    assert [desk.session(secret) is None for secret in (elsewhere, own, "nobody's")] == [True, False, True]
