"""CSV and TSV: a header line, then one product a record. Knows no columns' meaning and no SQL."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.feeds.encoding import open_text
from catalog.feeds.rows import Feed, Problem, Row
from errors import UnreadableFeed

_DELIMITERS = ",\t;|"
_LONGEST_RECORD = 200  # lines; a quote that stays open longer was never closed
_FIELD_LIMIT = 1 << 26


@dataclass(frozen=True, slots=True)
class _Layout:
    """How to read the file: `head` is the place of the header line."""

    delimiter: str
    headers: tuple[str, ...]
    head: int


def open_table(path: Path) -> Feed:
    """A feed with a header line; delimiter and encoding are recognised from the content."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = _lines(path)
    first = _header_line(lines)
    head = lines[first]
    delimiter = max(_DELIMITERS, key=lambda d: (_fields(head, d), -_DELIMITERS.index(d)))
    headers = tuple(h.strip() for h in _parse(head, delimiter) or ())
    named = [h for h in headers if h]
    twice = [name for name, count in Counter(named).items() if count > 1]
    if twice:
        raise UnreadableFeed(f"{path}: two columns are called {twice[0]!r}; give each its own name")
    if not named:
        raise UnreadableFeed(f"{path}: the first line names no columns")
    layout = _Layout(delimiter, headers, first)
    return Feed(path, "tsv" if delimiter == "\t" else "csv", headers, lambda: _rows(path, layout))


def _lines(path: Path) -> list[str]:
    with open_text(path, newline="") as file:
        text = file.read()
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _header_line(lines: list[str]) -> int:
    """The first line that says something; spreadsheets may put "sep=;" before it."""
    return next((n for n, line in enumerate(lines) if line.strip() and not line.lower().startswith("sep=")), 0)


def _fields(line: str, delimiter: str) -> int:
    return len(_parse(line, delimiter) or ())


def _parse(text: str, delimiter: str) -> list[str] | None:
    """The fields of one record; None while a quote is still open or misplaced."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _rows(path: Path, layout: _Layout) -> Iterator[Row]:
    lines = _lines(path)
    place = layout.head + 1
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        fields, used = _record(lines, place, layout)
        yield _row(path.name, place + 1, fields, layout.headers, lines[place])
        place += used


def _record(lines: list[str], start: int, layout: _Layout) -> tuple[list[str] | None, int]:
    """The record that starts on a line, and how many lines it takes. An unclosed quote costs its own line only.

    A quote that is never closed may seem to be by the next one: then the fields do not come out even.
    """
    fields = _parse(lines[start], layout.delimiter)
    if fields is not None or '"' not in lines[start]:
        return fields, 1
    for used in range(2, min(_LONGEST_RECORD, len(lines) - start) + 1):
        if '"' in lines[start + used - 1]:
            fields = _parse("\n".join(lines[start : start + used]), layout.delimiter)
            if fields is not None and len(fields) == len(layout.headers):
                return fields, used
    return None, 1


def _row(file: str, line: int, fields: list[str] | None, headers: tuple[str, ...], raw: str) -> Row:
    if fields is None:
        reason = "a quote is opened and never closed, or stands inside a field"
        return Row(file, line, {}, Problem.of(None, raw, reason))
    if len(fields) != len(headers):
        reason = f"{len(fields)} fields where the header names {len(headers)}"
        return Row(file, line, {}, Problem.of(None, raw, reason))
    return Row(file, line, {h: f for h, f in zip(headers, fields, strict=True) if h})
