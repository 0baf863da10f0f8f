"""The admin page in a browser: logged in, by keyboard, in both languages, and without a word that acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chatbot.memory.insights import A_PAGE
from chatbot.web.site import Site
from tests.chatbot.web.service_fakes import PASSWORD, ServedShop, shop
from tests.servers.axe import WCAG, violations

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="document.title=1"> ${7*7} </p><script>alert(1)</script>'
Open = Callable[..., Page]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedShop]:
    with shop(tmp_path, Site(staff_password=PASSWORD)) as served:
        yield served


@pytest.fixture
def admin(chromium: Browser, served: ServedShop) -> Iterator[Open]:
    """Opens the page in a browser of its own; at the end nobody may have complained or asked elsewhere."""
    contexts, complaints = [], []
    address = str(served.client.base_url)

    def opened(*, width: int = 1280, locale: str = "en-GB", scheme: str = "light") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale=locale, color_scheme=scheme)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(address) else None)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/admin")
        page.locator("input[name=name]").fill("Mira")
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("#mend .card")).to_have_count(6)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _talk(served: ServedShop, *said: str) -> None:
    shopper = served.shopper()
    for number, text in enumerate(said):
        shopper.say(text, f"m{number}")


def test_from_the_list_to_a_turn_and_back_by_keyboard(served: ServedShop, admin: Open) -> None:
    _talk(served, "a mouse under 30", f"write to ann@doe.example {HOSTILE}")
    page = admin()
    page.get_by_role("link", name="Conversations", exact=True).press("Enter")
    expect(page.locator("#conversations-name")).to_be_focused()
    page.get_by_role("link", name="a mouse under 30").press("Enter")
    expect(page.locator("#conversation-name")).to_be_focused()
    expect(page.locator("#turns > li")).to_have_count(2)
    first, second = page.locator("#turns > li").all()
    expect(first.locator(".tag", has_text="price <= 30")).to_have_count(1)
    expect(first.locator("tbody tr")).to_have_count(2)
    expect(second).to_contain_text(f"write to (e-mail) {HOSTILE}")
    expect(page.locator("#turns img, #turns script")).to_have_count(0)
    expect(page).to_have_title("Admin")
    page.get_by_role("link", name="All conversations").click()
    expect(page.locator("#conversations-name")).to_be_focused()


def test_lists_are_filtered_and_go_on(served: ServedShop, admin: Open) -> None:
    for number in range(A_PAGE + 2):
        _talk(served, f"mouse number {number}")
    page = admin()
    page.get_by_role("link", name="Conversations", exact=True).click()
    rows = page.locator("#conversations tbody tr")
    expect(rows).to_have_count(A_PAGE)
    page.get_by_role("button", name="More").click()
    expect(rows).to_have_count(A_PAGE + 2)
    expect(rows.nth(A_PAGE).locator("a")).to_be_focused()
    expect(page.get_by_role("button", name="More")).to_be_hidden()
    page.get_by_label("Show").select_option("disliked")
    expect(page.locator("#conversations .rows")).to_have_text("Nothing in these days.")


def test_what_is_left_shows_nothing(served: ServedShop, admin: Open) -> None:
    _talk(served, "a mouse under 30")
    page = admin()
    page.get_by_role("link", name="Conversations", exact=True).click()
    expect(page.get_by_role("link", name="a mouse under 30")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("#desk")).to_be_hidden()
    expect(page.locator("#login")).to_be_visible()
    assert "a mouse" not in page.content()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_nothing_stands_in_anybodys_way(served: ServedShop, admin: Open, scheme: str, width: int) -> None:
    _talk(served, "a mouse under 30", "a person, please")
    page = admin(scheme=scheme, width=width)
    for view, one in (("mend", ""), ("conversations", "tbody a"), ("status", "")):
        page.locator(f".tabs a[href='#{view}']").click()
        expect(page.locator(f"#{view}")).to_be_visible()
        assert violations(page, (*WCAG, "best-practice")) == []
        if one:
            page.locator(f"#{view} {one}").first.click()
            expect(page.locator("#turns > li")).to_have_count(3)  # two turns, and a note that a person was wished for
            assert violations(page, (*WCAG, "best-practice")) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_chinese(served: ServedShop, admin: Open) -> None:
    _talk(served, "a mouse under 30")
    page = admin(locale="zh-CN")
    expect(page.locator("#mend-name")).to_have_text("需要改进")
    page.get_by_role("link", name="状态").click()
    expect(page.locator("#status-name")).to_be_focused()
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert "undefined" not in page.inner_text("body")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#status-name")).to_have_text("Status")
