"""A shop held in memory: the part of Catalog's interface that tracking reads, over a list of products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.columns import Columns
from catalog.lexicon import Lexicon
from catalog.schema import infer_slots, vocabulary
from catalog.types import Constraint, Product, Slot, Term
from catalog.where import rows_where
from chatbot.track.pieces import keys


class MemoryShop:
    """Catalog without a file. Keywords and facets are left out, and there are no vectors."""

    def __init__(self, products: Iterable[Product], currency: str = "USD", language: str = "en") -> None:
        self._products = tuple(products)
        self.ids = tuple(p.id for p in self._products)
        self.currency, self.language, self.generation, self.name = currency, language, "1", "memory"
        self.lexicon = Lexicon.default()
        self.vectors: NDArray[np.float16] | None = None
        self.slots: tuple[Slot, ...] = infer_slots(self._products)
        self._vocabulary = vocabulary(self._products, self.slots)
        self._columns = Columns.build(self._products, self.slots)
        self._positions = {id: i for i, id in enumerate(self.ids)}
        self._words = Counter(k for p in self._products for k in _words(p))

    def __len__(self) -> int:
        return len(self._products)

    def slot(self, name: str) -> Slot:
        return next(s for s in self.slots if s.name == name)

    def vocabulary(self, slot: str) -> tuple[Term, ...]:
        return self._vocabulary.get(slot, ())

    def titles(self) -> Iterator[str]:
        return (p.title for p in self._products)

    def products(self) -> Iterator[Product]:
        return iter(self._products)

    def position(self, id: str) -> int | None:
        return self._positions.get(id)

    def get(self, ids: Sequence[str]) -> tuple[Product, ...]:
        return tuple(self._products[self._positions[i]] for i in ids if i in self._positions)

    def match(self, constraints: Iterable[Constraint]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self._products), bool)
        mask[self._columns.product_of_row[rows_where(self._columns, constraints)]] = True
        return mask

    def document_frequency(self, word: str) -> int:
        found = keys(word)
        if word and not word.isascii():
            return sum(word in f"{p.title} {p.description}" for p in self._products)
        return min((self._words[k] for k in found), default=0)


def _words(product: Product) -> set[str]:
    cells = " ".join(str(f.value) for f in product.facts())
    return set(keys(f"{product.title} {product.description} {cells}"))
