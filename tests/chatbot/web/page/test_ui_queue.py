"""What Gradio keeps of open pages is bounded: answers that nobody reads, and pages themselves."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.page import ui_queue
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.page.queueing import Tab
from tests.chatbot.web.served import serving


@pytest.fixture
def client(people: People) -> Iterator[httpx.Client]:
    with (
        serving(create_app(FakeAssistant(), people, WebSettings())) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


def test_page_that_reads_nothing_is_answered_no_more(client: httpx.Client) -> None:
    tab = Tab(client)
    fresh = tab.event("aisle-bar", "fresh")
    joined = [tab.join(fresh).status_code for _ in range(20)]
    assert joined == [200] * 16 + [503] * 4
    assert Tab(client, "another").join(fresh).status_code == 200
    assert len([m for m in tab.read() if m["msg"] == "process_completed"]) == 16
    assert tab.join(fresh).status_code == 200


@pytest.mark.parametrize(
    ("read", "left"),
    [
        ({"p0", "p1", "p2"}, ["p3", "p4", "p5"]),  # those that have read everything
        (set(), ["p2", "p3", "p4", "p5"]),  # where none has, those opened longest ago
    ],
)
def test_pages_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch, read: set[str], left: list[str]
) -> None:
    monkeypatch.setattr(ui_queue, "PAGES", 4)
    unread = {f"p{n}": set[str]() if f"p{n}" in read else {"event"} for n in range(6)}
    answers = dict.fromkeys(unread, "answers")
    ui_queue._forget(unread, answers)
    assert (list(unread), list(answers)) == (left, left)
    ui_queue._forget(unread, answers)
    assert list(unread) == left
