"""What a dialogue can go back to: what stood before a change, and the state that the latest message met.

Values only; state.py knows when they are made and what going back means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.gestures import Edited, Gesture

if TYPE_CHECKING:
    from chatbot.types import DialogueState, Need


@dataclass(frozen=True, slots=True)
class Standing:
    """What stood before a change, and the turn that made the change: taking it back brings this again."""

    turn: int
    needs: tuple[Need, ...] = ()
    active: tuple[int, ...] = ()
    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest message, and the state that it met: what answering it again starts from."""

    what: str | Gesture | Edited
    met: DialogueState
