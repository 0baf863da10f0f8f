"""Plain frozen values about products and wishes about them.

Knows nothing of SQL, feeds, files, models or dialogue.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

SlotKind = Literal["category", "number", "boolean", "text"]


class Op(StrEnum):
    """How a constraint relates a slot to its value. Negation is an operator, never a prefix of the value."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"

    @property
    def negative(self) -> bool:
        return self in (Op.NE, Op.NOT_IN)

    @property
    def bound(self) -> bool:
        return self in (Op.LT, Op.LE, Op.GT, Op.GE)


Scalar = str | float | bool
Value = Scalar | tuple[Scalar, ...]


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
class KindStats:
    """What is known of a slot among the products of one kind."""

    unit: str | None
    coverage: float  # share of that kind's products that fill the slot, 0..1
    low: float | None = None  # of numbers, in `unit`
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One property that items have.

    `name`: price, brand, title, rating, availability, category for those meanings; else the feed's own name.
    `label`: the feed's own header, for people.  `many`: a cell may hold several values.
    `unit`: the unit most items use; `by_kind[kind]` where it differs (memory 16 GB beside 1024 MB).
    `informable`: a shopper can filter by it; `requestable`: can be asked about. `coverage`: share of products, 0..1.
    `concept`: the entry of the slot lexicon it stands for ("memory", "colour", "screen size"), if any.
    `inferred`: values were worked out by us (category from titles), not given by the feed.
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

    def unit_for(self, kind: str | None) -> str | None:
        stats = self.by_kind.get(kind) if kind else None
        return stats.unit if stats and stats.unit else self.unit


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a slot's vocabulary: as the shop writes it, how many products have it, among which kinds."""

    value: str
    count: int
    kinds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


_CONSTRAINT = re.compile(
    r"^\s*(?P<slot>\"(?:[^\"\\]|\\.)*\"|.+?)\s*(?P<op><=|>=|!=|=|<|>|\bnot in\b|\bin\b)\s*(?P<rest>.*?)\s*$", re.DOTALL
)
_ODD_SLOT = re.compile(r"(^|\s)(in|not)(\s|$)|[<>=!\"]|^\s|\s$|^$")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$")
_NUMBER_WITH_UNIT = re.compile(r"^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s+([^\d\s\"].*)$")


def _as_value(value: Value) -> Value:
    """Whole numbers become floats, so that equal constraints are equal values."""
    if isinstance(value, tuple):
        return tuple(map(_as_scalar, value))
    return _as_scalar(value)


def _as_scalar(value: Scalar) -> Scalar:
    return float(value) if type(value) is int else value


def _write_scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return write_number(float(value))
    plain = (
        value == value.strip()
        and value != ""
        and not re.search(r"[\"\[\],\\\n\r\t\[\]{}]", value)
        and not _NUMBER.match(value)
        and value not in ("true", "false")
        and not re.search(r"[<>=!]", value)
        and not _NUMBER_WITH_UNIT.match(value)
    )
    return value if plain else json.dumps(value, ensure_ascii=False)


