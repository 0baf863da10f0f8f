"""Prices that cannot be meant."""

from __future__ import annotations

from catalog.doctor import prices
from tests.catalog.doctor.shops import Look, lamps


def test_a_price_of_zero_and_none(look: Look) -> None:
    rows = lamps(20, price=lambda n: {0: 0, 1: "", 2: ""}.get(n, 20 + n))
    zero, none = look(prices.impossible_prices, rows)
    assert (zero.says, [e.id for e in zero.examples]) == ("1 product costs nothing", ["L0"])
    assert (none.says, none.count) == ("2 products have no price", 2)


def test_placeholders(look: Look) -> None:
    rows = lamps(30, price=lambda n: {0: 9999, 1: 0.01}.get(n, 20 + n))
    (found,) = look(prices.placeholder_prices, rows)
    assert found.says == "2 products cost 9999, 0.01, far from others of their kind: a placeholder?"
    assert look(prices.placeholder_prices, lamps(30, price=lambda n: 9999 if n == 0 else 8000 + 90 * n)) == []


def test_a_lost_decimal_sign_and_a_price_far_off(look: Look) -> None:
    rows = lamps(40, price=lambda n: {0: 2795, 1: 1.05, 2: 1337.42}.get(n, 20.95 + n % 9))
    slip, far = look(prices.far_prices, rows)
    assert (slip.rule, [e.id for e in slip.examples]) == ("decimal slip", ["L0"])
    assert (far.rule, [e.value for e in far.examples]) == (
        "far price", ["1.05 USD, desk lamps usually 24.95 (Birch Arc desk lamp)"]
    )  # fmt: skip


def test_a_kind_may_be_dear_and_cheap(look: Look) -> None:
    assert look(prices.far_prices, lamps(40, price=lambda n: round(10 * 1.09**n, 2))) == []


def test_a_sale_above_the_list_price(look: Look) -> None:
    rows = lamps(6, price=lambda n: 30, list_price=lambda n: 25 if n == 2 else 40)
    (found,) = look(prices.sales_above_list, rows)
    assert (found.says, [e.value for e in found.examples]) == (
        "The price of 1 offer is above the list price", ["30, listed at 25 (Cedar Arc desk lamp)"]
    )  # fmt: skip


def test_two_currencies(look: Look) -> None:
    (found,) = look(prices.mixed_currencies, lamps(10, price=lambda n: f"{20 + n} {'EUR' if n < 2 else 'USD'}"))
    assert found.says == "2 products are priced in EUR, the rest in USD"


def test_many_products_of_one_price(look: Look) -> None:
    kinds = ("desk lamp", "table", "chair")
    rows = lamps(30, price=lambda n: 99 if n % 2 else 20 + n, category=lambda n: kinds[n % 3])
    (found,) = look(prices.one_price, rows)
    assert found.says == "15 products of 3 kinds all cost 99"
