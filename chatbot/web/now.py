"""What an item costs now and whether it can be bought, beside what a card said when it was shown.

Facts of the record alone. Knows nothing of who asks.
"""

from __future__ import annotations

from catalog.types import Product, Variant
from chatbot.memory.records import Document
from chatbot.web import media


def as_now(product: Product, variant: Variant | None = None) -> Document:
    """An item, or one option of it, as the record has it at this moment."""
    price = (variant.price if variant else None) or product.price
    return {
        "id": product.id,
        "title": product.title,
        "price": price.amount if price else None,
        "currency": price.currency if price else None,
        "stock": variant.stock if variant else _stock(product),
        "availability": product.available(variant),
        "sold_out": product.sold_out(variant),
        "url": media.link((variant.url if variant else None) or product.url),
    }


def since_shown(card: Document, product: Product | None) -> Document:
    """The same for a card, and whether it cost the same or could be bought when it was shown. None for the item: the shop
    does not list it any more."""
    shown = {"shown_price": card["price"], "shown_currency": card["currency"]}
    if product is None:
        gone = {"price": None, "currency": None, "stock": None, "availability": None, "sold_out": True}
        return {"item": card["id"], **gone, **shown, "listed": False, "changed": True}
    variant = _shown(card, product)
    now = as_now(product, variant)
    changed = (
        now["price"] != card["price"] or now["currency"] != card["currency"] or now["sold_out"] != card["sold_out"]
    )
    kept = {name: now[name] for name in ("price", "currency", "stock", "availability", "sold_out")}
    return {"item": product.id, **kept, **shown, "listed": True, "changed": changed}


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
