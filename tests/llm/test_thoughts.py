"""What a model thinks aloud is no part of its answer, wherever its text is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.thoughts import Thoughts

LEADING = re.compile(r"\A(?:\s*<(think|thinking)>.*?(?:</\1>|\Z))+\s*", re.DOTALL)
TEXTS = st.lists(
    st.sampled_from(
        ["<think>", "</think>", "<thinking>", "</thinking>", "<thin", "</", "<", ">", " ", "\n", "a", "[1] 灰"]
    )
).map("".join)


def answer(*pieces: str) -> str:
    thoughts = Thoughts()
    return "".join([*(thoughts.without(piece) for piece in pieces), thoughts.rest()])


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("", ""),
        ("[1] Warm.", "[1] Warm."),
        ("<think>Hm. [2]?</think>\n\n[1] Warm.", "[1] Warm."),
        ("\n <think></think>[1] Warm.", "[1] Warm."),
        ("<thinking>a</think>b</thinking> c", "c"),
        ("<think>a</think><think>b</think>c", "c"),
        ("<think>never done", ""),
        ("<thin", "<thin"),
        ("<thinner>", "<thinner>"),
        ("  so", "  so"),
        ("so <think>a</think>", "so <think>a</think>"),
        ("<think>a</think>b<think>c</think>", "b<think>c</think>"),
    ],
)
def test_leading_thoughts_go_and_nothing_else(said: str, left: str) -> None:
    assert answer(said) == left
    assert answer(*said) == left


@given(TEXTS, st.data())
def test_cut_anywhere_the_same_is_left(said: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)))))
    parts = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    assert answer(*parts) == LEADING.sub("", said)


def test_what_is_past_all_thoughts_is_handed_on_at_once() -> None:
    thoughts = Thoughts()
    assert [thoughts.without(piece) for piece in ("<think>a</th", "ink>", "\n", "b", " ", "<")] == [
        "",
        "",
        "",
        "b",
        " ",
        "<",
    ]
