"""What kind of thing a shopper's own words mean where no word of theirs is known: "something to hoover with", "a joypad".

Compares the encoder's vector of the words with those of the names of every kind the lexicon knows, and with the middle of
what the shop sells of it. Kinds not sold here compete, too: what means a piano is no headphone because nothing nearer is
sold. Vectors of the lexicon's words come with the package (learning/meaning.py made them); a shop's own names are
encoded when they are first needed. Knows English only, as the encoder does, and nothing of sentences.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from catalog.lexicon import Lexicon
from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.track.kinds import ShopKinds
from retrieval.embedder import Embedder

FILE = Path(__file__).parent / "meaning.safetensors"
WORDS = 4  # of a kind that stand for it
SOLD = 0.3  # weight of what the shop sells of a kind, beside the kind's names
UNSOLD = 0.8  # what the names of a kind not sold count, which has no products to be held against
SURE, CLEAR = 0.5, 0.1  # likeness, and its lead over the next unrelated kind, for a kind to be looked for
LIKELY = 0.45  # likeness for kinds to be lifted, no more

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meant:
    """The categories that words mean, and whether surely enough to look for nothing else."""

    values: tuple[str, ...]
    name: str
    likeness: float
    sure: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """The kinds compared with, a row of `vectors` for each of their names."""

    kinds: tuple[str, ...]
    owners: NDArray[np.intp]
    vectors: Vectors
    values: tuple[tuple[str, ...], ...]
    middles: Vectors  # by kind; zeros where none is sold


class Meaning:
    """Built once per catalogue generation; the comparing is prepared at its first use. Thread-safe."""

    def __init__(self, catalog: Catalog, kinds: ShopKinds, embedder: Embedder | None) -> None:
        self._catalog = catalog
        self._kinds = kinds
        self._embedder = embedder
        self._preparing = Lock()

    def kind(self, vector: Vectors | None, besides: Sequence[str] = ()) -> Meant | None:
        """The kind that words mean, by their vector; None where nothing sold here is near. `besides`: categories that are
        named in the words, for which the thing meant is."""
        if vector is None or self._embedder is None or not self._kinds.categories:
            return None
        named = self._prepared()
        scores = self._scores(named, vector)
        scores[[bool(set(v) & set(besides)) for v in named.values]] = -1.0
        best, *rest = (int(i) for i in np.argsort(-scores)[:12])
        likeness, values = float(scores[best]), named.values[best]
        if not values or likeness < LIKELY:
            return None
        lead = next((likeness - float(scores[i]) for i in rest if not self._related(named, best, i)), 1.0)
        return Meant(values, named.kinds[best], likeness, likeness >= SURE and lead >= CLEAR)

    def _scores(self, named: _Named, vector: Vectors) -> Vectors:
        """How like each kind the words are."""
        likeness = np.full(len(named.kinds), -1.0, np.float32)
        np.maximum.at(likeness, named.owners, named.vectors @ vector)
        sold = np.array([bool(v) for v in named.values])
        held = named.middles.any(axis=1)  # against products
        mixed = np.where(held, (1 - SOLD) * likeness + SOLD * (named.middles @ vector), likeness)
        return np.where(sold, mixed, UNSOLD * likeness).astype(np.float32)

    def _related(self, named: _Named, first: int, second: int) -> bool:
        """Do two kinds share what is sold of them, or is one the wider of the other?"""
        if set(named.values[first]) & set(named.values[second]):
            return True
        lexicon = self._catalog.lexicon
        one = {k.name for k in lexicon.kinds_named(named.kinds[first])}
        two = {k.name for k in lexicon.kinds_named(named.kinds[second])}
        above = {w for name in one for w in (name, *lexicon.wider(name))}
        return bool(above & two or {w for name in two for w in (name, *lexicon.wider(name))} & one)

    def _prepared(self) -> _Named:
        with self._preparing:
            return self._named

    @cached_property
    def _named(self) -> _Named:
        assert self._embedder is not None
        names = {kind: prototypes(self._catalog.lexicon, kind) for kind in self._catalog.lexicon.kinds}
        values = {kind: self._kinds.values_of(kind) for kind in names}
        for category in self._kinds.categories:
            if category.isascii() and category not in names:
                names[category], values[category] = (category.lower(),), (category,)
        known = {kind: told for kind, told in names.items() if told}
        texts = [text for told in known.values() for text in told]
        owners = [owner for owner, told in enumerate(known.values()) for _ in told]
        middles = self._middles()
        return _Named(
            tuple(known),
            np.array(owners, np.intp),
            _vectors_of(texts, self._embedder),
            tuple(values[kind] for kind in known),
            np.stack([_middle([middles[v] for v in values[k] if v in middles], self._embedder.dim) for k in known]),
        )

    def _middles(self) -> Mapping[str, Vectors]:
        """The mean vector of each category's products."""
        stored = self._catalog.vectors
        if stored is None or self._embedder is None or stored.shape[1] != self._embedder.dim:
            return {}
        found = {}
        for category in self._kinds.categories:
            mask = self._catalog.match([Constraint("category", Op.EQ, category)])
            if mask.any():
                found[category] = np.asarray(stored[mask], np.float32).mean(axis=0)
        return found


def prototypes(lexicon: Lexicon, kind: str) -> tuple[str, ...]:
    """The English words that stand for a kind of the lexicon."""
    entry = lexicon.kinds[kind]
    return tuple(w for w in dict.fromkeys((entry.name, *entry.words)) if w.isascii())[:WORDS]


def _middle(vectors: Sequence[Vectors], dim: int) -> Vectors:
    if not vectors:
        return np.zeros(dim, np.float32)
    mean = np.mean(vectors, axis=0)
    unit: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit


def _vectors_of(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """One row a text: from the package's table where it is of this encoder, else encoded now."""
    known = _table(embedder.id)
    new = [t for t in dict.fromkeys(texts) if t not in known]
    made = dict(zip(new, embedder.encode(new, "passage"), strict=True)) if new else {}
    return np.stack([known[t] if t in known else made[t] for t in texts])


def _table(encoder: str) -> Mapping[str, Vectors]:
    """Text -> vector, as the package holds them; empty for another encoder."""
    from safetensors import safe_open

    if not FILE.exists():
        return {}
    with safe_open(FILE, framework="numpy") as stored:
        about = stored.metadata()
        if about["encoder"] != encoder:
            return {}
        vectors = stored.get_tensor("vectors").astype(np.float32)
    return dict(zip(json.loads(about["texts"]), vectors, strict=True))
