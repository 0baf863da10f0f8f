"""What single cells of an offer state, and how a row's variants are taken or refused."""

from __future__ import annotations

import json

import pytest

from catalog import offers
from catalog.feeds.rows import CANONICAL, Problem
from catalog.mapping import Reader, Reading, Refusal
from catalog.meaning import ColumnMap, map_columns
from catalog.offers import Bad, Prices
from catalog.types import Money, Product, UnitPrice, Variant

PRICES = Prices("EUR")
READER = Reader(ColumnMap({name: name for name in CANONICAL}), "EUR")


def read(**values: object) -> Reading:
    row = {"id": "1", "title": "Tee"} | values
    return READER.read(row, json.dumps(row))


def product(**values: object) -> Product:
    reading = read(**values)
    assert reading.refused == ()
    assert reading.product is not None
    return reading.product


@pytest.mark.parametrize(
    ("raw", "money"),
    [
        ({"amount": 24.9, "currency": "usd"}, Money(24.9, "USD")),
        ({"value": "24.90", "currency": "GBP"}, Money(24.9, "GBP")),
        ({"value": 24.9, "currencyCode": "CHF"}, Money(24.9, "CHF")),
        ({"amount": "24,90"}, Money(24.9, "EUR")),
        ({}, None),
        ("", None),
        (0, Money(0.0, "EUR")),
    ],
)
def test_prices_as_text_number_or_object(raw: object, money: Money | None) -> None:
    assert PRICES.money("price", raw, "EUR") == money


@pytest.mark.parametrize("raw", [{"amount": "free"}, {"currency": "EUR"}, [24.9], True, "about 5 or so"])
def test_what_is_no_price(raw: object) -> None:
    with pytest.raises(Bad, match="not an amount of money of zero or more"):
        PRICES.money("price", raw, "EUR")


@pytest.mark.parametrize(
    ("price", "before", "read"),
    [
        ("20", "30", (Money(20.0, "EUR"), Money(30.0, "EUR"))),
        ("20", "20", (Money(20.0, "EUR"), None)),
        ("30", "20", (Money(30.0, "EUR"), None)),
        ("20", "30 USD", (Money(20.0, "EUR"), None)),
        ("20", "on request", (Money(20.0, "EUR"), None)),
        ("", "30", (Money(30.0, "EUR"), None)),
        ("", "", (None, None)),
    ],
)
def test_a_price_before_the_sale_is_one_above_the_price(
    price: str, before: str, read: tuple[Money | None, Money | None]
) -> None:
    assert PRICES.of({"price": price, "list_price": before}.get, "EUR") == read


def test_a_list_price_alone_must_be_an_amount() -> None:
    (refusal,) = read(list_price="on request").refused
    assert (refusal.problem.field, refusal.problem.value) == ("list_price", "on request")


@pytest.mark.parametrize(
    ("raw", "each"),
    [
        ("4.99 EUR per 100 ml", UnitPrice(Money(4.99, "EUR"), 100.0, "ml")),
        ("€4.99/kg", UnitPrice(Money(4.99, "EUR"), 1.0, "kg")),
        ("0.99 / 100 g", UnitPrice(Money(0.99, "EUR"), 100.0, "g")),
        ("1,20 € je Stück", UnitPrice(Money(1.2, "EUR"), 1.0, "Stück")),
        ("12.5元/千克", UnitPrice(Money(12.5, "CNY"), 1.0, "kg")),
        ({"price": "4.99 USD", "amount": 100, "unit": "ml"}, UnitPrice(Money(4.99, "USD"), 100.0, "ml")),
        ({"measure": "750 ml", "base": "100 ml"}, UnitPrice(Money(1.0, "EUR"), 100.0, "ml")),
        ({"measure": "751 ml", "base": "1 l"}, UnitPrice(Money(9.99, "EUR"), 1.0, "l")),
        ({"measure": "9 kg", "base": "1 mg"}, UnitPrice(Money(8.3e-07, "EUR"), 1.0, "mg")),
        ({"measure": "0 ml", "base": "100 ml"}, None),
        ({"measure": "750 ml", "base": "soon"}, None),
        ("4.99", None),
        ("", None),
        (None, None),
        (["x"], None),
    ],
)
def test_unit_prices(raw: object, each: UnitPrice | None) -> None:
    assert PRICES.each(raw, Money(7.5, "EUR"), "EUR") == each


def test_a_column_called_like_a_unit_price_keeps_what_is_none() -> None:
    stated = product(price=5, unit_price="see shelf", list_price="on request").attributes
    assert stated == {"unit_price": ("see shelf",), "list_price": ("on request",)}


@pytest.mark.parametrize(
    ("raw", "adult"),
    [(True, True), ("yes", True), ("18+", True), (False, False), ("no", False), ("", False), (None, False)],
)
def test_for_adults(raw: object, adult: bool) -> None:
    assert offers.adult(raw) is adult


def test_an_age_flag_that_cannot_be_read_is_no_silent_no() -> None:
    (refusal,) = read(adult="maybe").refused
    assert refusal.problem == Problem("adult", "maybe", "neither yes nor no")


@pytest.mark.parametrize("link", ["ftp://x.example", "javascript:alert(1)", "//", "http://", "shop/a", "http://[x"])
def test_links_lead_to_the_web_only(link: str) -> None:
    with pytest.raises(Bad, match="a link starts with http"):
        offers.link("url", link)


