from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import parse_cell
from catalog.columns import Columns
from catalog.schema import infer_slots
from catalog.types import Constraint, Product, Variant
from catalog.units import convert, dimension_of, normalise, same_dimension, scale, unit_named, units
from catalog.where import rows_where


@pytest.mark.parametrize(
    ("value", "source", "target", "result"),
    [
        (1.4, "kg", "g", 1400),
        (16, "gigs", "MB", 16_384),
        (1, "TB", "GB", 1000),
        (6, "feet", "m", 1.8288),
        (27, "寸", "in", 27),
        (3, "斤", "公斤", 1.5),
        (16, "g", "MB", 16_384),
        (2, "小时", "min", 120),
        (5, "kg", "cm", None),
        (5, "wibble", "cm", None),
    ],
)
def test_convert(value: float, source: str, target: str, result: float | None) -> None:
    assert convert(value, source, target) == (result if result is None else pytest.approx(result))


def test_letters_that_mean_two_things_are_told_by_case_and_dimension() -> None:
    found = [unit_named("g"), unit_named("G"), unit_named("T"), unit_named("m"), unit_named("m", "data")]
    assert [unit.name if unit else None for unit in found] == ["g", "GB", "TB", "m", "MB"]


def test_dimensions() -> None:
    assert normalise(1.4, "kilos") == (1400, "mass")
    assert normalise(1, "wibble") is None
    assert same_dimension("lbs", "公斤")
    assert not same_dimension("lbs", "英寸")
    assert (dimension_of("英寸"), dimension_of("?")) == ("length", None)


@given(st.sampled_from(sorted(units())), st.floats(0.001, 1e6))
def test_there_and_back_again(spelling: str, value: float) -> None:
    unit = units()[spelling][0]
    for other in {other.name for meant in units().values() for other in meant if other.dimension == unit.dimension}:
        there = convert(value, unit.name, other)
        assert there is not None
        assert convert(there, other, unit.name) == pytest.approx(value)


def test_temperatures_have_their_own_zero() -> None:
    assert convert(212, "°F", "°C") == pytest.approx(100)
    assert convert(-40, "°C", "°F") == pytest.approx(-40)
    assert scale("°F", "°C") == pytest.approx((5 / 9, -160 / 9))
    assert scale("kg", "g") == (1000, 0)
    assert scale("kg", "cm") is None


def test_temperatures_filter_in_either_unit() -> None:
    ovens = [
        Product(str(n), f"Oven {n}", (Variant(str(n)),), attributes={"temperature": parse_cell(text)})
        for n, text in enumerate(("250 °C", "480 °F", "300°F", "220 ℃"))
    ]
    slots = [slot for slot in infer_slots(ovens) if slot.name == "temperature"]
    columns = Columns.build(ovens, slots)
    for wish in ("temperature >= 230 °C", "temperature >= 446 °F"):
        assert np.flatnonzero(rows_where(columns, [Constraint.parse(wish)])).tolist() == [0, 1]
