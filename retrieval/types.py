"""What retrieval is asked and what it answers. Knows nothing of dialogue, models or SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from catalog.types import Constraint, Order, Product, Variant


@dataclass(frozen=True, slots=True)
class Query:
    """One thing looked for.

    `text`: words for recall, without negated ones. `hard`: constraints that every candidate meets, oldest first.
    `soft`: constraints that lift a candidate. `orders`: wished orders, the latest last; they order the candidates.
    `excluded`: product ids never to be returned (rejected, or shown already when more is asked).
    `said`: wishes in words, which lift what holds all of theirs. `ideal`: descriptions of items that would suit, for
    recall by meaning alone.
    """

    text: str = ""
    hard: tuple[Constraint, ...] = ()
    soft: tuple[Constraint, ...] = ()
    orders: tuple[Order, ...] = ()
    excluded: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    ideal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that could answer, with the variant that meets the constraints (None: no variants).

    `score`: fused, higher is better, 0..1. `ranks`: 1-based rank in each recall stage that found it.
    `stages`: each stage's own score. `missed`: relaxed hard constraints that this one breaks.
    """

    product: Product
    variant: Variant | None
    score: float
    ranks: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    stages: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    missed: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One hard constraint that, given up alone, leaves `count` products; the nearest of them has `nearest` of its slot
    (in the constraint's unit; None where that is no number)."""

    given: Constraint
    count: int
    nearest: float | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The answer to a Query.

    `matched`: how many products meet every hard constraint. `relaxed`: what was given up to find any (empty when
    matched > 0). `unknown`: content words of the text that occur in no record of the shop ("bananas"). `ways`: where
    nothing matched, every single constraint that could be given up instead, the cheapest first.
    """

    candidates: tuple[Candidate, ...]
    matched: int
    relaxed: tuple[Constraint, ...] = ()
    unknown: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
