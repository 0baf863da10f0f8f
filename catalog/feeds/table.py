"""CSV and TSV: a header line, then one product a record. Knows no columns' meaning and no SQL."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.feeds.encoding import LONGEST_LINE, lines
from catalog.feeds.rows import Feed, Problem, Row
from errors import UnreadableFeed

_DELIMITERS = ",\t;|"
_LONGEST_RECORD = 200  # lines; a quote that stays open longer was never closed
_FIELD_LIMIT = 1 << 26
_REPEATABLE = {"additional_image_link", "product_detail", "product_highlight", "shipping"}  # in Google's feeds
_STILL_OPEN = "unexpected end of data"
_LONGEST_NAME = 1_000
_MOST_NOTES = 20  # lines before the header
MOST_COLUMNS = 2_000
"""More columns than any shop fills; a feed that has them was exported the wrong way."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How to read the file: `head` is the number of the header's last line."""

    delimiter: str
    headers: tuple[str, ...]
    head: int


def open_table(path: Path) -> Feed:
    """A feed with a header line; delimiter and encoding are recognised from the content."""
    csv.field_size_limit(_FIELD_LIMIT)
    layout = _layout(path)
    return Feed(path, "tsv" if layout.delimiter == "\t" else "csv", layout.headers, lambda: _rows(path, layout))


def check_headers(path: Path, headers: Sequence[str]) -> tuple[str, ...]:
    """A table's column names; UnreadableFeed where they cannot tell the columns apart."""
    named = [h for h in headers if h]
    twice = [name for name, count in Counter(named).items() if count > 1 and _plain(name) not in _REPEATABLE]
    if not named:
        raise UnreadableFeed(f"{path}: the first line names no columns")
    longest = max(map(len, named))
    if longest > _LONGEST_NAME:
        raise UnreadableFeed(f"{path}: its first line is no header: it names a column with {longest:,} characters")
    if len(named) > MOST_COLUMNS:
        raise UnreadableFeed(f"{path}: {len(named):,} columns; a table may have {MOST_COLUMNS:,}")
    if twice:
        raise UnreadableFeed(f"{path}: two columns are called {twice[0]!r}; give each its own name")
    return tuple(headers)


def _plain(header: str) -> str:
    return header.casefold().replace(" ", "_")


def by_name(headers: Sequence[str], fields: Sequence[object]) -> dict[str, object]:
    """Fields by their column's name; those of a column that stands there several times, as a list."""
    values = {name: field for name, field in zip(headers, fields, strict=True) if name}
    if len(values) < len(headers) and len(set(headers)) < len(headers):
        for name, count in Counter(headers).items():
            if name and count > 1:
                listed = [f for h, f in zip(headers, fields, strict=True) if h == name and f not in (None, "")]
                values[name] = listed if len(listed) > 1 else next(iter(listed), "")
    return values


def _layout(path: Path) -> _Layout:
    """The header is the first line that names two columns or more; spreadsheets put "sep=;", a title or notes before it."""
    ahead = _Ahead(line.rstrip("\n") for line in lines(path))
    first: _Layout | None = None
    for _ in range(_MOST_NOTES):
        while (line := ahead[0]) is not None and (not line.strip() or line.lower().startswith("sep=")):
            ahead.drop(1)
        if line is None:
            break
        delimiter = max(_DELIMITERS, key=lambda d: (_columns(ahead, d), -_DELIMITERS.index(d)))
        fields, used = _record(ahead, delimiter)
        layout = _Layout(delimiter, tuple(f.strip() for f in fields or ()), ahead.dropped + used)
        ahead.drop(used)
        first = first or layout
        if sum(map(bool, layout.headers)) > 1 or len(line) > _LONGEST_NAME:
            check_headers(path, layout.headers)
            return layout
    check_headers(path, first.headers if first else ())
    assert first
    return first


def _columns(ahead: _Ahead, delimiter: str) -> int:
    return len(_record(ahead, delimiter)[0] or ())


def _parse(text: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """The fields of one record; None where a quote is misplaced or, which the second value tells, still open."""
    if '"' not in text:
        return text.split(delimiter), False
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), []), False
    except csv.Error as error:
        return None, str(error) == _STILL_OPEN


def _rows(path: Path, layout: _Layout) -> Iterator[Row]:
    ahead = _Ahead(line.rstrip("\n") for line in lines(path))
    ahead.drop(layout.head)
    while (line := ahead[0]) is not None:
        if not line.strip():
            ahead.drop(1)
            continue
        fields, used = _record(ahead, layout.delimiter, len(layout.headers))
        yield _row(path.name, ahead.dropped + 1, fields, layout.headers, line)
        ahead.drop(used)


class _Ahead:
    """Lines that are still to be read, a few of them at hand."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source, self._held = source, deque[str]()
        self.dropped = 0

    def __getitem__(self, place: int) -> str | None:
        while len(self._held) <= place:
            line = next(self._source, None)
            if line is None:
                return None
            self._held.append(line)
        return self._held[place]

    def drop(self, count: int) -> None:
        for _ in range(count):
            if self[0] is not None:
                self._held.popleft()
                self.dropped += 1


def _record(ahead: _Ahead, delimiter: str, count: int | None = None) -> tuple[list[str] | None, int]:
    """The record at hand, and how many lines it takes. An unclosed quote costs its own line only.

    A quote that is never closed may seem to be by the next one: then there are not `count` fields, or text goes on
    behind the quote.
    """
    text = ahead[0] or ""
    fields, still_open = _parse(text, delimiter)
    for used in range(2, _LONGEST_RECORD + 1):
        line = ahead[used - 1] if still_open and len(text) <= LONGEST_LINE else None
        if line is None:
            return fields, 1
        text = f"{text}\n{line}"
        if '"' in line:
            fields, still_open = _parse(text, delimiter)
            if fields is not None:
                return (fields, used) if count in (None, len(_fitted(fields, count))) else (None, 1)
    return None, 1


def _fitted(fields: list[str], count: int | None) -> list[str]:
    """Without the empty fields that some programs write behind the last column."""
    return fields if count is None or any(fields[count:]) else fields[:count]


def _row(file: str, line: int, fields: list[str] | None, headers: tuple[str, ...], raw: str) -> Row:
    if fields is None:
        reason = "a quote is opened and never closed, or stands inside a field"
        return Row(file, line, {}, Problem.of(None, raw, reason))
    fields = _fitted(fields, len(headers))
    if len(fields) != len(headers):
        reason = f"{len(fields)} fields where the header names {len(headers)}"
        return Row(file, line, {}, Problem.of(None, raw, reason))
    return Row(file, line, by_name(headers, fields))
