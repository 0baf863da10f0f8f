"""Which products could answer: filter by hard constraints, score by every stage, fuse, order.

What merely passes the filter is appended behind what the text is about, never fused as a ranking. When nothing passes,
relax.py says what to give up. Knows nothing of dialogue, models or SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.lexicon import Lexicon
from catalog.types import Constraint, Op, Order, Product, Slot, Variant
from retrieval.embedder import Embedder
from retrieval.fusion import WEIGHTS, fuse, lift
from retrieval.recall import EmbeddingRecall, Index, Postings, Scores, stages_of
from retrieval.relax import Mask, alone, is_number, overshoot, relax
from retrieval.types import Candidate, Query, Retrieved, Way
from retrieval.words import content_runs, content_words

ABOUT = 0.15
"""A product that fuses to less than this has nothing to do with the text."""
RELEVANT = 0.85
"""The share of the best score from which on a product counts as what was asked for, when an order is wished."""
RELEVANT_OF_KIND = 0.7
"""The same where a hard constraint already says what kind of product it is."""
NEAR = 0.7
"""The same for near misses, when something must be given up."""
DEPTH = 1000
"""As many products as a stage ranks."""
REMEMBERED = 8
"""Texts whose scores are kept: three numbers a product and text."""


class Shop(Index, Protocol):
    """What retrieval needs of a catalogue; catalog.store.Catalog is one."""

    @property
    def ids(self) -> tuple[str, ...]: ...
    @property
    def slots(self) -> tuple[Slot, ...]: ...
    @property
    def lexicon(self) -> Lexicon: ...
    def position(self, id: str) -> int | None: ...
    def get(self, ids: Sequence[str]) -> tuple[Product, ...]: ...
    def match(self, constraints: Sequence[Constraint]) -> Mask: ...
    def variant_for(self, position: int, constraints: Sequence[Constraint]) -> Variant | None: ...
    def order(self, mask: Mask, order: Order, limit: int) -> list[int]: ...
    def foremost(self, mask: Mask, order: Order) -> list[int]: ...
    def span(self, slot_name: str, mask: Mask) -> tuple[float, float] | None: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything known about one query before it is written as candidates."""

    kept: tuple[Constraint, ...]  # hard constraints that all candidates meet
    relaxed: tuple[Constraint, ...]
    allowed: Mask
    stages: Mapping[str, Scores]
    score: Scores  # fused, soft wishes mixed in
    about: Mask | None  # what the text is about; None: it has no words that could tell


