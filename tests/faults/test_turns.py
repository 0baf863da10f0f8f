"""A model server that fails in every way: each turn is answered as well as can be, in time, and says what it is.

Three turns of each fault here, without a breaker, so that each meets the fault; fifty of each behind the breaker with
`-m faults` (make test-servers). Deadlines are a tenth of the real ones.
"""

from __future__ import annotations

import pytest

from catalog.types import Constraint
from chatbot.events import Turn
from chatbot.turn import Chatbot
from llm.vllm import VLLM
from llm.watch import Deadlines
from tests.faults.faults import FAULTS, Fault, Stage, spoiling
from tests.faults.playing import TENTH, Played, answer, judge, play, with_model
from tests.faults.shopper import DIALOGUES
from tests.faults.unreachable import UNREACHABLE
from tests.llm.fake_server import server

HEADPHONES = [text for text, _ in DIALOGUES[2]]  # every one of its first turns shows cards


def broken(embedded: Chatbot, url: str, fault: Fault | None = None) -> Chatbot:
    """A fault that wastes no time is given all there is: a busy machine is no fault."""
    if fault is None or fault.slow:
        return with_model(embedded, VLLM(url, "tiny", deadlines=TENTH))
    return with_model(embedded, VLLM(url, "tiny"), seconds=Deadlines().total)


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_server_that_cannot_be_reached(embedded: Chatbot, resolver: None, name: str) -> None:
    with UNREACHABLE[name]() as url:
        chatbot = broken(embedded, url)
        turns = list(play(chatbot, HEADPHONES[:3]))
    assert [(p.turn.degraded, p.turn.llm_calls) for p in turns] == [(True, 1)] * 3
    assert [answer(p.turn) for p in turns] == [answer(p.turn) for p in play(embedded, HEADPHONES[:3])]
    for played in turns:
        judge(embedded, played)


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_fails_at_tracking(embedded: Chatbot, name: str) -> None:
    with server(spoiling(FAULTS[name], "track")) as (url, _):
        turns = list(play(broken(embedded, url, FAULTS[name]), HEADPHONES[:1]))
    comes(embedded, FAULTS[name], "track", turns, list(play(embedded, HEADPHONES[:1])))


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_fails_at_ranking(embedded: Chatbot, name: str) -> None:
    with server(spoiling(FAULTS[name], "rank")) as (url, _):
        for _ in range(5):  # the good stage must have its time where the broken one has none
            turns = list(play(broken(embedded, url, FAULTS[name]), HEADPHONES[:2]))
            if all(p.turn.tracked_by == "llm" for p in turns):
                break
        once = with_model(embedded, VLLM(url, "tiny"), calls=1)  # understood by the model, ranked without it
        plain = list(play(once, HEADPHONES[:2]))
    comes(embedded, FAULTS[name], "rank", turns, plain)


def numbers(turn: Turn) -> list[str]:
    """The wishes that hold a number: grammar is sure of them, whatever a model makes of them."""
    return [w.text for w in turn.ledger if isinstance(w.what, Constraint) and isinstance(w.what.value, float)]


def comes(embedded: Chatbot, fault: Fault, stage: Stage, turns: list[Played], plain: list[Played]) -> None:
    """Each turn is good, and says of the model what is so. `plain`: the same turns where that stage had no model."""
    left = fault.track if stage == "track" else fault.rank
    for played, other in zip(turns, plain, strict=True):
        judge(embedded, played)
        turn = played.turn
        asked = stage == "track" or turn.llm_calls == 2
        by = turn.tracked_by if stage == "track" else turn.ranked_by
        if left == "nothing" and asked:
            assert (turn.degraded, by) == (True, "embedded"), turn.user
            assert answer(turn) == answer(other.turn)
        elif left == "some" and asked:
            assert (turn.degraded, by) == (True, "llm"), turn.user
        elif left == "maybe" and stage == "track":
            assert set(numbers(other.turn)) <= set(numbers(turn)), turn.user
        elif left == "all":
            assert not turn.degraded, turn.user
            assert by == "llm" or not asked, turn.user
