"""Who answers a conversation, as a state machine: bot -> waiting -> human -> bot. Values and one function.

Knows nothing of storage, of who the people are, or of how they are told.
"""

from __future__ import annotations

from typing import Literal

Stage = Literal["bot", "waiting", "human"]
"""`bot`: the assistant answers. `waiting`: a person is wished for, and the assistant still answers. `human`: a person is
in the conversation, and the assistant is silent."""

Step = Literal["ask", "take", "close"]
"""`ask`: the shopper wishes for a person. `take`: one of the shop's people takes the conversation over, from a colleague
as well. `close`: it goes back to the assistant, whoever ends it."""

Reason = Literal["back", "done", "left"]
"""Why it went back: handed back to the assistant, or ended, by a person; or the shopper left."""

STEPS: dict[tuple[Stage, Step], Stage] = {
    ("bot", "ask"): "waiting",
    ("waiting", "ask"): "waiting",
    ("human", "ask"): "human",
    ("waiting", "take"): "human",
    ("human", "take"): "human",
    ("waiting", "close"): "bot",
    ("human", "close"): "bot",
}
"""Every step that there is. Nobody takes over what nobody asked to be taken over, and what is closed is not closed again."""


def after(stage: Stage, step: Step) -> Stage | None:
    """Where a step leads; None: there is no such step from here."""
    return STEPS.get((stage, step))
