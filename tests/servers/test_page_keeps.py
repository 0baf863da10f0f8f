"""What a visitor typed or saved on the chat page is there when it is wanted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.servers.conftest import Open, Visit

pytestmark = pytest.mark.browser
SENDING = "**/gradio_api/queue/join*"


def _box(visit: Visit) -> Locator:
    return visit.page.locator("#aisle-box textarea")


def _held(visit: Visit) -> list[Route]:
    """What the page sends waits here, as it does on a slow line."""
    held: list[Route] = []
    visit.page.route(SENDING, lambda route: held.append(route))  # noqa: PLW0108
    return held


def _on_its_way(visit: Visit, text: str) -> list[Route]:
    """A message that was sent and is held back."""
    held = _held(visit)
    _box(visit).fill(text)
    with visit.page.expect_request(SENDING):
        _box(visit).press("Enter")
    return held


def _let_go(visit: Visit, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    visit.page.unroute(SENDING)


def test_what_is_typed_behind_a_message_on_its_way_is_kept(address: str, open_page: Open) -> None:
    visit = open_page(address)
    held = _on_its_way(visit, "a mouse")
    _box(visit).press_sequentially("under 30")
    _let_go(visit, held)
    visit.answered(1)
    expect(_box(visit)).to_have_value("under 30")
    _box(visit).press("Enter")
    visit.answered(2)
    expect(_box(visit)).to_have_value("")
    assert visit.texts(".asked") == ["a mouse", "under 30"]


def test_an_impatient_second_enter_sends_nothing_twice(address: str, open_page: Open) -> None:
    visit = open_page(address)
    held = _on_its_way(visit, "a mouse")
    _box(visit).press("Enter")
    visit.page.get_by_role("button", name="Send").click()
    _let_go(visit, held)
    visit.answered(1)
    expect(_box(visit)).to_have_value("")
    visit.say("a mouse")  # meant: the first was answered
    assert visit.texts(".asked") == ["a mouse", "a mouse"]


def test_two_messages_typed_on_a_slow_line_are_two(address: str, open_page: Open) -> None:
    visit = open_page(address)
    held = _on_its_way(visit, "a mouse")
    _box(visit).press_sequentially("under 30")
    _box(visit).press("Enter")
    _let_go(visit, held)
    visit.answered(2)
    expect(_box(visit)).to_have_value("")
    assert visit.texts(".asked") == ["a mouse", "under 30"]


def test_words_not_sent_outlive_a_reload_and_a_tapped_answer(address: str, open_page: Open) -> None:
    visit = open_page(address)
    expect(_box(visit)).to_be_enabled()
    _box(visit).press_sequentially("something blue")
    visit.page.get_by_role("button", name="mice").click()
    visit.answered(1)
    expect(_box(visit)).to_have_value("something blue")
    visit.page.reload()
    visit.answered(1)
    expect(_box(visit)).to_have_value("something blue")
    _box(visit).press("Enter")
    visit.answered(2)
    assert visit.texts(".asked") == ["I'm looking for mice", "something blue"]
    visit.page.reload()
    visit.answered(2)
    expect(_box(visit)).to_be_enabled()
    expect(_box(visit)).to_have_value("")


def test_what_was_saved_has_a_link_for_others(address: str, open_page: Open) -> None:
    visit = open_page(address)
    visit.say("a mouse")
    visit.page.get_by_role("button", name="Save for later: Pebble wireless mouse").click()
    visit.page.get_by_role("button", name="Saved 1").click()
    visit.page.get_by_role("button", name="Get a link to show to others").click()
    link = visit.page.get_by_label("The link", exact=True)
    expect(link).to_be_visible()
    visit.page.goto(link.input_value())
    expect(visit.page.locator("h2")).to_have_text("Pebble wireless mouse")
