"""What a schema.org Product or ProductGroup states, in canonical names; its other properties under their own.

Knows nothing of files and scripts, nor of where a product stands in them (schema_org.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog.feeds.groups import compact, shared
from catalog.feeds.schema_offers import best, offer_values, offers_of
from catalog.feeds.schema_values import Node, first, link_of, listed, number_text, plain, text_of, types, value_of


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a product: how its references are followed, the page's own address, whether the page is about
    this product alone, and its breadcrumbs if so."""

    resolve: Callable[[object], object]
    address: str | None = None
    alone: bool = False
    trail: Sequence[str] = ()

    def resolved(self, node: Node) -> dict[str, object]:
        """The node with the nodes that it refers to in place of their names."""
        return {
            key: [self.resolve(v) for v in value] if isinstance(value, list) else self.resolve(value)
            for key, value in node.items()
        }

    def path(self, title: object) -> str | None:
        """Breadcrumbs as a category: without the way home and without the product itself."""
        steps = [step for step in self.trail[1 if len(self.trail) > 2 else 0 :] if step != title]
        return " > ".join(steps) or None


_PRODUCTS = frozenset(
    "Product ProductModel IndividualProduct SomeProducts ProductCollection DietarySupplement"
    " Vehicle Car Motorcycle MotorizedBicycle BusOrCoach".split()
)
_IDS = ("sku", "productID", "gtin", "gtin14", "gtin13", "gtin12", "gtin8", "mpn", "identifier", "@id", "url")
_NUMBERS = ("gtin", "mpn", "serialNumber")  # nobody chooses a variant by these
_MEANT = frozenset(
    "name description brand category offers image url sku productID identifier aggregateRating additionalProperty"
    " hasAdultConsideration isAccessoryOrSparePartFor isConsumableFor manufacturer audience".split()
)
_NO_FACTS = frozenset(
    "review reviews hasVariant isVariantOf variesBy productGroupID inProductGroupWithID isRelatedTo isSimilarTo"
    " mainEntityOfPage mainEntity sameAs potentialAction subjectOf logo video hasMerchantReturnPolicy shippingDetails"
    " disambiguatingDescription alternateName slogan hasCertification nsn owns predecessorOf successorOf model3d"
    " associatedMedia positiveNotes negativeNotes displayLocation funding".split()
)
_OFFER_FIELDS = ("price", "list_price", "unit_price", "availability", "stock", "url")
_OF_AGE = 18
_BEST_RATING = 5.0


def is_product(node: Node) -> bool:
    """Is this a thing that can be bought, and not a group of them?"""
    return bool(types(node) & _PRODUCTS) and not is_group(node)


def is_group(node: Node) -> bool:
    """Is this what several variants have in common?"""
    return "ProductGroup" in types(node)


def product_values(node: Node, around: Around) -> dict[str, object]:
    """One product. Offers for several articles of it (each with its sku) are its variants."""
    known = around.resolved(node)
    values, attributes = _own_values(known, around.address), _attributes(known)
    offers = offers_of(known)
    read = [offer_values(offer, around.address) for offer in offers]
    articles = {text_of(o.get("sku")) or _id(first(o.get("itemOffered"))) for o in offers}
    if len(articles) > 1 and None not in articles:
        variants = [_article(offer, stated) for offer, stated in zip(offers, read, strict=True)]
        return _assembled(values, attributes, variants, around)
    offer = best(read)
    values |= {name: offer.get(name) for name in (*_OFFER_FIELDS, "tax") if name != "url"}
    values["url"] = values["url"] or offer.get("url")
    return _assembled(values, attributes | compact({"condition": offer.get("condition")}), [], around)


def group_values(group: Node, variants: Sequence[Node], around: Around) -> dict[str, object]:
    """A group as one product with its variants: what they share is the product's, what differs are their options."""
    if not variants:
        return product_values(group, around)
    single = Around(around.resolve, around.address)
    read = [product_values({**_handed_down(group), **node}, single) for node in variants]
    own = _own_values(around.resolved(group), around.address)
    own["id"] = text_of(group.get("productGroupID")) or own["id"]
    for name in ("title", "description", "brand", "category", "image", "tax", "adult"):
        own[name] = own.get(name) or next((r[name] for r in read if r.get(name)), None)
    varies = [plain(v) for v in listed(group.get("variesBy"))]
    stated = [a if isinstance(a := r.get("attributes"), dict) else {} for r in read]
    common, differing = shared(stated)
    listed_variants = []
    for one, attributes, different in zip(read, stated, differing, strict=True):
        options = {name: attributes[name] for name in varies if name in attributes}
        options |= {name: value for name, value in different.items() if not name.startswith(_NUMBERS)}
        options = options or compact({"variant": _beyond(one.get("title"), own["title"])})
        fields = {name: one.get(name) for name in ("id", *_OFFER_FIELDS, "image")}
        listed_variants.append(compact(fields | {"options": options}))
    attributes = {name: value for name, value in common.items() if name not in varies}
    return _assembled(own, attributes | _attributes(group), listed_variants, around)


