"""Which shop platform's columns a table has, told by its headers alone, and the table as canonical rows.

Knows no file formats (a dialect may come as CSV, TSV or a spreadsheet) and no SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from catalog.feeds import google, shopify, woocommerce
from catalog.feeds.rows import CANONICAL, Feed, Row

Rows = Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A platform's way to write products. `canonical`: its raw rows, read on a day, as canonical rows."""

    name: str
    fits: Callable[[Sequence[str]], bool]
    canonical: Callable[[Rows, date], Rows]


DIALECTS = (
    Dialect("shopify", shopify.fits, shopify.canonical),
    Dialect("woocommerce", woocommerce.fits, woocommerce.canonical),
    Dialect("google", google.fits, google.canonical),
)


def recognise(headers: Sequence[str]) -> Dialect | None:
    """The dialect whose columns these are; None for a table in the shop's own words."""
    return next((dialect for dialect in DIALECTS if dialect.fits(headers)), None)


def translated(feed: Feed, today: date | None = None) -> Feed:
    """A table of a known dialect as a feed of canonical rows; any other as it is.

    `today`: the day on which sale windows are judged.
    """
    dialect = recognise(feed.headers)
    if dialect is None:
        return feed
    day = today or datetime.now(UTC).astimezone().date()
    return Feed(feed.path, f"{dialect.name} {feed.format}", CANONICAL, dialect.canonical(feed.rows, day))
