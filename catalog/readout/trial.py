"""How often what is read out of a text is what the record states: the measure of a reading's worth.

Knows no texts and no kinds; it counts.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from catalog.mentions import mentions
from catalog.readout.phrases import phrase
from catalog.readout.reader import NEAR, Contexts, NumberSlot, Reading, word_behind
from catalog.schema import cell_text
from catalog.types import Cell, Quantity
from catalog.units import convert

_KEPT_FROM = 0.75  # a reading that is right less often is no use even as a hint
_LENT = 30  # products' worth of trial that all kinds together lend to one of them
_Z = 1.645  # one-sided 95 %
_RARELY_NEW = (
    0.1  # of the words behind a slot's numbers, the share met once: below it a new word speaks for another slot
)


class Trial:
    """Counts, slot by slot and value by value, readings that agree with what is stated."""

    def __init__(self, numbered: Sequence[NumberSlot] = ()) -> None:
        self._numbered = {slot.name: slot for slot in numbered}
        self.read: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self._values: Counter[tuple[str, Cell]] = Counter()
        self._agreed: Counter[tuple[str, Cell]] = Counter()

    def add(self, reading: Reading, stated: Mapping[str, tuple[Cell, ...]]) -> None:
        """Count one product's reading against its record; slots that the record leaves out say nothing."""
        for name, cells in reading.items():
            if name in stated:
                agreed = [self._same(name, cell, stated[name]) for cell in cells]
                self.read[name] += 1
                self.right[name] += all(agreed)
                for cell, same in zip(cells, agreed, strict=True):
                    self._values[name, cell] += 1
                    self._agreed[name, cell] += same

    def _same(self, name: str, cell: Cell, stated: tuple[Cell, ...]) -> bool:
        if isinstance(cell, Quantity):
            slot = self._numbered[name]
            value = convert(cell.low, cell.unit or slot.unit, slot.unit)
            return value is not None and any(_states(slot, other, value) for other in stated)
        words = phrase(cell_text(cell))
        return any(phrase(cell_text(other)) == words for other in stated)

    def misleading(self) -> set[tuple[str, Cell]]:
        """Values that are wrong more often than right."""
        return {key for key, n in self._values.items() if 2 * self._agreed[key] < n}

    def confidence(self, together: Trial) -> dict[str, float]:
        """How sure a reading of each slot is: the lower end of the interval of its share of right ones.

        Kinds are small: `together`, the same trial over all kinds, lends each a little of its own experience.
        """
        bounds: dict[str, float] = {}
        for name, n in self.read.items():
            share = _LENT / max(_LENT, together.read[name])
            bounds[name] = wilson(self.right[name] + share * together.right[name], n + share * together.read[name])
        return {name: bound for name, bound in bounds.items() if bound >= _KEPT_FROM}

    def join(self, other: Trial) -> None:
        """Count another trial's readings too."""
        self.read.update(other.read)
        self.right.update(other.right)


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
        """For each slot the words that speak for it."""
        return {name: self._contexts(good, self._bad[name]) for name, good in self._good.items()}

    def _contexts(self, good: Counter[str], bad: Counter[str]) -> Contexts:
        """Words never met are let in as far as words met once are frequent (Good and Turing's estimate)."""
        once = sum(n == 1 for n in good.values()) / good.total()
        speaking = frozenset(word for word, n in good.items() if n > bad[word])
        return Contexts(speaking, frozenset(bad) - speaking, once >= _RARELY_NEW)


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
