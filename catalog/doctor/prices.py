"""Prices that cannot be meant: none, zero, placeholders, a decimal sign that slipped, sales above the list price.

What is far for a kind is told by medians on a log scale; a kind needs enough prices, and a price must be far by both the
kind's own spread and a plain factor. Knows no markets.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from catalog.doctor.finding import Finding, doing, found, listed, many
from catalog.doctor.survey import Survey, example
from catalog.types import Product

_ENOUGH = 20  # prices of a kind
_FAR = 6.0  # deviations from the median, a deviation being 1.4826 times the median one
_LEAST_DEVIATION = 0.2  # of a kind whose prices are nearly one
_FACTOR = 12.0  # times the median that a far price must differ by
_ABOVE = 100.0  # the same for a price above it that no lost decimal sign explains: packs of fifty are no slips
_SLIP = 2.5  # deviations within which a price divided by 100 must lie
_ENDS = 0.15  # share of prices with an ending that makes it usual
_ONE_PRICE = 0.3  # share of a shop's or a kind's products at one price
_PLACEHOLDERS = frozenset({0.01, 0.1, 1.0, 9.99e8, 111.11, 1111.0, 1234.0, 1234.56, 12345.0, 123456.0})


@dataclass(frozen=True, slots=True)
class Usual:
    """The prices of a kind: log of the median, and the usual deviation from it."""

    median: float
    deviation: float

    def away(self, amount: float) -> float:
        """How many deviations an amount lies above (below: negative) the median."""
        return (math.log(amount) - self.median) / self.deviation


def usual_prices(products: Sequence[Product]) -> Usual | None:
    """None of too few prices."""
    amounts = [p.price.amount for p in products if p.price and p.price.amount > 0]
    if len(amounts) < _ENOUGH:
        return None
    logs = np.log(np.array(amounts))
    median = float(np.median(logs))
    spread = 1.4826 * float(np.median(np.abs(logs - median)))
    return Usual(median, max(spread, _LEAST_DEVIATION))


def impossible_prices(survey: Survey) -> Iterator[Finding]:
    """No price where others have one, or a price of zero."""
    priced = [p for p in survey.products if p.price]
    zero = [p for p in priced if p.price and p.price.amount <= 0]
    if zero:
        yield found(
            "price of zero",
            f"{doing(len(zero), 'costs', 'cost')} nothing",
            "write the price, or leave it empty: whoever asks for the cheapest is shown these first",
            harm=1.0,
            count=len(zero),
            of=len(priced),
            examples=(example(p) for p in zero),
            slot="price",
        )
    none = [p for p in survey.products if not p.price]
    if none and len(none) < 0.5 * len(survey):
        yield found(
            "no price",
            f"{doing(len(none), 'has', 'have')} no price",
            "write the price: a wish such as “under 50” leaves these out",
            harm=0.7,
            count=len(none),
            of=len(survey),
            examples=(example(p) for p in none),
            slot="price",
        )


def placeholder_prices(survey: Survey) -> Iterator[Finding]:
    """9999, 0.01 and their like, far from what the kind costs."""
    hits = [
        (p, p.price.amount)
        for products in survey.by_kind.values()
        if (usual := usual_prices(products))
        for p in products
        if p.price and _is_placeholder(p.price.amount) and _far(p, usual, _FAR / 2)
    ]
    counts = Counter(amount for _, amount in hits)
    if hits:
        yield found(
            "placeholder price",
            f"{doing(len(hits), 'costs', 'cost')} {listed(f'{a:g}' for a, _ in counts.most_common())}, far from others of their kind: "
            "a placeholder?",
            "write the real price, or leave it empty until there is one",
            harm=0.9,
            count=len(hits),
            of=len(survey),
            examples=(example(p, f"{amount:g} ({p.title})") for p, amount in hits),
            slot="price",
        )


def _is_placeholder(amount: float) -> bool:
    digits = f"{amount:.2f}".removesuffix(".00").replace(".", "")
    return amount in _PLACEHOLDERS or (len(digits) >= 4 and set(digits) == {"9"} and amount >= 999)


def far_prices(survey: Survey) -> Iterator[Finding]:
    """Prices far from others of the kind: a hundredfold by a decimal sign, or otherwise a slip or a wrong kind."""
    slips: list[tuple[Product, float, float]] = []
    far: list[tuple[Product, float, float]] = []
    cents = _usual_cents(survey)
    for products in survey.by_kind.values():
        usual = usual_prices(products)
        for product in products if usual else ():
            amount = product.price.amount if product.price else 0.0
            if not usual or amount <= 0 or _is_placeholder(amount):
                continue
            signed = amount == round(amount) and round(amount) % 100 in cents and abs(usual.away(amount / 100)) <= _SLIP
            if signed and _far(product, usual, _FAR / 2):
                slips.append((product, amount, math.exp(usual.median)))
            elif _far(product, usual, _FAR) and (amount < math.exp(usual.median) or _beyond(amount, usual)):
                far.append((product, amount, math.exp(usual.median)))
    if slips:
        yield _off(
            survey, slips, "decimal slip", "about a hundred times what their kind costs: a lost decimal sign?", 0.8
        )
    if far:
        yield _off(survey, far, "far price", "a hundred times what their kind usually costs, or a twelfth of it", 0.6)


def _usual_cents(survey: Survey) -> set[int]:
    """How this shop's prices end (.95, .99): a whole price that ends so lost its decimal sign, another may be right."""
    cents = Counter(round(p.price.amount * 100) % 100 for p in survey.products if p.price)
    return {end for end, n in cents.items() if end and n >= _ENDS * cents.total()}


