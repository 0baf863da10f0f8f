"""A dialogue's state as plain JSON values, and read back: what a store keeps between two messages.

Knows the form alone; nothing of files, or of what a state means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from catalog.types import Constraint, Order
from chatbot.gestures import Edited, Gesture
from chatbot.steps import Latest, Standing
from chatbot.types import (
    DialogueState,
    Dropped,
    Exchange,
    Need,
    Pending,
    Question,
    Shown,
    Text,
    UserAct,
    Wish,
)


def state_to_json(state: DialogueState) -> dict[str, object]:
    """The state as plain JSON values; state_from_json reads it back equal."""
    plain = {f.name: getattr(state, f.name) for f in fields(state)}
    return plain | {
        "needs": [_need_json(n) for n in state.needs],
        "dropped": [{"wish": _wish_json(d.wish), "by": d.by, "turn": d.turn} for d in state.dropped],
        "shown": [{"turn": s.turn, "items": [list(i) for i in s.items]} for s in state.shown],
        "undo": [_step_json(step) for step in state.undo],
        "pending": _pending_json(state.pending) if state.pending else None,
        "answered": [_question_json(q) for q in state.answered],
        "talk": [[e.user, e.did] for e in state.talk],
        "last": _latest_json(state.last) if state.last else None,
    }


def state_from_json(data: Mapping[str, Any]) -> DialogueState:
    """Read what state_to_json wrote. KeyError or ValueError when it is something else."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    values |= {
        "needs": tuple(_read_need(n) for n in data["needs"]),
        "dropped": tuple(Dropped(_read_wish(d["wish"]), d["by"], d["turn"]) for d in data["dropped"]),
        "shown": tuple(Shown(s["turn"], tuple((n, i) for n, i in s["items"])) for s in data["shown"]),
        "undo": tuple(_read_step(step) for step in data["undo"]),
        "pending": _read_pending(data["pending"]) if data.get("pending") else None,
        "answered": tuple(_read_question(q) for q in data.get("answered", ())),
        "talk": tuple(Exchange(user, did) for user, did in data.get("talk", ())),
        "last": _read_latest(data["last"]) if data.get("last") else None,
    }
    return DialogueState(**values)


def _pending_json(pending: Pending) -> dict[str, object]:
    plain = {f.name: getattr(pending, f.name) for f in fields(pending)}
    return plain | {
        "acts": [a.value for a in pending.acts],
        "questions": [_question_json(q) for q in pending.questions],
    }


def _question_json(question: Question) -> dict[str, object]:
    return {f.name: getattr(question, f.name) for f in fields(question)} | {"scope": [str(c) for c in question.scope]}


def _read_pending(data: Mapping[str, Any]) -> Pending:
    acts = tuple(UserAct(a) for a in data["acts"])
    questions = tuple(_read_question(q) for q in data["questions"])
    return Pending(data["slot"], tuple(data["which"]), acts, questions, data.get("order", False))


def _read_question(data: Mapping[str, Any]) -> Question:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Question(**values | {"scope": tuple(Constraint.parse(c) for c in data["scope"])})


def _need_json(need: Need) -> dict[str, object]:
    plain = {"id": need.id, "query": need.query, "wishes": [_wish_json(w) for w in need.wishes]}
    return plain | {"ideal": list(need.ideal)}


def _wish_json(wish: Wish) -> dict[str, object]:
    kind = type(wish.what).__name__
    return {"id": wish.id, "need": wish.need, "kind": kind, "what": wish.text, "hard": wish.hard, "turn": wish.turn}


def _read_need(data: Mapping[str, Any]) -> Need:
    wishes = tuple(_read_wish(w) for w in data["wishes"])
    return Need(data["id"], data["query"], wishes, tuple(data.get("ideal", ())))


def _read_wish(data: Mapping[str, Any]) -> Wish:
    return Wish(data["id"], data["need"], _read_what(data["kind"], data["what"]), data["hard"], data["turn"])


def _read_what(kind: str, text: str) -> Constraint | Order | Text:
    if kind == "Constraint":
        return Constraint.parse(text)
    if kind == "Text":
        return Text(text)
    slot, _, direction = text.rpartition(" ")
    return Order(slot, "desc" if direction == "desc" else "asc")


def _step_json(step: Standing) -> dict[str, object]:
    return {f.name: getattr(step, f.name) for f in fields(step)} | {"needs": [_need_json(n) for n in step.needs]}


def _read_step(data: Any) -> Standing:
    """Before 0.5 a step was a list of needs and a list of those active."""
    if isinstance(data, list):
        needs, active = data
        return Standing(0, tuple(_read_need(n) for n in needs), tuple(active))
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Standing(**values | {"needs": tuple(_read_need(n) for n in data["needs"])})


def _latest_json(latest: Latest) -> dict[str, object]:
    what = latest.what
    if isinstance(what, str):
        said: dict[str, object] = {"text": what}
    elif isinstance(what, Gesture):
        said = {"gesture": {"type": what.type, "items": list(what.items), "wish": what.wish}}
    else:
        said = {"edit": {"remove": list(what.remove), "add": [str(c) for c in what.add]}}
    return said | {"met": state_to_json(latest.met)}


def _read_latest(data: Mapping[str, Any]) -> Latest:
    met = state_from_json(data["met"])
    if "text" in data:
        return Latest(data["text"], met)
    if "gesture" in data:
        tap = data["gesture"]
        return Latest(Gesture(tap["type"], tuple(tap["items"]), tap["wish"]), met)
    edit = data["edit"]
    return Latest(Edited(tuple(edit["remove"]), tuple(Constraint.parse(c) for c in edit["add"])), met)
