"""What the shop's people and systems do in a turn: a wish for a person, an order's state, a policy.

Only what happened is said: that a person was told, when their system said so. Knows nothing of how they are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chatbot import state as states
from chatbot.events import Event, Finished, Turn
from chatbot.types import AgentAct, DialogueState, Exchange


def passed_on(state: DialogueState, text: str) -> Iterator[Event]:
    """The turn of a message that a person in the conversation answers: the assistant says nothing to it."""
    after = replace(state, turn=state.turn + 1, pending=None)
    after = states.talked(after, Exchange(text, "left to a person"))
    turn = Turn(
        number=after.turn,
        user=text,
        language=after.language,
        user_acts=(),
        acts=(AgentAct.HANDOFF,),
        text="",
        ledger=after.wishes,
        needs=after.needs,
        active=after.active,
        handoff="joined",
    )
    yield Finished(turn, after)
