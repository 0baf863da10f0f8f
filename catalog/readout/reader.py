"""Reading one text for the slots of one kind of product: known values, longest first, and quantities by dimension.

Knows what may be read (survey.py), not what it is worth (trial.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from catalog.mentions import Mention, mentions
from catalog.readout.phrases import Phrases, Words, words_of
from catalog.types import Cell, Quantity
from catalog.units import convert

NEAR = 0.01  # numbers within one per cent are equal
_NEXT = re.compile(r"[^\w]{0,4}(\w+)")

Reading = Mapping[str, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class WordSlot:
    """A slot whose values are words: by their words, the value as the shop writes it. `many`: may hold several."""

    name: str
    values: Mapping[Words, str]
    many: bool = False


@dataclass(frozen=True, slots=True)
class NumberSlot:
    """A slot of quantities: its unit among this kind, the values known there, and the span they lie in."""

    name: str
    unit: str
    dimension: str
    known: frozenset[float]
    low: float
    high: float
    contexts: Contexts | None = None

    def value(self, mention: Mention) -> float | None:
        """A mention's number in the slot's unit; None when it measures something else."""
        return (
            convert(mention.value, mention.unit.name, self.unit) if mention.unit.dimension == self.dimension else None
        )

    def knows(self, value: float) -> bool:
        """Is it a number that products of this kind state?"""
        return any(abs(value - known) <= NEAR * known for known in self.known)


@dataclass(frozen=True, slots=True)
class Contexts:
    """The words behind a number that speak for a slot ("SSD"), and whether words never met there may."""

    good: frozenset[str]
    bad: frozenset[str]
    open: bool

    def __contains__(self, word: str) -> bool:
        return word in self.good or (self.open and word not in self.bad)


class KindReader:
    """Reads texts of one kind's products. Read-only once built."""

    def __init__(self, kind: str, worded: tuple[WordSlot, ...], numbered: tuple[NumberSlot, ...]) -> None:
        self.kind = kind
        self.worded = worded
        self.numbered = numbered
        self.slots = frozenset([slot.name for slot in worded] + [slot.name for slot in numbered])
        self._many = frozenset(slot.name for slot in worded if slot.many)

    @cached_property
    def _phrases(self) -> Phrases[tuple[str, str]]:
        return Phrases((words, (slot.name, value)) for slot in self.worded for words, value in slot.values.items())

    @cached_property
    def _dimensions(self) -> frozenset[str]:
        return frozenset(slot.dimension for slot in self.numbered)

    def without(self, misleading: Collection[tuple[str, Cell]]) -> KindReader:
        """The same reader without the values that mislead."""
        if not misleading:
            return self
        worded = tuple(
            replace(slot, values={w: v for w, v in slot.values.items() if (slot.name, v) not in misleading})
            for slot in self.worded
        )
        return KindReader(self.kind, worded, self.numbered)

    def minding(self, contexts: Mapping[str, Contexts]) -> KindReader:
        """The same reader, which minds the word behind a number."""
        numbered = tuple(replace(slot, contexts=contexts.get(slot.name)) for slot in self.numbered)
        return KindReader(self.kind, self.worded, numbered)

    def read(self, text: str, wanted: Collection[str] | None = None) -> Reading:
        """What a text says of the slots wanted (all by default)."""
        found: dict[str, tuple[Cell, ...]] = {}
        if self.worded:
            found.update(self._words(text, wanted))
        numbered = [slot for slot in self.numbered if wanted is None or slot.name in wanted]
        if numbered and any(map(str.isdigit, text)):
            said = [mention for mention in mentions(text) if mention.unit.dimension in self._dimensions]
            for slot in numbered if said else ():
                quantity = _quantity(slot, said, text)
                if quantity:
                    found[slot.name] = (quantity,)
        return found

    def _words(self, text: str, wanted: Collection[str] | None) -> dict[str, tuple[Cell, ...]]:
        """The values found in the text; within a longer value of the slot, or within a brand, a value is not one."""
        matches = sorted(self._phrases.find(words_of(text)), key=lambda match: (match[0] - match[1], match[0]))
        taken: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for start, end, (name, value) in matches:
            covers = taken[name] if name == "brand" else taken[name] + taken["brand"]
            if not any(low <= start and end <= high for low, high, _ in covers):
                taken[name].append((start, end, value))
        found: dict[str, tuple[Cell, ...]] = {}
        for name, places in taken.items():
            if places and (wanted is None or name in wanted):
                values = tuple(dict.fromkeys(value for _, _, value in sorted(places)))
                if name == "brand":
                    found[name] = values[:1]
                elif len(values) == 1 or name in self._many:
                    found[name] = values
        return found


def word_behind(text: str, mention: Mention) -> str:
    """The next word of the text, in lower case; nothing at its end."""
    found = _NEXT.match(text, mention.end)
    return found[1].lower() if found else ""


def _quantity(slot: NumberSlot, said: list[Mention], text: str) -> Quantity | None:
    """The one mention that can be the slot's: of its dimension, and of a value known there before any other."""
    own = [(mention, value) for mention in said if (value := slot.value(mention)) is not None]
    if slot.contexts is not None:
        own = [(mention, value) for mention, value in own if word_behind(text, mention) in slot.contexts]
    known = [(mention, value) for mention, value in own if slot.knows(value)]
    able = known or [(mention, value) for mention, value in own if slot.low <= value <= slot.high]
    if not able or any(abs(value - able[0][1]) > NEAR * value for _, value in able):
        return None
    mention = able[0][0]
    return Quantity(mention.value, mention.high, mention.unit.name or None, mention.text)
