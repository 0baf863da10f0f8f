"""The shop's own answers: which of 27 is found, what else is refused, and which sentence answers a question on an item.

    python -m bench.faq              # everything, some five minutes, then one JSON line
    python -m bench.faq --quick      # without whole turns
    python -m bench.faq --wrong      # and what went wrong, by what was meant

The answers are bench/answers/service.md, written by us as a shop would; the questions are Bitext's (`.open`, which
nothing here is fitted on), the ones to refuse CLINC's without what a shop's service is asked (OF_A_SHOP), those on items
hetPQA's. Refused: no passage is quoted, by the retriever alone or by a whole turn of the assistant. A question on an item
counts where one of its sentences answers; of those that word overlap ranks alike the expected share is taken.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from aisle.settings import Settings
from bench.common import quantile, report
from bench.faq_items import items
from catalog.demo import FEED
from catalog.faq.index import Faq
from catalog.ingest import ImportOptions, import_feeds
from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from retrieval.embedder import PackagedEncoder
from retrieval.faq import KNOWN, FaqRetriever
from retrieval.recall import LexicalRecall, Postings
from retrieval.words import content_words

ANSWERS = Path(__file__).parent / "answers" / "service.md"
OF_A_SHOP = frozenset("order_status order cancel card_declined account_blocked rewards_balance redeem_rewards".split())
"""What CLINC asks that a shop's service is asked as well: neither right nor wrong to answer, and left out."""
PRODUCT_WISHES = 400

Rows = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Tally:
    """Counts by what came of a question, with a few of each that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, outcome: str, example: str = "") -> None:
        self.counts[outcome] += 1
        if example:
            self.wrong[outcome].append(example)

    def share(self, outcome: str) -> float:
        return round(self.counts[outcome] / max(1, sum(self.counts.values())), 4)

    def shares(self) -> dict[str, float]:
        return {outcome: self.share(outcome) for outcome in sorted(self.counts)}


def data(name: str) -> Path:
    return Settings.read().shared / "data" / name


@cache
def read(name: str) -> Rows:
    return [json.loads(line) for line in data(name).read_text(encoding="utf-8").splitlines()]


@cache
def shop() -> Path:
    """The demo shop's products with the 27 answers."""
    db = Path(tempfile.mkdtemp(prefix="aisle-faq-")) / "shop.db"
    import_feeds([FEED], db, ImportOptions(faq=(ANSWERS,)), PackagedEncoder())
    return db


def label_of(url: str | None) -> str:
    """Which of the 27 an answer is: its address ends in it."""
    return (url or "").rsplit("/", 1)[-1]


def baselines(faq: Faq, rows: Rows) -> dict[str, float]:
    """Top-1 of simpler ways over the same texts: the best text of each, no calibration, nothing learnt."""
    encoder = PackagedEncoder()
    vectors = np.asarray(faq.vectors, np.float32)
    keywords = LexicalRecall(Postings(faq))
    worded = [set(content_words(text)) for text in faq.texts]

    def overlap(text: str) -> np.ndarray[Any, Any]:
        asked = set(content_words(text))
        return np.array([len(asked & words) / max(1, len(asked | words)) for words in worded])

    def bm25(text: str) -> np.ndarray[Any, Any]:
        scores = keywords.scores(text)
        return np.zeros(len(faq)) if scores is None else scores

    ways: dict[str, Callable[[str], np.ndarray[Any, Any]]] = {
        "word_overlap": overlap,
        "bm25": bm25,
        "embedding": lambda text: vectors @ encoder.encode([text])[0],
    }
    found = {}
    for name, way in ways.items():
        picked = [label_of(faq.passages[faq.passage_of[int(np.argmax(way(row["text"])))]].url) for row in rows]
        found[name] = round(float(np.mean([p == row["label"] for p, row in zip(picked, rows, strict=True)])), 4)
    return found


def retrieved(retriever: FaqRetriever, rows: Rows) -> tuple[dict[str, float], Tally]:
    """Top-1 whatever the score, and what is answered at the threshold: right, wrong or nothing."""
    tally, first = Tally(), 0
    for row in rows:
        best = retriever.find(row["text"])[0]
        right = label_of(best.passage.url) == row["label"]
        first += right
        outcome = "unanswered" if best.score < KNOWN else "right" if right else "wrong"
        told = f"{row['label']} <- {label_of(best.passage.url)} {best.score:.2f} {row['text']}"
        tally.add(outcome, "" if outcome == "right" else told)
    return {"top1": round(first / len(rows), 4)} | tally.shares(), tally


