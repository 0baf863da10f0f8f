"""Which of the shop's questions and answers fits what was asked, and how surely: 0..1, calibrated.

meaning    cosine of the encoder's vectors, for texts it can read
letters    cosine of letter groups, which forgives typos and reads Chinese (letters.py)
keywords   BM25; decides only where the encoder does not read: beside meaning and letters it made answers worse

A passage is as near as the nearest of its texts. Over that lies a classifier of the shop's own ways to ask: ridge
regression of which passage a text belongs to, in the kernel meaning + letters (regularised least squares: Rifkin, Yeo
and Poggio, 2003), solved when the catalogue is opened: 27 questions in 6 wordings each take 10 ms. The weights and the
score's curve were fitted on other questions than those reported (bench/faq.py, bench/LOG.md). Knows no dialogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process

from catalog.faq.index import Faq
from catalog.faq.passage import Passage, is_chinese
from retrieval.embedder import Embedder
from retrieval.letters import Letters
from retrieval.mending import Mender
from retrieval.recall import LexicalRecall, Postings, Scores
from retrieval.words import content_words

KNOWN = 0.5
"""The score from which on a passage answers a question."""
LIKELY = 0.2
"""The same where something else says that the shop itself is asked, and not for a product."""
CERTAIN = 0.99
"""The score from which on nothing else is tried, or taken to be asked besides."""
LETTERS = 0.5
"""Weight of letters beside meaning."""
NEAREST = 0.2
"""Weight of the nearest text beside the classifier."""
KEYWORDS = 0.1
"""Weight of BM25 beside the classifier where meaning says nothing."""
RIDGE = 1.0
ALIKE = 80
"""Of 100, how alike two spellings of one word are at least."""
REMEMBERED = 512
"""Questions whose passages are kept."""
MOST_TAUGHT = 2000
"""Texts from which a classifier is learnt, in a second or two; solving grows with their cube. With more the nearest
decides."""
CURVE = (14.5, 9.2, -10.15)
"""Of meaning and of letters, and what is taken off: the logistic curve of the score."""
CURVE_OF_LETTERS = (16.0, -5.5)
"""The same for letters alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, and in [0, 1] how surely it answers."""

    passage: Passage
    score: float


class FaqRetriever:
    """Retrieval over the questions about the shop as a whole; those about items are in evidence.py. For many threads."""

    def __init__(self, faq: Faq, embedder: Embedder | None) -> None:
        """`embedder` None, or another than that of the vectors: letters and keywords only."""
        usable = embedder is not None and faq.vectors is not None and faq.embedder_id == embedder.id
        self._embedder = embedder if usable else None
        self.find = lru_cache(REMEMBERED)(self._find)
        self._shelves = {chinese: _Shelf(faq, chinese, self._embedder is not None) for chinese in (False, True)}

    def __bool__(self) -> bool:
        return any(shelf.places.size for shelf in self._shelves.values())

    def unknown(self, text: str) -> tuple[str, ...]:
        """The words of content that no text of the shop's holds, not even spelt a little differently; not numbers."""
        words = self._shelves[is_chinese(text)].words
        asked = (word for word in content_words(text) if not word.isdigit())
        return tuple(w for w in asked if w not in words and not process.extractOne(w, words, score_cutoff=ALIKE))

    def _find(self, text: str, limit: int = 3) -> tuple[Found, ...]:
        """The passages that fit best, in the language of the text; none where the shop has none in it."""
        shelf = self._shelves[is_chinese(text)]
        if not shelf.places.size or not (content_words(text) if is_chinese(text) else text.strip()):
            return ()
        found = self._among(shelf, text, limit)
        mended = shelf.mender.mend(text)
        if mended == text or found[0].score >= CERTAIN:
            return found
        again = self._among(shelf, mended, limit)
        return again if again[0].score > found[0].score else found

    def _among(self, shelf: _Shelf, text: str, limit: int) -> tuple[Found, ...]:
        vector = self._embedder.encode([text], "query")[0] if self._embedder and self._embedder.reads(text) else None
        return shelf.find(text, vector, limit)


