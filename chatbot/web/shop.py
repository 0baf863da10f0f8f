"""The assistant in service: swapped when its catalogue has been imported anew, and how it is.

Knows nothing of HTTP or of conversations.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, Self

from catalog.types import Constraint, Product, Slot, Term
from chatbot.asking import Model
from chatbot.context import Context
from chatbot.events import Event
from chatbot.gestures import Gesture
from chatbot.types import DialogueState
from errors import CatalogError, UnknownSlot
from llm.guarded import Health as ModelHealth
from llm.ration import Ration
from llm.types import Call
from retrieval.types import Query, Retrieved


class Records(Protocol):
    """What the web needs of a catalogue."""

    @property
    def name(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def generation(self) -> str: ...
    @property
    def imported(self) -> datetime: ...
    @property
    def vectors(self) -> Any: ...
    def __len__(self) -> int: ...
    @property
    def slots(self) -> tuple[Slot, ...]: ...
    def slot(self, name: str) -> Slot: ...
    def vocabulary(self, slot_name: str) -> tuple[Term, ...]: ...
    def match(self, constraints: Iterable[Constraint]) -> Any: ...
    def numbers(self, slot_name: str, mask: Any) -> Any: ...
    def facets(self, slot_name: str, mask: Any, limit: int) -> list[tuple[str, int]]: ...
    def get(self, ids: tuple[str, ...]) -> tuple[Product, ...]: ...
    def with_variant(self, id: str) -> tuple[Product, ...]: ...
    def picture_hosts(self, limit: int) -> tuple[str, ...]: ...


class Assistant(Protocol):
    """What the web needs of a chatbot; chatbot.turn.Chatbot is one."""

    @property
    def catalog(self) -> Records: ...
    @property
    def model(self) -> Model | None: ...
    def turn(
        self, state: DialogueState, text: str, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]: ...
    def edit(
        self,
        state: DialogueState,
        remove: tuple[str, ...] = (),
        add: tuple[Constraint, ...] = (),
        call: Call | None = None,
        context: Context | None = None,
    ) -> Iterator[Event]: ...
    def gesture(
        self, state: DialogueState, gesture: Gesture, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]: ...
    def refreshed(self) -> Self: ...
    def with_model(self, model: Model | None) -> Self: ...
    def search(self, query: Query, limit: int) -> Retrieved: ...


def kinds(catalog: Records, limit: int) -> tuple[str, ...]:
    """The kinds of product a catalogue has most of, if it has kinds; departments that hold several are left out."""
    try:
        terms = catalog.vocabulary("category")
    except UnknownSlot:
        return ()
    return tuple(term.value for term in terms if term.value in term.kinds)[:limit]


@dataclass(frozen=True, slots=True)
class Health:
    """`not`: no conversation is possible; `degraded`: one is, with less than the shop was set up for."""

    status: Literal["ready", "degraded", "not"]
    why: tuple[str, ...] = ()


class Shop:
    """Gives the assistant over the catalogue as it is now. Safe to share between threads.

    `swapped`: called when there is another assistant.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.swapped: Callable[[], None] = lambda: None
        self._assistant = assistant
        self._stale = False
        self._lock = threading.Lock()

    def __call__(self) -> Assistant:
        """The newest assistant; the one before it while the newest catalogue is opened, or cannot be."""
        if not self._lock.acquire(blocking=False):
            return self._assistant  # somebody opens the newest: nobody need wait for that
        try:
            newest = self._assistant.refreshed()
            self._stale = False
            if newest is not self._assistant:
                self._assistant = newest
                self.swapped()
        except CatalogError:
            self._stale = True
        finally:
            self._lock.release()
        return self._assistant

    @property
    def latest(self) -> Assistant:
        """The assistant that was given last: never waits for a newer catalogue, so that an event loop may ask."""
        return self._assistant

    def warm_up(self) -> None:
        """Let the assistant load now what it would load while the first visitor waits."""
        (kind,) = self.kinds(1) or ("anything new",)
        for _ in self().turn(DialogueState(), kind):
            pass

    def kinds(self, limit: int) -> tuple[str, ...]:
        """The kinds of product the shop has most of, if it has kinds; departments that hold several are left out."""
        return kinds(self().catalog, limit)

    def model(self) -> ModelHealth | None:
        """How the assistant's model is doing, where it has one that knows."""
        model = self._assistant.model
        return model.health if model else None

    def ration(self) -> Ration | None:
        """The tokens that the model may cost today, where they are measured out."""
        model = self._assistant.model
        return model.ration if model else None

    def health(self) -> Health:
        catalog = self().catalog
        if not len(catalog):
            return Health("not", ("the catalogue is empty: import a feed",))
        why = []
        if self._stale:
            why.append("the catalogue on disk cannot be opened; the one opened earlier is in use")
        if catalog.vectors is None:
            why.append("the catalogue has no vectors; search is by keywords alone")
        model = self.model()
        if model and model.state != "closed":
            why.append("the model does not answer; messages are answered without it")
        ration = self.ration()
        if ration and not ration.left:
            why.append("the model's budget of tokens for today is spent; messages are answered without it")
        return Health("degraded" if why else "ready", tuple(why))
