"""What the assistant keeps of taps while a person of the shop is in the conversation."""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

from chatbot.events import Event, Finished
from chatbot.gestures import Edited, Gesture
from chatbot.joined import is_kept, noted
from chatbot.turn import Chatbot
from chatbot.types import DialogueState


def _end(events: object) -> Finished:
    *_, end = cast(Generator[Event], events)
    assert isinstance(end, Finished)
    return end


def _tapped(chatbot: Chatbot, state: DialogueState, tap: Gesture) -> Finished:
    return _end(noted(state, cast(Generator[Event], chatbot.gesture(state, tap)), tap))


def test_what_was_turned_down_stays_so_and_can_be_taken_back(chatbot: Chatbot) -> None:
    shown = _end(chatbot.turn(DialogueState(), "mice under 30"))
    first = shown.turn.suggestions[0].candidate.product.id
    refused = _tapped(chatbot, shown.state, Gesture("reject", (first,)))
    assert (refused.state.rejected, refused.turn.suggestions, refused.turn.text) == ((first,), (), "")
    undone = _tapped(chatbot, refused.state, Gesture("undo"))
    assert (undone.state.rejected, undone.turn.took_back) == ((), refused.turn.number)
    assert undone.turn.ledger == shown.turn.ledger


def test_nothing_is_answered_again(chatbot: Chatbot) -> None:
    asked = _end(chatbot.turn(DialogueState(), "mice under 30"))
    again = _tapped(chatbot, asked.state, Gesture("retry"))
    assert (again.turn.ledger, again.turn.user_acts, again.turn.took_back) == (asked.turn.ledger, (), None)
    assert again.state.last == asked.state.last


def test_only_what_asks_to_be_shown_something_is_shown() -> None:
    assert [is_kept(what) for what in ("hello", Edited(), Gesture("soften", wish="w1"), Gesture("handoff"))] == [
        False,
        True,
        True,
        True,
    ]
    assert not any(is_kept(Gesture(type, ("a",))) for type in ("similar", "compare", "details"))
