"""What is worked out of a product's record beside what the record states: its kind, what it goes with, values that
stand in its texts only.

Applied to products when they are built and when they are read back, and kept with them as JSON. Knows no SQL, no feeds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from catalog import compatibility
from catalog.aside import spread
from catalog.kinds import Kinds
from catalog.lexicon import Lexicon
from catalog.readout.read import Readout, learn
from catalog.readout.told import Told
from catalog.shop_words import ShopWords
from catalog.types import FILTER_FROM, Cell, Inferred, Product, Quantity

_STEPS = (FILTER_FROM, 0.6, 0.0)  # of confidence: filters, hints, guesses


@dataclass(frozen=True, slots=True)
class Derived:
    """What was worked out of one record. `category`: a path, as Product's; () where the record's own stands."""

    category: tuple[str, ...] = ()
    inferred: Mapping[str, Inferred] = field(default_factory=lambda: MappingProxyType({}))

    def __bool__(self) -> bool:
        return bool(self.category or self.inferred)

    def applied(self, product: Product) -> Product:
        """The product with what was worked out of it."""
        if not self:
            return product
        return replace(product, category=self.category or product.category, inferred=self.inferred)

    def write(self) -> str | None:
        """As kept in the database; None when nothing was worked out."""
        if not self:
            return None
        inferred = {
            slot: [[_cell_to_json(cell) for cell in found.cells], found.source, round(found.confidence, 4)]
            + ([found.by] if found.by != "rules" else [])
            for slot, found in self.inferred.items()
        }
        document = {"category": list(self.category), "inferred": inferred}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, document: str | None) -> Derived:
        """What `write` wrote."""
        if document is None:
            return _NOTHING
        data = json.loads(document)
        inferred = {
            slot: Inferred(tuple(map(_cell_from_json, cells)), source, confidence, *by)
            for slot, (cells, source, confidence, *by) in data["inferred"].items()
        }
        return cls(tuple(data["category"]), MappingProxyType(inferred))


def derive(products: Sequence[Product], words: ShopWords | None = None, told: Told | None = None) -> list[str | None]:
    """For each product what can be worked out of it, given all of them, as `Derived.write` writes it. What the shop's
    words say a product is, it is. `told`: what a model read in texts before."""
    lexicon = Lexicon.default().with_words(words or ShopWords())
    order = sorted(range(len(products)), key=lambda place: products[place].id)
    some = [products[place] for place in order]  # what is learnt of them must not hang on where they stand
    paths = _paths(some, words or ShopWords(), lexicon)
    placed = [replace(p, category=path) if path else p for p, path in zip(some, paths, strict=True)]
    readout = learn(placed, lexicon, told)

    def written(share: range) -> Iterator[str]:
        for place in share:
            yield Derived(paths[place], _inferred(placed[place], readout, lexicon)).write() or ""

    found = dict(zip(order, spread(written, len(order)), strict=True))
    return [found[place] or None for place in range(len(products))]


def _paths(products: Sequence[Product], words: ShopWords, lexicon: Lexicon) -> list[tuple[str, ...]]:
    """The category of each product where it is another than the record's; () where the record's own stands."""
    kinds = Kinds(products, lexicon)
    silent = [place for place, product in enumerate(products) if not product.category]

    def read(share: range) -> Iterator[str]:
        return (json.dumps(kinds.of(products[silent[n]])) for n in share)

    found = dict(zip(silent, _each_path(spread(read, len(silent))), strict=True))
    told = (found[place] if place in found else kinds.of(product) for place, product in enumerate(products))
    said = ((words.kind_of[p.id],) if p.id in words.kind_of else path for p, path in zip(products, told, strict=True))
    return [path if path != product.category else () for product, path in zip(products, said, strict=True)]


def _each_path(documents: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Paths from their JSON; alike ones are one value."""
    known: dict[str, tuple[str, ...]] = {}
    for document in documents:
        if document not in known:
            known[document] = tuple(json.loads(document))
        yield known[document]


def _inferred(product: Product, readout: Readout, lexicon: Lexicon) -> Mapping[str, Inferred]:
    goes_with = compatibility.compatible_with(product, product.kind, lexicon)
    found = {slot: _steadied(value) for slot, value in readout.of(product).items()}
    if goes_with is None or compatibility.SLOT in product.attributes:
        return found
    return {compatibility.SLOT: goes_with, **found}


def _steadied(value: Inferred) -> Inferred:
    """Measured confidences move a little with every change of the catalogue; kept in three steps, downwards, few products
    are to be written for that."""
    return replace(value, confidence=next(step for step in _STEPS if step <= value.confidence))


def _cell_to_json(cell: Cell) -> object:
    return [cell.low, cell.high, cell.unit, cell.text] if isinstance(cell, Quantity) else cell


def _cell_from_json(stored: object) -> Cell:
    if isinstance(stored, list):
        low, high, unit, text = stored
        return Quantity(low, high, unit, text)
    assert isinstance(stored, str | bool)
    return stored


_NOTHING = Derived()
