"""Plain frozen values about products; those about wishes (constraints.py) can be had from here, too.

Knows nothing of SQL, feeds, files, models or dialogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from catalog.constraints import Constraint, Op, Order, Scalar, Value, write_number

__all__ = [
    "FILTER_FROM", "Cell", "Constraint", "Fact", "Inferred", "KindStats", "Money", "Op", "Order", "Product", "Quantity",
    "Scalar", "Slot", "SlotKind", "Term", "UnitPrice", "Value", "Variant", "write_number",
]  # fmt: skip

SlotKind = Literal["category", "number", "boolean", "text"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units (euros, not cents) of an ISO 4217 currency."""

    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range as a cell states it. low == high for a plain number; ±inf for an open end.

    `unit` is the unit as written or inferred (None: not known); `text` is what the shop wrote.
    """

    low: float
    high: float
    unit: str | None = None
    text: str = ""


Cell = str | bool | Quantity


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What a measure of the goods costs: 4.99 EUR per 100 ml is UnitPrice(Money(4.99, "EUR"), 100, "ml")."""

    price: Money
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Inferred:
    """Values that we worked out for a slot the record does not state.

    `source`: where they were read. `confidence`: how often such a reading is right, 0..1; filters use it from
    FILTER_FROM on. `by`: who read them, the catalogue's own rules or a model that was asked offline.
    """

    cells: tuple[Cell, ...]
    source: Literal["title", "description", "attributes"]
    confidence: float
    by: Literal["rules", "model"] = "rules"


FILTER_FROM = 0.9


@dataclass(frozen=True, slots=True)
class KindStats:
    """What is known of a slot among the products of one kind."""

    unit: str | None
    coverage: float  # share of that kind's products that fill the slot, 0..1
    low: float | None = None  # of numbers, in `unit`
    high: float | None = None
    others: Mapping[float, str] = field(default_factory=lambda: MappingProxyType({}))
    """Bare numbers that are in another unit than `unit`: a memory of 16384 (MB) beside one of 16 (GB)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One property that items have.

    `name`: price, brand, title, rating, availability, category for those meanings; else the feed's own name.
    `label`: the feed's own header, for people.  `many`: a cell may hold several values.
    `unit`: the unit most items use; `by_kind[kind]` where it differs (memory 16 GB beside 1024 MB).
    `informable`: a shopper can filter by it; `requestable`: can be asked about. `coverage`: share of products, 0..1.
    `concept`: the entry of the slot lexicon it stands for ("memory", "colour", "screen size"), if any.
    `inferred`: values were worked out by us (category from titles), not given by the feed. `dates`: the values are days,
    so written; they sort by day.
    """

    name: str
    kind: SlotKind
    many: bool = False
    unit: str | None = None
    informable: bool = True
    requestable: bool = True
    coverage: float = 0.0
    by_kind: Mapping[str, KindStats] = field(default_factory=lambda: MappingProxyType({}))
    label: str = ""
    concept: str | None = None
    inferred: bool = False
    dates: Literal["ymd", "dmy", "mdy"] | None = None

    def unit_for(self, kind: str | None, number: float | None = None) -> str | None:
        """The unit of a kind's numbers; of one bare number, its own."""
        stats = self.by_kind.get(kind) if kind else None
        if stats and number is not None and number in stats.others:
            return stats.others[number]
        return stats.unit if stats and stats.unit else self.unit


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a slot's vocabulary: as the shop writes it most often, how many products have it, among which kinds.

    `also`: its other spellings in the feed ("Gray" beside "Grey").
    """

    value: str
    count: int
    kinds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One purchasable option of a product.

    `stock`: units, None when the feed does not say. `was`: the price before a sale. `availability`, `url`, `image`:
    where they differ from the product's.
    """

    id: str
    price: Money | None = None
    stock: int | None = None
    options: Mapping[str, tuple[Cell, ...]] = field(default_factory=lambda: MappingProxyType({}))
    was: Money | None = None
    availability: str | None = None
    url: str | None = None
    image: str | None = None
    unit_price: UnitPrice | None = None

    @property
    def says_stock(self) -> bool:
        """Does the feed say of this option by itself whether it can be bought?"""
        return self.stock is not None or self.availability is not None

    @property
    def sold_out(self) -> bool:
        """Does the feed say that it cannot be bought now?"""
        return self.stock == 0 if self.stock is not None else _gone(self.availability)


_GONE = re.compile(
    r"out[\s_-]*of[\s_-]*stock|sold[\s_-]*out|unavailable|not[\s_-]*available|discontinued|缺货|无货|售罄|售完|下架|停产",
    re.IGNORECASE,
)


