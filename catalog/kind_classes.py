"""A naive Bayes classifier of kinds: what a record shows beside its title's head, learnt from the rows whose title tells.

Features are numbered once; a row holds their numbers. Knows no titles' grammar (titles.py) and decides nothing by itself:
kinds.py asks it which of several kinds a record speaks for, and how sure it is.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catalog.compatibility import devices_stated
from catalog.devices import name_of
from catalog.lexicon import plain
from catalog.types import Product

ENOUGH = 4  # labelled rows a kind needs to be a class
_RARE = 3  # rows a feature must occur in
_PRIOR_ROWS = 3.0  # a class starts as this many rows of the average product
_TEMPERED = 0.35  # features of one record repeat each other: their evidence counts by this share
_LONGEST_VALUE = 24  # characters
_LETTERS = 3  # of a word that may name a line of devices
_UNKNOWN = -1  # the number of a feature that no row learnt from has
_DEVICES = 6  # of one product that say what it is for


class _Numbers(dict[str, int]):
    """Features of one sort and their numbers: a new one takes the next number, or none once all are known."""

    def __init__(self, count: Iterator[int]) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, feature: str) -> int:
        number = next(self._count, _UNKNOWN)
        if number != _UNKNOWN:
            self[feature] = number
        return number


class _Values(dict[str, _Numbers]):
    """The values of each attribute and their numbers."""

    def __init__(self, count: Iterator[int]) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, name: str) -> _Numbers:
        found = self[name] = _Numbers(self._count)
        return found


class _Count(Iterator[int]):
    """Numbers from 0 on, until it is closed."""

    def __init__(self) -> None:
        self.next = 0
        self.closed = False

    def __next__(self) -> int:
        if self.closed:
            raise StopIteration
        self.next += 1
        return self.next - 1


class Features:
    """The features of rows: attribute names, short word values, what it is for, title words, brand. Numbered by the rows
    to learn from; what none of these has is left out of others."""

    def __init__(self, products: Iterable[Product]) -> None:
        count = _Count()
        self._headers, self._several, self._words, self._others = (_Numbers(count) for _ in range(4))
        self._values = _Values(count)
        numbers = array("i")
        lengths = array("i")
        for product in products:
            found = set(self._found(product))
            numbers.extend(found)
            lengths.append(len(found))
        count.closed = True
        self.width = count.next
        self.numbers = np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)
        self.lengths = np.frombuffer(lengths, np.int32) if lengths else np.empty(0, np.int32)
        self._ends = [0, *np.cumsum(self.lengths).tolist()]

    def of_row(self, row: int) -> NDArray[np.int32]:
        """The features of a row learnt from."""
        return self.numbers[self._ends[row] : self._ends[row + 1]]

    def of(self, product: Product) -> NDArray[np.int32]:
        """The features of any product."""
        known = set(self._found(product))
        known.discard(_UNKNOWN)
        return np.fromiter(known, np.int32, len(known))

    def _found(self, product: Product) -> list[int]:
        headers, values, words, others = self._headers, self._values, self._words, self._others
        found = [headers[name] for name in product.attributes]
        for name, cells in product.attributes.items():
            if len(cells) > 1:
                found.append(self._several[name])
            found += [values[name][cell] for cell in cells if type(cell) is str and len(cell) <= _LONGEST_VALUE]
        title = plain(product.title).split()
        found += [words[word if word.isalpha() else _shape(word)] for word in title]
        found.append(others[f"brand {product.brand.lower()}"])
        found.append(others[f"length {min(len(title), 12)}"])
        found.append(others["described" if product.attributes else "bare"])
        for device in devices_stated(product)[:_DEVICES]:
            for word in name_of(device).head:
                if len(word) > _LETTERS:  # twice: what a thing is for tells ink from toner; colours and yields do not
                    found += others[f"for {word}"], others[f"for a {word}"]
        return found


@lru_cache(maxsize=65536)
def _shape(word: str) -> str:
    """A word; of one with digits its letters and the digits as 9, so that part numbers of one series are alike."""
    return re.sub(r"\d+", "9", word)


class Classes:
    """The kinds with enough labelled rows, and how much likelier each feature is among them than on the average."""

    def __init__(self, features: Features, stated: Sequence[str | None]) -> None:
        """`stated`: the kind of each row learnt from."""
        self.sizes = Counter(kind for kind in stated if kind)
        self.kinds = [kind for kind, rows in self.sizes.items() if rows >= ENOUGH]
        self.places = {kind: place for place, kind in enumerate(self.kinds)}
        owners = np.array([self.places.get(kind, -1) if kind else -1 for kind in stated], np.int32)
        self._train(features, np.repeat(owners, features.lengths))

    def _train(self, features: Features, owners: NDArray[np.int32]) -> None:
        numbers, classes = features.numbers, len(self.kinds)
        kept = np.bincount(numbers, minlength=features.width) >= _RARE
        self._place_of = np.where(kept, np.cumsum(kept) - 1, -1)  # rare features have no place in the tables
        width = int(kept.sum())
        labelled = (owners >= 0) & kept[numbers]
        flat = self._place_of[numbers[labelled]] * classes + owners[labelled]
        counts = np.bincount(flat, minlength=width * classes).reshape(width, classes).astype(np.float32)
        totals = np.array([self.sizes[kind] for kind in self.kinds], np.float32)
        average = (counts.sum(axis=1) + 0.5) / (totals.sum() + 1.0)
        counts += _PRIOR_ROWS * average[:, None]
        counts /= totals + _PRIOR_ROWS
        counts /= average[:, None]
        self._weights = np.log(counts, out=counts)
        self._prior = np.log(totals + 1.0)

    def scores(self, features: NDArray[np.int32]) -> NDArray[np.float32]:
        """Log odds of every class for a record with these features, up to a constant."""
        known = self._place_of[features]
        return np.asarray(self._prior + _TEMPERED * self._weights[known[known >= 0]].sum(axis=0), np.float32)

    def odds(self, scores: NDArray[np.float32], kind: str, other: str) -> float:
        """Log odds of one kind against another; a kind too rare to be a class scores as the average product."""
        here = scores[self.places[kind]] if kind in self.places else 0.0
        there = scores[self.places[other]] if other in self.places else 0.0
        return float(here - there)

    def best(self, scores: NDArray[np.float32], kinds: Sequence[str], default: str) -> str:
        """The likeliest of some kinds."""
        known = [kind for kind in kinds if kind in self.places]
        return max(known, key=lambda kind: scores[self.places[kind]], default=default)
