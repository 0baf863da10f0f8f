"""WebShop: 5,943 shopping requests as people wrote them, said to the electronics shop: none may raise, all must be quick.

There are no targets, so nothing is said of whether a reading is right: only that there is one, how long it took, and how
much of a request ends up in the ledger.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench.common import quantile, shop_db
from bench.understand import Described, Scores
from catalog.store import Catalog
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState
from retrieval.embedder import Embedder

DESCRIBED = Described(
    name="WebShop",
    what="5,943 requests to the electronics shop: share read without an exception, share with a wish, time of tracking",
    trained="nothing",
    published="none: the set has no labels of what is wished",
    aims={"parsed": 1.0, "p95_ms": 25.0},
)


def majority(data: Path) -> Scores:
    """There is no label to be commonest."""
    return {}


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    """Every request as the first message of a dialogue."""
    tracker = EmbeddedTracker(Catalog.open(shop_db("electronics")), embedder)
    times: list[float] = []
    worked: list[float] = []
    raised = wished = 0
    for text in _texts(data):
        state = DialogueState()
        started, before = time.perf_counter(), time.thread_time()
        try:
            update = tracker.track(state, text)
        except Exception as error:  # noqa: BLE001 - what is counted here
            raised += 1
            if raised <= failures:
                print(f"webshop: {text!r}: {error!r}", file=sys.stderr)
            continue
        times.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.thread_time() - before))
        wished += bool(apply(state, update).wishes)
    total = len(times) + raised
    return {
        "parsed": len(times) / max(total, 1),
        "with_a_wish": wished / max(total, 1),
        "p50_ms": quantile(times, 0.5),
        "p95_ms": quantile(times, 0.95),
        "worst_ms": max(times, default=0.0),
        "p95_cpu_ms": quantile(worked, 0.95),  # the thread's own time, whatever else the machine does
    }


def _texts(data: Path) -> list[str]:
    lines = (data / "search" / "webshop_instructions.open.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]
