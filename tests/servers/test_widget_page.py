"""The widget beside a shop's own page: its policy, its layout, its keyboard; what the widget tells the page and takes from it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from playwright.sync_api import Browser, Route, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from catalog.types import Money, Variant
from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving
from tests.servers.axe import violations
from tests.servers.widgets import both, free_port, guest

pytestmark = pytest.mark.browser
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/shop/page.css"><script src="/widget.js" defer></script>
<body><main><h1>A shop</h1><p>Words.</p></main><div id="here"></div></body></html>"""


class OneOrigin:
    """A shop's page and Aisle behind one address, as a reverse proxy has them."""

    def __init__(self, aisle: ASGIApp) -> None:
        self.aisle = aisle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/shop"):
            await self.aisle(scope, receive, send)
            return
        css = scope["path"].endswith(".css")
        kind, body = (b"text/css", b"h1 { color: teal }") if css else (b"text/html; charset=utf-8", PAGE.encode())
        headers = [(b"content-type", kind), (b"content-security-policy", POLICY.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def app(assistant: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    folder = tmp_path_factory.mktemp("page")
    pictures = folder / "pictures"
    pictures.mkdir()
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><circle r="2"/></svg>'
    (pictures / "pebble.svg").write_text(drawing, encoding="utf-8")
    return create_app(assistant, People.open(folder / "people.db"), WebSettings(pictures=(pictures,), page=False))


@pytest.fixture
def page(app: ASGIApp) -> Iterator[str]:
    """The address of a page with the widget, under the strict policy and on Aisle's own origin."""
    with serving(OneOrigin(app)) as address:  # type: ignore[arg-type]
        yield f"{address}/shop/"


@pytest.fixture
def foreign(assistant: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the example shop, which may use the fake assistant's Aisle."""
    port = free_port()
    people = People.open(tmp_path_factory.mktemp("foreign") / "people.db")
    app = create_app(assistant, people, WebSettings(origins=(f"http://127.0.0.1:{port}",), page=False))
    with both(port, app) as (_, shop):
        yield shop


def test_nothing_is_blocked_and_nothing_shifts(chromium: Browser, assistant: FakeAssistant, page: str) -> None:
    assistant.catalog.products = assistant.catalog.products[:2]  # the third has its picture on another site
    came = guest(chromium, page)
    came.page.wait_for_timeout(700)  # what shifts so soon after a key counts as the guest's own doing
    came.page.evaluate("Aisle.open()")
    came.box.wait_for()
    came.page.wait_for_timeout(700)
    came.page.evaluate("Aisle.send('a mouse under 30')")
    came.answered(1)
    came.chat.get_by_role("button", name="Remove:").first.click()
    came.answered(2)
    came.chat.get_by_role("button", name="Details").first.click()
    came.chat.locator(".item h4").first.wait_for()
    came.page.wait_for_timeout(700)
    assert came.page.evaluate("blocked") == []
    assert came.complaints == []
    assert came.page.evaluate("shifts.reduce((a, b) => a + b, 0)") == 0


def test_a_page_that_embeds_it_does_not_wait_for_it(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    came.box.count()
    order = came.page.evaluate(
        "[performance.getEntriesByType('navigation')[0].loadEventStart, events[0][0], document.querySelector('aisle-chat').parentNode.nodeName]"
    )
    assert order[1:] == ["ready", "BODY"]
    assert came.calls == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, page: str, scheme: str) -> None:
    came = guest(chromium, page, color_scheme=scheme)
    found = {"closed": violations(came.page)}
    came.open()
    expect(came.chat.locator(".replies")).to_be_visible()
    found["open"] = violations(came.page)
    came.say("a mouse under 35")
    found["cards"] = violations(came.page)
    for n in (0, 1):
        came.latest.locator(".card").nth(n).get_by_role("button", name="Choose for comparing").click()
    found["picked"] = violations(came.page)
    came.button("compare").click()
    came.answered(2)
    found["table"] = violations(came.page)
    came.button("menu").click()
    found["menu"] = violations(came.page)
    came.page.keyboard.press("Escape")
    came.chat.get_by_role("button", name="Details").first.click()
    came.chat.locator(".item h4").first.wait_for()
    found["details"] = violations(came.page)
    assert found == {state: [] for state in found}


@pytest.mark.parametrize("accent", ["#ffe45c", "crimson", "rgb(20, 20, 30)"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_colour_of_a_shop_can_be_read(chromium: Browser, page: str, accent: str, scheme: str) -> None:
    came = guest(chromium, page, color_scheme=scheme)
    came.page.evaluate(
        "a => { const e = document.createElement('aisle-chat'); e.dataset.accent = a; document.querySelector('aisle-chat').replaceWith(e); }",
        accent,
    )
    came.open()
    came.say("a mouse under 35")
    assert violations(came.page) == []


def test_it_is_operated_by_keys_alone(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    keys = came.page.keyboard
    keys.press("Tab")
    keys.press("Enter")
    expect(came.box).to_be_focused()
    keys.type("a mouse")
    keys.press("Enter")
    came.answered(1)
    expect(came.box).to_be_focused()

    came.latest.locator(".card").first.focus()
    keys.press("ArrowRight")
    expect(came.latest.locator(".card").nth(1)).to_be_focused()
    keys.press("End")
    expect(came.latest.locator(".card").nth(2)).to_be_focused()
    keys.press("Home")
    expect(came.latest.locator(".card").first).to_be_focused()
    assert came.latest.locator(".card[tabindex='0']").count() == 1
    stops = came.latest.locator(".cards").evaluate("c => c.querySelectorAll(\"[tabindex='0']\").length")
    assert stops == came.latest.locator(".card").first.locator("button, a").count() + 1

    keys.press("Tab")
    expect(came.latest.locator(".card .save").first).to_be_focused()
    keys.press("Escape")
    expect(came.chat.locator(".launcher")).to_be_focused()
    expect(came.chat.locator(".panel")).to_be_hidden()


def test_targets_are_large_enough(chromium: Browser, page: str) -> None:
    came = guest(chromium, page, viewport={"width": 390, "height": 780})
    came.open()
    came.say("a mouse under 35")
    sizes = came.chat.locator("button:visible").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    )
    assert min(sizes) >= 24
    wide = came.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]


def test_feed_s_words_stay_words(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    came.open()
    came.say("<img src=x onerror=alert(1)> under 30")
    assert came.texts(".card h3") == ["Pebble wireless mouse", "<b>Bold</b> mouse & ${pad}"]
    assert came.texts(".asked p") == ["<img src=x onerror=alert(1)> under 30"]
    assert came.chat.locator(".asked img, .card h3 b, .card h3 a").count() == 0
    assert came.page.evaluate("blocked") == []


def test_a_cart_that_the_page_does_not_take_opens_the_product(
    chromium: Browser, assistant: FakeAssistant, page: str
) -> None:
    came = guest(chromium, page)
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
    assert came.page.url == page


def test_a_price_that_moved_is_told_before_the_cart(chromium: Browser, assistant: FakeAssistant, page: str) -> None:
    came = guest(chromium, page)
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
    chromium: Browser, assistant: FakeAssistant, page: str
) -> None:
    came = guest(chromium, page)
    came.open()
    came.say("a mouse")
    none = Variant("m-1-v", Money(24.9, "USD"), 0, MappingProxyType({"colour": ("black",)}))
    products = assistant.catalog.products
    assistant.catalog.products = (replace(products[0], variants=(none,)), *products[1:])
    card = came.latest.locator(".card").first
    card.locator(".buy").click()
    expect(card.locator(".moved")).to_have_text("It has just sold out.")
    expect(card.locator(".buy")).not_to_contain_text("cart")
    assert came.events("add-to-cart") == []


def test_offline_and_back(chromium: Browser, assistant: FakeAssistant, page: str) -> None:
    came = guest(chromium, page)
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
    chromium: Browser, assistant: FakeAssistant, page: str
) -> None:
    came = guest(chromium, page)
    sent: list[str] = []

    def lost(route: Route) -> None:
        sent.append(route.request.post_data_json["message_id"])
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


def test_a_busy_server_is_given_the_time_it_asks_for(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    refused: list[str] = []

    def busy(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "2"}, json={"status": 429})

    came.page.route("**/v1/chat", busy)
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text("Next try in 2 s.")
    came.answered(1)
    assert came.events("error") == [["error", 429]]


def test_an_expired_token_is_renewed(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
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


def test_two_tabs_hold_one_conversation(chromium: Browser, page: str) -> None:
    one = guest(chromium, page)
    one.open()
    one.say("a mouse")
    two = guest(chromium, page, context=one.page.context)
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


def test_stop_and_again(chromium: Browser, assistant: FakeAssistant, page: str) -> None:
    go_on = threading.Event()
    assistant.pause = lambda: (go_on.wait(10), None)[1]
    came = guest(chromium, page)
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


def test_what_is_written_meanwhile_is_sent_next(chromium: Browser, assistant: FakeAssistant, page: str) -> None:
    go_on = threading.Event()
    assistant.pause = lambda: (go_on.wait(10), None)[1]
    came = guest(chromium, page)
    came.open()
    for text in ("a mouse", "a red one"):
        came.box.fill(text)
        came.box.press("Enter")
    expect(came.chat.locator(".queued")).to_have_count(1)
    go_on.set()
    came.answered(2)
    assert assistant.heard == ["a mouse", "a red one"]


def test_screen_readers_hear_an_answer_once_and_whole(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    came.open()
    came.say("a mouse")
    expect(came.chat.locator("[role=status].aloud")).to_have_text("Here you are. 3 products shown.")
    assert came.chat.locator("[aria-live]:not([aria-live=off])").count() == 0
    assert came.chat.locator("[role=log]").get_attribute("aria-live") == "off"


def test_commands_given_before_and_after(chromium: Browser, page: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    context.add_init_script(
        "window.Aisle = []; Aisle.push(['send', 'a mouse'], ['on', 'message', e => (window.heard ??= []).push(e.detail.text)]);"
    )
    came = guest(chromium, page, context=context)
    came.answered(1)
    came.page.evaluate("Aisle('close')")
    expect(came.chat.locator(".panel")).to_be_hidden()
    came.page.evaluate("Aisle.toggle()")
    expect(came.chat.locator(".panel")).to_be_visible()
    assert came.page.evaluate("heard") == ["a mouse", "Here you are."]
    came.page.evaluate("Aisle.push(['reset'])")
    expect(came.chat.locator(".turn")).to_have_count(0)
    assert came.page.evaluate("Object.keys(localStorage)") == []


def test_the_open_product_is_told(chromium: Browser, assistant: FakeAssistant, foreign: str) -> None:
    came = guest(chromium, f"{foreign}/p/BP-002")
    came.open()
    came.say("is this one waterproof?")
    came.page.evaluate("Aisle.setContext({ item: 'm-1' })")
    came.page.wait_for_timeout(300)
    came.say("and this one?")
    came.page.evaluate("Aisle.setContext({ item: null })")
    came.page.wait_for_timeout(300)
    came.say("and now?")
    assert [c and c.item for c in assistant.contexts][-3:] == ["BP-002", "m-1", None]


def test_inline_it_stands_where_it_is_put(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    came.page.evaluate(
        "() => { document.querySelector('aisle-chat').remove(); const e = document.createElement('aisle-chat');"
        " e.setAttribute('mode', 'inline'); document.querySelector('#here').append(e); }"
    )
    came.box.wait_for()
    assert came.chat.locator(".launcher").count() == 0
    came.say("a mouse")
    inside = came.chat.evaluate("e => { const r = e.getBoundingClientRect(); return [r.height, e.parentNode.id] }")
    assert inside == [640, "here"]
    assert violations(came.page) == []


@pytest.mark.parametrize(("direction", "side"), [("ltr", "right"), ("rtl", "left")])
def test_it_stands_in_the_corner_where_lines_end(chromium: Browser, foreign: str, direction: str, side: str) -> None:
    came = guest(chromium, f"{foreign}/?dir={direction}")
    came.open()
    came.say("a mouse")
    box = came.chat.locator(".panel").bounding_box()
    assert box is not None
    assert (box["x"] < 640) == (side == "left")
    first, second = (came.latest.locator(".card").nth(n).bounding_box() for n in (0, 1))
    assert first is not None
    assert second is not None
    assert (first["x"] < second["x"]) == (direction == "ltr")
    came.latest.locator(".card").first.focus()
    came.page.keyboard.press("ArrowRight" if direction == "ltr" else "ArrowLeft")
    expect(came.latest.locator(".card").nth(1)).to_be_focused()


def test_who_wants_less_motion_gets_none(chromium: Browser, page: str) -> None:
    for motion, moves in (("reduce", "none"), ("no-preference", "rise")):
        came = guest(chromium, page, reduced_motion=motion)
        came.open()
        name = came.chat.locator(".panel").evaluate("p => getComputedStyle(p).animationName")
        assert name == moves


def test_no_cookie_and_no_secret_in_an_address(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    addresses: list[str] = []
    came.page.on("request", lambda request: addresses.append(request.url))
    came.open()
    came.say("a mouse")
    assert came.page.context.cookies() == []
    assert [a for a in addresses if re.search(r"token|resume=|Bearer", a)] == []


def test_a_server_out_of_reach_leaves_the_page_whole(chromium: Browser, page: str) -> None:
    came = guest(chromium, page)
    came.page.route("**/v1/**", lambda route: route.abort())
    came.open()
    came.box.fill("a mouse")
    came.box.press("Enter")
    expect(came.chat.locator(".stage")).to_contain_text("Not sent")
    assert came.page.locator("h1").inner_text() == "A shop"
    came.page.unroute("**/v1/**")
    came.chat.get_by_role("button", name="Try again").click()
    came.answered(1)
