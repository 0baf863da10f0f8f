"""What a shopper keeps by the widget: likes, a shortlist and its link, a watch, their own data; and who they are, signed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import jwt
import pytest
from playwright.sync_api import Browser, Route, expect

from catalog.types import Money, Variant
from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Key, Site
from tests.chatbot.web.fakes import FakeAssistant
from tests.ports import free_port
from tests.servers.widgets import Guest, both, guest

pytestmark = pytest.mark.browser
SECRET = "a secret of thirty-two bytes, or more"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example shop, with a key whose secret signs its customers, and an assistant over three products: one sold out."""
    port = free_port()
    site = Site(keys=(Key("pk_shop", (f"http://127.0.0.1:{port}",), SECRET),))
    assistant = FakeAssistant()
    first, second, third = assistant.catalog.products
    none = Variant("m-3-v", Money(39, "USD"), 0, MappingProxyType({}))
    assistant.catalog.products = (first, second, replace(third, variants=(none,), image=None))
    people = People.open(tmp_path_factory.mktemp("keeps") / "people.db")
    app = create_app(assistant, people, WebSettings(page=False), site)
    with both(port, app, key="pk_shop") as (_, address):
        yield address


@pytest.fixture
def came(chromium: Browser, shop: str) -> Iterator[Guest]:
    """A guest who was shown three cards."""
    came = guest(chromium, shop)
    came.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    came.page.route("**/media/**", lambda route: route.fulfill(status=204))
    came.open()
    came.say("a mouse")
    yield came
    came.page.context.close()


def test_a_shortlist_and_its_link(came: Guest) -> None:
    for n in (1, 0):
        with came.page.expect_response("**/v1/shortlist/*"):
            came.latest.locator(".card .save").nth(n).click()
    expect(came.latest.locator(".save[aria-pressed=true]")).to_have_count(2)
    came.page.reload()
    came.answered(1)
    expect(came.latest.locator(".save[aria-pressed=true]")).to_have_count(2)
    came.button("menu").click()
    came.chat.get_by_role("button", name="Shortlist (2)").click()
    expect(came.chat.locator(".saved .title")).to_have_text(["<b>Bold</b> mouse & ${pad}", "Pebble wireless mouse"])
    came.chat.get_by_role("button", name="Share this list").click()
    link = came.chat.get_by_label("Link to this list").input_value()
    expect(came.chat.locator(".toast")).to_have_text("Link copied")
    assert came.page.evaluate("navigator.clipboard.readText()") == link
    came.chat.get_by_role("button", name="Remove: <b>Bold</b> mouse & ${pad}").click()
    expect(came.chat.locator(".saved li")).to_have_count(1)
    came.page.goto(link)
    expect(came.page.locator("main")).to_contain_text("Pebble wireless mouse")


def test_likes_and_rejections_are_told(came: Guest) -> None:
    card = came.latest.locator(".card").first
    like = card.get_by_role("button", name="I like this one: Pebble wireless mouse")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    assert came.events("feedback") == [["feedback", "m-1"]]
    card.get_by_role("button", name="Not this one").click()
    came.answered(2)
    assert came.texts(".edited") == ["Not Pebble wireless mouse"]


def test_a_wish_is_made_soft_and_hard(came: Guest) -> None:
    came.say("under 35")
    came.chat.get_by_role("button", name="Make it a nice-to-have: price").click()
    came.answered(3)
    chip = came.chat.locator(".chip", has_text="price")
    expect(chip.locator("small")).to_have_text("nice to have")
    came.chat.get_by_role("button", name="Make it a must: price").click()
    came.answered(4)
    expect(chip.locator("small")).to_have_count(0)
    assert came.texts(".edited") == ["Nice to have: price at most 35", "A must: price at most 35"]


