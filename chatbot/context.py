"""What a turn knows besides the dialogue: the product page the shopper stands on, and the shop's people and systems.

Whoever takes a message makes one for it (the web does); a turn without one has neither. Knows nothing of HTTP, of
storage, or of how a person is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from chatbot.types import DialogueState

Told = Literal["absent", "kept", "told", "joined", "left"]
"""What became of a shopper's wish for a person. `absent`: this shop has nobody to tell. `kept`: it lies in the inbox,
and nobody has confirmed that. `told`: the shop's own system acknowledged it. `joined`: a person is in the conversation.
`left`: the shopper waits for one no longer. Only what happened may be said."""

OrderFound = Literal["absent", "unsigned", "unnamed", "unknown", "failed", "found"]
"""What became of a question about an order. `absent`: this shop answers none. `unsigned`: the shopper is not signed in.
`unnamed`: no order was named. `unknown`: the shop knows no such order of theirs. `failed`: its system did not answer."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop's own system states it; nothing of it passes a model. `eta`: a date (ISO 8601)."""

    found: OrderFound
    number: str = ""
    status: str = ""
    eta: str = ""
    url: str = ""


class Counter(Protocol):
    """The shop's people and systems behind one conversation. A call may take a second or two, and none raises."""

    @property
    def staffed(self) -> bool:
        """Is there anybody to tell that a person is wished for?"""
        ...

    @property
    def waiting(self) -> bool:
        """Is a person wished for, and not in the conversation yet?"""
        ...

    def leave(self) -> bool:
        """The wish is taken back; False: it stands as it stood."""
        ...

    def handoff(self, state: DialogueState, message: str) -> Told:
        """A person is wished for; what came of it."""
        ...

    def order(self, number: str) -> Order:
        """Where an order stands; `number` is "" where none was named."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """`item`: the id of the product whose page is open ("this one"). `counter`: None where the shop is only a catalogue.
    `shop`: what the shop calls itself; "" where it has not said. `kept`: is the conversation kept, and can be deleted?"""

    item: str | None = None
    counter: Counter | None = None
    shop: str = ""
    kept: bool = False

    def waiting(self) -> bool:
        """Is a person waited for?"""
        return self.counter is not None and self.counter.waiting
