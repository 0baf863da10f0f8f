"""Shopify's product CSV as canonical rows, in the columns of both generations: "Variant Price" and "Price".

A product's first row states it, the following ones its other variants and pictures. What a column becomes is told in
docs/importing.md. Knows no files, no SQL and no currencies (the file names none).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from catalog.feeds.groups import by_column, compact, products_of, shared
from catalog.feeds.rows import Problem, Row, bad_value
from catalog.offers import Bad, link

_COLUMNS = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "description": ("body (html)", "description"),
    "brand": ("vendor",),
    "taxonomy": ("product category", "standardized product type", "standard product type"),
    "type": ("type", "custom product type", "product type"),
    "google category": ("google shopping / google product category",),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "sku": ("variant sku", "sku"),
    "barcode": ("variant barcode", "barcode", "barcodes"),
    "price": ("variant price", "price"),
    "list_price": ("variant compare at price", "compare-at price"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "quantity": ("variant inventory qty", "inventory quantity"),
    "when out": ("variant inventory policy", "continue selling when out of stock"),
    "grams": ("variant grams", "weight value (grams)"),
    "image": ("image src", "product image url"),
    "place": ("image position",),
    "own image": ("variant image", "variant image url"),
    "measure": ("unit price total measure",),
    "measure unit": ("unit price total measure unit",),
    "base": ("unit price base measure",),
    "base unit": ("unit price base measure unit",),
} | {f"option{n} {part}": (f"option{n} {part}",) for n in (1, 2, 3) for part in ("name", "value")}
_FIELD = {column: field for field, columns in _COLUMNS.items() for column in columns}
_BOOKKEEPING = re.compile(
    r"cost per item|(variant )?weight unit( for display)?|(variant )?fulfillment service|(variant )?tax code"
    r"|(variant )?requires shipping|variant taxable|charge tax|gift card|seo (title|description)|image alt text"
    r"|option[123] linked to|collection|sales channels?|published scope|template suffix"
    r"|(included|price|compare[- ]at price|active|unit price) / .*|google shopping / (ad|custom).*"
)
_METAFIELD = re.compile(r"(.+?)\s*\((product|variant)\.metafields\.[^)]*\)|google shopping / (.*)", re.IGNORECASE)
_DEFAULT = "default title"
_ENDED = {"draft": "a draft", "archived": "archived", "unlisted": "unlisted"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One raw row: the fields with a meaning of their own, and the shop's own ones, of the product and of the variant."""

    row: Row
    told: Mapping[str, str]
    own: Mapping[str, object]
    facts: Mapping[str, object]

    @property
    def sells(self) -> bool:
        """Does it state a variant, not just another picture?"""
        return any(self.told.get(field) for field in ("option1 value", "price", "sku"))


def fits(headers: Sequence[str]) -> bool:
    """Are these the columns of a Shopify product CSV, old or new?"""
    names = {header.strip().casefold() for header in headers}
    old = {"handle", "title"} <= names and bool(names & {"variant price", "variant sku", "body (html)"})
    return old or ({"url handle", "title"} <= names and bool(names & {"price", "sku", "status"}))


def canonical(rows: Callable[[], Iterator[Row]], today: date) -> Callable[[], Iterator[Row]]:
    """Products of raw rows. A Shopify price is that of the day of the export: `today` changes nothing."""
    keys = by_column(lambda header: _meaning(header) == ("field", "handle"))
    return products_of(rows, keys, lambda group: _product([_line(row) for row in group]))


def _line(row: Row) -> _Line:
    told: dict[str, str] = {}
    own: dict[str, object] = {}
    facts: dict[str, object] = {}
    for header, value in row.values.items():
        kind, name = _meaning(header)
        if value in (None, "") and name != "tracker":  # that there is none is told by an empty one
            continue
        text = value.strip() if isinstance(value, str) else str(value or "")
        if kind == "field" and (text or name == "tracker"):
            told.setdefault(name, text)
        elif kind == "own" and text:
            own[name] = _listed(text, ";") if name != header else text
        elif kind == "variant" and text:
            facts[name] = _listed(text, ";")
    grams = _count(told.get("grams"))
    facts |= {"SKU": told.get("sku"), "Barcode": told.get("barcode"), "Weight": f"{grams} g" if grams else None}
    return _Line(row, told, own, compact(facts))


@lru_cache(maxsize=4096)
def _meaning(header: str) -> tuple[str, str]:
    """("field", ours), ("own" or "variant", the shop's name for it) or ("left out", "")."""
    name = " ".join(header.casefold().split())
    if name in _FIELD:
        return "field", _FIELD[name]
    if _BOOKKEEPING.fullmatch(name):
        return "left out", ""
    named = _METAFIELD.fullmatch(header.strip())
    if not named:
        return "own", header
    return "variant" if named[2] == "variant" else "own", (named[1] or named[3]).strip()


