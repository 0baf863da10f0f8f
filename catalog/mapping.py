"""A raw row as a Product, or what is wrong with it and with which of its variants.

Which column means what, meaning.py has told; what single cells state, offers.py reads. Knows no SQL and nothing of the
slots that are worked out over the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import Any

from catalog import offers
from catalog.categories import read_path
from catalog.cells import parse_cell, parse_colours
from catalog.feeds.rows import LONGEST_FIELD, ODD, Problem, bad_value
from catalog.lexicon import Lexicon
from catalog.meaning import ColumnMap
from catalog.offers import Bad, Get, Prices, plain_text
from catalog.types import Cell, Product, Variant

_LONGEST_ID = 200
_Values = Mapping[str, object]
Options = Mapping[str, tuple[Cell, ...]]
NO_RECORD: Mapping[str, object] = MappingProxyType({})
_NO_OPTIONS: Options = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is not taken of a row. `variant`: its place among the row's variants, None for the row as a whole."""

    variant: int | None
    id: str | None
    problem: Problem


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row came to: the product, if it is taken, and what of it is not.

    `values`: the row as far as it was taken, without the refused variants; the rest stands under the ids they were given.
    """

    product: Product | None
    values: Mapping[str, object]
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads raw rows into products.

    `currency`: of prices that name none. `nested_category`: an attribute that says what kind of product it is.
    `decimal`: the sign before the cents in this feed's prices, where they show it.
    """

    mapping: ColumnMap
    currency: str
    nested_category: str | None = None
    decimal: str | None = None
    _prices: Prices = field(init=False, repr=False, compare=False)
    _meant: frozenset[str] = field(init=False, repr=False, compare=False)
    _columns: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_prices", Prices(self.currency, self.decimal))
        object.__setattr__(self, "_meant", frozenset(self.mapping.columns.values()))
        object.__setattr__(self, "_columns", dict(self.mapping.columns))

    def to_json(self) -> dict[str, object]:
        return {
            "columns": dict(self.mapping.columns),
            "currency": self.currency,
            "nested_category": self.nested_category,
            "decimal": self.decimal,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reader:
        return cls(ColumnMap(data["columns"]), data["currency"], data["nested_category"], data.get("decimal"))

    def read(self, values: _Values, record: str) -> Reading:
        """What a row states, and what of it cannot be taken. `record`: the row as JSON, which the product then is
        without: whoever has the text need not hold the row as well."""
        suspicious = _suspicious(record)
        try:
            if suspicious:
                _check_values(values)
            return Reading(self.product(values, NO_RECORD), values)
        except Bad as bad:
            listed = _listed(self._said(values))
            if not listed:
                return Reading(None, values, (Refusal(None, self.id_of(values), bad.problem),))
        return self._without_bad_variants(values, listed, suspicious)

    def _without_bad_variants(self, values: _Values, listed: Sequence[object], suspicious: bool) -> Reading:
        """Variants are refused one by one; the product is, too, where none is left or something else is wrong."""
        column = self.mapping["variants"] or ""
        without = {name: value for name, value in values.items() if name != column}
        try:
            if suspicious:
                _check_values(without)
            whole = self.product(without).variants[0]
        except Bad as bad:
            return Reading(None, values, (Refusal(None, self.id_of(values), bad.problem),))
        kept: list[object] = []
        refused: list[Refusal] = []
        currency, ids = self._currency(self._said(values)), set[str]()
        for place, raw in enumerate(listed):
            id = _variant_id(raw, whole.id, place)
            try:
                if suspicious and isinstance(raw, dict):
                    _check_values(raw)
                self._variant(raw, id, whole, currency, ids)
            except Bad as bad:
                refused.append(Refusal(place, id, bad.problem))
            else:
                kept.append(raw | {"id": id} if isinstance(raw, dict) else raw)
        taken = {**values, column: kept}
        return Reading(self.product(taken, NO_RECORD) if kept else None, taken, tuple(refused))

    def id_of(self, values: _Values) -> str | None:
        """The id a row states; None where it states none that can be taken."""
        try:
            return _id(self._said(values))
        except Bad:
            return None

    def offer(self, values: _Values) -> Variant | Problem:
        """What a row that need not be a whole product's says of one: its id, prices, stock, availability, links."""
        try:
            said = self._said(values)
            return self._offer(said.get, _id(said), self._currency(said))
        except Bad as bad:
            return bad.problem

    def variant_ids(self, values: _Values) -> list[str]:
        """The ids of the variants that a row lists, which was read before."""
        said = self._said(values)
        return [_variant_id(raw, _id(said), place) for place, raw in enumerate(_listed(said))]

    def product(self, values: _Values, record: _Values | None = None) -> Product:
        """The product that a row which was read before states. `record`: what it gives as its row, else all of it."""
        said = self._said(values)
        id, title = _named(said)
        whole = self._offer(said.get, id, self._currency(said))
        variants = self._variants(said, whole)
        whole = _with_what_all_share(whole, variants) if variants[0] is not whole else whole
        attributes = self._attributes(values, said) | dict(self._unread(said, whole))
        category = _category(said)
        nested = attributes.pop(self.nested_category, ()) if self.nested_category else ()
        return Product(
            id=id,
            title=title,
            variants=tuple(_told_apart(variant, whole) for variant in variants),
            description=plain_text(said.get("description")),
            brand=plain_text(said.get("brand")),
            category=category or tuple(str(c) for c in nested[:1]),
            rating=offers.rating(said.get("rating")),
            availability=whole.availability,
            url=whole.url,
            image=whole.image,
            attributes=attributes,
            record=values if record is None else record,
            adult=offers.adult(said.get("adult")),
            tax=plain_text(said.get("tax")),
        )

    def _said(self, values: _Values) -> _Values:
        """What the row says in the fields that have a meaning of their own."""
        return {field: values[column] for field, column in self._columns.items() if values.get(column) is not None}

    def _currency(self, said: _Values) -> str:
        return plain_text(said.get("currency")).upper() or self.currency

    def _offer(self, get: Get, id: str, currency: str, options: Options = _NO_OPTIONS) -> Variant:
        price, was = self._prices.of(get, currency)
        return Variant(
            id=id,
            price=price,
            stock=offers.stock(get("stock")),
            options=options,
            was=was,
            availability=offers.availability(get("availability")),
            url=offers.link("url", get("url")),
            image=offers.link("image", get("image")),
            unit_price=self._prices.each(get("unit_price"), price, currency),
        )

    def _variants(self, said: _Values, whole: Variant) -> tuple[Variant, ...]:
        listed = _listed(said)
        if not listed:
            return (whole,)
        currency, ids = self._currency(said), set[str]()
        named = [(raw, _variant_id(raw, whole.id, place)) for place, raw in enumerate(listed)]
        return tuple(self._variant(raw, id, whole, currency, ids) for raw, id in named)

    def _variant(self, raw: object, id: str, whole: Variant, currency: str, ids: set[str]) -> Variant:
        """`ids`: those of the variants before it; its own is added."""
        if not isinstance(raw, dict):
            raise Bad("variants", raw, "a variant is an object with id, price, stock and options")
        if id in ids:
            raise Bad("id", id, "another variant of this product has the same id")
        ids.add(id)
        options = raw.get("options")
        cells = {str(k): _cells(k, v) for k, v in options.items()} if isinstance(options, dict) else {}
        stated = {name: found for name, found in cells.items() if found}
        own = self._offer(raw.get, id, plain_text(raw.get("currency")).upper() or currency, stated)
        return own if own.price else replace(own, price=whole.price, was=whole.was, unit_price=whole.unit_price)

    def _attributes(self, values: _Values, said: _Values) -> dict[str, tuple[Cell, ...]]:
        """Every field without a meaning of its own, nested attributes beside the feed's own columns."""
        fields = {name: value for name, value in values.items() if name not in self._meant}
        nested = said.get("attributes")
        if isinstance(nested, dict):
            fields |= {str(name): value for name, value in nested.items()}
        read = {}
        for name, value in fields.items():
            cells = _cells(name, value)
            if cells:
                read[intern(name)] = cells
        return read

    def _unread(self, said: _Values, whole: Variant) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """Cells of columns called like a list or unit price that state none: they stay what the shop wrote."""
        listed, each = said.get("list_price"), said.get("unit_price")
        if listed and whole.was is None and not self._prices.readable(listed):
            yield str(self.mapping["list_price"]), parse_cell(listed)
        if each and whole.unit_price is None:
            yield str(self.mapping["unit_price"]), parse_cell(each)


def _named(said: _Values) -> tuple[str, str]:
    raw, title = said.get("id"), plain_text(said.get("title"))
    if raw in (None, "") and not title:
        raise Bad("id", raw, "a product needs an id and a title; this row has neither")
    id = _id(said)
    if not title:
        raise Bad("title", said.get("title"), "a product needs a title")
    return id, title


def _id(said: _Values) -> str:
    raw = said.get("id")
    id = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str("" if raw is None else raw).strip()
    if not id or isinstance(raw, bool | dict | list):
        raise Bad("id", raw, "a product needs an id")
    if len(id) > _LONGEST_ID:
        raise Bad("id", id, f"an id may have {_LONGEST_ID} characters")
    return id


def _category(said: _Values) -> tuple[str, ...]:
    raw = said.get("category")
    if isinstance(raw, list):
        return read_path([plain_text(path) for path in raw])
    return read_path(plain_text(raw) if isinstance(raw, str) and ("&" in raw or "<" in raw) else raw)


def _listed(said: _Values) -> Sequence[object]:
    listed = said.get("variants")
    return listed if isinstance(listed, list) else ()


def _cells(name: str, value: object) -> tuple[Cell, ...]:
    """All that a property's cell states; a column of colours may list them between slashes."""
    colours = parse_colours(value) if isinstance(value, str) and "/" in value and _of_colours(name) else ()
    return colours or parse_cell(value)


@lru_cache(maxsize=4096)
def _of_colours(name: str) -> bool:
    concept = Lexicon.default().concept_of_header(name)
    return concept is not None and concept.name == "colour"


def _variant_id(raw: object, product: str, place: int) -> str:
    stated = raw.get("id") if isinstance(raw, dict) else None
    return str(stated).strip() if stated not in (None, "") else f"{product}-{place + 1}"


def _with_what_all_share(whole: Variant, variants: Sequence[Variant]) -> Variant:
    """What the row says of no variant in particular, else what its variants say: all alike, or the first of them."""
    first = variants[0]
    alike = all(variant.availability == first.availability for variant in variants)
    said = whole.availability or (first.availability if alike else None)
    return replace(whole, availability=said, url=whole.url or first.url, image=whole.image or first.image)


def _told_apart(variant: Variant, whole: Variant) -> Variant:
    """A variant states only what differs from the product."""
    said, url, image = variant.availability, variant.url, variant.image
    if said != whole.availability and url != whole.url and image != whole.image:
        return variant
    return Variant(  # not dataclasses.replace, which takes several times as long
        variant.id,
        variant.price,
        variant.stock,
        variant.options,
        variant.was,
        said if said != whole.availability else None,
        url if url != whole.url else None,
        image if image != whole.image else None,
        variant.unit_price,
    )


def _suspicious(record: str) -> bool:
    """May a row hold what is to be refused? Its JSON, looked through at once, tells the many that do not: numbers that are
    not finite stand in it as null, so that such a row would be another one when it is read again."""
    return (
        len(record) > LONGEST_FIELD
        or "\\u0000" in record
        or "null" in record
        or (not record.isascii() and ODD.search(record) is not None)
    )


def _check_values(values: _Values) -> None:
    if problem := bad_value(values):
        raise Bad(problem.field or "", problem.value, problem.reason)
