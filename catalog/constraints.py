"""What is wished of products: constraints and orders, and their one spelling, read and written.

Knows nothing of slots that exist, of products, SQL or dialogue.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Op(StrEnum):
    """How a constraint relates a slot to its value. Negation is an operator, never a prefix of the value."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"

    @property
    def negative(self) -> bool:
        return self in (Op.NE, Op.NOT_IN)

    @property
    def bound(self) -> bool:
        return self in (Op.LT, Op.LE, Op.GT, Op.GE)


Scalar = str | float | bool
Value = Scalar | tuple[Scalar, ...]


_CONSTRAINT = re.compile(
    r"^\s*(?P<slot>\"(?:[^\"\\]|\\.)*\"|.+?)\s*(?P<op><=|>=|!=|=|<|>|\bnot in\b|\bin\b)\s*(?P<rest>.*?)\s*$", re.DOTALL
)
_ODD_SLOT = re.compile(r"(^|\s)(in|not)(\s|$)|[<>=!\"]|^\s|\s$|^$")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$")
_NUMBER_WITH_UNIT = re.compile(r"^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s+([^\d\s\"].*)$")


def _as_value(value: Value) -> Value:
    """Whole numbers become floats, so that equal constraints are equal values."""
    if isinstance(value, tuple):
        return tuple(map(_as_scalar, value))
    return _as_scalar(value)


def _as_scalar(value: Scalar) -> Scalar:
    return float(value) if type(value) is int else value


def _write_scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return write_number(float(value))
    plain = (
        value == value.strip()
        and value != ""
        and not re.search(r"[\"\[\],\\\n\r\t\[\]{}]", value)
        and not _NUMBER.match(value)
        and value not in ("true", "false")
        and not re.search(r"[<>=!]", value)
        and not _NUMBER_WITH_UNIT.match(value)
    )
    return value if plain else json.dumps(value, ensure_ascii=False)


def write_number(value: float) -> str:
    """The shortest plain spelling that reads back the same: 30.0 -> "30", 24.9 -> "24.9"."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _read_scalar(text: str) -> Scalar:
    if text.startswith('"'):
        return str(json.loads(text))
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.match(text):
        return float(text)
    return text


@dataclass(frozen=True, slots=True)
class Constraint:
    """One wish that a slot can carry. `value` is a tuple for `in` and `not in`, a scalar otherwise.

    `unit` is the unit of a number (None: the slot's own). str(c) reads back: Constraint.parse(str(c)) == c,
    save the unit, which is written behind the number: "weight <= 1.4 kg".
    """

    slot: str
    op: Op
    value: Value
    unit: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _as_value(self.value))
        if isinstance(self.value, tuple) != (self.op in (Op.IN, Op.NOT_IN)):
            raise ValueError(f"{self.op} does not go with {self.value!r}")
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        if any(isinstance(v, float) and not math.isfinite(v) for v in values):
            raise ValueError("a constraint's number must be finite")

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value or values, always as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def __str__(self) -> str:
        slot = json.dumps(self.slot, ensure_ascii=False) if _ODD_SLOT.search(self.slot) else self.slot
        if isinstance(self.value, tuple):
            written = "[" + ", ".join(_write_scalar(v) for v in self.value) + "]"
        else:
            written = _write_scalar(self.value)
        numeric = isinstance(self.value, float) and not isinstance(self.value, bool)
        unit = f" {self.unit}" if self.unit and numeric else ""
        return f"{slot} {self.op} {written}{unit}"

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read "price <= 30", "brand in [HP, Dell]", "weight <= 1.4 kg". ValueError says what is wrong."""
        found = _CONSTRAINT.match(text)
        if not found:
            raise ValueError(f"not a constraint: {text!r} (write SLOT OP VALUE, for example: price <= 30)")
        slot, op, rest = found["slot"], Op(found["op"]), found["rest"]
        slot = str(json.loads(slot)) if slot.startswith('"') else slot.strip()
        if op in (Op.IN, Op.NOT_IN):
            if not (rest.startswith("[") and rest.endswith("]")):
                raise ValueError(f"{op} needs a list in brackets: {text!r}")
            return cls(slot, op, tuple(_read_scalar(part) for part in _split_list(rest[1:-1])))
        if not rest:
            raise ValueError(f"no value in {text!r}")
        with_unit = _NUMBER_WITH_UNIT.match(rest)
        if with_unit:
            return cls(slot, op, float(with_unit[1]), with_unit[2])
        return cls(slot, op, _read_scalar(rest))


def _split_list(text: str) -> Iterator[str]:
    for part in re.finditer(r'\s*("(?:[^"\\]|\\.)*"|[^,]+?)\s*(?:,|$)', text):
        yield part[1]


@dataclass(frozen=True, slots=True)
class Order:
    """A wish about order: cheapest first is Order("price", "asc")."""

    slot: str
    direction: Literal["asc", "desc"]

    def __str__(self) -> str:
        return f"{self.slot} {self.direction}"