def milliseconds(retriever: FaqRetriever, rows: Rows) -> float:
    """What a question takes at the median; the first ones load the encoder."""
    taken = []
    for row in rows:
        began = time.perf_counter()
        retriever.find(row["text"])
        taken.append(1000 * (time.perf_counter() - began))
    return round(quantile(taken, 0.5), 2)


def refused(retriever: FaqRetriever, rows: Rows) -> float:
    """The share below the threshold."""
    return round(float(np.mean([retriever.find(row["text"])[0].score < KNOWN for row in rows])), 4)


def turn(bot: Chatbot, text: str) -> Turn:
    """The first turn of a dialogue."""
    *_, last = bot.turn(DialogueState(), text)
    assert isinstance(last, Finished)
    return last.turn


def in_turns(bot: Chatbot, rows: Rows) -> Tally:
    """What whole turns come to: the right answer quoted, a wrong one, taken for a wish (cards), anything else."""
    tally = Tally()
    for row in rows:
        said = turn(bot, row["text"])
        quoted = {label_of(told.url) for told in said.quoted}
        outcome = "right" if row["label"] in quoted else "wrong" if quoted else "cards" if said.suggestions else "other"
        tally.add(outcome, "" if outcome == "right" else f"{row['label']} <- {sorted(quoted)} {row['text']}")
    return tally


def quoted_in_turns(bot: Chatbot, texts: Sequence[str]) -> Tally:
    """How often a turn quotes an answer to what asks for none."""
    tally = Tally()
    for text in texts:
        quoted = turn(bot, text).quoted
        tally.add(
            "quoted" if quoted else "refused", f"{quoted[0].question} {quoted[0].score} <- {text}" if quoted else ""
        )
    return tally


def outside(rows: Rows) -> Rows:
    return [row for row in rows if row["label"] not in OF_A_SHOP]


def wishes() -> list[str]:
    """Requests for products: people's own, a sample."""
    texts = [str(row["text"]) for row in read("search/webshop_instructions.open.jsonl")]
    return random.Random(0).sample(texts, PRODUCT_WISHES)


def print_wrong(tally: Tally, most: int = 12) -> None:
    for outcome, examples in sorted(tally.wrong.items()):
        print(f"\n{outcome} ({len(examples)})")
        print("\n".join(f"  {example}" for example in examples[:most]))


def measured(quick: bool, wrong: bool) -> dict[str, object]:
    bot = Chatbot.open(shop())
    faq = bot.catalog.faq
    retriever = FaqRetriever(faq, PackagedEncoder())
    asked, foreign = read("intent/bitext_retail.open.jsonl"), read("intent/clinc150_oos.open.jsonl")
    away = outside(foreign)
    ours, tally = retrieved(retriever, asked)
    figures: dict[str, object] = {
        "questions": len(asked),
        "ours": ours,
        "baselines": baselines(faq, asked),
        "no_encoder": retrieved(FaqRetriever(faq, None), asked)[0],
        "outside": len(away),
        "refused": refused(retriever, away),
        "refused_of_all": refused(retriever, foreign),
        "ms_a_question": milliseconds(FaqRetriever(faq, PackagedEncoder()), asked[:300]),
        "items": items(data("qa")),
    }
    if wrong:
        print_wrong(tally)
    if not quick:
        turns, away_turns = in_turns(bot, asked), quoted_in_turns(bot, [row["text"] for row in away])
        wished = quoted_in_turns(bot, wishes())
        figures["turns"] = turns.shares() | {
            "outside_refused": away_turns.share("refused"),
            "product_wishes_left_alone": wished.share("refused"),
        }
        for each in (turns, away_turns, wished) if wrong else ():
            print_wrong(each)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="retrievers only")
    parser.add_argument("--wrong", action="store_true", help="print what went wrong")
    args = parser.parse_args()
    report("faq", str(data("")), 0, measured(args.quick, args.wrong))


if __name__ == "__main__":
    main()
