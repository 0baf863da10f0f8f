"""Google Merchant product data, as a table and as XML: what each published attribute becomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.feeds.dialect import recognise
from catalog.feeds.google import common_title
from catalog.feeds.google_xml import is_product_xml, open_xml
from catalog.feeds.rows import Problem
from catalog.types import Money, Product, UnitPrice, Variant
from errors import UnreadableFeed
from tests.catalog.feeds.shelves import TODAY, canonical, products, read, told

SHIRT: dict[str, object] = {
    "id": "LS-S",
    "title": "Linen shirt - red, S",
    "description": "Light and <b>cool</b>.",
    "link": "https://shop.example/linen?size=s",
    "image link": "https://shop.example/linen.jpg",
    "additional image link": "https://shop.example/linen2.jpg,https://shop.example/linen3.jpg",
    "availability": "in_stock",
    "price": "30.00 EUR",
    "sale price": "",
    "sale price effective date": "",
    "brand": "Lino",
    "gtin": "4006381333931",
    "mpn": "L1",
    "google product category": "Apparel & Accessories > Clothing > Shirts & Tops",
    "product type": "Shirts > Linen",
    "condition": "new",
    "adult": "no",
    "age group": "adult",
    "color": "Red/White",
    "gender": "unisex",
    "material": "linen/cotton",
    "pattern": "striped",
    "size": "S",
    "size type": "regular",
    "size system": "EU",
    "item group id": "LS",
    "product detail": "General:Collar:Kent, wide,General:Fit:slim,Care:Wash:30 °C",
    "product highlight": '"Cool, all summer","Dries fast"',
    "tax": "",
    "shipping": "DE::Ground:4.90 EUR",
    "product weight": "0.2 kg",
    "energy efficiency class": "",
    "multipack": "",
    "is bundle": "no",
    "cost of goods sold": "8.00 EUR",
    "custom label 0": "margin-a",
}
BLANK = dict.fromkeys(SHIRT, "")


def test_rows_of_a_group_are_the_variants_of_one_product() -> None:
    medium = SHIRT | {
        "id": "LS-M",
        "title": "Linen shirt - red, M",
        "link": "https://shop.example/linen?size=m",
        "availability": "out_of_stock",
        "price": "32.00 EUR",
        "sale price": "25.50 EUR",
        "gtin": "4006381333948",
        "size": "M",
        "product weight": "0.22 kg",
    }
    (row,) = canonical([SHIRT, medium])
    assert (row.line, row.lines) == (2, (2, 3))
    (product,) = products([row])
    assert product == Product(
        id="LS",
        title="Linen shirt - red",
        description="Light and cool.",
        brand="Lino",
        category=("Shirts", "Linen"),
        url="https://shop.example/linen?size=s",
        image="https://shop.example/linen.jpg",
        attributes={
            "mpn": ("L1",),
            "google_product_category": ("Apparel & Accessories", "Clothing", "Shirts & Tops"),
            "condition": ("new",),
            "age_group": ("adult",),
            "color": ("Red", "White"),
            "gender": ("unisex",),
            "material": ("linen", "cotton"),
            "pattern": ("striped",),
            "size_type": ("regular",),
            "size_system": ("EU",),
            "product_highlight": ("Cool", "all summer", "Dries fast"),
            "shipping": ("DE::Ground:4.90 EUR",),
            "is_bundle": ("no",),
            "Collar": ("Kent", "wide"),
            "Fit": ("slim",),
            "Wash": product.attributes["Wash"],
        },
        variants=(
            Variant(
                "LS-S",
                Money(30.0, "EUR"),
                None,
                {"size": ("S",), "product_weight": product.variants[0].options["product_weight"]},
                availability="in stock",
            ),
            Variant(
                "LS-M",
                Money(25.5, "EUR"),
                None,
                {"size": ("M",), "product_weight": product.variants[1].options["product_weight"]},
                was=Money(32.0, "EUR"),
                availability="out of stock",
                url="https://shop.example/linen?size=m",
            ),
        ),
    )
    assert [variant.sold_out for variant in product.variants] == [False, True]


ALONE = BLANK | {"id": "w1", "title": "Red wine", "price": "7.50 EUR", "link": "https://shop.example/w1"}


def one(**columns: object) -> Product:
    (product,) = products(canonical([ALONE | {name.replace("_", " "): value for name, value in columns.items()}]))
    return product


def test_a_row_without_a_group_is_a_product_of_its_own() -> None:
    link = "https://shop.example/w1"
    assert one() == Product("w1", "Red wine", (Variant("w1", Money(7.5, "EUR")),), url=link)


@pytest.mark.parametrize(
    ("window", "price", "was"),
    [
        ("", 5.0, 7.5),
        ("2026-07-01T00:00+0200/2026-07-10T23:59+0200", 7.5, None),
        ("2026-07-01T00:00+0200/2026-07-11T09:00+0200", 5.0, 7.5),
        ("2026-07-11 / 2026-07-31", 5.0, 7.5),
        ("2026-07-12T00:00Z/2026-07-31T00:00Z", 7.5, None),
    ],
)
def test_a_sale_holds_on_the_days_of_its_window(window: str, price: float, was: float | None) -> None:
    (variant,) = one(sale_price="5.00 EUR", sale_price_effective_date=window).variants
    assert (variant.price, variant.was) == (Money(price, "EUR"), Money(was, "EUR") if was else None)


@pytest.mark.parametrize("sale", ["7.50 EUR", "9 EUR"])
def test_a_sale_price_that_saves_nothing_is_none(sale: str) -> None:
    (variant,) = one(sale_price=sale).variants
    assert (variant.price, variant.was) == (Money(7.5, "EUR"), None)


def test_a_sale_price_that_is_no_amount_is_refused() -> None:
    (row,) = canonical([ALONE | {"sale price": "cheap"}])
    (refusal,) = read(row).refused
    assert (refusal.variant, refusal.id, refusal.problem.field) == (None, "w1", "price")


@pytest.mark.parametrize(
    ("measure", "base", "each"),
    [
        ("750 ml", "100 ml", UnitPrice(Money(1.0, "EUR"), 100.0, "ml")),
        ("0.75 l", "100ml", UnitPrice(Money(1.0, "EUR"), 100.0, "ml")),
        ("1.5 kg", "", UnitPrice(Money(5.0, "EUR"), 1.0, "kg")),
        ("30 ct", "1 ct", UnitPrice(Money(0.25, "EUR"), 1.0, "ct")),
        ("750 ml", "1 kg", None),
        ("", "100 ml", None),
    ],
)
def test_a_unit_price_is_worked_out(measure: str, base: str, each: UnitPrice | None) -> None:
    (variant,) = one(unit_pricing_measure=measure, unit_pricing_base_measure=base).variants
    assert variant.unit_price == each


@pytest.mark.parametrize(("written", "adult"), [("yes", True), ("TRUE", True), ("no", False), ("", False)])
def test_what_is_for_adults_says_so(written: str, adult: bool) -> None:
    assert one(adult=written).adult is adult


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("US:CA:7.25:y", "7.25 % tax in CA"),
        ("US::5", "5 % tax in US"),
        ("US:CA:7.25:y,US:NY:8", "7.25 % tax in CA; 8 % tax in NY"),
        ("incl. VAT", "incl. VAT"),
    ],
)
def test_tax_in_words(written: str, note: str) -> None:
    assert one(tax=written).tax == note


def test_what_has_expired_is_not_for_sale_without_that_being_a_fault() -> None:
    past, last_day = (ALONE | {"expiration date": day} for day in ("2026-07-10", "2026-07-11T23:00+0200"))
    gone, sold = canonical([past, last_day | {"id": "w2"}])
    assert gone.problem == Problem("expiration_date", "2026-07-10", "not for sale: it expired", fault=False)
    assert [product.id for product in products([sold])] == ["w2"]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("sale price effective date", "next week", "not two dates with a slash between them"),
        ("expiration date", "soon", "not a date, such as 2026-07-11"),
    ],
)
def test_a_bad_date_costs_its_own_row_of_the_group(column: str, value: str, reason: str) -> None:
    bad = SHIRT | {"id": "LS-M", "size": "M", column: value}
    refused, taken = canonical([SHIRT, bad])
    assert told(refused) == (3, column.replace(" ", "_"), reason)
    assert [variant.id for product in products([taken]) for variant in product.variants] == ["LS-S"]


def test_a_group_is_for_adults_where_one_of_it_is_and_takes_texts_from_any_row() -> None:
    first = SHIRT | {"description": "", "brand": ""}
    (product,) = products(canonical([first, SHIRT | {"id": "LS-M", "size": "M", "adult": "yes"}]))
    assert (product.adult, product.brand, product.description) == (True, "Lino", "Light and cool.")


def test_a_group_of_blanks_is_none() -> None:
    (row,) = canonical([ALONE | {"item group id": "  "}])
    assert [product.id for product in products([row])] == ["w1"]


def test_rows_of_a_group_may_stand_apart() -> None:
    rows = [SHIRT | {"id": f"{group}{size}", "item group id": group, "size": size}
            for size in "SML" for group in ("A", "B")]  # fmt: skip
    found = canonical(rows)
    assert [(row.line, row.lines) for row in found] == [(2, (2, 4, 6)), (3, (3, 5, 7))]
    assert [[v.id for v in p.variants] for p in products(found)] == [["AS", "AM", "AL"], ["BS", "BM", "BL"]]


@pytest.mark.parametrize(
    ("titles", "title"),
    [
        (["Linen shirt - red, S", "Linen shirt - blue, M"], "Linen shirt"),
        (["Linen shirt (red)", "Linen shirt (blue)"], "Linen shirt"),
        (["Linen shirt model 0 - red, S", "Linen shirt model 0 - blue, M"], "Linen shirt model 0"),
        (["Mug", "Mug"], "Mug"),
        (["Red mug", "Blue mug"], "Mug"),
        (["Mug red S", "Mug blue M"], "Mug"),
        (["Linen shirt with pocket", "Linen shirt, plain"], "Linen shirt with pocket"),
        (["Linen shirt for men", "Linen shirt of old"], "Linen shirt"),
        (["Table (oak), red", "Table (oak), blue"], "Table (oak)"),
        (["red", "blue"], "red"),
        (["Mug tall", "Cup wide"], "Mug tall"),
        (["", "Cup"], ""),
    ],
)
def test_what_variants_titles_share_is_the_products_title(titles: list[str], title: str) -> None:
    assert common_title(titles, [{"color": ["Red", "White"], "size": "S"}, {"color": "Blue", "size": "M"}]) == title


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (list(SHIRT), "google"),
        (["g:id", "g:title", "g:link", "g:image_link", "g:availability", "g:price", "g:gtin"], "google"),
        (["id", "title", "price", "brand", "link"], None),
        (["ID", "Name", "Price", "Stock"], None),
    ],
)
def test_a_feed_is_recognised_by_its_columns(headers: list[str], name: str | None) -> None:
    dialect = recognise(headers)
    assert (dialect and dialect.name) == name


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- written by hand -->
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">
<channel>
<title>The shop</title><link>https://shop.example</link>
<item>
  <g:id>T1</g:id>
  <title>Steel &amp; oak table</title>
  <g:title>Oak table</g:title>
  <g:description><![CDATA[Solid <b>oak</b>.]]></g:description>
  <link>https://shop.example/t1</link>
  <g:image_link>https://shop.example/t1.jpg</g:image_link>
  <g:availability>in_stock</g:availability>
  <g:price>200.00 EUR</g:price><g:sale_price>150.00 EUR</g:sale_price>
  <g:product_type>Home &gt; Tables</g:product_type>
  <g:product_detail><g:section_name>Size</g:section_name><g:attribute_name>Top</g:attribute_name>
    <g:attribute_value>160 x 80 cm</g:attribute_value></g:product_detail>
  <g:product_detail><g:attribute_name>Seats</g:attribute_name><g:attribute_value>6</g:attribute_value></g:product_detail>
  <g:shipping><g:country>DE</g:country><g:service>Van</g:service><g:price>29 EUR</g:price></g:shipping>
  <guid>1</guid><pubDate>Sat, 11 Jul 2026</pubDate><media:title>Media</media:title>
  <g:product_highlight>Oiled</g:product_highlight><g:product_highlight>Made to last</g:product_highlight>
</item>
<item><g:id>T2</g:id></item>
</channel></rss>"""


