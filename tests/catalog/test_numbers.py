"""A column's decimal sign decides where a number can be read two ways, and nowhere else."""

from __future__ import annotations

import pytest

from catalog.numbers import parse_money, parse_number


@pytest.mark.parametrize(
    ("written", "by_point", "by_comma"),
    [
        ("1.299", 1.299, 1299.0), ("1,299", 1299.0, 1.299), ("12,50", 12.5, 12.5), ("12.50", 12.5, 12.5),
        ("1.234,50", 1234.5, 1234.5), ("1,234.50", 1234.5, 1234.5), ("1.299.000", 1299000.0, 1299000.0),
        ("0,125", 0.125, 0.125), ("0.125", 0.125, 0.125), ("1234,567", 1234.567, 1234.567),
    ],
)  # fmt: skip
def test_the_sign_decides_what_is_open(written: str, by_point: float, by_comma: float) -> None:
    assert (parse_number(written, "."), parse_number(written, ",")) == (by_point, by_comma)
    prices = [parse_money(f"{written} EUR", None, sign) for sign in ".,"]
    assert [price and price.amount for price in prices] == [by_point, by_comma]