def write_number(value: float) -> str:
    """The shortest plain spelling that reads back the same: 30.0 -> "30", 24.9 -> "24.9"."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _read_scalar(text: str) -> Scalar:
    if text.startswith('"'):
        return str(json.loads(text))
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.match(text):
        return float(text)
    return text


@dataclass(frozen=True, slots=True)
class Constraint:
    """One wish that a slot can carry. `value` is a tuple for `in` and `not in`, a scalar otherwise.

    `unit` is the unit of a number (None: the slot's own). str(c) reads back: Constraint.parse(str(c)) == c,
    save the unit, which is written behind the number: "weight <= 1.4 kg".
    """

    slot: str
    op: Op
    value: Value
    unit: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _as_value(self.value))
        if isinstance(self.value, tuple) != (self.op in (Op.IN, Op.NOT_IN)):
            raise ValueError(f"{self.op} does not go with {self.value!r}")
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        if any(isinstance(v, float) and not math.isfinite(v) for v in values):
            raise ValueError("a constraint's number must be finite")

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value or values, always as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def __str__(self) -> str:
        slot = json.dumps(self.slot, ensure_ascii=False) if _ODD_SLOT.search(self.slot) else self.slot
        if isinstance(self.value, tuple):
            written = "[" + ", ".join(_write_scalar(v) for v in self.value) + "]"
        else:
            written = _write_scalar(self.value)
        numeric = isinstance(self.value, float) and not isinstance(self.value, bool)
        unit = f" {self.unit}" if self.unit and numeric else ""
        return f"{slot} {self.op} {written}{unit}"

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read "price <= 30", "brand in [HP, Dell]", "weight <= 1.4 kg". ValueError says what is wrong."""
        found = _CONSTRAINT.match(text)
        if not found:
            raise ValueError(f"not a constraint: {text!r} (write SLOT OP VALUE, for example: price <= 30)")
        slot, op, rest = found["slot"], Op(found["op"]), found["rest"]
        slot = str(json.loads(slot)) if slot.startswith('"') else slot.strip()
        if op in (Op.IN, Op.NOT_IN):
            if not (rest.startswith("[") and rest.endswith("]")):
                raise ValueError(f"{op} needs a list in brackets: {text!r}")
            return cls(slot, op, tuple(_read_scalar(part) for part in _split_list(rest[1:-1])))
        if not rest:
            raise ValueError(f"no value in {text!r}")
        with_unit = _NUMBER_WITH_UNIT.match(rest)
        if with_unit:
            return cls(slot, op, float(with_unit[1]), with_unit[2])
        return cls(slot, op, _read_scalar(rest))


def _split_list(text: str) -> Iterator[str]:
    for part in re.finditer(r'\s*("(?:[^"\\]|\\.)*"|[^,]+?)\s*(?:,|$)', text):
        yield part[1]


@dataclass(frozen=True, slots=True)
class Order:
    """A wish about order: cheapest first is Order("price", "asc")."""

    slot: str
    direction: Literal["asc", "desc"]

    def __str__(self) -> str:
        return f"{self.slot} {self.direction}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One purchasable option of a product. `stock`: units, None when the feed does not say."""

    id: str
    price: Money | None = None
    stock: int | None = None
    options: Mapping[str, tuple[Cell, ...]] = field(default_factory=lambda: MappingProxyType({}))


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

    @property
    def kind(self) -> str | None:
        """What the thing is: the narrowest category."""
        return self.category[-1] if self.category else None

    @property
    def price(self) -> Money | None:
        """The lowest price among the variants in stock (of all, when none is)."""
        stocked = [v.price for v in self.variants if v.price and v.stock != 0]
        priced = stocked or [v.price for v in self.variants if v.price]
        return min(priced, key=lambda m: m.amount) if priced else None

    def facts(self, variant: Variant | None = None) -> tuple[Fact, ...]:
        """All that a reason may use, in the record's order."""
        chosen = variant or (self.variants[0] if self.variants else None)
        price = variant.price if variant else self.price
        facts: list[Fact] = [Fact("title", self.title)]
        if price:
            facts.append(Fact("price", price.amount, price.currency))
        if self.brand:
            facts.append(Fact("brand", self.brand))
        if self.category:
            facts.append(Fact("category", self.category[-1]))
        if self.rating is not None:
            facts.append(Fact("rating", self.rating))
        if self.availability:
            facts.append(Fact("availability", self.availability))
        options = chosen.options if chosen else {}
        for name, cells in {**self.attributes, **options}.items():
            facts.extend(_cell_fact(name, cell) for cell in cells)
        return tuple(facts)


def _cell_fact(name: str, cell: Cell) -> Fact:
    if isinstance(cell, Quantity):
        written = "" if cell.unit is None else cell.text
        return Fact(name, cell.low if cell.low == cell.high else cell.text, cell.unit, written)
    return Fact(name, cell)
