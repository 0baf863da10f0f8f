"""What the assistant asked, and the shopper's answer to it, over the small shop."""

from __future__ import annotations

import pytest

from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState


def talk(chatbot: Chatbot, *messages: str) -> tuple[Turn, DialogueState]:
    """The last turn of a talk and the state after it."""
    state = DialogueState()
    for message in messages:
        last = next(e for e in chatbot.turn(state, message) if isinstance(e, Finished))
        state = last.state
    return last.turn, state


@pytest.mark.parametrize(
    ("answer", "about"),
    [
        ("the Boulder one", ("m3",)),
        ("the second", ("m3",)),
        ("i mean the Logira", ("m1",)),
        ("either", ("m3", "m1")),
        ("都行", ("m3", "m1")),
    ],
)
def test_a_question_waits_until_the_item_is_clear(chatbot: Chatbot, answer: str, about: tuple[str, ...]) -> None:
    turn, state = talk(chatbot, "show me mice", "how heavy is the black one?", answer)
    assert ([a.value for a in turn.acts], turn.about, state.pending) == (["inform"], about, None)


def test_an_item_is_taken_once_it_is_clear(chatbot: Chatbot) -> None:
    turn, state = talk(chatbot, "show me mice", "i'll take the black one", "the Pebble Wireless Mouse")
    assert ([a.value for a in turn.acts], state.accepted) == (["confirm"], ("m1",))


def test_another_wish_is_no_answer(chatbot: Chatbot) -> None:
    turn, state = talk(chatbot, "show me mice", "how heavy is the black one?", "show me red jackets instead")
    assert [c.candidate.product.id for c in turn.suggestions] == ["j1"]
    assert state.pending is None


@pytest.mark.parametrize(
    ("message", "acts", "about"),
    [
        ("i'll take the first and the second", ["confirm"], ("k3", "k2")),
        ("how do i descale a steel kettle?", ["refuse"], ()),
        ("how heavy is the second one?", ["inform"], ("k2",)),
    ],
)
def test_two_are_taken_at_once_and_what_no_record_says_opens_no_need(
    chatbot: Chatbot, message: str, acts: list[str], about: tuple[str, ...]
) -> None:
    turn, state = talk(chatbot, "show me kettles", message)
    assert ([a.value for a in turn.acts], turn.about, len(state.needs)) == (acts, about, 1)


def test_a_thing_owned_already_is_shown_no_more(chatbot: Chatbot) -> None:
    turn, state = talk(chatbot, "show me mice", "i already have the Pebble", "show me mice again")
    assert state.rejected == ("m1",)
    assert "m1" not in {c.candidate.product.id for c in turn.suggestions}


def test_another_currency_is_said_to_be_compared_as_it_stands(chatbot: Chatbot) -> None:
    turn, _ = talk(chatbot, "a mouse under 30 euros")
    assert turn.text.startswith("Prices here are in USD: your amount in EUR is taken as so many USD. ")
    turn, _ = talk(chatbot, "a mouse under 30 dollars")
    assert "Prices here" not in turn.text
