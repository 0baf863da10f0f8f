"""What kind of product each record is: by the feed's categories, by its title, by its record.

The feed's own path stands where it ends in a kind of thing (categories.py). Else the title's head tells (titles.py), and
for the rest the company of the rows so told: a classifier (kind_classes.py) over each record's attribute names, telling
values, title words, brand and what it is for, which answers only when it is sure. It also chooses between several kinds
that one title names, and overrules a title that reads against its record. Knows no SQL and keeps nothing: the kinds are
worked out anew at every import.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.categories import kind_path, kinds_of_category
from catalog.devices import device_words
from catalog.kind_classes import Classes, Features
from catalog.kind_readings import RecordReader, short_texts
from catalog.lexicon import Lexicon, Role, fold
from catalog.titles import Reading
from catalog.types import Product

_SURE = 0.9  # posterior, of a kind with its siblings, from which an unlabelled row takes the classifier's kind
_PREFERS = 4.0  # log odds from which another kind named in the title is preferred to its head
_OVERRULES = 14.0  # log odds from which a kind that the title does not name overrules a rare one that it does; one told
# by a product line is overruled from _PREFERS on
_OVERRULES_RARE = 20.0  # the same for a kind with too few rows to be a class: any class speaks louder than none
_COMMON = 40  # labelled rows from which a kind is not overruled
_LEARNT = 30_000  # rows to learn from; of more a sample, evenly spread
_SAMPLE = 15_000
_ANY = "accessory"  # the kind of what is known to be for another thing and no more


class Kinds:
    """What the products of a catalogue are, learnt from all of them; then asked of each."""

    def __init__(self, products: Sequence[Product], lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or Lexicon.default()
        self._reader = RecordReader(self._lexicon)
        unstated: list[Product] = []
        stated: Counter[tuple[str, ...]] = Counter()
        for product in products:
            path = _stated_path(product.category, product.brand)
            if path:
                stated[path] += 1
            if not path or self._is_cut(path, product):
                unstated.append(product)
        self._names = _own_names(stated, self._lexicon)
        learnt = unstated if len(unstated) <= _LEARNT else unstated[:: len(unstated) // _SAMPLE]
        self._learn(learnt)

    def _is_cut(self, path: tuple[str, ...], product: Product) -> bool:
        """Does what is left of a feed's path name only a wide kind ("Clothing > Men": clothing)?"""
        if path == product.category:
            return False
        kinds = kinds_of_category(path[-1], self._lexicon)
        return bool(kinds) and all(kind.umbrella for kind in kinds)

    def _learn(self, products: Sequence[Product]) -> None:
        """First from the titles alone; then what is still unknown in the light of what was found."""
        readings = [self._reader.of(product) for product in products]
        self._features = Features(products)
        self._first = _Judge(Classes(self._features, [reading.head for reading in readings]), self._lexicon)
        rows = range(len(products))
        kinds = [self._first.settle(self._features.of_row(row), readings[row]) for row in rows]
        self._second = _Judge(Classes(self._features, kinds), self._lexicon)
        found = (kinds[row] or self._second.settle(self._features.of_row(row), readings[row]) for row in rows)
        self._known = {
            product.id: kind or self._at_least(product) for product, kind in zip(products, found, strict=True)
        }

    def _at_least(self, product: Product) -> str | None:
        """The least that can be said of a product: that it is there for another."""
        return _ANY if _ANY in self._lexicon.kinds and self._reader.serves_something(product) else None

    def kind(self, product: Product) -> str | None:
        """The kind of a product by title and record, as the lexicon names it; None where neither tells."""
        if product.id in self._known:
            return self._known[product.id]
        reading = self._reader.of(product)
        features = self._features.of(product)
        found = self._first.settle(features, reading) or self._second.settle(features, reading)
        return found or self._at_least(product)

    def of(self, product: Product) -> tuple[str, ...]:
        """The path whose last step says what a product is: the feed's own where that names a kind of thing, else what
        title and record tell, in the feed's own names where it has some; () where nothing tells."""
        stated = _stated_path(product.category, product.brand)
        if stated and not self._is_cut(stated, product):
            return stated
        kind = self.kind(product)
        wide = {found.name for found in kinds_of_category(stated[-1], self._lexicon)} if stated else set()
        if not kind or (stated and wide.isdisjoint(self._lexicon.wider(kind))):
            return stated
        return (*_besides(product, kind, self._lexicon), *_in_own_names(kind, self._names, self._lexicon))


def categories(products: Sequence[Product], lexicon: Lexicon | None = None) -> list[tuple[str, ...]]:
    """For each product the path whose last step says what it is."""
    kinds = Kinds(products, lexicon)
    return [kinds.of(product) for product in products]


def role(product: Product, kind: str | None, lexicon: Lexicon) -> Role:
    """What a product of a kind is bought as; a spare of what is else bought for itself is a part."""
    found = lexicon.role(kind) if kind else "main"
    return "part" if found == "main" and kind and _spare().search(product.title) else found


@cache
def _spare() -> re.Pattern[str]:
    words = device_words()["spares"]
    latin, other = ("|".join(word for word in words if word.isascii() is ascii) for ascii in (True, False))
    return re.compile(rf"\b(?:{latin})\b|{other}", re.IGNORECASE)


