"""One turn at a time, stopped when the reader leaves, and kept whole or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Generator

import pytest

from chatbot.memory.records import Session
from chatbot.memory.store import People
from chatbot.web import sse
from chatbot.web.desk import Desk, Sent, last
from chatbot.web.making import Making
from chatbot.web.shop import Health, Shop
from chatbot.web.turnstile import Turnstile
from errors import LLMUnavailable, NoCatalog, TurnLeft, TurnOvertaken
from llm.types import Call
from tests.chatbot.web.fakes import FakeAssistant


@pytest.fixture
def desk(assistant: FakeAssistant, people: People) -> Desk:
    return Desk(Shop(assistant), people, Turnstile(wait_s=0.05))


@pytest.fixture
def session(desk: Desk) -> Session:
    return desk.open("en")[0]


def made(desk: Desk, session: Session) -> Making[Sent]:
    call = Call(session=session.id)
    return Making(desk.say(session, "a mouse", "m1", call), call, desk.threads)


def test_message_is_kept_before_the_assistant_hears_it(desk: Desk, session: Session, assistant: FakeAssistant) -> None:
    events = desk.say(session, "a mouse", "m1")
    assert next(events).name == "turn.start"
    assert assistant.heard == []
    pending = desk.conversation(session).pending
    assert pending is not None
    assert pending.what == "a mouse"
    events.close()


def test_second_message_waits_its_turn_and_then_gives_up(desk: Desk, session: Session) -> None:
    first = desk.say(session, "a mouse", "m1")
    next(first)
    with pytest.raises(TurnOvertaken):
        next(desk.say(session, "a bag", "m2"))
    other, _ = desk.open("en")
    assert last(desk.say(other, "a bag", "m1"))["turn"] == 1
    assert last(first)["turn"] == 1
    assert last(desk.say(session, "a bag", "m2"))["turn"] == 2


def test_same_message_sent_twice_at_once_is_answered_once(people: People, assistant: FakeAssistant) -> None:
    desk = Desk(Shop(assistant), people)
    session, _ = desk.open("en")
    started, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        started.set()
        go_on.wait(5)

    assistant.pause = pause
    turns: list[object] = []
    threads = [threading.Thread(target=lambda: turns.append(last(desk.say(session, "x", "m1")))) for _ in range(3)]
    for thread in threads:
        thread.start()
    started.wait(5)
    go_on.set()
    for thread in threads:
        thread.join()
    assert turns[0] == turns[1] == turns[2]
    assert assistant.heard == ["x"]


def test_turn_that_is_left_is_stopped_and_can_be_made_again(
    desk: Desk, session: Session, assistant: FakeAssistant
) -> None:
    events = desk.say(session, "a mouse", "m1")
    for event in events:
        if event.name == "card":
            break
    assert assistant.closed == 0
    events.close()
    assert assistant.closed == 1
    assert desk.conversation(session).turns == ()
    assert last(desk.say(session, "a mouse", "m1"))["turn"] == 1


def test_reader_who_goes_away_stops_the_turn(desk: Desk, session: Session, assistant: FakeAssistant) -> None:
    async def read_two_events() -> None:
        making = made(desk, session)
        while not assistant.heard:
            await making.next()
        making.close()
        while not assistant.closed:
            await asyncio.sleep(0.001)

    asyncio.run(read_two_events())
    assert assistant.closed == 1
    assert last(desk.say(session, "a mouse", "m1"))["turn"] == 1


def test_turn_that_is_left_before_it_began_is_never_made(
    desk: Desk, session: Session, assistant: FakeAssistant
) -> None:
    async def leave_at_once() -> None:
        making = made(desk, session)
        making.close()
        with pytest.raises(TurnLeft):
            await making.last()

    asyncio.run(leave_at_once())
    assert assistant.heard == []


@pytest.mark.parametrize("cancelled", [False, True])
def test_turn_that_a_thread_is_at_work_on_is_closed_when_it_is_done(
    desk: Desk, session: Session, assistant: FakeAssistant, cancelled: bool
) -> None:
    working, go_on = threading.Event(), threading.Event()

    def work() -> None:
        working.set()
        go_on.wait(5)

    assistant.pause = work

    async def leave() -> None:
        making = made(desk, session)

        async def read() -> None:
            while await making.next():
                pass

        reading = asyncio.create_task(read())
        while not working.is_set():
            await asyncio.sleep(0.001)
        if cancelled:  # as a server does that shuts down: the thread works on with nobody to wait for it
            reading.cancel()
            await asyncio.wait([reading])
        making.close()
        making.close()
        assert assistant.closed == 0
        go_on.set()
        with pytest.raises(asyncio.CancelledError if cancelled else TurnLeft):
            await reading
        while not assistant.closed:
            await asyncio.sleep(0.001)

    asyncio.run(leave())
    assistant.pause = lambda: None
    assert last(desk.say(session, "a mouse", "m1"))["turn"] == 1


def test_trouble_in_the_middle_is_the_last_event(desk: Desk, session: Session, assistant: FakeAssistant) -> None:
    def break_down() -> None:
        raise LLMUnavailable("no answer from http://10.0.0.7")

    assistant.pause = break_down

    async def read() -> list[bytes]:
        making = made(desk, session)
        return [part async for part in sse.lines(await making.next(), making)]

    told = asyncio.run(read())
    assert told[-1] == (
        b'event: error\ndata: {"type":"about:blank","title":"Service Unavailable","status":503,'
        b'"detail":"The assistant is not available at the moment."}\n\n'
    )
    assert desk.conversation(session).pending is not None


def test_crash_in_the_middle_is_logged_and_the_last_event_says_nothing_of_it(
    desk: Desk, session: Session, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    def crash() -> None:
        raise IndexError("list index out of range: b-7")

    assistant.pause = crash

    async def read() -> list[bytes]:
        making = made(desk, session)
        return [part async for part in sse.lines(await making.next(), making)]

    told = asyncio.run(read())
    assert told[-1] == (
        b'event: error\ndata: {"type":"about:blank","title":"Internal Server Error","status":500,'
        b'"detail":"Something went wrong here; it has been logged."}\n\n'
    )
    assert ["IndexError" in (record.exc_text or "") for record in caplog.records] == [True]
    assistant.pause = lambda: None
    assert last(desk.say(session, "a bag", "m2"))["turn"] == 1


def test_turn_is_told_whose_it_is_and_ends_unkept_once_it_is_cancelled(
    desk: Desk, session: Session, assistant: FakeAssistant
) -> None:
    call = Call(session=session.id)
    assistant.pause = call.cancel.set
    with pytest.raises(TurnLeft):
        last(desk.say(session, "a mouse", "m1", call))
    assistant.pause = lambda: None
    assert (assistant.calls, assistant.closed) == ([call], 1)
    kept = desk.conversation(session)
    assert (kept.turns, kept.pending and kept.pending.what) == ((), "a mouse")


def test_shop_keeps_the_old_assistant_while_the_new_cannot_be_opened(assistant: FakeAssistant) -> None:
    def missing() -> FakeAssistant:
        raise NoCatalog("gone")

    shop = Shop(assistant)
    assistant.newer = missing
    assert shop() is assistant
    why = "the catalogue on disk cannot be opened; the one opened earlier is in use"
    assert shop.health() == Health("degraded", (why,))
    newer = FakeAssistant()
    assistant.newer = lambda: newer
    assert shop() is newer
    assert shop.health() == Health("ready")


def test_shop_names_kinds_and_warms_up(assistant: FakeAssistant) -> None:
    shop = Shop(assistant)
    assert shop.kinds(5) == ("mice",)
    shop.warm_up()
    assistant.catalog.products = ()
    assert shop.kinds(5) == ()
    shop.warm_up()
    assert (assistant.heard, assistant.closed) == (["mice", "anything new"], 2)


def test_turnstile_forgets_who_left() -> None:
    turnstile = Turnstile(wait_s=0.01)

    def visit() -> Generator[str]:
        turnstile.enter("a", "m1")
        try:
            yield "inside"
        finally:
            turnstile.leave("a", "m1")

    visits = visit()
    next(visits)
    with pytest.raises(TurnOvertaken):
        turnstile.enter("a", "m2")
    visits.close()
    assert turnstile._gates == {}


def test_turnstile_lets_few_wait_and_more_with_the_message_that_is_inside() -> None:
    turnstile, entered = Turnstile(wait_s=10, most_waiting=2), threading.Semaphore(0)
    turnstile.enter("a", "m1")

    def visit(message: str) -> None:
        turnstile.enter("a", message)
        entered.release()
        turnstile.leave("a", message)

    waiting = [threading.Thread(target=visit, args=(message,)) for message in ("m2", "m3", "m1", "m1")]
    for thread in waiting:
        thread.start()
    while len(turnstile._gates["a"].inside) < 5:
        time.sleep(0.001)
    with pytest.raises(TurnOvertaken, match="too many"):
        turnstile.enter("a", "m4")
    turnstile.enter("b", "m4")
    turnstile.leave("a", "m1")
    for thread in waiting:
        thread.join(5)
    turnstile.leave("b", "m4")
    assert [entered.acquire(timeout=1) for _ in waiting] == [True] * 4
    assert turnstile._gates == {}
