"""WooCommerce's product CSV: what each column becomes, and how variations find their parent."""

from __future__ import annotations

import pytest

from catalog.feeds.dialect import recognise
from catalog.feeds.rows import Problem
from catalog.types import Money, Product, Quantity, Variant
from tests.catalog.feeds.shelves import canonical, products, read, told

HEADERS = (
    "ID|Type|SKU|GTIN, UPC, EAN, or ISBN|Name|Published|Is featured?|Visibility in catalog|Short description"
    "|Description|Date sale price starts|Date sale price ends|Tax status|Tax class|In stock?|Stock|Low stock amount"
    "|Backorders allowed?|Sold individually?|Weight (kg)|Length (cm)|Width (cm)|Height (cm)|Allow customer reviews?"
    "|Purchase note|Sale price|Regular price|Categories|Tags|Shipping class|Images|Download limit|Download expiry days"
    "|Parent|Grouped products|Upsells|Cross-sells|External URL|Button text|Position|Brands|Attribute 1 name"
    "|Attribute 1 value(s)|Attribute 1 visible|Attribute 1 global|Attribute 1 default|Attribute 2 name"
    "|Attribute 2 value(s)|Attribute 2 visible|Attribute 2 global|Meta: _wp_page_template|Meta: care"
).split("|")
BLANK: dict[str, object] = dict.fromkeys(HEADERS, "")
HOODIE = BLANK | {
    "ID": "44", "Type": "variable", "SKU": "hoodie", "Name": "Hoodie", "Published": "1", "Is featured?": "0",
    "Visibility in catalog": "visible", "Short description": "A <b>warm</b> one.", "Description": r"Two pockets.\nOne hood.",
    "Tax status": "taxable", "In stock?": "1", "Weight (kg)": "1.5", "Categories": r"Clothing > Hoodies &amp; sweats, Clothing > Warm\, soft",
    "Tags": "autumn, cosy", "Images": "https://s.example/h.jpg, https://s.example/h2.jpg", "Brands": "Lino",
    "Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue, Green", "Attribute 1 visible": "1",
    "Attribute 1 global": "1", "Attribute 1 default": "Blue", "Attribute 2 name": "Fabric",
    "Attribute 2 value(s)": r"Cotton\, brushed", "Attribute 2 visible": "1", "Attribute 2 global": "0",
    "Meta: _wp_page_template": "default", "Meta: care": "Wash cold",
}  # fmt: skip
BLUE = BLANK | {
    "ID": "45", "Type": "variation", "SKU": "hoodie-blue", "Name": "Hoodie - Blue", "Published": "1",
    "Tax status": "taxable", "In stock?": "1", "Stock": "3", "Backorders allowed?": "0", "Regular price": "45",
    "Sale price": "39.5", "Images": "https://s.example/blue.jpg", "Parent": "id:44", "Position": "1",
    "Attribute 1 name": "Color", "Attribute 1 value(s)": "Blue", "Attribute 1 global": "1",
}  # fmt: skip
GREEN = BLUE | {
    "ID": "46", "SKU": "hoodie-green", "Name": "Hoodie - Green", "In stock?": "0", "Stock": "0", "Regular price": "42",
    "Sale price": "", "Images": "", "Parent": "hoodie", "Attribute 1 value(s)": "Green", "Weight (kg)": "1.6",
}  # fmt: skip
CAP = BLANK | {"ID": "7", "Type": "simple", "SKU": "cap", "Name": "Cap", "Published": "1", "Regular price": "18"}


def test_variations_join_their_parent_named_by_id_or_by_sku() -> None:
    cap, row = canonical([HOODIE, BLUE, CAP, GREEN])
    assert (row.line, row.lines, cap.line) == (2, (3, 5), 4)
    assert products([row]) == [
        Product(
            id="44",
            title="Hoodie",
            description="A warm one. Two pockets. One hood.",
            brand="Lino",
            category=("Clothing", "Hoodies & sweats"),
            image="https://s.example/h.jpg",
            attributes={
                "Weight": (Quantity(1.5, 1.5, "kg", "1.5 kg"),),
                "Tags": ("autumn", "cosy"),
                "care": ("Wash cold",),
                "Color": ("Blue", "Green"),
                "Fabric": ("Cotton", "brushed"),
            },
            variants=(
                Variant(
                    "45",
                    Money(39.5, "EUR"),
                    3,
                    {"Color": ("Blue",)},
                    was=Money(45.0, "EUR"),
                    availability="in stock",
                    image="https://s.example/blue.jpg",
                ),
                Variant(
                    "46",
                    Money(42.0, "EUR"),
                    0,
                    {"Color": ("Green",), "Weight": (Quantity(1.6, 1.6, "kg", "1.6 kg"),)},
                    availability="out of stock",
                ),
            ),
        )
    ]