def _besides(product: Product, kind: str, lexicon: Lexicon) -> Iterator[str]:
    """The kinds that a product is besides its own, by its title's words or a value of its record."""
    for other in lexicon.kinds[kind].besides:
        words = {fold(word) for word in (*lexicon.kinds[other].words, *lexicon.kinds[other].titles)}
        title = f" {fold(product.title)} "
        if any(f" {word} " in title for word in words) or any(fold(cell) in words for cell in short_texts(product)):
            yield other


@lru_cache(maxsize=65536)
def _stated_path(path: tuple[str, ...], brand: str) -> tuple[str, ...]:
    return kind_path(path, brand) if path else ()


def _own_names(paths: Counter[tuple[str, ...]], lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Kind -> the path by which this feed calls it, the most frequent; one that names several kinds stands behind."""
    own: dict[str, tuple[bool, int, tuple[str, ...]]] = {}
    for path, rows in paths.items():
        kinds = kinds_of_category(path[-1], lexicon)
        for kind in kinds:
            own[kind.name] = max(own.get(kind.name, (False, 0, ())), (len(kinds) == 1, rows, path))
    return {kind: path for kind, (_, _, path) in own.items()}


def _in_own_names(kind: str, names: Mapping[str, tuple[str, ...]], lexicon: Lexicon) -> tuple[str, ...]:
    """A kind in the feed's words: its own name for it or for the nearest wider one, below which it then stands."""
    if kind in names:
        return names[kind]
    wide = next((names[above] for above in lexicon.wider(kind) if above in names), ())
    return (*wide, kind)


class _Judge:
    """Weighs what a title says against what its record shows."""

    def __init__(self, classes: Classes, lexicon: Lexicon) -> None:
        self._classes = classes
        self._lexicon = lexicon

    def settle(self, features: NDArray[np.int32], reading: Reading) -> str | None:
        """The kind of a record with these features, given what it says of itself."""
        head, classes = reading.head, self._classes
        common = head is not None and classes.sizes[head] >= _COMMON and not reading.weak
        if not classes.kinds or (common and len(reading.kinds) == 1 and not reading.narrower):
            return head
        scores = classes.scores(features)
        if head is None:
            return self._likeliest(scores)
        best = classes.best(scores, reading.kinds, head)
        if best != head and classes.odds(scores, best, head) >= self._doubt(best, head):
            head = best
        top = classes.kinds[int(scores.argmax())]
        if self._may_overrule(top, head, reading) and classes.odds(scores, top, head) >= self._needed(head, reading):
            return top
        return self._narrowed(scores, head, reading)

    def _may_overrule(self, top: str, head: str, reading: Reading) -> bool:
        """A wider kind says less than the title; a vague word at least tells an accessory from the thing itself."""
        if top in (*self._lexicon.wider(head), *self._lexicon.kinds[head].besides):
            return False
        if not reading.weak and head in self._lexicon.kinds[top].part_of:
            return False
        if not reading.weak and set(self._lexicon.kinds[top].under) & set(self._lexicon.kinds[head].under):
            return self._lexicon.kinds[head].vague  # of two of a family a plain word knows best
        if self._lexicon.kinds[head].vague:
            return self._lexicon.is_accessory(top) == self._lexicon.is_accessory(head)
        return reading.weak or self._classes.sizes[head] < _COMMON

    def _needed(self, head: str, reading: Reading) -> float:
        if reading.weak or self._lexicon.kinds[head].vague:
            return _PREFERS
        return _OVERRULES if head in self._classes.places else _OVERRULES_RARE

    def _doubt(self, kind: str, head: str) -> float:
        """How far a record must speak for a kind that stands beside the head; a title that names both an accessory and
        what it is for ("laptop 90 W power adapter") mostly sells the accessory."""
        if {head, *self._lexicon.wider(head)} & set(self._lexicon.kinds[kind].part_of):
            return 0.0
        return 2 * _PREFERS if kind in self._lexicon.kinds[head].part_of else _PREFERS

    def _narrowed(self, scores: NDArray[np.float32], head: str, reading: Reading) -> str:
        """A wide kind ("cable") as the narrower one that the record speaks for: more readily one whose words stand in
        the title ("usb cable")."""
        below = self._lexicon.narrower(head)
        told = reading.narrower if head == reading.head else ()
        best = self._classes.best(scores, told, head)
        if best != head and self._classes.odds(scores, best, head) >= -_PREFERS:
            return best
        best = self._classes.best(scores, below, head)
        return best if best != head and self._classes.odds(scores, best, head) >= 2 * _PREFERS else head

    def _likeliest(self, scores: NDArray[np.float32]) -> str | None:
        """The likeliest class, if it is sure enough together with its siblings under one umbrella."""
        kinds = self._classes.kinds
        best = int(scores.argmax())
        shares = np.exp(scores - scores[best])
        shares /= shares.sum()
        wide = set(self._lexicon.kinds[kinds[best]].under)
        family = [i for i, kind in enumerate(kinds) if i == best or wide & set(self._lexicon.kinds[kind].under)]
        return kinds[best] if shares[family].sum() >= _SURE and shares[best] >= 0.5 else None