def xml(tmp_path: Path, text: str, today: date = TODAY) -> list[Product]:
    feed = tmp_path / "feed.xml"
    feed.write_text(text, encoding="utf-8", errors="surrogateescape")
    return products(list(open_xml(feed, today).rows()))


def test_items_of_rss(tmp_path: Path) -> None:
    assert is_product_xml(RSS)
    feed = tmp_path / "feed.xml"
    feed.write_text(RSS, encoding="utf-8")
    first, second = open_xml(feed, TODAY).rows()
    assert (first.line, second.line, second.values) == (6, 23, {"id": "T2"})
    (product,) = products([first])
    assert product == Product(
        id="T1",
        title="Oak table",
        description="Solid oak.",
        category=("Tables",),
        url="https://shop.example/t1",
        image="https://shop.example/t1.jpg",
        availability="in stock",
        attributes={
            "shipping": ("DE:Van:29 EUR",),
            "product_highlight": ("Oiled", "Made to last"),
            "Top": ("160 x 80 cm",),
            "Seats": product.attributes["Seats"],
        },
        variants=(Variant("T1", Money(150.0, "EUR"), was=Money(200.0, "EUR")),),
    )
    assert [(r.problem.field, r.problem.reason) for r in read(second).refused] == [("title", "a product needs a title")]


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20).filter(str.strip)
ITEM = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b", "c", "d"]), "title": TEXT, "price": st.sampled_from(["3.00 EUR", "soon", ""])},
    optional={
        "item group id": st.sampled_from(["G", "H"]),
        "color": TEXT,
        "size": TEXT,
        "sale price": st.sampled_from(["1 EUR", "9 EUR"]),
        "google product category": TEXT,
        "adult": st.sampled_from(["yes", "no"]),
        "availability": st.sampled_from(["in_stock", "out of stock"]),
    },
)


