"""What agents may ask of the catalogue: `search_catalog`, `lookup_catalog`, `get_product`. Reads only.

Named and shaped after the Universal Commerce Protocol's catalogue (ucp.py says how far). Arguments stand flat or in the
protocol's `catalog` object. Knows nothing of MCP, which carries them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from catalog.types import Constraint, Op, Product, Variant
from chatbot.web.open.ucp import MESSAGES, PRODUCT, Json, from_minor, options_of, product_to_json
from chatbot.web.reading import TEXT_LIMIT, Line, Name
from chatbot.web.shop import Assistant
from errors import BadCall, UnknownSlot
from retrieval.types import Query, Retrieved

MOST = 50
MOST_ALIKE = 5
"""Products that one id names, where a shop gives variants of several products the same."""
DEEPEST = 1_000
Ids = Annotated[list[Name], Field(min_length=1, max_length=MOST)]
Amount = Annotated[int, Field(ge=0, le=10**12)]


class _Arguments(BaseModel):
    """Arguments, flat or within `catalog`; other members (`meta`, `context`) are accepted and not heeded."""

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, given: Any) -> Any:
        inner = given.get("catalog") if isinstance(given, dict) else None
        return given | inner if isinstance(inner, dict) else given


class PriceFilter(BaseModel):
    min: Amount | None = Field(default=None, description="In minor units: 1000 is 10.00.")
    max: Amount | None = Field(default=None, description="In minor units: 3000 is 30.00.")


class Filters(BaseModel):
    """The protocol's own filters, and `where` for every property of the catalogue."""

    categories: list[Line] = Field(default=[], max_length=20)
    price: PriceFilter = PriceFilter()
    where: list[Line] = Field(default=[], max_length=20, description='Lines such as "price <= 30" or "brand != HP".')


class Pagination(BaseModel):
    cursor: Annotated[str, Field(max_length=10)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] | None = None


class SearchCatalog(_Arguments):
    """Words, filters, or both."""

    query: Annotated[str, Field(max_length=TEXT_LIMIT)] = Field(
        default="", description="What is looked for, in plain words."
    )
    filters: Filters | list[Line] = Field(
        default=Filters(),
        description='Hard conditions, each a line "SLOT OP VALUE": "price <= 30", "brand != HP", "memory >= 16 GB"; '
        "or an object of categories, price in minor units, and where (such lines).",
    )
    limit: Annotated[int, Field(ge=1, le=MOST)] = Field(default=10, description="At most so many products.")
    cursor: Annotated[str, Field(max_length=10)] | None = Field(
        default=None, description="Where the page before ended."
    )
    pagination: Pagination = Pagination()

    @property
    def page(self) -> tuple[int, int]:
        """The first place and the number of places of the page asked for."""
        cursor = self.pagination.cursor or self.cursor or "0"
        if not (cursor.isascii() and cursor.isdigit()) or int(cursor) > DEEPEST:
            raise BadCall("The cursor is none that this catalogue gave.")
        return int(cursor), self.pagination.limit or self.limit


class LookupCatalog(_Arguments):
    ids: Ids = Field(description="Ids of products, or of variants.")


class GetProduct(_Arguments):
    id: Name = Field(description="The id of a product, or of a variant.")


_PAGE: Json = {
    "type": "object",
    "properties": {
        "total_count": {"type": "integer"},
        "has_next_page": {"type": "boolean"},
        "cursor": {"type": "string"},
    },
    "required": ["total_count", "has_next_page"],
}
FOUND: Json = {
    "type": "object",
    "properties": {"products": {"type": "array", "items": PRODUCT}, "pagination": _PAGE, "messages": MESSAGES},
    "required": ["products", "pagination", "messages"],
}
RESOLVED: Json = {
    "type": "object",
    "properties": {"products": {"type": "array", "items": PRODUCT}, "messages": MESSAGES},
    "required": ["products", "messages"],
}
GOT: Json = {"type": "object", "properties": {"product": PRODUCT}, "required": ["product"]}


def search_catalog(assistant: Assistant, asked: SearchCatalog, base: str) -> Json:
    """Products that meet every filter, the best match first. None, with what could be given up, where none does."""
    start, limit = asked.page
    query = Query(asked.query.strip(), _hard(assistant, asked.filters))
    if not (query.text or query.hard):
        raise BadCall('Say what to look for: a query, or filters such as "price <= 30".')
    found = assistant.search(query, start + limit + 1)
    hits = found.candidates[start:] if found.matched else ()
    page: Json = {"total_count": found.matched, "has_next_page": len(hits) > limit}
    if len(hits) > limit:
        page["cursor"] = str(start + limit)
    return {
        "products": [product_to_json(c.product, base, (c.variant,) if c.variant else ()) for c in hits[:limit]],
        "pagination": page,
        "messages": _told(found),
    }


