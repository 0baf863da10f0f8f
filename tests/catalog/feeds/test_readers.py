"""Feeds are recognised by what is in them, and a fault costs the row that has it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.feeds.encoding import decoder
from catalog.feeds.open import open_feed
from catalog.feeds.rows import Row

ENGLISH = "id,title\n" + "".join(f"{n},an article of plain English\n" for n in range(300))
CHINESE = "编号,名称\n1,深灰色的保温杯\n2,浅蓝色雨伞\n"


def rows(path: Path, content: str | bytes) -> list[Row]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_feed(path).rows())


def told(found: list[Row]) -> list[tuple[int, object]]:
    """Line and values, or line and the problem's reason."""
    return [(row.line, row.problem.reason if row.problem else dict(row.values)) for row in found]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode("utf-8"), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (CHINESE.encode("utf-32"), "utf-32"),
        (CHINESE.encode("gbk"), "gb18030"),
        (ENGLISH.encode() + "301,雨伞\n".encode("gbk"), "gb18030"),
        (ENGLISH.encode("utf-16-le"), "utf-16-le"),
        (ENGLISH.encode("utf-16-be"), "utf-16-be"),
        ("id,title\n1,crème brûlée à Noël\n".encode("cp1252"), "cp1252"),
        ("id,title\n1,Größe ändern für 5 €\n".encode("cp1252"), "cp1252"),
        ("id,title\n1,crème brûlée\n".encode() + b"2,\xff\n", "utf-8"),
        (CHINESE.encode("utf-8") + b"3,\xe6\x9d\n", "utf-8"),
        (b"id,title\n1,plain\n", "utf-8"),
    ],
)
def test_the_bytes_tell_the_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "feed"
    path.write_bytes(content)
    assert decoder(path) == encoding


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('id,title\n1,"a\nb"\n2,c\n', [(2, {"id": "1", "title": "a\nb"}), (4, {"id": "2", "title": "c"})]),
        ("id;title\r\n1;a, b\r\n", [(2, {"id": "1", "title": "a, b"})]),
        ("id\ttitle\r1\ta\r", [(2, {"id": "1", "title": "a"})]),
        ("sep=;\nid;title\n1;a\n", [(3, {"id": "1", "title": "a"})]),
        ("\n\nid|title\n\n1|a\n", [(5, {"id": "1", "title": "a"})]),
        ("id,title,\n1,a,\n", [(2, {"id": "1", "title": "a"})]),
        ("id,title\n1,a,,\n2,b,\n", [(2, {"id": "1", "title": "a"}), (3, {"id": "2", "title": "b"})]),
        ("Our products\n\nid;title\n1;a\n", [(4, {"id": "1", "title": "a"})]),
        ("Our products;;\nsep=;\n;as of May;\nid;title;price\n1;a;3\n", [(5, {"id": "1", "title": "a", "price": "3"})]),
        ('id,"title\n(English)",price\n1,a,3\n', [(3, {"id": "1", "title\n(English)": "a", "price": "3"})]),
        ('id,title\n1,17" wide\n2,"a ""b"" c"\n', [(2, {"id": "1", "title": '17" wide'}),
                                                  (3, {"id": "2", "title": 'a "b" c'})]),
    ],
)  # fmt: skip
def test_tables(tmp_path: Path, content: str, expected: list[tuple[int, object]]) -> None:
    assert told(rows(tmp_path / "feed", content)) == expected


UNCLOSED = "a quote is opened and never closed, or stands inside a field"


@pytest.mark.parametrize(
    "content",
    [
        'id,title\n1,"open\n2,fine\n3,"q, ok"\n',
        'id,title\n1,"open\n2,fine\n3,"q, ok"\n4,"x ""y"" z"\n',
        'id,title\n1,"open\n2,fine\n3,"q, ok"\n"4","z"\n',
    ],
)
def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path, content: str) -> None:
    found = told(rows(tmp_path / "feed", content))
    assert found[:3] == [(2, UNCLOSED), (3, {"id": "2", "title": "fine"}), (4, {"id": "3", "title": "q, ok"})]
    assert len(found) == content.count("\n") - 1


def test_rows_too_short_and_too_long(tmp_path: Path) -> None:
    assert told(rows(tmp_path / "feed", "id,title,price\n1,a\n2,b,3,4\n3,c,5\n")) == [
        (2, "2 fields where the header names 3"),
        (3, "4 fields where the header names 3"),
        (4, {"id": "3", "title": "c", "price": "5"}),
    ]


def test_json_lines_with_faults(tmp_path: Path) -> None:
    content = '{"id": 1}\n\n{"id": 2, "tit\n[3]\n{"id": Infinity}\n{"id": 4, "title": "a\u2028b"}\n'
    found = rows(tmp_path / "feed", content)
    assert [(r.line, r.problem.reason.split(" at ")[0] if r.problem else dict(r.values)) for r in found] == [
        (1, {"id": 1}),
        (3, "not a JSON object: Unterminated string starting"),
        (4, "not a JSON object: a product is {...}"),
        (5, "Infinity is not a number in JSON"),
        (6, {"id": 4, "title": "a\u2028b"}),
    ]


FIELD = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\x85\ufeff"), max_size=12
)


@given(st.lists(st.tuples(FIELD, FIELD), max_size=6), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_what_a_table_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], delimiter: str, ending: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "title"), *cells])
    found = rows(tmp_path_factory.getbasetemp() / "table", text.getvalue())
    assert [tuple(row.values.values()) for row in found] == cells


@given(st.lists(st.dictionaries(FIELD, st.none() | st.booleans() | st.integers() | FIELD, max_size=4), max_size=5))
def test_what_json_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]]
) -> None:
    text = "".join(json.dumps(record) + "\n" for record in [{}, *records])
    found = rows(tmp_path_factory.getbasetemp() / "lines", text)
    assert [row.values for row in found] == [{}, *records]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    from errors import UnreadableFeed

    try:
        found = rows(tmp_path_factory.getbasetemp() / "bytes", content)
    except UnreadableFeed:
        return
    assert all(row.line > 0 for row in found)
