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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.categories import kind_path, kinds_of_category
from catalog.kind_classes import Classes, Features
from catalog.lexicon import Lexicon, fold, header_words
from catalog.titles import Reading, TitleReader
from catalog.types import Product

_SURE = 0.9  # posterior, of a kind with its siblings, from which an unlabelled row takes the classifier's kind
_PREFERS = 4.0  # log odds from which another kind named in the title is preferred to its head
_OVERRULES = 14.0  # log odds from which a kind that the title does not name overrules a rare one that it does; one told
# by a product line is overruled from _PREFERS on
_OVERRULES_RARE = 20.0  # the same for a kind with too few rows to be a class: any class speaks louder than none
_COMMON = 40  # labelled rows from which a kind is not overruled
_TYPES = frozenset({"type", "product type", "item type", "article type", "typ", "产品类型", "类型", "商品类型"})
_LEARNT = 30_000  # rows to learn from, evenly spread, of a larger catalogue
_CLAUSE = re.compile(r"[.!?,;]\s|[\n\\|]|</?\w+>")
_BEGINNING = 120  # characters of a description that may name the thing
_SHOWN = 3  # headers of a record that show it to be of a kind
_LONGEST_TYPE = 48  # characters


def categories(products: Sequence[Product], lexicon: Lexicon | None = None) -> list[tuple[str, ...]]:
    """For each product the path whose last step says what it is: the feed's own where that names a kind of thing, else
    what title and record tell, in the feed's own names where it has some; () where nothing tells."""
    lexicon = lexicon or Lexicon.default()
    stated = [_stated_path(product.category, product.brand) for product in products]
    open_rows = [row for row, path in enumerate(stated) if not path]
    if not open_rows:
        return stated
    names = _own_names(stated, lexicon)
    for row, kind in zip(open_rows, infer_kinds([products[row] for row in open_rows], lexicon), strict=True):
        if kind:
            stated[row] = (*_besides(products[row], kind, lexicon), *_in_own_names(kind, names, lexicon))
    return stated


def _besides(product: Product, kind: str, lexicon: Lexicon) -> Iterator[str]:
    """The kinds that a product is besides its own, by its title's words or a value of its record."""
    for other in lexicon.kinds[kind].besides:
        words = {fold(word) for word in (*lexicon.kinds[other].words, *lexicon.kinds[other].titles)}
        title = f" {fold(product.title)} "
        if any(f" {word} " in title for word in words) or any(fold(cell) in words for cell in _short_texts(product)):
            yield other


def _short_texts(product: Product) -> Iterator[str]:
    for cells in product.attributes.values():
        for cell in cells:
            if isinstance(cell, str) and len(cell) <= _LONGEST_TYPE:
                yield cell


@lru_cache(maxsize=65536)
def _stated_path(path: tuple[str, ...], brand: str) -> tuple[str, ...]:
    return kind_path(path, brand) if path else ()


def _own_names(paths: Iterable[tuple[str, ...]], lexicon: Lexicon) -> dict[str, tuple[str, ...]]:
    """Kind -> the path by which this feed calls it, the most frequent; one that names several kinds stands behind."""
    own: dict[str, tuple[bool, int, tuple[str, ...]]] = {}
    for path, rows in Counter(path for path in paths if path).items():
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


def infer_kinds(products: Sequence[Product], lexicon: Lexicon | None = None) -> list[str | None]:
    """The kind of each product, as the lexicon names it; None where neither title nor record tells."""
    lexicon = lexicon or Lexicon.default()
    reader = TitleReader(lexicon)
    readings = [_reading(product, reader) for product in products]
    learnt = range(0, len(products), len(products) // _LEARNT + 1)
    features = Features(products, learnt)
    judge = _Judge(Classes(features, [readings[row].head for row in learnt]), lexicon)
    kinds = [judge.settle(row, reading) for row, reading in enumerate(readings)]
    again = _Judge(
        Classes(features, [kinds[row] for row in learnt]), lexicon
    )  # the rest in the light of what was found
    return [kind or again.settle(row, readings[row]) for row, kind in enumerate(kinds)]


def _reading(product: Product, reader: TitleReader) -> Reading:
    """What title and type column name; the type counts like a product line where the title has no plain word."""
    reading = reader.read(product.title)
    if reading.weak or not reading.kinds:
        reading = _with_text(reading, product.description, reader)
    told = _told(product, reading, reader)
    if told:
        reading = replace(reading, kinds=tuple(dict.fromkeys((told, *reading.kinds))))
    typed = tuple(dict.fromkeys(_typed(product, reader)))
    if not typed:
        return reading
    if reading.weak or not reading.kinds:
        return Reading(tuple(dict.fromkeys((*typed, *reading.kinds))), weak=True)
    return replace(reading, kinds=tuple(dict.fromkeys((*reading.kinds, *typed))))


def _with_text(reading: Reading, description: str, reader: TitleReader) -> Reading:
    """What the description begins with may say what a title leaves unsaid."""
    segments = _CLAUSE.split(description[:_BEGINNING])
    first = next((segment for segment in segments if " " in segment.strip()), "")
    text = reader.read(first) if first else reading
    if text.weak or not text.kinds:
        return reading
    return Reading(tuple(dict.fromkeys((*reading.kinds, *text.kinds))), True, reading.narrower or text.narrower)


def _told(product: Product, reading: Reading, reader: TitleReader) -> str | None:
    """What tells a kind from others of its family: a product line, the headers of the record, a value of it."""
    if not reading.kinds:
        return None
    shown = reader.shown(reading.kinds[0])
    for kind, words in shown:
        if sum(not words.isdisjoint(header_words(header).split()) for header in product.attributes) >= _SHOWN:
            return kind
    return reading.line or reader.only(reading.narrower) or reader.narrowest(reading.kinds[0], _short_texts(product))


def _typed(product: Product, reader: TitleReader) -> Iterator[str]:
    for name, cells in product.attributes.items():
        if _is_type(name):
            for cell in cells:
                kind = reader.word(cell) if isinstance(cell, str) and len(cell) <= _LONGEST_TYPE else None
                if kind:
                    yield kind


@lru_cache(maxsize=16384)
def _is_type(header: str) -> bool:
    return header_words(header) in _TYPES


class _Judge:
    """Weighs what a title says against what its record shows."""

    def __init__(self, classes: Classes, lexicon: Lexicon) -> None:
        self._classes = classes
        self._lexicon = lexicon

    def settle(self, row: int, reading: Reading) -> str | None:
        """The kind of the row at a place, given what its title says."""
        head, classes = reading.head, self._classes
        common = head is not None and classes.sizes[head] >= _COMMON and not reading.weak
        if not classes.kinds or (common and len(reading.kinds) == 1 and not reading.narrower):
            return head
        scores = classes.scores(row)
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
        if not reading.weak and set(self._lexicon.kinds[top].under) & set(self._lexicon.kinds[head].under):
            return self._lexicon.kinds[head].vague  # of two of a family a plain word knows best
        if self._lexicon.kinds[head].vague:
            return self._lexicon.role(top) == self._lexicon.role(head)
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
