"""How long a turn takes on a real shop, and how soon after start the first answer comes.

    python -m bench.turn [--db shop.db] [--repeats 3]

Talks through every development dialogue of the electronics shop in order, as a shopper would. Prints a table and ends
with one JSON line. Without --db the shop is imported first (with embeddings) into a cache.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from aisle.settings import Settings
from bench.common import quantile, report, shop_db

if TYPE_CHECKING:
    from chatbot.turn import Chatbot

WARM_UP = (
    "a shredder for the office",
    "under 100",
    "the first one, what does it weigh?",
    "a gift for a gardener",
    "thanks",
)
FIRST = "a wireless mouse under 30 dollars"
_FIRST_ANSWER = """
import sys, time
from chatbot.turn import Chatbot
from chatbot.events import Finished
from chatbot.types import DialogueState
for event in Chatbot.open(sys.argv[1]).turn(DialogueState(), sys.argv[2]):
    pass
assert isinstance(event, Finished) and event.turn.suggestions
"""


def dialogues(path: Path) -> Iterator[list[str]]:
    """The shopper's messages of each scripted dialogue."""
    import yaml

    for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        yield [turn["user"] for turn in document["turns"] if "user" in turn]


def first_answer(db: Path) -> float:
    """Seconds from starting a fresh process to its first finished turn."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", _FIRST_ANSWER, str(db), FIRST], check=True, env=os.environ)
    return time.perf_counter() - begun


def measure(db: Path, scripts: list[list[str]], repeats: int) -> list[dict[str, float]]:
    """Milliseconds of every turn, by stage. Each round has an assistant of its own, which has met none of the texts."""
    from chatbot.turn import Chatbot

    times: list[dict[str, float]] = []
    for _ in range(repeats):
        chatbot = Chatbot.open(db)
        list(talk(chatbot, WARM_UP))
        for messages in scripts:
            times.extend(talk(chatbot, messages))
    return times


def talk(chatbot: Chatbot, messages: Iterable[str]) -> Iterator[dict[str, float]]:
    """Milliseconds of each turn of one dialogue, by stage."""
    from chatbot.events import Finished
    from chatbot.types import DialogueState

    state = DialogueState()
    for message in messages:
        for event in chatbot.turn(state, message):
            if isinstance(event, Finished):
                state = event.state
                yield dict(event.turn.ms)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    scripts = list(dialogues(Settings.read().shared / "data/dialogues/electronics.dialogue.yaml"))
    db = options.db or shop_db("electronics")
    times = measure(db, scripts, options.repeats)
    starts = [first_answer(db) for _ in range(3)]
    figures: dict[str, float] = {"turns": len(times), "first_answer_s": round(statistics.median(starts), 2)}
    print(f"{'stage':8} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}")
    for stage in ("track", "recall", "rank", "total"):
        values = [t[stage] for t in times]
        p50, p95 = quantile(values, 0.5), quantile(values, 0.95)
        figures |= {f"{stage}_p50_ms": round(p50, 1), f"{stage}_p95_ms": round(p95, 1)}
        print(f"{stage:8} {p50:8.1f} {p95:8.1f} {max(values):8.1f}")
    print(f"first answer after start: {figures['first_answer_s']} s (median of {len(starts)})")
    report("turn", data="electronics development dialogues", seed=None, figures=figures)


if __name__ == "__main__":
    main()
