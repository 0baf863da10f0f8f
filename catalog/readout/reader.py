"""Reading one text for the slots of one kind of product, in several voices:

    known   a value that two other products or more state      once   one that a single other product states
    shape   figures written as stated values write them: "Pack of 12" where others say "pack of 6"
    head    the name that a title begins with                  quantity   a number with a unit of the slot's dimension

Knows what may be read (survey.py), not what it is worth: each voice is tried apart (trial.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from catalog.cells import parse_cell
from catalog.mentions import Mention, mentions
from catalog.readout.phrases import Phrases, Words, phrase, places_of, shape, words_of
from catalog.types import Cell, Quantity
from catalog.units import convert

NEAR = 0.01  # numbers within one per cent are equal
_NEXT = re.compile(r"[^\w]{0,4}(\w+)")
_LONGEST_HEAD = 5
_GLUE = frozenset({"'", "’", "-", ".", "&", " & ", "+"})  # what holds the parts of a name together

Voice = Literal["known", "once", "shape", "head", "quantity", "model"]


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for a slot: its cells, and for each the words or the shape that was looked for."""

    cells: tuple[Cell, ...]
    keys: tuple[Words, ...]


Reading = Mapping[tuple[str, Voice], Found]


@dataclass(frozen=True, slots=True)
class WordSlot:
    """A slot of words. `values`: by their words, the value as the shop writes it and how many products state it;
    `shapes`: how many state values so written; `many`: it may hold several; `heads`: its values mostly begin titles;
    `measured`: they are quantities."""

    name: str
    values: Mapping[Words, tuple[str, int]]
    shapes: Mapping[Words, int]
    many: bool = False
    heads: bool = False
    measured: bool = False

    def without(self, misleading: Collection[tuple[str, Words]]) -> WordSlot:
        kept = {w: v for w, v in self.values.items() if (self.name, w) not in misleading}
        shapes = {w: n for w, n in self.shapes.items() if (self.name, w) not in misleading}
        return replace(self, values=kept, shapes=shapes)


@dataclass(frozen=True, slots=True)
class Contexts:
    """The words behind a number that speak for a slot ("SSD"), and whether words never met there may."""

    good: frozenset[str]
    bad: frozenset[str]
    open: bool

    def __contains__(self, word: str) -> bool:
        return word in self.good or (self.open and word not in self.bad)


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


