"""Workbooks (.xlsx): the first sheet that has a header line, a row a product, each cell as a careful person reads it.

    a number shown as 00042 -> "00042"     a number shown in euros -> "39.99 €"      25 % -> "25%"     a date -> "2026-05-01"
    a formula -> the value it came to      #REF! -> the row is refused, with the cell; #N/A -> empty

Read row by row with openpyxl. Knows nothing of columns' meaning.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median_high
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from catalog.feeds.archive import check_workbook
from catalog.feeds.guard import open_seekable
from catalog.feeds.rows import Feed, Problem, Row
from catalog.feeds.table import by_name, check_headers
from errors import UnreadableFeed

_SAMPLE = 50  # rows among which the header line stands
_HEADER_SHARE = 0.6  # of the columns that rows fill, a header line names this much
_MOST_MERGED = 10_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_PIECE, _LONGEST_TAG = 1 << 20, 200
_AT_ONCE = 256  # rows
_MOST_CELLS = 1 << 26
_EMPTY = (None, "")
_BROKEN = (
    InvalidFileException, BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    SyntaxError,
)  # fmt: skip
_IN_WORDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CURRENCY = re.compile(r'\[\$([^\-\]]{1,4})[\-\]]|"\s*([^"\d]{1,4}?)\s*"|([$€£¥])')
_ONLY_ZEROS = re.compile("0{2,20}")
_DIGITS = 15  # what a spreadsheet shows of a number; what follows is an artefact of binary fractions
_UNKNOWN = "#N/A"

Cells = Sequence[Any]


def open_xlsx(path: Path) -> Feed:
    """A feed out of a workbook. UnreadableFeed when no sheet of it has a header line."""
    check_workbook(path)
    with _opened(path) as book:
        for sheet in book.worksheets:
            rows = list(islice(_cells(path, sheet), _SAMPLE)) if sheet.sheet_state == "visible" else []
            place = _header_place(rows)
            if place is not None:
                read = [_text(cell) for cell in rows[place]]
                headers = check_headers(path, read[: max(n for n, name in enumerate(read, 1) if name)])
                return _feed(path, sheet.title, place + 1, headers)
    raise UnreadableFeed(f"{path}: no sheet of it has a header line that names two columns or more")


def _feed(path: Path, title: str, head: int, headers: tuple[str, ...]) -> Feed:
    return Feed(path, "xlsx", headers, lambda: _rows(path, title, head, headers))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with open_seekable(path) as file:
            with _quiet():
                book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except _BROKEN as error:
        raise UnreadableFeed(f"{path}: not a workbook that can be read ({type(error).__name__}: {error})") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """What the library warns of (styles, filters, print areas) is nothing that a feed needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _cells(path: Path, sheet: Any) -> Iterator[Cells]:
    """The sheet's rows from the first on, empty ones too."""
    sheet.reset_dimensions()  # programs state them wrongly
    rows, count = sheet.iter_rows(), 0
    while True:
        with _quiet():
            some = list(islice(rows, _AT_ONCE))
        if not some:
            return
        count += sum(map(len, some))
        if count > _MOST_CELLS:
            raise UnreadableFeed(f"{path}: more than {_MOST_CELLS:,} cells, most of them empty? Delete empty columns.")
        yield from some


def _header_place(rows: Sequence[Cells]) -> int | None:
    """The first row of texts alone that names most of the columns which rows fill; titles and notes above it are not."""
    filled = [sum(cell.value not in _EMPTY for cell in row) for row in rows]
    usual = median_high([n for n in filled if n] or [0])
    for place, (row, count) in enumerate(zip(rows, filled, strict=True)):
        texts = sum(isinstance(cell.value, str) and bool(cell.value.strip()) for cell in row)
        if count >= 2 and texts == count >= _HEADER_SHARE * usual:
            return place
    return None


def _rows(path: Path, title: str, head: int, headers: tuple[str, ...]) -> Iterator[Row]:
    with _opened(path) as book:
        sheet = book[title]
        merged = _Merged(path, sheet._worksheet_path)
        for line, cells in enumerate(_cells(path, sheet), 1):
            cells = cells[: len(headers)]
            if line > head and any(cell.value not in _EMPTY for cell in cells):
                yield _row(path.name, line, merged.filled(line, cells), headers)


def _row(file: str, line: int, cells: Cells, headers: tuple[str, ...]) -> Row:
    read: list[object] = [None] * len(headers)
    for column, cell in enumerate(cells):
        if cell.data_type == "e" and cell.value != _UNKNOWN:
            reason = f"the cell {get_column_letter(column + 1)}{line} holds an error of its formula"
            problem = Problem.of(headers[column] or None, cell.value, reason)
            return Row(file, line, by_name(headers, read), problem)
        read[column] = _value(cell)
    return Row(file, line, by_name(headers, read))


class _Merged:
    """Cells merged over several rows say the same of each of them; the file keeps their value in the first alone."""

    def __init__(self, path: Path, member: str) -> None:
        self._begin: dict[int, list[tuple[int, int]]] = {}
        for found in _merged_ranges(path, member):
            column, first, _, last = range_boundaries(found)
            if last > first:
                self._begin.setdefault(first, []).append((column, last))
        self._open: dict[int, tuple[int, Any]] = {}

    def filled(self, line: int, cells: Cells) -> Cells:
        """The row's cells, with what stands in a merged one above."""
        if not self._begin:
            return cells
        filled = list(cells)
        for column, (last, cell) in list(self._open.items()):
            if line > last:
                del self._open[column]
            elif column <= len(filled) and filled[column - 1].value in _EMPTY:
                filled[column - 1] = cell
        for column, last in self._begin.get(line, ()):
            if column <= len(filled):
                self._open[column] = (last, filled[column - 1])
        return filled


def _merged_ranges(path: Path, member: str) -> list[str]:
    """They stand behind all rows in the sheet's XML, where the library does not look when it reads row by row."""
    found: list[str] = []
    with open_seekable(path) as file, ZipFile(file) as archive, archive.open(member) as sheet:
        held = b""
        while len(found) < _MOST_MERGED and (piece := sheet.read(_PIECE)):
            held += piece
            matches = list(_MERGED.finditer(held))
            found += [match[1].decode() for match in matches]
            held = held[max(matches[-1].end() if matches else 0, len(held) - _LONGEST_TAG) :]
    return found


def _text(cell: Any) -> str:
    return " ".join(str(cell.value).split()) if cell.value is not None else ""


def _value(cell: Any) -> object:
    value = cell.value
    if isinstance(value, str):
        return None if cell.data_type == "e" else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime.datetime) and not any((value.hour, value.minute, value.second)):
        return value.date().isoformat()
    return value.isoformat(" ", "seconds") if isinstance(value, datetime.datetime) else str(value)


def _number(value: float, shown: str) -> object:
    """A number with what its format says of it: leading zeros, a currency, per cent."""
    plain = float(f"{value:.{_DIGITS}g}")
    number = int(plain) if plain.is_integer() and abs(plain) < 10**_DIGITS else plain
    if shown == "General":
        return number
    if _ONLY_ZEROS.fullmatch(shown) and isinstance(number, int):
        return str(number).zfill(len(shown))
    if "%" in _IN_WORDS.sub("", shown):
        return f"{float(f'{plain * 100:.{_DIGITS - 3}g}'):g}%"
    currency = _CURRENCY.search(shown)
    return f"{number} {next(filter(None, currency.groups()))}" if currency else number
