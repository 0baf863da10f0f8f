"""A catalogue looked through once, for all rules: products by kind, cells by slot, words of texts, rejected rows.

Knows what was read, not what is wrong with it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from math import sqrt
from pathlib import Path

from catalog import demand
from catalog.doctor.finding import Example
from catalog.lexicon import Lexicon, plain
from catalog.numbers import parse_money
from catalog.schema import cell_text, product_cells
from catalog.store import Catalog
from catalog.types import Cell, Money, Product, Quantity, Slot

_VALUE = 80  # characters of an example's value


@dataclass(frozen=True, slots=True)
class Filled:
    """One product's cells of one slot."""

    product: Product
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        return ", ".join(map(cell_text, self.cells))

    def example(self) -> Example:
        return Example(self.product.id, shortened(self.text))


class Survey:
    """What the rules look at. Built once; then only read."""

    def __init__(self, catalog: Catalog, today: date | None = None) -> None:
        self.catalog = catalog
        self.today = today or datetime.now(UTC).date()
        self.listed: dict[str, tuple[tuple[Money, Money], ...]] = {}  # id -> (price, list price) as the record has them
        products = []
        for product in catalog.products():
            if pairs := tuple(_listed(product.record, catalog.currency)):
                self.listed[product.id] = pairs
            products.append(replace(product, record={}))  # the raw rows would fill the memory twice
        self.products: tuple[Product, ...] = tuple(products)
        self.lexicon: Lexicon = catalog.lexicon
        self.slots: Mapping[str, Slot] = {slot.name: slot for slot in catalog.slots}

    def __len__(self) -> int:
        return len(self.products)

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Product]]:
        """Products by what they are, the largest kind first; those of no kind are left out."""
        kinds: defaultdict[str, list[Product]] = defaultdict(list)
        for product in self.products:
            if product.kind:
                kinds[product.kind].append(product)
        return dict(sorted(kinds.items(), key=lambda pair: -len(pair[1])))

    @cached_property
    def filled(self) -> Mapping[str, Sequence[Filled]]:
        """Slot -> the products that state it."""
        found: defaultdict[str, list[Filled]] = defaultdict(list)
        for product in self.products:
            for name, cells in (*product_cells(product), *_reserved(product)):
                if cells:
                    found[name].append(Filled(product, tuple(cells)))
        return found

    @cached_property
    def traits(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Product id -> its (slot, value) of slots with few values: what tells products of one kind apart."""
        telling = {s.name for s in self.slots.values() if s.informable and s.kind in ("category", "boolean")}
        return {
            product.id: frozenset(
                (n, cell_text(c)) for n, cells in product_cells(product) if n in telling for c in cells
            )
            for product in self.products
        }

    @cached_property
    def by_concept(self) -> Mapping[str, Sequence[Slot]]:
        """Concept -> the slots that shoppers can filter by and that stand for it."""
        found: defaultdict[str, list[Slot]] = defaultdict(list)
        for slot in self.slots.values():
            if slot.concept and slot.informable:
                found[slot.concept].append(slot)
        return found

    @cached_property
    def words(self) -> Counter[str]:
        """In how many titles and descriptions each word stands."""
        texts = (f"{p.title} {p.description}" for p in self.products)
        return Counter(word for text in texts for word in set(plain(text).split()))

    @cached_property
    def rejects(self) -> Sequence[Mapping[str, object]]:
        """The rows that the last import refused."""
        path = Path(f"{self.catalog.path}.d") / "rejects.jsonl"
        if not path.is_file():
            return ()
        return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)

    def interest(self, slot: Slot | None) -> float:
        """How much shoppers care for a slot, 0..1: the root of its share of conversations, the most spoken of at 1."""
        return self.interest_in(slot.concept if slot and slot.concept else "")

    def interest_in(self, concept: str) -> float:
        """The same for a concept."""
        return sqrt(demand.share(concept) / demand.most())


def shortened(text: str) -> str:
    """A value as an example shows it: one line, not too long."""
    text = " ".join(text.split())
    return text if len(text) <= _VALUE else text[: _VALUE - 1] + "…"


def example(product: Product, value: str = "") -> Example:
    """A product with a value, its title when there is none in question."""
    return Example(product.id, shortened(value or product.title))


def _reserved(product: Product) -> Sequence[tuple[str, tuple[Cell, ...]]]:
    price = product.price
    return (
        ("price", (Quantity(price.amount, price.amount, price.currency, f"{price.amount:g}"),) if price else ()),
        ("brand", (product.brand,) if product.brand else ()),
        ("rating", (Quantity(product.rating, product.rating, None, ""),) if product.rating is not None else ()),
        ("availability", (product.availability,) if product.availability else ()),
    )


def _listed(record: Mapping[str, object], currency: str) -> Iterator[tuple[Money, Money]]:
    """Prices beside list prices, also those that no sale is made of, as the list price is the lower one."""
    variants = record.get("variants")
    for row in (record, *(variants if isinstance(variants, list | tuple) else ())):
        if isinstance(row, Mapping) and row.get("list_price"):
            price, listed = parse_money(row.get("price"), currency), parse_money(row["list_price"], currency)
            if price and listed and price.currency == listed.currency:
                yield price, listed
