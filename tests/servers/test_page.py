"""The chat page as a visitor meets it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving
from tests.servers.conftest import Open

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo shop as `aisle demo` serves it, imported without vectors."""
    from click.testing import CliRunner

    from aisle.cli import main
    from aisle.cli.serve import application
    from catalog.demo import FEED, PICTURES

    folder = tmp_path_factory.mktemp("demo")
    imported = CliRunner().invoke(main, ["import", str(FEED), "--db", str(folder / "shop.db"), "--no-embed"])
    assert imported.exit_code == 0, imported.output
    with serving(application(folder / "shop.db", folder / "people.db", pictures=PICTURES)) as address:
        yield address


def test_first_conversation_in_the_demo_shop(demo: str, open_page: Open, tmp_path: Path) -> None:
    visit = open_page(demo)
    visit.say("a waterproof backpack under 120 dollars")
    assert visit.texts(".card h2")
    prices = [float(text.strip("$").replace(",", "")) for text in visit.texts(".card .tag strong")]
    assert all(price <= 120 for price in prices)
    chips = visit.texts(".chip")
    assert any("price" in chip for chip in chips)
    visit.page.screenshot(path=tmp_path / "turn.png")

    visit.page.get_by_role("button", name="Remove: price").click()
    visit.answered(2)
    expect(visit.page.locator(".chip:not(.gone)", has_text="price")).to_have_count(0)
    assert "Removed: price" in visit.texts(".edited")[0]

    shown = visit.texts(".card h2"), visit.texts(".asked"), visit.texts(".chip")
    visit.page.reload()
    visit.answered(2)
    assert (visit.texts(".card h2"), visit.texts(".asked"), visit.texts(".chip")) == shown
    visit.say("which one is the cheapest?")
    assert visit.turns == 3
    assert (visit.outside, visit.complaints) == ([], [])


def test_pictures_of_the_demo_shop_are_there(demo: str, open_page: Open) -> None:
    visit = open_page(demo)
    visit.say("a desk lamp")
    visit.page.locator(".card img").first.wait_for()
    visit.page.wait_for_function("[...document.querySelectorAll('.card img')].every(i => i.naturalWidth > 0)")


