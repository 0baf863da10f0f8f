"""IARD: what people do with each utterance while a person recommends films to them; sixteen intents, several at once.

    python -m bench.understanding --only iard

The catalogue is ReDial's films. A dialogue is replayed as it was held: the state follows the seeker's utterances, and
films that the recommender names are heard as shown. Labels come from the tracker's acts, edits and topics and from where
the dialogue stands; what is no act of a shop's assistant (the assistant asked for its own taste) is told as far as
small talk tells it. Scored by macro-F1 over the labels, as a multi-label task.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aisle.settings import Settings
from bench.understand import Described, Scores, f1
from catalog.store import Catalog
from catalog.types import Constraint
from chatbot.scripts.shops import Shops
from chatbot.state import apply
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState, StateUpdate, UserAct
from retrieval.embedder import Embedder

DESCRIBED = Described(
    name="IARD",
    what="171 dialogues about films between people, 1,174 utterances of the seeker, sixteen intents, several at once",
    trained="nothing",
    published="none of a system untrained on it; its authors (Cai and Chen 2020) train SVM and XGBoost on IARD itself",
    aims={},
)
LABELS = (
    "IQU",
    "CON",
    "REF",
    "STO",
    "PRO",
    "ANS",
    "ASK",
    "SEE",
    "ACC",
    "REJ",
    "INQ",
    "CRI-F",
    "CRI-A",
    "CRI-C",
    "NRE",
    "OTH",
)
_ASKING = frozenset({"REQ", "CLQ"})  # the recommender asked for a preference
_SHOWING = frozenset({"REC-S", "REC-E"})  # the recommender named films
_POLITE = frozenset({"greeting", "thanks", "bye", "compliment"})

Labels = frozenset[str]


def majority(data: Path) -> Scores:
    """Every utterance what the most are."""
    gold = [labels for dialogue in _dialogues(data) for _, _, labels in _utterances(dialogue)]
    commonest = Counter(label for labels in gold for label in labels).most_common(1)[0][0]
    return _scores(gold, [frozenset({commonest})] * len(gold))


def measure(data: Path, embedder: Embedder | None, failures: int = 0) -> Scores:
    shop = Shops(data / "crs", Settings.read().cache, embedder).database("redial_catalogue")
    tracker = EmbeddedTracker(Catalog.open(shop), embedder)
    gold: list[Labels] = []
    ours: list[Labels] = []
    for dialogue in _dialogues(data):
        state = DialogueState()
        for before, text, truth in _utterances(dialogue):
            if before:
                state = tracker.overhear(state, before["text"])
            update = tracker.track(state, text)
            gold.append(truth)
            ours.append(labels_of(state, update, frozenset(before["sub"]) if before else frozenset()))
            state = apply(state, update)
            if failures > 0 and gold[-1] != ours[-1]:
                failures -= 1
                print(f"iard {'+'.join(sorted(truth))} read as {'+'.join(sorted(ours[-1]))}: {text}", file=sys.stderr)
    return _scores(gold, ours)


def labels_of(before: DialogueState, update: StateUpdate, said: Labels) -> Labels:
    """The intents of an utterance. `said`: what the recommender did just before."""
    acts, topics = set(update.acts), set(update.topics)
    labels = {
        "ACC": UserAct.ACCEPT in acts and "like" not in topics,
        "SEE": bool(topics & {"like", "have"}),
        "REJ": UserAct.REJECT in acts and "have" not in topics,
        "INQ": bool(acts & {UserAct.REQUEST, UserAct.EXPLAIN, UserAct.COMPARE}),
        "CON": UserAct.MORE in acts and "similar" not in topics,
        "CRI-C": "similar" in topics,
        "ASK": "smalltalk" in topics,
        "STO": UserAct.RESET in acts,
        "OTH": bool(topics & _POLITE) or bool(acts & {UserAct.OTHER, UserAct.FAQ, UserAct.HANDOFF}),
        "NRE": UserAct.CHITCHAT in acts and not topics & (_POLITE | {"smalltalk"}) and bool(said & _SHOWING),
    }
    found = {label for label, holds in labels.items() if holds}
    if UserAct.INFORM in acts and (wish := _wish(before, update, said)):
        found.add(wish)
    return frozenset(found) or frozenset({"NRE" if said & _SHOWING else "OTH"})


def _wish(before: DialogueState, update: StateUpdate, said: Labels) -> str | None:
    """A wish by where the dialogue stands: the first, an answer, a critique of what was shown, one more preference."""
    if not (update.add or update.remove or update.needs or update.declined):
        return None
    if not before.wishes:
        return "IQU"
    if said & _ASKING:
        return "ANS"
    against = any(isinstance(a.what, Constraint) and a.what.op.negative for a in update.add)
    if said & _SHOWING:
        return "CRI-F" if against or update.remove else "CRI-A"
    return "PRO"


def _dialogues(data: Path) -> Iterator[Mapping[str, Any]]:
    with (data / "intent" / "iard_crs_intents.open.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _utterances(dialogue: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any] | None, str, Labels]]:
    """Each of the seeker's utterances with its intents, behind the recommender's before it."""
    before: Mapping[str, Any] | None = None
    for turn in dialogue["turns"]:
        if turn["speaker"] == "user":
            yield before, str(turn["text"]), frozenset(turn["sub"])
        before = None if turn["speaker"] == "user" else turn


def _scores(gold: Sequence[Labels], ours: Sequence[Labels]) -> Scores:
    """F1 by label, their mean, and that of all decisions together."""
    pairs = list(zip(gold, ours, strict=True))
    each = {label: _f1([(label in g, label in o) for g, o in pairs]) for label in LABELS}
    every = _f1([(label in g, label in o) for g, o in pairs for label in LABELS])
    return {"macro-F1": sum(each.values()) / len(each), "micro-F1": every} | {f"  {k}": v for k, v in each.items()}


def _f1(decisions: Sequence[tuple[bool, bool]]) -> float:
    right = sum(g and o for g, o in decisions)
    return f1(right, sum(o for _, o in decisions), sum(g for g, _ in decisions))
