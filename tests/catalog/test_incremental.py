"""Importing again: only what changed is written and embedded, and what comes out is as if it were all imported anew."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.ingest import ImportOptions, import_feeds
from catalog.store import Catalog
from catalog.types import Constraint, Op
from tests.catalog.test_import import CountingEmbed, write

Row = dict[str, object]
WORDS = ("oak", "steel", "desk", "lamp", "red", "blue", "sofa")


def shop(count: int) -> list[Row]:
    kinds = ("lamp", "desk", "sofa")
    return [
        {"id": f"p{n}", "title": f"Oak {kinds[n % 3]} {n}", "category": kinds[n % 3], "price": 10.0 + n, "stock": n % 5}
        for n in range(count)
    ]


def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that an import runs while it writes, as it runs."""
    seen: list[str] = []
    connect = sqlite3.connect

    def traced(*args: object, **named: object) -> sqlite3.Connection:
        connection = connect(*args, **named)  # type: ignore[call-overload]
        connection.set_trace_callback(seen.append)
        return connection  # type: ignore[no-any-return]

    monkeypatch.setattr("catalog.write.sqlite3.connect", traced)
    return seen


def test_only_what_changed_is_written_and_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, db, embed = shop(400), tmp_path / "shop.db", CountingEmbed()
    import_feeds([write(tmp_path / "feed.jsonl", rows)], db, embed=embed)
    embed.asked.clear()
    rows[7] |= {"price": 99.0}
    rows[100] |= {"title": "Steel lamp 100"}
    rows[201] |= {"stock": 0}
    rows[300] = {"id": "new", "title": "Pine sofa", "category": "sofa", "price": 5.0, "stock": 1}
    seen = statements(monkeypatch)
    report = import_feeds([write(tmp_path / "feed.jsonl", rows)], db, embed=embed)
    assert (report.inserted, report.updated, report.unchanged, report.removed) == (1, 3, 396, 1)
    assert (report.written, report.embedded, embed.asked) == (4, 2, ["Pine sofa. sofa", "Steel lamp 100. desk"])
    products = [s.split("VALUES (")[1].split(", ")[:2] for s in seen if s.startswith("REPLACE INTO products")]
    assert products == [["7", "'p7'"], ["100", "'p100'"], ["201", "'p201'"], ["300", "'new'"]]
    assert [s for s in seen if s.startswith("UPDATE products")] == []
    keywords = [s for s in seen if s.startswith("INSERT INTO keywords")]
    assert [("'delete'" in s, "Pine" in s or "Steel" in s) for s in keywords] == [(True, False)] * 2 + [
        (False, True)
    ] * 2


def test_the_last_products_move_into_places_that_stay_empty(tmp_path: Path) -> None:
    db, rows = tmp_path / "shop.db", shop(10)
    import_feeds([write(tmp_path / "feed.jsonl", rows)], db)
    left = [row for n, row in enumerate(rows) if n not in (1, 4, 9)]
    report = import_feeds([write(tmp_path / "feed.jsonl", left)], db)
    assert (report.removed, report.unchanged, report.written) == (3, 7, 2)
    assert Catalog.open(db).ids == ("p0", "p7", "p2", "p3", "p8", "p5", "p6")
    assert_as_if_new(db, left, tmp_path)


def seen_of(catalog: Catalog) -> Mapping[str, object]:
    """What a catalogue answers, without regard to the order of its products."""
    ids, everything = catalog.ids, len(catalog)
    return {
        "products": {product.id: product for product in catalog.products()},
        "slots": catalog.slots,
        "terms": {slot.name: catalog.vocabulary(slot.name) for slot in catalog.slots},
        "keywords": {
            word: {ids[place]: round(score, 9) for place, score in catalog.keywords(word, everything)} for word in WORDS
        },
        "frequencies": [catalog.document_frequency(word) for word in WORDS],
        "cheap": {ids[place] for place in catalog.match([Constraint("price", Op.LE, 12.0)]).nonzero()[0]},
        "language": (catalog.language, catalog.currency),
    }


def assert_as_if_new(db: Path, rows: Sequence[Row], folder: Path, options: ImportOptions | None = None) -> None:
    anew = folder / "anew.db"
    anew.unlink(missing_ok=True)
    import_feeds([write(folder / "anew.jsonl", rows)], anew, options)
    assert seen_of(Catalog.open(db)) == seen_of(Catalog.open(anew))


_row = st.fixed_dictionaries(
    {
        "title": st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
        "category": st.sampled_from(["lamp", "desk"]),
        "price": st.sampled_from([10.0, 12.5, "20 EUR"]),
        "colour": st.sampled_from(["red", "blue", ""]),
        "stock": st.sampled_from([0, 3]),
    }
)
_rows = st.dictionaries(st.sampled_from("abcdefgh"), _row, min_size=1, max_size=8)
_step = st.tuples(st.sampled_from(["full", "delta"]), _rows)


@given(_rows, st.lists(_step, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_any_imports_come_to_what_one_comes_to(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, Row], steps: list[tuple[str, dict[str, Row]]]
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    holds: dict[str, Row] = {}
    options = ImportOptions(currency="USD", allow_shrink=True)  # a delta's would be the catalogue's
    for how, found in [("full", first), *steps]:
        feed = write(folder / "feed.jsonl", [{"id": id} | row for id, row in found.items()])
        import_feeds([feed], folder / "shop.db", replace(options, delta=how == "delta"))
        holds = holds | found if how == "delta" else found
    assert_as_if_new(folder / "shop.db", [{"id": id} | row for id, row in holds.items()], folder, options)


def test_a_reader_sees_old_or_new_and_never_half(tmp_path: Path) -> None:
    """A thread opens and asks the catalogue all the time while imports turn every product from one state to the other."""
    states = [
        write(
            tmp_path / f"{word}.jsonl",
            [{"id": f"p{n}", "title": f"{word} lamp {n}", "colour": word, "price": n} for n in range(300)],
        )
        for word in ("red", "blue")
    ]
    db, done = tmp_path / "shop.db", threading.Event()
    import_feeds([states[0]], db)
    seen: list[object] = []

    def look() -> None:
        while not done.is_set():
            catalog = Catalog.open(db)
            words = {product.title.split()[0] for product in catalog.products()}
            found = [int(catalog.match([Constraint("colour", Op.EQ, word)]).sum()) for word in ("red", "blue")]
            hits = [len(catalog.keywords(word, 400)) for word in ("red", "blue")]
            seen.append((tuple(words), *found, *hits))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for turn in range(1, 21):
            assert import_feeds([states[turn % 2]], db).updated == 300
    finally:
        done.set()
        reader.join()
    assert set(seen) == {(("red",), 300, 0, 300, 0), (("blue",), 0, 300, 0, 300)}
