"""How well each product answers a text, one number a product: the Recall protocol and its three stages.

keywords   BM25 of the words, as the catalogue's index has them
coverage   which share of the text's words the record holds, rare words counting more
meaning    cosine between the text and the product, for texts the encoder can read

A stage that can say nothing about a text (no vectors, a language the encoder does not know) says None. Knows nothing
of constraints, orders or how stages are fused.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedder import Embedder
from retrieval.words import content_words

Scores = NDArray[np.float32]
"""One number a product, by position; higher is better, 0: not found by this stage."""

IDEAL = 0.75
"""Weight of the ideal items where a text is near no product at all ("my neck hurts from the laptop")."""
TELLING = (0.4, 0.55)
"""Cosine to the nearest product from which on a text begins to tell by itself what is looked for, and fully does."""

log = logging.getLogger(__name__)


class Index(Protocol):
    """What the stages need of a catalogue: its keyword index and its vectors."""

    def __len__(self) -> int: ...

    def keywords(self, text: str, limit: int) -> list[tuple[int, float]]:
        """(position, BM25) of the products that hold the words, best first."""

    @property
    def vectors(self) -> NDArray[np.floating] | None:
        """Unit vectors by position, (n, d)."""

    @property
    def embedder_id(self) -> str | None:
        """Which embedder made the vectors."""


class Recall(Protocol):
    """One stage. `name` is how candidates, weights and `--stages` call it."""

    @property
    def name(self) -> str: ...

    def scores(self, text: str) -> Scores | None:
        """How well each product answers; None when the stage has nothing to say about this text."""


class Postings:
    """Which products hold a word and how much it says about them: read from the index once a word, then remembered.

    BM25 is a sum over words, so that one look-up a word serves both keyword stages.
    """

    def __init__(self, index: Index, remembered: int = 512) -> None:
        self.size = len(index)
        self._index = index
        self.of = lru_cache(maxsize=remembered)(self._read)

    def _read(self, word: str) -> tuple[NDArray[np.intp], Scores]:
        """(positions, BM25 of the word alone), both as long as the word is frequent."""
        found = self._index.keywords(word, self.size)
        positions = np.fromiter((position for position, _ in found), np.intp, len(found))
        return positions, np.fromiter((score for _, score in found), np.float32, len(found))


class LexicalRecall:
    """BM25 over the shop's records; the engine is the catalogue's."""

    name = "keywords"

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def scores(self, text: str) -> Scores | None:
        words = content_words(text)
        if not words:
            return None
        total = np.zeros(self._postings.size, np.float32)
        for word in words:
            positions, scores = self._postings.of(word)
            total[positions] += np.maximum(scores, 0)
        return total


class CoverageRecall:
    """The share of the text that a record holds, 0..1; a word weighs log(1 + N/(1+n)), its rarity.

    Unlike BM25 it asks only whether a word is there, so that a long record and a repeated word win nothing. A word
    that no record holds tells none apart and is left out, unless no other is there.
    """

    name = "coverage"

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def scores(self, text: str) -> Scores | None:
        words = content_words(text)
        held = np.zeros(self._postings.size, np.float32)
        total = 0.0
        for word in words:
            positions, _ = self._postings.of(word)
            if not len(positions):
                continue
            rarity = float(np.log1p(self._postings.size / (1 + len(positions))))
            held[positions] += rarity
            total += rarity
        return held / np.float32(total or 1.0) if words else None


class EmbeddingRecall:
    """Cosine by exact product with every vector: 2 ms at 50,000 products; an index pays beyond some 200,000.

    Descriptions of an ideal item draw the text's vector towards them (HyDE, hypothetical document embeddings: Gao et al.
    2022, arXiv:2212.10496), the more the less the text itself is near anything sold: where its words tell the thing,
    imagined ones only blur them (bench/LOG.md).
    """

    name = "meaning"

    def __init__(self, vectors: NDArray[np.floating], embedder: Embedder) -> None:
        self._vectors = np.ascontiguousarray(vectors, np.float32)  # half precision has no fast product
        self._embedder = embedder
        self._query = lru_cache(maxsize=1024)(self._encode)

    def scores(self, text: str, ideal: Sequence[str] = ()) -> Scores | None:
        own = self._query(text)
        cosine = None if own is None else np.maximum(self._vectors @ own, 0)
        imagined = [vector for words in ideal if (vector := self._query(words)) is not None]
        weight = IDEAL if cosine is None else IDEAL * _vagueness(float(cosine.max(initial=0.0)))
        if not imagined or not weight:
            return cosine
        drawn = np.mean(imagined, axis=0, dtype=np.float32)
        if own is not None:  # None: in a language that the encoder does not read
            drawn = (1 - weight) * own + weight * drawn
        return np.maximum(self._vectors @ (drawn / max(float(np.linalg.norm(drawn)), 1e-6)), 0)

    def _encode(self, text: str) -> Scores | None:
        if not text.strip() or not self._embedder.reads(text):
            return None
        vector: Scores = self._embedder.encode([text], "query")[0]
        return vector


def _vagueness(nearest: float) -> float:
    """How little a text tells by itself, 0..1, from its cosine to the nearest product."""
    begins, tells = TELLING
    return min(1.0, max(0.0, (tells - nearest) / (tells - begins)))


def stages_of(index: Index, postings: Postings, embedder: Embedder | None) -> Sequence[Recall]:
    """Every stage that this catalogue and this embedder allow."""
    lexical: list[Recall] = [LexicalRecall(postings), CoverageRecall(postings)]
    if embedder is None or index.vectors is None:
        return lexical
    if index.embedder_id != embedder.id:
        log.warning(
            "The catalogue's vectors are of %s and the encoder is %s: searching by keywords only. Import again.",
            index.embedder_id,
            embedder.id,
        )
        return lexical
    return [*lexical, EmbeddingRecall(index.vectors, embedder)]
