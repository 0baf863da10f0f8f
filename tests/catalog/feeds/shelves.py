"""Small feeds written here, and the products they come to on a day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from catalog.feeds.dialect import translated
from catalog.feeds.rows import CANONICAL, Feed, Row
from catalog.mapping import Reader, Reading
from catalog.meaning import ColumnMap
from catalog.types import Product

TODAY = date(2026, 7, 11)
READER = Reader(ColumnMap({name: name for name in CANONICAL}), "EUR")


def table(rows: Sequence[Mapping[str, object]], name: str = "feed.csv") -> Feed:
    """A table as its reader gives it: every row has every column; the header is line 1."""
    headers = tuple(dict.fromkeys(header for row in rows for header in row))

    def lines() -> Iterator[Row]:
        for number, row in enumerate(rows, 2):
            yield Row(name, number, {header: row.get(header, "") for header in headers})

    return Feed(Path(name), "csv", headers, lines)


def canonical(rows: Sequence[Mapping[str, object]], today: date = TODAY) -> list[Row]:
    feed = translated(table(rows), today)
    assert feed.headers == CANONICAL
    return list(feed.rows())


def products(rows: Sequence[Row]) -> list[Product]:
    """The products of canonical rows, all of which can be taken; what they were read from is left out."""
    found = []
    for row in rows:
        reading = read(row)
        assert reading.refused == ()
        assert reading.product is not None
        found.append(replace(reading.product, record={}))
    return found


def read(row: Row) -> Reading:
    assert row.problem is None, row.problem
    return READER.read(row.values, json.dumps(row.values, ensure_ascii=False))


def told(row: Row) -> tuple[int, str | None, str]:
    """Where, in which field and why a row was not taken."""
    assert row.problem
    return row.line, row.problem.field, row.problem.reason
