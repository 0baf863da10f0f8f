"""What a model is worth asking about a catalogue's texts: for each kind its slots, with values that show what is meant.

    subjects(products, survey, readers) -> for each kind its slots, the products to try a reader on, those that leave a slot out

Only what can be judged is asked for: slots that enough products of the kind state and tell of in their texts. Knows no
model and no prompt.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from catalog.readout.phrases import phrase, words_of
from catalog.readout.reader import KindReader
from catalog.readout.survey import Survey, stated_by
from catalog.readout.told import description_of, standing
from catalog.schema import cell_text
from catalog.types import Cell, Product, Quantity, write_number

_TRIED = 40  # products of a kind that a reader is tried on: all right, they come to .94 at the lower end
_SLOTS = 16  # of a kind, those that texts tell of most: what a small model can keep in mind
_VALUES = 5  # of a slot, to show what is meant
_LEAST = 3  # products that state a slot and say so in their text
_SHARE = 0.1  # of those that state it
_SHOWN = 2  # products of a kind that show how it is done
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A slot to read: its name, its unit among this kind, values that products of this kind have."""

    name: str
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with what it states: how it is done."""

    title: str
    spans: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of product as a reader is asked about it. `tried`: products that state slots, to judge the answers by;
    `silent`: those that leave any out."""

    kind: str
    wanted: tuple[Wanted, ...]
    shown: tuple[Shown, ...]
    tried: tuple[Product, ...]
    silent: tuple[Product, ...]

    def left_out(self, product: Product) -> frozenset[str]:
        """The slots that a product's record does not state."""
        return frozenset(slot.name for slot in self.wanted) - {name for name, _ in stated_by(product)}


def subjects(
    products: Sequence[Product], known: Survey, readers: Mapping[str, KindReader], only: Collection[str] = ()
) -> list[Subject]:
    """What is worth asking about, the kinds with the most cells to fill first. `only`: these slots alone."""
    by_kind: defaultdict[str, list[Product]] = defaultdict(list)
    for product in products:
        by_kind[product.kind or ""].append(product)
    found = [
        _subject(kind, wanted, by_kind[kind], known.products[kind])
        for kind, reader in readers.items()
        if (wanted := tuple(_wanted(reader, known, only)))
    ]
    filled = {subject.kind: sum(len(subject.left_out(p)) for p in subject.silent) for subject in found}
    return sorted((s for s in found if s.silent and s.tried), key=lambda s: (-filled[s.kind], s.kind))


def _wanted(reader: KindReader, known: Survey, only: Collection[str]) -> Iterator[Wanted]:
    """The slots that texts of the kind tell of, the most told first: a number of goods or a date of release stands in
    no title, and is not asked for."""
    columns = known.columns[reader.kind]
    units = {slot.name: slot.unit for slot in reader.numbered}
    names = {slot.name for slot in reader.worded} | {slot.name for slot in reader.numbered}
    told = _told(known.products[reader.kind], names & set(only) if only else names)
    enough = (name for name, n in told.most_common() if n >= max(_LEAST, _SHARE * columns[name].products))
    for name in islice(enough, _SLOTS):
        spelled = sorted(columns[name].values.values(), key=lambda found: -found.total())[:_VALUES]
        values = tuple(found.most_common(1)[0][0] for found in spelled)
        numbers = tuple(f"{value:g}" for value, _ in columns[name].numbers.most_common(_VALUES)) if not values else ()
        yield Wanted(name, units.get(name, ""), values or numbers)


def _told(sample: Sequence[Product], names: Collection[str]) -> Counter[str]:
    """For each slot how many of the products that state it say so in their texts, too."""
    told: Counter[str] = Counter()
    for product in sample:
        text = f"{product.title} {description_of(product)}"
        words, numbers = f" {' '.join(words_of(text))} ", set(_NUMBER.findall(text))
        for name, cells in stated_by(product):
            told[name] += name in names and any(_stands(cell, words, numbers) for cell in cells)
    return told


def _stands(cell: Cell, words: str, numbers: Collection[str]) -> bool:
    if isinstance(cell, Quantity):
        return write_number(cell.low) in numbers
    return f" {' '.join(phrase(cell_text(cell)))} " in words


def _subject(kind: str, wanted: tuple[Wanted, ...], products: Sequence[Product], sample: Sequence[Product]) -> Subject:
    names = {slot.name for slot in wanted}
    stating = [(p, stated) for p in sample if (stated := {n: cells for n, cells in stated_by(p) if n in names})]
    spans = [
        (p, {n: span for n, cells in stated.items() if (span := standing(cell_text(cells[0]), p.title))})
        for p, stated in stating
    ]
    showing = sorted((found for found in spans if found[1]), key=lambda found: -len(found[1]))[:_SHOWN]
    shown = {product.id for product, _ in showing}
    tried = [product for product, _ in stating if product.id not in shown]
    step = max(1, len(tried) // _TRIED)
    silent = [p for p in products if names - {name for name, _ in stated_by(p)} and (p.title or description_of(p))]
    examples = tuple(Shown(p.title, found) for p, found in showing)
    return Subject(kind, wanted, examples, tuple(tried[::step][:_TRIED]), tuple(silent))