class Retriever:
    """Retrieval over one opened catalogue; safe for many threads."""

    def __init__(self, catalog: Shop, embedder: Embedder | None, weights: Mapping[str, float] = WEIGHTS) -> None:
        """`embedder` None: keywords only. The catalogue's vectors are used when this embedder made them."""
        self._catalog = catalog
        self._postings = Postings(catalog)
        self._stages = stages_of(catalog, self._postings, embedder)
        self._weights = weights
        self._spoken = lru_cache(REMEMBERED)(self._speak)  # a need keeps its words while its constraints change
        self._slots = {slot.name: slot for slot in catalog.slots}

    @property
    def stages(self) -> tuple[str, ...]:
        """The names of the stages that this catalogue and this embedder allow."""
        return tuple(stage.name for stage in self._stages)

    def retrieve(self, query: Query, limit: int = 50) -> Retrieved:
        """At most `limit` candidates, best first (or in the order wished). UnknownSlot: a constraint names none.

        Relaxes only where no product at all meets the hard constraints, not where all that do are excluded.
        """
        stages = self._spoken(query.text, _beside_kind(query.text, query.hard, self._catalog.lexicon), query.ideal)
        unknown = self.unknown(query.text)
        met = self._catalog.match(query.hard)
        allowed = self._without(met, query.excluded)
        matched = int(allowed.sum())
        kept: tuple[Constraint, ...] = query.hard
        relaxed: tuple[Constraint, ...] = ()
        ways: tuple[Way, ...] = ()
        if not matched:
            given = None if met.any() else self._relax(query.hard, stages)
            if given is None:
                return Retrieved((), 0, (), unknown)
            relaxed, near, ways = given
            kept = tuple(c for c in query.hard if c not in relaxed)
            allowed = self._without(near, query.excluded)
        found = self._score(query, kept, relaxed, allowed, stages)
        candidates = self._candidates(found, self._positions(query, found, limit))
        return Retrieved(candidates, matched, relaxed, unknown, ways)

    def _speak(self, text: str, bare: str, ideal: tuple[str, ...]) -> Mapping[str, Scores]:
        """What each stage says; nothing where the text has no words of content. `bare`: what keywords look for; `ideal`
        moves the meaning alone."""
        if not content_words(text):
            return {}
        said = {
            s.name: s.scores(text, ideal) if isinstance(s, EmbeddingRecall) else s.scores(bare) for s in self._stages
        }
        return {name: scores for name, scores in said.items() if scores is not None}

    def _relax(
        self, hard: Sequence[Constraint], stages: Mapping[str, Scores]
    ) -> tuple[tuple[Constraint, ...], Mask, tuple[Way, ...]] | None:
        """What to give up so that something of what the text asks for is left: a cable is no near miss of a mouse.
        And what else would do by itself."""
        topical = np.ones(len(self._catalog), np.bool_)
        if stages and not _of_kind(hard):
            score = fuse(stages, self._weights)
            topical = (score >= ABOUT) & (score >= NEAR * score.max())

        def match(kept: Sequence[Constraint]) -> Mask:
            mask: Mask = self._catalog.match(kept) & topical
            return mask

        given = relax(hard, match, self._gap)
        if given is None:
            return None
        found = alone(hard, match, self._gap) if len(given[0]) == 1 else []
        return *given, tuple(Way(c, int(mask.sum()), self._nearest(c, mask)) for c, mask in found)

    def unknown(self, text: str) -> tuple[str, ...]:
        """The content words of a text that no record of the shop holds; numbers aside."""
        runs = content_runs(text)
        return tuple(run for run in runs if not run.isdigit() and not self._held(run))

    def _held(self, run: str) -> bool:
        """A Chinese run counts as held when any two characters of it are."""
        return any(len(self._postings.of(word)[0]) for word in content_words(run) or (run,))

    def _without(self, mask: Mask, excluded: frozenset[str]) -> Mask:
        positions = [p for p in map(self._catalog.position, excluded) if p is not None]
        left = mask.copy()
        left[positions] = False
        return left

    def _gap(self, constraint: Constraint, mask: Mask) -> float:
        slot = self._slots.get(constraint.slot)
        if slot is None or not is_number(constraint) or constraint.unit not in (None, slot.unit):
            return 1.0
        return overshoot(constraint, self._catalog.span(constraint.slot, mask))

    def _nearest(self, constraint: Constraint, mask: Mask) -> float | None:
        """The number of the constraint's slot, of those in the mask, that misses it by least."""
        slot = self._slots.get(constraint.slot)
        if slot is None or not constraint.op.bound or constraint.unit not in (None, slot.unit):
            return None
        span = self._catalog.span(constraint.slot, mask)
        return span[0 if constraint.op in (Op.LE, Op.LT) else 1] if span else None

    def _score(
        self,
        query: Query,
        kept: tuple[Constraint, ...],
        relaxed: tuple[Constraint, ...],
        allowed: Mask,
        stages: Mapping[str, Scores],
    ) -> _Found:
        score = fuse(stages, self._weights) if stages else np.zeros(len(allowed), np.float32)
        about = allowed & (score >= ABOUT) if stages else None
        met = (self._catalog.match([c]).astype(np.float32) for c in query.soft)
        lifting: list[Scores] = [*met, *map(self._holding, query.said)]
        if lifting:
            score = lift(score, np.mean(lifting, axis=0, dtype=np.float32))
        return _Found(kept, relaxed, allowed, stages, score, about)

    def _holding(self, words: str) -> Scores:
        """The share of a wish's words that each product's record holds."""
        wanted = content_words(words)
        held = np.zeros(len(self._catalog), np.float32)
        for word in wanted:
            held[self._postings.of(word)[0]] += np.float32(1 / len(wanted))
        return held

    def _positions(self, query: Query, found: _Found, limit: int) -> list[int]:
        order = query.orders[-1] if query.orders else _nearest_first(found.relaxed)
        if order is not None and order.slot in self._slots:
            return self._catalog.order(_relevant(found), order, limit)
        if fitting := self._fitting(found.kept):
            return self._nearest_of(found, fitting, limit)
        about = found.allowed & (found.score > 0) if found.about is None else found.about
        first = _best(found.score, about, limit)
        if found.about is not None and not found.kept:
            return first
        return first + self._unscored(found.allowed & ~about, limit - len(first))

    def _fitting(self, kept: Sequence[Constraint]) -> Order | None:
        """What holds at least so many of these is asked for: the least that does fits best (a tent for four)."""
        held = (c.slot for c in kept if c.op in (Op.GE, Op.GT) and _of_kind(kept))
        return next((Order(slot, "asc") for slot in held if self._catalog.lexicon.holds(slot)), None)

    def _nearest_of(self, found: _Found, order: Order, limit: int) -> list[int]:
        """In an order, those with the same number by their score."""
        left, ordered = found.allowed.copy(), list[int]()
        while len(ordered) < limit and (alike := self._catalog.foremost(left, order)):
            ordered += sorted(alike, key=lambda position: -found.score[position])
            left[alike] = False
        return ordered[:limit]

    def _unscored(self, mask: Mask, limit: int) -> list[int]:
        """What no text and no wish tells apart: best rated first, else as the shop lists them."""
        if limit <= 0 or not mask.any():
            return []
        if "rating" in self._slots:
            return self._catalog.order(mask, Order("rating", "desc"), limit)
        return [int(position) for position in np.flatnonzero(mask)[:limit]]

    def _candidates(self, found: _Found, positions: Sequence[int]) -> tuple[Candidate, ...]:
        ranks = {name: _ranks(scores, found.allowed) for name, scores in found.stages.items()}
        broken = {constraint: ~self._catalog.match([constraint]) for constraint in found.relaxed}
        products = self._catalog.get([self._catalog.ids[position] for position in positions])
        candidates = (
            Candidate(
                product,
                self._catalog.variant_for(position, found.kept),
                round(min(1.0, float(found.score[position])), 4),
                {name: place for name, rank in ranks.items() if (place := rank(position))},
                {name: round(float(scores[position]), 4) for name, scores in found.stages.items()},
                tuple(constraint for constraint, mask in broken.items() if mask[position]),
            )
            for position, product in zip(positions, products, strict=True)
        )
        return tuple(sorted(candidates, key=_sold_out))


