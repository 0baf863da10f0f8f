"""What the products of each kind state: the slots worth reading, their values and how often each is stated.

Knows no texts: where these values stand in titles is for reader.py to find.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.lexicon import Lexicon
from catalog.readout.phrases import Words, phrase
from catalog.readout.reader import KindReader, NumberSlot, WordSlot
from catalog.schema import cell_text, infer_slots, product_cells
from catalog.types import Cell, Product, Quantity, Slot
from catalog.units import convert, dimension_of

_ENOUGH = 12  # products of a kind that state a slot: with fewer nothing can be measured
_TWICE = 2  # products that state a value before it is looked for: one product's own word proves nothing
_LONGEST_VALUE = 8  # words


def stated_by(product: Product) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Every slot that a record states and that a text could state too."""
    if product.brand:
        yield "brand", (product.brand,)
    yield from product_cells(product)


@dataclass(slots=True)
class _Column:
    """What one kind's products state of one slot."""

    products: int = 0
    values: defaultdict[Words, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    numbers: Counter[float] = field(default_factory=Counter)

    def add(self, cells: Iterable[Cell], slot: Slot, unit: str | None) -> None:
        self.products += 1
        for cell in cells:
            if slot.kind != "number":
                text = cell_text(cell)
                words = phrase(text)
                if 0 < len(words) <= _LONGEST_VALUE:
                    self.values[words][text] += 1
            elif isinstance(cell, Quantity) and cell.low == cell.high:
                value = convert(cell.low, cell.unit, unit) if cell.unit and unit else cell.low
                self.numbers[value if value is not None else cell.low] += 1


@dataclass(frozen=True, slots=True)
class Survey:
    """All that was seen: the sampled products by kind, the slots, and each kind's columns."""

    products: Mapping[str, Sequence[Product]]
    slots: Mapping[str, Slot]
    columns: Mapping[str, Mapping[str, _Column]]
    lexicon: Lexicon

    def readers(self) -> dict[str, KindReader]:
        """A reader for each kind in which anything can be read."""
        made = {kind: self._reader(kind, columns) for kind, columns in self.columns.items()}
        return {kind: reader for kind, reader in made.items() if reader.slots}

    def _reader(self, kind: str, columns: Mapping[str, _Column]) -> KindReader:
        worded, numbered = [], []
        for name, column in columns.items():
            slot = self.slots[name]
            if column.products < _ENOUGH:
                continue
            if slot.kind == "number":
                unit = slot.unit_for(kind)
                dimension = dimension_of(unit) if unit else None
                if unit and dimension:
                    known = frozenset(value for value, n in column.numbers.items() if n >= _TWICE)
                    numbered.append(
                        NumberSlot(
                            name, unit, dimension, known, min(column.numbers, default=0), max(column.numbers, default=0)
                        )
                    )
            elif slot.kind == "category":
                values = {
                    words: spellings.most_common(1)[0][0]
                    for words, spellings in column.values.items()
                    if spellings.total() >= _TWICE
                }
                colours = self._colours(values) if slot.concept == "colour" else {}
                worded.append(WordSlot(name, colours | values, slot.many or slot.concept == "colour"))
        return KindReader(kind, tuple(worded), tuple(numbered))

    def _colours(self, values: Mapping[Words, str]) -> dict[Words, str]:
        """Every colour word of the lexicon, as the shop's own word for its family where it has one."""
        found: dict[Words, str] = {}
        for word, family in self.lexicon.colours.items():
            words = phrase(word)
            if len(word) > 1 and words not in values:
                found[words] = values.get(phrase(family), word.capitalize() if word.isascii() else word)
        return found


def survey(products: Sequence[Product], lexicon: Lexicon) -> Survey:
    """Look through products: their kinds, slots and values."""
    slots = {slot.name: slot for slot in infer_slots(products, lexicon=lexicon)}
    readable = {n: s for n, s in slots.items() if s.kind in ("category", "number") and (s.informable or n == "brand")}
    by_kind: defaultdict[str, list[Product]] = defaultdict(list)
    columns: defaultdict[str, defaultdict[str, _Column]] = defaultdict(lambda: defaultdict(_Column))
    for product in products:
        kind = product.kind or ""
        by_kind[kind].append(product)
        for name, cells in stated_by(product):
            slot = readable.get(name)
            if slot and cells:
                columns[kind][name].add(cells, slot, slot.unit_for(kind))
    return Survey(by_kind, slots, columns, lexicon)
