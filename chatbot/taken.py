"""A message as a turn takes it: what was sent, where, and with what at hand. Knows nothing of what it means."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from chatbot import orders
from chatbot.asking import Asking
from chatbot.context import Context
from chatbot.gestures import Edited, Gesture
from chatbot.track.aside import Aside, apart
from chatbot.types import DialogueState

Message = str | Gesture | Edited


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as it was taken: what was sent, by whom and where; `again`: the earlier message to be answered again."""

    what: Message
    context: Context
    asking: Asking | None
    again: Message | None = None
    started: float = field(default_factory=time.perf_counter)

    @property
    def message(self) -> Message:
        return self.what if self.again is None else self.again

    @property
    def text(self) -> str:
        """The shopper's words; "" where nothing was typed."""
        return self.message if isinstance(self.message, str) else ""

    def aside(self, state: DialogueState) -> Aside:
        """What is said to the assistant itself, and the rest."""
        return apart(self.text, state, self.context.waiting)

    def said(self, state: DialogueState) -> orders.Said:
        """The rest of the shopper's words, without the number of an order."""
        return orders.apart(self.aside(state).rest, _order_awaited(state))

    def told(self, state: DialogueState) -> str:
        """All of the shopper's words without the number of an order."""
        return orders.apart(self.text, _order_awaited(state)).words

    @property
    def gesture(self) -> Gesture | None:
        return self.what if isinstance(self.what, Gesture) else None


def _order_awaited(state: DialogueState) -> bool:
    return bool(state.pending and state.pending.order)
