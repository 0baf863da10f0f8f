"""The page's drawers without a browser: earlier conversations, what was saved, one's data out or gone."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from chatbot.memory.store import People
from chatbot.web.desk import Desk
from chatbot.web.page.ui_drawers import Drawers
from chatbot.web.page.ui_page import Page
from chatbot.web.page.visit import PASTS, Past, Visit, read_past
from chatbot.web.shop import Shop
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.page.test_pieces import Seen
from tests.chatbot.web.page.test_ui import CHAT, KEPT, click, final

DRAWER = -1


@pytest.fixture
def desk(assistant: FakeAssistant, people: People) -> Desk:
    return Desk(Shop(assistant), people)


@pytest.fixture
def page(desk: Desk) -> Page:
    return Page(desk)


@pytest.fixture
def drawers(desk: Desk, page: Page) -> Drawers:
    return Drawers(desk, page.views)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page said in passing."""
    heard: list[str] = []
    monkeypatch.setattr("gradio.Warning", heard.append)
    monkeypatch.setattr("gradio.Info", heard.append)
    return heard


def talk(page: Page, text: str) -> dict[str, str]:
    """A conversation of one message, as the browser's list has it."""
    resume = final(page.say(text, None))[KEPT]["resume"]
    return {"resume": resume, "title": text, "when": "2026-11-21T10:00:00Z"}


def here(one: dict[str, str]) -> dict[str, str]:
    return {"resume": one["resume"], "language": "en"}


def test_earlier_conversations_are_listed_and_those_that_are_gone_are_not(page: Page, drawers: Drawers) -> None:
    first, second = talk(page, "a mouse"), talk(page, "a red one")
    lost = {"resume": "nobody's", "title": "lost", "when": ""}
    html = drawers.show(here(second), click(value="past", past=[second, first, lost]))
    seen = Seen(html)
    assert "a red one2026-11-21 10:00a mouse2026-11-21 10:00My data" in seen.text
    assert (html.count("aria-current"), seen.attributes["data-gone"]) == (1, ['["nobody\'s"]'])
    assert "There are no conversations yet." in drawers.show(None, click(value="past"))


def test_an_earlier_conversation_is_opened_again(page: Page, drawers: Drawers, told: list[str]) -> None:
    first, second = talk(page, "a mouse under 30"), talk(page, "a red one")
    view = drawers.reopen(here(second), click(resume=first["resume"], past=[second, first]))
    assert (view[KEPT]["resume"], view[DRAWER]) == (first["resume"], "")
    assert "a mouse under 30" in Seen(view[CHAT]).text
    gone = drawers.reopen(here(second), click(resume="nobody's", past=[second]))
    assert (gone[KEPT]["resume"], told) == (second["resume"], ["That conversation is no longer there."])


def test_one_conversation_is_deleted_after_a_question(page: Page, drawers: Drawers, desk: Desk) -> None:
    first, second = talk(page, "a mouse"), talk(page, "a red one")
    sure = Seen(drawers.show(here(second), click(value="forget", resume=first["resume"], title="a <mouse>")))
    assert "“a <mouse>” will be gone for good" in sure.text
    assert sure.attributes["data-event"] == ["forget", "drawer"]
    view = drawers.forget(here(second), click(resume=first["resume"], past=[second, first]))
    assert (desk.session(first["resume"]), view[KEPT]["resume"]) == (None, second["resume"])
    assert first["resume"] in (Seen(view[DRAWER]).attributes["data-gone"][0] or "")
    last = drawers.forget(here(second), click(resume=second["resume"], past=[second]))
    assert (last[KEPT]["resume"], desk.session(second["resume"])) == (None, None)


def test_everything_of_the_browser_is_deleted(page: Page, drawers: Drawers, desk: Desk, told: list[str]) -> None:
    first, second, others = talk(page, "a mouse"), talk(page, "a red one"), talk(page, "somebody else's")
    assert Seen(drawers.show(here(second), click(value="erase"))).attributes["data-event"] == ["erase", "drawer"]
    view = drawers.erase(here(second), click(past=[first]))
    assert [desk.session(one["resume"]) is None for one in (first, second, others)] == [True, True, False]
    assert (view[KEPT]["resume"], told) == (None, ["Your data is deleted."])
    assert "What are you looking for?" in view[CHAT]


def test_everything_kept_is_written_into_a_file(page: Page, drawers: Drawers) -> None:
    first, second = talk(page, "a mouse </template><b>"), talk(page, "a red one")
    html = drawers.export(here(second), click(past=[first, second]))
    seen = Seen(html)
    assert seen.attributes["data-download"] == ["aisle.json"]
    assert "b" not in seen.tags
    rows = json.loads(seen.text[: seen.text.rindex("]") + 1])
    assert [row["message"][0]["text"] for row in rows] == ["a red one", "a mouse </template><b>"]


def test_saved_items_are_listed_shared_and_let_go(page: Page, drawers: Drawers, desk: Desk) -> None:
    one = talk(page, "a mouse")
    for item in ("m-1", "m-3", "m-9"):
        view = drawers.save(here(one), click(item=item))
    assert Seen(view[CHAT]).attributes["aria-pressed"] == ["false", "true", "false", "false", "false", "true"]
    listed = Seen(drawers.show(here(one), click(value="saved")))
    assert "Pebble wireless mouse$24.90Tile mouse$39.00" in listed.text
    base: Any = SimpleNamespace(request=SimpleNamespace(base_url="http://127.0.0.1:8000/"))
    shared = Seen(drawers.share(here(one), base))
    (link,) = [v for v in shared.attributes["value"] if v]
    assert desk.people.keepsakes.shared(link.removeprefix("http://127.0.0.1:8000/shared/")) == ("m-1", "m-3")
    assert "Tile mouse" not in Seen(drawers.unsave(here(one), click(item="m-3"))[DRAWER]).text
    assert Seen(drawers.save(here(one), click(item="m-1"))[CHAT]).attributes["aria-pressed"] == ["false"] * 6
    assert "Nothing is saved yet." in drawers.show(here(one), click(value="saved"))
    assert "link" not in Seen(drawers.share(here(one), base)).attributes["class"]


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        (None, ()),
        ("abc", ()),
        ({"resume": "a"}, ()),
        ([1, {"title": "x"}, {"resume": ""}, {"resume": "x" * 201}, {"resume": "\ud800"}], ()),
        ([{"resume": "a", "title": "t" * 81, "when": 7}], (Past("a"),)),
        ([{"resume": "a", "title": "t"}, {"resume": "a", "title": "u"}], (Past("a", "t"),)),
    ],
)
def test_the_browser_s_list_is_read_with_care(kept: object, read: tuple[Past, ...]) -> None:
    assert read_past(kept) == read
    assert Visit.read(kept).resume is None or kept == {"resume": "a"}


def test_the_browser_s_list_is_not_read_without_end() -> None:
    many: list[Any] = [{"resume": str(n)} for n in range(500)]
    assert len(read_past(many)) == PASTS
