"""What the products of each kind state: the slots worth reading, their values and how often each is stated.

Knows no texts: where these values stand in titles is for reader.py to find.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from catalog.lexicon import Lexicon
from catalog.readout.phrases import Words, phrase, shape, words_of
from catalog.readout.reader import KindReader, NumberSlot, WordSlot
from catalog.schema import cell_text, infer_slots, product_cells
from catalog.types import Cell, Product, Quantity, Slot
from catalog.units import convert, dimension_of, same_dimension

_ENOUGH = 5  # products of a kind that state a slot: with fewer nothing can be measured
_USUAL = 0.2  # share of a kind's products that state a slot: what fewer state is not to be expected of the others
_KINDS = 2  # kinds that write values so before they are looked for in others
_TWICE = 2  # products that state a number before it is taken for a usual one
_LONGEST_VALUE = 8  # words
_NOT_READ = frozenset({"title", "price", "category", "rating", "availability", "on_sale"})
_HEADS_FROM = 0.5  # share of a slot's values found in titles that must begin them
_HEAD = 2  # words of a title that may be its beginning


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
    shapes: Counter[Words] = field(default_factory=Counter)
    numbers: Counter[float] = field(default_factory=Counter)
    found: int = 0  # values that stand in their product's title
    heads: int = 0  # of these at its beginning

    def add(self, cells: Iterable[Cell], slot: Slot, unit: str | None, title: Sequence[str]) -> None:
        self.products += 1
        for cell in cells:
            if slot.kind != "number" or not isinstance(cell, Quantity):
                self._add_words(cell_text(cell), title)
            elif cell.low == cell.high:
                value = convert(cell.low, cell.unit, unit) if cell.unit and unit else cell.low
                self.numbers[value if value is not None else cell.low] += 1
                if cell.unit and (unit is None or not same_dimension(cell.unit, unit)):  # those alike are mentions
                    self.shapes[tuple(map(shape, phrase(cell.text)))] += 1

    def _add_words(self, text: str, title: Sequence[str]) -> None:
        words = phrase(text)
        if not 0 < len(words) <= _LONGEST_VALUE:
            return
        self.values[words][text] += 1
        if any(map(str.isdigit, text)):
            self.shapes[tuple(map(shape, words))] += 1
        if words[0] in title:
            self.found += 1
            self.heads += title[0] == words[0]


@dataclass(frozen=True)
class Survey:
    """All that was seen: the sampled products by kind, the slots, and each kind's columns."""

    products: Mapping[str, Sequence[Product]]
    slots: Mapping[str, Slot]
    columns: Mapping[str, Mapping[str, _Column]]
    common: Mapping[str, int]
    lexicon: Lexicon

    def readers(self) -> dict[str, KindReader]:
        """A reader for each kind in which anything can be read."""
        made = {kind: self._reader(kind, columns) for kind, columns in self.columns.items()}
        return {kind: reader for kind, reader in made.items() if reader.worded or reader.numbered}

    def _reader(self, kind: str, columns: Mapping[str, _Column]) -> KindReader:
        least = max(_ENOUGH, _USUAL * len(self.products[kind]))
        enough = {name: column for name, column in columns.items() if column.products >= least}
        numbers = (self._numbered(name, column, kind) for name, column in enough.items() if column.numbers)
        words = (self._worded(name, column) for name, column in enough.items() if column.values or column.shapes)
        return KindReader(kind, tuple(words), tuple(filter(None, numbers)), self.common)

    def _numbered(self, name: str, column: _Column, kind: str) -> NumberSlot | None:
        unit = self.slots[name].unit_for(kind)
        dimension = dimension_of(unit) if unit else None
        if unit is None or dimension is None:
            return None
        known = frozenset(value for value, n in column.numbers.items() if n >= _TWICE)
        return NumberSlot(name, unit, dimension, known, min(column.numbers), max(column.numbers))

    def _worded(self, name: str, column: _Column) -> WordSlot:
        slot = self.slots[name]
        values = {w: (spelled.most_common(1)[0][0], spelled.total()) for w, spelled in column.values.items()}
        colours = self._colours(values) if slot.concept == "colour" else {}
        heads = column.found > 1 and column.heads >= _HEADS_FROM * column.found
        many = slot.many or slot.concept == "colour"
        shapes = {**self._shapes.get(name, {}), **{w: n for w, n in column.shapes.items() if n > 1}}
        return WordSlot(name, colours | values, shapes, many, heads, slot.kind == "number")

    @cached_property
    def _shapes(self) -> Mapping[str, Mapping[Words, int]]:
        """How values of each slot with figures are written in several kinds, and in how many products."""
        kinds: defaultdict[str, Counter[Words]] = defaultdict(Counter)
        products: defaultdict[str, Counter[Words]] = defaultdict(Counter)
        for columns in self.columns.values():
            for name, column in columns.items():
                kinds[name].update(column.shapes.keys())
                products[name].update(column.shapes)
        return {name: {w: n for w, n in products[name].items() if found[w] >= _KINDS} for name, found in kinds.items()}

    def _colours(self, values: Mapping[Words, tuple[str, int]]) -> dict[Words, tuple[str, int]]:
        """Every colour word of the lexicon, as the shop's own word for its family where it has one."""
        found: dict[Words, tuple[str, int]] = {}
        for word, family in self.lexicon.colours.items():
            words = phrase(word)
            if len(word) > 1 and words not in values:
                own = values.get(phrase(family))
                found[words] = own or (word.capitalize() if word.isascii() else word, _TWICE)
        return found


def survey(products: Sequence[Product], lexicon: Lexicon) -> Survey:
    """Look through products: their kinds, slots and values."""
    slots = {slot.name: slot for slot in infer_slots(products, lexicon=lexicon)}
    readable = {name: slot for name, slot in slots.items() if slot.kind != "boolean" and name not in _NOT_READ}
    by_kind: defaultdict[str, list[Product]] = defaultdict(list)
    columns: defaultdict[str, defaultdict[str, _Column]] = defaultdict(lambda: defaultdict(_Column))
    common: Counter[str] = Counter()
    for product in products:
        kind = product.kind or ""
        title = words_of(product.title)
        by_kind[kind].append(product)
        common.update(set(title[_HEAD:]))
        for name, cells in stated_by(product):
            slot = readable.get(name)
            if slot and cells:
                columns[kind][name].add(cells, slot, slot.unit_for(kind), title)
    return Survey(by_kind, slots, columns, common, lexicon)
