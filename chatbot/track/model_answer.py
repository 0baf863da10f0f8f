"""What a model answered, read from its text: JSON in, a frozen value out, whatever stands around it or is missing.

Takes what can be read and leaves out the rest: prose and fences around, thoughts before, an answer cut short, wrong
types, unknown keys. Knows the shape that prompts/track.toml asks for; knows nothing of slots, states or what is true.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from chatbot.types import UserAct
from errors import LLMBadOutput

LONGEST = 20_000  # characters read of an answer
DEEPEST = 6  # brackets within brackets
TRIES = 8  # opening brackets that are tried for the beginning of the answer

SaidOp = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "sort", "~"]
SaidValue = str | float | bool | tuple[str, ...]

_OPS: Mapping[str, SaidOp] = {
    "=": "=", "==": "=", ":": "=", "is": "=", "!=": "!=", "<>": "!=", "≠": "!=", "is not": "!=", "<": "<", ">": ">",
    "<=": "<=", "=<": "<=", "≤": "<=", ">=": ">=", "=>": ">=", "≥": ">=", "in": "in", "not in": "not in", "sort": "sort", "~": "~",
}  # fmt: skip
_WISH = re.compile(
    r"\s*(?P<slot>[^<>=!~≤≥≠:]{1,80}?)\s*(?P<op><=|>=|=<|=>|==|!=|<>|[=<>~≤≥≠:]"
    r"|(?<=\s)(?:not in|in|is not|is|sort)(?=\s|$))\s*(?P<value>.{1,200})",
    re.DOTALL,
)
_ASKS = ("count", "values", "min", "max", "range")
_THINKING, _THOUGHT = "<think>", "</think>"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SaidWish:
    """A wish as the model wrote it: nothing of it is known to be true or to exist. `hard`: it stood under must."""

    slot: str
    op: SaidOp
    value: SaidValue
    hard: bool = True


@dataclass(frozen=True, slots=True)
class SaidNeed:
    """A thing looked for. `need`: the model's number for it, None where it gave none."""

    need: int | None = None
    query: str = ""
    wishes: tuple[SaidWish, ...] = ()
    ideal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidQuestion:
    """A fact asked for: of items, or with a measure of the whole range."""

    slot: str
    measure: Literal["value", "count", "values", "min", "max", "range"] = "value"


@dataclass(frozen=True, slots=True)
class Answer:
    """All that was readable of an answer. `items`: numbers of shown items. `drop`: ids of ledger lines."""

    acts: tuple[UserAct, ...] = ()
    needs: tuple[SaidNeed, ...] = ()
    drop: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    ask: tuple[SaidQuestion, ...] = ()


def read_answer(text: str) -> Answer:
    """The answer in a model's text. LLMBadOutput: there is none that says anything."""
    said = text[:LONGEST].encode("utf-8", "ignore").decode().rpartition(_THOUGHT)[2]
    answer = _answer(_object(said.partition(_THINKING)[0]))
    if answer == Answer():
        raise LLMBadOutput("the answer says nothing that could be read")
    return answer


def _object(text: str) -> Mapping[str, Any]:
    """The first JSON object in the text that has one of our keys, its end mended where it was cut."""
    at = -1
    for _ in range(TRIES):
        at = text.find("{", at + 1)
        if at < 0:
            break
        found = _loaded(_whole(text, at))
        if isinstance(found, dict) and found.keys() & {"acts", "needs", "drop", "items", "ask"}:
            return found
    raise LLMBadOutput("the answer holds no JSON object of the kind that was asked for")


def _loaded(text: str) -> object:
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None


def _whole(text: str, start: int) -> str:
    """The object that begins at a place, to its end; where it was cut off, without what was not finished."""
    closers: list[str] = []
    end, open_ends = start, ""  # the last place where what stands is whole, and what closes it there
    quoted = escaped = False
    for at in range(start, len(text)):
        sign = text[at]
        if quoted:
            quoted, escaped = escaped or sign != '"', not escaped and sign == "\\"
            continue
        if sign == '"':
            quoted = True
        elif sign in "{[":
            if len(closers) == DEEPEST:
                break
            closers.append("}" if sign == "{" else "]")
            end, open_ends = at + 1, "".join(reversed(closers))
        elif sign in "}]":
            if not closers or closers.pop() != sign:
                break
            end, open_ends = at + 1, "".join(reversed(closers))
            if not closers:
                break
        elif sign == ",":
            end, open_ends = at, "".join(reversed(closers))
    return text[start:end] + open_ends


