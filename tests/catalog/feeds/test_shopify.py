"""Shopify's product CSV in both generations of its columns: what each becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.feeds.dialect import recognise
from catalog.feeds.rows import Problem
from catalog.types import Money, Product, Quantity, UnitPrice, Variant
from tests.catalog.feeds.shelves import canonical, products, read

TEE: dict[str, object] = {
    "Handle": "tee",
    "Title": "Organic tee",
    "Body (HTML)": "<p>Soft &amp; <em>light</em>.</p><ul><li>Organic</li></ul>",
    "Vendor": "Lino",
    "Product Category": "Apparel & Accessories > Clothing > Shirts & Tops",
    "Type": "T-Shirt",
    "Tags": "summer, organic",
    "Published": "TRUE",
    "Option1 Name": "Size",
    "Option1 Value": "S",
    "Option1 Linked To": "",
    "Option2 Name": "Color",
    "Option2 Value": "Red",
    "Option3 Name": "",
    "Option3 Value": "",
    "Variant SKU": "TEE-S",
    "Variant Grams": "150",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "4",
    "Variant Inventory Policy": "deny",
    "Variant Fulfillment Service": "manual",
    "Variant Price": "19.90",
    "Variant Compare At Price": "25.00",
    "Variant Requires Shipping": "true",
    "Variant Taxable": "true",
    "Unit Price Total Measure": "",
    "Unit Price Total Measure Unit": "",
    "Unit Price Base Measure": "",
    "Unit Price Base Measure Unit": "",
    "Variant Barcode": "4006381333931",
    "Image Src": "https://cdn.example/1.jpg",
    "Image Position": "1",
    "Image Alt Text": "A tee",
    "Gift Card": "false",
    "SEO Title": "Buy tees",
    "SEO Description": "Tees!",
    "Google Shopping / Gender": "unisex",
    "Google Shopping / Custom Label 0": "x",
    "Color (product.metafields.shopify.color-pattern)": "red; blue",
    "Fit (product.metafields.custom.fit)": "slim",
    "Care (variant.metafields.custom.care)": "wash cold",
    "Variant Image": "",
    "Variant Weight Unit": "g",
    "Variant Tax Code": "",
    "Cost per item": "5.00",
    "Price / International": "29.00",
    "Status": "active",
    "Season": "SS26",
}
NEW_NAMES = {
    "Handle": "URL handle", "Body (HTML)": "Description", "Product Category": "Product category",
    "Published": "Published on online store", "Option1 Name": "Option1 name", "Option1 Value": "Option1 value",
    "Option2 Name": "Option2 name", "Option2 Value": "Option2 value", "Option3 Name": "Option3 name",
    "Option3 Value": "Option3 value", "Variant SKU": "SKU", "Variant Grams": "Weight value (grams)",
    "Variant Inventory Tracker": "Inventory tracker", "Variant Inventory Qty": "Inventory quantity",
    "Variant Inventory Policy": "Continue selling when out of stock", "Variant Price": "Price",
    "Variant Fulfillment Service": "Fulfillment service", "Variant Compare At Price": "Compare-at price",
    "Variant Requires Shipping": "Requires shipping", "Variant Taxable": "Charge tax", "Variant Barcode": "Barcode",
    "Unit Price Total Measure": "Unit price total measure", "Unit Price Base Measure": "Unit price base measure",
    "Unit Price Total Measure Unit": "Unit price total measure unit",
    "Unit Price Base Measure Unit": "Unit price base measure unit", "Image Src": "Product image URL",
    "Image Position": "Image position", "Image Alt Text": "Image alt text", "Variant Image": "Variant image URL",
    "Variant Weight Unit": "Weight unit for display", "Variant Tax Code": "Tax code", "SEO Title": "SEO title",
    "Gift Card": "Gift card", "SEO Description": "SEO description",
}  # fmt: skip
NEW_VALUES = {("Variant Inventory Policy", "deny"): "FALSE", ("Variant Inventory Policy", "continue"): "TRUE",
              ("Status", "active"): "Active", ("Status", "draft"): "Draft"}  # fmt: skip
BLANK = dict.fromkeys(TEE, "")
MEDIUM = BLANK | {
    "Handle": "tee",
    "Option1 Value": "M",
    "Option2 Value": "Blue",
    "Variant SKU": "TEE-M",
    "Variant Grams": "160",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "-2",
    "Variant Inventory Policy": "deny",
    "Variant Price": "21.00",
    "Variant Image": "https://cdn.example/blue.jpg",
    "Image Src": "https://cdn.example/2.jpg",
    "Image Position": "2",
}
PICTURE = BLANK | {"Handle": "tee", "Image Src": "https://cdn.example/3.jpg", "Image Position": "3"}
MUG = BLANK | {
    "Handle": "mug",
    "Title": "Mug",
    "Published": "true",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant Price": "9.00",
    "Status": "active",
}


def renewed(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same rows in the columns of the newer export."""
    return [
        {NEW_NAMES.get(name, name): NEW_VALUES.get((name, str(value)), value) for name, value in row.items()}
        for row in rows
    ]


