"""What a feed's columns mean, told by their names and by what stands in them."""

from __future__ import annotations

import json

import pytest

from catalog.feeds.rows import Problem
from catalog.mapping import Reader
from catalog.meaning import ColumnMap, decimal_sign, header_currency, map_columns
from catalog.types import Money, Product
from errors import UnreadableFeed


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (["ID", "Product Name", "Product_Type", "MSRP"],
         {"id": "ID", "title": "Product Name", "category": "Product_Type", "price": "MSRP"}),
        (["编号", "商品名称", "类型", "价格(元)", "评分"],
         {"id": "编号", "title": "商品名称", "category": "类型", "price": "价格(元)", "rating": "评分"}),
        (["sku", "id", "title", "price_eur", "type"],
         {"id": "id", "title": "title", "price": "price_eur", "category": "type"}),
        (["id", "name", "title", "price", "price (USD)"], {"id": "id", "title": "title", "price": "price"}),
        (["貨號", "商品名稱", "價格"], {"id": "貨號", "title": "商品名稱", "price": "價格"}),
    ],
)  # fmt: skip
def test_names_in_english_and_chinese(headers: list[str], columns: dict[str, str]) -> None:
    assert map_columns(headers, {}, "feed") == ColumnMap(columns)


def test_content_tells_where_names_do_not() -> None:
    sample: list[dict[str, object]] = [
        {"id": n, "a": f"https://x.example/{n}.jpg?w=1", "b": f"https://x.example/p/{n}", "c": f"EUR {n},99",
         "d": f"Reading lamp number {word}", "e": "steel", "f": n}
        for n, word in enumerate(["one", "two", "three", "four"])
    ]  # fmt: skip
    found = map_columns(list(sample[0]), {}, "feed", sample)
    assert found == ColumnMap({"id": "id", "image": "a", "url": "b", "price": "c", "title": "d"})


def test_an_id_is_never_guessed() -> None:
    with pytest.raises(UnreadableFeed, match=r"no id column among key, title; say which with --map id=COLUMN"):
        map_columns(["key", "title"], {}, "feed", [{"key": "a1", "title": "Lamp"}, {"key": "b2", "title": "Desk"}])


@pytest.mark.parametrize(
    ("header", "currency"),
    [("Price (EUR)", "EUR"), ("price_usd", "USD"), ("价格/元", "CNY"), ("price [£]", "GBP"), ("price", None),
     ("price_net", None), ("eur", None)],
)  # fmt: skip
def test_a_header_may_name_the_currency(header: str, currency: str | None) -> None:
    assert header_currency(header) == currency


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["12,50", "1.299", "1.299,00 EUR"], ","),
        (["12.50", "1,299"], "."),
        (["1,299", "1.299"], None),
        (["12,50", "12.50"], None),
        (["1,29,900.00"], "."),
        ([12.5, None, "7"], None),
    ],
)
def test_cents_show_the_decimal_sign(cells: list[object], sign: str | None) -> None:
    assert decimal_sign(cells) == sign


def read(values: dict[str, object], decimal: str | None = None) -> Product | Problem:
    columns = {name: name for name in values}
    reading = Reader(ColumnMap(columns), "USD", None, decimal).read(values, json.dumps(values, ensure_ascii=False))
    return reading.product or reading.refused[0].problem


@pytest.mark.parametrize(
    ("price", "decimal", "amount"), [("1.299", ",", 1299.0), ("1.299", ".", 1.299), ("1.299", None, 1299.0)]
)
def test_a_columns_style_decides_an_open_price(price: str, decimal: str | None, amount: float) -> None:
    product = read({"id": "1", "title": "Lamp", "price": price}, decimal)
    assert isinstance(product, Product)
    assert product.price == Money(amount, "USD")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("rating", "4.5/5", 4.5),
        ("rating", "4,5 stars", 4.5),
        ("rating", "4.8分", 4.8),
        ("rating", 3, 3.0),
        ("availability", True, "in stock"),
        ("availability", "no", "out of stock"),
        ("availability", "有", "有货"),
        ("availability", "preorder", "preorder"),
        ("category", "Lighting > Lamps", ("Lighting", "Lamps")),
        ("image", "pictures/a.svg", "pictures/a.svg"),
    ],
)
def test_fields_as_feeds_write_them(field: str, value: object, expected: object) -> None:
    product = read({"id": "1", "title": "Lamp", field: value})
    assert isinstance(product, Product), product
    assert getattr(product, field) == expected
