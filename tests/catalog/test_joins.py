from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.columns import Columns
from catalog.joins import spelled
from catalog.schema import infer_slots, vocabulary
from catalog.types import Constraint, Product, Term, Variant
from catalog.where import rows_where


@pytest.mark.parametrize(
    "alike",
    [
        ("Grey", "gray", "GRAY ", "ｇｒｅｙ"),
        ("Space Gray", "space-grey", "Spacegrey"),
        ("Wi-Fi", "WiFi", "wi fi", "WIFI"),
        ("Aluminium", "aluminum"),
        ("Carbon fibre", "carbon-fiber"),
        ("Men", "Men's", "men’s", "mens"),
        ("T-Shirts", "t shirt"),
        ("Cat 5e", "CAT5e", "cat-5E"),
        ("2 x 4", "2x4"),
        ("红色", "红色 "),
        ("NEMA 5-15P", "NEMA 5–15P", "nema 5 – 15p"),
    ],
)
def test_spellings_of_one_value(alike: tuple[str, ...]) -> None:
    assert len({spelled(value) for value in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 l", "15 l"), ("1 5", "15"), ("1-5", "15"), ("1/2", "12"), ("-5", "5"), ("C++", "C"), ("C#", "C"),
        ("black/white", "black white"), ("glasses", "glass"), ("A+", "A"), ("50%", "50"), ("men", "women"),
        ("USB 2.0", "USB 20"), ("1,5", "1.5"), ("red", "read"), ("-", "+"),
    ],
)  # fmt: skip
def test_what_is_not_one_value(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)


def test_names_keep_their_plural() -> None:
    assert (spelled("Vans", names=True), spelled("VANS", names=True), spelled("Van", names=True)) == (
        "vans",
        "vans",
        "van",
    )


@given(st.text("0123456789.,-/ abx", max_size=12), st.text("0123456789.,-/ abx", max_size=12))
def test_numbers_are_never_joined(one: str, other: str) -> None:
    if spelled(one) == spelled(other):
        assert re.findall(r"\d+", one) == re.findall(r"\d+", other)


def test_vocabularies_and_filters_take_spellings_for_one_value() -> None:
    written = ("Grey", "gray", "Grey", "GREY", "anthracite", "Blue")
    products = [
        Product(str(n), f"Lamp {n}", (Variant(str(n)),), category=("lamp",), attributes={"colour": (value,)})
        for n, value in enumerate(written)
    ]
    slots = infer_slots(products)
    joins = {"colour": {"grey": ("anthracite",)}}
    assert vocabulary(products, slots)["colour"] == (
        Term("Grey", 4, {"lamp": 4}, ("GREY", "gray")),
        Term("Blue", 1, {"lamp": 1}),
        Term("anthracite", 1, {"lamp": 1}),
    )
    assert vocabulary(products, slots, joins)["colour"][0] == Term(
        "Grey", 5, {"lamp": 5}, ("GREY", "anthracite", "gray")
    )
    columns = Columns.build(products, slots, joins)
    for wish in ("colour = gray", "colour = Anthracite", "colour in [GREY]"):
        assert np.flatnonzero(rows_where(columns, [Constraint.parse(wish)])).tolist() == [0, 1, 2, 3, 4]
    assert np.flatnonzero(rows_where(columns, [Constraint.parse("colour != grey")])).tolist() == [5]
