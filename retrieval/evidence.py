"""Which sentence about an item answers a question about it: of its own questions and answers, and of its record's text.

A stored question is compared as questions about the shop are (faq.py). A sentence is judged by a weighted sum of four
marks: shared words, meaning, length, and a figure where one is asked for. The weights were fitted on one set of judged
sentences and half of another, and are reported on the rest (bench/faq.py, bench/LOG.md): the best sentence of a handful
answers seven times in ten, and three in four of those from ENOUGH on. Knows no slots: those are asked first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from catalog.faq.index import Faq
from catalog.faq.passage import Passage, is_chinese
from retrieval.embedder import Embedder
from retrieval.faq import KNOWN, score_of
from retrieval.letters import Letters
from retrieval.recall import Scores
from retrieval.words import content_words

WEIGHTS = (3.0, 7.4, 0.65, 1.0)
"""Of shared words, meaning, the logarithm of the length in words, and a figure where one is asked for."""
CURVE = (0.463, -2.385)
"""Logistic curve from the weighted sum to how often a sentence of that sum answers."""
ENOUGH = 0.6
"""The score from which on a sentence of the record is quoted."""
MOST = 40
"""Sentences of one record that are looked at; each costs some 3 ms."""
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "es", "ed", "ly", "s")
_SHORTEST = 3  # letters that stay of a word
_FIGURE = re.compile(r"\d")
_ASKS_FIGURE = re.compile(
    r"how (?:many|much|long|big|tall|wide|heavy|old|large|far|deep|thick|high)|what (?:size|age)|dimension|measure|weigh"
    r"|what (?:is|are) the (?:weight|height|length|width|depth)|\bsizes?\b|\binch|\bcm\b"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What answers: `text` is a sentence of the record, or `passage` one of the item's questions. `score` in [0, 1]."""

    text: str
    score: float
    passage: Passage | None = None


class ItemAnswers:
    """The questions and answers of single items, beside what their records say. Safe for many threads."""

    def __init__(self, faq: Faq, embedder: Embedder | None) -> None:
        self._faq = faq
        self._embedder = embedder
        self._by_meaning = embedder is not None and faq.vectors is not None and faq.embedder_id == embedder.id
        self._rows: dict[str, list[int]] = {}
        for place, number in enumerate(faq.passage_of):
            passage = faq.passages[number]
            if passage.item and faq.texts[place] in passage.phrasings:
                self._rows.setdefault(passage.item, []).append(place)

    def asked(self, question: str, item: str) -> Evidence | None:
        """The item's own question that is the same, with its answer; None where none is near enough."""
        places = [p for p in self._rows.get(item, ()) if is_chinese(self._faq.texts[p]) == is_chinese(question)]
        if not places:
            return None
        letters = Letters([self._faq.texts[place] for place in places]).scores(question)
        vector = self._read(question) if self._by_meaning else None
        meaning = None
        if vector is not None and self._faq.vectors is not None:
            meaning = np.asarray(self._faq.vectors[places], np.float32) @ vector
        scores = [
            score_of(float(near), None if meaning is None else float(meaning[n])) for n, near in enumerate(letters)
        ]
        best = int(np.argmax(scores))
        passage = self._faq.passages[self._faq.passage_of[places[best]]]
        return Evidence(passage.answer, scores[best], passage) if scores[best] >= KNOWN else None

    def told(self, question: str, sentences: Sequence[str], item: str = "") -> Evidence | None:
        """The sentence of a record, or the answer to another question on the item, that answers best; None without an
        encoder that reads the question, or without one that is sure enough."""
        answers = {self._faq.passages[self._faq.passage_of[place]] for place in self._rows.get(item, ())}
        passages = {passage.answer: passage for passage in answers}
        found = self.judged(question, [*sentences, *passages][:MOST])
        best = max(found, key=lambda each: each.score, default=None)
        return replace(best, passage=passages.get(best.text)) if best and best.score >= ENOUGH else None

    def judged(self, question: str, sentences: Sequence[str]) -> list[Evidence]:
        """Each sentence with its score; nothing where the question cannot be read."""
        vector = self._read(question)
        if vector is None or self._embedder is None or not sentences:
            return []
        meaning = self._embedder.encode(list(sentences), "passage") @ vector
        return [Evidence(s, judge(question, s, float(m))) for s, m in zip(sentences, meaning, strict=True)]

    def _read(self, question: str) -> Scores | None:
        if self._embedder is None or not self._embedder.reads(question):
            return None
        vector: Scores = self._embedder.encode([question], "query")[0]
        return vector


def judge(question: str, sentence: str, meaning: float) -> float:
    """How surely a sentence answers, 0..1; `meaning` is the cosine of the two."""
    asked, said = ({stem(word) for word in content_words(text)} for text in (question, sentence))
    shared = len(asked & said) / math.sqrt(max(1, len(asked)) * max(1, len(said)))
    figure = bool(_ASKS_FIGURE.search(question.lower()) and _FIGURE.search(sentence))
    marks = (shared, meaning, math.log1p(len(sentence.split())), float(figure))
    steep, off = CURVE
    return 1 / (1 + math.exp(-(steep * sum(w * m for w, m in zip(WEIGHTS, marks, strict=True)) + off)))


def stem(word: str) -> str:
    """A word without its commonest English ending: "batteries" and "battery" become one, as "wheels" and "wheel" do."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), "")
    left = word.removesuffix(ending)
    return left.removesuffix("y") if len(left) > _SHORTEST else left
