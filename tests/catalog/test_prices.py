"""Price-only feeds and dry runs: prices and stock land in the shop's own rows; what would change is told field by field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.ingest import ImportOptions, ImportReport, import_feeds
from catalog.store import Catalog
from catalog.types import Money
from errors import ImportRefused, UnreadableFeed
from tests.catalog.test_import import CountingEmbed, counts, write
from tests.catalog.test_incremental import assert_as_if_new

PRICES = ImportOptions(prices=True)
ROWS: list[dict[str, object]] = [
    {"id": "lamp", "title": "Desk lamp", "Preis": "30,00 EUR", "colour": "red", "stock": 3},
    {"id": "rug", "title": "Wool rug", "Preis": "12,50 EUR", "availability": "out of stock"},
    {"id": "shoe", "title": "Trail shoe", "Preis": "80,00 EUR", "variants": [
        {"id": "shoe-41", "price": "80,00 EUR", "stock": 0, "options": {"size": "41"}},
        {"id": "shoe-42", "price": "85,00 EUR", "stock": 2, "options": {"size": "42"}},
    ]},
]  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> Path:
    import_feeds([write(tmp_path / "feed.jsonl", ROWS)], tmp_path / "shop.db", ImportOptions({"price": "Preis"}))
    return tmp_path / "shop.db"


def prices(db: Path, text: str, dry_run: bool = False) -> ImportReport:
    feed = db.parent / "prices.csv"
    feed.write_text(text, encoding="utf-8")
    return import_feeds([feed], db, ImportOptions(prices=True, dry_run=dry_run))


def offers(db: Path) -> dict[str, tuple[float | None, float | None, int | None, bool]]:
    """Variant -> price, price before, stock, sold out."""
    return {
        v.id: (v.price.amount if v.price else None, v.was.amount if v.was else None, v.stock, product.sold_out(v))
        for product in Catalog.open(db).products()
        for v in product.variants
    }


def test_prices_and_stock_land_and_everything_else_stays(db: Path) -> None:
    before = {product.id: product for product in Catalog.open(db).products()}
    report = prices(db, 'sku,price,sale price,stock\nlamp,"28,50 EUR","25,00 EUR",5\nshoe-42,90 EUR,,0\nrug,,,4\n')
    assert counts(report) == {"read": 3, "updated": 3}
    assert report.written == 3
    assert offers(db) == {
        "lamp": (25.0, 28.5, 5, False),
        "rug": (12.5, None, 4, False),
        "shoe-41": (80.0, None, 0, True),
        "shoe-42": (90.0, None, 0, True),
    }
    after = {product.id: product for product in Catalog.open(db).products()}
    for id, product in before.items():
        assert (after[id].title, after[id].attributes) == (product.title, product.attributes)
    assert after["lamp"].price == Money(25.0, "EUR")


def test_the_same_prices_again_change_nothing_and_the_whole_feed_brings_its_own_back(db: Path) -> None:
    text = "id,price,availability\nlamp,20 EUR,out of stock\nrug,13.00 EUR,in stock\n"
    assert counts(prices(db, text)) == {"read": 2, "updated": 2}
    assert offers(db)["lamp"] == (20.0, None, None, True)
    assert counts(prices(db, text)) == {"read": 2, "unchanged": 2}
    whole = ImportOptions({"price": "Preis"})
    assert counts(import_feeds([db.parent / "feed.jsonl"], db, whole)) == {"read": 3, "updated": 2, "unchanged": 1}
    assert counts(import_feeds([db.parent / "feed.jsonl"], db, whole)) == {"read": 3, "unchanged": 3}
    assert offers(db)["rug"] == (12.5, None, None, True)


def test_what_cannot_land_is_rejected_with_its_line(db: Path) -> None:
    report = prices(db, "id,price\nlamp,20\nsofa,5 EUR\nshoe,70 EUR\nrug,12 USD\nlamp,21\nshoe-41,soon\n")
    assert counts(report) == {"read": 6, "updated": 1, "rejected": 5}
    assert sorted((r.line, r.id, r.problem.field, r.problem.reason) for r in report.rejects) == [
        (3, "sofa", "id", "no product or variant of the catalogue has this id"),
        (4, "shoe", "id", "a product of 2 variants: name one of them, such as shoe-41"),
        (5, "rug", "price", "the product's prices are in EUR"),
        (6, "lamp", "id", "stands already in prices.csv, line 2"),
        (7, "shoe-41", "price", "not an amount of money of zero or more, such as 24.90 or 24.90 USD"),
    ]


def test_a_variant_of_two_products_is_neither_ones(tmp_path: Path) -> None:
    rows = [{"id": id, "title": "Oak desk", "variants": [{"id": "s", "price": 5}]} for id in ("one", "two")]
    import_feeds([write(tmp_path / "feed.jsonl", rows)], tmp_path / "shop.db")
    report = prices(tmp_path / "shop.db", "id,price\none,6\ns,7\n")
    assert counts(report) == {"read": 2, "updated": 1, "rejected": 1}
    assert report.rejects[0].problem.reason == "variants of 2 products have this id: of one, two"


def test_rows_that_list_variants_price_each_of_them(db: Path) -> None:
    row = {"id": "shoe", "variants": [{"id": "shoe-41", "price": 70}, {"id": "shoe-42", "price": 60, "list_price": 85}]}
    report = import_feeds([write(db.parent / "prices.jsonl", [row])], db, ImportOptions(prices=True, currency="EUR"))
    assert counts(report) == {"read": 1, "updated": 1}
    assert offers(db)["shoe-41"] == (70.0, None, 0, True)
    assert offers(db)["shoe-42"] == (60.0, 85.0, 2, False)


def test_new_prices_embed_nothing(tmp_path: Path) -> None:
    embed, db = CountingEmbed(), tmp_path / "shop.db"
    import_feeds([write(tmp_path / "feed.jsonl", ROWS)], db, ImportOptions({"price": "Preis"}), embed)
    assert len(embed.asked) == 3
    import_feeds([write(tmp_path / "p.jsonl", [{"id": "lamp", "price": "1 EUR"}])], db, PRICES, embed)
    assert len(embed.asked) == 3
    assert_as_if_new(db, [json.loads(json.dumps(product.record)) for product in Catalog.open(db).products()], tmp_path)


def test_prices_need_products_and_an_id(tmp_path: Path, db: Path) -> None:
    feed = write(tmp_path / "p.jsonl", [{"id": "lamp", "price": 1}])
    with pytest.raises(ImportRefused, match="no products to give prices to; import the whole feed first"):
        import_feeds([feed], tmp_path / "none.db", PRICES)
    with pytest.raises(UnreadableFeed, match="no id column among price"):
        prices(db, "price\n3\n")
    with pytest.raises(UnreadableFeed, match="all 1 rows were rejected"):
        prices(db, "id,price\nsofa,3\n")


def test_a_dry_run_tells_what_would_change_field_by_field(db: Path, tmp_path: Path) -> None:
    before = db.read_bytes()
    rows: list[dict[str, object]] = [
        ROWS[0] | {"Preis": "31,00 EUR", "colour": "blue"},
        ROWS[2] | {"variants": [{"id": "shoe-41", "stock": 1}]},
        {"id": "bed", "title": "Oak bed"},
        {"id": "bad", "title": ""},
    ]
    feed = write(tmp_path / "next.jsonl", rows)
    report = import_feeds([feed], db, ImportOptions({"price": "Preis"}, dry_run=True))
    assert report.to_json()["changes"] == [
        {"change": "inserted", "id": "bed", "title": "Oak bed"},
        {"change": "updated", "id": "lamp", "title": "Desk lamp",
         "fields": {"Preis": ["30,00 EUR", "31,00 EUR"], "colour": ["red", "blue"]}},
        {"change": "updated", "id": "shoe", "title": "Trail shoe", "fields": {
            "variants[1].price": ["80,00 EUR", None], "variants[1].stock": ["0", "1"],
            "variants[1].options.size": ["41", None], "variants[2].id": ["shoe-42", None],
            "variants[2].price": ["85,00 EUR", None], "variants[2].stock": ["2", None],
            "variants[2].options.size": ["42", None]}},
        {"change": "removed", "id": "rug", "title": "Wool rug"},
        {"change": "rejected", "file": "next.jsonl", "line": 4, "id": "bad", "field": "title", "value": "",
         "reason": "a product needs a title"},
    ]  # fmt: skip
    assert db.read_bytes() == before
    assert "changes" not in import_feeds([feed], db, ImportOptions({"price": "Preis"})).to_json()


def test_changes_alone_keep_the_catalogues_currency_and_language(tmp_path: Path) -> None:
    db, said = tmp_path / "shop.db", ImportOptions(currency="EUR", language="zh")
    import_feeds([write(tmp_path / "feed.jsonl", [{"id": "1", "title": "Lamp", "price": 3}])], db, said)
    prices(db, "id,price\n1,4\n")
    new = write(tmp_path / "new.jsonl", [{"id": "2", "title": "Rug", "price": 5}])
    import_feeds([new], db, ImportOptions(delta=True))
    catalog = Catalog.open(db)
    assert (catalog.language, catalog.currency) == ("zh", "EUR")
    assert [product.price for product in catalog.products()] == [Money(4.0, "EUR"), Money(5.0, "EUR")]
    import_feeds([new], db, ImportOptions(delta=True, language="en"))
    assert Catalog.open(db).language == "en"
