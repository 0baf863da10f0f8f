"""Numbers of one property that cannot be compared: two units in one column, overlapping ranges.

Two units are told only where the numbers of one kind fall into two clusters whose ratio is the ratio of two units, and
the upper cluster, divided by it, lies among the lower. Robust: medians and quantiles, on a log scale.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from catalog.doctor.finding import Finding, found, listed, many
from catalog.doctor.survey import Filled, Survey, example
from catalog.types import Cell, Quantity, Slot
from catalog.units import convert, dimension_of

_ENOUGH = 12  # numbers of a kind
_CLUSTER = 3  # numbers of each cluster, and this share of all:
_SHARE = 0.02
_GAP = 3.0  # times between the two clusters
_AMONG = 0.9  # share of the upper cluster that must lie among the lower once divided
_SPREAD = 5.0  # times that a cluster may be wide between its quartiles, else it is no cluster
_USUAL = {  # units that feeds mix up, by dimension, larger first
    "length": ("m", "in", "cm", "mm"),
    "mass": ("kg", "lb", "g"),
    "data": ("TB", "GB", "MB", "KB"),
    "frequency": ("GHz", "MHz", "kHz", "Hz"),
    "time": ("h", "min", "s"),
    "power": ("kW", "W"),
    "volume": ("l", "ml"),
}
_STEPS = ("data", "frequency")  # what comes in steps, so that converted figures coincide with others
_STEP = 0.03  # what figures that come in steps may differ by (1000 or 1024), and the share that must coincide:
_SAME = 0.6
_SAID = 2  # texts that must say a cluster's unit otherwise
_FAR = 50.0  # times the usual figure that a kind's must be to stand in another unit
_RANGES = 0.5  # share of a number column's cells that are ranges, from which exact figures are missing


@dataclass(frozen=True, slots=True)
class _Mixed:
    kind: str
    cells: Sequence[Filled]  # those in the odd unit
    of: int
    usual: str
    odd: str


def mixed_units(survey: Survey) -> Iterator[Finding]:
    """A column in which some numbers of a kind stand in another unit than the rest, and none of them says so."""
    for name, slot in survey.slots.items():
        if slot.kind != "number" or name in ("price", "rating"):
            continue
        by_kind: defaultdict[str, list[Filled]] = defaultdict(list)
        for filled in survey.filled.get(name, ()):
            by_kind[filled.product.kind or ""].append(filled)
        found_mixed = [m for kind, cells in by_kind.items() if (m := _mixed(slot, kind, cells))]
        if found_mixed:
            yield _finding(survey, slot, found_mixed)


def _finding(survey: Survey, slot: Slot, mixed: Sequence[_Mixed]) -> Finding:
    hits = [(m, filled) for m in mixed for filled in m.cells]
    first = max(mixed, key=lambda m: len(m.cells))
    kinds = listed((f"{m.kind} {len(m.cells):,} of {m.of:,}" for m in sorted(mixed, key=lambda m: -len(m.cells))), 3)
    return found(
        "mixed units",
        f"{slot.name} holds {first.odd} among {first.usual} without saying so: {many(len(hits))} ({kinds})",
        f"write the unit into every cell of {slot.label or slot.name}, or convert these to {first.usual}",
        harm=0.8 * survey.interest(slot) + 0.15,
        count=len(hits),
        of=sum(m.of for m in mixed),
        examples=(example(f.product, f"{f.text} ({f.product.title})") for _, f in hits),
        slot=slot.name,
        kind=first.kind if len(mixed) == 1 else None,
    )


def _mixed(slot: Slot, kind: str, cells: Sequence[Filled]) -> _Mixed | None:
    bare = [(f, q.low) for f in cells for q in f.cells if _is_bare(q)]
    if len(bare) < _ENOUGH:
        return None
    values = np.log(np.array([value for _, value in bare]))
    cut = _widest_gap(values)
    low, high = values[values <= cut], values[values > cut]
    if min(len(low), len(high)) < max(_CLUSTER, _SHARE * len(values)) or high.min() - low.max() < np.log(_GAP):
        return None
    likely = ((_witnesses(bare, values > cut, pair), pair) for pair in _pairs(slot, kind, low, high))
    seen, pair = max(likely, default=((0, 0), ("", "")))
    if min(seen) < _SAID:
        return None
    minor_is_upper = len(high) <= len(low)
    odd = [f for (f, _), v in zip(bare, values, strict=True) if (v > cut) == minor_is_upper]
    return _Mixed(kind, odd, len(bare), *(pair if minor_is_upper else pair[::-1]))


def _is_bare(cell: Cell) -> TypeGuard[Quantity]:
    """A plain number that states no unit."""
    return isinstance(cell, Quantity) and cell.unit is None and cell.low == cell.high and cell.low > 0


def _widest_gap(values: NDArray[np.float64]) -> float:
    """The middle of the widest gap between neighbours that leaves enough on both sides."""
    ordered = np.sort(values)
    least = max(_CLUSTER, int(_SHARE * len(ordered)))
    gaps = np.diff(ordered)[least - 1 : len(ordered) - least]
    if not len(gaps):
        return float(ordered[-1])
    at = int(gaps.argmax()) + least - 1
    return float((ordered[at] + ordered[at + 1]) / 2)


def _pairs(slot: Slot, kind: str, low: NDArray[np.float64], high: NDArray[np.float64]) -> Iterator[tuple[str, str]]:
    """(unit of the lower numbers, unit of the upper) whose ratio explains the gap."""
    stats = slot.by_kind.get(kind)
    dimension = dimension_of(stats.unit) if stats and stats.unit else None
    if dimension not in _USUAL or (dimension not in _STEPS and max(_width(low), _width(high)) > np.log(_SPREAD)):
        return
    explains = _coincide if dimension in _STEPS else _lie_among
    for larger, smaller in permutations(_USUAL[dimension], 2):
        ratio = convert(1.0, larger, smaller)
        if ratio and ratio > _GAP and explains(high - np.log(ratio), low):
            yield larger, smaller


def _coincide(moved: NDArray[np.float64], low: NDArray[np.float64]) -> bool:
    """Are the figures, converted, figures that the lower cluster has, too (16384 MB is 16 GB)?"""
    known = np.unique(low)
    return float((np.abs(moved[:, None] - known[None, :]).min(axis=1) <= _STEP).mean()) >= _SAME


def _lie_among(moved: NDArray[np.float64], low: NDArray[np.float64]) -> bool:
    first, last = np.quantile(low, [0.05, 0.95]) + np.log([0.75, 1.34])
    return float(((moved >= first) & (moved <= last)).mean()) >= _AMONG


def _witnesses(
    bare: Sequence[tuple[Filled, float]], upper: NDArray[np.bool_], pair: tuple[str, str]
) -> tuple[int, int]:
    """How many products' own texts say a figure of the lower and of the upper cluster in its unit: a gap alone may be two
    sizes of a thing (a flat server, a tower). An upper figure may be said converted ("16 GB" for 16384)."""
    ratio = convert(1.0, *pair) or 1.0
    seen = Counter[bool]()
    for (filled, value), above in zip(bare, upper, strict=True):
        written = [(value, pair[1]), (value / ratio, pair[0])] if above else [(value, pair[0])]
        text = f"{filled.product.title} {filled.product.description}"
        ways = "|".join(rf"{re.escape(f'{figure:g}')}\s?{re.escape(unit)}" for figure, unit in written)
        seen[bool(above)] += re.search(rf"(?<![\d.])(?:{ways})(?![A-Za-z])", text) is not None
    return seen[False], seen[True]


def _width(values: NDArray[np.float64]) -> float:
    return float(np.subtract(*np.quantile(values, [0.75, 0.25])))


def odd_kinds(survey: Survey) -> Iterator[Finding]:
    """A clock speed that a whole kind gives in MHz and all others in GHz, and no cell says so."""
    for name, slot in survey.slots.items():
        if slot.kind != "number" or dimension_of(slot.unit or "") != "frequency":
            continue
        by_kind: defaultdict[str, list[tuple[Filled, float]]] = defaultdict(list)
        for filled in survey.filled.get(name, ()):
            if slot.unit_for(filled.product.kind) == slot.unit:
                by_kind[filled.product.kind or ""].extend((filled, q.low) for q in filled.cells if _is_bare(q))
        medians = {
            kind: float(np.median([v for _, v in cells])) for kind, cells in by_kind.items() if len(cells) >= _ENOUGH
        }
        usual = float(np.median([v for cells in by_kind.values() for _, v in cells])) if len(medians) > 1 else 0.0
        odd = [kind for kind, median in medians.items() if median > _FAR * usual]
        if odd and usual:
            hits = [f for kind in odd for f, _ in by_kind[kind]]
            yield found(
                "a kind in another unit",
                f"{name} is about {usual:.3g} for most, and {listed(f'{medians[kind]:g} for {kind}' for kind in odd)}: "
                "another unit, and no cell says which",
                f"write the unit into every cell of {slot.label or name}: these are read as {slot.unit}",
                harm=0.6 * survey.interest(slot) + 0.1,
                count=len(hits),
                of=sum(map(len, by_kind.values())),
                examples=(example(f.product, f"{f.text} ({f.product.title})") for f in hits),
                slot=name,
            )


def ranges_only(survey: Survey) -> Iterator[Finding]:
    """A number that most cells give as a range: "at least 8 hours" cannot be answered by "7-9"."""
    for name, slot in survey.slots.items():
        cells = [(f, q) for f in survey.filled.get(name, ()) for q in f.cells if isinstance(q, Quantity)]
        wide = [(f, q) for f, q in cells if q.low != q.high]
        if slot.kind != "number" or not slot.informable or len(wide) < _CLUSTER or not _sorted_by(survey, slot):
            continue
        bins = {q.text for _, q in wide}
        if len(wide) < _RANGES * len(cells) or len(bins) > 0.4 * len(wide) or not _overlap([q for _, q in wide]):
            continue
        yield found(
            "overlapping ranges",
            f"{name} of {many(len(wide))} is a range, and the ranges overlap ({listed(sorted(bins))})",
            f"write the figure itself into {slot.label or name}: overlapping ranges cannot be compared or sorted",
            harm=0.5 * survey.interest(slot) + 0.1,
            count=len(wide),
            of=len(cells),
            examples=(example(f.product, f"{q.text} ({f.product.title})") for f, q in _one_each(wide)),
            slot=name,
        )


def _sorted_by(survey: Survey, slot: Slot) -> bool:
    """Do shoppers wish for more of it, and is one figure the truth (hours of battery, not the players of a game)?"""
    concept = survey.lexicon.concepts.get(slot.concept or "")
    return concept is not None and concept.better is not None and concept.dimension is not None


def _one_each(wide: Sequence[tuple[Filled, Quantity]]) -> list[tuple[Filled, Quantity]]:
    """One product for each range."""
    return list({q.text: (f, q) for f, q in reversed(wide)}.values())


def _overlap(ranges: Sequence[Quantity]) -> bool:
    edges = sorted({(q.low, q.high) for q in ranges})
    return any(b[0] < a[1] for a, b in pairwise(edges))