def lookup_catalog(assistant: Assistant, asked: LookupCatalog, base: str) -> Json:
    """The products that these ids name, each once, with the variant that stands for it, or those that were named, and by
    which ids; a message for each id that is not here."""
    named: dict[str, _Named] = {}
    missing = []
    for id in dict.fromkeys(asked.ids):
        found = _resolved(assistant, id)
        for product, variant, match in found:
            one = named.setdefault(product.id, _Named(product))
            one.inputs.setdefault(variant.id, []).append({"id": id, "match": match})
        if not found:
            missing.append({"type": "info", "code": "not_found", "content": id})
    return {"products": [one.to_json(base) for one in named.values()], "messages": missing}


@dataclass(frozen=True, slots=True)
class _Named:
    """A product, and by which ids each of its variants was named."""

    product: Product
    inputs: dict[str, list[Json]] = field(default_factory=dict)

    def to_json(self, base: str) -> Json:
        shown = product_to_json(self.product, base, tuple(v for v in self.product.variants if v.id in self.inputs))
        for variant in shown["variants"]:
            variant["inputs"] = self.inputs[variant["id"]]
        return shown


def _resolved(assistant: Assistant, id: str) -> list[tuple[Product, Variant, str]]:
    """The product of this id with the variant that stands for it, else the products with a variant of this id, and it."""
    products = assistant.catalog.get((id,))
    if products:
        return [(product, product.variants[0], "featured") for product in products]
    alike = assistant.catalog.with_variant(id)[:MOST_ALIKE]
    return [(product, variant, "exact") for product in alike for variant in product.variants if variant.id == id]


def get_product(assistant: Assistant, asked: GetProduct, base: str) -> Json:
    """One product whole: every fact of its record, every variant; by the id of a variant that one first, with those of the
    same options alone. BadCall where there is no such product."""
    found = _resolved(assistant, asked.id)
    if not found:
        raise BadCall("There is no product with this id, and no variant.")
    if len(found) > 1:
        raise BadCall("Variants of several products have this id: name the product's.")
    ((product, variant, match),) = found
    if match == "featured":
        return {"product": product_to_json(product, base)}
    chosen = options_of(variant)
    others = tuple(v for v in product.variants if v is not variant and options_of(v) == chosen)
    return {"product": product_to_json(product, base, (variant, *others)) | {"selected": chosen}}


def trouble(error: ValidationError) -> str:
    """What is wrong with arguments, in a sentence that repeats none of them."""
    first = error.errors()[0]
    known = {*SearchCatalog.model_fields, *Filters.model_fields, *PriceFilter.model_fields, "ids", "id"}
    where = ".".join(str(part) for part in first["loc"] if part in known)
    missing = first["type"] == "missing"
    return f"{where or 'The arguments'} {'is missing' if missing else 'cannot be used: see the tool’s input schema'}."


def _hard(assistant: Assistant, filters: Filters | list[str]) -> tuple[Constraint, ...]:
    given = Filters(where=filters) if isinstance(filters, list) else filters
    hard = [_constraint(line) for line in given.where]
    if given.categories:
        hard.append(Constraint("category", Op.IN, tuple(given.categories)))
    currency = assistant.catalog.currency
    for op, amount in ((Op.GE, given.price.min), (Op.LE, given.price.max)):
        if amount is not None:
            hard.append(Constraint("price", op, from_minor(amount, currency)))
    for constraint in hard:
        _check(assistant, constraint)
    return tuple(hard)


def _constraint(line: str) -> Constraint:
    try:
        constraint = Constraint.parse(line)
    except ValueError as error:
        raise BadCall('A filter is not SLOT OP VALUE, such as "price <= 30".') from error
    if constraint.op.bound and not isinstance(constraint.value, float):
        raise BadCall("A filter with < or > needs a number.")
    return constraint


def _check(assistant: Assistant, constraint: Constraint) -> None:
    try:
        slot = assistant.catalog.slot(constraint.slot)
    except UnknownSlot as error:
        names = ", ".join(slot.name for slot in assistant.catalog.slots if slot.informable)
        raise BadCall(f"A filter names a slot that this catalogue does not have. It has: {names}.") from error
    if not slot.informable:
        raise BadCall("A filter names a slot that cannot be filtered by.")


def _told(found: Retrieved) -> list[Json]:
    """What an agent should know beside the products: words that no record has, and what stands in the way."""
    told = []
    if found.unknown:
        told.append({"type": "info", "code": "unknown_words", "content": ", ".join(found.unknown)})
    if not found.matched:
        ways = [f"without {way.given}: {way.count}" for way in found.ways]
        content = "Nothing meets every filter" + (f" ({'; '.join(ways)})." if ways else ".")
        told.append({"type": "info", "code": "no_match", "content": content})
    return told
