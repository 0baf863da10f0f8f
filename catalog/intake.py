"""Feeds -> checked entries and rejects, the first half of an import. Knows no SQL and nothing of what stood before."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from catalog.feeds.open import open_feed
from catalog.feeds.rows import Feed, Problem, Row
from catalog.mapping import Reader
from catalog.meaning import decimal_sign, header_currency, map_columns, names, plain_name
from catalog.offers import is_path
from catalog.old import Entry
from catalog.shop_words import ShopWords
from catalog.texts import bigrams
from errors import UnreadableFeed

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) as work goes on; total 0 when it is not known."""
Known = Callable[[str], str | None]

_SAMPLE = 2000  # rows that tell a feed's columns
_REASONS = 3  # named when every row is rejected
_NESTED_COVERAGE = 0.9  # share of rows an attribute must fill to be taken for the kind of product


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. `columns`: field -> the feed's column. `delta`: what the feed leaves out stays. `words`: the shop's
    own, in place of those kept from the import before; None keeps them. `prices`: the feed holds prices and stock only.
    `faq`: files of questions and answers, in place of those kept; None keeps them.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    language: str | None = None
    delta: bool = False
    dry_run: bool = False
    allow_shrink: bool = False
    strict: bool = False
    words: ShopWords | None = None
    prices: bool = False
    faq: tuple[Path, ...] | None = None


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
class Intake:
    """What feeds came to: rows to keep by id, what was refused, how many rows were read (one a product, one a reject).

    `faulty`: ids of products whose row was refused for a fault, so that what stood before stays. `unlinked`: where products
    stand that land without a link, as theirs is a path of the shop.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    unlinked: list[tuple[str, int]] = field(default_factory=list)
    _places: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def read(self) -> int:
        return len(self.entries) + len(self.rejects)

    def take(self, row: Row, entry: Entry) -> None:
        if entry.id in self.entries:
            file, line = self._places[entry.id]
            self.refuse(row, entry.id, Problem.of("id", entry.id, f"stands already in {file}, line {line}"))
        else:
            self.entries[entry.id] = entry
            self._places[entry.id] = row.file, row.line

    def refuse(self, row: Row, id: str | None, problem: Problem, variant: int | None = None) -> None:
        line = row.line if variant is None or not row.lines else row.lines[variant]
        self.rejects.append(Reject(row.file, line, id, problem))


def read_feeds(paths: Sequence[Path], options: ImportOptions, progress: Progress, known: Known | None) -> Intake:
    """The feeds as rows to keep and rejects. UnreadableFeed when there is nothing in them to keep.

    `known`: the hash of the row that this same importer accepted for an id before, and which needs no second reading;
    None: nothing was accepted.
    """
    found = Intake()
    read = 0
    for path in paths:
        feed = open_feed(path)
        reader = reader_for(feed, options)
        taking = _Taking(reader, known)
        for row in feed.rows():
            read += 1
            if not read % 1000:
                progress("reading", read, 0)
            taking.take(row, found)
    refuse_empty(paths, found)
    return found


def refuse_empty(paths: Sequence[Path], found: Intake) -> None:
    """UnreadableFeed when there is nothing to keep."""
    if not found.read:
        raise UnreadableFeed(f"{', '.join(map(str, paths))}: no products, only a header")
    if not found.entries:
        raise UnreadableFeed(_nothing_kept(found.rejects))


class _Taking:
    """Takes the rows of one feed."""

    def __init__(self, reader: Reader, known: Known | None) -> None:
        self._reader = reader
        self._known = known
        self._document = write_reading(reader)
        self._begun = hashlib.sha256(self._document.encode())

    def take(self, row: Row, found: Intake) -> None:
        """Put a row among what was found, or what of it cannot be taken among the rejects."""
        if row.problem:
            self._refuse(row, found, row.problem)
            return
        try:
            self._take(row, found)
        except RecursionError:
            self._refuse(row, found, Problem.of(None, None, "nested too deeply"))

    def _take(self, row: Row, found: Intake) -> None:
        record, hash = self._record(row.values)
        if self._known:
            id = self._reader.id_of(row.values)
            if id is not None and self._known(id) == hash:
                self._keep(row, found, Entry(id, self._document, record, hash))
                return
        reading = self._reader.read(row.values, record)
        if reading.product:
            if reading.refused:
                record, hash = self._record(reading.values)
            self._keep(row, found, Entry(reading.product.id, self._document, record, hash, reading.product))
        else:
            found.faulty.add(self._reader.id_of(row.values) or "")
        for refused in reading.refused:
            found.refuse(row, refused.id, refused.problem, refused.variant)

    def _keep(self, row: Row, found: Intake, entry: Entry) -> None:
        found.take(row, entry)
        if is_path(row.values.get(self._reader.mapping["url"] or "")):
            found.unlinked.append((row.file, row.line))

    def _record(self, values: Mapping[str, object]) -> tuple[str, str]:
        """A row as it is kept, and its hash with the way it is read."""
        record = write_record(values)
        hash = self._begun.copy()
        hash.update(record.encode("utf-8", "surrogatepass"))
        return record, hash.hexdigest()[:32]

    def _refuse(self, row: Row, found: Intake, problem: Problem) -> None:
        id = _id_of(row, self._reader)
        found.refuse(row, id, problem)
        if id and problem.fault:
            found.faulty.add(row.product or id)


def _nothing_kept(rejects: Sequence[Reject]) -> str:
    """Every row was refused: the reasons, the most frequent first, with a place to look at."""
    reasons = Counter((r.problem.field or "row", r.problem.reason) for r in rejects).most_common(_REASONS)
    told = "; ".join(f"{n:,} × {field}: {reason}" for (field, reason), n in reasons)
    first = rejects[0]
    return f"all {len(rejects):,} rows were rejected, the first in {first.file}, line {first.line}: {told}"


def write_record(values: Mapping[str, object]) -> str:
    """A row as it is kept: JSON. Rows with numbers or characters that only Python's own writer takes are few."""
    try:
        return orjson.dumps(values).decode()
    except TypeError:
        return _write_any(values)


_write_any = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_reading(reader: Reader) -> str:
    """How a row was read, as it is kept."""
    return json.dumps(reader.to_json(), ensure_ascii=False, sort_keys=True)


def reader_for(feed: Feed, options: ImportOptions, needed: Sequence[str] = ("id", "title")) -> Reader:
    """How to read a feed, by its columns and a sample of its rows. `needed`: the fields it must have."""
    sample: list[Mapping[str, object]] = []
    empty = True
    for row in feed.rows():
        empty = False
        if row.problem is None:
            sample.append(row.values)
        if len(sample) == _SAMPLE:
            break
    headers = feed.headers or tuple(dict.fromkeys(name for values in sample for name in values))
    if not headers:
        what = "holds no products" if empty else f"no row of it can be read as {feed.format}"
        raise UnreadableFeed(f"{feed.path}: {what}")
    columns = map_columns(headers, options.columns, str(feed.path), sample, needed)
    nested = None if columns["category"] else _nested_category(sample, columns["attributes"])
    titles = [str(values.get(columns["title"] or "", "")) for values in sample]
    prices = [column for field in ("price", "list_price") if (column := columns[field])]
    named = next((currency for column in prices if (currency := header_currency(column))), None)
    usual = options.currency or ("CNY" if mostly_chinese(titles) else "USD")
    decimal = decimal_sign(values.get(column) for column in prices for values in sample)
    return Reader(columns, named or usual, nested, decimal)


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
