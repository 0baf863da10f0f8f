"""What a catalogue keeps through imports, and what it says when it cannot be opened."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog.ingest import ImportOptions, import_feeds
from catalog.migrations import FORMAT
from catalog.store import Catalog
from catalog.types import Constraint, Op, Order
from errors import NoCatalog
from tests.catalog.test_import import CountingEmbed, write

LAMP = {"id": "1", "title": "Desk lamp", "category": "lamp", "price": 30}
DESK = {"id": "2", "title": "Oak desk", "category": "desk", "price": 200}


class LengthEmbed:
    """Places a text by its length alone."""

    id = "length@1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        vectors = np.array([[1.0, len(text)] for text in texts], np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def feed(tmp_path: Path, *rows: dict[str, object]) -> Path:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_an_import_without_an_encoder_keeps_the_vectors_there_are(tmp_path: Path) -> None:
    db, embed = tmp_path / "shop.db", LengthEmbed()
    import_feeds([feed(tmp_path, LAMP)], db, embed=embed)
    before = Catalog.open(db).vectors
    import_feeds([feed(tmp_path, LAMP, DESK)], db)
    catalog = Catalog.open(db)
    assert before is not None
    assert catalog.vectors is not None
    assert catalog.embedder_id == "length@1"
    assert catalog.vectors.tolist() == [before[0].tolist(), [0.0, 0.0]]
    assert import_feeds([feed(tmp_path, LAMP, DESK)], db, embed=embed).embedded == 1
    filled = Catalog.open(db).vectors
    assert filled is not None
    assert filled.any(axis=1).all()
    assert len(embed.asked) == 2
    assert import_feeds([feed(tmp_path, LAMP, DESK)], db, embed=embed).embedded == 0


def test_another_encoder_makes_all_vectors_anew(tmp_path: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed(tmp_path, LAMP, DESK)], db, embed=LengthEmbed())
    other = LengthEmbed()
    other.id = "length@2"
    report = import_feeds([feed(tmp_path, LAMP, DESK)], db, embed=other)
    assert (report.unchanged, report.embedded, Catalog.open(db).embedder_id) == (2, 2, "length@2")


def test_another_reading_that_makes_no_difference_is_no_update(tmp_path: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed(tmp_path, LAMP | {"price": "30.00 USD"}, DESK)], db)
    report = import_feeds([feed(tmp_path, LAMP | {"price": "30.00 USD"}, DESK)], db, ImportOptions(currency="EUR"))
    assert (report.unchanged, report.updated) == (1, 1)
    assert [p.price and p.price.currency for p in Catalog.open(db).products()] == ["USD", "EUR"]


def test_new_word_lists_work_the_catalogue_out_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed(tmp_path, LAMP, DESK)], db)
    first = Catalog.open(db).generation
    monkeypatch.setattr("catalog.build.code", lambda: "other lists")
    assert import_feeds([feed(tmp_path, LAMP, DESK)], db).unchanged == 2
    assert Catalog.open(db).generation != first


def test_an_open_catalogue_stays_as_it_was_opened(tmp_path: Path) -> None:
    db = tmp_path / "shop.db"
    import_feeds([feed(tmp_path, LAMP, DESK)], db, embed=LengthEmbed())
    opened = Catalog.open(db)
    for price in (25, 20, 15):
        import_feeds([feed(tmp_path, LAMP | {"price": price}, DESK)], db)
    assert opened.get(["1"])[0].price != Catalog.open(db).get(["1"])[0].price
    assert opened.span("price", np.array([True, False])) == (30.0, 30.0)
    assert opened.generation != Catalog.open(db).generation
    assert opened.vectors is not None
    assert opened.vectors.shape == (2, 2)
    assert len(list(Path(f"{db}.d").glob("columns-*"))) == 2


def test_products_sort_by_the_price_of_what_is_in_stock(tmp_path: Path) -> None:
    def variants(*pairs: tuple[float, int]) -> list[dict[str, object]]:
        return [{"id": f"v{n}", "price": price, "stock": stock} for n, (price, stock) in enumerate(pairs)]

    rows = [
        LAMP | {"id": "a", "price": None, "variants": variants((10, 0), (50, 2))},
        LAMP | {"id": "b", "price": None, "variants": variants((40, 1))},
        LAMP | {"id": "c", "price": None, "variants": variants((20, 0))},
        LAMP | {"id": "d", "price": None},
    ]
    import_feeds([feed(tmp_path, *rows)], db := tmp_path / "shop.db")
    catalog = Catalog.open(db)
    everything = np.ones(4, np.bool_)
    ordered = {d: [catalog.ids[p] for p in catalog.order(everything, Order("price", d), 9)] for d in ("asc", "desc")}
    assert ordered == {"asc": ["c", "b", "a", "d"], "desc": ["a", "b", "c", "d"]}


@pytest.mark.parametrize(
    ("version", "message"),
    [(0, "not a catalogue"), (FORMAT + 1, "made by a newer Aisle"), (-1, "made by an older Aisle")],
)
def test_a_file_of_another_kind_is_neither_opened_nor_overwritten(tmp_path: Path, version: int, message: str) -> None:
    db = tmp_path / "other.db"
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.execute(f"PRAGMA user_version = {version:d}")
    before = db.read_bytes()
    with pytest.raises(NoCatalog, match=message):
        Catalog.open(db)
    with pytest.raises(NoCatalog, match=message):
        import_feeds([feed(tmp_path, LAMP)], db)
    assert db.read_bytes() == before


def test_a_catalogue_without_its_folder_says_so(tmp_path: Path) -> None:
    import_feeds([feed(tmp_path, LAMP)], tmp_path / "shop.db", ImportOptions())
    (tmp_path / "moved").mkdir()
    (tmp_path / "shop.db").rename(tmp_path / "moved" / "shop.db")
    with pytest.raises(NoCatalog, match=r"is missing; keep .*shop\.db\.d beside it, or import into a new file"):
        Catalog.open(tmp_path / "moved" / "shop.db")


def test_threads_share_a_catalogue(tmp_path: Path) -> None:
    rows = [LAMP | {"id": str(n), "title": f"Lamp number {n}", "price": n} for n in range(200)]
    import_feeds([feed(tmp_path, *rows)], tmp_path / "shop.db")
    catalog = Catalog.open(tmp_path / "shop.db")

    def ask(n: int) -> tuple[str, list[int], int]:
        cheap = catalog.match([Constraint("price", Op.LT, float(n))])
        found = [position for position, _ in catalog.keywords(f"number {n}", 1)]
        return catalog.get([str(n)])[0].title, found, int(cheap.sum())

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(200)))
    assert answers == [(f"Lamp number {n}", [n], n) for n in range(200)]


def test_products_sort_by_dates_words_and_truths(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "a", "title": "Lamp", "brand": "Zeta", "release_date": "2023-11-02", "dimmable": True},
        {"id": "b", "title": "Lamp", "brand": "alpha", "release_date": "2024-01-15", "dimmable": False},
        {"id": "c", "title": "Lamp", "brand": "Mid"},
        {"id": "d", "title": "Lamp", "release_date": "2009-05-30", "dimmable": True},
    ]
    import_feeds([feed(tmp_path, *rows)], db := tmp_path / "shop.db")
    catalog = Catalog.open(db)

    def ordered(slot: str, direction: Literal["asc", "desc"]) -> str:
        return "".join(catalog.ids[p] for p in catalog.order(np.ones(4, np.bool_), Order(slot, direction), 9))

    assert (ordered("release_date", "desc"), ordered("release_date", "asc")) == ("badc", "dabc")
    assert (ordered("brand", "asc"), ordered("brand", "desc")) == ("bcad", "acbd")
    assert (ordered("dimmable", "desc"), ordered("dimmable", "asc")) == ("adbc", "badc")


def test_a_catalogue_of_an_older_format_is_imported_over(tmp_path: Path) -> None:
    db, embed = tmp_path / "shop.db", LengthEmbed()
    import_feeds([feed(tmp_path, LAMP, DESK)], db, embed=embed)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.executescript(
            "ALTER TABLE products ADD COLUMN kind TEXT; ALTER TABLE products DROP COLUMN derived;"
            "ALTER TABLE terms DROP COLUMN also; PRAGMA user_version = 1;"
        )
    with pytest.raises(
        NoCatalog, match=r"made by an older Aisle \(format 1, this one reads 3\); import the feed again"
    ):
        Catalog.open(db)
    report = import_feeds([feed(tmp_path, LAMP | {"price": 12.0}, DESK)], db, embed=embed)
    assert (report.updated, report.unchanged, report.written, len(embed.asked)) == (1, 1, 2, 2)
    assert [p.price and p.price.amount for p in Catalog.open(db).products()] == [12.0, DESK["price"]]


def test_a_reader_keeps_its_files_through_later_imports(tmp_path: Path) -> None:
    db, embed = tmp_path / "shop.db", CountingEmbed()
    for turn in range(4):
        import_feeds([write(tmp_path / "feed.jsonl", [{"id": "1", "title": f"Lamp {turn}"}])], db, embed=embed)
        if not turn:
            held = Catalog.open(db)
    assert held.vectors is not None
    assert (len(held.vectors), [product.title for product in held.products()]) == (1, ["Lamp 0"])
