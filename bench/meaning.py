"""What a shopper's own words mean in a shop: 208 messages of ours, half of them meaning nothing sold there.

    python -m bench.meaning              # both halves, by the grammar alone and with the encoder, then one JSON line
    python -m bench.meaning --misses     # every reading of the tuning half that is wrong or missing

A line of labels/meaning.tsv: shop, message, the categories it may open a need for, "slot=value", or "-". The halves are
told apart by the message's hash: thresholds were set on the first, the second is what counts. "wrong" is a hard wish for a
category that is not meant: a filter that hides what the shopper wants.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from pathlib import Path

from aisle.settings import Settings
from bench.common import report
from catalog.store import Catalog
from catalog.types import Constraint
from chatbot.scripts.shops import Shops
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState
from retrieval.embedder import Embedder, PackagedEncoder

PAIRS = Path(__file__).parent / "labels" / "meaning.tsv"
HALVES = ("tuned on", "held out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print wrong and missing readings of the tuning half")
    options = parser.parse_args()
    figures: dict[str, object] = {}
    for name, encoder in (("grammar", None), ("ours", PackagedEncoder())):
        counts = _measured(encoder, options.misses and name == "ours")
        for half in HALVES:
            said = counts[half]
            print(f"{name:<8} {half:<9} " + "  ".join(f"{k} {said[k]}" for k in _OUTCOMES))
            figures[f"{name}, {half}"] = {k: said[k] for k in _OUTCOMES}
    report("meaning", PAIRS.name, None, figures)


_OUTCOMES = ("meant", "right", "lifted", "missed", "wrong", "unmeant", "silent", "lifted in vain", "wrong in vain")
"""Messages that mean something sold: looked for right, lifted (softly), missed, wrong; those that mean nothing sold."""


def _measured(encoder: Embedder | None, misses: bool) -> dict[str, Counter[str]]:
    counts = {half: Counter[str]() for half in HALVES}
    trackers: dict[str, EmbeddedTracker] = {}
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        shop, message, expected = line.split("\t")
        if shop not in trackers:
            trackers[shop] = _tracker(shop, encoder)
        half = HALVES[hashlib.md5(message.encode(), usedforsecurity=False).digest()[0] % 2]
        outcome = _outcome(trackers[shop], message, expected)
        counts[half].update(["unmeant" if expected == "-" else "meant", outcome])
        if misses and half == HALVES[0] and outcome not in ("right", "silent"):
            print(f"{outcome:<15} {shop}: {message} | {expected} | {_wishes(trackers[shop], message)}")
    return counts


def _outcome(tracker: EmbeddedTracker, message: str, expected: str) -> str:
    wishes = _wishes(tracker, message)
    if "=" in expected:
        slot, _, word = expected.partition("=")
        of_slot = [w for w, _ in wishes if w.slot == slot]
        right = any(word in str(w).casefold() for w in of_slot)
        return "right" if right else "wrong" if of_slot else "missed"
    kinds = [(w, hard) for w, hard in wishes if w.slot == "category"]
    meant = any(set(map(str, w.values)) & set(expected.split("/")) for w, _ in kinds)
    hard = any(hard for _, hard in kinds)
    if expected == "-":
        return "wrong in vain" if hard else "lifted in vain" if kinds else "silent"
    return ("right" if meant else "wrong") if hard else "lifted" if meant else "missed"


def _wishes(tracker: EmbeddedTracker, message: str) -> list[tuple[Constraint, bool]]:
    state = apply(DialogueState(), tracker.track(DialogueState(), message))
    return [(w.what, w.hard) for w in state.wishes if isinstance(w.what, Constraint)]


def _tracker(shop: str, encoder: Embedder | None) -> EmbeddedTracker:
    settings = Settings.read()
    folder = Path("catalog") / "demo" if shop == "demo" else settings.shared / "data" / "shops"
    shops = Shops(folder, settings.cache, PackagedEncoder(), stale=True)
    return EmbeddedTracker(Catalog.open(shops.database(shop)), encoder)


if __name__ == "__main__":
    main()
