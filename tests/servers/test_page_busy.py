"""The chat page while more is asked than can be answered: it says so, nothing is lost, and it goes on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Limits, Site
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving
from tests.servers.conftest import Open

pytestmark = pytest.mark.browser


def test_words_wait_in_the_box(open_page: Open, tmp_path: Path) -> None:
    go_on, assistant = threading.Event(), FakeAssistant()
    site = Site(limits=Limits(turns=1))

    def wait() -> None:
        go_on.wait(60)

    with (
        People.open(tmp_path / "people.db") as people,
        serving(create_app(assistant, people, WebSettings(), site)) as address,
        ThreadPoolExecutor(1) as pool,
    ):
        visit = open_page(address)
        visit.say("a mouse")
        shown = visit.texts(".card h2"), visit.texts(".chip"), visit.texts(".said")
        assistant.pause = wait
        token = httpx.post(f"{address}/v1/sessions").json()["token"]
        other = pool.submit(
            httpx.post,
            f"{address}/v1/chat",
            json={"text": "a bag"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=90,
        )
        box = visit.page.locator("#aisle-box textarea")
        while len(assistant.heard) < 2:
            visit.page.wait_for_timeout(20)
        box.fill("under 30")
        visit.page.keyboard.press("Enter")
        toast = visit.page.locator(".toast-body").first
        expect(toast).to_contain_text("Nothing is lost: please try again in 3 seconds.")
        expect(box).to_have_value("under 30")
        assert (visit.texts(".card h2"), visit.texts(".chip"), visit.texts(".said")) == shown
        go_on.set()
        assert other.result().status_code == 200
        visit.page.wait_for_timeout(3_100)
        box.press("Enter")
        visit.answered(2)
        assert visit.texts(".asked") == ["a mouse", "under 30"]
        expect(box).to_have_value("")
