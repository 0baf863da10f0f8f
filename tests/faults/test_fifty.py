"""Fifty turns of each fault behind the breaker, some at full length, and the way back: `-m faults` (make test-servers).

Deadlines are a tenth of the real ones where a fault takes all the time it is given.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from chatbot.turn import Chatbot
from llm.breaker import Patience
from llm.guarded import Guarded
from llm.vllm import VLLM
from llm.watch import Deadlines
from tests.faults.faults import FAULTS, Stage, good, spoiling
from tests.faults.playing import GRACE, TENTH, Measured, Played, answer, fifty, judge, play, with_model
from tests.faults.shopper import DIALOGUES
from tests.faults.unreachable import UNREACHABLE
from tests.llm.fake_server import server

pytestmark = pytest.mark.faults
FULL = Deadlines()
SOON = Patience(pause=0.2, longest=0.6, probe=0.3)  # a tenth of the usual


@pytest.fixture
def doors() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def guarded(doors: ExitStack, url: str, deadlines: Deadlines = TENTH, patience: Patience = SOON) -> Guarded:
    door = Guarded(VLLM(url, "tiny", deadlines=deadlines), patience=patience)
    doors.callback(door.close)
    return door


@pytest.fixture(scope="module")
def alone(embedded: Chatbot) -> list[Played]:
    """The fifty turns without a model."""
    return fifty(embedded)


@pytest.mark.parametrize("name", UNREACHABLE)
def test_fifty_turns_without_a_server(
    embedded: Chatbot, alone: list[Played], resolver: None, doors: ExitStack, measured: Measured, name: str
) -> None:
    url = doors.enter_context(UNREACHABLE[name]())
    turns = fifty(with_model(embedded, guarded(doors, url)))
    measured(name, turns)
    for played in turns:
        judge(embedded, played)
    assert [p.turn.degraded for p in turns] == [True] * 50
    assert [answer(p.turn) for p in turns] == [answer(p.turn) for p in alone]
    assert sum(p.turn.ms["model"] for p in turns) < 1000 * (3 * TENTH.total + GRACE)  # three in vain, then no more


@pytest.mark.parametrize("stage", ["track", "rank"])
@pytest.mark.parametrize("name", FAULTS)
def test_fifty_turns_of_a_fault(
    embedded: Chatbot, alone: list[Played], doors: ExitStack, measured: Measured, name: str, stage: Stage
) -> None:
    fault = FAULTS[name]
    url, _ = doors.enter_context(server(spoiling(fault, stage)))
    deadlines = TENTH if fault.slow else FULL
    turns = fifty(with_model(embedded, guarded(doors, url, deadlines), deadlines.total))
    measured(f"{name}, {stage}", turns)
    for played in turns:
        judge(embedded, played)
    degraded = [p.turn.degraded for p in turns]
    left = fault.track if stage == "track" else fault.rank
    if left == "nothing" and stage == "track":
        assert degraded == [True] * 50
        assert [answer(p.turn) for p in turns] == [answer(p.turn) for p in alone]
    elif left in ("nothing", "some"):
        assert degraded == [p.turn.tracked_by == "embedded" or p.turn.llm_calls == 2 for p in turns]
        assert any(degraded)
    elif left == "all":
        assert degraded == [False] * 50
    elif name == "500 and 200 by turns":
        assert set(degraded) == {True, False}


@pytest.mark.parametrize("name", ["never answers", "one byte a second for ever", "first token after 30 s"])
def test_a_slow_server_at_full_length(embedded: Chatbot, doors: ExitStack, measured: Measured, name: str) -> None:
    url, _ = doors.enter_context(server(spoiling(FAULTS[name], "track")))
    chatbot = with_model(embedded, VLLM(url, "tiny"), FULL.total)
    (played,) = turns = list(play(chatbot, [DIALOGUES[2][0][0]]))
    measured(f"{name}, at full length", turns)
    judge(embedded, played, FULL.total)
    assert played.turn.degraded
    assert FULL.first <= played.seconds


def test_a_server_that_comes_back_is_found_within_fifteen_seconds(embedded: Chatbot, doors: ExitStack) -> None:
    with server(good) as (url, _):
        port = int(url.split(":")[2].split("/")[0])
    door = guarded(doors, url, FULL, Patience())
    chatbot = with_model(embedded, door, FULL.total)
    text = DIALOGUES[2][0][0]
    assert [p.turn.degraded for _ in range(4) for p in play(chatbot, [text])] == [True] * 4
    assert door.health.failures >= 3
    time.sleep(20)  # long enough for the pauses between probes to have grown as long as they get
    doors.enter_context(server(good, port))
    back = time.monotonic()
    while any(p.turn.degraded for p in play(chatbot, [text])):
        assert time.monotonic() - back < 15
        time.sleep(0.1)
    assert door.health.state == "closed"
