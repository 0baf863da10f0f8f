"""A raw row as a Product, or the first thing wrong with it.

Which column means what, meaning.py has told. Knows no SQL and nothing of the slots that are worked out over the whole
catalogue.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from catalog.cells import parse_boolean, parse_cell, parse_money, parse_number, parse_path
from catalog.feeds.rows import LONGEST_FIELD, ODD, Problem, text_problem
from catalog.meaning import ColumnMap
from catalog.types import Cell, Money, Product, Variant

_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[a-zA-Z/!][^<>]*>", re.IGNORECASE | re.DOTALL)
_RATING = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/.*|out of.*|stars?|分|星)", re.IGNORECASE)
_LONGEST_ID = 200
_MOST_STOCK = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads raw rows into products.

    `currency`: of prices that name none. `nested_category`: an attribute that says what kind of product it is.
    `decimal`: the sign before the cents in this feed's prices, where they show it.
    """

    mapping: ColumnMap
    currency: str
    nested_category: str | None = None
    decimal: str | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "columns": dict(self.mapping.columns),
            "currency": self.currency,
            "nested_category": self.nested_category,
            "decimal": self.decimal,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reader:
        return cls(ColumnMap(data["columns"]), data["currency"], data["nested_category"], data.get("decimal"))

    def read(self, values: Mapping[str, object], record: str) -> Product | Problem:
        """The product a row states, or the first thing wrong with it. `record`: the row as JSON."""
        problem = _bad_text(values) if _suspicious(record) else None
        if problem:
            return problem
        try:
            return self.product(values)
        except _Bad as bad:
            return bad.problem

    def id_of(self, values: Mapping[str, object]) -> str | None:
        """The id a row states; None where it states none that can be taken."""
        try:
            return self._id(values)
        except _Bad:
            return None

    def product(self, values: Mapping[str, object]) -> Product:
        """The product that a row which was read before states."""
        id = self._id(values)
        title = _text(self._get(values, "title"))
        if not title:
            raise _Bad("title", self._get(values, "title"), "a product needs a title")
        attributes = self._attributes(values)
        category = parse_path(_text(self._get(values, "category"))) if self._get(values, "category") else ()
        nested = attributes.pop(self.nested_category, ()) if self.nested_category else ()
        category = category or tuple(str(c) for c in nested[:1])
        price, stock = self._price(values), self._stock(values)
        return Product(
            id=id,
            title=title,
            variants=self._variants(values, id, price, stock),
            description=_text(self._get(values, "description")),
            brand=_text(self._get(values, "brand")),
            category=tuple(c for c in category if c),
            rating=self._rating(values),
            availability=_availability(self._get(values, "availability")),
            url=self._link(values, "url"),
            image=self._link(values, "image"),
            attributes=attributes,
            record=values,
        )

    def _get(self, values: Mapping[str, object], field: str) -> object:
        column = self.mapping[field]
        return values.get(column) if column else None

    def _id(self, values: Mapping[str, object]) -> str:
        raw = self._get(values, "id")
        id = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw or "").strip()
        if not id or isinstance(raw, bool | dict | list):
            raise _Bad("id", raw, "a product needs an id")
        if len(id) > _LONGEST_ID:
            raise _Bad("id", id, f"an id may have {_LONGEST_ID} characters")
        return id

    def _price(self, values: Mapping[str, object], raw: object = None) -> Money | None:
        raw = self._get(values, "price") if raw is None else raw
        if raw is None or raw == "":
            return None
        currency = _text(self._get(values, "currency")).upper() or self.currency
        money = parse_money(raw, currency, self.decimal) if isinstance(raw, str | int | float) else None
        if money is None:
            raise _Bad("price", raw, "not an amount of money of zero or more, such as 24.90 or 24.90 USD")
        return money

    def _stock(self, values: Mapping[str, object], raw: object = None) -> int | None:
        raw = self._get(values, "stock") if raw is None else raw
        if raw is None or raw == "":
            return None
        number = _number(raw)
        if number is None or not 0 <= number <= _MOST_STOCK or not number.is_integer():
            raise _Bad("stock", raw, "not a count of things in stock")
        return int(number)

    def _rating(self, values: Mapping[str, object]) -> float | None:
        raw = self._get(values, "rating")
        if raw is None or raw == "":
            return None
        stated = _RATING.fullmatch(raw.strip()) if isinstance(raw, str) else None
        number = _number(stated[1] if stated else raw)
        if number is None or number < 0:
            raise _Bad("rating", raw, "not a rating, such as 4.5")
        return number

    def _link(self, values: Mapping[str, object], field: str) -> str | None:
        raw = self._get(values, field)
        if isinstance(raw, list):
            raw = raw[0] if raw else None
        link = str(raw or "").strip()
        if not link:
            return None
        parts = _split(link)
        relative = parts is not None and not parts.scheme and not parts.netloc and field == "image"
        if parts is None or not (relative or (parts.scheme in ("http", "https") and parts.netloc)):
            raise _Bad(field, link, "a link starts with http:// or https://")
        return link

    def _attributes(self, values: Mapping[str, object]) -> dict[str, tuple[Cell, ...]]:
        """Every field without a meaning of its own, nested attributes beside the feed's own columns."""
        meant = set(self.mapping.columns.values())
        fields = {k: v for k, v in values.items() if k not in meant}
        nested = self._get(values, "attributes")
        if isinstance(nested, dict):
            fields |= {str(k): v for k, v in nested.items()}
        read = {}
        for name, value in fields.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise _Bad(name, value, "not a finite number")
            cells = parse_cell(value)
            if cells:
                read[name] = cells
        return read

    def _variants(
        self, values: Mapping[str, object], id: str, price: Money | None, stock: int | None
    ) -> tuple[Variant, ...]:
        listed = self._get(values, "variants")
        if not isinstance(listed, list) or not listed:
            return (Variant(id, price, stock),)
        return tuple(self._variant(values, v, f"{id}-{n}", price) for n, v in enumerate(listed, 1))

    def _variant(self, values: Mapping[str, object], raw: object, id: str, price: Money | None) -> Variant:
        if not isinstance(raw, dict):
            raise _Bad("variants", raw, "a variant is an object with id, price, stock and options")
        options = raw.get("options")
        cells = {str(k): parse_cell(v) for k, v in options.items()} if isinstance(options, dict) else {}
        own = self._price(values, raw["price"]) if raw.get("price") not in (None, "") else price
        stock = self._stock(values, raw["stock"]) if raw.get("stock") not in (None, "") else None
        return Variant(str(raw.get("id") or id), own, stock, {k: c for k, c in cells.items() if c})