@pytest.mark.parametrize("generation", [list, renewed])
def test_variants_and_pictures_follow_on_rows_of_their_own(generation) -> None:  # type: ignore[no-untyped-def]
    (row,) = canonical(generation([TEE, MEDIUM, PICTURE]))
    assert (row.line, row.lines) == (2, (2, 3))
    assert row.values["image"] == [f"https://cdn.example/{n}.jpg" for n in (1, 2, 3)]
    assert products([row]) == [
        Product(
            id="tee",
            title="Organic tee",
            description="Soft & light. Organic",
            brand="Lino",
            category=("Apparel & Accessories", "Clothing", "Shirts & Tops", "T-Shirt"),
            image="https://cdn.example/1.jpg",
            attributes={
                "Gender": ("unisex",),
                "Color": ("red", "blue"),
                "Fit": ("slim",),
                "Season": ("SS26",),
                "Tags": ("summer", "organic"),
            },
            variants=(
                Variant(
                    "TEE-S",
                    Money(19.9, "EUR"),
                    4,
                    {
                        "Size": ("S",),
                        "Color": ("Red",),
                        "Care": ("wash cold",),
                        "Weight": (Quantity(150.0, 150.0, "g", "150 g"),),
                    },
                    was=Money(25.0, "EUR"),
                ),
                Variant(
                    "TEE-M",
                    Money(21.0, "EUR"),
                    0,
                    {"Size": ("M",), "Color": ("Blue",), "Weight": (Quantity(160.0, 160.0, "g", "160 g"),)},
                    image="https://cdn.example/blue.jpg",
                ),
            ),
        )
    ]


def test_a_product_without_options_is_its_own_variant() -> None:
    assert products(canonical([MUG])) == [Product("mug", "Mug", (Variant("mug", Money(9.0, "EUR")),))]


