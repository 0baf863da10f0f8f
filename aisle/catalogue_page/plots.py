"""What the page draws, worked out as coordinates: coverage by kind, prices by kind, vocabularies. Knows no HTML."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from catalog.doctor import Survey, coverage_by_kind
from catalog.types import Slot

_KINDS = 24  # rows of a plot
_SLOTS = 22  # columns of the heat map
_LABEL = 24  # columns of a label; a Chinese character takes two
_CELL = 26.0
_ROW = 22.0
_LEFT = 196.0
_PLOT = 560.0  # width of the price axis
_LEAST = 4  # prices of a kind worth a box
_OUTSIDE = 40  # prices beyond the whiskers that are drawn as dots
_VALUES = 8  # bars of a vocabulary
_BARS = 12  # vocabularies


@dataclass(frozen=True, slots=True)
class Label:
    """A text and where it ends or begins; `full` for the tooltip."""

    x: float
    y: float
    text: str
    full: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One kind and slot: how dark, and what a tooltip says."""

    x: float
    y: float
    share: float
    told: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Coverage: kinds down, slots across."""

    width: float
    height: float
    size: float
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """The prices of one kind on a log axis: 5, 25, 50, 75 and 95 of 100, and those outside."""

    y: float
    low: float
    first: float
    median: float
    third: float
    high: float
    dots: tuple[float, ...]
    told: str


@dataclass(frozen=True, slots=True)
class PricePlot:
    width: float
    height: float
    rows: tuple[Label, ...]
    boxes: tuple[Box, ...]
    ticks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    label: Label
    width: float
    count: int


@dataclass(frozen=True, slots=True)
class Bars:
    """The most frequent values of one slot."""

    name: str
    told: str
    height: float
    bars: tuple[Bar, ...]


def heat_map(survey: Survey) -> HeatMap:
    """The largest kinds against the slots that shoppers care for most."""
    coverage = dict(list(coverage_by_kind(survey).items())[:_KINDS])
    slots = _told_slots(survey, coverage)
    top = 8.0 + 6.4 * max((_columns(_short(slot.name)) for slot in slots), default=0)
    rows = tuple(Label(_LEFT - 8, top + _CELL * (n + 0.65), _short(k), k) for n, k in enumerate(coverage))
    columns = tuple(
        Label(_LEFT + _CELL * (n + 0.65), top - 6, _short(slot.name), slot.label or slot.name)
        for n, slot in enumerate(slots)
    )
    cells = tuple(
        HeatCell(
            _LEFT + _CELL * column,
            top + _CELL * row,
            (share := shares.get(slot.name, 0.0)),
            f"{share:.0%} of {kind} state {slot.name}",
        )
        for row, (kind, shares) in enumerate(coverage.items())
        for column, slot in enumerate(slots)
    )
    return HeatMap(_LEFT + _CELL * len(slots) + 60, top + _CELL * len(coverage) + 8, _CELL - 2, rows, columns, cells)


def _told_slots(survey: Survey, coverage: dict[str, dict[str, float]]) -> Sequence[Slot]:
    """Slots by how many products of these kinds state them and how much shoppers care, the most first."""
    weights = {
        slot.name: survey.interest(slot) * sum(shares.get(slot.name, 0.0) for shares in coverage.values())
        for slot in survey.slots.values()
        if slot.informable and slot.name != "category"
    }
    told = sorted((name for name, weight in weights.items() if weight), key=lambda name: -weights[name])
    return [survey.slots[name] for name in told[:_SLOTS]]


def price_plot(survey: Survey) -> PricePlot | None:
    """The prices of the largest kinds on one log axis; None without prices."""
    amounts = {
        kind: sorted(p.price.amount for p in products if p.price and p.price.amount > 0)
        for kind, products in list(survey.by_kind.items())[:_KINDS]
    }
    amounts = {kind: found for kind, found in amounts.items() if len(found) >= _LEAST}
    if not amounts:
        return None
    low = math.log10(min(found[0] for found in amounts.values()))
    high = max(math.log10(max(found[-1] for found in amounts.values())), low + 0.1)

    def at(amount: float) -> float:
        return round(_LEFT + _PLOT * (math.log10(amount) - low) / (high - low), 1)

    top = 24.0
    boxes = tuple(
        _box(kind, found, top + _ROW * n, at, survey.catalog.currency)
        for n, (kind, found) in enumerate(amounts.items())
    )
    rows = tuple(
        Label(_LEFT - 8, box.y + _ROW * 0.65, _short(kind), kind) for kind, box in zip(amounts, boxes, strict=True)
    )
    ticks = tuple(Label(at(amount), top - 8, f"{amount:,.10g}", "") for amount in _ticks(low, high))
    return PricePlot(_LEFT + _PLOT + 24, top + _ROW * len(amounts) + 8, rows, boxes, ticks)


def _box(kind: str, found: Sequence[float], y: float, at: Callable[[float], float], currency: str) -> Box:
    five, first, median, third, last = (float(q) for q in np.quantile(found, [0.05, 0.25, 0.5, 0.75, 0.95]))
    outside = [amount for amount in found if amount < five or amount > last]
    outside = sorted(outside, key=lambda amount: -abs(math.log(amount / median)))[:_OUTSIDE]
    told = f"{kind}: {len(found):,} prices, half of them {first:,.6g} to {third:,.6g}, median {median:,.6g} {currency}"
    dots = tuple(sorted({at(amount) for amount in outside}))
    return Box(y, at(five), at(first), at(median), at(third), at(last), dots, told)


def _ticks(low: float, high: float) -> Iterator[float]:
    """1, 10, 100 ...; with 2 and 5 between where these are few."""
    steps = (1.0,) if high - low > 2.2 else (1.0, 2.0, 5.0)
    for power in range(math.floor(low), math.ceil(high) + 1):
        yield from (s * 10**power for s in steps if low - 1e-9 <= math.log10(s * 10**power) <= high + 1e-9)


def vocabulary_bars(survey: Survey) -> tuple[Bars, ...]:
    """The vocabularies of the slots that shoppers care for most."""
    worded = [s for s in survey.slots.values() if s.informable and s.kind == "category"]
    worded.sort(key=lambda slot: -survey.interest(slot) * slot.coverage)
    return tuple(_bars(survey, slot) for slot in worded[:_BARS] if survey.catalog.vocabulary(slot.name))


def _bars(survey: Survey, slot: Slot) -> Bars:
    terms = survey.catalog.vocabulary(slot.name)
    most = max(term.count for term in terms)
    bars = tuple(
        Bar(
            Label(126, 16.0 * n + 12, _short(term.value, 18), term.value), round(140 * term.count / most, 1), term.count
        )
        for n, term in enumerate(terms[:_VALUES])
    )
    told = f"{len(terms):,} values, {slot.coverage:.0%} filled"
    return Bars(slot.name, told, 16.0 * len(bars) + 4, bars)


def _columns(text: str) -> int:
    """How wide a text is; a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _short(text: str, most: int = _LABEL) -> str:
    if _columns(text) <= most:
        return text
    while _columns(text) > most - 1:
        text = text[:-1]
    return text + "…"
