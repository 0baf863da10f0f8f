"""Which one question to ask.

A question pays by how far its answer narrows the products that still match (expected information), how many of them
state the property, and how often shoppers speak of it: one who does not care answers nothing. What a thing must fit, then
the budget come first, as they do with people who sell. Knows nothing of wording, nor of how an answer is understood.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import demand
from catalog.compatibility import SLOT as DEVICES
from catalog.store import Catalog
from catalog.types import Constraint, Op, Slot
from chatbot.types import DialogueState, Need

Mask = NDArray[np.bool_]

ASK_ABOVE = 12  # fewer matches than this are quicker to look at than to talk about
FACETS = 24
BANDS = 4
LEAST_BITS = 0.5  # an answer that halves less than this is not worth a question
MIN_COVERAGE = 0.4
RARE = 0.1  # a property that fewer products state is no more telling for being rare
SMALL_SHOP = 30  # with more filterable slots than this, only what shoppers are known to speak of is asked
UMBRELLA = 4  # kinds that one word stands for ("something to wear"), from which on it is asked which of them
IGNORED = 2  # questions left unanswered, after which no more are asked
LOOKED_AT = 400  # products that hold a need's words, where no kind is known
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a number slot: None is an open end; low == high is one value."""

    low: float | None
    high: float | None
    count: int


def question_for(catalog: Catalog, state: DialogueState, need: Need, mask: Mask) -> Slot | None:
    """The slot worth asking about for a need, or None. `mask`: products that meet its hard constraints.

    Never one that was asked, declined, or stands in the ledger, by its name or by another column for the same thing.
    """
    mask = candidates(catalog, need, mask)
    if int(mask.sum()) <= ASK_ABOVE or len(set(state.asked) - _answered(state, need)) >= IGNORED:
        return None
    left = {slot.name: slot for slot in open_slots(catalog, state, need)}
    for first in filter(None, (left.pop(name, None) for name in _FIRST)):
        if information(catalog, first, mask) >= LEAST_BITS:
            return first
    kinds = _kinds(need)
    bits = {name: information(catalog, slot, mask) for name, slot in left.items()}
    asked = [slot for slot in left.values() if bits[slot.name] >= LEAST_BITS]
    return max(asked, key=lambda s: bits[s.name] * worth(s, kinds), default=None)


def open_slots(catalog: Catalog, state: DialogueState, need: Need) -> list[Slot]:
    """Slots that may be asked about: shoppers can answer them, enough of the kind state them, nothing was said of them."""
    settled = _settled(catalog, state, need)
    return [slot for slot in _askable(catalog, _kinds(need)) if slot.name not in settled]


def candidates(catalog: Catalog, need: Need, mask: Mask) -> Mask:
    """Of the products that meet the constraints those that hold the need's words, where no kind narrows them."""
    if _kinds(need) or not need.query:
        return mask
    held = [position for position, _ in catalog.keywords(need.query, LOOKED_AT, mask)]
    if not held:
        return mask
    found = np.zeros(len(mask), np.bool_)
    found[held] = True
    return found


def information(catalog: Catalog, slot: Slot, mask: Mask) -> float:
    """Bits that an answer is expected to tell: the entropy of the products' split, by the share that states the slot."""
    total = int(mask.sum())
    if slot.kind == "number":
        counts = [band.count for band in bands(catalog, slot, mask)]
    elif slot.kind == "boolean":
        counts = [int((mask & catalog.match([Constraint(slot.name, Op.EQ, truth)])).sum()) for truth in (True, False)]
    else:
        counts = [n for _, n in values_of(catalog, slot, mask, FACETS)]
    return _entropy(counts) * min(1.0, sum(counts) / total) if total else 0.0


