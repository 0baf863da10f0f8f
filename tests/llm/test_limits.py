"""The queue before a model: never too many at once, first come first served, and no place is ever lost."""

from __future__ import annotations

import gc
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from errors import LLMUnavailable
from llm.limits import Limits, Queue, Ticket
from llm.types import Call

NO_WAITING = Limits(running=3, waiting=4, patience=0.0, a_session=2)


class Places(RuleBasedStateMachine):
    """Whatever callers do, in any order: the queue agrees with a list of who is in."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue(NO_WAITING)
        self.inside: list[tuple[str, Ticket]] = []

    @rule(session=st.sampled_from(["", "a", "b"]))
    def enter(self, session: str) -> None:
        mine = sum(session == name for name, _ in self.inside)
        fits = len(self.inside) < NO_WAITING.running and (not session or mine < NO_WAITING.a_session)
        try:
            ticket = self.queue.enter(Call(session=session))
        except LLMUnavailable:
            assert not fits
        else:
            assert fits
            assert ticket is not None
            self.inside.append((session, ticket))

    @precondition(lambda self: self.inside)
    @rule(data=st.data(), again=st.booleans())
    def leave(self, data: st.DataObject, again: bool) -> None:
        _, ticket = self.inside.pop(data.draw(st.integers(0, len(self.inside) - 1)))
        for _ in range(1 + again):
            self.queue.leave(ticket)

    @invariant()
    def agrees(self) -> None:
        assert (self.queue.running, self.queue.waiting) == (len(self.inside), 0)


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def wait_for(queue: Queue, waiting: int) -> None:
    until = time.monotonic() + 2
    while queue.waiting != waiting and time.monotonic() < until:
        time.sleep(0.001)
    assert queue.waiting == waiting


def test_who_waits_is_let_in_in_the_order_of_coming() -> None:
    queue, came = Queue(Limits(running=1, patience=5)), []
    first = queue.enter(Call())
    assert first is not None

    def caller(name: int) -> None:
        ticket = queue.enter(Call())
        assert ticket is not None
        came.append(name)
        queue.leave(ticket)

    threads = [threading.Thread(target=caller, args=(name,)) for name in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        wait_for(queue, waiting)
    queue.leave(first)
    for thread in threads:
        thread.join(2)
    assert came == [0, 1, 2, 3, 4]
    assert (queue.running, queue.waiting) == (0, 0)


@pytest.mark.parametrize(
    ("limits", "call", "says", "least", "most"),
    [
        (Limits(running=1, patience=0.2), Call(), "no answer ended in time", 0.2, 1),
        (Limits(running=1, patience=5), Call(deadline=0.2), "no answer ended in time", 0.2, 1),
        (Limits(running=1, waiting=0, patience=5), Call(), "too many wait", 0, 0.5),
        (Limits(running=9, a_session=1), Call(session="s"), "1 times at once already", 0, 0.5),
    ],
)
def test_nobody_waits_longer_than_it_is_worth(limits: Limits, call: Call, says: str, least: float, most: float) -> None:
    queue = Queue(limits)
    queue.enter(Call(session="s"))
    started = time.monotonic()
    with pytest.raises(LLMUnavailable, match=says):
        queue.enter(replace(call, deadline=started + call.deadline))
    assert least <= time.monotonic() - started < most
    assert (queue.running, queue.waiting) == (1, 0)


def test_who_is_cancelled_while_waiting_leaves() -> None:
    queue, call = Queue(Limits(running=1, patience=5)), Call()
    queue.enter(Call())
    threading.Timer(0.05, call.cancel.set).start()
    started = time.monotonic()
    assert queue.enter(call) is None
    assert time.monotonic() - started < 1
    assert queue.waiting == 0


def test_a_place_given_back_while_the_queue_is_busy_with_itself_is_not_lost() -> None:
    """What a destructor does that runs inside the queue's own lock."""
    queue = Queue(Limits(running=1, patience=0.5))
    ticket = queue.enter(Call())
    assert ticket is not None
    with queue._lock:
        queue.leave(ticket)  # must not wait for the lock
        assert queue.running == 1
    assert queue.enter(Call()) is not None


def test_under_a_storm_of_callers_the_limits_hold_and_every_place_comes_back() -> None:
    limits = Limits(running=4, waiting=6, patience=0.05, a_session=2)
    queue, lock, seen, refused = Queue(limits), threading.Lock(), [0, 0, 0], []
    at_once: dict[str, int] = {}

    def caller(number: int) -> None:
        dice = random.Random(number)
        for _ in range(40):
            call = Call(session=dice.choice(["a", "b", "c", "d", ""]))
            if dice.random() < 0.1:
                call.cancel.set()
            try:
                ticket = queue.enter(call)
            except LLMUnavailable as trouble:
                refused.append(str(trouble))
                continue
            if ticket is None:
                continue
            with lock:
                at_once[call.session] = at_once.get(call.session, 0) + 1
                seen[0] = max(seen[0], sum(at_once.values()))
                seen[1] = max(seen[1], *(n for name, n in at_once.items() if name), 0)
                seen[2] = max(seen[2], queue.waiting)
            time.sleep(dice.random() * 0.004)
            with lock:
                at_once[call.session] -= 1
            queue.leave(ticket)

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (queue.running, queue.waiting, queue._sessions) == (0, 0, {})
    assert seen[0] == limits.running
    assert seen[1] <= limits.a_session
    assert seen[2] <= limits.waiting
    assert refused


def test_abandoned_generators_give_their_places_back() -> None:
    queue = Queue(Limits(running=2))

    def holding() -> Iterator[None]:
        ticket = queue.enter(Call())
        assert ticket is not None
        try:
            yield
        finally:
            queue.leave(ticket)

    def abandon() -> None:
        generator = holding()
        next(generator)
        cycle: list[object] = [generator]
        cycle.append(cycle)  # only the collector finds it

    for _ in range(3):
        abandon()
        abandon()
        gc.collect()
    assert queue.running == 0
