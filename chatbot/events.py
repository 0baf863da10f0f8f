"""What a turn comes to, and the events it streams on the way there.

All frozen. Knows nothing of how a turn is taken or how its bytes are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from catalog.types import Constraint
from chatbot.context import Order, Told
from chatbot.gestures import Gesture
from chatbot.quoted import Quoted
from chatbot.types import (
    AgentAct,
    AnsweredBy,
    DialogueState,
    Dropped,
    Figure,
    ItemFact,
    Language,
    Need,
    Question,
    StateUpdate,
    Suggestion,
    Table,
    UserAct,
    Wish,
)
from retrieval.types import Query, Retrieved


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to: the Turn of CONTRACTS.md as a value (chatbot/wire.py writes it as JSON).

    `absent`: names said of what the shop does not carry. `unknown`: what was asked that the records of these items do not
    say. `took_back`: the turn whose change was undone, or that was answered again.
    """

    number: int
    user: str
    language: Language
    user_acts: tuple[UserAct, ...]
    acts: tuple[AgentAct, ...]
    text: str
    ledger: tuple[Wish, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    needs: tuple[Need, ...] = ()
    active: tuple[int, ...] = ()
    refers_to: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    relaxed: tuple[Constraint, ...] = ()
    table: Table | None = None
    suggestions: tuple[Suggestion, ...] = ()
    quick_replies: tuple[str, ...] = ()
    facts: tuple[ItemFact, ...] = ()
    figures: tuple[Figure, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    gesture: Gesture | None = None
    handoff: Told | None = None
    order: Order | None = None
    absent: tuple[str, ...] = ()
    unknown: tuple[Question, ...] = ()
    took_back: int | None = None
    tracked_by: AnsweredBy = "embedded"
    ranked_by: AnsweredBy = "embedded"
    degraded: bool = False
    llm_calls: int = 0
    tokens: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"prompt": 0, "cached": 0, "completion": 0})
    )
    ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Tracked:
    update: StateUpdate
    state: DialogueState
    by: AnsweredBy


@dataclass(frozen=True, slots=True)
class Recalled:
    need: int
    query: Query
    retrieved: Retrieved


@dataclass(frozen=True, slots=True)
class Suggested:
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    turn: Turn
    state: DialogueState


Event = Tracked | Recalled | Suggested | Said | Finished
