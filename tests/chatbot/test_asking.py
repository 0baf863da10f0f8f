"""The model's part in one turn: its calls, time and tokens are bounded, and after a failure it is left alone."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest

from chatbot.asking import Budget, Model
from errors import LLMBadOutput, LLMNotAsked, LLMUnavailable
from llm.guarded import Guarded
from llm.scripted import ScriptedLLM
from llm.types import Call, Usage
from prompts.types import Message, Rendered


def asked(name: str = "rank", words: str = "?", max_tokens: int = 10) -> Rendered:
    return Rendered(f"{name}@1", (Message("user", words),), max_tokens)


class Counting:
    """A model that says two words, counts tokens, and notes who called and whether it was let finish."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.closed = 0

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.calls.append(call)
        call.usage = Usage(prompt=30, cached=16)
        try:
            for n, word in enumerate(("one ", "two"), 1):
                call.usage = Usage(30, 16, n)
                yield word
        finally:
            self.closed += 1


def test_what_it_cost_is_added_up() -> None:
    asking = Model(Counting()).asking()
    assert asking.complete(asked()) == "one two"
    assert asking.complete(asked()) == "one two"
    assert (asking.calls, asking.usage, asking.degraded) == (2, Usage(60, 32, 4), False)


def test_what_was_read_of_an_answer_left_in_the_middle_counts_and_the_model_stops() -> None:
    model = Counting()
    asking = Model(model).asking()
    stream = asking.stream(asked())
    assert next(stream) == "one "
    stream.close()
    assert (asking.usage, model.closed, asking.degraded) == (Usage(30, 16, 1), 1, False)


def test_whose_turn_it_is_and_how_to_stop_it_reach_the_model() -> None:
    model, call = Counting(), Call(session="s1")
    asking = Model(model, budget=Budget(seconds=2)).asking(call)
    before = time.monotonic()
    asking.complete(asked())
    [made] = model.calls
    assert (made.session, made.cancel) == ("s1", call.cancel)
    assert before < made.deadline <= before + 2.5
    assert call.usage == Usage()


def test_after_a_failure_nothing_more_is_asked() -> None:
    trouble = LLMUnavailable("gone")
    asking = Model(ScriptedLLM({"track": [trouble]})).asking()
    assert asking.allows(asked("track"))
    with pytest.raises(LLMUnavailable, match="gone"):
        asking.complete(asked("track"))
    assert (asking.failures, asking.degraded, asking.allows(asked())) == ([trouble], True, False)


def test_a_call_that_the_model_was_spared_is_none() -> None:
    asking = Model(ScriptedLLM({"track": [LLMNotAsked("busy")]})).asking()
    with pytest.raises(LLMUnavailable, match="busy"):
        asking.complete(asked("track"))
    assert (asking.calls, asking.degraded, asking.allows(asked())) == (0, True, False)


def test_an_answer_of_no_use_is_a_failure_too_and_whoever_guards_the_model_hears_of_it() -> None:
    model = Counting()
    asking = Model(model).asking()
    asking.complete(asked("track"))
    asking.fail(LLMBadOutput("no JSON"))
    assert (asking.degraded, asking.allows(asked())) == (True, False)
    assert [call.trouble for call in model.calls] == ["no JSON"]


def test_a_model_that_talks_nonsense_turn_after_turn_is_left_alone() -> None:
    model = Counting()
    guard = Guarded(model)
    for _ in range(3):
        asking = Model(guard).asking()
        asking.complete(asked("track"))
        asking.fail(LLMBadOutput("no JSON"))
    asking = Model(guard).asking()
    with pytest.raises(LLMUnavailable, match="not asked for a while"):
        asking.complete(asked("track"))
    assert (len(model.calls), guard.health.why) == (3, "no JSON")
    guard.close()


def test_no_time_left_is_no_fault_of_the_answer_before() -> None:
    model = Counting()
    asking = Model(model, budget=Budget(seconds=0.05)).asking()
    asking.complete(asked("track"))
    time.sleep(0.1)
    assert (asking.allows(asked()), asking.degraded) == (False, True)
    assert [call.trouble for call in model.calls] == [""]


def test_an_answer_cut_at_its_most_tokens_is_known_as_such() -> None:
    model = Counting()
    asking = Model(model).asking()
    assert not asking.cut
    asking.complete(asked("track"))
    assert not asking.cut
    model.calls[0].cut = True
    assert asking.cut


def test_calls_and_tokens_run_out_without_a_failure() -> None:
    asking = Model(Counting(), budget=Budget(calls=2, tokens=100)).asking()
    assert not asking.allows(asked(words="x" * 400))
    for _ in range(2):
        assert asking.allows(asked())
        asking.complete(asked())
    assert (asking.allows(asked()), asking.degraded) == (False, False)


def test_time_runs_out_as_a_failure() -> None:
    asking = Model(Counting(), budget=Budget(seconds=0)).asking()
    assert (asking.allows(asked()), asking.degraded) == (False, True)
    assert [str(f) for f in asking.failures] == ["no time is left for the model in this turn"]
