"""What kind of product each record is, where a feed has no category column.

First from the title's head (titles.py); the rest from the company of the rows so labelled: a naive Bayes classifier
over each record's attribute names, telling values, title words and brand, which answers only when it is sure. The same
classifier also overrules a title that reads against all of its record's attributes ("Notebook A4 ruled": paper).
Knows no SQL and keeps nothing: the kinds are worked out anew at every import.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.lexicon import Lexicon, plain
from catalog.titles import TitleReader
from catalog.types import Product

_SURE = 0.9  # posterior from which an unlabelled row takes the classifier's kind
_OVERRULES = 0.9999  # posterior from which the classifier overrules the title
_ENOUGH = 4  # labelled rows a kind needs to be a class
_RARE = 3  # rows a feature must occur in
_SMOOTHING = 0.2
_TEMPERED = 0.35  # features of one record repeat each other: their evidence counts by this share


def infer_kinds(products: Sequence[Product], lexicon: Lexicon | None = None) -> list[str | None]:
    """The kind of each product, as the lexicon names it; None where neither title nor record tells."""
    reader = TitleReader(lexicon or Lexicon.default())
    stated = [reader.kind(product.title) for product in products]
    rows = [frozenset(_features(product)) for product in products]
    classifier = _Classifier(rows, stated)
    return [kind or classifier.kind(row) for kind, row in zip(stated, rows, strict=True)]


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
    yield from (f"pair {_shape(a)} {_shape(b)}" for a, b in zip(words, words[1:], strict=False))
    yield f"length {min(len(words), 12)}"
    yield "bare" if not product.attributes else "described"


def _shape(word: str) -> str:
    """A word; of one with digits its letters and the digits as 9, so that part numbers of one series are alike."""
    return re.sub(r"\d+", "9", word) if any(map(str.isdigit, word)) else word


class _Classifier:
    """Naive Bayes over sets of features, trained on the rows whose kind the title states."""

    def __init__(self, rows: Sequence[frozenset[str]], stated: Sequence[str | None]) -> None:
        sizes = Counter(kind for kind in stated if kind)
        self._kinds = [kind for kind, n in sizes.items() if n >= _ENOUGH]
        seen = Counter(feature for row in rows for feature in row)
        self._features = {feature: i for i, feature in enumerate(f for f, n in seen.items() if n >= _RARE)}
        self._weights = np.zeros((len(self._features), len(self._kinds)))
        self._prior = np.log(np.array([sizes[kind] for kind in self._kinds], np.float64) + 1.0)
        if self._kinds:
            self._train(rows, stated, sizes)

    def _train(self, rows: Sequence[frozenset[str]], stated: Sequence[str | None], sizes: Counter[str]) -> None:
        places = {kind: i for i, kind in enumerate(self._kinds)}
        for row, kind in zip(rows, stated, strict=True):
            if kind in places:
                self._weights[self._known(row), places[kind]] += 1
        totals = np.array([sizes[kind] for kind in self._kinds], np.float64)
        share = (self._weights + _SMOOTHING) / (totals + 2 * _SMOOTHING)
        everywhere = (self._weights.sum(axis=1) + _SMOOTHING) / (totals.sum() + 2 * _SMOOTHING)
        self._weights = np.log(share) - np.log(everywhere)[:, None]

    def _known(self, row: Iterable[str]) -> NDArray[np.intp]:
        known = (self._features.get(feature, -1) for feature in row)
        return np.array([place for place in known if place >= 0], np.intp)

    def kind(self, row: frozenset[str]) -> str | None:
        """The likeliest kind of a row, if the row is sure enough of it."""
        known = self._known(row)
        if not self._kinds or not len(known):
            return None
        scores = self._prior + _TEMPERED * self._weights[known].sum(axis=0)
        best = int(scores.argmax())
        posterior = 1.0 / np.exp(scores - scores[best]).sum()
        return self._kinds[best] if posterior >= _SURE and math.isfinite(posterior) else None