def test_feed_s_words_stay_words(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("<img src=x onerror=alert(1)> ${alert(2)} {{constructor}} `${alert(3)}` under 30")
    assert visit.texts(".asked") == ["<img src=x onerror=alert(1)> ${alert(2)} {{constructor}} `${alert(3)}` under 30"]
    assert visit.texts(".card h2") == ["Pebble wireless mouse", "<b>Bold</b> mouse & ${pad}"]
    assert visit.page.locator(".asked img, .card h2 b, .card a").count() == 0
    assert (visit.outside, visit.complaints) == ([], [])


def test_picture_that_is_missing_leaves_no_hole(
    assistant: FakeAssistant, address: str, open_page: Open, tmp_path: Path
) -> None:
    (tmp_path / "pictures" / "pebble.svg").unlink()
    visit = open_page(address)
    visit.say("a mouse")
    visit.say("again")
    expect(visit.page.locator(".card img").first).to_be_hidden()


def test_stages_are_shown_while_the_assistant_works(assistant: FakeAssistant, address: str, open_page: Open) -> None:
    go_on = threading.Event()
    assistant.pause = lambda: (go_on.wait(10), None)[1]
    visit = open_page(address)
    visit.page.locator("#aisle-box textarea").fill("a mouse")
    visit.page.locator("#aisle-box textarea").press("Enter")
    expect(visit.page.locator(".stage")).to_contain_text("Choosing the best matches…")
    assert visit.texts(".asked") == ["a mouse"]
    expect(visit.page.locator("#aisle-box textarea")).to_have_value("")
    go_on.set()
    visit.answered(1)
    expect(visit.page.locator(".stage")).to_have_count(0)


def test_a_message_typed_while_another_is_answered_is_answered_next(
    assistant: FakeAssistant, address: str, open_page: Open
) -> None:
    visit = open_page(address)
    visit.say("a mouse")
    go_on = threading.Event()
    assistant.pause = lambda: (go_on.wait(10), None)[1]
    box = visit.page.locator("#aisle-box textarea")
    for text in ("a red one", "under 30"):
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")
    go_on.set()
    visit.answered(3)
    assert visit.texts(".asked") == ["a mouse", "a red one", "under 30"]


def test_what_is_typed_at_once_is_not_lost(assistant: FakeAssistant, address: str, open_page: Open) -> None:
    visit = open_page(address)

    def slowly() -> FakeAssistant:
        time.sleep(0.3)
        return assistant

    assistant.newer = slowly
    visit.page.reload()
    visit.say("a mouse")
    visit.page.wait_for_timeout(1500)
    assert visit.texts(".asked") == ["a mouse"]


def test_a_long_message_leaves_room_for_its_answer(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse " + "x" * 1990)
    expect(visit.page.locator(".said p").first).to_be_in_viewport()


def test_a_shorter_conversation_begins_in_sight(address: str, open_page: Open) -> None:
    visit = open_page(address)
    for text in ("a mouse", "a red one", "another"):
        visit.say(text)
    visit.page.get_by_role("button", name="New", exact=True).click()
    visit.page.locator(".welcome").wait_for()
    visit.say("a mouse")
    expect(visit.page.locator(".asked")).to_be_in_viewport(ratio=1)


def test_suggestions_can_be_clicked(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.page.get_by_role("button", name="mice").click()
    visit.answered(1)
    assert visit.texts(".asked") == ["I'm looking for mice"]
    visit.page.get_by_role("button", name="Cheaper").click()
    visit.answered(2)
    assert visit.texts(".asked")[1] == "Cheaper"


def test_liked_card_stays_liked(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse")
    like = visit.page.get_by_role("button", name="I like this one: Pebble wireless mouse")
    with visit.page.expect_response("**/gradio_api/queue/join*"):
        like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    for _ in range(20):  # the server has heard of it, and keeps it within moments
        visit.page.reload()
        visit.answered(1)
        if like.get_attribute("aria-pressed") == "true":
            break
    expect(like).to_have_attribute("aria-pressed", "true")


def test_focus_survives_a_redrawing(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse under 30")
    soften = visit.page.get_by_role("button", name="A must: price at most 30")
    soften.press("Enter")
    visit.answered(2)
    expect(visit.page.get_by_role("button", name="Nice to have: price at most 30")).to_be_focused()
    save = visit.page.get_by_role("button", name="Save for later: Pebble wireless mouse").last
    save.press("Enter")
    expect(visit.page.get_by_role("button", name="Saved 1")).to_be_visible()
    expect(visit.page.get_by_role("button", name="Save for later: Pebble wireless mouse").last).to_be_focused()


def test_focus_goes_to_the_box_where_its_button_is_gone(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse under 30")
    visit.page.get_by_role("button", name="Remove: price at most 30").press("Enter")
    visit.answered(2)
    assert visit.page.evaluate("document.activeElement !== document.body")


def test_drawer_opens_again_and_gives_the_focus_back(address: str, open_page: Open) -> None:
    visit = open_page(address)
    earlier = visit.page.get_by_role("button", name="Earlier")
    for _ in range(3):
        earlier.click()
        expect(visit.page.get_by_role("dialog", name="Earlier")).to_be_visible()
        visit.page.keyboard.press("Escape")
        expect(visit.page.get_by_role("dialog")).to_have_count(0)
        expect(earlier).to_be_focused()


def test_what_changed_is_said_in_one_quiet_place(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse")
    voice = visit.page.locator("#aisle-voice")
    expect(voice).to_contain_text("Here you are. Pebble wireless mouse")
    assert visit.page.locator("#aisle-chat [aria-live], #aisle-chat [role='log']").count() == 0


def test_dark_and_light_follow_the_system_until_chosen(address: str, open_page: Open) -> None:
    visit = open_page(address)
    body = visit.page.locator("body")
    expect(body).not_to_have_class("dark")
    visit.page.emulate_media(color_scheme="dark")
    expect(body).to_have_class("dark")
    visit.page.get_by_role("button", name="Dark or light").click()
    expect(body).not_to_have_class("dark")
    visit.page.reload()
    visit.page.locator(".welcome").wait_for()
    expect(body).not_to_have_class("dark")


def test_two_tabs_lose_no_conversation_to_each_other(address: str, open_page: Open) -> None:
    visit = open_page(address)
    other = visit.page.context.new_page()
    other.goto(address)
    other.locator(".welcome").wait_for()
    visit.say("a mouse")
    other.locator("#aisle-box textarea").fill("a mouse under 30")
    other.locator("#aisle-box textarea").press("Enter")
    other.locator(".turn[data-turn='1']").wait_for()
    for page in (visit.page, other):
        page.get_by_role("button", name="Earlier").click()
        expect(page.locator("dialog .open span")).to_have_text(["a mouse under 30", "a mouse"])


def test_page_speaks_chinese(address: str, open_page: Open) -> None:
    visit = open_page(address, locale="zh-CN")
    expect(visit.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    visit.say("鼠标 under 30")
    assert visit.texts(".chip")[0].startswith("价格 不超过 30")
    visit.page.get_by_role("button", name="English").click()
    expect(visit.page.locator(".chip").first).to_contain_text("price at most 30")
    visit.page.reload()
    expect(visit.page.locator(".chip").first).to_contain_text("price at most 30")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")


def test_a_new_conversation_is_new_after_a_reload_too(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse")
    visit.page.get_by_role("button", name="New", exact=True).click()
    visit.page.locator(".welcome").wait_for()
    visit.page.reload()
    visit.page.locator(".welcome").wait_for()
    assert visit.turns == 0


def test_two_visitors_do_not_meet(address: str, open_page: Open) -> None:
    one, two = open_page(address), open_page(address)
    one.say("a mouse")
    two.page.reload()
    two.page.locator(".welcome").wait_for()
    two.say("a mouse under 30")
    assert (one.texts(".asked"), two.texts(".asked")) == (["a mouse"], ["a mouse under 30"])


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_sticks_out(address: str, open_page: Open, width: int) -> None:
    visit = open_page(address, width=width)
    visit.say("a mouse under 30 " + "with-a-word-that-does-not-end" * 5)
    wide = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    box = visit.page.locator("#aisle-box").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    expect(visit.page.locator("#aisle-bar h1")).to_be_in_viewport()
    expect(visit.page.locator("#aisle-box")).to_be_in_viewport()
    expect(visit.page.locator(".asked").last).to_be_in_viewport()


def test_page_works_from_the_keyboard(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse under 30")
    chip = visit.page.get_by_role("button", name="Remove: price at most 30")
    chip.press("Enter")
    visit.answered(2)
    expect(visit.page.get_by_role("button", name="Send")).to_be_visible()
    expect(visit.page.get_by_label("Your message")).to_be_visible()


@pytest.mark.parametrize("how", ["button", "closing"])
def test_answer_that_is_not_waited_for_is_stopped(
    assistant: FakeAssistant, address: str, open_page: Open, how: str
) -> None:
    working, left = threading.Event(), threading.Event()

    def pause() -> None:
        working.set()
        call = assistant.calls[-1]
        if call and call.cancel.wait(20):
            left.set()

    assistant.pause = pause
    visit = open_page(address)
    visit.page.locator("#aisle-box textarea").fill("a mouse")
    visit.page.locator("#aisle-box textarea").press("Enter")
    stop = visit.page.get_by_role("button", name="Stop", exact=True)
    stop.wait_for()
    assert working.wait(20)
    if how == "closing":
        visit.page.close()
        assert left.wait(2)
    else:
        stop.click()
        assert left.wait(2)
        visit.page.locator(".stage", has_text="This message has no answer yet.").wait_for()
        assistant.pause = lambda: None
        visit.page.get_by_role("button", name="Try again").click()
        visit.answered(1)
