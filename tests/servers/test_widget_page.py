"""The widget beside a shop's own page: its policy, its layout, its keyboard, its colours; what the page tells it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.chatbot.web.fakes import FakeAssistant
from tests.servers.axe import violations
from tests.servers.widgets import guest

pytestmark = pytest.mark.browser


def test_nothing_is_blocked_and_nothing_shifts(chromium: Browser, assistant: FakeAssistant, strict: str) -> None:
    assistant.catalog.products = assistant.catalog.products[:2]  # the third has its picture on another site
    came = guest(chromium, strict)
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


def test_a_page_that_embeds_it_does_not_wait_for_it(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    order = came.page.evaluate(
        "[performance.getEntriesByType('navigation')[0].loadEventStart, events[0][0], document.querySelector('aisle-chat').parentNode.nodeName]"
    )
    assert order[1:] == ["ready", "BODY"]
    assert came.calls == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, strict: str, scheme: str) -> None:
    came = guest(chromium, strict, color_scheme=scheme)
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
def test_any_colour_of_a_shop_can_be_read(chromium: Browser, strict: str, accent: str, scheme: str) -> None:
    came = guest(chromium, strict, color_scheme=scheme)
    came.page.evaluate(
        "a => { const e = document.createElement('aisle-chat'); e.dataset.accent = a; document.querySelector('aisle-chat').replaceWith(e); }",
        accent,
    )
    came.open()
    came.say("a mouse under 35")
    assert violations(came.page) == []


def test_it_is_operated_by_keys_alone(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
    keys = came.page.keyboard
    expect(came.chat.locator(".launcher")).to_be_visible()
    keys.press("Tab")
    expect(came.chat.locator(".launcher")).to_be_focused()
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


def test_targets_are_large_enough(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict, viewport={"width": 390, "height": 780})
    came.open()
    came.say("a mouse under 35")
    sizes = came.chat.locator("button:visible").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    )
    assert min(sizes) >= 24
    wide = came.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]


def test_commands_given_before_and_after(chromium: Browser, strict: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    context.add_init_script(
        "window.Aisle = []; Aisle.push(['send', 'a mouse'], ['on', 'message', e => (window.heard ??= []).push(e.detail.text)]);"
    )
    came = guest(chromium, strict, context=context)
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
    with came.page.expect_response("**/context"):
        came.page.evaluate("Aisle.setContext({ item: 'm-1' })")
    came.say("and this one?")
    with came.page.expect_response("**/context"):
        came.page.evaluate("Aisle.setContext({ item: null })")
    came.say("and now?")
    assert [c and c.item for c in assistant.contexts][-3:] == ["BP-002", "m-1", None]


def test_inline_it_stands_where_it_is_put(chromium: Browser, strict: str) -> None:
    came = guest(chromium, strict)
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


def test_who_wants_less_motion_gets_none(chromium: Browser, strict: str) -> None:
    for motion, moves in (("reduce", "none"), ("no-preference", "rise")):
        came = guest(chromium, strict, reduced_motion=motion)
        came.open()
        name = came.chat.locator(".panel").evaluate("p => getComputedStyle(p).animationName")
        assert name == moves