def test_a_path_of_the_shop_is_no_link_but_a_picture() -> None:
    assert [offers.link("url", raw) for raw in ("/p/7", ["/p/7", "https://x.example"], "  /", "")] == [None] * 4
    assert offers.link("image", "/p/7.jpg") == "/p/7.jpg"
    assert [offers.is_path(raw) for raw in ("/p", ["/p"], "//x.example", "https://x.example/p", "", None)] == [
        *(True, True),
        *(False, False, False, False),
    ]


def test_a_link_without_a_scheme_is_a_secure_one() -> None:
    assert offers.link("image", "//cdn.example/a.jpg") == "https://cdn.example/a.jpg"


@pytest.mark.parametrize("link", ["https://münze.example/ä?b=ü", "http://x.example:8080/a#b", "https://x.example/a b"])
def test_links_of_the_web_are_kept_as_written(link: str) -> None:
    assert offers.link("url", link) == link


def test_markup_inside_a_word_leaves_no_gap() -> None:
    assert (
        offers.plain_text("10 m<sup>2</sup> of <b>oak</b>,<br>oiled<p>Made &gt; well</p>")
        == "10 m2 of oak, oiled Made > well"
    )


def test_a_variant_states_what_differs_from_its_product() -> None:
    shared = {"url": "https://x.example/1", "availability": "in stock"}
    variants = [
        {"id": "a", "price": 3, **shared, "options": {"size": "S"}},
        {"id": "b", "list_price": "9", **shared, "image": "https://x.example/b.jpg", "options": {"size": ""}},
        {"price": "4", "availability": "in stock", "stock": "2"},
    ]
    read = product(price="5 EUR", list_price=6, variants=variants)
    assert (read.availability, read.url, read.image) == ("in stock", "https://x.example/1", None)
    assert read.variants == (
        Variant("a", Money(3.0, "EUR"), None, {"size": ("S",)}),
        Variant("b", Money(9.0, "EUR"), None, image="https://x.example/b.jpg"),
        Variant("1-3", Money(4.0, "EUR"), 2),
    )


def test_bad_variants_are_refused_each_for_itself() -> None:
    variants: list[object] = [
        {"price": "soon"},
        {"id": "a", "price": 3},
        {"id": "a", "price": 4},
        "b",
        {"price": 5, "url": "javascript:x"},
        {"price": 6, "options": {"size": "M\0"}},
        {"price": 7},
    ]
    reading = read(variants=variants)
    assert reading.refused == (
        Refusal(
            0, "1-1", Problem("price", "soon", "not an amount of money of zero or more, such as 24.90 or 24.90 USD")
        ),
        Refusal(2, "a", Problem("id", "a", "another variant of this product has the same id")),
        Refusal(3, "1-4", Problem("variants", "b", "a variant is an object with id, price, stock and options")),
        Refusal(4, "1-5", Problem("url", "javascript:x", "a link starts with http:// or https://")),
        Refusal(5, "1-6", Problem("options.size", "M\0", "holds a NUL byte")),
    )
    assert reading.values == {
        "id": "1",
        "title": "Tee",
        "variants": [{"id": "a", "price": 3}, {"id": "1-7", "price": 7}],
    }
    again = READER.read(reading.values, json.dumps(reading.values))
    assert (again.product, again.refused) == (reading.product, ())


def test_a_bad_product_is_one_refusal_whatever_its_variants_are() -> None:
    reading = read(title="", variants=[{"price": "soon"}, {"price": 3}])
    assert reading.product is None
    assert reading.refused == (Refusal(None, "1", Problem("title", "", "a product needs a title")),)


def test_slashes_list_the_values_of_colour_columns_only() -> None:
    variants = [{"options": {"Colour": "Red/Blue", "Fit": "slim/tall"}}]
    read = product(variants=variants, attributes={"product_colour": "Black/Grey", "Model": "Air/Max"})
    assert read.attributes == {"product_colour": ("Black", "Grey"), "Model": ("Air/Max",)}
    assert read.variants[0].options == {"Colour": ("Red", "Blue"), "Fit": ("slim/tall",)}


def test_an_offer_needs_no_title() -> None:
    row = {"id": "1", "price": "20", "list_price": "30", "stock": "4", "availability": "no"}
    assert READER.offer(row) == Variant("1", Money(20.0, "EUR"), 4, was=Money(30.0, "EUR"), availability="out of stock")
    assert READER.offer(row | {"stock": "-4"}) == Problem("stock", "-4", "not a count of things in stock")


@pytest.mark.parametrize(
    ("headers", "price", "before"),
    [
        (["id", "name", "price", "sale_price"], "sale_price", "price"),
        (["id", "name", "Regular price", "Sale price"], "Sale price", "Regular price"),
        (["id", "name", "msrp", "price", "special_price"], "special_price", "price"),
        (["id", "name", "price", "list_price"], "price", "list_price"),
        (["id", "name", "sale_price"], "sale_price", None),
        (["id", "name", "list_price"], "list_price", None),
        (["编号", "名称", "原价", "促销价"], "促销价", "原价"),
        (["id", "name", "price", "unit_price"], "price", None),
    ],
)
def test_which_column_is_what_is_paid(headers: list[str], price: str, before: str | None) -> None:
    columns = map_columns(headers, {}, "feed")
    assert (columns["price"], columns["list_price"]) == (price, before)