def _answer(found: Mapping[str, Any]) -> Answer:
    known = {a.value for a in UserAct}
    return Answer(
        acts=_once(UserAct(a) for a in _texts(found.get("acts"), 4, 20) if a in known),
        needs=tuple(filter(None, map(_need, _list(found.get("needs"), 3)))),
        drop=_once(d.strip("[]() ") for d in _texts(found.get("drop"), 6, 10)),
        items=_once(n for i in _list(found.get("items"), 5) if (n := _whole_number(i)) is not None),
        ask=_once(filter(None, map(_question, _list(found.get("ask"), 3)))),
    )


def _need(given: object) -> SaidNeed | None:
    if not isinstance(given, dict):
        return None
    wishes = [
        wish
        for key, hard in (("must", True), ("like", False))
        for w in _list(given.get(key), 8)
        if (wish := _wish(w, hard))
    ]
    need = SaidNeed(
        need=_whole_number(given.get("need")),
        query=next(iter(_texts([given.get("query")], 1, 120)), ""),
        wishes=_once(wishes),
        ideal=tuple(_texts(given.get("ideal"), 2, 200)),
    )
    return need if need != SaidNeed(need.need) else None


def _wish(given: object, hard: bool) -> SaidWish | None:
    """A wish from "slot op value", or from an object with these keys."""
    if isinstance(given, dict) and isinstance(given.get("slot"), str):
        unit = given.get("unit") if isinstance(given.get("unit"), str) else ""
        given = f"{given.get('slot')} {given.get('op', '=')} {_written(given.get('value'))} {unit}"
    found = _WISH.fullmatch(_plain(given)[:300]) if isinstance(given, str) else None
    if found is None or not any(c.isalnum() for c in found["value"]):
        return None
    op = _OPS[found["op"]]
    value = _value(found["value"].strip(), op in ("in", "not in"))
    return SaidWish(found["slot"].strip(" \"'"), op, value, hard) if value != () else None


def _written(value: object) -> str:
    """A value as a wish writes it: true, 30, a list in brackets."""
    if isinstance(value, list):
        return "[" + ", ".join(_written(v) for v in value[:8]) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(text: str, several: bool) -> SaidValue:
    if several or (text.startswith("[") and text.endswith("]")):
        parts = (part.strip(" \"'") for part in re.split(r"[,、|]|\bor\b", text.strip("[]() "))[:8])
        return tuple(part for part in parts if part)
    plain = text.strip("\"'")
    if plain.lower() in ("true", "false"):
        return plain.lower() == "true"
    try:
        number = float(plain)
    except ValueError:
        return plain
    return number if math.isfinite(number) else plain


def _question(given: object) -> SaidQuestion | None:
    """A question from "slot" or "min slot", or from an object with slot and measure."""
    if isinstance(given, dict):
        given = f"{given.get('measure', '')} {given.get('slot', '')}"
    words = given.strip()[:80].split() if isinstance(given, str) else []
    for measure in _ASKS:
        if words and words[0].lower() == measure:
            return SaidQuestion(" ".join(words[1:]), measure)  # type: ignore[arg-type]
    if words and words[0].lower() == "value":
        words = words[1:]
    return SaidQuestion(" ".join(words)) if words else None


def _list(given: object, most: int) -> list[Any]:
    """At most so many of a list; of anything else nothing."""
    return given[:most] if isinstance(given, list) else []


def _texts(given: object, most: int, longest: int) -> Iterator[str]:
    for text in _list(given, most):
        if isinstance(text, str) and (plain := _plain(text)):
            yield plain[:longest]


def _plain(text: str) -> str:
    """On one line, without half characters (JSON can write them) and signs that cannot be seen."""
    seen = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())


def _whole_number(given: object) -> int | None:
    """A small whole number, written as one or as a text."""
    if isinstance(given, str) and given.strip().isdecimal() and len(given) < 6:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < 1000 or given != int(given):
        return None
    return int(given)


def _once(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))
