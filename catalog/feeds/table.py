"""CSV and TSV: a header line, then one product a record. Knows no columns' meaning and no SQL."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from catalog.feeds.encoding import decoder
from catalog.feeds.rows import LONGEST_FIELD, Feed, Problem, Row
from errors import UnreadableFeed

_DELIMITERS = ",\t;|"
_LONGEST_RECORD = 200  # lines; a quote that stays open longer was never closed
_FIELD_LIMIT = 1 << 26


def open_table(path: Path) -> Feed:
    """A feed with a header line; delimiter and encoding are recognised from the content."""
    csv.field_size_limit(_FIELD_LIMIT)
    encoding = decoder(path)
    lines = _lines(path, encoding)
    head = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=lambda d: (_fields(head, d), -_DELIMITERS.index(d)))
    headers = tuple(h.strip() for h in _parse(head, delimiter) or ())
    named = [h for h in headers if h]
    twice = [name for name, count in Counter(named).items() if count > 1]
    if twice:
        raise UnreadableFeed(f"{path}: two columns are called {twice[0]!r}; give each its own name")
    if not named:
        raise UnreadableFeed(f"{path}: the first line names no columns")
    return Feed(path, "tsv" if delimiter == "\t" else "csv", headers, lambda: _rows(path, encoding, delimiter, headers))


def _lines(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        text = file.read()
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _fields(line: str, delimiter: str) -> int:
    return len(_parse(line, delimiter) or ())


def _parse(text: str, delimiter: str) -> list[str] | None:
    """The fields of one record; None while a quote is still open or misplaced."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _rows(path: Path, encoding: str, delimiter: str, headers: tuple[str, ...]) -> Iterator[Row]:
    lines = _lines(path, encoding)
    place = 1
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        fields, used = _record(lines, place, delimiter)
        yield _row(path.name, place + 1, fields, headers, lines[place])
        place += used


def _record(lines: list[str], start: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The record that starts on a line, and how many lines it takes. An unclosed quote costs its own line only."""
    for used in range(1, min(_LONGEST_RECORD, len(lines) - start) + 1):
        fields = _parse("\n".join(lines[start : start + used]), delimiter)
        if fields is not None:
            return fields, used
        if '"' not in lines[start]:
            break
    return None, 1


def _row(file: str, line: int, fields: list[str] | None, headers: tuple[str, ...], raw: str) -> Row:
    if fields is None:
        return Row(
            file, line, {}, Problem.of(None, raw, "a quote is opened and never closed, or stands inside a field")
        )
    if len(fields) != len(headers):
        reason = f"{len(fields)} fields where the header names {len(headers)}"
        return Row(file, line, {}, Problem.of(None, raw[:LONGEST_FIELD], reason))
    return Row(file, line, {h: f for h, f in zip(headers, fields, strict=True) if h})
