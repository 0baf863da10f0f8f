"""The slots with a meaning of their own: title, price, brand, category, rating, availability, on_sale.

Read from the products' fields rather than from their attributes. Knows nothing of the feed's own columns (schema.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from catalog.types import KindStats, Product, Slot

RESERVED = ("title", "price", "brand", "category", "rating", "availability", "on_sale")
"""Whatever the feed's header says; every other slot keeps the feed's name."""


def reserved_slots(products: Sequence[Product], sizes: Counter[str]) -> Iterator[Slot]:
    """The reserved slots, filled or not."""
    total = max(1, len(products))
    priced = [(product.kind, price) for product in products if (price := product.price)]
    currency = Counter(price.currency for _, price in priced).most_common(1)
    yield Slot(
        "title", "text", informable=False, coverage=sum(bool(p.title) for p in products) / total, concept="title"
    )
    prices = [(kind, price.amount) for kind, price in priced]
    unit = currency[0][0] if currency else None
    yield Slot("price", "number", unit=unit, coverage=len(prices) / total, concept="price",
               by_kind=_spans(prices, sizes, unit))  # fmt: skip
    yield Slot("brand", "category", coverage=sum(bool(p.brand) for p in products) / total, concept="brand")
    paths = any(len(p.category) > 1 for p in products)
    yield Slot("category", "category", many=paths, coverage=sum(bool(p.category) for p in products) / total,
               concept="category")  # fmt: skip
    ratings = [(p.kind, p.rating) for p in products if p.rating is not None]
    yield Slot(
        "rating", "number", coverage=len(ratings) / total, concept="rating", by_kind=_spans(ratings, sizes, None)
    )
    told = sum(any(map(p.available, p.variants or (None,))) for p in products)
    yield Slot("availability", "category", coverage=told / total, concept="availability")
    if any(variant.was for product in products for variant in product.variants):
        yield Slot("on_sale", "boolean", coverage=1.0, concept="on_sale", inferred=True)


def _spans(
    values: Iterable[tuple[str | None, float]], sizes: Counter[str], unit: str | None
) -> Mapping[str, KindStats]:
    grouped: defaultdict[str, list[float]] = defaultdict(list)
    for kind, value in values:
        if kind:
            grouped[kind].append(value)
    return MappingProxyType(
        {kind: KindStats(unit, len(found) / sizes[kind], min(found), max(found)) for kind, found in grouped.items()}
    )
