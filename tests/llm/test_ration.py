"""A model with so many tokens a day."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from errors import LLMNotAsked, LLMUnavailable
from llm.ration import Ration, Rationed
from llm.types import Call, Usage, complete
from prompts.types import Message, Rendered

ASKED = Rendered("rank@1", (Message("user", "x" * 300),), max_tokens=10)


class Purse:
    """A purse in the hand."""

    def __init__(self, of: int) -> None:
        self.of = of
        self.spent: list[int] = []

    @property
    def ration(self) -> Ration:
        return Ration(sum(self.spent), self.of)

    def spend(self, tokens: int) -> None:
        self.spent.append(tokens)


class Counting:
    """Answers "a b c", and counts as it is told to; may fail after some pieces."""

    def __init__(self, usage: Usage | None = None, fails_after: int | None = None) -> None:
        self.usage = usage or Usage()
        self.fails_after = fails_after
        self.asked = 0

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.asked += 1
        for number, piece in enumerate(("a ", "b ", "c")):
            if number == self.fails_after:
                raise LLMUnavailable("gone")
            yield piece
        call.usage = self.usage


def test_what_the_server_counts_is_spent_and_no_more_is_asked_then() -> None:
    model, purse = Counting(Usage(prompt=80, cached=40, completion=3)), Purse(100)
    llm = Rationed(model, purse)
    assert [complete(llm, ASKED), complete(llm, ASKED)] == ["a b c", "a b c"]
    assert (purse.spent, llm.ration) == ([83, 83], Ration(166, 100))
    with pytest.raises(LLMNotAsked, match="today are spent"):
        complete(llm, ASKED)
    assert (model.asked, purse.spent) == (2, [83, 83])


def test_without_a_count_the_lengths_are_spent() -> None:
    purse = Purse(1_000)
    assert complete(Rationed(Counting(), purse), ASKED) == "a b c"
    assert purse.spent == [100 + 3]


def test_an_answer_left_early_is_spent_as_far_as_it_came() -> None:
    purse = Purse(1_000)
    answer = Rationed(Counting(Usage(prompt=80, completion=3)), purse).stream(ASKED, Call())
    assert next(answer) == "a "
    answer.close()
    assert purse.spent == [100 + 1]


@pytest.mark.parametrize(("fails_after", "spent"), [(0, []), (2, [100 + 2])])
def test_a_failure_costs_what_had_come(fails_after: int, spent: list[int]) -> None:
    purse = Purse(1_000)
    with pytest.raises(LLMUnavailable, match="gone"):
        complete(Rationed(Counting(fails_after=fails_after), purse), ASKED)
    assert purse.spent == spent


def test_tokens_left_are_never_less_than_none() -> None:
    assert (Ration(10, 30).left, Ration(50, 30).left) == (20, 0)