class _Shelf:
    """The passages of one script."""

    def __init__(self, faq: Faq, chinese: bool, embedded: bool) -> None:
        wanted = [not p.item and is_chinese(p.question + p.answer) == chinese for p in faq.passages]
        self.places = np.flatnonzero(np.array(wanted, np.bool_)[faq.passage_of]) if wanted else np.empty(0, np.intp)
        self._faq = faq
        numbers = faq.passage_of[self.places]
        self._passages, self._of = np.unique(numbers, return_inverse=True)
        self._embedded = embedded and not chinese

    @cached_property
    def mender(self) -> Mender:
        return Mender(self._faq.texts[place] for place in self.places)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for place in self.places for word in content_words(self._faq.texts[place]))

    @cached_property
    def _letters(self) -> Letters:
        return Letters([self._faq.texts[place] for place in self.places])

    @cached_property
    def _vectors(self) -> Scores:
        assert self._faq.vectors is not None
        return np.ascontiguousarray(self._faq.vectors[self.places], np.float32)

    @cached_property
    def _keywords(self) -> LexicalRecall:
        return LexicalRecall(Postings(self._faq))

    @cached_property
    def _by_meaning(self) -> Scores:
        return self._taught(self._vectors @ self._vectors.T + LETTERS * self._letters.among())

    @cached_property
    def _by_letters(self) -> Scores:
        return self._taught(self._letters.among())

    def _taught(self, kernel: NDArray[np.float32]) -> Scores:
        """The classifier: for each text its weight for each passage."""
        belongs = np.eye(len(self._passages), dtype=np.float32)[self._of]
        return np.asarray(np.linalg.solve(kernel + RIDGE * np.eye(len(kernel), dtype=np.float32), belongs), np.float32)

    def find(self, text: str, vector: Scores | None, limit: int) -> tuple[Found, ...]:
        letters = self._letters.scores(text)
        meaning = self._vectors @ vector if self._embedded and vector is not None else None
        near = letters if meaning is None else meaning + LETTERS * letters
        rank = self._pooled(near)
        if len(self.places) <= MOST_TAUGHT:
            taught = self._by_letters if meaning is None else self._by_meaning
            rank = near @ taught + (0.0 if meaning is None else NEAREST) * rank
        if meaning is None:
            rank = rank + KEYWORDS * self._pooled(self._worded(text))
        best = np.argsort(-rank, kind="stable")[:limit]
        alike, meant = self._pooled(letters), None if meaning is None else self._pooled(meaning)
        return tuple(
            Found(self._faq.passages[self._passages[n]], score_of(alike[n], None if meant is None else meant[n]))
            for n in best
        )

    def _worded(self, text: str) -> Scores:
        """BM25 of each text, the best 1."""
        scores = self._keywords.scores(text)
        if scores is None:
            return np.zeros(len(self.places), np.float32)
        own = scores[self.places]
        return own / np.float32(own.max(initial=0.0) or 1.0)

    def _pooled(self, scores: Scores) -> Scores:
        """For each passage the score of its best text."""
        best = np.full(len(self._passages), -1.0, np.float32)
        np.maximum.at(best, self._of, scores)
        return best


def score_of(letters: float, meaning: float | None) -> float:
    """The calibrated score of how near the nearest text is; `meaning` None: letters are all there is."""
    steep, off = CURVE_OF_LETTERS
    told = steep * letters + off if meaning is None else CURVE[0] * meaning + CURVE[1] * letters + CURVE[2]
    return round(float(1 / (1 + np.exp(-told))), 4)


def best(found: Sequence[Found], least: float) -> Found | None:
    """The first of what was found, where it is sure enough."""
    return found[0] if found and found[0].score >= least else None