class _Bad(Exception):
    """A fault found while a row is read; never leaves this module."""

    def __init__(self, field: str, value: object, reason: str) -> None:
        self.problem = Problem.of(field, value, reason)


def _suspicious(record: str) -> bool:
    """May a row hold a text that is to be refused? Its JSON, looked through at once, tells the many that do not."""
    return (
        len(record) > LONGEST_FIELD or "\\u0000" in record or (not record.isascii() and ODD.search(record) is not None)
    )


def _bad_text(values: Mapping[str, object], prefix: str = "") -> Problem | None:
    for name, value in values.items():
        field = f"{prefix}{name}"
        for text in (name, value) if isinstance(value, str) else (name,):
            if problem := text_problem(field, text):
                return problem
        if isinstance(value, dict) and (problem := _bad_text(value, f"{field}.")):
            return problem
        if isinstance(value, list):
            for part in value:
                inner = part if isinstance(part, dict) else {"": part}
                if problem := _bad_text(inner, field):
                    return problem
    return None


def _text(value: object) -> str:
    """A field as plain text: markup is taken out, entities are read, blanks are joined."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def _availability(value: object) -> str | None:
    """The feed's own words; a plain yes or no is put into words, in the language it is said in."""
    text = _text(value)
    truth = value if isinstance(value, bool) else parse_boolean(text)
    if truth is None:
        return text or None
    yes, no = ("in stock", "out of stock") if text.isascii() else ("有货", "缺货")
    return yes if truth else no


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    return parse_number(value.strip()) if isinstance(value, str) else None


def _split(link: str) -> SplitResult | None:
    try:
        return urlsplit(link)
    except ValueError:
        return None
