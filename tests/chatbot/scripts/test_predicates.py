"""The predicate language on a record as the feed gave it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Money, Product, Variant
from chatbot.scripts.predicates import Item, Predicate, parse, span
from errors import ScriptError
from tests.chatbot.scripts.making import CABLE, MOUSE, product


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("price <= 30", True),
        ("price < 24.9", False),
        ("price >= 24.9", True),
        ("price = 24.90", True),
        ("price != 25", True),
        ("brand = logitech", True),
        ("brand != Logitech", False),
        ("title ~ mouse|mice", True),
        ("title ~ \\bmice\\b", False),
        ("title !~ cable", True),
        ("attributes.wireless = true", True),
        ("attributes.wireless = false", False),
        ("wireless = true", True),
        ("attributes.colour = black", True),
        ("attributes.colour ~ ^gr[ae]y$", True),
        ("attributes.colour != red", True),
        ("attributes.colour != grey", False),
        ("attributes.weight > 80", False),
        ("text ~ small one", True),
        ("text ~ 24\\.9", True),
        ("text ~ colour", False),
        # a missing field, an empty one, a null
        ("attributes.length >= 1", False),
        ("attributes.length != 1", True),
        ("attributes.length !~ 1", True),
        ("attributes.note ~ .*", False),
        ("attributes.kind = None", False),
        # alternatives
        ("brand = HP or price <= 30", True),
        ("brand = HP or price > 30", False),
        ("title ~ cat or dog", False),
    ],
)
def test_what_holds_of_a_json_record(text: str, holds: bool) -> None:
    assert parse(text).holds(Item(product(MOUSE))) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("price >= 1299", True),
        ("length <= 2", True),
        ("length < 2", False),
        ("length >= 1.5", True),
        ("length >= 1.8", False),
        ("attributes.length <= 2", True),
        ("品牌 = 绿联", True),
        ("商品名称 ~ hdmi", True),
        ("title ~ hdmi", True),
        ("brand = 绿联", False),
    ],
)
def test_what_holds_of_a_table_row(text: str, holds: bool) -> None:
    assert parse(text).holds(Item(product(CABLE))) is holds


def test_a_variants_own_price_and_options() -> None:
    red = Variant("a", Money(5.0, "USD"), None, {"colour": ("red",)})
    blue = Variant("b", Money(9.0, "USD"), None, {"colour": ("blue",)})
    shirt = Product("1", "Shirt", (red, blue), record={"title": "Shirt"})
    assert parse("price = 9").holds(Item(shirt, blue))
    assert parse("attributes.colour = blue").holds(Item(shirt, blue))
    assert not parse("attributes.colour = red").holds(Item(shirt, blue))
    assert parse("attributes.colour = red").holds(Item(shirt))


def test_or_inside_a_value_is_no_separator() -> None:
    assert parse("title ~ cat or dog").choices == (Predicate("title", "~", "cat or dog"),)
    assert str(parse("a = 1 or b != x y")) == "a = 1 or b != x y"


@pytest.mark.parametrize("text", ["", "price", "price <=", "<= 30", "title ~ (", "price <= cheap", "price <= 30 bucks"])
def test_what_is_no_predicate_says_so(text: str) -> None:
    with pytest.raises(ScriptError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("39.99 USD", (39.99, 39.99)),
        ("1-1.5kg", (1, 1.5)),
        ("7-9 小时", (7, 9)),
        ("9 小时以上", (9, 9)),
        ("1,299.50", (1299.5, 1299.5)),
        ("-5", (-5, -5)),
        ("2009-12-10", (2009, 2009)),
        ("none", None),
    ],
)
def test_the_number_or_range_a_cell_states(text: str, expected: tuple[float, float] | None) -> None:
    assert span(text) == expected


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(-1000, 1000))
def test_numbers_compare_as_numbers(value: float, bound: int) -> None:
    item = Item(product({"id": "1", "title": "x", "price": value}))
    assert parse(f"price <= {bound}").holds(item) == (value <= bound)
    assert parse(f"price > {bound}").holds(item) == (value > bound)
