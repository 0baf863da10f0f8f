"""X-RiSAWOZ in Chinese: dialogue state tracking over computers and cars with the shops' own feeds, and over all domains.

The state of a turn is every `domain-slot = value` wished so far. Joint goal accuracy: turns whose whole state is right;
slot F1: the pairs of all turns together. Each message is tracked with our own state so far; in the transcript's assistant
turns the products are heard that they name. What the tracker may know of films, hotels and the like is made at run
time: the schema's columns, filled from the dialogues that are not scored. Never reads a shopper's words itself.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.common import shop_db
from bench.understand import Described, Scores, f1
from bench.understand.risawoz_schema import (
    CARS_COUNT_IN,
    KINDS,
    LABELS,
    NAME,
    RANGES,
    SHOPS,
    YES,
    YES_NO,
)
from catalog.ingest import import_feeds
from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.state import apply
from chatbot.track.bounds import find_bounds
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.normal import Message
from chatbot.types import DialogueState
from retrieval.embedder import Embedder

DESCRIBED = Described(
    name="X-RiSAWOZ (zh, development half)",
    what="joint goal accuracy (JGA) and slot F1; shopping: computers and cars over the shops' feeds, turns with a wish; "
    "all: every domain and turn, values of films, hotels and the like harvested from the other dialogues (leave one "
    "out); named: the same with the names of all hotels, restaurants and sights known, as a shop's catalogue has them",
    trained="nothing",
    published="of systems fine-tuned on its train set (EMNLP 2020, ACL Findings 2023); their figures are not at hand",
    aims={"shopping JGA": 0.55},
)

State = dict[str, str]  # domain-slot -> value as compared
Dialogue = dict[str, Any]
Reading = Callable[[Dialogue, bool], list[State]]  # the state after every message of a dialogue, names known or not


@dataclass(slots=True)
class _Tally:
    right: int = 0
    turns: int = 0
    hit: int = 0
    said: int = 0
    true: int = 0

    def add(self, ours: State, gold: State) -> None:
        self.right += ours == gold
        self.turns += 1
        self.hit += len(ours.items() & gold.items())
        self.said += len(ours)
        self.true += len(gold)

    def scores(self, name: str) -> Scores:
        slots = f1(self.hit, self.said, self.true)
        return {f"{name} JGA": self.right / max(self.turns, 1), f"{name} slot F1": slots}


@dataclass(frozen=True, slots=True)
class _Shop:
    """A catalogue and what reads over it. `domain`: what it sells, None where the products' kinds are the domains."""

    catalog: Catalog
    tracker: EmbeddedTracker
    domain: str | None

    @classmethod
    def open(cls, db: Path, embedder: Embedder | None, domain: str | None) -> _Shop:
        catalog = Catalog.open(db)
        return cls(catalog, EmbeddedTracker(catalog, embedder), domain)

    def domain_of(self, category: str) -> str:
        return self.domain or next((d for d, kind in KINDS.items() if kind == category), "")


@dataclass(slots=True)
class _Listener:
    """One dialogue as heard over one shop."""

    shop: _Shop
    state: DialogueState = field(default_factory=DialogueState)
    names: State = field(default_factory=dict)

    def hear_system(self, text: str) -> None:
        """The products that an assistant's turn names are the cards of that turn."""
        self.state = self.shop.tracker.overhear(self.state, text)

    def hear_shopper(self, text: str) -> State:
        """The state after a message. A recommended place that is asked about is one gone to; a computer or a car
        is a wish only when the shopper names it."""
        update = self.shop.tracker.track(self.state, text)
        shown = {i for s in self.state.shown for i in s.ids}
        for product in self.shop.catalog.get(update.refers_to if len(update.refers_to) == 1 else ()):
            domain = self.shop.domain_of(product.category[0] if product.category else "")
            if domain in NAME and (self.shop.domain is None or product.id not in shown):
                self.names[f"{domain}-{NAME[domain]}"] = _plain(product.title)
        self.state = apply(self.state, update)
        return self.names | dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for need in self.state.needs:
            wished = [w.what for w in need.wishes if isinstance(w.what, Constraint) and not w.what.op.negative]
            domain = self._domain(wished)
            labels = LABELS.get(domain, {})
            for slot in dict.fromkeys(c.slot for c in wished if c.slot in labels):
                yield f"{domain}-{labels[slot]}", _value(labels[slot], [c for c in wished if c.slot == slot])

    def _domain(self, wished: Sequence[Constraint]) -> str:
        """The domain of a need: by its kind, else the only one that has all its columns."""
        kinds = [str(v) for c in wished if c.slot == "category" for v in c.values]
        named = next((d for k in kinds if (d := self.shop.domain_of(k))), self.shop.domain or "")
        having = [d for d in KINDS if {c.slot for c in wished} <= set(LABELS[d])]
        return named or (having[0] if len(having) == 1 else "")


