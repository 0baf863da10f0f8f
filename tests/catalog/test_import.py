"""Importing: what lands, what is refused and why, and that a catalogue is old or new, never half."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from catalog.ingest import ImportOptions, ImportReport, import_feeds
from catalog.mapping import Reader, Reading
from catalog.store import Catalog
from catalog.types import Constraint, Money, Op, Order
from errors import ImportRefused, NoCatalog, UnreadableFeed

ROWS: list[dict[str, object]] = [
    {"id": "1", "title": "Desk lamp", "brand": "Lumo", "category": "lamp", "price": 30.0, "colour": "red"},
    {"id": "2", "title": "Floor lamp", "brand": "Lumo", "category": "lamp", "price": 80.0, "colour": "black"},
    {"id": "3", "title": "Oak table", "brand": "Arbor", "category": "table", "price": 200.0, "colour": "brown"},
]


class CountingEmbed:
    """A deterministic encoder that remembers what it was asked to encode."""

    id = "counting@1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.extend(texts)
        vectors = np.array([[1.0, len(text), text.count("a")] for text in texts], np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def write(path: Path, rows: Sequence[object]) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", errors="surrogatepass")
    return path


def counts(report: ImportReport) -> dict[str, int]:
    names = ("read", "inserted", "updated", "unchanged", "removed", "rejected", "embedded")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return write(tmp_path / "feed.jsonl", ROWS)


def test_a_feed_lands_and_the_same_feed_again_changes_nothing(db: Path, feed: Path) -> None:
    embed = CountingEmbed()
    assert counts(import_feeds([feed], db, embed=embed)) == {"read": 3, "inserted": 3, "embedded": 3}
    before = db.read_bytes()
    assert counts(import_feeds([feed], db, embed=embed)) == {"read": 3, "unchanged": 3}
    assert db.read_bytes() == before
    assert len(embed.asked) == 3


def test_a_changed_price_is_one_update_and_no_embedding(db: Path, tmp_path: Path, feed: Path) -> None:
    embed = CountingEmbed()
    import_feeds([feed], db, embed=embed)
    cheaper = write(tmp_path / "feed2.jsonl", [ROWS[0] | {"price": 25}, *ROWS[1:]])
    assert counts(import_feeds([cheaper], db, embed=embed)) == {"read": 3, "updated": 1, "unchanged": 2}
    assert [p.price for p in Catalog.open(db).get(["1"])] == [Money(25.0, "USD")]
    assert len(embed.asked) == 3


def test_what_the_catalogue_answers(db: Path, feed: Path) -> None:
    import_feeds([feed], db, embed=CountingEmbed())
    catalog = Catalog.open(db)
    lamps = catalog.match([Constraint("category", Op.EQ, "lamp")])
    assert (len(catalog), catalog.ids, catalog.currency, catalog.language) == (3, ("1", "2", "3"), "USD", "en")
    assert lamps.tolist() == [True, True, False]
    assert catalog.match([Constraint("price", Op.LE, 100.0), Constraint("colour", Op.NE, "red")]).tolist() == [
        False,
        True,
        False,
    ]
    assert catalog.order(lamps, Order("price", "desc"), 5) == [1, 0]
    assert catalog.facets("brand", lamps, 3) == [("Lumo", 2)]
    assert catalog.span("price", lamps) == (30.0, 80.0)
    assert [position for position, _ in catalog.keywords("the oak one, or a floor lamp", 5)] == [1, 2, 0]
    assert catalog.keywords("floor lamp", 5, ~lamps) == []
    assert [catalog.document_frequency(w) for w in ("lamps", "oak", "bananas")] == [2, 1, 0]
    assert catalog.vectors is not None
    assert catalog.vectors.shape == (3, 3)
    assert catalog.get(["3", "nope", "1"])[0].title == "Oak table"


def test_any_text_is_a_safe_keyword_query(db: Path, feed: Path) -> None:
    import_feeds([feed], db)
    catalog = Catalog.open(db)
    for text in (
        'lamp" OR 1=1 --',
        "title : lamp",
        "lamp*",
        "NEAR(lamp table)",
        "'); DROP TABLE products;--",
        "",
        "🙂",
    ):
        catalog.keywords(text, 5)
    assert [position for position, _ in catalog.keywords("NOT lamp AND", 5)] != []


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_keyword_index(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "keywords"
    folder.mkdir(exist_ok=True)
    if not (folder / "shop.db").exists():
        import_feeds([write(folder / "feed.jsonl", ROWS)], folder / "shop.db")
    found = Catalog.open(folder / "shop.db").keywords(text, 5)
    assert all(0 <= position < 3 for position, _ in found)


def test_chinese_is_found_by_pairs_of_characters(db: Path, tmp_path: Path) -> None:
    rows = [
        {"编号": "a", "商品名称": "轻薄笔记本电脑", "价格": "5999元"},
        {"编号": "b", "商品名称": "机械键盘", "价格": "399"},
    ]
    import_feeds([write(tmp_path / "zh.jsonl", rows)], db)
    catalog = Catalog.open(db)
    assert (catalog.language, catalog.currency) == ("zh", "CNY")
    assert [catalog.ids[p] for p, _ in catalog.keywords("想买个笔记本", 5)] == ["a"]
    assert [p.price for p in catalog.get(["a", "b"])] == [Money(5999.0, "CNY"), Money(399.0, "CNY")]


@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        ({"title": "No id"}, "id", "a product needs an id"),
        ({"id": "9"}, "title", "a product needs a title"),
        ({"id": "1", "title": "Twice"}, "id", "stands already in feed.jsonl, line 1"),
        (
            {"id": "9", "title": "x", "description": "d" * 200_000},
            "description",
            "200,000 characters; a field may have",
        ),
        ('{"id": "9", "title": "x", "price": NaN}', None, "NaN is not a number in JSON"),
        ('{"id": "9", "title": "x", "price": 1e999}', "price", "not a finite number"),
        ('{"id": "9", "title": "x", "weight": 1e999}', "weight", "not a finite number"),
        ({"id": "9", "title": "x", "price": -5}, "price", "not an amount of money of zero or more"),
        ({"id": "9", "title": "x", "price": "-5"}, "price", "not an amount of money of zero or more"),
        ({"id": "9", "title": "x", "price": "free"}, "price", "not an amount of money"),
        ({"id": "9", "title": "x\0y"}, "title", "holds a NUL byte"),
        ('{"id": "9", "title": "\\ud800"}', "title", "half a character"),
        ({"id": "9", "title": "x", "url": "javascript:alert(1)"}, "url", "a link starts with http:// or https://"),
        ({"id": "9", "title": "x", "image": "data:text/html,x"}, "image", "a link starts with http:// or https://"),
        ('{"id": "9", "title": "cut', None, "not a JSON object"),
        ('["9", "list"]', None, "not a JSON object: a product is {...}"),
        ({"id": "9", "title": "x", "rating": "good"}, "rating", "not a rating, such as 4.5"),
        ({"id": "9", "title": "x", "stock": -1}, "stock", "not a count of things in stock"),
    ],
)
def test_a_bad_row_is_one_clear_reject_and_the_rest_lands(
    db: Path, tmp_path: Path, bad: object, field: str | None, reason: str
) -> None:
    columns = {"url": "", "image": "", "rating": "", "stock": "", "description": ""}
    feed = write(tmp_path / "feed.jsonl", [*(row | columns for row in ROWS), bad])
    report = import_feeds([feed], db)
    assert counts(report) == {"read": 4, "inserted": 3, "rejected": 1}
    (reject,) = report.rejects
    assert (reject.file, reject.line, reject.problem.field) == ("feed.jsonl", 4, field)
    assert reason in reject.problem.reason
    assert report.rejects_file is not None
    assert [json.loads(line) for line in Path(report.rejects_file).read_text(encoding="utf-8").splitlines()] == [
        reject.to_json()
    ]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("1.299,00 EUR", Money(1299.0, "EUR")),
        ("1,299.00", Money(1299.0, "USD")),
        ("$24.90", Money(24.9, "USD")),
        ("24,90 €", Money(24.9, "EUR")),
        (24.9, Money(24.9, "USD")),
        ("", None),
        (None, None),
    ],
)
def test_a_price_in_the_spellings_of_feeds(db: Path, tmp_path: Path, price: object, expected: Money | None) -> None:
    import_feeds([write(tmp_path / "feed.jsonl", [{"id": "1", "title": "Lamp", "price": price}])], db)
    assert Catalog.open(db).get(["1"])[0].price == expected


def test_markup_in_a_title_is_taken_out(db: Path, tmp_path: Path) -> None:
    title = "<b>Desk</b> lamp &amp; shade <script>alert(1)</script> 5 < 6"
    import_feeds([write(tmp_path / "feed.jsonl", [{"id": "1", "title": title}])], db)
    assert Catalog.open(db).get(["1"])[0].title == "Desk lamp & shade 5 < 6"


def test_a_table_rejects_crooked_rows_one_by_one(db: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text(
        "id,title,price\n"
        '1,"A lamp, red",30\n'
        "2,Too short\n"
        "3,Too long,30,extra\n"
        '4,"Never closed,30\n'
        '5,"Two\nlines",20\n'
        '6,19" monitor,90\n',
        encoding="utf-8",
    )
    report = import_feeds([feed], db)
    assert counts(report) == {"read": 6, "inserted": 3, "rejected": 3}
    assert [(r.line, r.problem.reason) for r in report.rejects] == [
        (3, "2 fields where the header names 3"),
        (4, "4 fields where the header names 3"),
        (5, "a quote is opened and never closed, or stands inside a field"),
    ]
    assert [p.title for p in Catalog.open(db).products()] == ["A lamp, red", "Two lines", '19" monitor']


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_encodings_are_recognised(db: Path, tmp_path: Path, encoding: str, delimiter: str) -> None:
    feed = tmp_path / "feed.txt"
    lines = [["编号", "商品名称", "价格", "颜色"], ["1", "台灯", "99", "红色"], ["2", "落地灯", "1299.5", "黑色"]]
    feed.write_text("".join(delimiter.join(line) + "\r\n" for line in lines), encoding=encoding)
    assert counts(import_feeds([feed], db)) == {"read": 2, "inserted": 2}
    assert [(p.title, p.price) for p in Catalog.open(db).products()] == [
        ("台灯", Money(99.0, "CNY")),
        ("落地灯", Money(1299.5, "CNY")),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("  \n\n", "nothing but blanks"),
        ("id,title\n", "no products, only a header"),
        ("name,price\nlamp,3\n", "no id column among name, price; say which with --map id=COLUMN"),
        ("id,price\n1,3\n", "no title column"),
        ("id,title,title\n1,a,b\n", "two columns are called 'title'"),
        ("<note></note>", "XML, but no product feed and no page; what can be read"),
        ('[{"id": 1}]', "no title column among id"),
    ],
)
def test_a_feed_that_cannot_be_read_says_what_to_do(db: Path, tmp_path: Path, content: str, message: str) -> None:
    feed = tmp_path / "feed"
    feed.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFeed, match=message.replace("(", r"\(")):
        import_feeds([feed], db)
    assert not db.exists()


def test_a_missing_feed_and_a_folder_are_refused(db: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFeed, match="no such file"):
        import_feeds([tmp_path / "nope.csv"], db)
    with pytest.raises(UnreadableFeed, match="a folder, not a feed"):
        import_feeds([tmp_path], db)


def test_columns_are_mapped_by_hand(db: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text("ref;what;Netto\nA1;Lamp;12,50\n", encoding="utf-8")
    mapped = ImportOptions({"id": "ref", "title": "what", "price": "Netto"}, currency="EUR")
    import_feeds([feed], db, mapped)
    assert [(p.id, p.title, p.price) for p in Catalog.open(db).products()] == [("A1", "Lamp", Money(12.5, "EUR"))]
    with pytest.raises(UnreadableFeed, match="has no column 'gone'"):
        import_feeds([feed], db, ImportOptions({"price": "gone"}))
    with pytest.raises(UnreadableFeed, match="'prize' is none of id, title"):
        import_feeds([feed], db, ImportOptions({"prize": "Netto"}))


def test_a_feed_that_would_empty_the_shop_is_refused(db: Path, tmp_path: Path, feed: Path) -> None:
    import_feeds([feed], db)
    small = write(tmp_path / "small.jsonl", ROWS[:1])
    with pytest.raises(ImportRefused, match="would remove 2 of 3 products"):
        import_feeds([small], db)
    assert len(Catalog.open(db)) == 3
    assert counts(import_feeds([small], db, ImportOptions(delta=True))) == {"read": 1, "unchanged": 1}
    assert counts(import_feeds([small], db, ImportOptions(allow_shrink=True))) == {
        "read": 1,
        "unchanged": 1,
        "removed": 2,
    }
    assert Catalog.open(db).ids == ("1",)


def test_a_delta_changes_what_it_names_and_keeps_the_rest(db: Path, tmp_path: Path, feed: Path) -> None:
    import_feeds([feed], db)
    delta = write(tmp_path / "delta.jsonl", [ROWS[1] | {"price": 70}, {"id": "4", "title": "Stool", "price": 20}])
    report = import_feeds([delta], db, ImportOptions(delta=True))
    assert counts(report) == {"read": 2, "inserted": 1, "updated": 1}
    prices = [(p.id, p.price.amount) for p in Catalog.open(db).products() if p.price]
    assert prices == [("1", 30.0), ("2", 70.0), ("3", 200.0), ("4", 20.0)]


def test_a_product_whose_new_row_is_bad_stays_as_it_was(db: Path, tmp_path: Path, feed: Path) -> None:
    import_feeds([feed], db)
    broken = write(tmp_path / "broken.jsonl", [ROWS[0] | {"price": "soon"}, *ROWS[1:]])
    assert counts(import_feeds([broken], db)) == {"read": 3, "unchanged": 2, "rejected": 1}
    assert Catalog.open(db).get(["1"])[0].price == Money(30.0, "USD")


def test_a_feed_whose_every_row_is_rejected_makes_nothing(db: Path, tmp_path: Path) -> None:
    bad = write(
        tmp_path / "bad.jsonl", [{"id": "1", "title": "", "price": 3}, {"id": "2", "title": "Rug", "price": "x"}]
    )
    with pytest.raises(UnreadableFeed) as refused:
        import_feeds([bad], db)
    assert str(refused.value) == (
        "all 2 rows were rejected, the first in bad.jsonl, line 1: 1 × title: a product needs a title; "
        "1 × price: not an amount of money of zero or more, such as 24.90 or 24.90 USD"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.jsonl"]


def test_unchanged_rows_are_taken_by_their_hash_and_changed_ones_read(
    db: Path, tmp_path: Path, feed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_feeds([feed], db)
    read: list[object] = []
    whole = Reader.read

    def remembered(reader: Reader, values: Mapping[str, object], record: str) -> Reading:
        read.append(values["id"])
        return whole(reader, values, record)

    monkeypatch.setattr(Reader, "read", remembered)
    changed = write(tmp_path / "changed.jsonl", [ROWS[0], {**ROWS[1], "price": 70.0}, ROWS[2]])
    assert counts(import_feeds([changed], db)) == {"read": 3, "updated": 1, "unchanged": 2}
    assert read == ["2"]
    assert [product.price for product in Catalog.open(db).products()] == [
        Money(30.0, "USD"), Money(70.0, "USD"), Money(200.0, "USD")
    ]  # fmt: skip


def test_an_import_is_refused_when_another_landed_while_it_read(db: Path, tmp_path: Path, feed: Path) -> None:
    import_feeds([feed], db)
    more = write(tmp_path / "more.jsonl", [*ROWS, *({"id": f"n{n}", "title": f"Rug {n}"} for n in range(1000))])

    def overtake(stage: str, done: int, total: int) -> None:
        if stage == "reading":
            import_feeds([write(tmp_path / "other.jsonl", [*ROWS, {"id": "9", "title": "Mat"}])], db)

    with pytest.raises(ImportRefused, match="another import ended while this one was reading"):
        import_feeds([more], db, progress=overtake)
    assert Catalog.open(db).ids == ("1", "2", "3", "9")


def test_strict_and_dry_run_change_nothing(db: Path, tmp_path: Path, feed: Path) -> None:
    import_feeds([feed], db)
    before = db.read_bytes()
    new = write(tmp_path / "new.jsonl", [*ROWS, {"id": "4", "title": "Stool"}, {"id": "5"}])
    with pytest.raises(ImportRefused, match="1 rows were rejected, the first in new.jsonl, line 5"):
        import_feeds([new], db, ImportOptions(strict=True))
    assert counts(import_feeds([new], db, ImportOptions(dry_run=True))) == {
        "read": 5,
        "inserted": 1,
        "unchanged": 3,
        "rejected": 1,
    }
    assert db.read_bytes() == before


def test_variants_keep_their_own_price_and_stock(db: Path, tmp_path: Path) -> None:
    shoe = {"id": "s", "title": "Trail shoe", "category": "shoe", "price": 90, "brand": "Strider", "variants": [
        {"id": "s-41", "price": 90, "stock": 0, "options": {"size": "41", "colour": "red"}},
        {"id": "s-42", "price": 95, "stock": 3, "options": {"size": "42", "colour": "red"}},
        {"id": "s-42b", "price": 85, "stock": 1, "options": {"size": "42", "colour": "blue"}},
    ]}  # fmt: skip
    import_feeds([write(tmp_path / "feed.jsonl", [shoe, ROWS[0]])], db)
    catalog = Catalog.open(db)
    red_42 = [Constraint("colour", Op.EQ, "red"), Constraint("size", Op.EQ, 42.0)]
    assert catalog.match(red_42).tolist() == [True, False]
    assert catalog.match([*red_42, Constraint("price", Op.LT, 90.0)]).tolist() == [False, False]
    chosen = catalog.variant_for(0, red_42)
    assert chosen is not None
    assert (chosen.id, chosen.price, chosen.stock) == ("s-42", Money(95.0, "USD"), 3)
    assert catalog.get(["s"])[0].price == Money(85.0, "USD")


def test_what_is_no_catalogue_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoCatalog, match="no catalogue here; make one with"):
        Catalog.open(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("not a database, just words " * 50, encoding="utf-8")
    with pytest.raises(NoCatalog, match="not a catalogue"):
        Catalog.open(tmp_path / "text.db")


_fields = st.dictionaries(
    st.sampled_from(["id", "title", "price", "brand", "rating", "stock", "url", "colour"]),
    st.one_of(st.text(max_size=12), st.integers(-5, 10**6), st.floats(), st.booleans(), st.none(), st.just(["a"])),
    max_size=8,
)


@given(st.lists(_fields, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_every_row_is_accounted_for(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    first = {
        "id": "first",
        "title": "First",
        "price": 1,
        "brand": "",
        "rating": 1,
        "stock": 1,
        "url": "",
        "colour": "x",
    }
    feed = folder / "feed.jsonl"
    feed.write_text("".join(json.dumps(row) + "\n" for row in (first, *rows)), encoding="utf-8")
    report = import_feeds([feed], folder / "shop.db")
    assert report.read == len(rows) + 1
    assert report.read == report.inserted + report.updated + report.unchanged + report.rejected
    assert len(Catalog.open(folder / "shop.db")) == report.inserted
    again = import_feeds([feed], folder / "shop.db")
    assert (again.inserted, again.updated, again.removed, again.unchanged) == (0, 0, 0, report.inserted)


_IMPORT = """
import sys
from catalog.ingest import import_feeds
print("begun", flush=True)
import_feeds([sys.argv[1]], sys.argv[2])
"""


def begin_import(feed: Path, db: Path) -> subprocess.Popen[str]:
    """An import in a process of its own, its libraries loaded and its work just begun."""
    command = [sys.executable, "-c", _IMPORT, str(feed), str(db)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    return process


def check_whole(catalog: Catalog) -> str:
    """All old or all new, by whatever way it is read. Returns which."""
    (words,) = {p.title.split()[0] for p in catalog.products()}
    assert words in ("Old", "New")
    assert len(catalog) == 400
    assert len(catalog.keywords("lamp", 500)) == 400
    assert int(catalog.match([Constraint("colour", Op.EQ, "red")]).sum()) == (400 if words == "Old" else 0)
    return words


def test_killed_at_random_moments_the_old_catalogue_is_whole(tmp_path: Path) -> None:
    db = tmp_path / "shop.db"
    old = [{"id": str(n), "title": f"Old lamp {n}", "price": n, "colour": "red"} for n in range(400)]
    new = [{"id": str(n), "title": f"New lamp {n}", "price": n + 1, "colour": "blue"} for n in range(400)]
    old_feed, new_feed = write(tmp_path / "old.jsonl", old), write(tmp_path / "new.jsonl", new)
    import_feeds([old_feed], db)
    with begin_import(new_feed, tmp_path / "timed.db") as process:
        begun = time.perf_counter()
    whole = time.perf_counter() - begun
    chance, killed = random.Random(20), 0
    for _ in range(100):
        with begin_import(new_feed, db) as process:
            time.sleep(chance.uniform(0, whole))
            process.kill()
        if process.returncode == -signal.SIGKILL:
            killed += 1
        else:  # it was faster than the timed one: aim earlier
            whole *= 0.8
        if check_whole(Catalog.open(db)) == "New":
            import_feeds([old_feed], db)
        if killed == 20:
            break
    assert killed == 20
    import_feeds([old_feed], db, ImportOptions(delta=True))
    assert list(Path(f"{db}.d").glob("staging-*")) == []