def _gone(availability: str | None) -> bool:
    """Do a feed's words say that a thing cannot be bought now?"""
    return bool(availability and _GONE.search(availability))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the record states. `text`: as the shop wrote it, where that says more than value and unit do."""

    slot: str
    value: str | float | bool
    unit: str | None = None
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Product:
    """One product as the shop's record has it. Never changed, never worded by a model.

    `category`: path from wide to narrow, ("Fashion", "jacket"); the last is what the thing is.
    `attributes`: every other field, each a tuple of cells.  `record`: the feed's row, untouched.
    `inferred`: values worked out for slots that the record does not state.  `adult`: for grown-ups only.
    `tax`: the shop's note about tax in its prices ("incl. VAT").
    """

    id: str
    title: str
    variants: tuple[Variant, ...]
    description: str = ""
    brand: str = ""
    category: tuple[str, ...] = ()
    rating: float | None = None
    availability: str | None = None
    url: str | None = None
    image: str | None = None
    attributes: Mapping[str, tuple[Cell, ...]] = field(default_factory=lambda: MappingProxyType({}))
    record: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    inferred: Mapping[str, Inferred] = field(default_factory=lambda: MappingProxyType({}))
    adult: bool = False
    tax: str = ""

    @property
    def kind(self) -> str | None:
        """What the thing is: the narrowest category."""
        return self.category[-1] if self.category else None

    def sold_out(self, variant: Variant | None = None) -> bool:
        """Does the feed say that it cannot be bought now: this option of it, or without one none of them?"""
        asked = [v for v in ((variant,) if variant else self.variants) if v.says_stock]
        return all(v.sold_out for v in asked) if asked else _gone(self.availability)

    @property
    def price(self) -> Money | None:
        """The lowest price among the variants in stock (of all, when none is)."""
        stocked = [v.price for v in self.variants if v.price and not v.sold_out]
        priced = stocked or [v.price for v in self.variants if v.price]
        return min(priced, key=lambda m: m.amount) if priced else None

    def facts(self, variant: Variant | None = None, slot: str | None = None) -> tuple[Fact, ...]:
        """All that a reason may use, in the record's order; with a slot named, what the record states for that alone."""
        chosen = variant or (self.variants[0] if self.variants else None)
        facts = [Fact("title", self.title), *_price_facts(variant.price if variant else self.price, chosen)]
        if self.brand:
            facts.append(Fact("brand", self.brand))
        if self.category:
            facts.append(Fact("category", self.category[-1]))
        if self.rating is not None:
            facts.append(Fact("rating", self.rating))
        available = self.available(variant)
        if available:
            facts.append(Fact("availability", available))
        if self.tax:
            facts.append(Fact("tax", self.tax))
        if self.adult:
            facts.append(Fact("adult", True))
        options = chosen.options if chosen else {}
        for name, cells in {**self.certain, **self.attributes, **options}.items():
            if slot in (None, name):
                facts += [_cell_fact(name, cell) for cell in cells]
        return tuple(facts) if slot is None else tuple(fact for fact in facts if fact.slot == slot)

    def available(self, variant: Variant | None) -> str | None:
        """Whether an option can be bought, as the record says it; told by its stock where the record gives only that."""
        said = (variant.availability if variant else None) or self.availability
        if said or variant is None or variant.stock is None:
            return said
        return "in stock" if variant.stock else "out of stock"

    @property
    def certain(self) -> Mapping[str, tuple[Cell, ...]]:
        """The inferred values that are sure enough to filter by."""
        return {name: found.cells for name, found in self.inferred.items() if found.confidence >= FILTER_FROM}


def _price_facts(price: Money | None, variant: Variant | None) -> Iterator[Fact]:
    """What an option costs now, what it cost before a sale, and what a measure of it costs."""
    if price:
        yield Fact("price", price.amount, price.currency)
    if variant and variant.was and variant.price == price:
        yield Fact("on_sale", True)
        yield Fact("list_price", variant.was.amount, variant.was.currency)
    if variant and variant.unit_price and variant.price == price:
        each = variant.unit_price
        measure = f"{write_number(each.amount)} {each.unit}"
        yield Fact("unit_price", each.price.amount, each.price.currency,
                   f"{write_number(each.price.amount)} {each.price.currency} / {measure}")  # fmt: skip


def _cell_fact(name: str, cell: Cell) -> Fact:
    if isinstance(cell, Quantity):
        written = "" if cell.unit is None else cell.text
        return Fact(name, cell.low if cell.low == cell.high else cell.text, cell.unit, written)
    return Fact(name, cell)
