"""Products in the shapes of the Universal Commerce Protocol's catalogue (ucp.dev), as far as a shop's records carry them.

Followed: the names of tools and members, `price_range`, `variants`, `options`, `media`, `messages`; amounts in minor
units. Not followed: discovery and negotiation (no profile, no `ucp` envelope), selection of options step by step. What
the records state beyond it is in `metadata`. Knows nothing of MCP or HTTP.
"""

from __future__ import annotations

from typing import Any

from catalog.types import Money, Product, Variant
from chatbot.say import WITHOUT_CENTS, price
from chatbot.web import media
from chatbot.wire import fact_to_json

Json = dict[str, Any]

_THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
_TEXT: Json = {"type": "string"}
_MONEY: Json = {
    "type": "object",
    "description": "An amount in the currency's minor units: 2490 USD is 24.90 USD.",
    "properties": {"amount": {"type": "integer"}, "currency": _TEXT},
    "required": ["amount", "currency"],
}
_PLAIN: Json = {"type": "object", "properties": {"plain": _TEXT}, "required": ["plain"]}
_OPTION: Json = {
    "type": "object",
    "properties": {"name": _TEXT, "label": _TEXT},
    "required": ["name", "label"],
}
_VARIANT: Json = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "title": _TEXT,
        "description": _PLAIN,
        "price": _MONEY,
        "list_price": _MONEY,
        "availability": {"type": "object", "properties": {"available": {"type": "boolean"}, "stock": {}}},
        "selected_options": {"type": "array", "items": _OPTION},
        "url": _TEXT,
        "inputs": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["id", "title", "description", "availability", "selected_options"],
}
PRODUCT: Json = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "title": _TEXT,
        "description": _PLAIN,
        "url": _TEXT,
        "categories": {"type": "array", "items": {"type": "object"}},
        "price_range": {"type": "object", "properties": {"min": _MONEY, "max": _MONEY}, "required": ["min", "max"]},
        "media": {"type": "array", "items": {"type": "object"}},
        "options": {"type": "array", "items": {"type": "object"}},
        "variants": {"type": "array", "items": _VARIANT},
        "selected": {"type": "array", "items": _OPTION, "description": "The options of the variant asked for."},
        "rating": {"type": "object", "properties": {"value": {"type": "number"}, "scale_max": {"type": "number"}}},
        "metadata": {"type": "object", "description": "What the shop's record states, slot by slot."},
    },
    "required": ["id", "title", "description", "variants", "metadata"],
}
MESSAGES: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"type": _TEXT, "code": _TEXT, "content": _TEXT},
        "required": ["type", "code", "content"],
    },
}


def product_to_json(product: Product, base: str, variants: tuple[Variant, ...] | None = None) -> Json:
    """The product with these of its variants (all of them where none are named). `base`: the server's own address, which
    pictures kept here are found under."""
    prices = sorted((v.price for v in product.variants if v.price), key=lambda m: m.amount)
    link, picture = media.link(product.url), media.picture(product.image)
    picture = f"{base}{picture}" if picture and picture.startswith("/") else picture
    return {
        "id": product.id,
        "title": product.title,
        "description": {"plain": product.description},
        **({"url": link} if link else {}),
        "categories": [{"value": " > ".join(product.category), "taxonomy": "merchant"}] if product.category else [],
        **({"price_range": {"min": money(prices[0]), "max": money(prices[-1])}} if prices else {}),
        "media": [{"type": "image", "url": picture, "alt_text": product.title}] if picture else [],
        "options": _options(product),
        "variants": [_variant(product, v) for v in (product.variants if variants is None else variants)],
        **({"rating": {"value": product.rating, "scale_max": 5}} if product.rating is not None else {}),
        "metadata": _metadata(product),
    }


def money(amount: Money) -> Json:
    """An amount in its currency's minor units."""
    decimals = 0 if amount.currency in WITHOUT_CENTS else 3 if amount.currency in _THREE_DECIMALS else 2
    return {"amount": round(amount.amount * 10**decimals), "currency": amount.currency}


def from_minor(amount: int, currency: str) -> float:
    """The amount that so many minor units are."""
    return amount / 10 ** (0 if currency in WITHOUT_CENTS else 3 if currency in _THREE_DECIMALS else 2)


def _metadata(product: Product) -> Json:
    """The record beyond the protocol; `price` as on a price tag."""
    facts = [fact_to_json(fact) for fact in product.facts() if fact.slot not in ("title", "price")]
    told = {"brand": product.brand, "availability": product.availability, "tax": product.tax}
    plain: Json = {name: value for name, value in told.items() if value}
    if product.price:
        plain["price"] = price(product.price)
    return plain | ({"age_restricted": True} if product.adult else {}) | {"facts": facts}


def _variant(product: Product, variant: Variant) -> Json:
    chosen = options_of(variant)
    link = media.link(variant.url)
    return {
        "id": variant.id,
        "title": " / ".join(option["label"] for option in chosen) or product.title,
        "description": {"plain": product.title},
        **({"price": money(variant.price)} if variant.price else {}),
        **({"list_price": money(variant.was)} if variant.was else {}),
        "availability": {"available": not product.sold_out(variant)}
        | ({"stock": variant.stock} if variant.stock is not None else {}),
        "selected_options": chosen,
        **({"url": link} if link else {}),
    }


def _options(product: Product) -> list[Json]:
    """Every option that its variants have, each value once, in their order."""
    values: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for option in options_of(variant):
            values.setdefault(option["name"], {})[option["label"]] = None
    return [{"name": name, "values": [{"label": label} for label in labels]} for name, labels in values.items()]


def options_of(variant: Variant) -> list[Json]:
    """The variant's options as the shop wrote them."""
    return [
        {"name": name, "label": ", ".join(str(getattr(cell, "text", cell)) for cell in cells)}
        for name, cells in variant.options.items()
        if cells
    ]
