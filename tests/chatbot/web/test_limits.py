"""Buckets: never more than the burst at a stretch, never more than the rate in the long run, and one name is not another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.web import limits
from chatbot.web.limits import Buckets


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_burst_then_rate() -> None:
    clock = Clock()
    buckets = Buckets(60, 3, clock)
    assert [buckets.wait_s("a") for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.wait_s("b") == 0
    clock.now = 0.5
    assert buckets.wait_s("a") == pytest.approx(0.5)
    clock.now = 1.0
    assert [buckets.wait_s("a") for _ in range(2)] == [0, 1]
    clock.now = 100.0
    assert [buckets.wait_s("a") for _ in range(4)] == [0, 0, 0, 1]


def test_a_call_may_cost_as_much_as_several() -> None:
    clock = Clock()
    buckets = Buckets(60, 10, clock)
    assert [buckets.wait_s("a", 4) for _ in range(3)] == [0, 0, 2]
    assert [buckets.wait_s("a") for _ in range(3)] == [0, 0, 1]
    clock.now = 100.0
    assert [buckets.wait_s("a", 40) for _ in range(2)] == [0, 10]  # no more than there can ever be


def test_zero_is_no_limit() -> None:
    buckets = Buckets(0, 1)
    assert {buckets.wait_s("a") for _ in range(1_000)} == {0}
    assert len(buckets) == 0


@given(st.lists(st.floats(0, 5), max_size=200), st.integers(1, 600), st.integers(1, 20))
def test_no_more_than_burst_and_rate_allow(pauses: list[float], per_minute: int, burst: int) -> None:
    clock = Clock()
    buckets = Buckets(per_minute, burst, clock)
    granted = 0
    for pause in pauses:
        clock.now += pause
        wait = buckets.wait_s("a")
        granted += wait == 0
        assert 0 <= wait <= 60 / per_minute + 1e-9
    assert granted <= burst + clock.now * per_minute / 60 + 1e-6


def test_names_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NAMES", 100)
    buckets = Buckets(60, 2)
    for n in range(1_000):
        buckets.wait_s(str(n))
    assert len(buckets) == 100
