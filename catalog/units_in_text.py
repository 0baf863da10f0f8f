"""Units for numbers that a feed gives without one, learned from the products' own texts.

Where a notebook's weight is 1400 and its text says "1.4 kg", the column is in grams; where a memory module's size is
1024 and its title says "1 GB", in megabytes. Each such pairing is a vote for (slot, kind of product). Knows no lexicon
beyond the unit table and decides nothing else about slots.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from types import MappingProxyType

from catalog.mentions import mentions
from catalog.types import Product, Quantity
from catalog.units import Unit, convert, dimension_of, unit_named

_MIN_VOTES = 3
_MIN_SHARE = 0.6
_SAME = 0.006  # how far a mention may be from the number, relatively: texts round
_BEYOND = 4  # times what the kind's own numbers come to: further off is something else
_GUESS_VALUES = 4  # distinct numbers that must agree before a unit is guessed for a slot of unknown dimension
_GUESS_SHARE = 0.25  # and the share of the slot's products: small whole numbers agree with much by chance
_LIKELY = {
    "mass": ("g", "kg", "lb", "oz"),
    "length": ("mm", "cm", "m", "in", "ft"),
    "data": ("KB", "MB", "GB", "TB"),
    "frequency": ("Hz", "kHz", "MHz", "GHz"),
    "time": ("h", "min", "s", "ms", "month", "year"),
    "volume": ("ml", "l"),
    "power": ("W", "kW"),
}
"""Units that columns without a stated unit are kept in; a mention in any other is converted into these too."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the texts say of one slot's bare numbers: each kind's unit, and the numbers that are in another one.

    The key "" holds what the kinds together say, for kinds with too few mentions of their own.
    """

    units: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Mapping[float, str]] = field(default_factory=dict)


def learn_units(products: Iterable[Product], wanted: Mapping[str, str | None]) -> dict[str, Learned]:
    """What is learned of the number slots wanted, each with the dimension to expect (None: any)."""
    votes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    by_number: defaultdict[tuple[str, str], defaultdict[float, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    values: defaultdict[tuple[str, str], set[float]] = defaultdict(set)
    filled: Counter[str] = Counter()
    for product in products:
        numbers = [(name, _exact(cells)) for name, cells in product.attributes.items() if name in wanted]
        mentioned = _readings(_mentioned(f"{product.title} {product.description}")) if numbers else []
        for name, cells in numbers:
            filled[name] += 1
            for unit, value in _agreeing(cells, mentioned, wanted[name]):
                votes[name, product.kind or ""][unit] += 1
                values[name, unit].add(value)
                by_number[name, product.kind or ""][value][unit] += 1
    guessed = {name for name, dimension in wanted.items() if dimension is None}
    credible = {key: _credible(key[0], found, values) if key[0] in guessed else found for key, found in votes.items()}
    elected = _elected(credible, {name: _GUESS_SHARE * filled[name] if name in guessed else 0.0 for name in wanted})
    return {
        name: Learned(units, {k: odd for k, unit in units.items() if (odd := _others(by_number[name, k], unit))})
        for name, units in elected.items()
    }


def _others(numbers: Mapping[float, Counter[str]], unit: str) -> Mapping[float, str]:
    """The numbers that texts state in another unit only, of units that several texts use so, and that come to amounts
    such as the others': a graphics memory of 0.25 GB beside a disk of 0.25 TB is no 0.25 TB."""
    own = [number for number, found in numbers.items() if unit in found]
    odd = {number: found.most_common(1)[0][0] for number, found in numbers.items() if unit not in found}
    used: Counter[str] = Counter()
    for number, other in odd.items():
        used[other] += numbers[number][other]
    return MappingProxyType({
        number: other for number, other in odd.items()
        if used[other] >= _MIN_VOTES and own
        and min(own) / _BEYOND <= (convert(number, other, unit) or 0.0) <= max(own) * _BEYOND
    })  # fmt: skip


def _mentioned(text: str) -> Iterator[tuple[float, Unit]]:
    return ((mention.value, mention.unit) for mention in mentions(text) if mention.unit.name)


def _exact(cells: Iterable[object]) -> list[float]:
    return [cell.low for cell in cells if isinstance(cell, Quantity) and cell.low == cell.high and cell.low > 0]


def _credible(name: str, found: Counter[str], values: Mapping[tuple[str, str], set[float]]) -> Counter[str]:
    """The votes for a slot of unknown dimension, without those for a unit that few numbers agree on, and those for
    things counted that its name does not name: the 2 doors of a tent for 2 persons are no persons."""
    named = {unit.name for word in re.findall(r"[^\W_]+", name) if (unit := unit_named(word))}
    return Counter({
        unit: n for unit, n in found.items()
        if len(values[name, unit]) >= _GUESS_VALUES and (unit in named or dimension_of(unit) != "count")
    })  # fmt: skip


def _readings(mentioned: Iterable[tuple[float, Unit]]) -> list[tuple[float, str, str]]:
    """Every mention in each unit that a column may be kept in: (number, unit, dimension), by number."""
    return sorted(
        (amount * unit.factor / target.factor, target.name, unit.dimension)
        for amount, unit in set(mentioned)
        for target in _likely(unit)
    )


def _agreeing(
    values: Sequence[float], mentioned: Sequence[tuple[float, str, str]], dimension: str | None
) -> set[tuple[str, float]]:
    """The units in which one of the values says the same as one of the mentions."""
    found: set[tuple[str, float]] = set()
    for value in values if mentioned else ():
        start = bisect_left(mentioned, ((1 - _SAME) * value,))
        for number, unit, measures in islice(mentioned, start, None):
            if number > (1 + _SAME) * value:
                break
            if dimension is None or measures == dimension:
                found.add((unit, value))
    return found


@cache
def _likely(unit: Unit) -> tuple[Unit, ...]:
    """The units that a column of the same dimension may be kept in."""
    named = (unit_named(name, unit.dimension) for name in _LIKELY.get(unit.dimension, ()))
    return tuple(filter(None, named)) or (unit,)


def _elected(votes: Mapping[tuple[str, str], Counter[str]], needed: Mapping[str, float]) -> dict[str, dict[str, str]]:
    """The units that win, where the votes for a slot come to the number needed."""
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (slot, _), counts in votes.items():
        together[slot].update(counts)
    elected: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for slot, counts in together.items():
        unit = _winner(counts)
        if unit and counts[unit] >= needed[slot]:
            elected[slot][""] = unit
    for (slot, kind), counts in votes.items():
        unit = _winner(counts) if kind and (slot in elected or not needed[slot]) else None
        if unit:
            elected[slot][kind] = unit
    return dict(elected)


def _winner(counts: Counter[str]) -> str | None:
    if not counts:
        return None
    unit, n = counts.most_common(1)[0]
    return unit if n >= _MIN_VOTES and n >= _MIN_SHARE * counts.total() else None
