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
