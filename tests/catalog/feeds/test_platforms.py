"""Feeds of shop platforms all the way: imported, counted, filtered by variant, imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ingest import ImportOptions, ImportReport, import_feeds
from catalog.store import Catalog
from catalog.types import Constraint, Money, Op
from errors import ImportRefused, UnreadableFeed


def write(path: Path, rows: Sequence[Mapping[str, object]], delimiter: str = ",") -> Path:
    text = io.StringIO()
    headers = list(dict.fromkeys(header for row in rows for header in row))
    table = csv.DictWriter(text, headers, restval="", delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", errors="surrogateescape")
    return path


def shopify(handle: str, size: str, colour: str, price: str, stock: int, **more: object) -> dict[str, object]:
    return {"Handle": handle, "Title": handle.capitalize(), "Option1 Name": "Size", "Option1 Value": size,
            "Option2 Name": "Color", "Option2 Value": colour, "Variant SKU": f"{handle}-{size}-{colour}",
            "Variant Price": price, "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": stock,
            "Variant Inventory Policy": "deny", "Status": "active"} | more  # fmt: skip


def google(group: str, size: str, colour: str, price: str, stock: int) -> dict[str, object]:
    return {"id": f"{group}-{size}-{colour}", "title": f"{group} {colour} {size}", "item_group_id": group,
            "link": f"https://shop.example/{group}", "image_link": f"https://shop.example/{group}.jpg", "size": size,
            "color": colour, "price": f"{price} USD", "availability": "in_stock" if stock else "out_of_stock",
            "condition": "new"}  # fmt: skip


def woocommerce(parent: str, size: str, colour: str, price: str, stock: int) -> dict[str, object]:
    return {"ID": f"{parent}-{size}-{colour}", "Type": "variation", "Parent": parent, "Name": parent,
            "Regular price": price, "In stock?": int(stock > 0), "Stock": stock, "Attribute 1 name": "Size",
            "Attribute 1 value(s)": size, "Attribute 2 name": "Color", "Attribute 2 value(s)": colour}  # fmt: skip


WANTED = (
    ("S", "red", "30", 3),
    ("M", "blue", "30", 3),
    ("M", "red", "35", 0),
    ("M", "red", "40", 2),
    ("L", "red", "20", 5),
)
PARENT: dict[str, object] = {"ID": "id-tee", "Type": "variable", "SKU": "tee", "Name": "Tee", "Published": "1"}


@pytest.mark.parametrize("platform", ["shopify", "google", "woocommerce"])
def test_the_variant_that_meets_the_wishes_is_the_one_shown(tmp_path: Path, platform: str) -> None:
    """Size M, red: the one in stock, though the sold-out one is cheaper and another size cheaper still."""
    rows = {
        "shopify": [shopify("tee", *w) | {"Variant SKU": f"v{n}"} for n, w in enumerate(WANTED)],
        "google": [google("tee", *w) | {"id": f"v{n}"} for n, w in enumerate(WANTED)],
        "woocommerce": [PARENT, *(woocommerce("tee", *w) | {"ID": f"v{n}"} for n, w in enumerate(WANTED))],
    }[platform]
    delimiter = "\t" if platform == "google" else ","
    if platform == "shopify":  # two variants with the same options are one thing twice: give them another option
        rows[2]["Option3 Name"], rows[2]["Option3 Value"] = "Fit", "slim"
    report = import_feeds([write(tmp_path / "feed.csv", rows, delimiter)], tmp_path / "shop.db")
    assert (report.read, report.inserted, report.rejected) == (1, 1, 0)
    catalog = Catalog.open(tmp_path / "shop.db")
    names = {slot.name.casefold(): slot.name for slot in catalog.slots}
    wishes = [Constraint(names["size"], Op.EQ, "M"), Constraint(names["color"], Op.EQ, "red")]
    assert catalog.match(wishes).tolist() == [True]
    chosen = catalog.variant_for(0, wishes)
    assert chosen is not None
    assert (chosen.id, chosen.price, chosen.sold_out) == ("v3", Money(40.0, "USD"), False)
    assert catalog.match([*wishes, Constraint("price", Op.LE, 34.0)]).tolist() == [False]


def counts(report: ImportReport) -> dict[str, int]:
    names = ("read", "inserted", "updated", "unchanged", "removed", "rejected")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_bad_variants_and_drafts_are_told_again_and_change_nothing(tmp_path: Path) -> None:
    rows = [
        shopify("tee", "S", "red", "30", 3),
        shopify("tee", "M", "red", "ask", 3),
        shopify("mug", "one", "white", "9", 1),
        shopify("hat", "one", "black", "12", 1, Status="draft"),
    ]
    feed, db = write(tmp_path / "feed.csv", rows), tmp_path / "shop.db"
    first = import_feeds([feed], db)
    assert counts(first) == {"read": 4, "inserted": 2, "rejected": 2}
    assert [(r.line, r.id, r.problem.field) for r in first.rejects] == [(3, "tee-M-red", "price"), (5, "hat", "Status")]
    assert counts(import_feeds([feed], db)) == {"read": 4, "unchanged": 2, "rejected": 2}


def test_a_product_none_of_whose_rows_can_be_read_stays_as_it_was(tmp_path: Path) -> None:
    rows = [google("tee", "S", "red", "30", 3), google("tee", "M", "red", "30", 3), google("mug", "M", "white", "9", 1)]
    db = tmp_path / "shop.db"
    import_feeds([write(tmp_path / "feed.csv", rows)], db)
    broken = [*(row | {"sale_price": "20 USD", "sale_price_effective_date": "now"} for row in rows[:2]), rows[2]]
    report = import_feeds([write(tmp_path / "feed.csv", broken)], db)
    assert counts(report) == {"read": 3, "unchanged": 1, "rejected": 2}
    assert [(r.line, r.id) for r in report.rejects] == [(2, "tee-S-red"), (3, "tee-M-red")]
    assert Catalog.open(db).ids == ("tee", "mug")


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("image_link", "javascript:alert(1)", "image"),
        ("link", "ftp://shop.example", "url"),
        ("title", "Thé é é\udcff", "title"),
        ("adult", "perhaps", "adult"),
    ],
)
def test_a_fault_of_a_groups_first_row_costs_that_row_alone(
    tmp_path: Path, column: str, value: str, field: str
) -> None:
    rows = [google("tee", "S", "red", "30", 3), google("tee", "M", "blue", "35", 3)]
    feed = write(tmp_path / "feed.csv", [rows[0] | {"adult": "no", column: value}, rows[1] | {"adult": "no"}])
    report = import_feeds([feed], tmp_path / "shop.db")
    assert counts(report) == {"read": 2, "inserted": 1, "rejected": 1}
    assert [(r.line, r.id, r.problem.field) for r in report.rejects] == [(2, "tee-S-red", field)]
    (tee,) = Catalog.open(tmp_path / "shop.db").products()
    assert (tee.id, [v.id for v in tee.variants], tee.url, tee.image) == (
        "tee", ["tee-M-blue"], "https://shop.example/tee", "https://shop.example/tee.jpg"
    )  # fmt: skip


def test_a_picture_that_is_none_costs_its_own_row_of_a_shopify_export(tmp_path: Path) -> None:
    picture = "https://cdn.example/2.jpg"
    rows = [
        shopify("tee", "S", "red", "30", 3, **{"Image Src": "javascript:x", "Image Position": 1}),
        shopify("tee", "M", "blue", "35", 3, **{"Title": "", "Image Src": picture, "Image Position": 2}),
        {"Handle": "tee", "Image Src": "data:image/png,x", "Image Position": 3},
    ]
    report = import_feeds([write(tmp_path / "feed.csv", rows)], tmp_path / "shop.db")
    assert [(r.line, r.id, r.problem.field) for r in report.rejects] == [(2, "tee-S-red", "image"), (4, "tee", "image")]
    (tee,) = Catalog.open(tmp_path / "shop.db").products()
    assert (tee.title, [v.id for v in tee.variants], tee.image) == ("Tee", ["tee-M-blue"], picture)


def test_a_draft_is_no_fault_but_leaves_the_shop(tmp_path: Path) -> None:
    rows = [shopify(handle, "one", "red", "9", 1) for handle in ("tee", "mug", "hat")]
    db, strict = tmp_path / "shop.db", ImportOptions(strict=True)
    import_feeds([write(tmp_path / "feed.csv", rows)], db, strict)
    rows[2]["Status"] = "draft"
    report = import_feeds([write(tmp_path / "feed.csv", rows)], db, strict)
    assert counts(report) == {"read": 3, "unchanged": 2, "removed": 1, "rejected": 1}
    rows[1]["Variant Price"] = "soon"
    with pytest.raises(ImportRefused, match=r"--strict: 1 rows? .* line 3 \(price"):
        import_feeds([write(tmp_path / "feed.csv", rows)], db, strict)


def test_a_sale_price_beside_a_price_that_names_the_currency(tmp_path: Path) -> None:
    """The dear price is 1.299,00 in the same style as the others: what tells is the column of either price."""
    rows = [
        {"id": "1", "title": "Sofa", "price (EUR)": "1.299", "sale price": "999,50"},
        {"id": "2", "title": "Chair", "price (EUR)": "89,90", "sale price": ""},
    ]
    import_feeds([write(tmp_path / "feed.csv", rows, ";")], tmp_path / "shop.db")
    sofa, chair = Catalog.open(tmp_path / "shop.db").products()
    assert (sofa.price, sofa.variants[0].was) == (Money(999.5, "EUR"), Money(1299.0, "EUR"))
    assert (chair.price, chair.variants[0].was) == (Money(89.9, "EUR"), None)


CELLS = st.sampled_from(["", "1", "19.90", "-3", "free", "S", "M", "red", "Red/Blue", "yes", "false", "draft", "1,5",
                         "\udcff", "https://s.example/x", "javascript:x", "2026-07-01/2026-07-31", "id:1", "0.5 kg",
                         "a:b:c,d:e:f", "<b>x</b>", "variation", "variable", "simple", "-1", "continue", "parent"])  # fmt: skip
COLUMNS = {
    "google": ["id", "title", "item_group_id", "link", "image_link", "availability", "price", "sale_price", "gtin",
               "sale_price_effective_date", "expiration_date", "color", "size", "product_detail", "condition", "adult",
               "unit_pricing_measure", "unit_pricing_base_measure", "additional_image_link"],
    "shopify": ["Handle", "Title", "Body (HTML)", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Price",
                "Variant Compare At Price", "Variant Inventory Qty", "Variant Inventory Policy", "Image Src",
                "Image Position", "Variant Image", "Status", "Published", "Tags", "Variant Grams"],
    "woocommerce": ["ID", "Type", "SKU", "Name", "Parent", "Published", "Regular price", "Sale price", "In stock?",
                    "Stock", "Date sale price starts", "Date sale price ends", "Categories", "Images", "Weight (kg)",
                    "Attribute 1 name", "Attribute 1 value(s)", "Visibility in catalog", "Meta: care"],
}  # fmt: skip


@pytest.mark.parametrize("platform", list(COLUMNS))
@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_add_up_whatever_stands_in_the_cells(
    tmp_path_factory: pytest.TempPathFactory, platform: str, data: st.DataObject
) -> None:
    """And the same feed again says the same and changes nothing."""
    folder = tmp_path_factory.mktemp(platform)
    ids = st.sampled_from(["1", "2", "3", "A"])
    first = {column: ids if column in ("id", "Handle", "ID") else CELLS for column in COLUMNS[platform]}
    rows = data.draw(st.lists(st.fixed_dictionaries(first), min_size=1, max_size=8))
    good = (
        dict.fromkeys(COLUMNS[platform], "")
        | {
            "google": {"id": "good", "title": "Good", "price": "3 EUR"},
            "shopify": {"Handle": "good", "Title": "Good", "Variant Price": "3"},
            "woocommerce": {"ID": "good", "Type": "simple", "Name": "Good", "Regular price": "3"},
        }[platform]
    )
    feed = folder / "feed.tsv"
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS[platform], delimiter="\t")
    table.writeheader()
    table.writerows([*rows, good])
    feed.write_text(text.getvalue(), encoding="utf-8", errors="surrogateescape")
    again = ImportOptions(allow_shrink=True)
    report = import_feeds([feed], folder / "shop.db", again)
    assert report.read == report.inserted + report.updated + report.unchanged + report.rejected
    catalog = Catalog.open(folder / "shop.db")
    assert len(catalog) == report.inserted
    second = import_feeds([feed], folder / "shop.db", again)
    assert (second.read, second.unchanged, second.rejects) == (report.read, report.inserted, report.rejects)
    assert all(any(variant.id for variant in product.variants) for product in catalog.products())


def test_a_feed_of_drafts_alone_says_so(tmp_path: Path) -> None:
    feed = write(tmp_path / "feed.csv", [shopify("tee", "S", "red", "3", 1, Status="draft")])
    with pytest.raises(UnreadableFeed, match="not for sale: a draft"):
        import_feeds([feed], tmp_path / "shop.db")
