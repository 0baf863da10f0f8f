"""The widget as a shopper meets it, on the page of a shop on another origin, with the demo shop behind it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.ports import free_port
from tests.servers.widgets import Guest, Inbox, both, guest

pytestmark = pytest.mark.browser
PASSWORD = "open sesame, please"
REQUESTS = {
    "en": ("wireless headphones, 150 at most", "150"),
    "zh": ("无线耳机，最多150美元", "150"),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The demo shop's Aisle, with people who can be asked, and the example shop that may use it."""
    from click.testing import CliRunner

    from aisle.cli import main
    from aisle.cli.serve import application
    from catalog.demo import FEED, PICTURES

    folder = tmp_path_factory.mktemp("widget")
    imported = CliRunner().invoke(main, ["import", str(FEED), "--db", str(folder / "shop.db"), "--no-embed"])
    assert imported.exit_code == 0, imported.output
    site = folder / "site.toml"
    site.write_text(f'[staff]\npassword = "{PASSWORD}"\n', encoding="utf-8")
    port = free_port()
    origins = (f"http://127.0.0.1:{port}",)
    app = application(folder / "shop.db", folder / "people.db", origins=origins, pictures=PICTURES, site=site)
    with both(port, app) as addresses:
        yield addresses


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_whole_visit(chromium: Browser, places: tuple[str, str], language: str) -> None:
    aisle, shop = places
    request, limit = REQUESTS[language]
    came = guest(chromium, f"{shop}/?lang={language}", language)
    assert came.calls == []  # nothing is asked before the chat is opened
    came.open()
    expect(came.chat.locator(".ai")).to_contain_text("AI")

    came.say(request)
    shown = came.texts(".card h3")
    assert 1 <= len(shown) <= 5
    _expect_pictures(came)
    _take_chip_off(came, limit)
    _compare_two(came)
    _put_into_cart(came)

    before = came.texts(".asked"), came.texts(".card h3"), came.texts(".chip")
    came.page.reload()  # the panel stood open in this tab
    came.answered(3)
    assert (came.texts(".asked"), came.texts(".card h3"), came.texts(".chip")) == before

    _talk_to_a_person(came, aisle)
    _delete_everything(came)
    assert came.hosts == {urlsplit(aisle).netloc, urlsplit(shop).netloc}
    assert came.complaints == []
    came.page.context.close()


def _expect_pictures(came: Guest) -> None:
    sizes = "all => all.filter(i => i.getBoundingClientRect().left < innerWidth).map(i => i.naturalWidth)"
    expect(came.chat.locator(".card img").first).to_have_js_property("complete", True)
    assert min(came.chat.locator(".card img").evaluate_all(sizes)[:1]) > 0


def _take_chip_off(came: Guest, limit: str) -> None:
    chip = came.chat.locator(".chip", has_text=limit)
    chip.get_by_role("button", name=came.word("take_off")).click()
    came.answered(2)
    expect(chip).to_have_count(0)
    expect(came.latest.locator(".edited")).to_contain_text(limit)


def _compare_two(came: Guest) -> None:
    cards = came.latest.locator(".card")
    titles = [cards.nth(n).locator("h3").inner_text() for n in (0, 1)]
    for n in (0, 1):
        cards.nth(n).get_by_role("button", name=came.word("pick")).click()
    came.button("compare").click()
    came.answered(3)
    assert came.texts(".table thead th") == titles
    inside = "t => [t.getBoundingClientRect().right <= innerWidth, getComputedStyle(t).overflowX]"
    assert came.chat.locator(".table").last.evaluate(inside) == [True, "auto"]


def _put_into_cart(came: Guest) -> None:
    button = came.chat.locator(".buy", has_text=came.word("cart")).first
    title = button.locator("xpath=ancestor::li").locator("h3").inner_text()
    button.click()
    expect(came.page.locator("#count")).to_have_text("1")
    assert came.page.locator("#cart li").all_text_contents() == [title]
    assert [name for name, _ in came.events("add-to-cart")] == ["add-to-cart"]


def _talk_to_a_person(came: Guest, aisle: str) -> None:
    came.menu("person")
    came.answered(4)
    with Inbox(aisle, PASSWORD, "Mira") as inbox:
        _with_mira(came, inbox)


def _with_mira(came: Guest, inbox: Inbox) -> None:
    number = inbox.waiting()[0]["number"]
    expect(came.chat.locator(".presence")).to_be_visible()
    inbox.take(number)
    expect(came.chat.locator(".presence")).to_contain_text("Mira")
    inbox.say(number, "Hello, this is Mira.\nHow can I help?")
    expect(came.chat.locator(".note")).to_contain_text("How can I help?")

    came.say("Do you gift-wrap?")
    assert inbox.read(number)["notes"][-1]["text"] == "Do you gift-wrap?"
    came.button("close").click()
    inbox.say(number, "We do.")
    expect(came.chat.locator(".badge")).to_have_text("1")
    came.page.reload()  # a page that is loaded anew listens again, though nobody opened the chat
    inbox.say(number, "It costs 3.")
    expect(came.chat.locator(".badge")).to_have_text("2")
    came.chat.locator(".launcher").click()
    assert came.texts(".note p:last-child")[-2:] == ["We do.", "It costs 3."]
    came.button("back").click()
    expect(came.chat.locator(".presence")).to_have_count(0)
    assert inbox.waiting() == []


def _delete_everything(came: Guest) -> None:
    came.menu("erase")
    came.button("yes").click()
    expect(came.chat.locator(".welcome.alone")).to_be_visible()
    assert came.page.evaluate("Object.keys(localStorage)") == []
    came.page.reload()
    came.box.wait_for()
    came.page.wait_for_function("document.querySelector('aisle-chat').store.state.loaded")
    expect(came.chat.locator(".turn")).to_have_count(0)
