"""The scripted model: answers by name, in order, and fails on what nobody expected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import LLMUnavailable, ScriptError
from llm import Call, complete
from llm.scripted import ScriptedLLM
from prompts import Message, Rendered


def asked(name: str) -> Rendered:
    return Rendered(f"{name}@1", (Message("user", "?"),), 10)


def test_it_answers_each_prompt_in_order_and_keeps_the_calls() -> None:
    llm = ScriptedLLM({"track": "one", "rank": ["two", "three"]})
    assert [complete(llm, asked(name)) for name in ("rank", "track", "rank")] == ["two", "one", "three"]
    assert llm.calls == [asked("rank"), asked("track"), asked("rank")]
    llm.finish()


@given(st.text(), st.integers(min_value=1, max_value=9))
def test_an_answer_arrives_whole_in_pieces_of_the_size_asked_for(answer: str, piece: int) -> None:
    pieces = list(ScriptedLLM({"rank": answer}, piece).stream(asked("rank"), Call()))
    assert "".join(pieces) == answer
    assert all(len(p) == piece for p in pieces[:-1])


def test_an_unexpected_call_fails_even_when_its_caller_forgives() -> None:
    llm = ScriptedLLM({})
    with pytest.raises(ScriptError, match="no answer for a call of 'rank@1'"):
        complete(llm, asked("rank"))
    with pytest.raises(ScriptError, match="^unexpected calls: rank@1$"):
        llm.finish()


def test_an_answer_nobody_asked_for_fails() -> None:
    llm = ScriptedLLM({"track": "one", "rank": ["two", "three"]})
    complete(llm, asked("rank"))
    with pytest.raises(ScriptError, match=r"^answers never asked for: rank \(1\), track \(1\)$"):
        llm.finish()


def test_it_can_fail_as_models_do() -> None:
    with pytest.raises(LLMUnavailable, match="gone"):
        complete(ScriptedLLM({"rank": [LLMUnavailable("gone")]}), asked("rank"))


def test_a_set_cancel_ends_it() -> None:
    call = Call()
    stream = ScriptedLLM({"rank": "a long answer, cut short"}).stream(asked("rank"), call)
    assert next(stream) == "a long "
    call.cancel.set()
    assert list(stream) == []
