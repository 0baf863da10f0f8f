"""Units of measure: spellings in English and Chinese, dimensions, conversion.

Spellings and trade units ("gigs", 英寸, 斤) stand in lexicon/units.toml, which names each unit in Pint's words; what one
unit is in another, Pint says. Its registry takes .2 s to build and is asked once, when the first unit is looked up.
Knows nothing of slots, of products or of which unit an unlabelled number is in.
"""

from __future__ import annotations

import math
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry

TABLE = Path(__file__).parent / "lexicon" / "units.toml"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its canonical name, the dimension it measures, and what a number of it is in the dimension's base unit.

    `offset` is zero but for temperatures: 0 °F is -17.8 °C.
    """

    name: str
    dimension: str
    factor: float
    offset: float = 0.0

    def in_base(self, value: float) -> float:
        return value * self.factor + self.offset

    def from_base(self, value: float) -> float:
        return (value - self.offset) / self.factor


@cache
def units() -> Mapping[str, tuple[Unit, ...]]:
    """Every spelling (folded) and the units it may mean, the likeliest first: "g" is a gram before a gigabyte."""
    spelled: dict[str, tuple[Unit, ...]] = {}
    for dimension, table in tomllib.loads(TABLE.read_text(encoding="utf-8")).items():
        scales = _scales({name: entry.get("is") for name, entry in table.items()})
        for name, entry in table.items():
            unit = Unit(name, dimension, *scales[name])
            for spelling in {fold(name), *map(fold, entry["also"])}:
                known = spelled.get(spelling, ())
                spelled[spelling] = (*known, *(() if unit in known else (unit,)))
    return spelled


def _scales(meanings: Mapping[str, str | None]) -> dict[str, tuple[float, float]]:
    """For each unit of a dimension (factor, offset) to its first one; (1, 0) for what is only counted."""
    base = next(iter(meanings.values()))
    scales: dict[str, tuple[float, float]] = {}
    for name, meaning in meanings.items():
        if meaning is None or base is None or meaning == base:
            scales[name] = 1.0, 0.0
        else:
            scales[name] = _asked(meaning, base)
    return scales


def _asked(meaning: str, base: str) -> tuple[float, float]:
    """(factor, offset) of a unit in another, by Pint, to twelve digits: its sums are of floats."""
    registry = _registry()
    amount = registry.parse_expression(meaning)
    none, one = (registry.Quantity(n * amount.magnitude, amount.units).to(base).magnitude for n in (0, 1))
    return float(f"{one - none:.12g}"), float(f"{none:.12g}")


@cache
def _registry() -> UnitRegistry[Any]:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


def fold(spelling: str) -> str:
    """The form under which a spelling is looked up: half width, lower case, no blanks around."""
    return unicodedata.normalize("NFKC", spelling).strip().lower()


@cache
def spellings() -> tuple[str, ...]:
    """Every spelling, folded, the longest first, for those who look for units in text."""
    return tuple(sorted(filter(None, units()), key=len, reverse=True))


@lru_cache(maxsize=4096)
def unit_named(spelling: str, dimension: str | None = None) -> Unit | None:
    """The unit that a spelling means, of the dimension given if one is; None when the table does not know it."""
    meant = units().get(fold(spelling), ())
    if dimension is None:
        return _by_case(spelling.strip(), meant) or (meant[0] if meant else None)
    return next((unit for unit in meant if unit.dimension == dimension), None)


def _by_case(spelling: str, meant: tuple[Unit, ...]) -> Unit | None:
    """ "8G" and "1T" are gigabytes and terabytes, "8 g" grams; "mW" is not a megawatt: exact case tells."""
    if spelling in ("G", "T", "M") and len(meant) > 1:
        return next((unit for unit in meant if unit.dimension == "data"), None)
    return next((unit for unit in meant if unit.name == spelling), None)


def dimension_of(unit: str) -> str | None:
    """What a unit measures: "kg" -> "mass"."""
    found = unit_named(unit)
    return found.dimension if found else None


def normalise(value: float, unit: str) -> tuple[float, str] | None:
    """(value in the dimension's base unit, dimension), or None for an unknown unit: (1.4, "kg") -> (1400, "mass")."""
    found = unit_named(unit)
    return (found.in_base(value), found.dimension) if found else None


def same_dimension(a: str, b: str) -> bool:
    """Can one be converted into the other? Spellings with several meanings count when any pair agrees."""
    return _pair(a, b) is not None


def convert(value: float, source: str, target: str) -> float | None:
    """A value in another unit of the same dimension; None when there is no way: (1.4, "kg", "g") -> 1400."""
    pair = _pair(source, target)
    if pair is None:
        return None
    if pair[0] == pair[1] or not math.isfinite(value):
        return value
    return pair[1].from_base(pair[0].in_base(value))


def scale(source: str, target: str) -> tuple[float, float] | None:
    """(factor, offset) that make a number of one unit one of another; None when there is no way."""
    pair = _pair(source, target)
    if pair is None:
        return None
    if pair[0] == pair[1]:
        return 1.0, 0.0
    return pair[0].factor / pair[1].factor, (pair[0].offset - pair[1].offset) / pair[1].factor


@lru_cache(maxsize=4096)
def _pair(a: str, b: str) -> tuple[Unit, Unit] | None:
    """The meanings of two spellings that share a dimension, the likelier ones first."""
    first, second = unit_named(a), unit_named(b)
    if first and second and first.dimension == second.dimension:
        return first, second
    for left in units().get(fold(a), ()):
        for right in units().get(fold(b), ()):
            if left.dimension == right.dimension:
                return left, right
    return None
