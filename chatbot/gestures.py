"""What a shopper does by a tap where others would type. Knows nothing of buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GestureType = Literal["similar", "compare", "details", "reject", "undo", "retry", "soften", "harden", "handoff"]


@dataclass(frozen=True, slots=True)
class Gesture:
    """What a shopper does by a tap where others would type: with `items` (ids of products), or with the wish `wish`."""

    type: GestureType
    items: tuple[str, ...] = ()
    wish: str = ""