def majority(data: Path) -> Scores:
    """Nothing said: right where nothing is wished yet."""
    return _scores(data, lambda dialogue, named: [{} for _ in _gold(dialogue)], 0)


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    """Our scores; prints up to `failures` turns whose state differs, shopping first."""
    dialogues = _dialogues(data)
    shops = {d: _Shop.open(shop_db(name), embedder, d) for d, name in SHOPS.items()}

    def read(dialogue: Dialogue, named: bool) -> list[State]:
        heard = [shops[d] for d in SHOPS if d in dialogue["domain"]]
        if heard and set(dialogue["domain"]) <= {*SHOPS, "general"}:
            return _listen(dialogue, heard)
        with tempfile.TemporaryDirectory() as folder:
            others = [d for d in dialogues if d["dialogue_id"] != dialogue["dialogue_id"]]
            db = _made_up(Path(folder), others, dialogues if named else others)
            return _listen(dialogue, [*heard, _Shop.open(db, embedder, None)])

    return _scores(data, read, failures)


def _listen(dialogue: Dialogue, shops: Sequence[_Shop]) -> list[State]:
    listeners = [_Listener(shop) for shop in shops]
    states: list[State] = []
    for turn in dialogue["turns"]:
        if turn["speaker"] == "user":
            state: State = {}
            for listener in listeners:
                state |= listener.hear_shopper(turn["text"])
            states.append(state)
        else:
            for listener in listeners:
                listener.hear_system(turn["text"])
    return states


def _scores(data: Path, read: Reading, failures: int) -> Scores:
    shopping, everything, named = _Tally(), _Tally(), _Tally()
    left = failures
    for dialogue in sorted(_dialogues(data), key=lambda d: not set(SHOPS) & set(d["domain"])):
        gold = _gold(dialogue)
        strict = read(dialogue, False)
        for number, (ours, true) in enumerate(zip(strict, gold, strict=True)):
            everything.add(ours, true)
            ours_here, true_here = _shopping(ours), _shopping(true)
            if ours_here or true_here:
                shopping.add(ours_here, true_here)
            if ours != true and left > 0:
                left -= 1
                _tell(dialogue, number, ours, true)
        for ours, true in zip(read(dialogue, True), gold, strict=True):
            named.add(ours, true)
    return {**shopping.scores("shopping"), **everything.scores("all"), **named.scores("named")}


def _shopping(state: State) -> State:
    return {k: v for k, v in state.items() if k.split("-")[0] in SHOPS}


def _tell(dialogue: Dialogue, number: int, ours: State, gold: State) -> None:
    texts = [t["text"] for t in dialogue["turns"] if t["speaker"] == "user"]
    more = {k: v for k, v in ours.items() if gold.get(k) != v}
    less = {k: v for k, v in gold.items() if ours.get(k) != v}
    print(f"{dialogue['dialogue_id']} {number + 1}: {texts[number]}\n    ours {more}\n    gold {less}", file=sys.stderr)


