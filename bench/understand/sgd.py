"""Schema-Guided Dialogue (Rastogi et al., 2020), 600 dialogues of its development split: services met at run time.

Each service's schema becomes a small catalogue, imported like any shop's feed: its slots are columns, its possible
values the vocabulary; a slot without possible values gets cells of the sort its description names (a number, a day, a
text). No service, slot or value of the data stands in our code. A frame is a turn's service that the data calls active,
as in the data set's own evaluation: the mean over frames of the requested slots' F1, and of joint goal accuracy, where a
free-text value counts by its likeness. Which services are active, and what is shown, is given.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.fuzz import token_sort_ratio

from bench.understand import Described, Scores, f1
from catalog.ingest import import_feeds
from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState, Shown, StateUpdate
from retrieval.embedder import Embedder

DESCRIBED = Described(
    name="SGD",
    what="requested-slot F1 (mean of frames; micro over requests), joint goal accuracy; 600 dialogues, schemas at run time",
    trained="nothing of this data set",
    published="SGD baseline (BERT, trained on its train split): JGA .254 on test (arXiv 1909.05855); on dev, preliminary, "
    "requested-slot F1 .972, JGA .383 (its repository)",
    aims={},
)
_NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kauri", "Larch")
ROWS = len(_NAMES)  # products of a service's catalogue: the columns' cells cycle through the possible values
_NUMERIC = ("number", "price", "cost", "rent", "rating", "length", "percent")

Values = Mapping[str, Sequence[str]]  # slot -> acceptable spellings


@dataclass(frozen=True, slots=True)
class _Frame:
    """One active service of one user turn, as annotated."""

    dialogue: str
    service: str
    text: str
    wished: Values
    requested: frozenset[str]


@dataclass
class _Tally:
    """Sums over frames."""

    frames: int = 0
    requested: float = 0.0
    joint: float = 0.0
    hits: int = 0
    said: int = 0
    asked: int = 0
    failures: list[str] = field(default_factory=list)

    def add(
        self, frame: _Frame, requested: frozenset[str], wished: Mapping[str, str], schema: Mapping[str, Any]
    ) -> None:
        both = len(requested & frame.requested)
        self.frames += 1
        self.hits, self.said, self.asked = (
            self.hits + both,
            self.said + len(requested),
            self.asked + len(frame.requested),
        )
        self.requested += f1(both, len(requested), len(frame.requested), of_nothing=1.0)
        self.joint += _joint(wished, frame.wished, schema)
        if requested != frame.requested:
            self.failures.append(f"{frame.text}\n   asked {sorted(frame.requested)} heard {sorted(requested)}")

    def scores(self) -> Scores:
        n = max(self.frames, 1)
        micro = f1(self.hits, self.said, self.asked)
        return {"requested_f1": self.requested / n, "requested_micro_f1": micro, "jga": self.joint / n}


def majority(data: Path) -> Scores:
    """Nothing asked, nothing wished."""
    schemas, tally = _schemas(data), _Tally()
    for frame in _frames(data):
        tally.add(frame, frozenset(), {}, schemas[frame.service])
    return tally.scores()


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    """The tracker over a catalogue of each service, one dialogue's frames of a service after another."""
    schemas, tally = _schemas(data), _Tally()
    trackers: dict[str, tuple[Catalog, EmbeddedTracker]] = {}
    states: dict[tuple[str, str], DialogueState] = {}
    with tempfile.TemporaryDirectory() as folder:
        for frame in _frames(data):
            if frame.service not in trackers:
                catalog = _catalogue(schemas[frame.service], Path(folder))
                trackers[frame.service] = catalog, EmbeddedTracker(catalog, embedder)
            catalog, tracker = trackers[frame.service]
            state = _shown(states.get((frame.dialogue, frame.service), DialogueState()), catalog.ids[0])
            update = tracker.track(state, frame.text)
            state = states[frame.dialogue, frame.service] = apply(state, update)
            columns = {s.name: s.label or s.name for s in catalog.slots}
            tally.add(frame, _requested(update, columns), _wished(state, columns), schemas[frame.service])
    for failure in tally.failures[:failures]:
        print(failure, file=sys.stderr)
    return tally.scores()


