"""Real servers and a real Chromium that talks to them; it may reach nothing but them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving
from tests.ports import free_port
from tests.servers.widgets import OneOrigin, both

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=20_000)  # on two busy cores an answer may take seconds; what never comes fails all the same


@dataclass
class Visit:
    """An open page, and what it asked for and complained about."""

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside.append(request.url)

    def say(self, text: str) -> None:
        """Type a message and wait for its whole answer."""
        before = self.turns
        self.page.locator("#aisle-box textarea").fill(text)
        self.page.locator("#aisle-box textarea").press("Enter")
        self.answered(before + 1)

    def answered(self, turns: int) -> None:
        self.page.locator(f".turn[data-turn='{turns}']").wait_for()
        # The page's parts are drawn one behind the other: what is read next is of this turn, too.
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    @property
    def turns(self) -> int:
        return self.page.locator(".turn[data-turn]").count()

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _leave(request: pytest.FixtureRequest) -> Iterator[None]:
    """Who came has left when the test ends, so that servers stop at once."""
    if "chromium" not in request.fixturenames:
        yield
        return
    browser: Browser = request.getfixturevalue("chromium")
    before = browser.contexts
    yield
    for context in browser.contexts:
        if context not in before:
            context.close()


Open = Callable[..., Visit]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens a page of its own context: open_page(address, width=390, locale="zh-CN")."""
    contexts = []

    def open_page(address: str, *, width: int = 1280, height: int = 860, locale: str = "en-US") -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        visit = Visit(context.new_page(), address)
        visit.watch()
        visit.page.goto(address)
        visit.page.locator(".welcome").wait_for()
        return visit

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def address(assistant: FakeAssistant, tmp_path: Path) -> Iterator[str]:
    """The page over the small fake assistant."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "pebble.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><circle r="2"/></svg>'
    )
    products = tuple(p for p in assistant.catalog.products if p.id != "m-3")  # its picture is on another site
    assistant.catalog.products = products
    app = create_app(assistant, People.open(tmp_path / "people.db"), WebSettings(pictures=(pictures,)))
    with serving(app) as address:
        yield address


@pytest.fixture
def strict(assistant: FakeAssistant, tmp_path: Path) -> Iterator[str]:
    """A shop's page with the widget, under a strict policy and on Aisle's own origin, over the small fake assistant."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><circle r="2"/></svg>'
    (pictures / "pebble.svg").write_text(drawing, encoding="utf-8")
    app = create_app(assistant, People.open(tmp_path / "people.db"), WebSettings(pictures=(pictures,), page=False))
    with serving(OneOrigin(app)) as address:
        yield f"{address}/shop/"


@pytest.fixture
def foreign(assistant: FakeAssistant, tmp_path: Path) -> Iterator[str]:
    """The example shop on its own origin, which may use the fake assistant's Aisle."""
    port = free_port()
    settings = WebSettings(origins=(f"http://127.0.0.1:{port}",), page=False)
    with both(port, create_app(assistant, People.open(tmp_path / "people.db"), settings)) as (_, shop):
        yield shop
