"""A model that fails is left alone for a while, and found again when it answers, whether or not anybody talks."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import LLMUnavailable
from llm.breaker import Breaker, Patience
from llm.types import Call

DOWN = LLMUnavailable("down")


class Clock:
    """Time that passes at once and is written down. `hold`: the probing thread stops there until it is let go."""

    def __init__(self, hold: int = 10**9) -> None:
        self.waited: list[float] = []
        self._hold = hold
        self.go = threading.Event()

    def __call__(self, over: threading.Event, seconds: float) -> bool:
        self.waited.append(seconds)
        if len(self.waited) >= self._hold:
            self.go.wait(5)
        return over.is_set()


def probing(*outcomes: bool) -> Callable[[], None]:
    """A probe that answers (True) or not, one after the other; the last for ever."""
    left = list(outcomes)

    def probe() -> None:
        if not (left.pop(0) if len(left) > 1 else left[0]):
            raise DOWN

    return probe


def told(breaker: Breaker, *troubles: str) -> None:
    for trouble in troubles:
        breaker.note(Call(trouble=trouble))
        breaker.review()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 2
    while not true() and time.monotonic() < end:
        time.sleep(0.001)
    assert true()


@given(st.lists(st.sampled_from(["", "down"]), max_size=12))
def test_it_opens_after_three_failures_in_a_row_and_not_before(troubles: list[str]) -> None:
    clock = Clock(hold=1)
    breaker = Breaker(probing(True), wait=clock)
    for number, trouble in enumerate(troubles, 1):
        told(breaker, trouble)
        opened = any(troubles[n : n + 3] == ["down"] * 3 for n in range(number - 2))
        assert breaker.state == ("open" if opened else "closed")
        if opened:
            with pytest.raises(LLMUnavailable, match="not asked for a while"):
                breaker.check()
            break
        breaker.check()
    breaker.close()
    clock.go.set()


def test_it_probes_at_growing_pauses_until_it_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    breaker = Breaker(probing(False, False, False, False, True), wait=clock)
    told(breaker, "a", "b", "c")
    until(lambda: breaker.state == "closed")
    assert clock.waited == [2.0, 4.0, 6.0, 6.0, 6.0]
    assert (breaker.failures, breaker.why) == (2, "c")
    breaker.check()
    until(lambda: len(caplog.messages) == 2)
    assert caplog.messages == ["the model is not asked until it answers again: c", "the model answers again"]


def test_with_the_probes_it_takes_a_model_that_comes_back_is_found_within_fifteen_seconds() -> None:
    patience = Patience()
    assert patience.probe + patience.longest + patience.probe < 15  # one in vain just before, the pause, one that does


def test_after_a_probe_the_first_failure_opens_it_again_for_longer_and_a_good_answer_forgives() -> None:
    clock = Clock()
    breaker = Breaker(probing(True), wait=clock)
    told(breaker, "a", "b", "c")
    until(lambda: breaker.state == "closed")
    told(breaker, "d")
    until(lambda: breaker.state == "closed" and len(clock.waited) == 2)
    assert clock.waited == [2.0, 6.0]
    told(breaker, "", "e", "f")
    assert (breaker.state, breaker.failures, breaker.why) == ("closed", 2, "f")
    told(breaker, "g")
    until(lambda: breaker.state == "closed" and len(clock.waited) == 3)
    assert clock.waited == [2.0, 6.0, 2.0]


def test_an_answer_that_turns_out_to_be_of_no_use_counts_as_a_failure() -> None:
    clock = Clock(hold=1)
    breaker = Breaker(probing(True), wait=clock)
    calls = [Call(), Call(), Call()]
    for call in calls:
        breaker.note(call)
        breaker.check()
        call.trouble = "no JSON"
    with pytest.raises(LLMUnavailable):
        breaker.check()
    assert (breaker.state, breaker.failures, breaker.why) == ("open", 3, "no JSON")
    breaker.close()
    clock.go.set()


def test_what_is_seen_while_it_probes() -> None:
    asked, answer = threading.Event(), threading.Event()

    def probe() -> None:
        asked.set()
        answer.wait(5)

    breaker = Breaker(probe, wait=Clock())
    told(breaker, "a", "b", "c")
    assert asked.wait(2)
    assert (breaker.state, breaker.failures, breaker.why) == ("probing", 3, "c")
    with pytest.raises(LLMUnavailable):
        breaker.check()
    answer.set()
    until(lambda: breaker.state == "closed")


def test_a_probe_that_breaks_is_a_probe_in_vain(caplog: pytest.LogCaptureFixture) -> None:
    troubles: list[Exception] = [RuntimeError("a bug"), DOWN]

    def probe() -> None:
        if troubles:
            raise troubles.pop(0)

    breaker = Breaker(probe, wait=Clock())
    told(breaker, "a", "b", "c")
    until(lambda: breaker.state == "closed")
    assert "nobody foresaw" in caplog.text


def probers() -> int:
    return sum(thread.name == "llm-probe" for thread in threading.enumerate())


@pytest.mark.parametrize("leave", ["close", "forget"])
def test_no_thread_is_left_behind(leave: str) -> None:
    gc.collect()
    until(lambda: probers() == 0)
    breaker = Breaker(probing(False), Patience(pause=30))
    told(breaker, "a", "b", "c")
    assert probers() == 1
    if leave == "close":
        breaker.close()
    del breaker
    gc.collect()
    until(lambda: probers() == 0)
