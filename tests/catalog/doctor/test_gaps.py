"""What is not filled in."""

from __future__ import annotations

from catalog.doctor import gaps
from tests.catalog.doctor.shops import Look, lamps


def test_a_property_that_most_state_and_some_lack(look: Look) -> None:
    rows = lamps(20, colour=lambda n: ("red", "blue", "black")[n % 3] if n >= 4 else None)
    (found,) = look(gaps.missing_properties, rows)
    assert (found.rule, found.slot, found.kind, found.count, found.share) == ("missing", "colour", "desk lamp", 4, 0.2)
    assert found.says == "4 products of 20 lack colour where most of their kind state it (desk lamp 4)"
    assert [example.id for example in found.examples] == ["L0", "L1", "L2", "L3"]


def test_what_another_value_explains_is_no_gap(look: Look) -> None:
    """A lamp on the mains has no battery to last."""
    rows = lamps(
        20,
        battery_life=lambda n: f"{5 + n} h" if n >= 6 else None,
        connection=lambda n: "cordless" if n >= 6 else "mains",
    )
    assert look(gaps.missing_properties, rows) == []


def test_a_property_that_shoppers_ask_of_a_kind_and_nobody_states(look: Look) -> None:
    rows = [
        {
            "id": f"S{n}",
            "title": f"Meadow shirt {n}",
            "category": "shirt",
            "price": 20,
            "size": "SML"[n % 3],
            "colour": "red",
        }
        for n in range(6)
    ]
    (found,) = look(gaps.unstated_properties, rows)
    assert found.says == "6 products of shirt do not state their material and gender"
    assert (found.rule, found.count, found.kind) == ("never stated", 6, "shirt")


def test_values_that_say_nothing(look: Look) -> None:
    rows = lamps(20, material=lambda n: ("steel", "oak", "N/A")[n % 3])
    (found,) = look(gaps.empty_values, rows)
    assert found.says == "material of 6 products is “N/A”: a filled cell that says nothing"
    assert (found.slot, found.count, found.share) == ("material", 6, 0.3)


def test_two_columns_for_one_thing(look: Look) -> None:
    rows = lamps(
        20,
        colour=lambda n: ("red", "blue")[n % 2] if n < 12 else None,
        product_color=lambda n: ("red", "blue")[n % 2] if n >= 12 else None,
    )
    (found,) = look(gaps.split_columns, rows)
    assert found.says == (
        "colour and product_color both state the colour of desk lamp; 8 products fill only product_color"
    )


def test_one_column_for_each_part_is_no_fault(look: Look) -> None:
    rows = lamps(
        20,
        base_colour=lambda n: ("red", "blue")[n % 2] if n < 12 else None,
        shade_colour=lambda n: ("red", "blue")[n % 2] if n >= 12 else None,
    )
    assert look(gaps.split_columns, rows) == []
