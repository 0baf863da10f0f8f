"""SIMMC2, development dialogues: people shopping for clothes in a pictured shop; act, slot and requested-slot F1.

    python -m bench.understanding --only simmc2

The catalogue is the measuring shop `fashion-home.csv`, with the one slot of theirs that it lacks: a price range. A
dialogue is replayed as it was held: our state follows the shopper's messages, what the assistant said is heard as it
stands in the transcript, and what the shopper points at in the picture ("the black coat") counts as seen. Slots are
scored as by SIMMC2's own evaluation: micro F1 over the exact slot and value pairs of every turn. What only the picture
tells (the price of "something that costs as much as that one") stays wrong.
"""

from __future__ import annotations

import csv
import json
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aisle.settings import Settings
from bench.understand import Described, Scores, f1
from bench.understand.simmc2_acts import SEARCHING, label_of
from catalog.lexicon import Lexicon
from catalog.store import Catalog
from catalog.types import Constraint, Op, Order
from chatbot.scripts.shops import Shops
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState, Need, StateUpdate
from retrieval.embedder import Embedder

DESCRIBED = Described(
    name="SIMMC2",
    what="563 development dialogues, 3,494 shopper's turns: one act of seven, slots and slots asked about a turn",
    trained="nothing",
    published="devtest, trained on its train split: GPT-2 acts .941, slots .838; best .964, .915",
    aims={"slot F1": 0.85, "act F1": 0.9},
)
_SLOTS = {
    "brand": "brand",
    "pattern": "pattern",
    "color": "color",
    "sleeve_length": "sleeveLength",
    "available_sizes": "size",
    "price": "price",
    "price_range": "price",
    "rating": "customerReview",
    "material": "pattern",  # denim and leather are patterns to them
}
_ORDERED = {("price", "asc"): "cheap", ("price", "desc"): "expensive", ("rating", "desc"): "good"}
_RANGES = ("cheap", "affordable", "expensive")
_TOPS = "blouse"  # what shoppers of theirs call a top is labelled so
_ANSWERED = "REQUEST:DISAMBIGUATE"

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A shopper's message with the labels it has, or those we give it."""

    label: str
    slots: Pairs
    asked: frozenset[str]


def majority(data: Path) -> Scores:
    """Every turn a request for the commonest kind."""
    gold = [turn for dialogue in _dialogues(data) for _, turn in _users(dialogue)]
    label = Counter(t.label for t in gold).most_common(1)[0][0]
    pair = Counter(p for t in gold for p in t.slots).most_common(1)[0][0]
    return _scores(gold, [Turn(label, frozenset([pair]), frozenset()) for _ in gold])


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    tracker = EmbeddedTracker(Catalog.open(_database(data, embedder)), embedder)
    spellings = _spellings(data)
    gold: list[Turn] = []
    ours: list[Turn] = []
    for dialogue in _dialogues(data):
        read = list(_replayed(dialogue, tracker, spellings))
        for (text, truth), reading in zip(_users(dialogue), read, strict=True):
            gold.append(truth)
            ours.append(reading)
            if failures > 0 and (truth.label, truth.slots) != (reading.label, reading.slots):
                failures -= 1
                _print_failure(text, truth, reading)
    return _scores(gold, ours)


def _replayed(
    dialogue: Mapping[str, Any], tracker: EmbeddedTracker, spellings: Mapping[frozenset[str], str]
) -> Iterator[Turn]:
    """Our reading of each of the shopper's messages, one after the other.

    To them a message that names the kind of thing, or what it should be like, begins a search of its own: of our
    ledger, which goes on, only what was said since then is theirs.
    """
    state, answers = DialogueState(), False
    said_since: set[str] = set()
    for said in _turns(dialogue):
        if said["speaker"] != "user":
            answers = said["act"] == _ANSWERED
            state = tracker.overhear(state, said["text"])
            continue
        text = str(said["text"])
        state = tracker.overhear(state, text, pointed=True)  # they see the shop: what they point at is there
        update = tracker.track(state, text)
        before, state = state, apply(state, update)
        label = label_of(before, update, answers)
        if label == "INFORM:REFINE" and _names_kind(tracker.track(DialogueState(), text)):
            label = "REQUEST:GET"
        said_since = {*(said_since if label == "INFORM:REFINE" else ()), *(str(a.what) for a in update.add)}
        yield Turn(label, _pairs(state, said_since, spellings) if label in SEARCHING else frozenset(), _asked(update))


def _names_kind(alone: StateUpdate) -> bool:
    """Does a message, heard by itself, look for a kind of thing?"""
    return any(isinstance(a.what, Constraint) and a.what.slot == "category" for a in alone.add)


def _pairs(state: DialogueState, said: Set[str], spellings: Mapping[frozenset[str], str]) -> Pairs:
    """What stands of the search in hand, in their terms: its kind, and of its other wishes those said."""
    for need in state.active_needs[-1:]:
        standing = tuple(w for w in need.wishes if w.slot == "category" or w.text in said)
        return frozenset(_of_need(replace(need, wishes=standing), spellings))
    return frozenset()


