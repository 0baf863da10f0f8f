"""What to give up when no product meets every hard constraint.

The stated order, least dear first: attributes, ratings and availability; numbers; the brand; the price; what was
ruled out ("not Logitech"). What kind of product it is, is never given up: another kind is no answer. A number that is
missed by little is cheap to loosen (10 % over the price is dearer than nothing, cheaper than a missing attribute), and
giving up one constraint is better than two. Of equals, the older one goes: the last thing said is what the shopper
is looking at.

Pure: knows the constraints and, through two functions, how many and how near; no catalogue, no text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from catalog.types import Constraint, Op

Mask = NDArray[np.bool_]
Match = Callable[[Sequence[Constraint]], Mask]
"""Which products meet all of these."""
Gap = Callable[[Constraint, Mask], float]
"""By how much, 0 (a hair) to 1 (wholly), the nearest product of the mask misses this constraint."""

MOST_GIVEN_UP = 4
_FULL_MISS = 0.5  # a bound missed by half its value is as good as not met


def dearness(constraint: Constraint) -> float | None:
    """What giving a constraint up wholly costs; None: never given up."""
    if constraint.slot == "category":
        return None
    if constraint.op.negative:
        return 6.0
    named = {"price": 5.0, "brand": 3.0, "title": 3.0, "rating": 1.0, "availability": 1.0}
    if constraint.slot in named:
        return named[constraint.slot]
    return 2.0 if is_number(constraint) else 1.0


def is_number(constraint: Constraint) -> bool:
    """Whether it compares numbers, so that it can be missed by a little."""
    return any(isinstance(v, float) for v in constraint.values) and not constraint.op.negative


def relax(hard: Sequence[Constraint], match: Match, gap: Gap) -> tuple[tuple[Constraint, ...], Mask] | None:
    """What to give up, oldest first, and the products that meet the rest; None when nothing helps.

    Of the smallest sets that leave anything, the cheapest: dearness times how far the nearest product misses it.
    """
    each = [match([c]) for c in hard]
    for size in range(1, min(len(hard), MOST_GIVEN_UP) + 1):
        helpful = list(_helpful(hard, size, match, each))
        if helpful:
            costs = [sum(_cost(c, mask, gap) for c in given) for given, mask in helpful]
            return helpful[costs.index(min(costs))]
    return None


def alone(hard: Sequence[Constraint], match: Match, gap: Gap) -> list[tuple[Constraint, Mask]]:
    """Each constraint that may be given up by itself, with what that leaves, the cheapest first; nothing ruled out."""
    found = [(c, match([k for k in hard if k is not c])) for c in hard if dearness(c) is not None and not c.op.negative]
    return sorted(((c, mask) for c, mask in found if mask.any()), key=lambda pair: _cost(pair[0], pair[1], gap))


def overshoot(constraint: Constraint, span: tuple[float, float] | None) -> float:
    """The gap of a number: how far the nearest end of `span` (in the constraint's unit) misses it, 0..1.

    A bound missed by half its value or more counts 1, as does a span that is not known.
    """
    value = constraint.values[0]
    if span is None or isinstance(value, str | bool) or not is_number(constraint):
        return 1.0
    low, high = span
    over = low - value if constraint.op is not Op.GE and constraint.op is not Op.GT else 0.0
    under = value - high if constraint.op not in (Op.LE, Op.LT) else 0.0
    missed = max(over, under, 0.0) / max(abs(value), 1e-9)
    return min(1.0, missed / _FULL_MISS)


def _helpful(
    hard: Sequence[Constraint], size: int, match: Match, each: Sequence[Mask]
) -> Iterator[tuple[tuple[Constraint, ...], Mask]]:
    """Every set of this size that may be given up and leaves something, the oldest constraints first.

    `each`: what meets each by itself; where those have nothing in common, asking for one variant is in vain.
    """
    loose = [i for i, c in enumerate(hard) if dearness(c) is not None]
    for given in combinations(loose, size):
        kept = [i for i in range(len(hard)) if i not in given]
        if kept and not np.logical_and.reduce([each[i] for i in kept]).any():
            continue
        mask = match([hard[i] for i in kept])
        if mask.any():
            yield tuple(hard[i] for i in given), mask


def _cost(constraint: Constraint, left: Mask, gap: Gap) -> float:
    """Even the nearest miss costs a little: what was wished is not met."""
    return (dearness(constraint) or 0.0) * max(0.05, gap(constraint, left))
