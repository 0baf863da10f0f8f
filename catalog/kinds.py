"""What kind of product each record is, where a feed has no category column.

First from the title's head (titles.py); the rest from the company of the rows so labelled: a naive Bayes classifier
over each record's attribute names, telling values, title words and brand, which answers only when it is sure. The same
classifier chooses between several kinds that one title names, and overrules a title that reads against its record.
Knows no SQL and keeps nothing: the kinds are worked out anew at every import.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.categories import kind_path, kinds_of_category
from catalog.lexicon import Lexicon, plain
from catalog.titles import Reading, TitleReader
from catalog.types import Product

_SURE = 0.9  # posterior, of a kind with its siblings, from which an unlabelled row takes the classifier's kind
_PREFERS = 4.0  # log odds from which another kind named in the title is preferred to its head
_OVERRULES = 14.0  # log odds from which a kind that the title does not name overrules a rare one that it does; one told
# by a product line is overruled from _PREFERS on
_COMMON = 40  # labelled rows from which a kind is not overruled
_ENOUGH = 4  # labelled rows a kind needs to be a class
_RARE = 3  # rows a feature must occur in
_PRIOR_ROWS = 3.0  # a class starts as this many rows of the average product
_TEMPERED = 0.35  # features of one record repeat each other: their evidence counts by this share


def categories(products: Sequence[Product], lexicon: Lexicon | None = None) -> list[tuple[str, ...]]:
    """For each product the path whose last step says what it is: the feed's own where that names a kind of thing, else
    what title and record tell, in the feed's own names where it has some; () where nothing tells."""
    lexicon = lexicon or Lexicon.default()
    stated = [_stated_path(product.category, product.brand) for product in products]
    open_rows = [row for row, path in enumerate(stated) if not path]
    if not open_rows:
        return stated
    if len(open_rows) == len(products):
        return [(kind,) if kind else () for kind in infer_kinds(products, lexicon)]
    names = _own_names(stated, lexicon)
    for row, kind in zip(open_rows, infer_kinds([products[row] for row in open_rows], lexicon), strict=True):
        stated[row] = _in_own_names(kind, names, lexicon) if kind else ()
    return stated


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
    stated = [reader.read(product.title) for product in products]
    rows = [frozenset(_features(product)) for product in products]
    classifier = _Classifier(rows, [reading.head for reading in stated], lexicon)
    return [classifier.settle(row, reading) for row, reading in enumerate(stated)]


def _features(product: Product) -> Iterator[str]:
    """What a record shows of its kind: attribute names, short word values, title words, brand."""
    for name, cells in product.attributes.items():
        yield f"has {name}"
        for cell in cells:
            if isinstance(cell, str) and len(cell) <= 24:
                yield f"{name}={cell.lower()}"
    yield f"brand {product.brand.lower()}"
    words = plain(product.title).split()
    for word in words:
        yield f"word {_shape(word)}"
    yield f"length {min(len(words), 12)}"
    yield "bare" if not product.attributes else "described"


@lru_cache(maxsize=65536)
def _shape(word: str) -> str:
    """A word; of one with digits its letters and the digits as 9, so that part numbers of one series are alike."""
    return re.sub(r"\d+", "9", word) if any(map(str.isdigit, word)) else word