def values_of(catalog: Catalog, slot: Slot, mask: Mask, limit: int) -> list[tuple[str, int]]:
    """The slot's values with their counts, most frequent first; of kinds of product, none that is a department of several."""
    found = catalog.facets(slot.name, mask, limit)
    if slot.name != "category":
        return found
    own = {term.value for term in catalog.vocabulary(slot.name) if term.value in term.kinds}
    return [(value, n) for value, n in found if value in own] or found


def worth(slot: Slot, kinds: Sequence[str]) -> float:
    """How likely a shopper has an answer: the share of searches that speak of it, among things that have it at all."""
    share = demand.share(slot.concept)
    if demand.is_counted(slot.concept):
        share /= max(slot.coverage, RARE)
    if any(slot.concept in demand.asked_of(kind) for kind in kinds):
        share = max(share, demand.usual())
    return min(1.0, share)


def bands(catalog: Catalog, slot: Slot, mask: Mask) -> list[Band]:
    """At most BANDS stretches that hold about as many products each, cut at round numbers; few values stand alone."""
    numbers = np.sort(catalog.numbers(slot.name, mask))
    values, counts = np.unique(numbers, return_counts=True)
    if len(values) <= BANDS:
        return [Band(float(v), float(v), int(n)) for v, n in zip(values, counts, strict=True)]
    quantiles = np.quantile(numbers, [n / BANDS for n in range(1, BANDS)])
    cuts = [c for c in dict.fromkeys(_round(float(q)) for q in quantiles) if values[0] < c <= values[-1]]
    ends: list[float | None] = [None, *cuts, None]
    places = np.searchsorted(numbers, cuts)
    held = np.diff([0, *places.tolist(), len(numbers)]).tolist()
    return [Band(ends[n], ends[n + 1], int(count)) for n, count in enumerate(held) if count]


def _askable(catalog: Catalog, kinds: Sequence[str]) -> Iterable[Slot]:
    few = sum(s.informable for s in catalog.slots) <= SMALL_SHOP
    serving = bool(kinds) and all(catalog.lexicon.serves(kind) for kind in kinds)
    for slot in catalog.slots:
        if not slot.informable or _coverage(slot, kinds) < MIN_COVERAGE:
            continue
        plain = slot.kind in ("category", "number", "boolean") and not slot.dates and slot.name not in _NEVER
        fitting = slot.name != DEVICES or serving
        known = few or slot.name in _FIRST or demand.is_counted(slot.concept) or worth(slot, kinds) > RARE
        if plain and known and fitting:
            yield slot


_FIRST = ("category", DEVICES, "price")
_NEVER = ("title", "rating", "availability", "on_sale")  # what everybody wants the best of is not asked


def _settled(catalog: Catalog, state: DialogueState, need: Need) -> set[str]:
    """Slots that were talked about, and others that stand for the same."""
    named = {w.slot for w in need.wishes} | set(state.asked) | set(state.declined)
    if len(_kinds(need)) >= UMBRELLA and "category" not in (*state.asked, *state.declined):
        named.discard("category")
    concepts = {s.concept for s in catalog.slots if s.name in named and s.concept}
    return named | ({s.name for s in catalog.slots if s.concept in concepts} if concepts else set())


def _answered(state: DialogueState, need: Need) -> set[str]:
    return {w.slot for w in need.wishes} | set(state.declined)


def _kinds(need: Need) -> list[str]:
    wishes = (w.what for w in need.wishes if w.slot == "category")
    return [str(v) for c in wishes if isinstance(c, Constraint) and not c.op.negative for v in c.values]


def _coverage(slot: Slot, kinds: Sequence[str]) -> float:
    known = [slot.by_kind[k].coverage for k in kinds if k in slot.by_kind]
    return max(known, default=slot.coverage)


def _entropy(counts: Sequence[int]) -> float:
    filled = sum(counts)
    return -sum(n / filled * math.log2(n / filled) for n in counts if n)


def _round(value: float) -> float:
    """A number as people would cut there: 136.94 is 150, 8999 is 9000."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{min(_NICE, key=lambda nice: abs(nice * power - value)) * power:.6g}")
