"""A limit that stands, moved by an amount or a factor: "raise it by 50", "double the budget", 再加两百, 预算减半.

Only what the ledger holds can be moved: without a limit on the slot the words mean nothing here, and a number among them
is read as any other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog.types import Constraint, Op
from catalog.units import convert
from chatbot.track.heard import Heard
from chatbot.track.spans import BoundSpan
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import Addition, Need

_REACH = 64
_NEAR = 4.0  # times by which a number and the one it takes the place of differ at most
_UPPER = (Op.LE, Op.LT)


@dataclass(frozen=True, slots=True)
class Moved:
    """The limits as they are now to stand, and the numbers that this uses up."""

    additions: tuple[Addition, ...] = ()
    used: tuple[BoundSpan, ...] = ()


def moved_limits(heard: Heard) -> Moved:
    """What the message moves of the limits that stand."""
    additions: list[Addition] = []
    used: list[BoundSpan] = []
    for bound in heard.bounds:
        way = _way(heard.lower, bound)
        made = list(_by_amount(heard.state.active_needs, bound, way)) if way else list(_in_place(heard, bound))
        additions.extend(made)
        used.extend([bound] if made else [])
    if not additions:
        for factor, pattern in _factors():
            if pattern.search(heard.lower):
                additions.extend(_by_factor(heard.state.active_needs, factor))
                break
    return Moved(tuple(additions), tuple(used))


def _way(lower: str, bound: BoundSpan) -> int:
    """1 up, -1 down, 0: the number moves nothing."""
    if not bound.number or bound.stars or bound.year or bound.cue == "range":
        return 0
    before, after = lower[max(0, bound.number.start - _REACH) : bound.number.start], bound.number.end
    for way, name in ((1, "up"), (-1, "down")):
        if _pattern(f"{name}_before").search(before) or _pattern(f"{name}_after").match(lower, after):
            return way
    return 0


def _in_place(heard: Heard, bound: BoundSpan) -> Iterator[Addition]:
    """ "Make it 32" where 27 inches stand: a bare number takes the place of the one nearest to it, unless a word says
    what it is or that is the price."""
    lone = bound.cue == "bare" and alone(heard.lower, bound.number.start, bound.number.end)
    if (bound.cue != "set" and not lone) or bound.unit or bound.money is not None or bound.high is None:
        return
    if lone and bound.high <= len(heard.state.latest):
        return  # "the two then": a place among the cards
    if any("slot" in m.roles for m in heard.within(heard.message.clause_at(bound.number.start))):
        return
    for need in heard.state.active_needs:
        standing: dict[str, list[Constraint]] = {}
        for wish in need.wishes:
            if isinstance(wish.what, Constraint) and isinstance(wish.what.value, float):
                standing.setdefault(wish.slot, []).append(wish.what)
        far = {
            slot: abs(math.log(bound.high / middle)) for slot, held in standing.items() if (middle := _middle(held)) > 0
        }
        slot = min(far, key=far.__getitem__, default="price") if bound.high > 0 else "price"
        if (slot == "price" and not lone) or far.get(slot, math.inf) > math.log(_NEAR):
            continue
        for held in standing[slot]:
            value = _number(held) * bound.high / _middle(standing[slot])
            yield Addition(replace(held, value=float(f"{value:.4g}")), True, need.id)


def alone(lower: str, start: int, end: int) -> bool:
    """Does the message say nothing but the number ("ok then, twenty", "fine, 25", 那就两千吧)?"""
    before, after = _alone()
    return before.fullmatch(lower, 0, start) is not None and after.fullmatch(lower, end) is not None


@cache
def _alone() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = words("shifts")
    before = rf"[\s,.!]*(?:{alternation(table['alone_before'])}[\s,.!:]*)*[$€£¥]?"
    after = rf"[\s,.!]*(?:{alternation(table['alone_after'])}[\s,.!?]*)*"
    return re.compile(before), re.compile(after)


def _middle(held: Sequence[Constraint]) -> float:
    return sum(map(_number, held)) / len(held)


def _number(constraint: Constraint) -> float:
    return constraint.value if isinstance(constraint.value, float) else 0.0


@cache
def _pattern(name: str) -> re.Pattern[str]:
    table = words("shifts")
    return compiled(table[name], after=" ?$") if name.endswith("before") else compiled(table[name], before=" ?")


@cache
def _factors() -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple((entry["by"], compiled(entry["phrases"])) for entry in words("shifts")["factor"])


def _by_amount(needs: Sequence[Need], bound: BoundSpan, way: int) -> Iterator[Addition]:
    amount = bound.high if bound.high is not None else bound.low
    if amount is None:
        return
    for need in needs:
        limit = _limit(need, bound.unit)
        if limit is None or not isinstance(limit.value, float):
            continue
        step = limit.value * amount / 100 if bound.percent else amount
        if bound.unit and limit.unit and not bound.percent:
            step = convert(amount, bound.unit, limit.unit) or amount
        if (value := limit.value + way * step) > 0:
            yield Addition(Constraint(limit.slot, limit.op, value, limit.unit), True, need.id)


def _by_factor(needs: Sequence[Need], factor: float) -> Iterator[Addition]:
    for need in needs:
        limit = _limit(need, None)
        if limit and isinstance(limit.value, float):
            yield Addition(Constraint(limit.slot, limit.op, limit.value * factor, limit.unit), True, need.id)


def _limit(need: Need, unit: str | None) -> Constraint | None:
    """The limit of a need that an amount in this unit moves: of money the price, its upper end before its lower one."""
    limits = [w.what for w in need.wishes if isinstance(w.what, Constraint) and w.what.op.bound]
    if unit in (None, "%"):
        fitting = [c for c in limits if c.slot == "price"]
    else:
        fitting = [c for c in limits if c.unit and convert(1.0, unit, c.unit) is not None]
    return next((c for c in fitting if c.op in _UPPER), fitting[0] if fitting else None)
