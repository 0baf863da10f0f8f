"""A linear-chain conditional random field over sparse features, trained by AdaGrad; nothing but numpy.

A sequence is its tokens' feature numbers and the tags that may stand in it. Knows no words and no attributes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDS = 10
_AVERAGED_FROM = 4  # the weights handed on are the mean of those after the later rounds
_RATE = 0.1
_DECAY = 1e-2
_DROPPED = 0.2  # share of features left out at each sight of a sequence, so that no one of them is leaned on
_LONGEST_SPAN = 12
_LEAST = 0.02  # probability below which a span is not worth naming
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Tokens:
    """Feature numbers of all tokens in one row, where each token's begin, and the tags that may occur."""

    features: Ints
    starts: Ints
    tags: Ints

    @property
    def owners(self) -> Ints:
        """For each feature the token it belongs to."""
        return np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.features))))


class Chain:
    """Weights of features and of tags that follow each other. Tags 2k+1 and 2k+2 begin and continue span type k."""

    def __init__(self, features: int, tags: int) -> None:
        self._weights = np.zeros((features, tags))
        self._follow = np.zeros((tags, tags))
        self._barred = np.zeros((tags, tags))
        for inside in range(2, tags, 2):
            self._barred[:, inside] = _NEVER
            self._barred[[inside - 1, inside], inside] = 0.0

    def fit(self, sequences: Sequence[Tokens], answers: Sequence[Ints], seed: int = 0) -> None:
        """Train on sequences with the place of each token's tag among its sequence's tags."""
        rng = np.random.default_rng(seed)
        squares, follow_squares = np.full_like(self._weights, 1e-6), np.full_like(self._follow, 1e-6)
        total, follow_total = np.zeros_like(self._weights), np.zeros_like(self._follow)
        for turn in range(_ROUNDS):
            for number in rng.permutation(len(sequences)):
                self._step(sequences[number], answers[number], rng, squares, follow_squares)
            if turn >= _AVERAGED_FROM:
                total += self._weights
                follow_total += self._follow
        self._weights = total / (_ROUNDS - _AVERAGED_FROM)
        self._follow = follow_total / (_ROUNDS - _AVERAGED_FROM)

    def _step(
        self, seen: Tokens, answer: Ints, rng: np.random.Generator, squares: Floats, follow_squares: Floats
    ) -> None:
        """One descent along the gradient of one sequence's likelihood."""
        kept = rng.random(len(seen.features)) > _DROPPED
        kept[seen.starts] = True  # each token's first feature is its bias
        features, owners = seen.features[kept], seen.owners[kept]
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        wave = _Wave.of(*self._scores(features, starts, seen.tags))
        error = wave.marginals()
        error[np.arange(len(answer)), answer] -= 1
        rows, place = np.unique(features, return_inverse=True)
        share = np.zeros((len(rows), len(answer)))
        np.add.at(share, (place, owners), 1.0)
        _descend(self._weights, squares, np.ix_(rows, seen.tags), share @ error)
        follow = wave.pairs()
        np.add.at(follow, (answer[:-1], answer[1:]), -1.0)
        _descend(self._follow, follow_squares, np.ix_(seen.tags, seen.tags), follow)

    def _scores(self, features: Ints, starts: Ints, tags: Ints) -> tuple[Floats, Floats, Floats]:
        """(each token's score of each tag, of each pair of tags, of each tag at the beginning)."""
        pairs = np.ix_(tags, tags)
        emitted = np.add.reduceat(self._weights[features][:, tags], starts)
        return emitted, self._follow[pairs] + self._barred[pairs], self._barred[0, tags]

    def spans(self, seen: Tokens) -> Iterator[tuple[int, int, int, float]]:
        """(span type, first token, token behind the last, probability) of every span that is not unlikely."""
        wave = _Wave.of(*self._scores(seen.features, seen.starts, seen.tags))
        for begin in range(1, len(seen.tags), 2):
            for first, end, probability in wave.spans(begin):
                yield (int(seen.tags[begin]) - 1) // 2, first, end, probability


def _descend(weights: Floats, squares: Floats, at: tuple[Ints, ...], slope: Floats) -> None:
    slope = slope + _DECAY * weights[at]
    squares[at] += slope * slope
    weights[at] -= _RATE * slope / np.sqrt(squares[at])


@dataclass(frozen=True, slots=True)
class _Wave:
    """Scores of all taggings summed from the left and from the right."""

    emitted: Floats
    follow: Floats
    left: Floats
    right: Floats
    total: float

    @classmethod
    def of(cls, emitted: Floats, follow: Floats, first: Floats) -> _Wave:
        n = len(emitted)
        left, right = np.zeros_like(emitted), np.zeros_like(emitted)
        left[0] = emitted[0] + first
        for i in range(1, n):
            left[i] = _sum(left[i - 1][:, None] + follow, 0) + emitted[i]
        for i in range(n - 2, -1, -1):
            right[i] = _sum(follow + (emitted[i + 1] + right[i + 1])[None, :], 1)
        return cls(emitted, follow, left, right, float(_sum(left[-1], 0)))

    def marginals(self) -> Floats:
        return np.asarray(np.exp(self.left + self.right - self.total))

    def pairs(self) -> Floats:
        """How often each tag is expected to follow each."""
        behind = (self.emitted + self.right)[1:]
        joint = self.left[:-1, :, None] + self.follow[None] + behind[:, None, :] - self.total
        return np.asarray(np.exp(joint).sum(0))

    def spans(self, begin: int) -> Iterator[tuple[int, int, float]]:
        """Every span of the type whose beginning tag is at this place, with its probability."""
        inside, n = begin + 1, len(self.emitted)
        for first in range(n):
            score = self.left[first, begin]
            for last in range(first, min(n, first + _LONGEST_SPAN)):
                if last > first:
                    score += self.follow[begin if last == first + 1 else inside, inside] + self.emitted[last, inside]
                ended = 0.0
                if last + 1 < n:
                    behind = (
                        self.follow[begin if last == first else inside] + self.emitted[last + 1] + self.right[last + 1]
                    )
                    behind[inside] = _NEVER
                    ended = float(_sum(behind, 0))
                probability = math.exp(min(0.0, score + ended - self.total))
                if probability >= _LEAST:
                    yield first, last + 1, probability


def _sum(scores: Floats, axis: int) -> Floats:
    """The logarithm of the sum of exponentials along an axis."""
    most = scores.max(axis, keepdims=True)
    return np.asarray(np.log(np.exp(scores - most).sum(axis)) + most.squeeze(axis))
