"""Streams of news: what they send, how they end, and that a fault of the file ends none of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chatbot.web.support import hub as hubs
from chatbot.web.support import updates
from chatbot.web.support.hub import Hub
from chatbot.web.support.updates import News, Read, Updates, seen_by
from errors import StoreError


def _hub() -> Hub:
    return Hub(lambda: 0, lambda number: (number, frozenset()))


async def _sent(hub: Hub, read: Read, during: Callable[[], Any], owner: str = "s") -> tuple[int, str]:
    """Status and body of one stream; `during` happens once it is open, and must end it."""
    status, body = 0, ""
    opened = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"").decode()
        if body.count("\n\n") >= 2:
            opened.set()

    stream = asyncio.ensure_future(Updates(hub, owner, owner, read, None)({"type": "http"}, receive, send))
    await asyncio.wait((asyncio.ensure_future(opened.wait()), stream), return_when=asyncio.FIRST_COMPLETED)
    during()
    await asyncio.wait_for(stream, 5)
    return status, body


def test_news_are_sent_and_a_closed_hub_ends_the_stream() -> None:
    hub = _hub()

    def read(seen: int | None) -> tuple[list[News], int]:
        return ([News("note", {"text": "你好\n"}, 7)], 7) if seen is None else ([], 7)

    status, body = asyncio.run(_sent(hub, read, hub.close))
    assert (status, body) == (200, 'retry: 3000\n\nid: 7\nevent: note\ndata: {"text": "你好\\n"}\n\n')
    assert asyncio.run(_sent(hub, read, lambda: None))[0] == 429  # it is closed


def test_what_was_deleted_ends_the_stream() -> None:
    assert asyncio.run(_sent(_hub(), lambda seen: None, lambda: None)) == (200, "retry: 3000\n\n")


def test_a_fault_of_the_file_ends_the_stream_in_good_order() -> None:
    def read(seen: int | None) -> tuple[list[News], int]:
        raise StoreError("busy")

    assert asyncio.run(_sent(_hub(), read, lambda: None)) == (200, "retry: 3000\n\n")


def test_looking_goes_on_after_a_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "POLL_S", 0.01)
    answers: Iterator[StoreError | tuple[int, frozenset[str]]] = iter(
        [StoreError("busy"), (1, frozenset()), StoreError("busy"), (2, frozenset(("s",)))]
    )

    def stirred(number: int) -> tuple[int, frozenset[str]]:
        answer = next(answers, (number, frozenset()))
        if isinstance(answer, StoreError):
            raise answer
        return answer

    async def heard() -> bool:
        hub = Hub(lambda: 0, stirred)
        listener = hub.enter("s", "s")
        assert listener is not None
        return await listener.rung(5)

    assert asyncio.run(heard())


def test_silence_is_filled_with_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "HEARTBEAT_S", 0.01)
    hub = _hub()
    assert asyncio.run(_sent(hub, lambda seen: ([], 0), hub.close))[1].startswith("retry: 3000\n\n:\n\n")


def test_streams_of_one_and_of_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_STREAMS", 5)

    async def entered() -> list[bool]:
        hub = _hub()
        some = [hub.enter("a", "a") for _ in range(5)]
        others = [hub.enter("b", "b") for _ in range(2)]
        for listener in some:
            if listener is not None:
                hub.leave(listener)
        return [listener is not None for listener in (*some, *others, hub.enter("b", "b"))]

    assert asyncio.run(entered()) == [True, True, True, True, False, True, False, True]


def test_shoppers_cannot_take_the_places_of_the_shop_s_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_STREAMS", 2)

    async def entered() -> list[bool]:
        hub = _hub()
        places = [hub.enter(name, name) for name in "abc"] + [hub.enter("staff Ann", None) for _ in range(5)]
        return [listener is not None for listener in places]

    assert asyncio.run(entered()) == [True, True, False, True, True, True, True, False]


@pytest.mark.parametrize(
    ("header", "seen"), [("7", 7), ("", None), ("-7", None), ("７", None), ("²", None), ("9" * 16, None)]
)
def test_only_numbers_of_notes_were_seen(header: str, seen: int | None) -> None:
    assert seen_by(header) == seen
