"""How long it takes to understand a message on a real shop, how much of that is the encoder, and to build the tracker.

    python -m bench.track [--db shop.db]

Talks through the development dialogues of the electronics shop, as given and in other words, as a shopper would, once
with the encoder and once by grammar alone. Prints a table and ends with one JSON line. `cpu` is the time of both cores:
compare it where others use the machine. Without --db the shop is imported first (with embeddings) into a cache.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aisle.settings import Settings
from bench.common import quantile, report, shop_db
from bench.dialogues import PARAPHRASES
from bench.paraphrases import reworded
from bench.turn import WARM_UP, talk
from catalog.store import Catalog
from chatbot.protocols import Tracker
from chatbot.rank.embedded import EmbeddedRanker
from chatbot.testing import load_all
from chatbot.track.embedded import EmbeddedTracker
from chatbot.turn import Chatbot
from chatbot.types import DialogueState, StateUpdate
from retrieval.embedder import Embedder, Kind, PackagedEncoder, Vectors
from retrieval.retriever import Retriever


@dataclass(eq=False)
class Timed:
    """An encoder that keeps how often it was asked and how long it took."""

    encoder: Embedder
    calls: int = 0
    ms: float = 0.0

    @property
    def id(self) -> str:
        return self.encoder.id

    @property
    def dim(self) -> int:
        return self.encoder.dim

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> Vectors:
        begun = time.perf_counter()
        found = self.encoder.encode(texts, kind)
        self.calls += 1
        self.ms += 1e3 * (time.perf_counter() - begun)
        return found

    def reads(self, text: str) -> bool:
        begun = time.perf_counter()
        known = self.encoder.reads(text)
        self.ms += 1e3 * (time.perf_counter() - begun)
        return known


@dataclass(frozen=True)
class Tracked:
    """One message understood: milliseconds by the clock and of all cores, the encoder's part, and its calls."""

    wall: float
    cpu: float
    encoder: float
    calls: int


@dataclass
class Watched:
    """A tracker that keeps what each message took."""

    tracker: Tracker
    encoder: Timed
    turns: list[Tracked] = field(default_factory=list)

    def track(self, state: DialogueState, text: str) -> StateUpdate:
        calls, spent = self.encoder.calls, self.encoder.ms
        wall, cpu = time.perf_counter(), time.process_time()
        update = self.tracker.track(state, text)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.turns.append(Tracked(1e3 * wall, 1e3 * cpu, self.encoder.ms - spent, self.encoder.calls - calls))
        return update


def conversations(path: Path) -> list[list[str]]:
    """The shopper's messages of each dialogue, as given and in every rewording."""
    scripts = load_all([path])
    said = [*scripts, *(script for file in sorted(PARAPHRASES.glob("*.yaml")) for script in reworded(scripts, file))]
    return [[step.user for step in script.steps if step.user is not None] for script in said]


def measure(catalog: Catalog, encoder: Embedder, talks: Iterable[list[str]], by_grammar: bool) -> tuple[Watched, float]:
    """What every message took, and the seconds that building the tracker did."""
    timed = Timed(encoder)
    begun = time.perf_counter()
    tracker = EmbeddedTracker(catalog, None if by_grammar else timed)
    built = time.perf_counter() - begun
    watched = Watched(tracker, timed)
    chatbot = Chatbot(catalog, watched, Retriever(catalog, encoder), EmbeddedRanker({s.name: s for s in catalog.slots}))
    list(talk(chatbot, WARM_UP))
    watched.turns.clear()
    for messages in talks:
        list(talk(chatbot, messages))
    return watched, built


def figures_of(turns: Sequence[Tracked]) -> dict[str, float]:
    wall = [t.wall for t in turns]
    return {
        "p50_ms": round(quantile(wall, 0.5), 1),
        "p95_ms": round(quantile(wall, 0.95), 1),
        "max_ms": round(max(wall), 1),
        "cpu_p95_ms": round(quantile([t.cpu for t in turns], 0.95), 1),
        "encoder_share": round(sum(t.encoder for t in turns) / sum(wall), 3),
        "asking_encoder": round(sum(t.calls > 0 for t in turns) / len(turns), 3),
        "most_calls": max(t.calls for t in turns),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", type=Path)
    options = parser.parse_args()
    talks = conversations(Settings.read().shared / "data/dialogues/electronics.dialogue.yaml")
    catalog = Catalog.open(options.db or shop_db("electronics"))
    encoder = PackagedEncoder()
    encoder.warm()
    figures: dict[str, object] = {}
    for name, by_grammar in (("with encoder", False), ("grammar alone", True)):
        watched, built = measure(catalog, encoder, talks, by_grammar)
        found = figures_of(watched.turns)
        if not figures:  # the word lists are read once a process: the first tracker alone tells what building costs
            figures |= {"turns": len(watched.turns), "build_s": round(built, 2)}
            print(f"{'tracking':14}" + "".join(f"{head:>15}" for head in found))
        print(f"{name:14}" + "".join(f"{value:15}" for value in found.values()))
        figures[name.replace(" ", "_")] = found
    print(f"built in {figures['build_s']} s")
    report("track", "electronics development dialogues, as given and in other words", None, figures)


if __name__ == "__main__":
    main()
