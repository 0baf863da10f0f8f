"""What a feed states of one purchasable thing: price, price before a sale, unit price, stock, availability, links.

Each reading gives a value, None for an empty cell, or raises Bad, which names the field and says what is wrong. Knows
cells, not columns or rows.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from catalog.cells import parse_boolean, parse_money, parse_number, parse_quantity
from catalog.feeds.rows import Problem
from catalog.numbers import finite
from catalog.types import Money, Quantity, UnitPrice
from catalog.units import convert

_TAG = re.compile(r"<(script|style)\b(?:(?!<\1\b).)*?</\1\s*>|<[a-zA-Z/!][^<>]*>", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(r"</?(?:a|abbr|b|big|code|em|font|i|mark|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_RATING = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/.*|out of.*|stars?|分|星)", re.IGNORECASE)
_PER = re.compile(r"(.*\d.*?)\s*(?:/|\bper\b|\bje\b|\bpro\b|\bpar\b|\bpor\b|每)\s*(.+)", re.IGNORECASE)
_MEASURE = re.compile(r"(?P<amount>\d+(?:[.,]\d+)?)?\s*(?P<unit>[^\d\s].*)")
_ADULT = frozenset({"18", "18+", "adult", "adults", "adults only", "成人"})
_ORDINARY = re.compile(r"https?://[\w.\-]+(?::\d+)?(?:[/?#][\w.\-/?#&=%+,;:~@!$'()*]*)?", re.ASCII)
_DECIMALS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "PYG": 0, "VND": 0, "BHD": 3, "KWD": 3, "TND": 3}
_LONGEST_MEASURE = 100  # characters; what is longer states no unit price
_MOST_STOCK = 1_000_000_000

Get = Callable[[str], object]
"""A thing's cell by our name for the field."""


