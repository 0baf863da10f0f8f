"""What is looked for: how many things, which of them now, and what of a sentence is no thing looked for."""

from __future__ import annotations

import pytest

from chatbot import state as states
from chatbot.track.needs import categories_of
from chatbot.types import DialogueState
from tests.chatbot.track.test_embedded import tracker


def needs(*messages: str) -> list[str]:
    """Each need with its wishes besides the category; one that the turn is not about in parentheses."""
    state = DialogueState()
    for message in messages:
        state = states.apply(state, tracker().track(state, message))
    told = []
    for need in state.needs:
        rest = [("" if w.hard else "~") + w.text for w in need.wishes if w.slot != "category"]
        whole = " & ".join(["/".join(categories_of(need)) or "-", *rest])
        told.append(whole if need.id in state.active else f"({whole})")
    return told


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["a mouse and a lamp"], ["mouse", "lamp"]),
        (["a sofa plus a lamp to match"], ["sofa", "lamp"]),
        (["a black mouse and a red sofa"], ["mouse & product_colour = Black", "sofa & colour = red"]),
        (["a mouse under 30 and a lamp under 60"], ["mouse & price < 30", "lamp & price < 60"]),
        (["a mouse and a lamp, each under 50"], ["mouse & price < 50", "lamp & price < 50"]),
        (["a shirt or a jacket"], ["shirt/jacket"]),
        (["a mous and a lmap"], ["mouse", "lamp"]),
        (["a shirt and a jacket, both are fine"], ["shirt/jacket"]),
    ],
)
def test_two_things_in_one_message(messages: list[str], expected: list[str]) -> None:
    assert needs(*messages) == expected


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["a sofa", "and a lamp"], ["(sofa)", "lamp"]),
        (["a sofa under 300", "now lamps"], ["(sofa & price < 300)", "lamp"]),
        (["a sofa", "lamps", "back to the sofa"], ["sofa", "(lamp)"]),
        (["a sofa and a lamp", "lamps later"], ["sofa", "(lamp)"]),
        (["a sofa and a lamp", "leave the lamp for another day"], ["sofa", "(lamp)"]),
        (["a sofa and a lamp", "the lamp can wait"], ["sofa", "(lamp)"]),
        (["a sofa and a lamp", "lamp first please"], ["(sofa)", "lamp"]),
        (["a sofa and a lamp", "forget the lamp"], ["sofa", "(-)"]),
        (["a shirt", "a jacket please"], ["(shirt)", "jacket"]),
    ],
)
def test_turning_from_one_thing_to_another(messages: list[str], expected: list[str]) -> None:
    assert needs(*messages) == expected


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["a blue shirt under 50", "a jacket actually"], ["jacket & colour = dark blue & price < 50"]),
        (["a shirt under 50", "i'd rather have a jacket"], ["jacket & price < 50"]),
        (["a shirt under 50", "a sofa instead"], ["(shirt & price < 50)", "sofa"]),
        (["a shirt under 50", "换成夹克"], ["jacket & price < 50"]),
    ],
)
def test_a_thing_of_the_same_sort_takes_the_place_of_another_with_its_wishes(
    messages: list[str], expected: list[str]
) -> None:
    """Budget, brand and looks carry over where the new thing has them; a thing of another sort begins anew."""
    assert needs(*messages) == expected


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["my old laptop broke, i need a mouse"], ["mouse & ~laptop"]),
        (["i've just bought a sofa and want a lamp"], ["lamp & ~sofa"]),
        (["i have a laptop and need a mouse for it"], ["mouse & ~laptop"]),
        (["a mouse", "in that case something cheaper"], ["mouse & price asc"]),
        (["a notebook", "it must have a good mouse"], ["notebook & ~mouse"]),
    ],
)
def test_what_is_owned_done_or_only_said_is_not_looked_for(messages: list[str], expected: list[str]) -> None:
    assert needs(*messages) == expected


@pytest.mark.parametrize(
    "told", ["the arm shelf should hold a cup", "its reading lamp must be dimmable", "the lamp arm should bend"]
)
def test_what_a_part_must_do_opens_no_search(told: str) -> None:
    assert [need.split(" &")[0] for need in needs("a sofa", told)] == ["sofa"]
