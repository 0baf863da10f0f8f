"""Turns of a conversation that a person of the shop is in: what the shopper says and does is kept, and nothing is answered.

A tap that asks to be shown something is no business of these: what it asks for is shown, from the records, as ever. Knows
nothing of who the person is, or of how words reach them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace

from chatbot import state as states
from chatbot.events import Event, Finished, Tracked, Turn
from chatbot.gestures import Gesture
from chatbot.types import AgentAct, DialogueState, Exchange, StateUpdate

_SHOWS = ("similar", "compare", "details")
"""Taps that ask for something to be shown, and for nothing else."""


def is_kept(what: object) -> bool:
    """Is this done by hand, and shows nothing of its own? What is typed is the person's to answer."""
    return not isinstance(what, str) and not (isinstance(what, Gesture) and what.type in _SHOWS)


def passed_on(state: DialogueState, text: str) -> Iterator[Event]:
    """The turn of a message, which the person answers."""
    after = replace(state, turn=state.turn + 1)
    after = states.talked(after, Exchange(text, "left to a person"))
    yield _silent(state, after, StateUpdate(()), text)


def noted(state: DialogueState, events: Generator[Event], tap: Gesture | None = None) -> Iterator[Event]:
    """The turn of a tap, or of an edit of the ledger, whose answer `events` would be: what it changes, and no more. Nothing
    is answered again."""
    with closing(events):
        if tap and tap.type == "retry":
            yield _silent(state, replace(state, turn=state.turn + 1), StateUpdate(()), "", tap)
            return
        tracked = next(event for event in events if isinstance(event, Tracked))
    yield tracked
    turned_down = tracked.update.refers_to if tap and tap.type == "reject" else ()
    yield _silent(state, states.remember(tracked.state, (), rejected=turned_down), tracked.update, "", tap)


def _silent(
    before: DialogueState, after: DialogueState, update: StateUpdate, text: str, tap: Gesture | None = None
) -> Finished:
    """The end of a turn with nothing said."""
    after = replace(after, pending=None)
    undone = tap is not None and tap.type == "undo" and bool(before.undo)
    turn = Turn(
        number=after.turn,
        user=text,
        language=after.language,
        user_acts=update.acts,
        acts=(AgentAct.HANDOFF,),
        text="",
        ledger=after.wishes,
        dropped=tuple(d for d in after.dropped if d.turn == after.turn),
        needs=after.needs,
        active=after.active,
        handoff="joined",
        gesture=tap,
        took_back=before.undo[-1].turn if undone else None,
    )
    return Finished(turn, after)