def _off(survey: Survey, hits: Sequence[tuple[Product, float, float]], rule: str, told: str, harm: float) -> Finding:
    hits = sorted(hits, key=lambda hit: -abs(math.log(hit[1] / hit[2])))
    return found(
        rule,
        f"The price of {many(len(hits))} is {told}",
        "check these prices; where they are right, the kind is wrong: say it with [kind_of] in the shop's words",
        harm=harm,
        count=len(hits),
        of=len(survey),
        examples=(
            example(p, f"{amount:g} {p.price.currency if p.price else ''}, {p.kind}s usually {usual:.4g} ({p.title})")
            for p, amount, usual in hits
        ),
        slot="price",
    )


def _beyond(amount: float, usual: Usual) -> bool:
    """Is a price above its kind's more than a bulk pack or a professional's model explains?"""
    return math.log(amount) - usual.median >= math.log(_ABOVE)


def _far(product: Product, usual: Usual | None, deviations: float) -> bool:
    if usual is None or product.price is None or product.price.amount <= 0:
        return False
    logs = abs(math.log(product.price.amount) - usual.median)
    return logs >= math.log(_FACTOR) and abs(usual.away(product.price.amount)) >= deviations


def sales_above_list(survey: Survey) -> Iterator[Finding]:
    """A sale that costs more than before: cards do not show it as one."""
    hits = [
        (p, price.amount, listed.amount)
        for p in survey.products
        for price, listed in survey.listed.get(p.id, ())
        if 0 < listed.amount < price.amount
    ]
    if hits:
        yield found(
            "sale above list",
            f"The price of {many(len(hits), 'offer')} is above the list price",
            "swap the two, or drop the list price: no card shows such a sale",
            harm=0.8,
            count=len(hits),
            of=len(survey),
            examples=(example(p, f"{now:g}, listed at {was:g} ({p.title})") for p, now, was in hits),
            slot="price",
        )


def mixed_currencies(survey: Survey) -> Iterator[Finding]:
    """Prices in several currencies, which no wish compares."""
    by_currency: dict[str, list[Product]] = {}
    for product in survey.products:
        if product.price:
            by_currency.setdefault(product.price.currency, []).append(product)
    if len(by_currency) > 1:
        usual, *others = sorted(by_currency, key=lambda c: -len(by_currency[c]))
        odd = [p for currency in others for p in by_currency[currency]]
        yield found(
            "mixed currencies",
            f"{doing(len(odd), 'is', 'are')} priced in {listed(others)}, the rest in {usual}",
            f"import one feed a currency into a catalogue of its own, or convert to {usual}: “under 50” compares figures",
            harm=0.9,
            count=len(odd),
            of=len(survey),
            examples=(example(p, f"{p.price.amount:g} {p.price.currency} ({p.title})") for p in odd if p.price),
            slot="price",
        )


def one_price(survey: Survey) -> Iterator[Finding]:
    """Very many products at one price, as if it had been filled in."""
    counts = Counter(p.price.amount for p in survey.products if p.price)
    if len(counts) < 5 or counts.total() < _ENOUGH:
        return
    (amount, n), (_, second) = counts.most_common(2)
    kinds = {p.kind for p in survey.products if p.price and p.price.amount == amount}
    if n >= _ONE_PRICE * counts.total() and n >= 3 * second and (len(kinds) > 2 or len(survey.by_kind) < 3):
        same = [p for p in survey.products if p.price and p.price.amount == amount]
        yield found(
            "one price",
            f"{many(n)} of {len(kinds)} kinds all cost {amount:g}",
            "check whether this price was filled in where none was known",
            harm=0.5,
            count=n,
            of=counts.total(),
            examples=(example(p) for p in same),
            slot="price",
        )
