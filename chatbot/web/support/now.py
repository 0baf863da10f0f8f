"""What an item costs now and whether it can be bought, beside what a card said when it was shown.

Facts of the record alone. Knows nothing of who asks.
"""

from __future__ import annotations

from collections.abc import Callable

from catalog.types import Product, Variant
from chatbot.memory.records import Document
from chatbot.web import media

Link = Callable[[object], str | None]


def as_now(product: Product, variant: Variant | None = None, link: Link = media.link) -> Document:
    """An item, or one option of it, as the record has it at this moment. `link`: which addresses may be followed."""
    price = (variant.price if variant else None) or product.price
    return {
        "id": product.id,
        "title": product.title,
        "price": price.amount if price else None,
        "currency": price.currency if price else None,
        "stock": variant.stock if variant else _stock(product),
        "availability": product.available(variant),
        "sold_out": product.sold_out(variant),
        "url": link((variant.url if variant else None) or product.url),
    }


def since_shown(card: Document, product: Product | None) -> Document:
    """{item, changed}: a card's item as it is now, and whether it cost the same and could be bought when it was shown.
    `product` None: the shop does not list it any more."""
    shown = {"shown_price": card["price"], "shown_currency": card["currency"]}
    if product is None:
        gone = {"price": None, "currency": None, "stock": None, "availability": None, "sold_out": True}
        return {"item": {"id": card["id"], **gone, "listed": False, **shown}, "changed": True}
    now = as_now(product, _shown(card, product))
    changed = any(now[name] != card[name] for name in ("price", "currency", "sold_out"))
    kept = {name: now[name] for name in ("id", "price", "currency", "stock", "availability", "sold_out")}
    return {"item": {**kept, "listed": True, **shown}, "changed": changed}


def _shown(card: Document, product: Product) -> Variant | None:
    """The option a card stood for: by its id, else by its price where options are not told apart."""
    named = (card.get("variant") or {}).get("id")
    for variant in product.variants:
        if variant.id == named:
            return variant
    if named is None:
        return next((v for v in product.variants if v.price and v.price.amount == card["price"]), None)
    return None


def _stock(product: Product) -> int | None:
    """Units of all options together, where the feed counts every one."""
    counts = [variant.stock for variant in product.variants]
    return sum(c for c in counts if c is not None) if counts and None not in counts else None
