"""What is worked out of a product's record beside what the record states: its kind, where the feed names none.

Applied to products when they are built and when they are read back, and kept with them as JSON. Knows no SQL, no feeds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from catalog.kinds import infer_kinds
from catalog.lexicon import Lexicon
from catalog.shop_words import ShopWords
from catalog.types import Cell, Inferred, Product, Quantity


@dataclass(frozen=True, slots=True)
class Derived:
    """What was worked out of one record. `kind`: None where the feed names it or nothing tells."""

    kind: str | None = None
    inferred: Mapping[str, Inferred] = field(default_factory=lambda: MappingProxyType({}))

    def applied(self, product: Product) -> Product:
        """The product with what was worked out of it."""
        if self.kind is None and not self.inferred:
            return product
        category = (self.kind,) if self.kind else product.category
        return replace(product, category=category, inferred=self.inferred)

    def write(self) -> str | None:
        """As kept in the database; None when nothing was worked out."""
        if self.kind is None and not self.inferred:
            return None
        inferred = {
            slot: [[_cell_to_json(cell) for cell in found.cells], found.source, round(found.confidence, 4)]
            for slot, found in self.inferred.items()
        }
        return json.dumps({"kind": self.kind, "inferred": inferred}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, document: str | None) -> Derived:
        """What `write` wrote."""
        if document is None:
            return _NOTHING
        data = json.loads(document)
        inferred = {
            slot: Inferred(tuple(map(_cell_from_json, cells)), source, confidence)
            for slot, (cells, source, confidence) in data["inferred"].items()
        }
        return cls(data["kind"], MappingProxyType(inferred))


def derive(products: Sequence[Product], words: ShopWords | None = None) -> list[Derived]:
    """For each product what can be worked out of it, given all of them. What the shop's words say a product is, it is."""
    words = words or ShopWords()
    if any(product.category for product in products):
        kinds: Sequence[str | None] = [None] * len(products)
    else:
        kinds = infer_kinds(products, Lexicon.default().with_words(words))
    told = (words.kind_of.get(product.id, kind) for product, kind in zip(products, kinds, strict=True))
    return [Derived(kind) if kind else _NOTHING for kind in told]


def _cell_to_json(cell: Cell) -> object:
    return [cell.low, cell.high, cell.unit, cell.text] if isinstance(cell, Quantity) else cell


def _cell_from_json(stored: object) -> Cell:
    if isinstance(stored, list):
        low, high, unit, text = stored
        return Quantity(low, high, unit, text)
    assert isinstance(stored, str | bool)
    return stored


_NOTHING = Derived()
