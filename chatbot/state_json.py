"""A dialogue's state as plain JSON values, and read back: what a store keeps between two messages.

Knows the form alone; nothing of files, or of what a state means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
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
    plain = {f.name: _write(f.name, getattr(state, f.name)) for f in fields(state)}
    return plain | {"last": _latest_json(state.last, state) if state.last else None}


def state_from_json(data: Mapping[str, Any]) -> DialogueState:
    """Read what state_to_json wrote. KeyError or ValueError when it is something else."""
    values = {name: _read(name, value) for name, value in data.items() if name != "last"}
    if missing := _REQUIRED - values.keys():
        raise KeyError(min(missing))
    state = DialogueState(**values)
    return replace(state, last=_read_latest(data["last"], state)) if data.get("last") else state


def _write(name: str, value: Any) -> Any:
    write = _WRITE.get(name)
    return value if write is None or value is None else write(value)


def _read(name: str, value: Any) -> Any:
    read = _READ.get(name)
    if value is not None and read:
        return read(value)
    return tuple(value) if isinstance(value, list) else value


def _latest_json(latest: Latest, state: DialogueState) -> dict[str, object]:
    """The message, and the state that it met: of that only what has changed since; of what has only grown, how much of
    it there was."""
    what = latest.what
    if isinstance(what, str):
        said: dict[str, object] = {"text": what}
    elif isinstance(what, Gesture):
        said = {"gesture": {"type": what.type, "items": list(what.items), "wish": what.wish}}
    else:
        said = {"edit": {"remove": list(what.remove), "add": [str(c) for c in what.add]}}
    met: dict[str, object] = {}
    for name in (f.name for f in fields(state) if f.name != "last"):
        then, now = getattr(latest.met, name), getattr(state, name)
        if then == now:
            continue
        grown = isinstance(then, tuple) and then == now[: len(then)]
        met[name] = {"first": len(then)} if grown else _write(name, then)
    return said | {"met": met}


def _read_latest(data: Mapping[str, Any], state: DialogueState) -> Latest:
    then = {
        name: getattr(state, name)[: value["first"]]
        if isinstance(value, dict) and "first" in value
        else _read(name, value)
        for name, value in data["met"].items()
    }
    met = replace(state, **then)
    if "text" in data:
        return Latest(data["text"], met)
    if "gesture" in data:
        tap = data["gesture"]
        return Latest(Gesture(tap["type"], tuple(tap["items"]), tap["wish"]), met)
    edit = data["edit"]
    return Latest(Edited(tuple(edit["remove"]), tuple(Constraint.parse(c) for c in edit["add"])), met)


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


_WRITE: Mapping[str, Callable[[Any], object]] = {
    "needs": lambda needs: [_need_json(n) for n in needs],
    "dropped": lambda dropped: [{"wish": _wish_json(d.wish), "by": d.by, "turn": d.turn} for d in dropped],
    "shown": lambda shown: [{"turn": s.turn, "items": [list(i) for i in s.items]} for s in shown],
    "undo": lambda steps: [_step_json(step) for step in steps],
    "pending": _pending_json,
    "answered": lambda questions: [_question_json(q) for q in questions],
    "talk": lambda talk: [[e.user, e.did] for e in talk],
}
_READ: Mapping[str, Callable[[Any], object]] = {
    "needs": lambda data: tuple(_read_need(n) for n in data),
    "dropped": lambda data: tuple(Dropped(_read_wish(d["wish"]), d["by"], d["turn"]) for d in data),
    "shown": lambda data: tuple(Shown(s["turn"], tuple((n, i) for n, i in s["items"])) for s in data),
    "undo": lambda data: tuple(_read_step(step) for step in data),
    "pending": _read_pending,
    "answered": lambda data: tuple(_read_question(q) for q in data),
    "talk": lambda data: tuple(Exchange(user, did) for user, did in data),
}
_REQUIRED = frozenset({"needs", "dropped", "shown", "undo"})
