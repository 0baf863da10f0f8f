"""A row that was taken states the same when it is read again from what was kept of it; whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.feeds.rows import CANONICAL
from catalog.ingest import import_feeds
from catalog.intake import write_record
from catalog.mapping import NO_RECORD, Reader
from catalog.meaning import ColumnMap
from catalog.store import Catalog
from errors import UnreadableFeed

READER = Reader(ColumnMap({field: field for field in CANONICAL}), "EUR")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1", "1e999", "S/M", "5 kg", "4,99 EUR per 100 ml", "https://a.example/x", "yes", "red; blue"])
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=6)  # fmt: skip
VARIANTS = st.lists(
    st.dictionaries(st.sampled_from(["id", "price", "stock", "options", "currency"]), VALUES), max_size=3
)
ROWS = st.dictionaries(st.sampled_from([*CANONICAL, "size"]), VALUES).flatmap(
    lambda row: st.fixed_dictionaries({"id": SCALARS, "title": SCALARS, "variants": VARIANTS}).map(
        lambda own: row | own
    )
)


@settings(max_examples=400)
@given(ROWS)
def test_a_kept_row_states_what_it_stated(row: dict[str, object]) -> None:
    reading = READER.read(row, write_record(row))
    if reading.product:
        kept = json.loads(write_record(reading.values))
        assert READER.product(kept, NO_RECORD) == reading.product
        assert len(READER.variant_ids(kept)) in (0, len(reading.product.variants))


@pytest.mark.parametrize("field", ["id", "title", "brand", "weight"])
def test_a_number_beyond_all_numbers_is_refused_wherever_it_stands(tmp_path: Path, field: str) -> None:
    feed, db = tmp_path / "feed.jsonl", tmp_path / "shop.db"
    rows: list[dict[str, object]] = [{"id": "1", "title": "Lamp", "price": 3}, {"id": "2", "title": "Rug", field: 9e99}]
    feed.write_text("".join(json.dumps(row) + "\n" for row in rows).replace("9e+99", "9e999"))
    for _ in range(2):
        (reject,) = import_feeds([feed], db).rejects
        assert (reject.line, reject.problem.field, reject.problem.reason) == (2, field, "not a finite number")
    assert Catalog.open(db).ids == ("1",)


def test_numbers_beyond_all_numbers_alone_are_no_feed(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"id": 1e999, "title": "Lamp", "options": [1e999]}\n')
    with pytest.raises(UnreadableFeed, match="1 × id: not a finite number"):
        import_feeds([feed], tmp_path / "shop.db")


def test_nought_is_an_id(tmp_path: Path) -> None:
    feed, db = tmp_path / "feed.jsonl", tmp_path / "shop.db"
    feed.write_text('{"id": 0, "title": "Lamp", "variants": [{"id": 0, "price": 3}, {"price": 4}]}\n')
    import_feeds([feed], db)
    (product,) = Catalog.open(db).products()
    assert (product.id, [variant.id for variant in product.variants]) == ("0", ["0", "0-2"])


@pytest.mark.parametrize("rest", ['"weight": N', '"price": N', '"stock": N', '"variants": [{"price": N}, {"id": 1}]'])
def test_a_number_of_four_hundred_digits_stops_no_import(tmp_path: Path, rest: str) -> None:
    feed, db = tmp_path / "feed.jsonl", tmp_path / "shop.db"
    bad = rest.replace("N", "9" * 400)
    feed.write_text(f'{{"id": "1", "title": "Lamp", {bad}}}\n{{"id": "2", "title": "Rug", "price": 3}}\n')
    for _ in range(2):
        report = import_feeds([feed], db)
        assert (report.inserted or report.unchanged, len(report.rejects)) in [(2, 0), (1, 1), (2, 1)]
    assert "2" in Catalog.open(db).ids