def test_a_regular_price_alone_is_the_price() -> None:
    assert products(canonical([CAP])) == [
        Product("7", "Cap", (Variant("7", Money(18.0, "EUR")),), attributes={"SKU": ("cap",)})
    ]


def test_a_table_without_ids_goes_by_its_skus() -> None:
    rows = [{k: v for k, v in row.items() if k != "ID"} for row in (HOODIE, BLUE | {"Parent": "hoodie"}, GREEN, CAP)]
    found = products(canonical(rows))
    assert [(p.id, [v.id for v in p.variants]) for p in found] == [
        ("hoodie", ["hoodie-blue", "hoodie-green"]),
        ("cap", ["cap"]),
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "price", "was"),
    [
        ("2026-07-01", "2026-07-11", 15.0, 18.0),
        ("2026-07-12", "", 18.0, None),
        ("", "2026-07-10 23:59:59", 18.0, None),
        ("", "", 15.0, 18.0),
    ],
)
def test_a_sale_holds_between_its_dates(starts: str, ends: str, price: float, was: float | None) -> None:
    dates = {"Sale price": "15", "Date sale price starts": starts, "Date sale price ends": ends}
    (variant,) = products(canonical([CAP | dates]))[0].variants
    assert (variant.price, variant.was) == (Money(price, "EUR"), Money(was, "EUR") if was else None)


@pytest.mark.parametrize(
    ("status", "note"), [("taxable", ""), ("none", "no tax"), ("shipping", "tax on shipping only"), ("", "")]
)
def test_a_tax_status_that_tells_a_shopper_something(status: str, note: str) -> None:
    assert products(canonical([CAP | {"Tax status": status}]))[0].tax == note


def test_a_decimal_comma_is_read_as_a_shop_of_that_country_writes_it() -> None:
    (variant,) = products(canonical([CAP | {"Regular price": "1299,90", "Sale price": "999,50"}]))[0].variants
    assert (variant.price, variant.was) == (Money(999.5, "EUR"), Money(1299.9, "EUR"))


@pytest.mark.parametrize(
    ("said", "count", "backorders", "stock", "availability"),
    [
        ("1", "", "", None, "in stock"),
        ("1", "12", "0", 12, "in stock"),
        ("0", "0", "0", 0, "out of stock"),
        ("0", "-2", "0", 0, "out of stock"),
        ("1", "-2", "notify", None, "backorder"),
        ("backorder", "0", "1", None, "backorder"),
        ("1", "parent", "0", None, "in stock"),
        ("", "", "", None, None),
    ],
)
def test_stock_and_what_may_be_ordered_without_it(
    said: str, count: str, backorders: str, stock: int | None, availability: str | None
) -> None:
    columns = {"In stock?": said, "Stock": count, "Backorders allowed?": backorders}
    (product,) = products(canonical([CAP | columns]))
    assert (product.variants[0].stock, product.availability) == (stock, availability)


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"Published": "-1"}, Problem("Published", "-1", "not for sale: a draft", fault=False)),
        ({"Published": "0"}, Problem("Published", "0", "not for sale: private", fault=False)),
        (
            {"Visibility in catalog": "hidden"},
            Problem("Visibility in catalog", "hidden", "not for sale: hidden from the shop's own pages", fault=False),
        ),
    ],
)
def test_what_is_not_for_sale_takes_its_variations_with_it(columns: dict[str, object], problem: Problem) -> None:
    (row,) = canonical([HOODIE | columns, BLUE, GREEN])
    assert (row.line, row.values, row.problem) == (2, {"id": "44"}, problem)
    (simple,) = canonical([CAP | columns])
    assert simple.problem == problem