class _Classifier:
    """Naive Bayes over sets of features, trained on the rows whose kind the title states."""

    def __init__(self, rows: Sequence[frozenset[str]], stated: Sequence[str | None], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        sizes = Counter(kind for kind in stated if kind)
        self._sizes = sizes
        self._kinds = [kind for kind, n in sizes.items() if n >= _ENOUGH]
        self._places = {kind: i for i, kind in enumerate(self._kinds)}
        ids: dict[str, int] = {}
        self._rows = [np.array([ids.setdefault(f, len(ids)) for f in row], np.int32) for row in rows]
        self._train(len(ids), stated)

    def _train(self, width: int, stated: Sequence[str | None]) -> None:
        """Log of how much likelier each feature is in each class than in the average product."""
        places = np.array([self._places.get(kind, -1) if kind else -1 for kind in stated], np.int64)
        lengths = np.array([len(row) for row in self._rows], np.int64)
        features, owners = np.concatenate([*self._rows, np.empty(0, np.int32)]), np.repeat(places, lengths)
        kept = np.bincount(features, minlength=width) >= _RARE
        self._place_of = np.where(kept, np.cumsum(kept) - 1, -1)  # rare features have no place in the tables
        width = int(kept.sum())
        labelled = (owners >= 0) & kept[features]
        flat = self._place_of[features[labelled]] * len(self._kinds) + owners[labelled]
        counts = np.bincount(flat, minlength=width * len(self._kinds)).reshape(width, len(self._kinds))
        totals = np.array([self._sizes[kind] for kind in self._kinds], np.float64)
        average = (counts.sum(axis=1) + 0.5) / (totals.sum() + 1.0)
        share = (counts + _PRIOR_ROWS * average[:, None]) / (totals + _PRIOR_ROWS)
        self._weights = (np.log(share) - np.log(average)[:, None]).astype(np.float32)
        self._prior = np.log(totals + 1.0)

    def _scores(self, row: int) -> NDArray[np.float64]:
        """Log odds of every class for a row, up to a constant."""
        known = self._place_of[self._rows[row]]
        return np.asarray(self._prior + _TEMPERED * self._weights[known[known >= 0]].sum(axis=0), np.float64)

    def settle(self, row: int, reading: Reading) -> str | None:
        """The kind of the row at a place, given what its title says."""
        head = reading.head
        common = head is not None and self._sizes[head] >= _COMMON and not reading.weak
        if not self._kinds or (common and len(reading.kinds) == 1 and not reading.narrower):
            return head
        scores = self._scores(row)
        if head is None:
            return self._likeliest(scores)
        known = [kind for kind in reading.kinds if kind in self._places]
        best = max(known, key=lambda kind: scores[self._places[kind]], default=head)
        if best != head and self._odds(scores, best, head) >= self._doubt(best, head):
            head = best
        top = self._kinds[int(scores.argmax())]
        needed = _PREFERS if reading.weak else _OVERRULES
        rare = reading.weak or self._sizes[head] < _COMMON
        return top if rare and self._odds(scores, top, head) >= needed else self._narrowed(scores, head, reading)

    def _doubt(self, kind: str, head: str) -> float:
        """How far a record must speak for a kind that stands beside the head; a title that names both an accessory and
        what it is for ("laptop 90 W power adapter") mostly sells the accessory."""
        served = self._lexicon.kinds[kind].part_of
        return 0.0 if {head, *self._lexicon.wider(head)} & set(served) else _PREFERS

    def _narrowed(self, scores: NDArray[np.float64], head: str, reading: Reading) -> str:
        """A wide kind ("cable") as the narrower one that title and record both speak for ("usb cable")."""
        below = [kind for kind in reading.narrower if kind in self._places] if head == reading.head else []
        best = max(below, key=lambda kind: scores[self._places[kind]], default=head)
        return best if best != head and self._odds(scores, best, head) >= 0 else head

    def _odds(self, scores: NDArray[np.float64], kind: str, other: str) -> float:
        """Log odds of one kind against another; a kind too rare to be a class scores as the average product."""
        here = scores[self._places[kind]] if kind in self._places else 0.0
        there = scores[self._places[other]] if other in self._places else 0.0
        return float(here - there)

    def _likeliest(self, scores: NDArray[np.float64]) -> str | None:
        """The likeliest class, if it is sure enough together with its siblings under one umbrella."""
        best = int(scores.argmax())
        shares = np.exp(scores - scores[best])
        shares /= shares.sum()
        wide = set(self._lexicon.kinds[self._kinds[best]].under)
        family = [i for i, kind in enumerate(self._kinds) if i == best or wide & set(self._lexicon.kinds[kind].under)]
        return self._kinds[best] if shares[family].sum() >= _SURE and shares[best] >= 0.5 else None
