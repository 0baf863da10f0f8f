"""Numbers that a model wrote: read, found again in the message or among items, put into a slot's unit.

Knows neither constraints nor which of them are taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.types import Slot
from catalog.units import convert, unit_named
from chatbot.track.heard import Heard
from chatbot.track.numbers import find_numbers

ALIKE = 0.01  # share by which two writings of a number may differ
_NUMBER = re.compile(r"(?P<before>[^\d\s.-]{0,4})\s*(?P<number>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s]\S{0,15})?")


def read_number(value: object) -> tuple[float, str | None] | None:
    """A number and its unit; the sign of a currency is no unit of measure."""
    if isinstance(value, float):
        return value, None
    found = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    unit = found["unit"] if found["unit"] and unit_named(found["unit"]) else None
    return float(found["number"].replace(",", "")), unit


def same(number: float, other: object) -> bool:
    if isinstance(other, bool) or not isinstance(other, int | float):
        return False
    return abs(number - other) <= ALIKE * max(abs(number), abs(other), 1e-9)


def pointed(number: float, heard: Heard) -> bool:
    """Does the number only count cards or name a device ("the 2nd", "LaserJet 1020")?"""
    places = [*((r.start, r.end) for r in heard.references), *((d.start, d.end) for d in heard.devices)]
    return any(
        same(number, n.value) and any(start <= n.start and n.end <= end for start, end in places)
        for n in find_numbers(heard.message)
    )


def measured(number: float, unit: str | None, slot: Slot, kinds: Sequence[str]) -> float | None:
    """The number in the slot's unit; None where it measures something else."""
    own = next((u for k in kinds if (u := slot.unit_for(k))), slot.unit)
    if unit is None or own is None or slot.name == "price" or unit == own:
        return number
    return convert(number, unit, own)


def plausible(number: float, slot: Slot, kinds: Sequence[str]) -> bool:
    """Is it anywhere near the numbers that these products have?"""
    stats = [slot.by_kind[k] for k in (kinds or slot.by_kind) if k in slot.by_kind]
    ends = [(s.low, s.high) for s in stats if s.low is not None and s.high is not None]
    return not ends or any(low / 10 <= number <= high * 10 for low, high in ends)
