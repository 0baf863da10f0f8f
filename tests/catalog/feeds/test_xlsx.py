"""Workbooks are read as a careful person reads them on the screen."""

from __future__ import annotations

import datetime
import gzip
import tracemalloc
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from catalog.feeds.open import open_feed
from catalog.ingest import import_feeds
from catalog.store import Catalog
from catalog.types import Money
from errors import UnreadableFeed
from tests.catalog.feeds.workbooks import by_hand, sheet_xml, text_cell, written


def values(path: Path) -> list[dict[str, object]]:
    return [dict(row.values) for row in open_feed(path).rows()]


def shown(path: Path, header: str, *cells: tuple[object, str]) -> list[object]:
    """What cells of one column are read as, each with its number format."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["id", header])
    for number, (value, style) in enumerate(cells, 1):
        sheet.append([f"P{number}", value])
        sheet.cell(number + 1, 2).number_format = style
    book.save(path)
    return [row[header] for row in values(path)]


def test_numbers_dates_and_truths(tmp_path: Path) -> None:
    found = shown(
        tmp_path / "feed.xlsx", "cell",
        (12, "General"), (12.0, "General"), (0.1 + 0.2, "General"), (4006381333931, "General"), (4006381333931, "0"),
        (42, "00000"), (39.9, '#,##0.00 "€"'), (39.9, "[$€-407] #,##0.00"), (39.9, '"$"#,##0.00'), (20, "#,##0 [$CHF]"),
        (0.25, "0%"), (0.125, "0.0%"), (True, "General"), (False, "General"), ("text", "@"), ("007", "@"),
        (datetime.date(2026, 5, 1), "yyyy-mm-dd"), (datetime.datetime.fromisoformat("2026-05-01T12:30"), "yyyy-mm-dd hh:mm"),
        (datetime.time(12, 30), "hh:mm"), (None, "General"), (-3, "0;[Red]-0"), (1500, '#,##0 "kg net"'),
    )  # fmt: skip
    assert found == [
        12, 12, 0.3, 4006381333931, 4006381333931, "00042", "39.9 €", "39.9 €", "39.9 $", "20 CHF", "25%", "12.5%", True,
        False, "text", "007", "2026-05-01", "2026-05-01 12:30:00", "12:30:00", None, -3, 1500,
    ]  # fmt: skip


def test_the_header_stands_where_it_stands(tmp_path: Path) -> None:
    path = written(
        tmp_path / "feed.xlsx",
        [["Read me"], ["Prices are net"]],
        [
            ["Our products 2026"],
            [],
            [None, "as of", datetime.date(2026, 1, 1)],
            ["Article", "Name", "Price", None],
            [],
            [7, "Lamp", 3, "a note"],
            [None, None, None],
            [8, "Rug", 4.5],
        ],
    )
    feed = open_feed(path)
    assert (feed.format, feed.headers) == ("xlsx", ("Article", "Name", "Price"))
    assert [(row.line, dict(row.values)) for row in feed.rows()] == [
        (6, {"Article": 7, "Name": "Lamp", "Price": 3}),
        (8, {"Article": 8, "Name": "Rug", "Price": 4.5}),
    ]


def test_a_workbook_that_came_packed(tmp_path: Path) -> None:
    content = written(tmp_path / "feed.xlsx", [["id", "title"], [1, "Lamp"]]).read_bytes()
    (tmp_path / "feed.xlsx").write_bytes(gzip.compress(content))
    assert values(tmp_path / "feed.xlsx") == [{"id": 1, "title": "Lamp"}]


def test_hidden_sheets_are_not_for_us(tmp_path: Path) -> None:
    path = written(tmp_path / "feed.xlsx", [["id", "title"], [1, "hidden"]], [["id", "title"], [2, "shown"]])
    book = load_workbook(path)
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert values(path) == [{"id": 2, "title": "shown"}]


def test_cells_merged_over_rows_say_the_same_of_each(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["id", "kind", "title"],
        [1, "lamp", "A"],
        [2, None, "B"],
        [3, None, "C"],
        [4, None, "D"],
        [5, "rug", "E"],
    ]
    book = load_workbook(written(tmp_path / "feed.xlsx", rows))
    book.worksheets[0].merge_cells("B2:B4")
    book.worksheets[0].merge_cells("A8:C8")
    book.save(tmp_path / "feed.xlsx")
    assert [row["kind"] for row in values(tmp_path / "feed.xlsx")] == ["lamp", "lamp", "lamp", None, "rug"]


def test_a_formula_is_what_it_came_to_and_its_error_costs_the_row(tmp_path: Path) -> None:
    cells = '<c r="A{0}"><v>{0}</v></c>' + text_cell("B{0}", "Lamp {0}")
    rows = "".join(
        f'<row r="{n}">{cells.format(n)}{price}</row>'
        for n, price in enumerate(
            ['<c r="C2"><f>2*3</f><v>6</v></c>', '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
             '<c r="C4" t="e"><v>#N/A</v></c>', '<c r="C5" t="str"><f>"4 "&amp;"USD"</f><v>4 USD</v></c>'],
            2,
        )
    )  # fmt: skip
    header = "".join(text_cell(f"{c}1", name) for c, name in zip("ABC", ("id", "title", "price"), strict=True))
    path = by_hand(tmp_path / "feed.xlsx", {"xl/worksheets/sheet1.xml": sheet_xml(f'<row r="1">{header}</row>{rows}')})
    report = import_feeds([path], tmp_path / "shop.db")
    assert [(p.id, p.price) for p in Catalog.open(tmp_path / "shop.db").products()] == [
        ("2", Money(6, "USD")), ("4", None), ("5", Money(4, "USD")),
    ]  # fmt: skip
    assert [r.to_json() for r in report.rejects] == [
        {"file": "feed.xlsx", "line": 3, "id": "3", "field": "price", "value": "#DIV/0!",
         "reason": "the cell C3 holds an error of its formula"},
    ]  # fmt: skip


def test_a_shop_platforms_columns_are_known_in_a_workbook_too(tmp_path: Path) -> None:
    link, washing = "https://shop.example/tee", "Care:Wash:30 °C"
    headers = [
        "id",
        "title",
        "link",
        "image link",
        "price",
        "sale price",
        "availability",
        "item group id",
        "gtin",
        "color",
    ]
    path = written(
        tmp_path / "feed.xlsx",
        [
            [*headers, "product detail", "product detail"],
            [
                "T1",
                "Tee red",
                link,
                f"{link}.jpg",
                "20.00 EUR",
                "15.00 EUR",
                "in_stock",
                "T",
                4006381333931,
                "red",
                washing,
            ],
            [
                "T2",
                "Tee blue",
                link,
                None,
                "20.00 EUR",
                None,
                "out_of_stock",
                "T",
                None,
                "blue",
                washing,
                "Fit:Cut:slim",
            ],
        ],
    )
    (row,) = open_feed(path).rows()
    assert (row.values["id"], row.lines) == ("T", (2, 3))
    import_feeds([path], tmp_path / "shop.db")
    (product,) = Catalog.open(tmp_path / "shop.db").products()
    assert [(v.id, v.price, v.was, v.sold_out) for v in product.variants] == [
        ("T1", Money(15, "EUR"), Money(20, "EUR"), False),
        ("T2", Money(20, "EUR"), None, True),
    ]


def test_a_column_that_stands_there_twice(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFeed, match="two columns are called 'title'"):
        open_feed(written(tmp_path / "feed.xlsx", [["id", "title", "title"], [1, "a", "b"]]))


def test_a_workbook_without_a_header(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFeed, match="no sheet of it has a header line that names two columns or more"):
        open_feed(written(tmp_path / "feed.xlsx", [[1, 2], [3, 4]], []))


def test_two_cells_far_apart_take_no_memory(tmp_path: Path) -> None:
    """Some readers make a grid of all cells between the first and the last, 17 milliards of them."""
    far = f'<row r="2">{text_cell("A2", "1")}{text_cell("B2", "Lamp")}</row><row r="90000">{text_cell("XFD90000", "x")}</row>'
    path = by_hand(tmp_path / "far.xlsx", rows=far)
    tracemalloc.start()
    found = values(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [{"id": "1", "title": "Lamp"}]
    assert peak < 30 << 20


def test_an_external_entity_is_not_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password", encoding="utf-8")
    entity = f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file://{secret}">]>'
    sheet = sheet_xml(f'<row r="1">{text_cell("A1", "id")}{text_cell("B1", "&x;")}</row>', entity)
    with pytest.raises(UnreadableFeed, match=r"not a workbook that can be read \(ParseError: undefined entity &x;"):
        list(open_feed(by_hand(tmp_path / "evil.xlsx", {"xl/worksheets/sheet1.xml": sheet})).rows())


def test_entities_that_grow_are_not_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    sheet = sheet_xml(
        f'<row r="1">{text_cell("A1", "id")}{text_cell("B1", "&l11;")}</row>',
        f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{laughs}]>',
    )
    with pytest.raises(UnreadableFeed, match="not a workbook that can be read"):
        list(open_feed(by_hand(tmp_path / "laughs.xlsx", {"xl/worksheets/sheet1.xml": sheet})).rows())


@pytest.mark.parametrize(
    "sheet", ["", "<worksheet", "no xml", sheet_xml('<row r="x"><c r="?"/></row>'), sheet_xml("<row><c t='s'><v>7</v></c></row>")]
)  # fmt: skip
def test_a_crooked_sheet_is_refused_in_one_sentence(tmp_path: Path, sheet: str) -> None:
    with pytest.raises(UnreadableFeed, match=r"evil\.xlsx: "):
        list(open_feed(by_hand(tmp_path / "evil.xlsx", {"xl/worksheets/sheet1.xml": sheet})).rows())


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_a_formulas_error_costs_a_platforms_product_that_row_alone(tmp_path: Path, bad: int) -> None:
    head = ["id", "item_group_id", "title", "link", "availability", "gtin", "size", "price"]
    rows = [
        [n, "tee", "Tee", "https://a.example/", "in_stock", f"40{n}", size, "9 EUR"] for n, size in enumerate("SML")
    ]
    rows[bad][-1] = "#REF!"
    read = list(open_feed(written(tmp_path / "feed.xlsx", [head, *rows])).rows())
    assert [(row.line, row.problem.field) for row in read if row.problem] == [(bad + 2, "price")]
    (product,) = (row for row in read if not row.problem)
    assert [v["id"] for v in product.values["variants"]] == [n for n in range(3) if n != bad]  # type: ignore[attr-defined]