def _beyond(name: object, of_group: object) -> str | None:
    """What a variant's name says beyond its group's: "Tee - S" of "Tee" is "S". Many pages say no more of it."""
    if not isinstance(name, str) or not isinstance(of_group, str) or not name.startswith(of_group):
        return None
    return name[len(of_group) :].strip(" -–—:,/|()[]") or None


def _handed_down(group: Node) -> dict[str, object]:
    """What a group says of each of its variants: nothing that names the group itself."""
    return {key: group[key] for key in ("brand", "category", "hasAdultConsideration", "audience") if key in group}


def _assembled(
    values: dict[str, object], attributes: Mapping[str, object], variants: list[dict[str, object]], around: Around
) -> dict[str, object]:
    url = values["url"] or (around.address if around.alone else None)
    beside = {"url": url, "category": values["category"] or around.path(values["title"])}
    return compact(values | beside | {"variants": variants, "attributes": dict(attributes)})


def _article(offer: Node, values: dict[str, object]) -> dict[str, object]:
    """An offer for one article of a product: a variant, told from the others by what it says of itself."""
    sold = first(offer.get("itemOffered"))
    sold = sold if isinstance(sold, Mapping) else {}
    options = _attributes(sold)
    name = text_of(offer.get("name")) or text_of(sold.get("name"))
    options = options or ({"name": name} if name else {})
    fields = {name: values.get(name) for name in _OFFER_FIELDS}
    return compact({"id": text_of(offer.get("sku")) or _id(sold), **fields, "options": options})


def _own_values(node: Node, base: str | None) -> dict[str, object]:
    """The product's own fields, without its offers."""
    category = node.get("category")
    return {
        "id": _id(node),
        "title": text_of(node.get("name")),
        "description": text_of(node.get("description")),
        "brand": text_of(node.get("brand")) or text_of(node.get("manufacturer")),
        "category": [t for t in map(text_of, listed(category)) if t]
        if isinstance(category, list)
        else text_of(category),
        "url": link_of(node.get("url"), base),
        "image": link_of(node.get("image"), base),
        "rating": _rating(first(node.get("aggregateRating"))),
        "adult": True if _for_adults(node) else None,
    }


def _id(node: object) -> str | None:
    """What the shop calls a product, likeliest first."""
    if not isinstance(node, Mapping):
        return None
    return next((text for key in _IDS if (text := _identifier(node.get(key)))), None)


def _identifier(value: object) -> str | None:
    value = first(value)
    return text_of(value.get("value")) if isinstance(value, Mapping) else text_of(value)


def _rating(rating: object) -> object:
    """Out of five, whatever the page's best is; what is no number is left as it is, to be judged as written."""
    if not isinstance(rating, Mapping):
        return text_of(rating)
    stated, best_one = text_of(rating.get("ratingValue")), text_of(rating.get("bestRating"))
    try:
        return float(number_text(round(float(str(stated)) * _BEST_RATING / float(best_one or _BEST_RATING), 2)))
    except (ValueError, ZeroDivisionError, OverflowError):
        return stated


def _for_adults(node: Node) -> bool:
    stated = [plain(v) for v in listed(node.get("hasAdultConsideration")) if isinstance(v, str)]
    audience = first(node.get("audience"))
    ages = [audience.get(k) for k in ("suggestedMinAge", "requiredMinAge")] if isinstance(audience, Mapping) else []
    return bool(stated) or any(isinstance(age, int | float) and age >= _OF_AGE for age in ages)


def _attributes(node: Node) -> dict[str, object]:
    """Everything else that is stated, under the name that the page gives it."""
    found: dict[str, object] = {}
    for key, value in node.items():
        name = plain(key)
        if not (name.startswith("@") or name in _MEANT or name in _NO_FACTS):
            _add(found, name, value_of(value))
    for part in listed(node.get("additionalProperty")):
        called = text_of(part.get("name")) or text_of(part.get("propertyID")) if isinstance(part, Mapping) else None
        if isinstance(part, Mapping) and called and ("value" in part or "minValue" in part):
            _add(found, called, value_of(part))
    rating = first(node.get("aggregateRating"))
    if isinstance(rating, Mapping):
        _add(found, "reviews", value_of(rating.get("reviewCount", rating.get("ratingCount"))))
    for key in ("isAccessoryOrSparePartFor", "isConsumableFor"):
        things = [text for text in map(text_of, listed(node.get(key))) if text]
        _add(found, "compatible with", things if len(things) > 1 else first(things))
    audience = first(node.get("audience"))
    if isinstance(audience, Mapping):
        _add(found, "gender", value_of(audience.get("suggestedGender")))
    return found


def _add(found: dict[str, object], name: str, value: object) -> None:
    """Under one name, several values are a list."""
    if value in (None, "", []):
        return
    if name in found:
        found[name] = [*listed(found[name]), *(v for v in listed(value) if v not in listed(found[name]))]
    else:
        found[name] = value
