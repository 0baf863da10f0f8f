"""Next-item recommendation by a model: what is asked, how the answer is read, how rounds are put together."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import LLMBadOutput, LLMUnavailable
from learning.recommend.llm import LLMRecommender
from llm.scripted import ScriptedLLM
from prompts.types import Rendered

HISTORY = ("Kettle", "Teapot", "Strainer [steel]")
CANDIDATES = ("Green tea", "Bicycle pump", "Tea cosy", "Lawn mower")


def listed(rendered: Rendered) -> list[str]:
    """The candidates as a model reads them, in their order."""
    return re.findall(r"^\[\d+\] (.*)$", rendered.messages[1].content, re.MULTILINE)


def numbers(rendered: Rendered, *titles: str) -> str:
    """An answer that names these titles."""
    return "".join(f"[{listed(rendered).index(title) + 1}]\n" for title in titles)


def asked(style: str, history: tuple[str, ...] = HISTORY) -> str:
    return LLMRecommender(ScriptedLLM(), style).rendered(history, CANDIDATES).messages[1].content.strip()  # type: ignore[arg-type]


def test_the_sequence_is_told_the_oldest_first() -> None:
    assert asked("sequential") == (
        "The shop offers products. The customer took, the oldest first:\n- Kettle\n- Teapot\n- Strainer steel\n\n"
        "Candidates:\n[1] Green tea\n[2] Bicycle pump\n[3] Tea cosy\n[4] Lawn mower"
    )


def test_recency_names_the_last_once_more() -> None:
    sequence = asked("sequential")
    told = sequence.replace("steel\n", "steel\nMind what the customer took last: Strainer steel\n")
    assert asked("recency") == told != sequence


def test_the_example_is_the_last_step() -> None:
    assert asked("in_context").startswith(
        "The shop offers products. The customer took, the oldest first:\n- Kettle\n- Teapot\n"
        "From these alone the right answer was: Strainer steel\n"
    )
    assert asked("in_context", ("Kettle",)) == asked("recency", ("Kettle",)), "one step shows nothing"


def test_only_the_latest_are_told() -> None:
    told = asked("sequential", tuple(f"Book {n}" for n in range(1, 41)))
    assert re.findall(r"Book \d+", told) == [f"Book {n}" for n in range(21, 41)]


def test_a_ranking_is_read_back_in_the_places_that_were_given() -> None:
    shuffled = _first_prompt(rounds=1)
    llm = ScriptedLLM({"recommend_recency": numbers(shuffled, "Tea cosy", "Green tea", "Lawn mower", "Bicycle pump")})
    ranking = LLMRecommender(llm).rank(HISTORY, CANDIDATES)
    assert ranking.order == (2, 0, 3, 1)
    assert llm.calls == [shuffled]
    llm.finish()


def test_what_is_left_out_comes_behind_and_what_is_made_up_nowhere() -> None:
    answer = "Sure!\n" + numbers(_first_prompt(rounds=1), "Lawn mower", "Lawn mower") + "[17]\n[0]\n"
    ranking = LLMRecommender(ScriptedLLM({"recommend_recency": answer})).rank(HISTORY, CANDIDATES)
    assert ranking.order == (3, 0, 1, 2)
    assert [one.answered for one in ranking.rounds] == [(3,)]


def test_rounds_are_shuffled_anew_and_their_places_added_up() -> None:
    first, second, third = _prompts(rounds=3)
    assert len({tuple(listed(prompt)) for prompt in (first, second, third)}) == 3
    answers = [
        numbers(first, "Green tea", "Tea cosy", "Bicycle pump", "Lawn mower"),
        numbers(second, "Lawn mower", "Tea cosy"),
        numbers(third, "Tea cosy", "Green tea", "Lawn mower", "Bicycle pump"),
    ]
    ranking = LLMRecommender(ScriptedLLM({"recommend_recency": answers}), rounds=3).rank(HISTORY, CANDIDATES)
    # Green tea 0 + 2.5 + 1, Bicycle pump 2 + 2.5 + 3, Tea cosy 1 + 1 + 0, Lawn mower 3 + 0 + 2
    assert ranking.order == (2, 0, 3, 1)
    assert [one.answered for one in ranking.rounds] == [(0, 2, 1, 3), (3, 2), (2, 0, 3, 1)]


def test_the_same_seed_asks_the_same() -> None:
    assert _prompts(rounds=2, seed=5) == _prompts(rounds=2, seed=5) != _prompts(rounds=2, seed=6)


def test_rounds_differ_in_the_candidates_alone() -> None:
    heads = {prompt.messages[1].content.partition("[1]")[0] for prompt in _prompts(rounds=3)}
    assert len(heads) == 1, "what comes before the candidates is read once by a server with a prefix cache"


@pytest.mark.parametrize("trouble", [LLMUnavailable("gone"), "I would pick the tea cosy.\n", ""])
def test_no_ranking_is_no_ranking(trouble: str | LLMUnavailable) -> None:
    llm = ScriptedLLM({"recommend_recency": [trouble]})
    with pytest.raises(LLMUnavailable if isinstance(trouble, LLMUnavailable) else LLMBadOutput):
        LLMRecommender(llm).rank(HISTORY, CANDIDATES)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=3), st.text(max_size=60))
def test_whatever_is_answered_every_candidate_is_ranked_once(history: list[str], answer: str) -> None:
    llm = ScriptedLLM({"recommend_recency": f"[1]\n{answer}"})
    ranking = LLMRecommender(llm).rank(history, CANDIDATES)
    assert sorted(ranking.order) == [0, 1, 2, 3]
    assert len(listed(llm.calls[0])) == 4, "no title can pass for a numbered line"


def _prompts(rounds: int, seed: int = 0) -> list[Rendered]:
    llm = ScriptedLLM({"recommend_recency": ["[1]\n"] * rounds})
    LLMRecommender(llm, rounds=rounds, seed=seed).rank(HISTORY, CANDIDATES)
    return llm.calls


def _first_prompt(rounds: int) -> Rendered:
    return _prompts(rounds)[0]
