from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import parse_cell
from catalog.columns import Columns
from catalog.schema import infer_slots
from catalog.types import Cell, Constraint, KindStats, Money, Product, Quantity, Slot, Variant
from catalog.where import rows_where
from errors import UnknownSlot


def cells(**values: object) -> dict[str, tuple[Cell, ...]]:
    return {name: parse_cell(value) for name, value in values.items()}


PRODUCTS = (
    Product(
        "shirt",
        "Shirt",
        (
            Variant("s", Money(20, "USD"), 3, cells(size="S")),
            Variant("m", Money(25, "USD"), 0, cells(size="M", color="navy")),
        ),
        brand="Ocean",
        category=("Fashion", "shirt"),
        rating=4.5,
        attributes=cells(color="Red, white", washable=True),
    ),
    Product("pc", "PC", (Variant("pc", Money(900, "USD"), None),), brand="Dell", category=("pc",),
            attributes=cells(memory=16, weight="1-1.5kg", battery="9 小时以上")),
    Product("jet", "Printer", (Variant("jet", None, 1),), brand="HP", category=("printer",),
            attributes=cells(memory=512, weight="8 kg")),
    Product("bare", "Bare", ()),
)  # fmt: skip
ROWS = ("s", "m", "pc", "jet", "bare")
UNITS = {"pc": KindStats("GB", 1), "printer": KindStats("MB", 1)}
SLOTS = (
    Slot("price", "number", unit="USD"),
    Slot("brand", "category"),
    Slot("category", "category", many=True),
    Slot("rating", "number"),
    Slot("title", "text"),
    Slot("color", "category", many=True),
    Slot("size", "category"),
    Slot("washable", "boolean"),
    Slot("memory", "number", unit="GB", by_kind=UNITS),
    Slot("weight", "number", unit="kg"),
    Slot("battery", "number", unit="h"),
)
COLUMNS = Columns.build(PRODUCTS, SLOTS)


def found(*written: str, columns: Columns = COLUMNS) -> list[str]:
    mask = rows_where(columns, map(Constraint.parse, written))
    return [row for row, meets in zip(ROWS, mask, strict=True) if meets]


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("price <= 25", ["s", "m"]),
        ("price < 25", ["s"]),
        ("price > 25", ["pc"]),
        ("price <= 25 EUR", ["s", "m"]),  # amounts are the catalogue's own currency
        ("price != 20", ["m", "pc", "jet", "bare"]),
        ("rating >= 4", ["s", "m"]),
        ("brand = ocean", ["s", "m"]),
        ("brand != Dell", ["s", "m", "jet", "bare"]),
        ("brand in [HP, dell]", ["pc", "jet"]),
        ("brand not in [HP, Dell]", ["s", "m", "bare"]),
        ("brand = Nobody", []),
        ("category = fashion", ["s", "m"]),
        ("category = shirt", ["s", "m"]),
        ("color = white", ["s"]),  # the navy variant overlays the product's colours
        ("color != white", ["m", "pc", "jet", "bare"]),
        ("size = M", ["m"]),
        ("washable = true", ["s", "m"]),
        ("washable != true", ["pc", "jet", "bare"]),
        ("washable = false", []),
        ("memory >= 16 GB", ["pc"]),
        ("memory >= 16", ["pc", "jet"]),  # each in its kind's unit: 16 GB and 512 MB
        ("memory >= 256 MB", ["pc", "jet"]),
        ("memory <= 1 GB", ["jet"]),
        ("memory <= 1 kg", []),
        ('memory = "16 GB"', ["pc"]),
        ("weight <= 1.5 kg", ["pc"]),
        ("weight <= 1400 g", []),  # 1 to 1.5 kg is not surely at most 1.4
        ("weight = 1.2 kg", ["pc"]),
        ("weight > 5 kg", ["jet"]),
        ("weight < 20 lbs", ["pc", "jet"]),
        ("battery >= 8 h", ["pc"]),
        ("battery >= 480 min", ["pc"]),
        ("battery <= 10 h", []),
        ("title = shirt", ["s", "m"]),
        ("brand >= 3", []),
    ],
)
def test_rows_that_meet(written: str, rows: list[str]) -> None:
    assert found(written) == rows


def test_all_constraints_hold_together_and_none_leaves_all() -> None:
    assert found("price <= 25", "size = S") == ["s"]
    assert found() == list(ROWS)


def test_an_unknown_slot_is_named() -> None:
    with pytest.raises(UnknownSlot, match="wibble"):
        found("wibble = 1")


def test_feet_are_forgiven_their_rounding_but_grams_are_not() -> None:
    cable = Product("c", "Cable", (), attributes=cells(length="1.83 m", weight="1401 g"))
    columns = Columns.build([cable], [Slot("length", "number", unit="m"), Slot("weight", "number", unit="g")])
    assert rows_where(columns, [Constraint.parse("length <= 6 ft")]).tolist() == [True]
    assert rows_where(columns, [Constraint.parse("weight <= 1.4 kg")]).tolist() == [False]


def test_columns_come_back_from_their_file(tmp_path: Path) -> None:
    COLUMNS.save(tmp_path / "columns.npz")
    loaded = Columns.load(tmp_path / "columns.npz")
    assert list(tmp_path.iterdir()) == [tmp_path / "columns.npz"]
    assert loaded.product_of_row.tolist() == [0, 0, 1, 2, 3]
    assert loaded.stock.tolist() == [3, 0, -1, 1, -1]
    for written in ("memory >= 16", "color = white", "washable != true", "weight <= 1.5 kg", "brand = ocean"):
        assert found(written, columns=loaded) == found(written)


def test_columns_of_nothing() -> None:
    assert len(Columns.build([], infer_slots([]))) == 0


values = st.lists(st.integers(0, 20).map(float), max_size=3)


@given(st.lists(values, min_size=1, max_size=12), st.integers(0, 20), st.sampled_from(["=", "<=", ">=", "<", ">"]))
def test_numbers_agree_with_a_plain_reading(rows: list[list[float]], wished: int, op: str) -> None:
    products = [
        Product(str(n), "x", (), attributes={"n": tuple(Quantity(v, v, None, str(v)) for v in row)} if row else {})
        for n, row in enumerate(rows)
    ]
    columns = Columns.build(products, [Slot("n", "number", many=True)])
    tests = {
        "=": lambda v: abs(v - wished) <= 0.01 * wished,
        "<=": lambda v: v <= wished,
        ">=": lambda v: v >= wished,
        "<": lambda v: v < wished,
        ">": lambda v: v > wished,
    }
    mask = rows_where(columns, [Constraint.parse(f"n {op} {wished}")])
    assert mask.tolist() == [any(map(tests[op], row)) for row in rows]


@given(st.lists(st.sets(st.sampled_from("abcd"), max_size=3), min_size=1, max_size=12), st.sampled_from("abcde"))
def test_a_negation_is_the_complement(rows: list[set[str]], wished: str) -> None:
    products = [Product(str(n), "x", (), attributes={"c": tuple(sorted(row))}) for n, row in enumerate(rows)]
    columns = Columns.build(products, [Slot("c", "category", many=True)])
    positive = rows_where(columns, [Constraint.parse(f"c = {wished}")])
    negative = rows_where(columns, [Constraint.parse(f"c != {wished}")])
    assert positive.tolist() == [wished in row for row in rows]
    assert np.array_equal(negative, ~positive)