def _dialogues(data: Path) -> list[Dialogue]:
    lines = (data / "dst" / "risawoz_zh.open.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def _gold(dialogue: Dialogue) -> list[State]:
    states = [turn["state"]["slots"] for turn in dialogue["turns"] if turn["speaker"] == "user"]
    return [{k: _label(k, v["value"][0]) for k, v in slots.items()} for slots in states]


def _label(name: str, value: str) -> str:
    """A label's value as it is compared: numbers as their ends, the rest without blanks."""
    domain, slot = name.split("-", 1)
    if slot in YES_NO:
        return "yes" if value in YES else "no"
    if domain not in SHOPS and not value.isdigit():
        return _plain(value)
    found = find_bounds(Message.read(value))
    if len(found) != 1:
        return _plain(value)
    ends = (found[0].low, found[0].high)
    if slot == "pricerange" and domain == "car":
        ends = tuple(e * CARS_COUNT_IN if e and e < CARS_COUNT_IN else e for e in ends)  # type: ignore[assignment]
    return _ends(*ends)


def _value(label: str, constraints: Sequence[Constraint]) -> str:
    """Our wish on a slot as it is compared. Where labels know plain amounts alone, a least or a most is its amount."""
    values = [v for c in constraints for v in c.values]
    if label in YES_NO:
        return "yes" if values[0] is True or str(values[0]) in YES else "no"
    if not all(isinstance(v, float) for v in values):
        return _plain("|".join(sorted(map(str, values))))
    low = next((float(v) for c in constraints for v in c.values if c.op in (Op.GE, Op.GT, Op.EQ)), None)
    high = next((float(v) for c in constraints for v in c.values if c.op in (Op.LE, Op.LT, Op.EQ)), None)
    if label in RANGES:
        return _ends(low, high)
    said = [end for end in (low, high) if end is not None]
    middle = round(sum(said) / len(said), 1)
    return _ends(middle, middle)


def _ends(low: float | None, high: float | None) -> str:
    return f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"


def _plain(text: str) -> str:
    return "".join(Message.read(text).lower.split())


def _made_up(folder: Path, valued: Sequence[Dialogue], named: Sequence[Dialogue]) -> Path:
    """A shop of the other domains: so many products of each that every value of `valued` and name of `named` is one's."""
    values: dict[str, dict[str, list[str]]] = {d: {"name": []} for d in KINDS}
    for key, said in (pair for dialogue in valued for pair in _said(dialogue)):
        domain, slot = key.split("-", 1)
        if domain in KINDS and slot != "name":
            values[domain].setdefault(slot, []).append(said)
    for key, said in (pair for dialogue in named for pair in _said(dialogue)):
        if key.endswith("-name") and key.removesuffix("-name") in KINDS:
            values[key.removesuffix("-name")]["name"].append(said)
    feed = folder / "feed.csv"
    with feed.open("w", encoding="utf-8", newline="") as file:
        columns = [column for domain in KINDS for column in LABELS[domain]]
        writer = csv.DictWriter(file, ["id", "title", "category", *dict.fromkeys(columns)])
        writer.writeheader()
        for domain, kind in KINDS.items():
            lists = {slot: list(dict.fromkeys(said)) for slot, said in values[domain].items()}
            names = lists.pop("name")
            for n in range(max([len(names), *map(len, lists.values())])):
                row = {c: lists[slot][n % len(lists[slot])] for c, slot in LABELS[domain].items() if slot in lists}
                title = names[n] if n < len(names) else f"{kind} {n + 1}"
                writer.writerow({"id": f"{domain} {n}", "title": title, "category": kind} | row)
    import_feeds([feed], folder / "shop.db")
    return folder / "shop.db"


def _said(dialogue: Dialogue) -> Iterator[tuple[str, str]]:
    for turn in dialogue["turns"]:
        if turn["speaker"] == "user":
            yield from ((key, value) for key, slot in turn["state"]["slots"].items() for value in slot["value"])
