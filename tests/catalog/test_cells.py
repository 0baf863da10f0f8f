from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.cells import (
    parse_boolean,
    parse_cell,
    parse_colours,
    parse_money,
    parse_number,
    parse_path,
    parse_quantity,
)
from catalog.types import Cell, Money, Quantity


def q(low: float, high: float, unit: str | None, text: str) -> Quantity:
    return Quantity(low, high, unit, text)


@pytest.mark.parametrize(
    ("cell", "stated"),
    [
        ("8GB", (q(8, 8, "GB", "8GB"),)),
        ("16G", (q(16, 16, "GB", "16G"),)),
        ("15.6 英寸", (q(15.6, 15.6, "in", "15.6 英寸"),)),
        ('27"', (q(27, 27, "in", '27"'),)),
        ("1-1.5KG", (q(1, 1.5, "kg", "1-1.5KG"),)),
        ("23-25 英寸", (q(23, 25, "in", "23-25 英寸"),)),
        ("9 小时以上", (q(9, math.inf, "h", "9 小时以上"),)),
        ("小于 5 小时", (q(-math.inf, 5, "h", "小于 5 小时"),)),
        ("up to 12 hours", (q(-math.inf, 12, "h", "up to 12 hours"),)),
        ("3+", (q(3, math.inf, None, "3+"),)),
        ("10,5 kg", (q(10.5, 10.5, "kg", "10,5 kg"),)),
        ("512GBSSD+1TBHDD", (q(512, 512, "GB", "512GBSSD"), q(1, 1, "TB", "1TBHDD"))),
        ("XS/S/XL", ("XS", "S", "XL")),
        ("36/38/40", (q(36, 36, None, "36"), q(38, 38, None, "38"), q(40, 40, None, "40"))),
        ("red, white, yellow", ("red", "white", "yellow")),
        ("背光键盘，指纹识别，快充", ("背光键盘", "指纹识别", "快充")),
        ("Fashion > jacket", ("Fashion", "jacket")),
        ("true", (True,)),
        (False, (False,)),
        (5, (q(5, 5, None, "5"),)),
        (["black", "white"], ("black", "white")),
        ("1440 x 900", ("1440 x 900",)),
        ("16:9", ("16:9",)),
        ("10/100/1000", ("10/100/1000",)),
        ("Core i5", ("Core i5",)),
        ("A4 (210 x 297 mm, portrait)", ("A4 (210 x 297 mm, portrait)",)),
        ("It is soft, which is why people who have sensitive skin like it", None),
        ("", ()),
        (None, ()),
        (math.nan, ()),
        ({"value": 1}, ()),
    ],
)
def test_a_cell_states(cell: object, stated: tuple[Cell, ...] | None) -> None:
    assert parse_cell(cell) == ((cell,) if stated is None else stated)


def test_a_column_of_lists_is_split_at_slashes_and_a_column_of_texts_never() -> None:
    assert parse_cell("oak/walnut, teak", many=True) == ("oak", "walnut", "teak")
    assert parse_cell("oak, walnut", many=False) == ("oak, walnut",)


@given(st.text(max_size=60))
def test_any_text_is_read_without_trouble(text: str) -> None:
    for cell in parse_cell(text):
        assert isinstance(cell, bool | str | Quantity)
        if isinstance(cell, Quantity):
            assert cell.low <= cell.high


@given(st.floats(0, 1e9).map(lambda value: round(value, 2)), st.sampled_from(["kg", "GB", "mm", "英寸", "小时"]))
def test_a_written_quantity_reads_back(value: float, unit: str) -> None:
    found = parse_quantity(f"{value:.2f} {unit}")
    assert found is not None
    assert (found.low, found.high) == (value, value)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("39.99 USD", Money(39.99, "USD")),
        ("$1,299", Money(1299, "USD")),
        ("1.299,00 EUR", Money(1299, "EUR")),
        ("1 299,00 €", Money(1299, "EUR")),
        ("1.299", Money(1299, "CNY")),
        ("CHF 1'299.50", Money(1299.5, "CHF")),
        ("¥5,799", Money(5799, "CNY")),
        ("18.28万元", Money(182_800, "CNY")),
        (24.9, Money(24.9, "CNY")),
        (0, Money(0, "CNY")),
        ("free", None),
        ("-5", None),
        ("$-5", None),
        (-5, None),
        ("NaN", None),
        ("1e999", None),
        (math.inf, None),
        ("12 in", None),
        (True, None),
        (None, None),
    ],
)
def test_money_is_read_in_the_styles_of_several_countries(written: object, amount: Money | None) -> None:
    assert parse_money(written, "CNY") == amount


@pytest.mark.parametrize(
    ("written", "colours"),
    [
        ("Red/Blue", ("Red", "Blue")),
        ("Black / dark grey", ("Black", "dark grey")),
        ("黑/白", ("黑", "白")),
        ("Black/Black", ("Black",)),
        ("b/w", ()),
        ("Black w/ white", ()),
        ("Red", ()),
        ("N/A", ()),
        ("1/2 black", ()),
    ],
)
def test_colours_between_slashes(written: str, colours: tuple[str, ...]) -> None:
    assert parse_colours(written) == colours


def test_an_amount_without_a_currency_is_none() -> None:
    assert parse_money("39.99") is None
    assert parse_money("12.345 KWD") == Money(12.345, "KWD")
    assert parse_money("1,234.500 BHD") == Money(1234.5, "BHD")
    assert parse_money("12,345", "EUR", decimal=",") == Money(12.345, "EUR")


@given(st.floats(0, 1e12).map(lambda value: round(value, 2)))
def test_grouped_numbers_read_back_in_both_styles(value: float) -> None:
    english = f"{value:,.2f}"
    assert parse_number(english) == value
    assert parse_number(english.replace(",", "'")) == value
    assert parse_number(english.translate(str.maketrans(",.", ".,"))) == value


@given(st.text(max_size=30))
def test_any_text_as_money_or_number_is_finite_or_none(text: str) -> None:
    money, number = parse_money(text, "USD"), parse_number(text)
    assert money is None or (math.isfinite(money.amount) and money.amount >= 0)
    assert number is None or math.isfinite(number)


def test_paths_and_truths() -> None:
    assert parse_path("Home > Kitchen > Pans") == ("Home", "Kitchen", "Pans")
    assert parse_path("Pans & Pots") == ("Pans & Pots",)
    assert [parse_boolean(word) for word in ("Yes", "无", "支持", "maybe")] == [True, False, True, None]
