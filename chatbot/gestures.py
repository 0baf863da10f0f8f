"""What a shopper does by hand where others would type. Values only; knows nothing of buttons or of what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalog.types import Constraint

GestureType = Literal["similar", "compare", "details", "reject", "undo", "retry", "soften", "harden", "handoff"]


@dataclass(frozen=True, slots=True)
class Gesture:
    """What a shopper does by a tap where others would type: with `items` (ids of products), or with the wish `wish`."""

    type: GestureType
    items: tuple[str, ...] = ()
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """The ledger changed by hand: wishes clicked off (by id), constraints put on."""

    remove: tuple[str, ...] = ()
    add: tuple[Constraint, ...] = ()