def _sold_out(candidate: Candidate) -> bool:
    """What cannot be bought comes after what can, whatever the order; a feed that does not say hides nothing."""
    return candidate.product.sold_out(candidate.variant)


def _nearest_first(relaxed: Sequence[Constraint]) -> Order | None:
    """The order that brings those that missed a relaxed bound by least to the front."""
    for constraint in relaxed:
        if is_number(constraint) and constraint.op.bound:
            return Order(constraint.slot, "asc" if constraint.op in (Op.LE, Op.LT) else "desc")
    return None


def _relevant(found: _Found) -> Mask:
    """What an order may sort: not the cheapest thing in the shop but the cheapest of what was asked for."""
    if found.about is None or (found.kept and not found.about.any()):
        return found.allowed
    share = RELEVANT_OF_KIND if _of_kind(found.kept) else RELEVANT
    best = float(found.score[found.about].max(initial=0.0))
    mask: Mask = found.about & (found.score >= share * best)
    return mask


def _of_kind(constraints: Sequence[Constraint]) -> bool:
    """Whether a constraint says what kind of product it is."""
    return any(c.slot == "category" and not c.op.negative for c in constraints)


def _beside_kind(text: str, hard: Sequence[Constraint], lexicon: Lexicon) -> str:
    """The text without words that only repeat the kind already demanded: notebooks whose titles never say "laptop"
    must not fall behind the one bag for laptops that slipped in among them."""
    names = {str(v).casefold() for c in hard if c.slot == "category" and not c.op.negative for v in c.values}
    if not names:
        return text
    named = lexicon.kinds_named
    return " ".join(run for run in content_runs(text) if not any(kind.name.casefold() in names for kind in named(run)))


def _best(score: Scores, mask: Mask, limit: int) -> list[int]:
    """The positions of the mask with the highest scores, ties by position."""
    among = np.flatnonzero(mask)
    if len(among) > limit:
        edge = np.partition(score[among], len(among) - limit)[len(among) - limit]
        among = among[score[among] >= edge]
    ordered: NDArray[np.intp] = among[np.argsort(-score[among], kind="stable")]
    return [int(position) for position in ordered[:limit]]


def _ranks(scores: Scores, allowed: Mask) -> Callable[[int], int | None]:
    """The 1-based rank of a product among the allowed in one stage; None beyond its depth or where it found nothing."""
    found = scores[allowed & (scores > 0)]
    if len(found) > DEPTH:
        found = -np.partition(-found, DEPTH)[:DEPTH]
    ascending = np.sort(found)

    def rank(position: int) -> int | None:
        score = scores[position]
        if score <= 0 or not len(ascending) or score < ascending[0]:
            return None
        return len(ascending) - int(np.searchsorted(ascending, score, "right")) + 1

    return rank