def _shown(state: DialogueState, id: str) -> DialogueState:
    """The service has always just offered one thing: "the address" is asked of it."""
    return replace(state, shown=(Shown(state.turn, ((1, id),)),), focus=(id,))


def _requested(update: StateUpdate, columns: Mapping[str, str]) -> frozenset[str]:
    return frozenset(columns[q.slot] for q in update.questions if q.slot and q.slot in columns)


def _wished(state: DialogueState, columns: Mapping[str, str]) -> Mapping[str, str]:
    """The state in the data's terms; a slot that does not matter is "dontcare" there."""
    values = {columns[s]: "dontcare" for s in state.declined if s in columns}
    for wish in state.wishes:
        what = wish.what
        if isinstance(what, Constraint) and what.slot in columns and what.op in (Op.EQ, Op.IN, Op.GE, Op.LE):
            values[columns[what.slot]] = _printed(what.values[0])
    return values


def _printed(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _joint(said: Mapping[str, str], truth: Values, schema: Mapping[str, Any]) -> float:
    """The product over slots: categorical values exactly, free ones by likeness; a slot on one side only is wrong."""
    if set(said) != set(truth):
        return 0.0
    free = {s["name"] for s in schema["slots"] if not s["is_categorical"]}
    score = 1.0
    for slot, spellings in truth.items():
        likeness = max(token_sort_ratio(said[slot].lower(), s.lower()) / 100 for s in spellings)
        score *= likeness if slot in free else float(likeness == 1.0)
    return score


def _schemas(data: Path) -> Mapping[str, Mapping[str, Any]]:
    lines = (data / "dst" / "sgd_schema.jsonl").read_text("utf-8").splitlines()
    return {s["service_name"]: s for s in map(json.loads, lines)}


@cache
def _frames(data: Path) -> tuple[_Frame, ...]:
    return tuple(_read(data))


def _read(data: Path) -> Iterator[_Frame]:
    with next((data / "dst").glob("sgd_sample.*.jsonl")).open(encoding="utf-8") as lines:
        for dialogue in map(json.loads, lines):
            for turn in dialogue["turns"]:
                if turn["speaker"] != "user":
                    continue
                wished, requested = _by_service(turn["state"]["slots"]), _by_service(turn["state"]["request_slots"])
                for service in dict.fromkeys(i.partition(":")[0] for i in turn["state"]["intent"]):
                    asked = frozenset(requested[service])
                    yield _Frame(dialogue["dialogue_id"], service, turn["text"], dict(wished[service]), asked)


def _by_service(named: Mapping[str, Sequence[str]] | Sequence[str]) -> Mapping[str, dict[str, Sequence[str]]]:
    """ "Hotels_1-has_wifi": the service before the dash."""
    found: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for name in named:
        service, _, slot = name.partition("-")
        found[service][slot] = named[name] if isinstance(named, Mapping) else ()
    return found


def _catalogue(schema: Mapping[str, Any], folder: Path) -> Catalog:
    """The service as a shop: rows whose cells cycle through what the schema says is possible."""
    service = schema["service_name"]
    feed = folder / f"{service}.jsonl"
    rows = (
        {"id": f"{service}-{row}", "title": f"{service.partition('_')[0]} {row}", **_cells(schema, row)}
        for row in range(ROWS)
    )
    feed.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    import_feeds([feed], feed.with_suffix(".db"))
    return Catalog.open(feed.with_suffix(".db"))


def _cells(schema: Mapping[str, Any], row: int) -> Mapping[str, str | bool | int]:
    return {slot["name"]: _cell(slot, row) for slot in schema["slots"]}


def _cell(slot: Mapping[str, Any], row: int) -> str | bool | int:
    possible = slot["possible_values"]
    if possible:
        value: str = possible[row % len(possible)]
        return value == "True" if value in ("True", "False") else value
    about = f"{slot['name']} {slot['description']}".lower()
    if slot["name"].split("_")[-1] in ("date", "day"):
        return f"2019-03-{row + 1:02}"
    if any(word in about for word in _NUMERIC) and "phone" not in about:
        return row + 1
    return f"{_NAMES[row]} {slot['name'].replace('_', ' ')}"