def _of_need(need: Need, spellings: Mapping[frozenset[str], str]) -> Iterator[tuple[str, str]]:
    for wish in need.wishes:
        what = wish.what
        if isinstance(what, Order):
            if named := _ORDERED.get((what.slot, what.direction)):
                yield _SLOTS[what.slot], named
        elif isinstance(what, Constraint) and not what.op.negative:
            values = _said(list(map(str, what.values)))
            if what.slot == "category":
                yield "type", _TOPS if _TOPS in values else spellings.get(frozenset(values), values[0])
            elif what.slot == "rating" and what.op is not Op.EQ:
                yield "customerReview", "good"
            elif what.slot == "available_sizes" and len(values) > 1:
                yield "availableSizes", ", ".join(sorted(values))
            elif what.slot == "sleeve_length":
                yield "sleeveLength", values[0]
            elif what.slot == "pattern":
                yield "pattern", min(values, key=len)  # "stripes" of heavy, light and vertical ones
            elif what.slot in _SLOTS:
                yield _SLOTS[what.slot], spellings.get(frozenset(values), ", ".join(values))


def _said(values: list[str]) -> list[str]:
    """The values said, without the shades that a colour's name brings along: blue of blue, dark blue, light blue."""
    families: dict[str, str] = {}
    for value in values:
        value = value.replace(" and ", ", ")
        families.setdefault(Lexicon.default().colour_family(value) or value, value)
    return list(families.values())


def _asked(update: StateUpdate) -> frozenset[str]:
    slots = {_SLOTS.get(q.slot, q.slot) for q in update.questions if q.slot is not None}
    return frozenset("availableSizes" if s == "size" else s for s in slots)


def _database(data: Path, embedder: Embedder | None) -> Path:
    """The shop with a price range: thirds of its products of a kind by price."""
    rows = _records(data)
    bounds: dict[str, list[float]] = {}
    for kind in {r["product_type"] for r in rows}:
        prices = [float(r["price"].split()[0]) for r in rows if r["product_type"] == kind]
        bounds[kind] = statistics.quantiles(prices, n=3) if len(prices) > 1 else prices * 2
    for row in rows:
        price = float(row["price"].split()[0])
        row["price_range"] = _RANGES[sum(price > bound for bound in bounds[row["product_type"]])]
    cache = Settings.read().cache
    feed = cache / "simmc2" / "simmc2.csv"
    feed.parent.mkdir(parents=True, exist_ok=True)
    with feed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return Shops(feed.parent, cache, embedder).database("simmc2")


def _records(data: Path) -> list[dict[str, str]]:
    with (data / "shops" / "fashion-home.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _spellings(data: Path) -> Mapping[frozenset[str], str]:
    """How their records write several values of one slot: in the commonest order of them."""
    written = Counter(r[c] for r in _records(data) for c in ("color", "pattern", "product_type") if "," in r[c])
    return {frozenset(cell.split(", ")): cell for cell, _ in reversed(written.most_common())}


def _dialogues(data: Path) -> Iterator[Mapping[str, Any]]:
    with (data / "dst" / "simmc2_shopping.open.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _turns(dialogue: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from dialogue["turns"]


def _users(dialogue: Mapping[str, Any]) -> Iterator[tuple[str, Turn]]:
    """The shopper's messages with their labels."""
    for said in _turns(dialogue):
        if said["speaker"] == "user":
            state = said["state"]
            slots = frozenset((slot, _written(value)) for slot, value in state["slots"].items())
            yield said["text"], Turn(state["intent"], slots, frozenset(state["request_slots"]))


def _written(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, list) else str(value)


def _scores(gold: Sequence[Turn], ours: Sequence[Turn]) -> Scores:
    """Each turn has one act, so that micro F1 over acts is the share that is right."""
    return {
        "slot F1": _micro(zip((t.slots for t in gold), (t.slots for t in ours), strict=True)),
        "act F1": statistics.fmean(t.label == o.label for t, o in zip(gold, ours, strict=True)),
        "requested-slot F1": _micro(zip((t.asked for t in gold), (t.asked for t in ours), strict=True)),
    }


def _micro(pairs: Iterable[tuple[frozenset[Any], frozenset[Any]]]) -> float:
    right = said = true = 0
    for gold, ours in pairs:
        right, said, true = right + len(gold & ours), said + len(ours), true + len(gold)
    return f1(right, said, true)


def _print_failure(text: str, gold: Turn, ours: Turn) -> None:
    missed = ", ".join(f"{s}={v}" for s, v in sorted(gold.slots - ours.slots))
    wrong = ", ".join(f"{s}={v}" for s, v in sorted(ours.slots - gold.slots))
    print(f"simmc2 {gold.label} {ours.label} missed [{missed}] wrong [{wrong}]: {text}", file=sys.stderr)
