"""The values of a scripted dialogue: what it says, what it expects, what was seen. Frozen; no behaviour but reading.

Knows nothing of YAML or of how a turn is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from catalog.types import Product
from chatbot.events import Turn
from chatbot.scripts.predicates import Item
from chatbot.types import DialogueState

FEEDBACK = ("impression", "click", "like", "dislike", "cart", "purchase")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an expectation may look at.

    `turn`: what the assistant answered. `before`: the state it answered from. `shown_at[n]`: ids of the cards that
    step n showed. `known`: every product that any turn so far showed or spoke about. `matched`: how many items each
    search of this turn found.
    """

    turn: Turn
    before: DialogueState
    shown_at: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    known: Mapping[str, Product] = field(default_factory=lambda: MappingProxyType({}))
    matched: tuple[int, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The cards, top first."""
        return tuple(Item(s.candidate.product, s.candidate.variant) for s in self.turn.suggestions)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(s.candidate.product.id for s in self.turn.suggestions)


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing a turn must fulfil. `key` and `written` as the script has them; `check` says what is wrong, or None."""

    key: str
    written: str
    line: int
    check: Callable[[Seen], str | None] = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.key}: {self.written}"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A click, like, cart ... on the card at `rank` (from 1) of the latest list."""

    type: str
    rank: int


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of `turns:`: the shopper writes (`user`), clicks a wish off (`remove`) or reacts to a card (`event`)."""

    number: int
    line: int
    user: str | None = None
    remove: str | None = None
    event: Feedback | None = None
    llm: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    expect: tuple[Expectation, ...] = ()

    def __str__(self) -> str:
        if self.user is not None:
            return self.user
        if self.remove is not None:
            return f"[removes {self.remove}]"
        return f"[{self.event.type} on {self.event.rank}]" if self.event else "[nothing]"


@dataclass(frozen=True, slots=True)
class Script:
    """One scripted dialogue."""

    name: str
    file: Path
    line: int
    shop: str | None
    language: str
    tags: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def uses_llm(self) -> bool:
        return any(step.llm for step in self.steps)


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not hold: where it is written and what was seen instead."""

    expected: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step. `seen` is None when there was no turn (an event, or a crash)."""

    step: Step
    seen: Seen | None
    failures: tuple[Failure, ...]
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a dialogue: it passes when each of its steps does."""

    script: Script
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        return all(outcome.passed for outcome in self.outcomes)

    @property
    def seconds(self) -> float:
        return sum(outcome.seconds for outcome in self.outcomes)
