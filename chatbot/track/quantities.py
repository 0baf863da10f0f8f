"""Which slot a number is about: by its unit's dimension, the words near it, and what the kind of product has.

"16 gigs" is internal memory for notebooks and capacity for USB sticks; a number without a unit and without a word
near it is a price. Knows the catalogue's slots; knows nothing of needs or of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from catalog.store import Catalog
from catalog.types import Constraint, Op, Slot
from catalog.units import convert, dimension_of, unit_named
from chatbot.track.cues import SOME
from chatbot.track.spans import BoundSpan
from chatbot.track.wording import words

ENOUGH = 1.0  # score below which a number fits no slot well enough
FAR_OFF = -1.0  # plausibility of a number nowhere near those that the kind's products state
MILES_OFF = -4.0  # and of one that they cannot be meant by: two years of battery life
DERIVED = 0.2  # share of a kind's products by which a slot named after another must be stated oftener to be meant
USUAL = 0.5  # share of a kind's products that must state a property to be meant by a number alone
BY_UNIT = 1.2  # closeness of a slot that the unit itself names (200马力, "8 buttons")


@dataclass(frozen=True, slots=True)
class Measured:
    """A slot that a number was found to be about, and the unit to write behind it (None: the slot's own)."""

    slot: Slot
    unit: str | None
    score: float
    into: str | None = None  # the unit to convert to first: what the slot's own unit is for these kinds, nobody states


class Quantities:
    """The number slots of a catalogue with their dimensions."""

    def __init__(self, catalog: Catalog) -> None:
        self._slots: list[tuple[Slot, str | None]] = []
        for slot in catalog.slots:
            if slot.kind == "number" and slot.name not in ("price", "rating") and (slot.informable or slot.requestable):
                self._slots.append((slot, _dimension(slot.unit)))
        self._numbers = {slot.name: slot for slot, _ in self._slots}
        self._counted = {slot.name for slot, _ in self._slots} | {"rating"}  # a bare number is not about "wireless"
        self._rating = next((s for s in catalog.slots if s.name == "rating"), None)
        self._released = [s for s in catalog.slots if s.concept == "release date" and (s.dates or s.kind == "number")]
        self._price = next((s for s in catalog.slots if s.name == "price"), None)

    def slot_for(
        self, bound: BoundSpan, near: Mapping[str, float], kinds: Sequence[str], target: bool = False
    ) -> Measured | None:
        """The slot of a number. `near`: slots named around it, by closeness 0..1. `kinds`: categories looked for.

        `target`: the number belongs to what the product is for (a 15.6" laptop that a bag must fit).
        None when no slot fits well enough.
        """
        if bound.stars and self._rating:
            return Measured(self._rating, None, 1.0)
        if bound.year:
            return self._dated(kinds)
        if people := _people(bound):
            return self._holding(bound, kinds) or (self._as_price(bound) if people == "perhaps" else None)
        if self._is_money(bound, near):
            return self._rather_than_price(bound, kinds) or self._as_price(bound)
        if bound.unit is None and not near:
            return None
        bound = self._in_gigabytes(bound, near, kinds)
        best: Measured | None = None
        for slot, dimension in self._slots:
            score = self._score(slot, dimension, bound, near, kinds, target)
            if score > (best.score if best else ENOUGH):
                best = Measured(slot, _unit_in(slot, bound, dimension, kinds), score, _unstated(slot, kinds))
        if best is None and self._rating and near.get("rating"):
            return Measured(self._rating, None, 1.0)
        bare = bound.unit is None and bound.money is None and bound.cue != "bare"
        if best and bare and self._far_off(best.slot, bound, kinds):
            return self._as_price(bound)  # "with an hdmi port under 800"
        return best

    def _dated(self, kinds: Sequence[str]) -> Measured | None:
        """The slot that says when these products came out."""
        slot = max(self._released, key=lambda s: _coverage(s, kinds), default=None)
        return Measured(slot, None, 1.0) if slot and _coverage(slot, kinds) > 0 else None

    def _holding(self, bound: BoundSpan, kinds: Sequence[str]) -> Measured | None:
        """The slot that says how many people these products are for."""
        fitting = [s for s, _ in self._slots if _holds_people(s, kinds) and self._plausible(s, bound, kinds) > FAR_OFF]
        slot = max(fitting, key=lambda s: _coverage(s, kinds), default=None)
        return Measured(slot, None, 1.0) if slot and _coverage(slot, kinds) > 0 else None

    def _as_price(self, bound: BoundSpan) -> Measured | None:
        """The number as a price; the shop's own currency goes without saying."""
        if self._price is None:
            return None
        foreign = bound.currency if bound.currency != self._price.unit else None
        return Measured(self._price, foreign, 1.0)

    def _rather_than_price(self, bound: BoundSpan, kinds: Sequence[str]) -> Measured | None:
        """The property, of those that nobody has too much of, that a least amount without a word for what it is of
        ("64+") lies in, if it is no price: of several the one that goes without its name most readily."""
        if not self._excludes_none(bound, kinds):
            return None
        told: dict[str, float] = words("quantities")["unnamed"]
        least = (Measured(s, s.unit_for(kinds[0]), 1.0) for s, _ in self._slots if told.get(s.concept or ""))
        there = [m.slot for m in least if _at_least(m) and self._plausible(m.slot, bound, kinds) > 0]
        slot = max(there, key=lambda s: _coverage(s, kinds) + told[s.concept or ""], default=None)
        return Measured(slot, slot.unit_for(kinds[0]), 1.0) if slot and _coverage(slot, kinds) >= USUAL else None

    def _excludes_none(self, bound: BoundSpan, kinds: Sequence[str]) -> bool:
        """Is it a least amount below the price of every one of these?"""
        prices = self._price.by_kind if self._price else {}
        cheapest = min((low for k in kinds if k in prices and (low := prices[k].low) is not None), default=0.0)
        return bound.money is None and bound.high is None and bound.low is not None and bound.low < cheapest

    def _is_money(self, bound: BoundSpan, near: Mapping[str, float]) -> bool:
        if bound.money is not None:
            return bound.money
        if bound.unit is not None or bound.percent:
            return False
        named = {s for s, closeness in near.items() if closeness >= 0.5 and s in self._counted}
        return not named and (bound.cue != "bare" or "price" in near)

    def _score(
        self,
        slot: Slot,
        dimension: str | None,
        bound: BoundSpan,
        near: Mapping[str, float],
        kinds: Sequence[str],
        target: bool,
    ) -> float:
        named = near.get(slot.name, 0.0)
        coverage = _coverage(slot, kinds)
        if coverage <= 0.0 and (target or not named):
            return 0.0
        said = unit_named(bound.unit) if bound.unit else None
        if bound.age and slot.concept != "age":
            return 0.0
        if said and said.dimension != "count":
            fits = any(
                bound.unit and unit_named(bound.unit, d) for d in (dimension, *_other_dimensions(slot, kinds)) if d
            )
            letter = len(bound.unit or "") == 1 and named >= 1.0  # 排量2.0T: the name outweighs a letter
            bare = dimension is None and (named >= BY_UNIT or bound.age)  # "8+" of ages that name no years
            if not fits and not letter and not bare:
                return 0.0
        elif not named:
            return 0.0
        plausible = self._plausible(slot, bound, kinds)
        if self._derived(slot, kinds):
            coverage -= DERIVED
        score = 2.5 * named + 2.0 * coverage + (max(plausible, FAR_OFF) if named else plausible)
        score += 0.8 * float(words("quantities")["unnamed"].get(slot.concept or "", 0.0))
        return score + _aside(slot.name, named, target)

    def _derived(self, slot: Slot, kinds: Sequence[str]) -> bool:
        """Is it named after another that these products state about as often and in the same unit: "output power
        capacity" beside "output power", where the plain word means the plain property?"""
        often = _coverage(slot, kinds) - DERIVED
        plain = (s for name in _shorter(slot.name) if (s := self._numbers.get(name)))
        return any(s.unit == slot.unit and _coverage(s, kinds) >= often > 0 for s in plain)

    def _in_gigabytes(self, bound: BoundSpan, near: Mapping[str, float], kinds: Sequence[str]) -> BoundSpan:
        """ "64+ storage" where records are in terabytes: what is said of data without a unit, and cannot be in theirs."""
        bare = bound.unit is None and bound.money is None and bound.cue == "limit"
        named = [s for s, d in self._slots if bare and d == "data" and near.get(s.name, 0.0) >= 0.5]
        large = (
            len(named) == 1 and (convert(1.0, named[0].unit_for(kinds[0] if kinds else None) or "gb", "gb") or 0) > 1
        )
        odd = large and self._plausible(named[0], bound, kinds) <= FAR_OFF
        return replace(bound, unit="gb", money=False) if odd else bound

    def _far_off(self, slot: Slot, bound: BoundSpan, kinds: Sequence[str]) -> bool:
        return self._plausible(slot, bound, kinds) <= FAR_OFF and not self._excludes_none(bound, kinds)

    def _plausible(self, slot: Slot, bound: BoundSpan, kinds: Sequence[str]) -> float:
        """Does the number lie where the kind's numbers lie? MILES_OFF, FAR_OFF, 0 or 1."""
        number = bound.high if bound.high is not None else bound.low
        stats = [slot.by_kind[k] for k in (kinds or slot.by_kind) if k in slot.by_kind]
        if number is None or not stats:
            return 0.0
        best = MILES_OFF
        for stat in stats:
            unit = stat.unit or slot.unit
            there = _in_unit(number, _unit_as(bound.unit, _dimension(unit)), unit)
            if there is None or stat.low is None or stat.high is None:
                return 0.0
            if stat.low <= there <= stat.high:
                return 1.0
            if stat.low / 2 <= there <= stat.high * 2:
                best = 0.0
            elif stat.low / 30 <= there <= stat.high * 30:
                best = max(best, FAR_OFF)
        return best


def bounds_of(measured: Measured, bound: BoundSpan, target: bool = False) -> tuple[Constraint, ...]:
    """The constraints that a bounded number makes of its slot."""
    slot, unit = measured.slot, measured.unit
    low, high = _ends(measured, bound, target)
    if unit and measured.into:
        low, high = (None if e is None else _neat(convert(e, unit, measured.into) or e) for e in (low, high))
        unit = measured.into
    made = []
    if low is not None:
        made.append(Constraint(slot.name, Op.GT if bound.low_strict and low == bound.low else Op.GE, low, unit))
    if high is not None:
        made.append(Constraint(slot.name, Op.LT if bound.high_strict and high == bound.high else Op.LE, high, unit))
    if len(made) == 2 and low == high and not bound.year:  # numbers a hundredth apart are equal, years are not
        return (Constraint(slot.name, Op.EQ, made[0].value, unit),)
    return tuple(made)


def _ends(measured: Measured, bound: BoundSpan, target: bool) -> tuple[float | None, float | None]:
    tolerance = words("quantities")["tolerance"]
    low, high = bound.low, bound.high
    money = measured.slot.name == "price"
    if measured.slot.name == "rating" and bound.exact and not bound.approximate:
        return low, None  # "a 4 star kettle" is not worse with five
    if bound.approximate and low is not None and low == high:
        close = measured.slot.concept in tolerance["close"]
        share = tolerance["money"] if money else tolerance["about_close" if close else "about"]
        return _neat(low * (1 - share)), _neat(low * (1 + share))
    if low is None and bound.cue == "limit" and measured.slot.concept in words("quantities")["least"]["limits"]:
        return high, None
    if bound.age and low is not None and high in (None, low):
        return _for_age(measured.slot, low)  # "ages 6 and up": what is for twelve is not for six
    if not bound.exact or low is None:
        return low, high
    if money:
        return None, high  # "20 dollars", "for 200": what it may cost at most
    if measured.slot.concept in words("quantities")["whole"]["concepts"]:
        return low, high
    if target or _at_least(measured) or bound.cue == "for":
        return low, None
    if measured.unit is None or _counted(measured):
        return low, high
    return _neat(low * (1 - tolerance["plain"])), _neat(low * (1 + tolerance["plain"]))


def _at_least(measured: Measured) -> bool:
    least = words("quantities")["least"]
    return _dimension(measured.unit) in least["dimensions"] or measured.slot.concept in least["concepts"]


def _for_age(slot: Slot, age: float) -> tuple[float | None, float | None]:
    """What is for an age may begin below it and end above it; a slot that tells neither end states whole ranges."""
    name = f"{slot.name} {slot.label}".lower()
    if any(word in name for word in words("quantities")["age"]["until"]):
        return age, None
    return (None, age) if any(word in name for word in words("quantities")["age"]["since"]) else (age, age)


def _people(bound: BoundSpan) -> Literal["surely", "perhaps"] | None:
    """Does the number count people: by its word ("4 people"), or perhaps, behind a mere "for"?"""
    if bound.unit in words("units")["people"]:
        return "surely"
    if bound.cue != "for" or bound.unit is not None:
        return None
    return "perhaps" if (bound.low or 0) >= SOME else "surely"


def _holds_people(slot: Slot, kinds: Sequence[str]) -> bool:
    units = {slot.unit, *(slot.by_kind[k].unit for k in kinds if k in slot.by_kind)}
    named = {found.name for u in units if u and (found := unit_named(u))}
    return slot.concept in words("quantities")["people"]["concepts"] or bool(named & {"persons", "seats"})


def _counted(measured: Measured) -> bool:
    return _dimension(measured.unit) in (None, "count")


def _shorter(name: str) -> list[str]:
    """The names that a slot's name begins with: output, output_power of output_power_capacity."""
    return [name[:at] for at, sign in enumerate(name) if sign == "_"]


def _neat(value: float) -> float:
    return float(f"{value:.4g}")


def _dimension(unit: str | None) -> str | None:
    """The dimension of a unit as written; None without one or when it is not known."""
    return dimension_of(unit) if unit else None


def _unstated(slot: Slot, kinds: Sequence[str]) -> str | None:
    """The slot's unit, where its records of these kinds state none of their own."""
    stats = [slot.by_kind[k] for k in kinds if k in slot.by_kind]
    return slot.unit if stats and all(s.unit is None for s in stats) else None


def _unit_as(unit: str | None, dimension: str | None) -> str | None:
    """The unit's plain name in a dimension ("g" is GB where data is measured); None for counted things."""
    found = unit_named(unit, dimension) if unit and dimension else None
    return found.name if found else None


def _unit_in(slot: Slot, bound: BoundSpan, dimension: str | None, kinds: Sequence[str]) -> str | None:
    """The number's unit in the dimension of the slot, or in one that the slot has for these kinds."""
    dimensions = (d for d in (dimension, *_other_dimensions(slot, kinds)) if d)
    return next((unit for d in dimensions if (unit := _unit_as(bound.unit, d))), None)


def _other_dimensions(slot: Slot, kinds: Sequence[str]) -> tuple[str, ...]:
    """What the slot measures for these kinds where that is something else than for most."""
    units = {s.unit for k in kinds if (s := slot.by_kind.get(k)) and s.unit and s.unit != slot.unit}
    return tuple(d for u in units if (d := _dimension(u)))


def _in_unit(value: float, unit: str | None, into: str | None) -> float | None:
    if unit is None or into is None:
        return value
    return convert(value, unit, into)


def _coverage(slot: Slot, kinds: Sequence[str]) -> float:
    if not kinds:
        return slot.coverage
    return max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0)


def _aside(name: str, named: float, target: bool) -> float:
    aside = words("quantities")["aside"]
    lower = f"{name.lower()}_"
    score = 0.0
    if any(word in lower for word in aside["packing"]) and named < 1:
        score -= 2.0
    limits = any(word in lower for word in aside["limit"])
    if limits:
        score += 1.5 if target else -1.2
    return score
