"""Comparing what a script expects of the ledger with the wishes that stand in it.

Entries compare by slot, operator (`<` as `<=`, `>` as `>=`; `=` is met by an `in` that holds the value, `!=` by a
`not in`) and value without regard to case; numbers within 1 %. Knows nothing of products.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.types import Constraint, Op, Order, Scalar
from chatbot.scripts.predicates import split_or
from chatbot.types import Text, Wish
from errors import ScriptError

TOLERANCE = 0.01
_ORDER = re.compile(r"^(?P<slot>[^<>=!~]+?) (?P<direction>asc|desc)$")
_TEXT = re.compile(r"^text ~ (?P<words>.+)$")
_LOOSE = {Op.LT: Op.LE, Op.GT: Op.GE}
_WIDER = {Op.EQ: Op.IN, Op.NE: Op.NOT_IN}
_AMOUNT = re.compile(r"^(-?\d+(?:\.\d+)?)\s*(\D+)$")

Line = Constraint | Order | Text


@dataclass(frozen=True, slots=True)
class Expected:
    """What a script names: one ledger line, or several joined by "or"."""

    choices: tuple[Line, ...]

    def __str__(self) -> str:
        return " or ".join(f"text ~ {c}" if isinstance(c, Text) else str(c) for c in self.choices)

    def stands_in(self, ledger: Sequence[Wish]) -> bool:
        return any(self.meets(wish) for wish in ledger)

    def meets(self, wish: Wish) -> bool:
        return any(same_line(choice, wish.what) for choice in self.choices)


def parse(text: str) -> Expected:
    """Read "price <= 30", "brand in [HP, Dell]", "price asc", "text ~ for my mother", or several joined by "or"."""
    return Expected(tuple(_parse_line(part) for part in split_or(text)))


def _parse_line(text: str) -> Line:
    order, words = _ORDER.match(text), _TEXT.match(text)
    if order:
        return Order(order["slot"], "asc" if order["direction"] == "asc" else "desc")
    if words:
        return Text(words["words"])
    try:
        return Constraint.parse(text)
    except ValueError as trouble:
        raise ScriptError(str(trouble)) from trouble


def same_line(wanted: Line, stands: Line) -> bool:
    """Is `stands` what the script calls `wanted`?"""
    if isinstance(wanted, Constraint) and isinstance(stands, Constraint):
        return wanted.slot == stands.slot and _same_operator_and_value(wanted, stands)
    if isinstance(wanted, Text) and isinstance(stands, Text):
        return wanted.words.casefold() == stands.words.casefold()
    return wanted == stands


def _same_operator_and_value(wanted: Constraint, stands: Constraint) -> bool:
    asked, has = _LOOSE.get(wanted.op, wanted.op), _LOOSE.get(stands.op, stands.op)
    if asked == has:
        return len(wanted.values) == len(stands.values) and all(
            any(_same(a, b, wanted.unit, stands.unit) for b in stands.values) for a in wanted.values
        )
    return _WIDER.get(asked) == has and any(_same(wanted.values[0], b, wanted.unit, stands.unit) for b in stands.values)


def _same(a: Scalar, b: Scalar, unit_a: str | None, unit_b: str | None) -> bool:
    if isinstance(a, str) and isinstance(b, float):
        return _same_amount(a, b, unit_b)
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return _text(a) == _text(b)
    units_agree = not (unit_a and unit_b) or unit_a.casefold() == unit_b.casefold()
    return units_agree and close(a, b)


def _same_amount(written: str, number: float, unit: str | None) -> bool:
    """ "16GB" in a script is a ledger's 16 with the unit GB."""
    found = _AMOUNT.match(written)
    return found is not None and close(float(found[1]), number) and found[2].casefold() == (unit or "").casefold()


def _text(value: Scalar) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value).casefold()


def close(a: float, b: float) -> bool:
    """Equal within 1 %."""
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))
