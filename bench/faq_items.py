"""Which sentence answers a question on an item: P@1 on hetPQA, beside word overlap and meaning alone (for bench/faq.py).

Only questions that one of their sentences answers count. The weights of retrieval/evidence.py were fitted on ePQA and on
the half of hetPQA named "fitted" here; "held" is the other half. Records are read as plain text, their braces left out.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.embedder import PackagedEncoder
from retrieval.evidence import judge
from retrieval.words import content_words

_NOISE = re.compile(
    r"normalized_value:\{[^{}]*\}|\b(?:value|unit|normalized_value|string_value|quantity|type)\s*:|[{}\[\]\"]"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on an item with its sentences, which of them answer, and how near each is in meaning."""

    question: str
    sentences: tuple[str, ...]
    answers: tuple[bool, ...]
    meaning: tuple[float, ...]

    def hit(self, score: Callable[[str, str, float], float]) -> float:
        """1 where the best sentence answers, 0 where it does not, the share where several are best."""
        scores = [score(self.question, s, m) for s, m in zip(self.sentences, self.meaning, strict=True)]
        best = [answers for answers, value in zip(self.answers, scores, strict=True) if value == max(scores)]
        return sum(best) / len(best)


def plain(text: str) -> str:
    """A record's attribute without its braces: "num_batteries: { quantity:4 }" -> "num batteries: 4"."""
    return " ".join(_NOISE.sub(" ", text).replace("_", " ").split())


def read(folder: Path, name: str) -> list[Asked]:
    """The questions of a set that have an answer among their sentences."""
    lines = {
        part: [json.loads(line) for line in (folder / f"{name}_{part}.open.jsonl").read_text("utf-8").splitlines()]
        for part in ("questions", "evidence")
    }
    judged = (line.split() for line in (folder / f"{name}_qrels.open.tsv").read_text("utf-8").splitlines())
    right = {(question, evidence): int(grade) > 0 for question, _, evidence, grade in judged}
    sentences = defaultdict(list)
    for row in lines["evidence"]:
        sentences[row["qid"]].append((plain(row["text"]), right.get((row["qid"], row["id"]), False)))
    encoder, found = PackagedEncoder(), []
    for row in lines["questions"]:
        texts = tuple(text for text, _ in sentences[row["qid"]])
        answers = tuple(answer for _, answer in sentences[row["qid"]])
        if any(answers):
            meaning = encoder.encode(texts, "passage") @ encoder.encode([row["question"]])[0]
            found.append(Asked(row["question"], texts, answers, tuple(map(float, meaning))))
    return found


def overlap(question: str, sentence: str, meaning: float) -> float:
    """How many of the question's words the sentence holds."""
    return len(set(content_words(question)) & set(content_words(sentence)))


def items(folder: Path, name: str = "hetpqa") -> dict[str, object]:
    """P@1 of each way, of the half that was fitted on, of the other, and of all."""
    asked = read(folder, name)
    order = list(range(len(asked)))
    random.Random(7).shuffle(order)
    half = len(order) // 2
    parts = {"fitted": order[:half], "held": order[half:], "all": order}
    ways: dict[str, Callable[[str, str, float], float]] = {
        "word_overlap": overlap,
        "meaning": lambda question, sentence, meaning: meaning,
        "ours": judge,
    }
    return {"questions": len(asked)} | {
        way: {part: _mean([asked[place].hit(score) for place in places]) for part, places in parts.items()}
        for way, score in ways.items()
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / max(1, len(values)), 3)