def test_what_a_shop_keeps_to_itself_is_left_out() -> None:
    (row,) = canonical([TEE])
    assert row.values["attributes"] == {
        "Gender": "unisex", "Color": ["red", "blue"], "Fit": "slim", "Season": "SS26", "Tags": ["summer", "organic"],
        "SKU": "TEE-S", "Barcode": "4006381333931", "Weight": "150 g", "Care": "wash cold",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"Status": "draft"}, Problem("Status", "draft", "not for sale: a draft", fault=False)),
        ({"Status": "Archived"}, Problem("Status", "Archived", "not for sale: archived", fault=False)),
        ({"Published": "FALSE"}, Problem("Published", "FALSE", "not for sale: not published", fault=False)),
    ],
)
def test_what_is_not_for_sale_is_told_once_for_all_its_variants(columns: dict[str, object], problem: Problem) -> None:
    ended, sold = canonical([TEE | columns, MEDIUM, PICTURE, MUG])
    assert (ended.line, ended.values, ended.problem) == (2, {"id": "tee"}, problem)
    assert [product.id for product in products([sold])] == ["mug"]


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "stock", "availability"),
    [
        ("shopify", "4", "deny", 4, None),
        ("shopify", "0", "deny", 0, None),
        ("shopify", "-3", "deny", 0, None),
        ("shopify", "-3", "continue", None, "backorder"),
        ("shopify", "5", "continue", 5, None),
        ("", "0", "deny", None, None),
        ("", "", "", None, None),
    ],
)
def test_stock_is_what_shopify_counts(
    tracker: str, quantity: str, policy: str, stock: int | None, availability: str | None
) -> None:
    counted = {
        "Variant Inventory Tracker": tracker,
        "Variant Inventory Qty": quantity,
        "Variant Inventory Policy": policy,
    }
    (product,) = products(canonical([MUG | counted]))
    assert (product.variants[0].stock, product.availability) == (stock, availability)


def test_a_unit_price_from_the_four_columns_of_it() -> None:
    measure = {
        "Unit Price Total Measure": "750",
        "Unit Price Total Measure Unit": "ml",
        "Unit Price Base Measure": "100",
        "Unit Price Base Measure Unit": "ml",
    }
    (product,) = products(canonical([MUG | measure]))
    assert product.variants[0].unit_price == UnitPrice(Money(1.2, "EUR"), 100.0, "ml")


def test_variants_that_share_a_sku_go_by_their_options() -> None:
    (product,) = products(canonical([TEE | {"Variant SKU": "TEE"}, MEDIUM | {"Variant SKU": "TEE"}]))
    assert [variant.id for variant in product.variants] == ["tee/S/Red", "tee/M/Blue"]


def test_a_bad_variant_is_refused_alone_and_a_product_with_no_good_one_as_well() -> None:
    bad = MEDIUM | {"Variant Price": "ask us"}
    (row,) = canonical([TEE, bad])
    reading = read(row)
    assert [(row.lines[r.variant or 0], r.id, r.problem.field, r.problem.value) for r in reading.refused] == [
        (3, "TEE-M", "price", "ask us")
    ]
    assert reading.product is not None
    assert [variant.id for variant in reading.product.variants] == ["TEE-S"]
    again = replace(row, values=reading.values)
    assert products([again])[0].variants == reading.product.variants
    (worse,) = canonical([TEE | {"Variant Price": "-1"}, bad])
    assert (read(worse).product, [refusal.variant for refusal in read(worse).refused]) == (None, [0, 1])


def test_a_row_without_a_handle_and_a_title_says_both() -> None:
    (row,) = canonical([MUG | {"Handle": "", "Title": ""}])
    (refusal,) = read(row).refused
    assert (refusal.problem.field, refusal.problem.reason) == (
        "id",
        "a product needs an id and a title; this row has neither",
    )


@pytest.mark.parametrize(
    ("columns", "path"),
    [
        ({"Type": ""}, ("Apparel & Accessories", "Clothing", "Shirts & Tops")),
        ({"Product Category": ""}, ("T-Shirt",)),
        ({"Product Category": "", "Type": ""}, ()),
        ({"Type": "shirts & tops"}, ("Apparel & Accessories", "Clothing", "Shirts & Tops")),
    ],
)
def test_the_shops_type_stands_at_the_end_of_the_taxonomys_path(columns: dict[str, object], path: tuple[str]) -> None:
    assert products(canonical([TEE | columns]))[0].category == path


@pytest.mark.parametrize(
    "headers",
    [
        list(TEE),
        list(renewed([TEE])[0]),
        ["Handle", "Title", "Body (HTML)"],
        ["Title", "URL handle", "Status"],
    ],
)
def test_both_generations_are_recognised(headers: list[str]) -> None:
    dialect = recognise(headers)
    assert dialect is not None
    assert dialect.name == "shopify"
