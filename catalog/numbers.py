"""Numbers and amounts of money as people write them, in the styles of several countries.

Knows nothing of cells, columns or units of measure. Where one cell can be read two ways ("1.299") the column's style
decides, if the caller knows it; otherwise the reading that is common in product feeds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

from catalog.types import Money

_SPACES = str.maketrans("", "", "   '’_")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_EITHER_WAY = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)
_MULTIPLIERS = {"k": 1e3, "千": 1e3, "w": 1e4, "万": 1e4, "m": 1e6, "百万": 1e6, "亿": 1e8}
_MONEY_NUMBER = re.compile(r"[+-]?\d[\d.,'’   ]*(?:e[+-]?\d+)?|[+-]?\.\d+", re.IGNORECASE)

CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD", "美金": "USD", "刀": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "英镑": "GBP",
    "cny": "CNY", "rmb": "CNY", "yuan": "CNY", "cn¥": "CNY", "元": "CNY", "块": "CNY", "块钱": "CNY", "圆": "CNY",
    "人民币": "CNY", "jpy": "JPY", "jp¥": "JPY", "yen": "JPY", "円": "JPY", "日元": "JPY",
    "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "港元": "HKD", "港币": "HKD", "nt$": "TWD",
    "新台币": "TWD", "s$": "SGD", "nz$": "NZD", "r$": "BRL", "mx$": "MXN", "₹": "INR", "rs": "INR", "rs.": "INR",
    "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS", "฿": "THB", "₫": "VND", "₴": "UAH", "₦": "NGN", "zł": "PLN",
    "kč": "CZK", "ft": "HUF", "fr.": "CHF", "sfr.": "CHF", "lei": "RON",
}  # fmt: skip
_CODES = frozenset(
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD MAD MXN"
    " MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR".split()
)
_THREE_DECIMALS = frozenset({"BHD", "KWD", "TND"})  # 12.345 of these is no twelve thousand
_YEN_OR_YUAN = frozenset({"¥", "￥"})


def finite(value: int | float) -> float | None:
    """A number as a finite one; None for any other, be it only for its four hundred digits."""
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


@lru_cache(maxsize=65536)
def parse_number(text: str, decimal: str | None = None) -> float | None:
    """The finite number that a whole text states, or None.

    The last of two different signs is the decimal one, a sign that repeats groups thousands. `decimal`: the column's
    decimal sign if known, which decides on "1,299" and "1.299". Without it the former is grouped and the latter is not.
    """
    written = unicodedata.normalize("NFKC", text).strip().translate(_SPACES)
    if not _PLAIN.fullmatch(written):
        return None
    mantissa, mark, exponent = written.lower().partition("e")
    value = float(_dotted(mantissa, decimal) + mark + exponent)
    return value if math.isfinite(value) else None


def _dotted(written: str, decimal: str | None) -> str:
    """The same number with a point as the decimal sign and no grouping."""
    if decimal is None or not _EITHER_WAY.fullmatch(written.lstrip("+-")):
        decimal = _decimal_sign(written)
    grouping = "," if decimal == "." else "."
    whole, _, fraction = written.replace(grouping, "").rpartition(decimal) if decimal in written else (
        written.replace(grouping, ""), "", "")  # fmt: skip
    return f"{whole.replace(decimal, '')}.{fraction}" if fraction else whole.replace(decimal, "") or fraction


def _decimal_sign(written: str) -> str:
    points, commas = written.count("."), written.count(",")
    if points and commas:
        return "." if written.rfind(".") > written.rfind(",") else ","
    if points > 1:
        return ","
    if commas == 1 and not _GROUPED.fullmatch(written.lstrip("+-")):
        return ","
    return "."


@lru_cache(maxsize=8192)
def _money(text: str, default: str | None, decimal: str | None) -> Money | None:
    written = unicodedata.normalize("NFKC", text).strip()
    found = _MONEY_NUMBER.search(written)
    if not found:
        return None
    before = written[: found.start()].strip()
    after = written[found.end() :].strip()
    multiplier = next((m for m in ("百万", "亿", "万", "千") if after.startswith(m)), "")
    currency = _currency(before, after[len(multiplier) :].strip(), default)
    style = decimal or ("." if currency in _THREE_DECIMALS and "," not in found[0] else _money_decimal(_tail(found[0])))
    amount = parse_number(_tail(found[0]), style)
    if currency is None or amount is None or amount < 0 or before.endswith("-"):
        return None
    return Money(amount * _MULTIPLIERS.get(multiplier, 1.0), currency)


def _tail(number: str) -> str:
    return number.strip().rstrip(".,'’ ")


def _money_decimal(number: str) -> str | None:
    """Prices have at most two decimals: one sign before exactly three digits groups thousands ("1.299 EUR")."""
    found = _GROUPED.fullmatch(number.translate(_SPACES).lstrip("+-"))
    if found:
        return "," if found[1] == "." else "."
    return None


def _currency(before: str, after: str, default: str | None) -> str | None:
    """The one currency written around an amount, the default where none is; None for any other words."""
    written = [word.rstrip(":") for word in (before.removesuffix("-").strip(), after) if word]
    if not written:
        return default
    named = {_named(word, default) for word in written}
    return named.pop() if len(named) == 1 else None


def _named(word: str, default: str | None) -> str | None:
    if word in _YEN_OR_YUAN:
        return default if default in ("CNY", "JPY") else "CNY"
    if word in ("$", "dollar", "dollars") and default in ("AUD", "CAD", "HKD", "NZD", "SGD", "TWD", "MXN"):
        return default
    upper = word.upper()
    return CURRENCIES.get(word.lower()) or (upper if upper in _CODES else None)


def parse_money(value: object, default_currency: str | None = None, decimal: str | None = None) -> Money | None:
    """An amount of money as a feed states it: 39.99, "39.99 USD", "1.299,00 EUR", "¥5,799", "18.28万元".

    None for what is no finite amount of zero or more ("free", "-5", "NaN", "1e999"), for words around the number that
    are no currency, and where neither the text nor the default names a currency. `decimal`: the column's decimal sign.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        amount = finite(value)
        return Money(amount, default_currency) if default_currency and amount is not None and amount >= 0 else None
    return _money(value, default_currency, decimal) if isinstance(value, str) else None