class Bad(Exception):
    """A fault found while a row is read; never leaves the readers of rows."""

    def __init__(self, field: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem.of(field, value, reason)


@dataclass(frozen=True, slots=True)
class Prices:
    """Reads amounts of one feed. `currency`: of those that name none; `decimal`: the sign before the cents, if known."""

    currency: str
    decimal: str | None = None

    def money(self, field: str, raw: object, currency: str) -> Money | None:
        """24.90, "24.90 USD", {"amount": 24.9, "currency": "USD"}."""
        if raw in (None, "", {}):
            return None
        if isinstance(raw, dict):
            named = raw.get("currency") or raw.get("currency_code") or raw.get("currencyCode")
            currency = str(named).upper() if named else currency
            raw = raw.get("amount", raw.get("value"))
        money = parse_money(raw, currency, self.decimal) if isinstance(raw, str | int | float) else None
        if money is None:
            raise Bad(field, raw, "not an amount of money of zero or more, such as 24.90 or 24.90 USD")
        return money

    def readable(self, raw: object) -> bool:
        """Is this an amount of money?"""
        try:
            return self.money("price", raw, self.currency) is not None
        except Bad:
            return False

    def of(self, get: Get, currency: str) -> tuple[Money | None, Money | None]:
        """(the price, the price before the sale). A list price alone is the price; one not above it is no sale."""
        price = self.money("price", get("price"), currency)
        if price is None:
            return self.money("list_price", get("list_price"), currency), None
        try:
            was = self.money("list_price", get("list_price"), currency)
        except Bad:  # it changes nothing of what is to be paid; the cell stays in the record
            return price, None
        return price, was if was and was.currency == price.currency and was.amount > price.amount else None

    def each(self, raw: object, price: Money | None, currency: str) -> UnitPrice | None:
        """What a measure costs: stated ("4.99 EUR per 100 ml") or worked out ({"measure": "750 ml", "base": "100 ml"}).

        None for anything else: a column called unit price may hold other things.
        """
        if isinstance(raw, dict) and "measure" in raw:
            return _worked_out(price, raw.get("measure"), raw.get("base")) if price else None
        if isinstance(raw, dict):
            cost, measure = raw.get("price"), (raw.get("amount", 1), raw.get("unit"))
        else:
            found = _PER.fullmatch(raw.strip()) if isinstance(raw, str) and len(raw) <= _LONGEST_MEASURE else None
            if not found:
                return None
            cost, measure = found[1], _amount(found[2]) or (None, None)
        money = parse_money(cost, currency, self.decimal)
        amount, unit = _finite(measure[0]), measure[1]
        return UnitPrice(money, amount, str(unit)) if money and amount and unit else None


def _worked_out(price: Money, measure: object, base: object) -> UnitPrice | None:
    """By the measure's own unit where no base is named."""
    whole = _amount(str(measure or ""))
    part = _amount(str(base)) if base else (1.0, whole[1]) if whole else None
    if whole is None or part is None or not whole[0] or not part[0]:
        return None
    same = whole[0] if whole[1] == part[1] else convert(whole[0], whole[1], part[1])
    return (
        UnitPrice(Money(_rounded(price.amount * part[0] / same, price.currency), price.currency), *part)
        if same
        else None
    )


def _rounded(amount: float, currency: str) -> float:
    """To the coins of the currency; what is less than one of them to two digits."""
    exact = round(amount, _DECIMALS.get(currency, 2))
    return exact or float(f"{amount:.2g}")


def _amount(text: str) -> tuple[float, str] | None:
    """(750, "ml"); one where only a unit stands; a unit that the table does not know stays as written."""
    quantity = parse_quantity(text if any(map(str.isdecimal, text)) else f"1 {text}")
    if isinstance(quantity, Quantity) and quantity.unit and math.isfinite(quantity.low):
        return quantity.low, quantity.unit
    found = _MEASURE.fullmatch(text.strip())
    amount = parse_number(found["amount"]) if found and found["amount"] else 1.0
    return (amount, found["unit"].strip()) if found and amount else None


def stock(raw: object) -> int | None:
    if raw is None or raw == "":
        return None
    number = _finite(raw)
    if number is None or not 0 <= number <= _MOST_STOCK or not number.is_integer():
        raise Bad("stock", raw, "not a count of things in stock")
    return int(number)


def availability(value: object) -> str | None:
    """The feed's own words; a plain yes or no is put into words, in the language it is said in."""
    if value is None or isinstance(value, list | dict):
        return None
    return _availability(value if isinstance(value, bool) else str(value))


@lru_cache(maxsize=4096)
def _availability(value: bool | str) -> str | None:
    text = plain_text(value)
    truth = value if isinstance(value, bool) else parse_boolean(text)
    if truth is None:
        return text or None
    yes, no = ("in stock", "out of stock") if text.isascii() else ("有货", "缺货")
    return yes if truth else no


def adult(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = plain_text(raw)
    if not text:
        return False
    truth = text.casefold() in _ADULT or parse_boolean(text)
    if truth is None:
        raise Bad("adult", raw, "neither yes nor no")
    return truth


def rating(raw: object) -> float | None:
    if raw is None or raw == "":
        return None
    stated = _RATING.fullmatch(raw.strip()) if isinstance(raw, str) else None
    number = _finite(stated[1] if stated else raw)
    if number is None or number < 0:
        raise Bad("rating", raw, "not a rating, such as 4.5")
    return number


def link(field: str, raw: object) -> str | None:
    """An address; the first of several. A picture's may be relative to the shop; one without a scheme is meant as https.
    None where there is none, or a product's is a path of the shop."""
    address = _first(raw)
    if not address or (field == "url" and is_path(raw)):
        return None
    if address.startswith("//"):
        address = f"https:{address}"
    if _ORDINARY.fullmatch(address):
        return address
    parts = _split(address)
    relative = parts is not None and not parts.scheme and not parts.netloc and field == "image"
    if parts is None or not (relative or (parts.scheme in ("http", "https") and parts.netloc)):
        raise Bad(field, address, "a link starts with http:// or https://")
    return address


def is_path(raw: object) -> bool:
    """Is this link a path of the shop, which leads nowhere from the chat's own page?"""
    address = _first(raw)
    return address.startswith("/") and not address.startswith("//")


def _first(raw: object) -> str:
    if isinstance(raw, list):
        raw = raw[0] if raw else None
    return str(raw or "").strip()


def plain_text(value: object) -> str:
    """A field as plain text: markup is taken out (m<sup>2</sup> is m2), entities are read, blanks are joined."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value)
    if "<" in text:
        text = _TAG.sub(" ", _INLINE.sub("", text))
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def _finite(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return finite(value)
    return parse_number(value.strip()) if isinstance(value, str) else None


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