@dataclass(frozen=True)
class KindReader:
    """Reads texts of one kind's products. `common`: in how many titles a word stands behind the beginning."""

    kind: str
    worded: tuple[WordSlot, ...]
    numbered: tuple[NumberSlot, ...]
    common: Mapping[str, int]

    @cached_property
    def _phrases(self) -> Phrases[tuple[WordSlot, Words]]:
        return Phrases((words, (slot, words)) for slot in self.worded for words in slot.values)

    @cached_property
    def _shapes(self) -> Phrases[tuple[WordSlot, Words]]:
        return Phrases((words, (slot, words)) for slot in self.worded for words in slot.shapes)

    @cached_property
    def _measured(self) -> frozenset[str]:
        return frozenset(slot.name for slot in self.worded if slot.measured)

    @cached_property
    def _dimensions(self) -> frozenset[str]:
        return frozenset(slot.dimension for slot in self.numbered)

    def without(self, misleading: Collection[tuple[str, Words]]) -> KindReader:
        """The same reader, which no longer looks for what misleads."""
        return replace(self, worded=tuple(slot.without(misleading) for slot in self.worded)) if misleading else self

    def typed(self, name: str, span: str) -> tuple[Cell, ...]:
        """A stretch of a text as values of this kind's slot; () when it can be none: no quantity of the slot's dimension
        and in the span of its values, no word where only quantities are stated."""
        cells = parse_cell(span, many=False)
        for slot in self.numbered:
            if slot.name == name and cells and isinstance(cell := cells[0], Quantity):
                value = convert(cell.low, cell.unit or slot.unit, slot.unit)
                if value is not None and slot.low <= value <= slot.high:
                    return (cell,)
        for words in self.worded:
            if words.name == name:
                known = words.values.get(phrase(span))
                return (known[0],) if known else () if words.measured else parse_cell(span, many=words.many)
        return ()

    def read(
        self, text: str, wanted: Collection[str] | None = None, stated: Mapping[str, tuple[str, ...]] | None = None
    ) -> Reading:
        """What a text says of the slots wanted (all by default).

        `stated`: what the text's own record states: of it is forgotten that the record itself states it.
        """
        own = {name: {phrase(value) for value in values} for name, values in (stated or {}).items()}
        found: dict[tuple[str, Voice], Found] = {}
        if self.worded:
            words = words_of(text)
            self._known(words, wanted, own, found)
            figures = any(map(str.isdigit, text))
            if figures and len(self._shapes):
                self._shaped(text, wanted, own, found)
            self._headed(text, words, wanted, found)
        numbered = [slot for slot in self.numbered if wanted is None or slot.name in wanted]
        for slot, quantity in _quantities(numbered, text, self._dimensions) if numbered else ():
            found[slot.name, "quantity"] = Found((quantity,), ((),))
        return found

    def _known(
        self,
        words: list[str],
        wanted: Collection[str] | None,
        own: Mapping[str, Collection[Words]],
        found: dict[tuple[str, Voice], Found],
    ) -> None:
        """The values found in the text; within a longer value of the slot, or within a brand, a value is not one."""
        taken: dict[str, list[tuple[int, int, Words, int]]] = {}
        slots: dict[str, WordSlot] = {}
        for start, end, (slot, value) in sorted(self._phrases.find(words), key=_longest_first):
            others = slot.values[value][1] - (value in own.get(slot.name, ()))
            covers = (*taken.get(slot.name, ()), *(taken.get("brand", ()) if slot.name != "brand" else ()))
            if others and not any(low <= start and end <= high for low, high, *_ in covers):
                taken.setdefault(slot.name, []).append((start, end, value, others))
                slots[slot.name] = slot
        for name, slot in slots.items():
            if wanted is None or name in wanted:
                places = sorted(taken[name])[: 1 if slot.heads else None]
                keys = tuple(dict.fromkeys(value for _, _, value, _ in places))
                if len(keys) == 1 or slot.many:
                    voice: Voice = "once" if any(others == 1 for *_, others in places) else "known"
                    found[name, voice] = Found(tuple(slot.values[key][0] for key in keys), keys)

    def _shaped(
        self,
        text: str,
        wanted: Collection[str] | None,
        own: Mapping[str, Collection[Words]],
        found: dict[tuple[str, Voice], Found],
    ) -> None:
        """The longest stretch of the text that is written as values of a slot are."""
        places = places_of(text)
        words = [shape(text[start:end]) for start, end in places]
        best: dict[str, tuple[int, int, Words]] = {}
        for start, end, (slot, written) in self._shapes.find(words):
            mine = any(tuple(map(shape, value)) == written for value in own.get(slot.name, ()))
            longer = slot.name not in best or end - start > best[slot.name][1] - best[slot.name][0]
            if longer and slot.shapes[written] - mine > 1 and (wanted is None or slot.name in wanted):
                best[slot.name] = start, end, written
        for name, (start, end, written) in best.items():
            cells = parse_cell(text[places[start][0] : places[end - 1][1]], many=False)
            if isinstance(cells[0], Quantity) or name not in self._measured:
                found[name, "shape"] = Found(cells, (written,))

    def _headed(
        self,
        text: str,
        words: list[str],
        wanted: Collection[str] | None,
        found: dict[tuple[str, Voice], Found],
    ) -> None:
        """The words at a title's beginning that stand nowhere else: mostly a name."""
        slots = [slot for slot in self.worded if slot.heads and (wanted is None or slot.name in wanted)]
        if not slots or not words:
            return
        places = places_of(text)
        end = 1
        while end < min(len(words), _LONGEST_HEAD):
            glued = text[places[end - 1][1] : places[end][0]] in _GLUE
            seen = self.common.get(words[end], 0) - (end > 1)  # its own title counts from the third word on
            if not glued and (seen > 0 or words[end].isdigit()):
                break
            end += 1
        for slot in slots:
            found[slot.name, "head"] = Found((text[places[0][0] : places[end - 1][1]],), ((),))


def _longest_first(match: tuple[int, int, object]) -> tuple[int, int]:
    return match[0] - match[1], match[0]


def word_behind(text: str, mention: Mention) -> str:
    """The next word of the text, in lower case; nothing at its end."""
    found = _NEXT.match(text, mention.end)
    return found[1].lower() if found else ""


def _quantities(
    slots: Collection[NumberSlot], text: str, dimensions: Collection[str]
) -> Iterator[tuple[NumberSlot, Quantity]]:
    said = [mention for mention in mentions(text) if mention.unit.dimension in dimensions]
    for slot in slots if said else ():
        quantity = _quantity(slot, said, text)
        if quantity:
            yield slot, quantity


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
