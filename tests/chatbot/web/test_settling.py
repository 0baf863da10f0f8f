"""What was loaded is looked at by the collector no more, and let go of all the same once it is not needed."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chatbot.web.settling import NEW, settle
from chatbot.web.shop import Shop
from errors import NoCatalog
from tests.chatbot.web.fakes import FakeAssistant


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class Ring:
    def __init__(self) -> None:
        self.me = self


def test_what_is_loaded_is_looked_at_no_more() -> None:
    ring = Ring()
    settle()
    assert gc.get_freeze_count() > 1_000
    assert gc.get_threshold()[0] == NEW
    assert not any(found is ring for found in gc.get_objects())


def test_what_went_is_let_go_of_at_the_next_time() -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    settle()
    del ring
    gc.collect()
    assert gone() is not None
    settle()
    assert gone() is None


def test_shop_says_when_its_assistant_is_another() -> None:
    assistant, newer = FakeAssistant(), FakeAssistant()
    shop, told = Shop(assistant), list[object]()
    shop.swapped = lambda: told.append(shop.latest)
    assert (shop(), told) == (assistant, [])
    assistant.newer = lambda: newer
    assert [shop() for _ in range(3)] == [newer] * 3
    assert told == [newer]


def test_nobody_waits_while_a_newer_catalogue_is_opened() -> None:
    opening, go_on = threading.Event(), threading.Event()
    assistant, newer = FakeAssistant(), FakeAssistant()

    def slowly() -> FakeAssistant:
        opening.set()
        go_on.wait(20)
        return newer

    shop = Shop(assistant)
    assistant.newer = slowly
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(shop)
        opening.wait(20)
        assert (shop(), shop.latest) == (assistant, assistant)
        go_on.set()
        assert first.result() is newer
    assert shop() is newer


def test_assistant_stays_while_the_newer_catalogue_cannot_be_opened() -> None:
    assistant = FakeAssistant()
    shop, told = Shop(assistant), list[object]()
    shop.swapped = lambda: told.append("swapped")

    def broken() -> FakeAssistant:
        raise NoCatalog("gone")

    assistant.newer = broken
    assert (shop(), told, shop.health().status) == (assistant, [], "degraded")
    assistant.newer = None
    assert (shop(), shop.health().status) == (assistant, "ready")
