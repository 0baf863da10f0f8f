"""schema.org offers: what a product costs, did cost, how much of it that is, and whether it can be had.

Offer, several offers, AggregateOffer; price specifications with list prices, unit prices and tax. Knows nothing of the
product around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalog.feeds.groups import compact
from catalog.feeds.schema_values import Node, first, link_of, listed, plain, text_of, types, unit_of, words

_LIST_PRICES = {"ListPrice", "StrikethroughPrice", "MSRP", "SRP", "SuggestedRetailPrice", "RegularPrice", "RRP"}
_NO_PRICES = {"MinimumAdvertisedPrice", "InvoicePrice", "Downpayment", "Installment"}
_GONE = ("out of stock", "sold out", "discontinued")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")


def offers_of(node: Node) -> list[Node]:
    """The single offers of a product; an AggregateOffer that lists none is one."""
    found: list[Node] = []
    for offer in listed(node.get("offers")):
        if isinstance(offer, Mapping):
            inner = [o for o in listed(offer.get("offers")) if isinstance(o, Mapping)]
            found += [_inherit(offer, o) for o in inner] if inner else [offer]
    return found


def _inherit(aggregate: Node, offer: Node) -> Node:
    shared = {key: aggregate[key] for key in ("priceCurrency", "availability", "itemCondition") if key in aggregate}
    return {**shared, **offer}


def best(offers: list[dict[str, object]]) -> dict[str, object]:
    """Of several offers of one thing the cheapest that can be had."""
    there = [o for o in offers if o.get("availability") not in _GONE] or offers
    return min(there, key=lambda o: _amount(o.get("price")), default={})


def _amount(price: object) -> float:
    found = _AMOUNT.search(str(price or ""))
    return float(found[0]) if found else float("inf")


def offer_values(offer: Node, base: str | None) -> dict[str, object]:
    """What an offer states, in canonical names."""
    specifications = list(_specifications(offer))
    currency = next((c for c in (text_of(s.get("priceCurrency")) for s in (offer, *specifications)) if c), None)
    price, list_price, unit_price = offer.get("price", offer.get("lowPrice")), None, None
    for specification in specifications:
        kind = plain(text_of(specification.get("priceType")))
        stated = _stated(specification)
        if kind in _NO_PRICES or specification.get("validForMemberTier") or stated is None:
            continue
        reference = first(specification.get("referenceQuantity"))
        if kind in _LIST_PRICES:
            list_price = stated if list_price is None else list_price
        elif isinstance(reference, Mapping) and unit_of(reference):
            unit_price = _unit_price(stated, currency, reference)
            price = stated if price is None and reference.get("valueReference") else price
        elif price in (None, "") or kind == "SalePrice":
            price = stated
    level = first(offer.get("inventoryLevel"))
    return compact({
        "price": _money(price, currency),
        "list_price": _money(list_price, currency) if list_price != price else None,
        "unit_price": unit_price,
        "tax": _tax(offer, specifications),
        "availability": words(offer.get("availability")),
        "stock": level.get("value") if isinstance(level, Mapping) else level,
        "url": link_of(offer.get("url"), base),
        "condition": _condition(offer),
    })  # fmt: skip


def _specifications(offer: Node) -> Iterator[Node]:
    """The offer's price specifications, the parts of a compound one too."""
    for specification in listed(offer.get("priceSpecification")):
        if isinstance(specification, Mapping):
            yield specification
            if "CompoundPriceSpecification" in types(specification):
                yield from (p for p in listed(specification.get("priceComponent")) if isinstance(p, Mapping))


def _stated(specification: Node) -> object:
    return specification.get("price", specification.get("minPrice"))


def _money(price: object, currency: str | None) -> object:
    """The amount with its currency; a text that is no bare amount is left as it is, to be judged as written."""
    written = text_of(price)
    if written is None:
        return price if isinstance(price, bool) else None
    return f"{written} {currency}" if currency and re.fullmatch(r"[\d.,\s'’]+", written) else written


def _unit_price(price: object, currency: str | None, reference: Node) -> object:
    """ "4.99 EUR per 100 ml". With a base beside it, the price is that of the whole reference quantity."""
    base = first(reference.get("valueReference"))
    measure = f"{text_of(reference.get('value')) or 1} {unit_of(reference)}"
    if isinstance(base, Mapping):
        return {"measure": measure, "base": f"{text_of(base.get('value')) or 1} {unit_of(base) or unit_of(reference)}"}
    return f"{_money(price, currency)} per {measure}"


def _tax(offer: Node, specifications: list[Node]) -> str | None:
    stated = [s.get("valueAddedTaxIncluded") for s in (offer, *specifications)]
    included = next((str(plain(s) if isinstance(s, str) else s).lower() for s in stated if s is not None), None)
    return {"true": "incl. VAT", "false": "excl. VAT"}.get(included or "")


def _condition(offer: Node) -> str | None:
    said = words(offer.get("itemCondition"))
    return said.removesuffix(" condition") if said else None