def test_who_waits_for_an_item_is_told_what_comes_of_it(came: Guest) -> None:
    card = came.latest.locator(".card").nth(2)
    expect(card.locator(".buy")).to_have_count(0)  # this shop has no system to tell

    def watching(route: Route) -> None:
        told = route.fetch()
        route.fulfill(response=told, json=told.json() | {"features": {"watches": True}})

    came.page.route("**/v1/shop?*", watching)
    came.page.reload()
    back = card.get_by_role("button", name="Tell me when it is back")
    expect(card).to_be_visible()
    expect(back).to_have_count(0)  # nobody knows whom to tell
    now = int(time.time())
    claims = {"sub": "eve", "aud": "pk_shop", "iat": now, "exp": now + 600}
    with came.page.expect_response("**/identity"):
        came.page.evaluate("token => Aisle.identify(token)", jwt.encode(claims, SECRET, "HS256"))
    came.button("menu").click()
    came.page.keyboard.press("Escape")
    back.click()
    expect(came.chat.locator(".toast")).to_have_text("That did not work.")  # it has none all the same
    came.page.route("**/v1/watches", lambda route: route.fulfill(status=201, json={}))
    back.click()
    expect(card.locator(".buy")).to_have_text("The shop is told when it is back")


def test_a_customer_s_data(came: Guest, tmp_path: Path) -> None:
    now = int(time.time())
    claims = {"sub": "ann", "aud": "pk_shop", "iat": now, "exp": now + 600}
    with came.page.expect_response("**/identity"):
        came.page.evaluate("token => Aisle.identify(token)", jwt.encode(claims, SECRET, "HS256"))
    came.button("menu").click()
    with came.page.expect_response("**/consent"):
        came.chat.get_by_label("Keep my chats with my account").check()
    with came.page.expect_download() as download:
        came.chat.get_by_role("button", name="Download my data").click()
    download.value.save_as(tmp_path / "mine.json")
    kept = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["sessions"]
    assert [session["user"] for session in kept] == ["ann"]
    assert "a mouse" in json.dumps(kept)
    came.page.reload()
    came.answered(1)
    came.button("menu").click()
    expect(came.chat.get_by_label("Keep my chats with my account")).to_be_checked()


def test_who_was_signed_for_too_long_ago_comes_as_a_stranger(chromium: Browser, shop: str) -> None:
    came = guest(chromium, shop)
    claims = {"sub": "ann", "aud": "pk_shop", "iat": 1, "exp": 600}
    came.page.evaluate("token => Aisle.identify(token)", jwt.encode(claims, SECRET, "HS256"))
    came.open()
    came.say("a mouse")
    assert came.calls.count("POST /v1/sessions") == 2


def test_another_customer_finds_a_conversation_of_their_own(came: Guest) -> None:
    for user in ("ann", "ben"):
        claims = {"sub": user, "aud": "pk_shop", "iat": int(time.time()), "exp": int(time.time()) + 600}
        with came.page.expect_response("**/identity"):
            came.page.evaluate("token => Aisle.identify(token)", jwt.encode(claims, SECRET, "HS256"))
    expect(came.chat.locator(".welcome.alone")).to_be_visible()
    came.say("a lamp")
    assert came.texts(".asked p") == ["a lamp"]


def test_starting_over_leaves_the_old_conversation_behind(came: Guest) -> None:
    came.button("menu").click()
    came.chat.get_by_role("button", name="Start over").click()
    expect(came.chat.locator(".welcome.alone")).to_be_visible()
    came.say("a lamp")
    assert came.texts(".asked p") == ["a lamp"]


def test_words_not_sent_go_along_to_the_next_page(came: Guest) -> None:
    came.box.fill("something bl")
    came.page.reload()
    came.answered(1)
    expect(came.box).to_have_value("something bl")
    came.box.press_sequentially("ue")
    expect(came.box).to_have_value("something blue")
    came.box.press("Enter")
    came.answered(2)
    assert came.texts(".asked p") == ["a mouse", "something blue"]
    came.page.reload()
    came.answered(2)
    expect(came.box).to_have_value("")


def test_two_taps_put_one_into_the_cart(came: Guest) -> None:
    buy = came.latest.locator(".card .buy").first
    buy.dblclick()
    expect(buy).to_contain_text("Put in the cart")
    buy.click()  # meant: it says so by then
    expect(came.page.locator("#count")).to_have_text("2")
    assert len(came.events("add-to-cart")) == 2


def test_a_page_without_the_key_gets_nowhere(chromium: Browser, shop: str) -> None:
    came = guest(chromium, shop)
    came.page.evaluate("document.querySelector('aisle-chat').store.settings.key = 'pk_other'")
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text("Try again")
    assert came.turns == 0
