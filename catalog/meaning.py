"""Which of a feed's columns carries which of our fields: by its name first, else by what stands in it.

Names are lexicon/fields.toml; `--map` overrides them. An id is never guessed from content: a wrong one would make every
import a new shop. Reads a sample of raw rows; knows nothing of slots, products or SQL.
"""

from __future__ import annotations

import re
import statistics
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from catalog.lexicon import FOLDER
from catalog.numbers import parse_money
from errors import UnreadableFeed

Values = Mapping[str, object]
_NEARLY_ALL = 0.9
_TITLE_LENGTH = (6, 160)  # characters, at the median
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|svg|avif)(?:\?|$)", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+$", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_CURRENCY_AT_END = re.compile(r"[\s_/\-(\[（【]+([A-Za-z]{3}|[$€£¥￥元])\s*[)\]）】]?\s*$")
_CENTS = re.compile(r"(?:^|\d)([.,])\d{1,2}(?!\d)")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which of the feed's columns carries which of our fields; [] answers None for a field that none carries."""

    columns: Mapping[str, str]

    def __getitem__(self, field: str) -> str | None:
        return self.columns.get(field)


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """Field -> what feeds call it, likeliest first, for attributes nested in a row as well as for columns."""
    return {field: tuple(map(plain_name, entry["names"])) for field, entry in _lexicon().items()}


@cache
def _lexicon() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((FOLDER / "fields.toml").read_text(encoding="utf-8"))


def plain_name(name: str) -> str:
    """A column's name as it is compared: "Product Type" and "product_type" are one."""
    return re.sub(r"[\s_\-.:/]+", "", name).casefold()


def map_columns(
    headers: Iterable[str],
    overrides: Mapping[str, str],
    where: str,
    sample: Sequence[Values] = (),
    needed: Sequence[str] = ("id", "title"),
) -> ColumnMap:
    """Which column means what. UnreadableFeed when none carries a needed field, or an override names no column."""
    headers = list(headers)
    columns = _by_name(headers)
    for field, column in overrides.items():
        if field not in names():
            raise UnreadableFeed(f"--map {field}={column}: {field!r} is none of {', '.join(names())}")
        if column not in headers:
            listed = ", ".join(headers)
            raise UnreadableFeed(f"--map {field}={column}: {where} has no column {column!r}; it has {listed}")
        columns = {f: c for f, c in columns.items() if c != column} | {field: column}
    columns |= _by_content([h for h in headers if h not in columns.values()], set(names()) - set(columns), sample)
    for field in needed:
        if field not in columns:
            listed = ", ".join(headers[:20])
            raise UnreadableFeed(f"{where}: no {field} column among {listed}; say which with --map {field}=COLUMN")
    return ColumnMap(columns)


def _by_name(headers: Sequence[str]) -> dict[str, str]:
    """Exact names before those with a unit or currency beside them: "价格(元)", "price_eur"."""
    known: dict[str, str] = {}
    for simplify in (plain_name, lambda h: plain_name(_BRACKETS.sub("", h)), lambda h: plain_name(_bare(h))):
        for header in headers:
            known.setdefault(simplify(header), header)
    columns: dict[str, str] = {}
    for field, entry in _lexicon().items():
        spellings = map(plain_name, (*entry["names"], *entry.get("top", ())))
        found = next((known[s] for s in spellings if s in known and known[s] not in columns.values()), None)
        if found is not None:
            columns[field] = found
    sale = next((known[s] for s in map(plain_name, _lexicon()["price"]["sale"]) if s in known), None)
    usual = columns.get("price", sale)
    if sale and usual and usual != sale:  # what is paid is the sale's price, where a row has one
        columns |= {"price": sale, "list_price": usual}
    elif sale:
        columns["price"] = sale
    return columns


def _bare(header: str) -> str:
    return _CURRENCY_AT_END.sub("", header) if header_currency(header) else header


def header_currency(header: str) -> str | None:
    """The currency that a price column's name states: "Price (EUR)", "price_usd", "价格/元"."""
    found = _CURRENCY_AT_END.search(header)
    money = parse_money(f"1 {found[1]}") if found else None
    return money.currency if money else None


def _by_content(headers: Sequence[str], wanted: set[str], sample: Sequence[Values]) -> dict[str, str]:
    """Columns whose cells say what they are, whatever they are called."""
    columns: dict[str, str] = {}
    for header in headers:
        cells = [v for row in sample if (v := row.get(header)) not in (None, "")]
        field = _meaning_of(cells, wanted - set(columns), len(sample))
        if field:
            columns[field] = header
    return columns


def _meaning_of(cells: Sequence[object], wanted: set[str], rows: int) -> str | None:
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    if not texts or len(texts) < _NEARLY_ALL * len(cells):
        return None
    if _share(texts, _LINK.match):
        field = "image" if _share(texts, _PICTURE.search) else "url"
    elif _share(texts, lambda text: len(text) < 30 and parse_money(text)):
        field = "price"  # no default currency is given: the cells name one themselves
    elif len(texts) >= _NEARLY_ALL * rows and _reads_as_titles(texts):
        field = "title"
    else:
        return None
    return field if field in wanted else None


def _share(texts: Sequence[str], test: Callable[[str], object]) -> bool:
    """Do nearly all pass?"""
    return sum(bool(test(text)) for text in texts) >= _NEARLY_ALL * len(texts)


def _reads_as_titles(texts: Sequence[str]) -> bool:
    low, high = _TITLE_LENGTH
    wordy = _share(texts, lambda text: sum(map(str.isalpha, text)) >= 0.5 * len(text))
    return wordy and low <= statistics.median(map(len, texts)) <= high and len(set(texts)) >= _NEARLY_ALL * len(texts)


def decimal_sign(cells: Iterable[object]) -> str | None:
    """The decimal sign of a column of prices, where its cents show it and do not contradict each other.

    "12,50" and "1.299,00" say a comma, so that "1.299" beside them is a thousand and not one and a bit.
    """
    signs = {found[-1] for cell in cells if isinstance(cell, str) and (found := _CENTS.findall(cell))}
    return str(signs.pop()) if len(signs) == 1 else None
