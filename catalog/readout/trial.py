"""How often what is read out of a text is what the record states: the measure of a reading's worth.

Knows no texts and no kinds; it counts.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from catalog.mentions import mentions
from catalog.readout.phrases import Words, phrase
from catalog.readout.reader import NEAR, Contexts, NumberSlot, Reading, Voice, word_behind
from catalog.schema import cell_text
from catalog.types import Cell, Inferred, Quantity
from catalog.units import convert

_KEPT_FROM = 0.5  # a reading that is right less often is no use even as a hint
_LENT = (
    20  # products' worth of trial that all kinds together lend to one: alone they come to .88, too little to filter by
)
Key = tuple[str, Voice]
Source = Literal["title", "description"]
SOURCES: tuple[Source, Source] = ("title", "description")
NOTHING: Mapping[str, Inferred] = MappingProxyType({})
"""What is read of a product of which nothing is."""
_Z = 1.645  # one-sided 95 %
_RARELY_NEW = (
    0.1  # of the words behind a slot's numbers, the share met once: below it a new word speaks for another slot
)


@dataclass(slots=True)
class Tally:
    """How many readings of each slot by each voice were tried, and how many were right."""

    tried: Counter[Key] = field(default_factory=Counter)
    right: Counter[Key] = field(default_factory=Counter)

    def join(self, other: Tally) -> None:
        self.tried.update(other.tried)
        self.right.update(other.right)

    def confidence(self, together: Tally) -> dict[Key, float]:
        """How sure each voice is of each slot: the lower end of the interval of its share of right readings.

        Kinds are small: `together`, the same over all kinds, lends each a little of its own experience. What is more
        likely wrong than right is left out.
        """
        bounds: dict[Key, float] = {}
        for key, n in self.tried.items():
            lent = _LENT / max(_LENT, together.tried[key])
            right, tried = self.right[key] + lent * together.right[key], n + lent * together.tried[key]
            if right >= _KEPT_FROM * tried:
                bounds[key] = wilson(right, tried)
        return bounds


class Trial:
    """Readings of products that state the slot, value by value right or wrong."""

    def __init__(self, numbered: Sequence[NumberSlot] = ()) -> None:
        self._numbered = {slot.name: slot for slot in numbered}
        self._readings: list[tuple[Key, tuple[Words, ...], list[bool]]] = []
        self._seen: Counter[tuple[str, Words]] = Counter()
        self._agreed: Counter[tuple[str, Words]] = Counter()

    def add(self, reading: Reading, stated: Mapping[str, tuple[Cell, ...]]) -> None:
        """Compare one product's reading with its record; slots that the record leaves out say nothing."""
        for (name, voice), found in reading.items():
            if name in stated:
                agreed = [self._same(name, cell, stated[name]) for cell in found.cells]
                self._readings.append(((name, voice), found.keys, agreed))
                for key, same in zip(found.keys, agreed, strict=True):
                    self._seen[name, key] += 1
                    self._agreed[name, key] += same

    def _same(self, name: str, cell: Cell, stated: tuple[Cell, ...]) -> bool:
        slot = self._numbered.get(name)
        if slot and isinstance(cell, Quantity):
            value = convert(cell.low, cell.unit or slot.unit, slot.unit)
            return value is not None and any(_states(slot, other, value) for other in stated)
        words = phrase(cell_text(cell))
        return any(phrase(cell_text(other)) == words for other in stated)

    def misleading(self) -> set[tuple[str, Words]]:
        """What was looked for and was wrong more often than right."""
        return {key for key, n in self._seen.items() if key[1] and 2 * self._agreed[key] < n}

    def tally(self) -> Tally:
        """How often readings were right once what misleads is no longer looked for; each product is judged by what the
        others show to mislead."""
        tally = Tally()
        for place, keys, agreed in self._readings:
            kept = [same for key, same in zip(keys, agreed, strict=True) if not self._misled((place[0], key), same)]
            if kept:
                tally.tried[place] += 1
                tally.right[place] += all(kept)
        return tally

    def _misled(self, key: tuple[str, Words], same: bool) -> bool:
        return bool(key[1]) and 2 * (self._agreed[key] - same) < self._seen[key] - 1


class ContextTrial:
    """Counts, for each number slot, which words stand behind the numbers that are the slot's, and behind others."""

    def __init__(self, slots: Sequence[NumberSlot]) -> None:
        self._slots = {slot.name: slot for slot in slots}
        self._good: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._bad: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, text: str, stated: Mapping[str, tuple[Cell, ...]]) -> None:
        """Count the mentions in one product's text against what it states."""
        wanted = [slot for name, slot in self._slots.items() if name in stated]
        for mention in mentions(text) if wanted else ():
            word = word_behind(text, mention)
            for slot in wanted:
                value = slot.value(mention)
                if value is not None:
                    right = any(_states(slot, cell, value) for cell in stated[slot.name])
                    (self._good if right else self._bad)[slot.name][word] += 1

    def contexts(self) -> dict[str, Contexts]:
        """For each slot the words that speak for it. Words never met are let in as far as words met once are frequent
        (Good and Turing's estimate), but for those that speak for another slot of the dimension."""
        speaking = {
            name: frozenset(word for word, n in good.items() if n > max(1, self._bad[name][word]))
            for name, good in self._good.items()
        }
        found: dict[str, Contexts] = {}
        for name, good in self._good.items():
            others = [words for other, words in speaking.items() if self._alike(name, other)]
            against = frozenset(self._bad[name]).union(*others) - speaking[name]
            once = sum(n == 1 for n in good.values()) / good.total()
            found[name] = Contexts(speaking[name], against, once >= _RARELY_NEW)
        return found

    def _alike(self, name: str, other: str) -> bool:
        return name != other and self._slots[name].dimension == self._slots[other].dimension


def _states(slot: NumberSlot, cell: Cell, value: float) -> bool:
    if not isinstance(cell, Quantity):
        return False
    stated = convert(cell.low, cell.unit or slot.unit, slot.unit)
    return stated is not None and abs(value - stated) <= NEAR * abs(stated)


def wilson(right: float, n: float) -> float:
    """The lower end of the score interval for a share of `right` in `n`; 0 of none."""
    if not n:
        return 0.0
    share, square = right / n, _Z * _Z
    spread = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return (share + square / (2 * n) - spread) / (1 + square / n)