def test_one_variation_may_be_switched_off() -> None:
    off, row = canonical([HOODIE, BLUE, GREEN | {"Published": "0"}])
    assert (off.line, off.problem and off.problem.fault) == (4, False)
    assert [variant.id for variant in products([row])[0].variants] == ["45"]


def test_a_product_all_of_whose_variations_are_off_is_not_for_sale() -> None:
    *off, parent = canonical([HOODIE, BLUE | {"Published": "0"}, GREEN | {"Published": "-1"}])
    assert [(row.line, row.values, row.product) for row in off] == [(3, {"id": "45"}, "44"), (4, {"id": "46"}, "44")]
    assert (parent.line, parent.problem) == (
        2,
        Problem("Type", "variable", "not for sale: no variation is", fault=False),
    )


def test_a_product_none_of_whose_variations_can_be_read_is_not_read_without_them() -> None:
    rows = canonical([HOODIE, BLUE | {"Date sale price ends": "soon"}, GREEN | {"Published": "0"}])
    assert [(row.line, row.product, row.problem and row.problem.fault) for row in rows] == [
        (3, "44", True),
        (4, "44", False),
    ]
    assert [product.id for product in products(canonical([HOODIE]))] == ["44"]


def test_a_variation_without_its_parent_is_told() -> None:
    orphan, cap = canonical([BLUE, CAP])
    assert told(orphan) == (2, "Parent", "a variation of a product that is not in this feed")
    assert [product.id for product in products([cap])] == ["7"]


def test_a_parent_that_stands_twice_is_told() -> None:
    again, row = canonical([HOODIE, BLUE, HOODIE])
    assert told(again) == (4, "ID", "stands already in this file")
    assert [variant.id for variant in products([row])[0].variants] == ["45"]


def test_bad_dates_and_prices_cost_their_own_variation() -> None:
    dated, row = canonical([HOODIE, BLUE | {"Date sale price ends": "soon"}, GREEN | {"Regular price": "n/a"}])
    assert told(dated) == (3, "Date sale price starts", "not dates, such as 2026-07-11")
    reading = read(row)
    assert reading.product is None
    assert [(row.lines[r.variant or 0], r.id, r.problem.field) for r in reading.refused] == [(4, "46", "price")]


@pytest.mark.parametrize(
    ("kind", "columns", "product"),
    [
        ("grouped", {"Regular price": "", "Grouped products": "id:7, id:8"}, Product("7", "Cap", (Variant("7"),))),
        (
            "external",
            {"External URL": "https://else.example/cap"},
            Product("7", "Cap", (Variant("7", Money(18.0, "EUR")),), url="https://else.example/cap"),
        ),
        ("simple, downloadable, virtual", {}, Product("7", "Cap", (Variant("7", Money(18.0, "EUR")),))),
    ],
)
def test_the_other_types(kind: str, columns: dict[str, object], product: Product) -> None:
    assert products(canonical([CAP | {"Type": kind, "SKU": ""} | columns])) == [product]


def test_what_the_exporter_puts_before_a_formula_is_taken_off() -> None:
    names = ["'=1+1 mug", "'-5 °C bottle", "'Tis the season"]
    rows = [CAP | {"ID": str(n), "Name": name} for n, name in enumerate(names, 1)]
    assert [product.title for product in products(canonical(rows))] == ["=1+1 mug", "-5 °C bottle", "'Tis the season"]


def test_columns_of_extensions_keep_their_names() -> None:
    (row,) = canonical([CAP | {"GTIN, UPC, EAN, or ISBN": "4006381333931", "Length (cm)": "20", "Made in": "Portugal"}])
    assert row.values["attributes"] == {
        "GTIN, UPC, EAN, or ISBN": "4006381333931",
        "Length": "20 cm",
        "Made in": "Portugal",
        "SKU": "cap",
    }


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (HEADERS, "woocommerce"),
        (["Type", "SKU", "Name", "Regular price", "Parent"], "woocommerce"),
        (["ID", "Type", "Name", "Price", "In stock?"], None),
    ],
)
def test_an_export_is_recognised(headers: list[str], name: str | None) -> None:
    dialect = recognise(headers)
    assert (dialect and dialect.name) == name