def _product(lines: Sequence[_Line]) -> Iterator[Row]:
    """The product of a group, after the rows of it that cannot be read; the first one states it even then."""
    first, row = lines[0].told, lines[0].row
    unsold = _not_for_sale(first)
    if unsold:
        yield Row(row.file, row.line, {"id": first.get("handle")}, unsold)
        return
    good, handle = [], first.get("handle")
    for line in lines:
        problem = _fault(line) if len(lines) > 1 else None
        if problem:
            yield Row(row.file, line.row.line, {"id": line.told.get("sku") or handle}, problem, product=handle)
        else:
            good.append(line)
    selling = [line for line in good if line.sells] or [line for line in good if line is lines[0]]
    if selling:
        yield _sold(lines[0], good, selling)


def _fault(line: _Line) -> Problem | None:
    """A picture that is none costs its own row, and so does what cannot be read on a row behind the first."""
    try:
        link("image", line.told.get("image"))
    except Bad as bad:
        return bad.problem
    return None if "title" in line.told else bad_value(line.row.values)


def _sold(start: _Line, lines: Sequence[_Line], selling: Sequence[_Line]) -> Row:
    """`start`: the line that states the product; `selling`: those of the lines that state a variant."""
    first, row = start.told, start.row
    pictures = [line.told for line in lines if "image" in line.told]
    images = [told["image"] for told in sorted(pictures, key=lambda told: _count(told.get("place")) or 0)]
    product: dict[str, object] = {
        "id": first.get("handle"),
        "title": first.get("title"),
        "description": first.get("description"),
        "brand": first.get("brand"),
        "category": _category(first),
        "image": images[0] if len(images) == 1 else images,
    }
    general = dict(start.own) | ({"Tags": _listed(first["tags"], ",")} if "tags" in first else {})
    names = [first.get(f"option{n} name", "") for n in (1, 2, 3)]
    if len(selling) == 1 and not _options(selling[0].told, names):
        product |= _offer(selling[0].told) | {"attributes": compact(general | dict(selling[0].facts))}
        return Row(row.file, row.line, compact(product))
    common, differing = shared([line.facts for line in selling])
    variants = _variants(str(product["id"]), selling, differing, names)
    product |= {"attributes": compact(general | common), "variants": variants}
    return Row(row.file, row.line, compact(product), lines=tuple(line.row.line for line in selling))


def _not_for_sale(told: Mapping[str, str]) -> Problem | None:
    status = told.get("status", "").casefold()
    if status in _ENDED:
        return Problem("Status", told["status"], f"not for sale: {_ENDED[status]}", fault=False)
    if told.get("published", "").casefold() in ("false", "no", "0"):
        return Problem("Published", told["published"], "not for sale: not published", fault=False)
    return None


def _category(told: Mapping[str, str]) -> str:
    """Shopify's taxonomy, which is a path, and the shop's own type at its end."""
    path = told.get("taxonomy") or told.get("google category", "")
    kind = told.get("type", "")
    if not path or path.rpartition(">")[2].strip().casefold() == kind.casefold():
        return path or kind
    return f"{path} > {kind}" if kind else path


def _variants(
    handle: str, lines: Sequence[_Line], facts: Sequence[Mapping[str, object]], names: Sequence[str]
) -> list[dict[str, object]]:
    """Each under its SKU; under its handle and options where it has none or shares it with another."""
    skus = [line.told.get("sku") for line in lines]
    variants = []
    for line, sku, differing in zip(lines, skus, facts, strict=True):
        options = _options(line.told, names)
        id = sku if sku and skus.count(sku) == 1 else "/".join([handle, *options.values()])
        codes = {name: differing[name] for name in ("SKU", "Barcode") if name in differing}
        others = {name: value for name, value in differing.items() if name not in codes}
        variants.append(compact({"id": id, **_offer(line.told), **codes, "options": options | others}))
    return variants


def _options(told: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    values = {name: told.get(f"option{n} value", "") for n, name in enumerate(names, 1) if name}
    return {name: value for name, value in values.items() if value and value.casefold() != _DEFAULT}


def _offer(told: Mapping[str, str]) -> dict[str, object]:
    measure = {"measure": _amount(told, "measure"), "base": _amount(told, "base")}
    return compact(
        {
            "price": told.get("price"),
            "list_price": told.get("list_price"),
            **_stock(told),
            "image": told.get("own image"),
            "unit_price": compact(measure) if measure["measure"] else None,
        }
    )


def _stock(told: Mapping[str, str]) -> dict[str, object]:
    """Counted only where Shopify tracks it. Less than none is oversold; where selling goes on, it can be ordered."""
    count = _count(told.get("quantity"))
    if count is None:
        return {"stock": told.get("quantity")}
    if count <= 0 and told.get("when out", "").casefold() in ("continue", "true", "yes"):
        return {"availability": "backorder"}
    return {"stock": max(0, count)} if told.get("tracker", "?") else {}


def _amount(told: Mapping[str, str], field: str) -> str | None:
    return f"{told[field]} {told[f'{field} unit']}" if field in told and f"{field} unit" in told else None


def _count(text: str | None) -> int | None:
    return int(float(text)) if text and re.fullmatch(r"-?\d+(\.0*)?", text) else None


def _listed(text: str, mark: str) -> str | list[str]:
    parts = [part.strip() for part in text.split(mark) if part.strip()]
    return parts if len(parts) > 1 else text
