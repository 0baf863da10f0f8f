"""What a record says for or against a wish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Cell, Constraint, Fact, KindStats, Money, Product, Quantity, Slot, Variant
from chatbot.rank.support import evidence_for, meets, meets_wish, with_unit

SMALL = Variant("j-s", Money(80.0, "USD"), 2, {"size": ("S",)})
MEDIUM = Variant("j-m", Money(85.0, "USD"), 5, {"size": ("M",)})
JACKET = Product(
    "j",
    "Fell Rain Jacket",
    (SMALL, MEDIUM),
    brand="Uptown",
    category=("Clothes", "Jackets"),
    rating=4.4,
    attributes={"colour": ("red", "navy"), "weight": (Quantity(1.2, 1.5, "kg", "1.2-1.5kg"),)},
)


@pytest.mark.parametrize(
    ("wish", "variant", "met", "fact"),
    [
        ("price <= 82", SMALL, True, Fact("price", 80.0, "USD")),
        ("price <= 82", MEDIUM, False, Fact("price", 85.0, "USD")),
        ("size = M", MEDIUM, True, Fact("size", "M")),
        ("size = M", SMALL, False, Fact("size", "S")),
        ("colour = Navy", SMALL, True, Fact("colour", "navy")),
        ("colour in [green, red]", SMALL, True, Fact("colour", "red")),
        ("colour != green", SMALL, True, Fact("colour", "red")),
        ("colour not in [red, green]", SMALL, False, Fact("colour", "navy")),
        ("category = clothes", SMALL, True, Fact("category", "Clothes")),
        ("brand = uptown", SMALL, True, Fact("brand", "Uptown")),
        ("rating >= 4.5", SMALL, False, Fact("rating", 4.4)),
        ("weight <= 1500 g", SMALL, True, Fact("weight", "1.2-1.5kg", "kg", "1.2-1.5kg")),
        ("weight <= 1.4 kg", SMALL, False, Fact("weight", "1.2-1.5kg", "kg", "1.2-1.5kg")),
        ("weight >= 1.2 kg", SMALL, True, Fact("weight", "1.2-1.5kg", "kg", "1.2-1.5kg")),
        ("pockets >= 2", SMALL, False, None),
        ("pockets != 2", SMALL, True, None),
    ],
)
def test_wish_against_the_record(wish: str, variant: Variant, met: bool, fact: Fact | None) -> None:
    constraint = Constraint.parse(wish)
    assert meets_wish(JACKET, variant, constraint) is met
    assert evidence_for(JACKET, variant, constraint) == fact


@pytest.mark.parametrize(
    ("cell", "wish", "met"),
    [
        (Quantity(16.0, 16.0, "GB"), "memory = 16", True),
        (Quantity(16.0, 16.0, "GB"), "memory = 16.1 GB", True),
        (Quantity(16.0, 16.0, "GB"), "memory = 17 GB", False),
        (Quantity(16.0, 16.0, "GB"), "memory >= 8192 MB", True),
        (Quantity(16.0, 16.0, "GB"), "memory in [8, 16]", True),
        (Quantity(16.0, 16.0, "GB"), "memory not in [8, 16]", False),
        (Quantity(16.0, 16.0, "GB", "16 GB"), 'memory = "16 gb"', True),
        (Quantity(30.0, 30.0), "price < 30", False),
        (Quantity(30.0, 30.0), "price <= 30", True),
        (Quantity(30.0, 30.0), "price > 30", False),
        (True, "bluetooth = true", True),
        (True, "bluetooth != true", False),
        ("Leather", "material = leather", True),
        ("Leather", "material >= 3", False),
    ],
)
def test_cell_against_the_wish(cell: Cell, wish: str, met: bool) -> None:
    assert meets(cell, Constraint.parse(wish)) is met


@given(low=st.floats(0, 1e6), width=st.floats(0, 1e3), bound=st.floats(0, 1e6))
def test_a_range_never_meets_two_bounds_that_shut_each_other_out(low: float, width: float, bound: float) -> None:
    cell = Quantity(low, low + width)
    below, above = (meets(cell, Constraint.parse(f"x {op} {bound!r}")) for op in ("<", ">="))
    assert not (below and above)


def test_number_without_a_unit_gets_that_of_its_kind() -> None:
    slot = Slot("memory", "number", unit="MB", by_kind={"notebook": KindStats("GB", 1.0)})
    assert with_unit(Fact("memory", 16.0), slot, "notebook") == Fact("memory", 16.0, "GB")
    assert with_unit(Fact("memory", 1024.0), slot, "printer") == Fact("memory", 1024.0, "MB")
    assert with_unit(Fact("memory", 16.0, "TB"), slot, "notebook") == Fact("memory", 16.0, "TB")
    assert with_unit(Fact("memory", "16"), slot, "notebook") == Fact("memory", "16")
    assert with_unit(Fact("memory", True), slot, "notebook") == Fact("memory", True)
    assert with_unit(Fact("memory", 16.0), None, "notebook") == Fact("memory", 16.0)
