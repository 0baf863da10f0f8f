"""Feeds -> checked entries and rejects, the first half of an import. Knows no SQL and nothing of what stood before."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from catalog.feeds.open import open_feed
from catalog.feeds.rows import Feed, Problem, Row
from catalog.mapping import Reader
from catalog.meaning import decimal_sign, header_currency, map_columns, names, plain_name
from catalog.shop_words import ShopWords
from catalog.texts import bigrams
from catalog.types import Product
from errors import UnreadableFeed

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) as work goes on; total 0 when it is not known."""

_SAMPLE = 2000  # rows that tell a feed's columns
_REASONS = 3  # named when every row is rejected
_NESTED_COVERAGE = 0.9  # share of rows an attribute must fill to be taken for the kind of product


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. `columns`: field -> the feed's column. `delta`: what the feed leaves out stays. `words`: the shop's
    own, in place of those kept from the import before; None keeps them."""

    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    language: str | None = None
    delta: bool = False
    dry_run: bool = False
    allow_shrink: bool = False
    strict: bool = False
    words: ShopWords | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why."""

    file: str
    line: int
    id: str | None
    problem: Problem

    def to_json(self) -> dict[str, object]:
        problem = self.problem
        place = {"file": self.file, "line": self.line, "id": self.id}
        return place | {"field": problem.field, "value": problem.value, "reason": problem.reason}


@dataclass(frozen=True, slots=True)
class Entry:
    """A product to be kept: its row as stored. `read`: what the row states, where it was read already."""

    id: str
    reading: str
    record: str
    hash: str
    read: Product | None = None

    @property
    def product(self) -> Product:
        """What the row states; read now if it was not yet."""
        return self.read or reader_of(self.reading).product(json.loads(self.record))


@lru_cache(maxsize=64)
def reader_of(document: str) -> Reader:
    """The reader that a reading document describes."""
    return Reader.from_json(json.loads(document))


def read_feeds(
    paths: Sequence[Path], options: ImportOptions, progress: Progress, known: Mapping[str, str]
) -> tuple[dict[str, Entry], list[Reject], int]:
    """(entries by id, rejects, rows read) of the feeds. UnreadableFeed when there is nothing in them to keep.

    `known`: id -> hash of rows that were accepted before by this same importer, and so need no second reading.
    """
    entries: dict[str, Entry] = {}
    rejects: list[Reject] = []
    places: dict[str, str] = {}
    read = 0
    for path in paths:
        feed = open_feed(path)
        reader = _reader(feed, options)
        document = json.dumps(reader.to_json(), ensure_ascii=False, sort_keys=True)
        for row in feed.rows():
            read += 1
            if not read % 1000:
                progress("reading", read, 0)
            taken = row.problem or _taken(row.values, reader, document, known)
            if isinstance(taken, Entry) and taken.id in places:
                taken = Problem.of("id", taken.id, f"stands already in {places[taken.id]}")
            if isinstance(taken, Problem):
                rejects.append(Reject(row.file, row.line, _id_of(row, reader), taken))
                continue
            places[taken.id] = f"{row.file}, line {row.line}"
            entries[taken.id] = taken
    if not read:
        raise UnreadableFeed(f"{', '.join(map(str, paths))}: no products, only a header")
    if not entries:
        raise UnreadableFeed(_nothing_kept(rejects))
    return entries, rejects, read


def _nothing_kept(rejects: Sequence[Reject]) -> str:
    """Every row was refused: the reasons, the most frequent first, with a place to look at."""
    reasons = Counter((r.problem.field or "row", r.problem.reason) for r in rejects).most_common(_REASONS)
    told = "; ".join(f"{n:,} × {field}: {reason}" for (field, reason), n in reasons)
    first = rejects[0]
    return f"all {len(rejects):,} rows were rejected, the first in {first.file}, line {first.line}: {told}"


def _taken(values: Mapping[str, object], reader: Reader, document: str, known: Mapping[str, str]) -> Entry | Problem:
    try:
        record = _write(values)
        hash = digest(document + record)
        id = reader.id_of(values)
        if id is not None and known.get(id) == hash:
            return Entry(id, document, record, hash)
        product = reader.read(values, record)
    except RecursionError:
        return Problem.of(None, None, "nested too deeply")
    return product if isinstance(product, Problem) else Entry(product.id, document, record, hash, product)


_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _reader(feed: Feed, options: ImportOptions) -> Reader:
    sample: list[Mapping[str, object]] = []
    for row in feed.rows():
        if row.problem is None:
            sample.append(row.values)
        if len(sample) == _SAMPLE:
            break
    headers = feed.headers or tuple(dict.fromkeys(name for values in sample for name in values))
    if not headers:
        raise UnreadableFeed(f"{feed.path}: no row of it can be read as {feed.format}")
    columns = map_columns(headers, options.columns, str(feed.path), sample)
    nested = None if columns["category"] else _nested_category(sample, columns["attributes"])
    titles = [str(values.get(columns["title"] or "", "")) for values in sample]
    price = columns["price"] or ""
    usual = options.currency or ("CNY" if mostly_chinese(titles) else "USD")
    decimal = decimal_sign(values.get(price) for values in sample)
    return Reader(columns, header_currency(price) or usual, nested, decimal)


def _nested_category(sample: Sequence[Mapping[str, object]], column: str | None) -> str | None:
    """An attribute that nearly every product fills and that is called what a kind of product is called."""
    filled: Counter[str] = Counter()
    for values in sample:
        attributes = values.get(column or "")
        filled.update(attributes.keys() if isinstance(attributes, dict) else ())
    named = names()["category"]
    usual = [n for n, c in filled.items() if plain_name(n) in named and c >= _NESTED_COVERAGE * len(sample)]
    return min(usual, key=lambda name: named.index(plain_name(name)), default=None)


def mostly_chinese(titles: Sequence[str]) -> bool:
    """Do most titles hold Chinese?"""
    return sum(next(bigrams(title), None) is not None for title in titles) * 2 > len(titles)


def _id_of(row: Row, reader: Reader) -> str | None:
    value = row.values.get(reader.mapping["id"] or "")
    return (
        str(value)[:200].encode("utf-8", "replace").decode() if isinstance(value, str | int) and value != "" else None
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
