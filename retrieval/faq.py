"""Which of the shop's questions and answers fits what was asked, and how surely: 0..1, calibrated.

meaning    cosine of the encoder's vectors, for texts it can read
letters    cosine of letter groups, which forgives typos and reads Chinese (letters.py)
keywords   BM25; decides only where the encoder does not read: beside meaning and letters it made answers worse
topics     what any shop is asked (topics.py): where a message surely asks one, the passage that answers it is found in
           words far from the shop's; where none answers it, none is

A passage is as near as the nearest of its texts. Over that lies a classifier of the shop's own ways to ask (taught.py).
The weights and the score's curve were fitted on other questions than those reported (bench/faq.py, bench/LOG.md). Knows
no dialogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from rapidfuzz import process

from catalog.faq.index import Faq
from catalog.faq.passage import Passage, is_chinese
from retrieval.answered import answering
from retrieval.embedder import Embedder
from retrieval.mending import Mender
from retrieval.recall import LexicalRecall, Postings, Scores
from retrieval.taught import Taught
from retrieval.topics import Told, Topics, topics_by
from retrieval.words import content_words

KNOWN = 0.5
"""The score from which on a passage answers a question."""
LIKELY = 0.2
"""The same where something else says that the shop itself is asked, and not for a product."""
CERTAIN = 0.99
"""The score from which on nothing else is tried, or taken to be asked besides."""
LENT = 0.97
"""The score that a passage gets at the most for the topic it answers."""
SURER = 0.8
"""The score from which on a topic goes before a passage that is known by itself."""
DOUBTED = 0.4
"""What is left of a score where the topics say that something else is talked of."""
NEAREST = 0.2
"""Weight of the nearest text beside the classifier."""
KEYWORDS = 0.1
"""Weight of BM25 beside the classifier where meaning says nothing."""
ALIKE = 80
"""Of 100, how alike two spellings of one word are at least."""
REMEMBERED = 512
"""Questions whose passages are kept."""
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
        self._topics = topics_by(self._embedder)
        self.find = lru_cache(REMEMBERED)(self._find)
        self._shelves = {
            chinese: _Shelf(faq, chinese, self._embedder is not None, self._topics) for chinese in (False, True)
        }

    def __bool__(self) -> bool:
        return any(shelf.places.size for shelf in self._shelves.values())

    def topic(self, text: str) -> Told:
        """What of any shop's service a text asks, whether this one has answered it or not."""
        return self._topics.find(text)

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
        found = self._among(shelf, text)
        mended = shelf.mender.mend(text)
        if mended != text and found[0].score < CERTAIN:
            again = self._among(shelf, mended)
            found = again if again[0].score > found[0].score else found
        return _lent(found, self.topic(text), shelf.answered)[:limit]

    def _among(self, shelf: _Shelf, text: str) -> tuple[Found, ...]:
        vector = self._embedder.encode([text], "query")[0] if self._embedder and self._embedder.reads(text) else None
        return shelf.find(text, vector)


class _Shelf:
    """The passages of one script."""

    def __init__(self, faq: Faq, chinese: bool, embedded: bool, topics: Topics) -> None:
        wanted = [not p.item and is_chinese(p.question + p.answer) == chinese for p in faq.passages]
        self.places = np.flatnonzero(np.array(wanted, np.bool_)[faq.passage_of]) if wanted else np.empty(0, np.intp)
        self._faq = faq
        numbers, of = np.unique(faq.passage_of[self.places], return_inverse=True)
        self._passages = [faq.passages[number] for number in numbers]
        self._of = of
        self._embedded = embedded and not chinese
        self._topics = topics

    @cached_property
    def mender(self) -> Mender:
        return Mender(self._faq.texts[place] for place in self.places)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for place in self.places for word in content_words(self._faq.texts[place]))

    @cached_property
    def answered(self) -> Mapping[str, tuple[Passage, ...]]:
        return answering(self._passages, self._topics)

    @cached_property
    def _taught(self) -> Taught:
        vectors = None
        if self._embedded:
            assert self._faq.vectors is not None
            vectors = np.ascontiguousarray(self._faq.vectors[self.places], np.float32)
        return Taught([self._faq.texts[place] for place in self.places], self._of, vectors)

    @cached_property
    def _keywords(self) -> LexicalRecall:
        return LexicalRecall(Postings(self._faq))

    def find(self, text: str, vector: Scores | None) -> tuple[Found, ...]:
        """All passages, the best first."""
        like = self._taught.like(text, vector)
        rank = like.near
        if like.learnt is not None:
            rank = like.learnt + (0.0 if like.meaning is None else NEAREST) * rank
        if like.meaning is None:
            rank = rank + KEYWORDS * self._taught.pooled(self._worded(text))
        return tuple(
            Found(self._passages[n], score_of(like.letters[n], None if like.meaning is None else like.meaning[n]))
            for n in np.argsort(-rank, kind="stable")
        )

    def _worded(self, text: str) -> Scores:
        """BM25 of each text, the best 1."""
        scores = self._keywords.scores(text)
        if scores is None:
            return np.zeros(len(self.places), np.float32)
        own = scores[self.places]
        return own / np.float32(own.max(initial=0.0) or 1.0)


def _lent(found: tuple[Found, ...], told: Told, answered: Mapping[str, tuple[Passage, ...]]) -> tuple[Found, ...]:
    """What was found, with what the topic of the question lends to the passages that answer it, and takes from others."""
    if told.elsewhere and found[0].score < CERTAIN:
        return tuple(replace(f, score=round(f.score * DOUBTED, 4)) for f in found)
    if told.score < KNOWN or found[0].score >= told.score or (found[0].score >= KNOWN and told.score < SURER):
        return found
    here = answered.get(told.topic, ())
    if not here:  # asked of shops, and not answered by this one
        return tuple(replace(f, score=round(f.score * (1 - told.score), 4)) for f in found)
    first = next(f for f in found if f.passage in here)
    lent = Found(first.passage, max(first.score, round(min(told.score, LENT), 4)))
    return (lent, *(f for f in found if f is not first))


def score_of(letters: float, meaning: float | None) -> float:
    """The calibrated score of how near the nearest text is; `meaning` None: letters are all there is."""
    steep, off = CURVE_OF_LETTERS
    told = steep * letters + off if meaning is None else CURVE[0] * meaning + CURVE[1] * letters + CURVE[2]
    return round(float(1 / (1 + np.exp(-told))), 4)


def best(found: Sequence[Found], least: float) -> Found | None:
    """The first of what was found, where it is sure enough."""
    return found[0] if found and found[0].score >= least else None
