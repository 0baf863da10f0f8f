"""What is read of every record at once: titles by position, and products by the ids of their variants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog import skim
from catalog.ingest import import_feeds
from catalog.store import Catalog

SHIRTS = [
    {"id": "s-1", "title": "Plain shirt", "price": "20 EUR", "variants": [
        {"id": "s-1-red", "price": "20 EUR", "stock": 3, "options": {"colour": "red"}},
        {"id": 4711, "price": "22 EUR", "stock": 0, "options": {"colour": "blue"}},
        {"price": "24 EUR", "options": {"colour": "green"}}]},
    {"id": "s-2", "title": "Striped shirt", "variants": [{"id": "M", "price": "30 EUR"}, {"id": "L", "price": "31 EUR"}]},
    {"id": "s-3", "title": "Checked shirt", "price": "40 EUR"},
    {"id": "s-4", "title": "Linen shirt", "variants": [{"id": "M", "price": "50 EUR"}, {"id": "s-4", "price": "51 EUR"}]},
]  # fmt: skip


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setattr(skim, "AT_ONCE", 2)
    feed = tmp_path / "shirts.jsonl"
    feed.write_text("".join(json.dumps(shirt) + "\n" for shirt in SHIRTS), encoding="utf-8")
    import_feeds([feed], tmp_path / "shop.db")
    return Catalog.open(tmp_path / "shop.db")


def test_titles_come_by_position(catalog: Catalog) -> None:
    assert list(catalog.titles()) == ["Plain shirt", "Striped shirt", "Checked shirt", "Linen shirt"]
    assert list(catalog.titles()) == [product.title for product in catalog.products()]


@pytest.mark.parametrize(
    ("id", "products"),
    [
        ("s-1-red", ["s-1"]),
        ("4711", ["s-1"]),
        ("s-1-3", ["s-1"]),  # the third, for which the feed has no id
        ("L", ["s-2"]),
        ("M", ["s-2", "s-4"]),
        ("s-4", ["s-4"]),
        ("s-3", []),  # lists none
        ("s-1", []),
        ("m", []),
        ("", []),
    ],
)
def test_products_are_found_by_the_ids_of_their_variants(catalog: Catalog, id: str, products: list[str]) -> None:
    assert [product.id for product in catalog.with_variant(id)] == products


def test_every_variant_that_is_listed_leads_back(catalog: Catalog) -> None:
    for product in catalog.products():
        for variant in product.variants:
            assert product in catalog.with_variant(variant.id) or (variant.id,) == (product.id,)
