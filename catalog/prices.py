"""A price-only feed: rows of prices and stock -> the kept rows with these in them, everything else as it was.

A row names a product or one of its variants. What is kept stays the shop's own row, so the next whole feed is compared
with it as ever. Knows no SQL.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalog.feeds.open import open_feed
from catalog.feeds.rows import Problem, Row
from catalog.intake import (
    ImportOptions,
    Intake,
    Progress,
    digest,
    reader_for,
    refuse_empty,
    write_reading,
    write_record,
)
from catalog.mapping import Reader
from catalog.meaning import ColumnMap
from catalog.old import Entry, Old, reader_of
from catalog.types import Money, Variant
from errors import ImportRefused

_STATED = ("price", "list_price", "stock", "availability")


@dataclass(frozen=True, slots=True)
class _Offer:
    """What one row says of a product or variant. `sales`: and of what it cost before."""

    row: Row
    says: Variant
    sales: bool


def read_prices(paths: Sequence[Path], options: ImportOptions, progress: Progress, old: Old) -> Intake:
    """The kept rows that the feeds change or confirm, with their new prices, and rejects."""
    if not len(old):
        raise ImportRefused(f"{old.path}: no products to give prices to; import the whole feed first, without --prices")
    found, offers = Intake(), dict[str, _Offer]()
    for path in paths:
        for id, offer in _offers(path, options, progress, found):
            if id in offers:
                first = offers[id].row
                found.refuse(offer.row, id, Problem.of("id", id, f"stands already in {first.file}, line {first.line}"))
            else:
                offers[id] = offer
    rows = _by_product(offers, old, found)
    for entry in old.entries(old.places[id] for id in rows):
        _renew(entry, rows[entry.id], found)
    refuse_empty(paths, found)
    return found


def _offers(path: Path, options: ImportOptions, progress: Progress, found: Intake) -> Iterator[tuple[str, _Offer]]:
    """(id, what is said of it) for each row of a feed, and for each variant of a row that lists some."""
    feed = open_feed(path)
    reader = reader_for(feed, options, needed=("id",))
    columns = {field: field for field in ("id", "currency", *_STATED)} | dict(reader.mapping.columns)
    reader = replace(reader, mapping=ColumnMap(columns))  # under our own names variants state theirs
    for read, row in enumerate(feed.rows(), 1):
        if not read % 1000:
            progress("reading", read, 0)
        if row.problem:
            found.refuse(row, reader.id_of(row.values), row.problem)
            continue
        for place, values in _single(row.values, reader):
            says = reader.offer(values)
            if isinstance(says, Problem):
                found.refuse(row, reader.id_of(values), says, place)
            else:
                line = row.lines[place] if place is not None and row.lines else row.line
                yield says.id, _Offer(replace(row, line=line, lines=()), says, columns["list_price"] in values)


def _single(values: Mapping[str, object], reader: Reader) -> Iterator[tuple[int | None, Mapping[str, object]]]:
    """A row, or each variant that it lists as a row of its own."""
    listed = values.get(reader.mapping["variants"] or "")
    if not isinstance(listed, list) or not listed:
        yield None, values
        return
    columns = reader.mapping.columns
    shared = {columns["currency"]: values.get(columns["currency"])}
    for place, (id, variant) in enumerate(zip(reader.variant_ids(values), listed, strict=True)):
        own: dict[str, Any] = variant if isinstance(variant, dict) else {}
        stated = {columns[field]: own[field] for field in ("currency", *_STATED) if field in own}
        yield place, shared | stated | {columns["id"]: id}


def _by_product(offers: Mapping[str, _Offer], old: Old, found: Intake) -> dict[str, dict[int | None, _Offer]]:
    """Product id -> place of the variant (None: the product itself) -> offer. Unknown ids are refused."""
    variants = _variants(old) if any(id not in old.places for id in offers) else {}
    rows: defaultdict[str, dict[int | None, _Offer]] = defaultdict(dict)
    for id, offer in offers.items():
        named = variants.get(id, ())
        if id in old.places:
            rows[id][None] = offer
        elif len(named) == 1:
            ((product, place),) = named
            rows[product][place] = offer
        else:
            reason = "no product or variant of the catalogue has this id"
            if named:
                reason = f"variants of {len(named)} products have this id: of {', '.join(id for id, _ in named[:3])}"
            found.refuse(offer.row, id, Problem.of("id", id, reason))
    return rows


def _variants(old: Old) -> dict[str, list[tuple[str, int]]]:
    """Id of each listed variant -> its product and place; several where products share ids of variants."""
    known: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for entry in old.entries():
        for place, id in enumerate(reader_of(entry.reading).variant_ids(json.loads(entry.record))):
            known[id].append((entry.id, place))
    return known


def _renew(entry: Entry, offers: Mapping[int | None, _Offer], found: Intake) -> None:
    """Put the offers for one product into its row; each goes in or is refused by itself."""
    taken: Row | None = None
    for place, offer in offers.items():
        renewed = _with(entry, place, offer)
        if isinstance(renewed, Problem):
            found.refuse(offer.row, offer.says.id, renewed)
        else:
            entry, taken = renewed, offer.row
    if taken:
        found.take(taken, entry)


def _with(entry: Entry, place: int | None, offer: _Offer) -> Entry | Problem:
    """The row with an offer in it."""
    reader, values = reader_of(entry.reading), json.loads(entry.record)
    ids = reader.variant_ids(values)
    if place is None and ids:
        place = ids.index(entry.id) if entry.id in ids else 0 if len(ids) == 1 else None
        if place is None:
            return Problem.of("id", entry.id, f"a product of {len(ids)} variants: name one of them, such as {ids[0]}")
    product = entry.product
    before = product.variants[place or 0]
    if place is None:
        before = replace(before, availability=product.availability)
    price = offer.says.price
    if price and before.price and price.currency != before.price.currency:
        return Problem.of(
            "price", f"{price.amount} {price.currency}", f"the product's prices are in {before.price.currency}"
        )
    said = _said(before, offer)
    for style in (_number, _pointed, _comma):
        renewed = _written(entry, values, place, {field: style(value) for field, value in said.items()})
        if renewed and _agrees(renewed.product.variants[place or 0], offer.says):
            return renewed
    return Problem.of("price", price and price.amount, "cannot be written as this product's feed writes prices")


def _said(before: Variant, offer: _Offer) -> dict[str, Money | int | str | None]:
    """Field -> what is to stand there now; fields that the offer says nothing of are left out.

    Of stock and availability the newer word holds: what contradicts it is taken out.
    """
    says, said = offer.says, dict[str, Money | int | str | None]()
    if says.price:
        said["price"] = says.price
        if offer.sales:
            said["list_price"] = says.was
    if says.stock is not None:
        said["stock"] = says.stock
        if before.availability and not says.availability and _gone(before) != says.sold_out:
            said["availability"] = None
    if says.availability:
        said["availability"] = says.availability
        if says.stock is None and before.stock is not None and before.sold_out != says.sold_out:
            said["stock"] = None
    return said


def _gone(variant: Variant) -> bool:
    """Do its words alone say that it cannot be bought?"""
    return replace(variant, stock=None).sold_out


def _written(entry: Entry, values: dict[str, Any], place: int | None, cells: Mapping[str, object]) -> Entry | None:
    """The row with these cells by field, under the feed's own columns; a field without one gets a column."""
    reader = reader_of(entry.reading)
    columns, record = dict(reader.mapping.columns), values.copy()
    if place is None:
        record = _changed(record, {columns.setdefault(f, _free(f, values)): cell for f, cell in cells.items()})
    else:
        listed = list(record[columns["variants"]])
        listed[place] = _changed(listed[place], cells)
        record[columns["variants"]] = listed
    reader = replace(reader, mapping=ColumnMap(columns))
    document, text = write_reading(reader), write_record(record)
    reading = reader.read(record, text)
    if reading.product is None or reading.refused:
        return None
    return Entry(entry.id, document, text, digest(document + text), reading.product)


def _changed(row: Mapping[str, Any], cells: Mapping[str, object]) -> dict[str, Any]:
    """The row with these cells; None takes one out."""
    return {name: cell for name, cell in {**row, **cells}.items() if cell is not None or name not in cells}


def _free(field: str, values: Mapping[str, object]) -> str:
    """A column's name that the row does not use."""
    return field if field not in values else _free(f"{field}_", values)


def _agrees(variant: Variant, says: Variant) -> bool:
    return says.price is None or (variant.price == says.price and (says.was is None or variant.was == says.was))


def _number(value: object) -> object:
    return value.amount if isinstance(value, Money) else value


def _pointed(value: object) -> object:
    return f"{value.amount:.2f} {value.currency}" if isinstance(value, Money) else value


def _comma(value: object) -> object:
    return f"{value.amount:.2f} {value.currency}".replace(".", ",") if isinstance(value, Money) else value
