"""schema.org products: what the vocabulary's ways to say a thing come to, in files and in saved pages."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from catalog.feeds.open import open_feed
from catalog.feeds.pages import own_address, scripts
from catalog.feeds.rows import CANONICAL, Row
from catalog.ingest import import_feeds
from catalog.store import Catalog
from catalog.types import Money
from errors import UnreadableFeed

CONTEXT = {"@context": "https://schema.org/"}
LAMP: dict[str, object] = {"@type": "Product", "sku": "L1", "name": "Oslo lamp"}
SHOP = "https://schema.org/"


def page(*documents: object, head: str = "") -> str:
    """A page with a script for each document; a text is a script as it stands."""
    bodies = (d if isinstance(d, str) else json.dumps(d, indent=1) for d in documents)
    written = "\n".join(f'<script type="application/ld+json">\n{body}\n</script>' for body in bodies)
    return f"<!DOCTYPE html>\n<html><head>{head}\n{written}\n</head><body><p>Hello</p></body></html>\n"


def rows(tmp_path: Path, content: object) -> list[Row]:
    path = tmp_path / "feed"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    feed = open_feed(path)
    assert feed.headers == CANONICAL
    found = list(feed.rows())
    assert all(set(row.values) <= set(CANONICAL) for row in found)
    return found


def one(tmp_path: Path, **stated: object) -> Mapping[str, object]:
    """The canonical values of a lamp of which something is stated, beside its id and its title."""
    (row,) = rows(tmp_path, CONTEXT | LAMP | {key.replace("at_", "@"): value for key, value in stated.items()})
    assert row.problem is None
    assert (row.values["id"], row.values["title"]) == ("L1", "Oslo lamp")
    return {name: value for name, value in row.values.items() if name not in ("id", "title")}


def offer(**stated: object) -> dict[str, object]:
    return {"@type": "Offer", "priceCurrency": "EUR", **stated}


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        (offer(price=39.9), {"price": "39.9 EUR"}),
        (offer(price="39.90"), {"price": "39.90 EUR"}),
        (offer(price="1,299.00"), {"price": "1,299.00 EUR"}),
        (offer(price="on request"), {"price": "on request"}),
        (offer(price="€ 39,90"), {"price": "€ 39,90"}),
        (offer(price=39, availability="https://schema.org/InStock"), {"price": "39 EUR", "availability": "in stock"}),
        (offer(price=39, availability="http://schema.org/PreOrder"), {"price": "39 EUR", "availability": "preorder"}),
        (offer(price=39, availability="OutOfStock"), {"price": "39 EUR", "availability": "out of stock"}),
        (offer(price=39, availability="Lieferbar"), {"price": "39 EUR", "availability": "Lieferbar"}),
        (offer(price=39, url="https://shop.example/l1"), {"price": "39 EUR", "url": "https://shop.example/l1"}),
        (offer(price=39, inventoryLevel={"@type": "QuantitativeValue", "value": 7}), {"price": "39 EUR", "stock": 7}),
        (offer(price=39, itemCondition=SHOP + "RefurbishedCondition"),
         {"price": "39 EUR", "attributes": {"condition": "refurbished"}}),
        (offer(price=39, valueAddedTaxIncluded=True), {"price": "39 EUR", "tax": "incl. VAT"}),
        (offer(price=39, priceSpecification={"@type": "PriceSpecification", "price": 39, "valueAddedTaxIncluded": "false"}),
         {"price": "39 EUR", "tax": "excl. VAT"}),
        # list prices
        (offer(price=30, priceSpecification={"@type": "UnitPriceSpecification", "priceType": SHOP + "StrikethroughPrice", "price": 39}),
         {"price": "30 EUR", "list_price": "39 EUR"}),
        (offer(priceSpecification=[{"price": 30, "priceType": SHOP + "SalePrice"}, {"price": 39, "priceType": SHOP + "ListPrice"}]),
         {"price": "30 EUR", "list_price": "39 EUR"}),
        (offer(price=39, priceSpecification={"price": 39, "priceType": "ListPrice"}), {"price": "39 EUR"}),
        (offer(price=39, priceSpecification={"price": 5, "priceType": SHOP + "MinimumAdvertisedPrice"}), {"price": "39 EUR"}),
        (offer(price=39, priceSpecification={"price": 35, "validForMemberTier": {"name": "Gold"}}), {"price": "39 EUR"}),
        # unit prices
        (offer(price=7.5, priceSpecification={"@type": "UnitPriceSpecification", "price": 1,
               "referenceQuantity": {"value": 100, "unitCode": "MLT"}}),
         {"price": "7.5 EUR", "unit_price": "1 EUR per 100 ml"}),
        (offer(priceSpecification={"@type": "UnitPriceSpecification", "price": 81, "referenceQuantity": {
               "value": "4.5", "unitCode": "LTR", "valueReference": {"value": "1", "unitCode": "LTR"}}}),
         {"price": "81 EUR", "unit_price": {"measure": "4.5 l", "base": "1 l"}}),
        (offer(priceSpecification={"price": 12, "referenceQuantity": {"value": 1, "unitCode": "C62"}}), {"price": "12 EUR"}),
        # several offers
        ({"@type": "AggregateOffer", "lowPrice": 20, "highPrice": 40, "priceCurrency": "EUR"}, {"price": "20 EUR"}),
        ({"@type": "AggregateOffer", "priceCurrency": "EUR", "offers": [{"price": 25}, {"price": 22}]}, {"price": "22 EUR"}),
        ([offer(price=20, availability=SHOP + "SoldOut"), offer(price=30, availability=SHOP + "InStock")],
         {"price": "30 EUR", "availability": "in stock"}),
        (None, {}),
        ("free", {}),
    ],
)  # fmt: skip
def test_offers(tmp_path: Path, offers: object, expected: dict[str, object]) -> None:
    assert one(tmp_path, offers=offers) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"brand": "Lumo"}, {"brand": "Lumo"}),
        ({"brand": {"@type": "Brand", "name": "Lumo"}}, {"brand": "Lumo"}),
        ({"brand": [{"name": "Lumo"}, {"name": "Other"}]}, {"brand": "Lumo"}),
        ({"manufacturer": {"@type": "Organization", "name": "Lumo"}}, {"brand": "Lumo"}),
        ({"image": "https://s.example/1.jpg"}, {"image": "https://s.example/1.jpg"}),
        ({"image": ["https://s.example/1.jpg", "https://s.example/2.jpg"]}, {"image": "https://s.example/1.jpg"}),
        ({"image": {"@type": "ImageObject", "contentUrl": "https://s.example/1.jpg"}}, {"image": "https://s.example/1.jpg"}),
        ({"image": [{"url": ["https://s.example/1.jpg"]}]}, {"image": "https://s.example/1.jpg"}),
        ({"category": "Home > Lamps"}, {"category": "Home > Lamps"}),
        ({"category": ["Lamps", "Desk"]}, {"category": ["Lamps", "Desk"]}),
        ({"category": {"@type": "CategoryCode", "name": "Lamps", "codeValue": "594"}}, {"category": "Lamps"}),
        ({"description": {"@value": "Bright", "@language": "en"}}, {"description": "Bright"}),
        ({"aggregateRating": {"ratingValue": 4.5, "reviewCount": 12}}, {"rating": 4.5, "attributes": {"reviews": 12}}),
        ({"aggregateRating": {"ratingValue": "9", "bestRating": 10}}, {"rating": 4.5}),
        ({"aggregateRating": {"ratingValue": "good"}}, {"rating": "good"}),
        ({"hasAdultConsideration": SHOP + "AlcoholConsideration"}, {"adult": True}),
        ({"audience": {"@type": "PeopleAudience", "suggestedMinAge": 18, "suggestedGender": SHOP + "Female"}},
         {"adult": True, "attributes": {"gender": "female"}}),
        ({"audience": {"suggestedMinAge": 6}}, {}),
        ({"isAccessoryOrSparePartFor": {"@type": "Product", "name": "LaserJet 1020"}},
         {"attributes": {"compatible with": "LaserJet 1020"}}),
        ({"isAccessoryOrSparePartFor": [{"name": "A"}, {"name": "B"}], "isConsumableFor": {"name": "C"}},
         {"attributes": {"compatible with": ["A", "B", "C"]}}),
        ({"color": "black", "material": ["oak", "steel"], "size": {"@type": "SizeSpecification", "name": "M"}},
         {"attributes": {"color": "black", "material": ["oak", "steel"], "size": "M"}}),
        ({"weight": {"@type": "QuantitativeValue", "value": 1.2, "unitCode": "KGM"}}, {"attributes": {"weight": "1.2 kg"}}),
        ({"width": {"value": 60, "unitText": "cm"}}, {"attributes": {"width": "60 cm"}}),
        ({"height": {"minValue": 60, "maxValue": 120, "unitCode": "CMT"}}, {"attributes": {"height": "60-120 cm"}}),
        ({"additionalProperty": [{"name": "Dimmable", "value": True}, {"name": "Ports", "value": ["HDMI", "USB"]},
                                 {"name": "Ports", "value": "VGA"}, {"name": "Power", "value": 9, "unitText": "W"},
                                 {"propertyID": "IP", "value": "IP44"}, {"name": "nothing"}, "odd"]},
         {"attributes": {"Dimmable": True, "Ports": ["HDMI", "USB", "VGA"], "Power": "9 W", "IP": "IP44"}}),
        ({"gtin13": "4006381333931", "mpn": "X"}, {"attributes": {"gtin13": "4006381333931", "mpn": "X"}}),
        ({"review": [{"reviewBody": "Nice"}], "isRelatedTo": {"@type": "Product", "name": "Other", "sku": "O"}}, {}),
    ],
)  # fmt: skip
def test_properties(tmp_path: Path, stated: dict[str, object], expected: dict[str, object]) -> None:
    assert one(tmp_path, **stated) == expected


@pytest.mark.parametrize(
    ("stated", "id"),
    [
        ({"sku": "S", "productID": "P", "gtin13": "4"}, "S"),
        ({"productID": "P", "gtin13": "4"}, "P"),
        ({"gtin13": "4", "mpn": "M"}, "4"),
        ({"mpn": "M", "@id": "#p"}, "M"),
        ({"identifier": {"@type": "PropertyValue", "propertyID": "x", "value": 17}, "@id": "#p"}, "17"),
        ({"@id": "https://shop.example/l1#product"}, "https://shop.example/l1#product"),
        ({"url": "https://shop.example/l1"}, "https://shop.example/l1"),
        ({}, None),
    ],
)
def test_the_id(tmp_path: Path, stated: dict[str, object], id: str | None) -> None:
    (row,) = rows(tmp_path, CONTEXT | {"@type": "Product", "name": "Lamp"} | stated)
    assert row.values.get("id") == id


GROUP: dict[str, object] = {
    "@type": "ProductGroup", "@id": "#g", "productGroupID": "G1", "name": "Wool jumper", "brand": {"name": "Knit"},
    "variesBy": [SHOP + "color", SHOP + "size"], "material": "wool", "url": "https://shop.example/jumper",
}  # fmt: skip


def jumper(sku: str, color: str, size: str, price: float, **more: object) -> dict[str, object]:
    stated = {"@type": "Product", "sku": sku, "name": f"Wool jumper {color} {size}", "color": color, "size": size}
    return stated | {"weight": "300 g", "offers": offer(price=price, **more)}


JUMPERS = [
    jumper("J1", "navy", "M", 49, availability=SHOP + "InStock", url="https://shop.example/jumper?v=J1"),
    jumper("J2", "navy", "L", 49, availability=SHOP + "OutOfStock"),
    jumper("J3", "red", "M", 39, priceSpecification={"price": 49, "priceType": SHOP + "ListPrice"}),
]
READ = {
    "id": "G1", "title": "Wool jumper", "brand": "Knit", "url": "https://shop.example/jumper",
    "attributes": {"weight": "300 g", "material": "wool"},
    "variants": [
        {"id": "J1", "price": "49 EUR", "availability": "in stock", "url": "https://shop.example/jumper?v=J1",
         "options": {"color": "navy", "size": "M"}},
        {"id": "J2", "price": "49 EUR", "availability": "out of stock", "options": {"color": "navy", "size": "L"}},
        {"id": "J3", "price": "39 EUR", "list_price": "49 EUR", "options": {"color": "red", "size": "M"}},
    ],
}  # fmt: skip


def test_a_group_is_one_product_with_its_variants(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, CONTEXT | GROUP | {"hasVariant": JUMPERS})
    assert row.values == READ


def test_variants_told_apart_by_their_names_alone(tmp_path: Path) -> None:
    variants = [
        {"@type": "Product", "@id": f"/tee?v={n}#v", "name": name, "gtin13": f"40{n}", "offers": offer(price=20)}
        for n, name in enumerate(["Tee - S", "Tee (M)", "Tee", "Other"])
    ]
    group = {"@type": "ProductGroup", "productGroupID": "T", "name": "Tee", "hasVariant": variants}
    (row,) = rows(tmp_path, CONTEXT | group)
    listed = row.values["variants"]
    assert isinstance(listed, list)
    assert [(v["id"], v.get("options")) for v in listed] == [
        ("400", {"variant": "S"}), ("401", {"variant": "M"}), ("402", None), ("403", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "variants",
    [
        [{"isVariantOf": {"@id": "#g"}}] * 3,
        [{"inProductGroupWithID": "G1"}] * 3,
        [{"isVariantOf": {"@type": "ProductGroup", "productGroupID": "G1"}}] * 3,
    ],
)
def test_variants_that_stand_apart_are_brought_to_their_group(
    tmp_path: Path, variants: list[dict[str, object]]
) -> None:
    nodes = [GROUP, *(jumper | more for jumper, more in zip(JUMPERS, variants, strict=True))]
    found = rows(tmp_path, page(*(CONTEXT | node for node in nodes)))
    assert [row.values for row in found] == [READ]
    assert found[0].lines == tuple(found[0].line + n for n in _offsets(nodes))


def _offsets(nodes: list[dict[str, object]]) -> list[int]:
    """How many lines behind the first node each of the others begins, in a page as `page` writes it."""
    lengths = [json.dumps(CONTEXT | node, indent=1).count("\n") + 3 for node in nodes]
    return [sum(lengths[:n]) for n in range(1, len(nodes))]


def test_references_are_followed_within_the_file(tmp_path: Path) -> None:
    graph = [
        {"@type": "Organization", "@id": "#lumo", "name": "Lumo"},
        LAMP | {"@id": "#p", "brand": {"@id": "#lumo"}, "offers": {"@id": "#o"}},
        {"@type": "Offer", "@id": "#o", "price": 39, "priceCurrency": "EUR"},
        {"@type": "WebPage", "mainEntity": {"@id": "#p"}},
    ]
    (row,) = rows(tmp_path, CONTEXT | {"@graph": graph})
    assert row.values == {"id": "L1", "title": "Oslo lamp", "brand": "Lumo", "price": "39 EUR"}


@pytest.mark.parametrize(
    "document",
    [
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": LAMP}]},
        {"@type": "ItemList", "itemListElement": [LAMP]},
        {"@type": "WebPage", "mainEntity": LAMP},
        {"@type": "Offer", "price": 3, "itemOffered": LAMP},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": LAMP}]},
        {"@type": "OfferCatalog", "itemListElement": [{"@type": "Offer", "itemOffered": LAMP}]},
        {"@graph": [{"@type": ["Product", "Vehicle"], "sku": "L1", "name": "Oslo lamp"}]},
        {"@graph": [{"@type": "https://schema.org/Product", "sku": "L1", "name": "Oslo lamp"}]},
    ],
)
def test_products_stand_in_many_places(tmp_path: Path, document: dict[str, object]) -> None:
    for content in (CONTEXT | document, page(CONTEXT | document)):
        (row,) = rows(tmp_path, content)
        assert {name: row.values[name] for name in ("id", "title")} == {"id": "L1", "title": "Oslo lamp"}


def test_offers_for_several_articles_are_variants(tmp_path: Path) -> None:
    offers = [offer(sku="L1-b", price=39, name="black"), offer(sku="L1-w", price=41, itemOffered={"color": "white"})]
    assert one(tmp_path, offers=offers) == {
        "variants": [
            {"id": "L1-b", "price": "39 EUR", "options": {"name": "black"}},
            {"id": "L1-w", "price": "41 EUR", "options": {"color": "white"}},
        ]
    }


@pytest.mark.parametrize(
    "beside",
    [
        {
            "@type": "Product",
            "name": "Oslo lamp",
            "aggregateRating": {"ratingValue": 4.5},
            "url": "https://shop.example/a",
        },
        {"@type": "Product", "sku": "L1", "name": "Oslo lamp (bright)", "aggregateRating": {"ratingValue": 4.5}},
        {"@type": "Product", "@id": "#p", "aggregateRating": {"ratingValue": 4.5}},
    ],
)
def test_what_a_pages_extensions_say_of_its_product_is_put_together(tmp_path: Path, beside: dict[str, object]) -> None:
    lamp = CONTEXT | LAMP | {"@id": "#p", "url": "https://shop.example/l1"}
    (row,) = rows(tmp_path, page(lamp, CONTEXT | beside))
    assert row.values == {"id": "L1", "title": "Oslo lamp", "url": "https://shop.example/l1", "rating": 4.5}


def test_what_an_extension_says_of_a_group_is_the_groups(tmp_path: Path) -> None:
    beside = {"@type": "Product", "name": GROUP["name"], "aggregateRating": {"ratingValue": 4.5}}
    group = GROUP | {"hasVariant": JUMPERS}
    for nodes in ([group, beside], [beside, group]):
        (row,) = rows(tmp_path, page(*(CONTEXT | node for node in nodes)))
        assert row.values == READ | {"rating": 4.5}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"sku": "1"}, {"sku": "2"}),
        ({"url": "https://shop.example/1"}, {"url": "https://shop.example/2"}),
        ({"sku": "1", "url": "https://shop.example/1"}, {"sku": "2", "url": "https://shop.example/1"}),
        ({"sku": "1", "name": "Rug"}, {"url": "https://shop.example/2"}),
    ],
)
def test_products_that_differ_stay_apart(tmp_path: Path, one: dict[str, object], other: dict[str, object]) -> None:
    lamp = {"@type": "Product", "name": "Lamp"}
    assert len(rows(tmp_path, page(CONTEXT | lamp | one, CONTEXT | lamp | other))) == 2


def test_a_file_of_many_products_is_read_in_a_time_that_grows_with_it(tmp_path: Path) -> None:
    """Looking for the like of each among all others would take minutes."""
    nodes = [LAMP | {"sku": f"L{n}", "name": f"Lamp {n}", "isVariantOf": {"@id": f"#g{n}"}} for n in range(20_000)]
    begun = time.process_time()
    assert len(rows(tmp_path, CONTEXT | {"@graph": nodes})) == 20_000
    assert time.process_time() - begun < 20


def test_a_list_and_one_a_line(tmp_path: Path) -> None:
    two = [CONTEXT | LAMP, CONTEXT | LAMP | {"sku": "L2"}]
    for content in (json.dumps(two), json.dumps(two, indent=2), "\n".join(map(json.dumps, two)) + "\n"):
        assert [row.values["id"] for row in rows(tmp_path, content)] == ["L1", "L2"]
    assert [row.line for row in rows(tmp_path, "\n".join(map(json.dumps, two)))] == [1, 2]


def test_a_saved_page_is_read_with_its_address_and_its_breadcrumbs(tmp_path: Path) -> None:
    trail = [
        {"@type": "ListItem", "position": n, "name": name} for n, name in enumerate(["Home", "Lamps", "Desk lamps"], 1)
    ]
    trail.append({"@type": "ListItem", "position": 4, "item": {"@id": "/oslo", "name": "Oslo lamp"}})
    lamp = LAMP | {"image": "/img/oslo.jpg", "offers": offer(price=39, url="?buy")}
    head = '<link href="https://shop.example/lamps/oslo" rel=canonical>'
    (row,) = rows(
        tmp_path, page(CONTEXT | {"@type": "BreadcrumbList", "itemListElement": trail[::-1]}, CONTEXT | lamp, head=head)
    )
    assert row.values == {
        "id": "L1", "title": "Oslo lamp", "category": "Lamps > Desk lamps", "price": "39 EUR",
        "url": "https://shop.example/lamps/oslo?buy", "image": "https://shop.example/img/oslo.jpg",
    }  # fmt: skip


def test_a_broken_script_costs_itself(tmp_path: Path) -> None:
    content = page(CONTEXT | LAMP, '{"@type": "Product",\n "sku": }', CONTEXT | LAMP | {"sku": "L3"})
    content += '<script type="application/ld+json">\n{"@type": "Product", "sku": "L4"'
    found = rows(tmp_path, content)
    assert [(row.line, row.problem.reason if row.problem else row.values["id"]) for row in found] == [
        (4, "L1"),
        (12, "not valid JSON: Expecting value at character 9, 1 lines further down"),
        (16, "L3"),
        (24, "a <script> that is never closed"),
    ]


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(CONTEXT | LAMP).replace('"', "&quot;"),
        "//<![CDATA[\n" + json.dumps(CONTEXT | LAMP) + "\n//]]>",
        "<!--\n" + json.dumps(CONTEXT | LAMP) + "\n-->",
        json.dumps(CONTEXT | LAMP | {"description": "line\nbreak"}).replace("\\n", "\n"),
        '{"@type": "Product", "sku": "L1", "name": "Oslo lamp"}\n{"@type": "Organization", "name": "x"}',
    ],
)
def test_scripts_as_shop_systems_write_them(tmp_path: Path, script: str) -> None:
    (row,) = rows(tmp_path, page(script))
    assert (row.values["id"], row.values["title"]) == ("L1", "Oslo lamp")


def test_what_a_page_hides_is_not_there() -> None:
    html = (
        '<!-- <script type="application/ld+json">{"a": 1}</script> -->\n'
        "<script>document.write('<script type=\"application/ld+json\">')</script>\n"
        "<SCRIPT class=x TYPE = 'application/ld+json' >\n{}</SCRIPT >"
    )
    assert [(s.line, s.text, s.closed) for s in scripts(html)] == [(3, "\n{}", True)]


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="https://a.example/?x=1&amp;y=2">', "https://a.example/?x=1&y=2"),
        ("<meta property='og:url' content='https://a.example/b'>", "https://a.example/b"),
        ('<base href=https://a.example/>', "https://a.example/"),
        ("<!-- saved from url=(0022)https://a.example/c -->", "https://a.example/c"),
        ('<link rel="stylesheet" href="x.css">', None),
        ("<link rel=canonical>", None),
    ],
)  # fmt: skip
def test_a_pages_own_address(head: str, address: str | None) -> None:
    assert own_address(f"<html><head>{head}</head></html>") == address


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html><body>Hello</body></html>", "a page without products that a program can read"),
        (page(CONTEXT | {"@type": "Organization", "name": "Lumo"}), "its schema.org data holds no Product"),
    ],
)
def test_a_page_without_products(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UnreadableFeed, match=message):
        rows(tmp_path, content)


def test_several_pages_are_one_shop(tmp_path: Path) -> None:
    lamp = CONTEXT | LAMP | {"offers": offer(price=30, priceSpecification={"price": 39, "priceType": "ListPrice"})}
    (tmp_path / "lamp.html").write_text(
        page(lamp, CONTEXT | LAMP | {"sku": "L9", "url": "javascript:x"}), encoding="utf-8"
    )
    (tmp_path / "jumper.html").write_text(page(CONTEXT | GROUP | {"hasVariant": JUMPERS}), encoding="utf-8")
    report = import_feeds([tmp_path / "lamp.html", tmp_path / "jumper.html"], tmp_path / "shop.db")
    assert (report.read, report.inserted, report.rejected) == (3, 2, 1)
    assert [(r.file, r.line, r.id, r.problem.field) for r in report.rejects] == [("lamp.html", 21, "L9", "url")]
    lamp_read, jumper_read = Catalog.open(tmp_path / "shop.db").products()
    assert (lamp_read.variants[0].price, lamp_read.variants[0].was) == (Money(30, "EUR"), Money(39, "EUR"))
    assert [(v.id, v.price, v.was, v.sold_out) for v in jumper_read.variants] == [
        ("J1", Money(49, "EUR"), None, False),
        ("J2", Money(49, "EUR"), None, True),
        ("J3", Money(39, "EUR"), Money(49, "EUR"), False),
    ]
