"""A shop of a few products in memory: all that retrieval needs of a catalogue, and an encoder of a few topics."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.lexicon import Lexicon
from catalog.types import Cell, Constraint, Money, Op, Order, Product, Quantity, Slot, Variant
from errors import UnknownSlot
from retrieval.embedder import Kind, Vectors

Mask = NDArray[np.bool_]
SLOTS = (
    Slot("price", "number", unit="USD"),
    Slot("brand", "category"),
    Slot("category", "category"),
    Slot("rating", "number"),
    Slot("weight", "number", unit="g"),
    Slot("colour", "category"),
)
TOPICS = ({"mouse", "mice", "pointer", "trackball"}, {"keyboard", "keys", "typing"}, {"kettle", "boil", "tea"})


def item(
    id: str,
    title: str,
    price: float | None = None,
    *,
    kind: str = "",
    brand: str = "",
    rating: float | None = None,
    weight: float | None = None,
    colour: Sequence[str] = (),
) -> Product:
    cells: dict[str, tuple[Cell, ...]] = {"colour": tuple(colour)} if colour else {}
    if weight is not None:
        cells["weight"] = (Quantity(float(weight), float(weight), "g"),)
    money = None if price is None else Money(float(price), "USD")
    variants = (Variant(id + "-1", money),)
    return Product(id, title, variants, brand=brand, category=(kind,) if kind else (), rating=rating, attributes=cells)


class TopicEncoder:
    """One axis a topic and one for the rest: enough to tell that a pointer is like a mouse."""

    id = "topics"
    dim = len(TOPICS) + 1

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> Vectors:
        rows = np.array([self._row(text) for text in texts], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def reads(self, text: str) -> bool:
        return text.isascii()

    def _row(self, text: str) -> list[float]:
        words = set(re.findall(r"\w+", text.lower()))
        near = [float(len(words & topic)) for topic in TOPICS]
        return [*near, 0.0 if any(near) else 1.0]


class Shop:
    """The products by position, in the order given."""

    def __init__(self, products: Sequence[Product], encoder: TopicEncoder | None = None) -> None:
        self.products = tuple(products)
        self.ids = tuple(p.id for p in products)
        self.slots = SLOTS
        self.lexicon = Lexicon.default()
        self.vectors = encoder.encode([p.title for p in products]) if encoder else None
        self.embedder_id = encoder.id if encoder else None

    def __len__(self) -> int:
        return len(self.products)

    def position(self, id: str) -> int | None:
        return self.ids.index(id) if id in self.ids else None

    def get(self, ids: Sequence[str]) -> tuple[Product, ...]:
        return tuple(self.products[self.ids.index(id)] for id in ids)

    def keywords(self, text: str, limit: int) -> list[tuple[int, float]]:
        held = [text in p.title.lower() for p in self.products]
        weight = math.log1p(len(held) / max(1, sum(held)))
        found = [(i, weight / len(p.title)) for i, p in enumerate(self.products) if held[i]]
        return sorted(found, key=lambda hit: -hit[1])[:limit]

    def match(self, constraints: Sequence[Constraint]) -> Mask:
        return np.array([all(self._meets(p, c) for c in constraints) for p in self.products], np.bool_)

    def variant_for(self, position: int, constraints: Sequence[Constraint]) -> Variant | None:
        return self.products[position].variants[0] if self.match(constraints)[position] else None

    def order(self, mask: Mask, order: Order, limit: int) -> list[int]:
        sign = 1 if order.direction == "asc" else -1
        values = {int(i): self._number(self.products[i], order.slot) for i in np.flatnonzero(mask)}
        return sorted(values, key=lambda i: math.inf if (v := values[i]) is None else sign * v)[:limit]

    def foremost(self, mask: Mask, order: Order) -> list[int]:
        first, *rest = self.order(mask, order, len(self))
        return [
            first,
            *(i for i in rest if _values(self.products[i], order.slot) == _values(self.products[first], order.slot)),
        ]

    def span(self, slot_name: str, mask: Mask) -> tuple[float, float] | None:
        values = [v for i in np.flatnonzero(mask) if (v := self._number(self.products[i], slot_name)) is not None]
        return (min(values), max(values)) if values else None

    def _number(self, product: Product, slot: str) -> float | None:
        found = [v for v in _values(product, slot) if isinstance(v, float)]
        return found[0] if found else None

    def _meets(self, product: Product, constraint: Constraint) -> bool:
        if constraint.slot not in {slot.name for slot in SLOTS}:
            raise UnknownSlot(constraint.slot)
        held = _values(product, constraint.slot)
        if constraint.op.bound:
            below = constraint.op in (Op.LE, Op.LT)
            bound = float(constraint.values[0])
            return any(isinstance(v, float) and (v <= bound if below else v >= bound) for v in held)
        return constraint.op.negative != any(v in constraint.values for v in held)


def _values(product: Product, slot: str) -> list[str | float]:
    money = product.price
    named: dict[str, list[str | float | None]] = {
        "price": [money.amount if money else None],
        "brand": [product.brand or None],
        "category": [product.kind],
        "rating": [product.rating],
    }
    cells = product.attributes.get(slot, ())
    others: list[str | float | None] = [c.low if isinstance(c, Quantity) else str(c) for c in cells]
    return [value for value in named.get(slot, others) if value is not None]
