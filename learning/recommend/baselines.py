"""What a recommender must beat: orders of candidates from counts over everybody's histories, and from what things are.

    Popularity(histories).rank(history, candidates);  ItemKNN(histories, decay=.9).rank(history, candidates)

Each gives the candidates' places, best first; of equals the one that was given first. Knows ids only; the content baseline
is handed what each item is.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol


class Recommender(Protocol):
    """Orders candidates by what somebody took before."""

    def rank(self, history: Sequence[str], candidates: Sequence[str]) -> tuple[int, ...]:
        """The candidates' places, best first. `history`: the oldest first."""
        ...


class Popularity:
    """By how many took each."""

    def __init__(self, histories: Iterable[Collection[str]]) -> None:
        self._counts = Counter(item for taken in histories for item in set(taken))

    def rank(self, history: Sequence[str], candidates: Sequence[str]) -> tuple[int, ...]:
        return _best_first([self._counts[item] for item in candidates])


class ItemKNN:
    """By the cosine between the sets of people who took two items (Sarwar et al., 2001, "Item-based collaborative
    filtering recommendation algorithms"), summed over the history.

    `decay`: what an item counts beside the one taken after it: 1 for all alike, 0 for the last item alone.
    """

    def __init__(self, histories: Iterable[Collection[str]], decay: float = 1.0) -> None:
        takers: defaultdict[str, set[int]] = defaultdict(set)
        for person, taken in enumerate(histories):
            for item in taken:
                takers[item].add(person)
        self._takers: Mapping[str, set[int]] = dict(takers)
        self._decay = decay

    def rank(self, history: Sequence[str], candidates: Sequence[str]) -> tuple[int, ...]:
        weights = [self._decay**steps for steps in range(len(history))]  # 0 ** 0 is 1
        counted = [(item, weight) for item, weight in zip(reversed(history), weights, strict=True) if weight > 1e-6]
        return _best_first([sum(w * self._cosine(item, other) for other, w in counted) for item in candidates])

    def _cosine(self, item: str, other: str) -> float:
        one, two = self._takers.get(item, _NOBODY), self._takers.get(other, _NOBODY)
        both = len(one & two)
        return both / math.sqrt(len(one) * len(two)) if both else 0.0


class Content:
    """By the cosine between what an item is (its kinds, genres) and what the items of the history are, counted."""

    def __init__(self, traits: Mapping[str, Collection[str]]) -> None:
        self._traits = traits

    def rank(self, history: Sequence[str], candidates: Sequence[str]) -> tuple[int, ...]:
        taste = Counter(trait for item in history for trait in self._traits.get(item, ()))
        scores = []
        for item in candidates:
            traits = self._traits.get(item, ())
            scores.append(sum(taste[trait] for trait in traits) / math.sqrt(len(traits) or 1))
        return _best_first(scores)


_NOBODY: set[int] = set()


def _best_first(scores: Sequence[float]) -> tuple[int, ...]:
    return tuple(sorted(range(len(scores)), key=lambda place: (-scores[place], place)))