@given(st.lists(ITEM, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_table_and_xml_of_the_same_items_say_the_same(items: list[dict[str, str]]) -> None:
    required = {"link": "", "image link": "", "condition": "", "availability": ""}
    table = [(row.values, row.problem, len(row.lines)) for row in canonical([required | item for item in items])]
    elements = (
        "".join(
            f"<g:{name.replace(' ', '_')}>{escape(value)}</g:{name.replace(' ', '_')}>" for name, value in item.items()
        )
        for item in items
    )
    with TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.xml"
        feed.write_text(
            f"<rss><channel>{''.join(f'<item>{e}</item>' for e in elements)}</channel></rss>", encoding="utf-8"
        )
        found = [(row.values, row.problem, len(row.lines)) for row in open_xml(feed, TODAY).rows()]
    assert found == [(_stripped(values), problem, lines) for values, problem, lines in table]


def _stripped(value: Any) -> Any:
    """XML's texts come without the blanks around them; a table's are taken off by whoever reads them."""
    if isinstance(value, dict):
        return {name: _stripped(part) for name, part in value.items()}
    return [_stripped(part) for part in value] if isinstance(value, list) else str(value).strip()


def test_entries_of_atom(tmp_path: Path) -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
      <title>Shop</title>
      <entry><g:id>a</g:id><title>Lamp</title><summary>Bright</summary><g:item_group_id>L</g:item_group_id>
        <link href="https://shop.example/a"/><link rel="self" href="https://shop.example/feed"/>
        <g:color>red</g:color><g:price>10 EUR</g:price></entry>
      <entry><g:id>b</g:id><title>Lamp</title><g:item_group_id>L</g:item_group_id><g:color>blue</g:color>
        <g:price>12 EUR</g:price></entry></feed>"""
    assert is_product_xml(text)
    assert xml(tmp_path, text) == [
        Product(
            id="L",
            title="Lamp",
            description="Bright",
            url="https://shop.example/a",
            variants=(
                Variant("a", Money(10.0, "EUR"), None, {"color": ("red",)}),
                Variant("b", Money(12.0, "EUR"), None, {"color": ("blue",)}),
            ),
        )
    ]


def test_a_broken_byte_costs_its_own_item(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    items = (
        b"<item><id>1</id><title>L\xffmp</title></item><item><id>2</id><title>Caf\xc3\xa9 t\xc3\xa4ble</title></item>"
    )
    feed.write_bytes(b"<rss><channel>" + items + b"</channel></rss>")
    broken, whole = open_xml(feed, TODAY).rows()
    assert [(r.id, r.problem.reason) for r in read(broken).refused] == [
        ("1", "holds half a character (a lone surrogate)")
    ]
    assert [p.title for p in products([whole])] == ["Café täble"]


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", "Стол из дуба"),
        ("ISO-8859-2", "Stół dębowy"),
        ("gb2312", "橡木桌子"),
        ("iso-8859-1", "Café-Tisch"),
        ("utf-8", "Café-Tisch"),
        ("utf-16", "Café-Tisch"),
    ],
)
def test_a_declared_encoding_is_believed(tmp_path: Path, encoding: str, title: str) -> None:
    feed = tmp_path / "feed.xml"
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss><item><id>1</id><title>{title}</title></item></rss>'
    feed.write_bytes(text.encode(encoding))
    assert [product.title for product in products(list(open_xml(feed, TODAY).rows()))] == [title]


def test_utf_8_is_read_as_such_whatever_it_declares(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    text = '<?xml version="1.0" encoding="iso-8859-1"?><rss><item><id>1</id><title>Café-Tisch</title></item></rss>'
    feed.write_bytes(text.encode())
    assert [product.title for product in products(list(open_xml(feed, TODAY).rows()))] == ["Café-Tisch"]


def test_a_declared_encoding_that_is_none_is_told(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_bytes(b'<?xml version="1.0" encoding="latin-one"?><rss><item><id>\xe9</id></item></rss>')
    with pytest.raises(UnreadableFeed, match="declares the encoding 'latin-one', which is none"):
        list(open_xml(feed, TODAY).rows())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE rss [<!ENTITY a "aaa">]><rss><item><id>&a;</id></item></rss>', r"a document type .* is refused"),
        ('<!DOCTYPE rss SYSTEM "http://evil.example/x.dtd"><rss/>', r"a document type .* is refused"),
        ("<rss><item><id>&b;</id></item></rss>", r"line 1: not well-formed XML \(undefined entity\)"),
        ("<rss>\n<item><id>1</id>", r"line 2: not well-formed XML \(no element found\)"),
        ("<rss><item>" + "<a>" * 40, r"nested more than 32 deep"),
    ],
)
def test_xml_that_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableFeed, match=message):
        xml(tmp_path, text)
