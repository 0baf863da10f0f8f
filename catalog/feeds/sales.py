"""Which price is asked on a day: the usual one, or that of a sale. Knows no feeds and no currencies.

A sale price that is not below the usual one is no sale price, as Google and WooCommerce have it: the usual one is asked.
"""

from __future__ import annotations

from datetime import date, datetime

from catalog.numbers import parse_money

_ANY = "USD"  # two amounts are compared; a currency that neither names is the same one


def asked(usual: object, sale: object, on_sale: bool) -> dict[str, object]:
    """{price, list_price} to be asked, as written. An unreadable sale price is handed on: its reader refuses it."""
    if not on_sale or sale in (None, ""):
        return {"price": usual}
    before, now = parse_money(usual, _ANY), parse_money(sale, _ANY)
    if before and now and now.amount >= before.amount:
        return {"price": usual}
    return {"price": sale, "list_price": usual}


def within(start: str, end: str, today: date) -> bool:
    """Is a day between two dates, both of them included? An empty one is no bound. ValueError for what is no date."""
    first, last = (day_of(text) if text.strip() else None for text in (start, end))
    return (first is None or first <= today) and (last is None or today <= last)


def day_of(text: str) -> date:
    """The day of an ISO 8601 date, with or without a time of day: in the zone that the shop wrote it in."""
    return datetime.fromisoformat(text.strip()).date()
