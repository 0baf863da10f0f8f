"""The widget's conversation where things go wrong or differently: offline, busy, expired, stopped, two tabs, a price that moved."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from types import MappingProxyType

import pytest
from playwright.sync_api import Browser, Route, expect

from catalog.types import Money, Variant
from tests.chatbot.web.fakes import FakeAssistant
from tests.servers.widgets import guest

pytestmark = pytest.mark.browser


def test_feed_s_words_stay_words(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("<img src=x onerror=alert(1)> under 30")
    assert came.texts(".card h3") == ["Pebble wireless mouse", "<b>Bold</b> mouse & ${pad}"]
    assert came.texts(".asked p") == ["<img src=x onerror=alert(1)> under 30"]
    assert came.chat.locator(".asked img, .card h3 b, .card h3 a").count() == 0
    assert came.page.evaluate("blocked") == []


def test_a_cart_that_the_page_does_not_take_opens_the_product(
    chromium: Browser, assistant: FakeAssistant, strict: str
) -> None:
    came = guest(chromium, strict)
    came.page.route("https://shop.example/**", lambda route: route.fulfill(body="The product's page"))
    came.page.route("https://img.example/**", lambda route: route.abort())
    came.open()
    came.say("a mouse")
    card = came.latest.locator(".card", has_text="Tile mouse")
    card.locator(".buy").click()
    came.page.wait_for_url("https://shop.example/t?a=1&b=2")
    came.page.go_back()
    came.answered(1)
    came.page.evaluate("addEventListener('aisle:add-to-cart', e => { window.got = e.detail; e.preventDefault(); })")
    card.locator(".buy").click()
    expect(card.locator(".buy")).to_contain_text("Put in the cart")
    got = came.page.evaluate("got")
    assert {k: got[k] for k in ("item", "title", "price", "currency", "quantity")} == {
        "item": "m-3", "title": "Tile mouse", "price": 39, "currency": "USD", "quantity": 1,
    }  # fmt: skip
    assert came.page.url == strict


def test_a_price_that_moved_is_told_before_the_cart(chromium: Browser, assistant: FakeAssistant, strict: str) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("a mouse")
    dearer = Variant("m-1-v", Money(26.5, "USD"), 3, MappingProxyType({"colour": ("black",)}))
    products = assistant.catalog.products
    assistant.catalog.products = (replace(products[0], variants=(dearer,)), *products[1:])
    came.page.evaluate("addEventListener('aisle:add-to-cart', e => { window.got = e.detail; e.preventDefault(); })")
    card = came.latest.locator(".card").first
    card.locator(".buy").click()
    expect(card.locator(".moved")).to_have_text("The price is now $26.50.")
    assert came.events("add-to-cart") == []
    card.get_by_role("button", name="Add at this price").click()
    expect(card.locator(".buy")).to_contain_text("Put in the cart")
    assert came.page.evaluate("got.price") == 26.5


def test_what_is_sold_out_meanwhile_is_not_put_in_the_cart(
    chromium: Browser, assistant: FakeAssistant, strict: str
) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("a mouse")
    none = Variant("m-1-v", Money(24.9, "USD"), 0, MappingProxyType({"colour": ("black",)}))
    products = assistant.catalog.products
    assistant.catalog.products = (replace(products[0], variants=(none,)), *products[1:])
    card = came.latest.locator(".card").first
    card.locator(".buy").click()
    expect(card.locator(".moved")).to_have_text("It has just sold out.")
    expect(card.locator(".buy")).to_have_count(0)  # this shop takes no watches
    assert came.events("add-to-cart") == []


def test_offline_and_back(chromium: Browser, assistant: FakeAssistant, strict: str) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("a mouse")
    came.page.context.set_offline(True)
    expect(came.chat.locator(".strip")).to_contain_text("You are offline")
    came.box.fill("a red one")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text("Not sent")
    came.page.context.set_offline(False)
    came.answered(2)
    expect(came.chat.locator(".strip")).to_have_count(0)
    assert assistant.heard == ["a mouse", "a red one"]


def test_a_message_whose_answer_was_lost_is_asked_again_by_its_id(
    chromium: Browser, assistant: FakeAssistant, strict: str
) -> None:
    came = guest(chromium, strict)
    sent: list[str] = []

    def lost(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "{}")["message_id"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    came.page.route("**/v1/chat", lost)
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    came.chat.get_by_role("button", name="Try again").click()
    came.answered(1)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert assistant.heard == ["a mouse"]


def test_a_busy_server_is_given_the_time_it_asks_for(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    refused: list[str] = []

    def busy(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "5"}, json={"status": 429})

    came.page.route("**/v1/chat", busy)
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text(re.compile(r"Next try in [345] s\."))  # 2 where nothing is said
    came.answered(1)
    assert came.events("error") == [["error", 429]]


def test_an_expired_token_is_renewed(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("a mouse")
    tokens: list[str | None] = []

    def expire(route: Route) -> None:
        tokens.append(route.request.headers.get("authorization"))
        route.fulfill(status=401, json={"status": 401}) if len(tokens) == 1 else route.continue_()

    came.page.route("**/v1/chat", expire)
    came.say("a red one")
    assert came.calls.count("POST /v1/sessions") == 1
    assert came.calls.count("POST /v1/sessions/resume") == 1
    assert came.texts(".asked p") == ["a mouse", "a red one"]


def test_a_conversation_that_the_server_forgot_begins_anew(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    tokens: list[str] = []
    came.page.on("request", lambda request: tokens.append(request.headers.get("authorization", "")))
    came.open()
    came.say("a mouse")
    address = strict.removesuffix("/shop/") + "/v1/me"
    answer = came.page.request.delete(address, headers={"Authorization": next(filter(None, tokens))})
    assert answer.status == 204
    came.box.fill("a lamp")
    came.box.press("Enter")
    expect(came.chat.locator(".asked p")).to_have_text(["a lamp"])
    came.answered(1)
    assert came.calls.count("POST /v1/sessions") == 2


def test_what_is_said_at_once_comes_after_what_was_said_before(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("a mouse")
    came.button("close").click()
    came.page.reload()
    came.page.evaluate("addEventListener('load', () => 0); Aisle.send('a red one')")
    came.answered(2)
    assert came.texts(".asked p") == ["a mouse", "a red one"]


def test_two_tabs_hold_one_conversation(chromium: Browser, strict: str) -> None:
    one = guest(chromium, strict)
    one.open()
    one.say("a mouse")
    two = guest(chromium, strict, context=one.page.context)
    two.open()
    two.answered(1)
    two.say("a red one")
    one.answered(2)
    assert one.texts(".asked p") == two.texts(".asked p") == ["a mouse", "a red one"]
    two.menu("erase")
    two.button("yes").click()
    expect(one.chat.locator(".welcome.alone")).to_be_visible()
    one.say("a lamp")  # a new conversation
    two.answered(1)
    assert two.texts(".asked p") == ["a lamp"]


def test_stop_and_again(chromium: Browser, assistant: FakeAssistant, strict: str) -> None:
    go_on = threading.Event()
    assistant.pause = lambda: (go_on.wait(10), None)[1]
    came = guest(chromium, strict)
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text("Choosing the best matches…")
    came.chat.get_by_role("button", name="Stop").click()
    expect(came.chat.locator(".stage")).to_contain_text("This message has no answer yet.")
    go_on.set()
    came.chat.get_by_role("button", name="Try again").click()
    came.answered(1)
    assert came.texts(".asked p") == ["a mouse"]


def test_what_is_written_meanwhile_is_sent_next(chromium: Browser, assistant: FakeAssistant, strict: str) -> None:
    go_on = threading.Event()
    assistant.pause = lambda: (go_on.wait(10), None)[1]
    came = guest(chromium, strict)
    came.open()
    for text in ("a mouse", "a red one"):
        came.box.fill(text)
        came.box.press("Enter")
    expect(came.chat.locator(".queued")).to_have_count(1)
    go_on.set()
    came.answered(2)
    assert assistant.heard == ["a mouse", "a red one"]


def test_screen_readers_hear_an_answer_once_and_whole(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    came.open()
    came.say("a mouse")
    expect(came.chat.locator("[role=status].aloud")).to_have_text("Here you are. 3 products shown.")
    assert came.chat.locator("[aria-live]:not([aria-live=off])").count() == 0
    assert came.chat.locator("[role=log]").get_attribute("aria-live") == "off"


def test_no_cookie_and_no_secret_in_an_address(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    addresses: list[str] = []
    came.page.on("request", lambda request: addresses.append(request.url))
    came.open()
    came.say("a mouse")
    assert came.page.context.cookies() == []
    assert [a for a in addresses if re.search(r"token|resume=|Bearer", a)] == []


def test_a_server_out_of_reach_leaves_the_page_whole(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    came.page.route("**/v1/**", lambda route: route.abort())
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text("Not sent")
    assert came.page.locator("h1").inner_text() == "A shop"
    came.page.unroute("**/v1/**")
    came.chat.get_by_role("button", name="Try again").click()
    came.answered(1)
