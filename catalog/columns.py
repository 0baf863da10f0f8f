"""Filterable slots as columns in memory: for each, which rows hold which values. A filter reads arrays, never JSON.

A row is a variant (a product without variants is one row): the product's attributes overlaid by the variant's options,
its price, its stock. A column lists (row, value) pairs, so sparse slots cost what they fill and a cell may hold several
values. Numbers are kept in the slot's base unit beside the factor from the unit of the row's kind. Knows no constraints
(where.py), no SQL.
"""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.cells import parse_boolean
from catalog.joins import Aliases, Joins, aliases, term_key
from catalog.schema import cell_text
from catalog.types import Cell, Product, Quantity, Slot, Variant
from catalog.units import scale

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One slot's values: entry i says that row `rows[i]` holds value i. Rows ascend; a row may come several times.

    Numbers: `low`, `high` in the slot's unit, `factor` the slot's units in one unit of the row's kind (None: all 1).
    Categories and texts: `codes` into `terms`, the keys of values (joins.py), and `aliases` of these. Booleans: `codes` 0 or 1.
    """

    slot: Slot
    rows: NDArray[np.int32]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    factor: NDArray[np.float64] | None = None
    codes: NDArray[np.int32] | None = None
    terms: tuple[str, ...] = ()
    aliases: Aliases = field(default_factory=lambda: MappingProxyType({}))


class Columns:
    """All columns of a catalogue; read-only once built."""

    def __init__(
        self, product_of_row: NDArray[np.int32], stock: NDArray[np.int32], columns: Mapping[str, Column]
    ) -> None:
        self.product_of_row = product_of_row
        """For each row the product's position."""
        self.stock = stock
        """For each row the units in stock, -1 where the feed does not say."""
        self.columns = MappingProxyType(dict(columns))
        self._codes = {name: {term: i for i, term in enumerate(c.terms)} for name, c in columns.items()}
        self._postings: dict[str, tuple[NDArray[np.int32], NDArray[np.int64]]] = {}
        self._dense: dict[str, bool] = {}
        self._places: dict[str, NDArray[np.float64]] = {}

    def code(self, column: Column, value: str) -> int | None:
        """The code of a value of a slot, however it is spelled; None of one that no row holds."""
        key = term_key(column.slot, value)
        return self._codes[column.slot.name].get(column.aliases.get(key, key))

    def rows_of(self, name: str, code: int) -> NDArray[np.int32]:
        """The rows that hold a code of a slot. Sorted by code at first use, so that a filter touches what it finds."""
        if name not in self._postings:
            column = self.columns[name]
            codes = column.codes if column.codes is not None else np.empty(0, np.int32)
            order = np.argsort(codes, kind="stable")
            size = max(len(column.terms), int(codes.max(initial=-1)) + 1)
            ends = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=size))])
            self._postings[name] = column.rows[order], ends
        rows, ends = self._postings[name]
        return rows[ends[code] : ends[code + 1]] if code + 1 < len(ends) else rows[:0]

    def is_dense(self, name: str) -> bool:
        """Does every row hold exactly one value of the slot, in order?"""
        if name not in self._dense:
            rows = self.columns[name].rows
            self._dense[name] = len(rows) == len(self) and bool((rows == np.arange(len(rows))).all())
        return self._dense[name]

    def ends(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The least and the greatest number of each entry of a slot; of a word its place in the alphabet."""
        column = self.columns[name]
        if column.low is not None and column.high is not None:
            return column.low, column.high
        if name not in self._places:
            order = sorted(range(len(column.terms)), key=column.terms.__getitem__)
            self._places[name] = np.argsort(order).astype(np.float64) if order else np.arange(2, dtype=np.float64)
        codes = np.empty(0, np.int32) if column.codes is None else column.codes
        return self._places[name][codes], self._places[name][codes]

    def __len__(self) -> int:
        return len(self.product_of_row)

    @classmethod
    def build(cls, products: Iterable[Product], slots: Iterable[Slot], joins: Joins | None = None) -> Columns:
        """Columns of every slot over the products, which take the positions 0, 1, 2 ... in the order given."""
        builders = {slot.name: _Builder(slot, aliases(slot, joins or {})) for slot in slots}
        product_of_row, stock = array("i"), array("i")
        for position, product in enumerate(products):
            kind = product.kind
            for variant in product.variants or (None,):
                row = len(product_of_row)
                product_of_row.append(position)
                stock.append(_stock(variant))
                for name, cells in row_cells(product, variant):
                    builder = builders.get(name)
                    if builder is not None:
                        builder.add(row, cells, kind)
        built = {name: builder.column() for name, builder in builders.items()}
        return cls(np.asarray(product_of_row, np.int32), np.asarray(stock, np.int32), built)

    def save(self, path: Path) -> None:
        """Write all to one .npz file, whole or not at all."""
        arrays: dict[str, NDArray[Any]] = {"product_of_row": self.product_of_row, "stock": self.stock}
        columns = list(self.columns.values())
        for part in ("rows", "low", "high", "factor", "codes"):
            held = [getattr(column, part) for column in columns]
            arrays[f"{part}_ends"] = np.cumsum([-1 if a is None else len(a) for a in held], dtype=np.int64)
            arrays[f"{part}_held"] = np.array([a is not None for a in held])
            kept = [a for a in held if a is not None]
            arrays[part] = np.concatenate(kept) if kept else np.empty(0)
        head = {"format": _FORMAT, "slots": [_slot_json(c.slot) for c in columns], "terms": [c.terms for c in columns],
                "aliases": [dict(c.aliases) for c in columns]}  # fmt: skip
        arrays["head"] = np.frombuffer(json.dumps(head, ensure_ascii=False).encode("utf-8"), np.uint8)
        _write_whole(path, arrays)

    @classmethod
    def load(cls, path: Path) -> Columns:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        head = json.loads(arrays["head"].tobytes().decode("utf-8"))
        parts = {part: _cut(arrays, part) for part in ("rows", "low", "high", "factor", "codes")}
        columns = {}
        joined_of = head.get("aliases") or [{}] * len(head["slots"])  # a file of format 1 joins nothing
        held = zip(head["slots"], head["terms"], joined_of, strict=True)
        for i, (slot, terms, joined) in enumerate(held):
            values: dict[str, Any] = {part: arrays_of[i] for part, arrays_of in parts.items()}
            columns[slot["name"]] = Column(_slot_from(slot), terms=tuple(terms), aliases=joined, **values)
        return cls(arrays["product_of_row"], arrays["stock"], columns)


def _stock(variant: Variant | None) -> int:
    """The units in stock, -1 where the feed does not say how many."""
    if variant is None or (variant.stock is None and not variant.sold_out):
        return -1
    return variant.stock or 0


def row_cells(product: Product, variant: Variant | None) -> Iterator[tuple[str, Sequence[Cell]]]:
    """What one row states, slot by slot: reserved slots, then attributes overlaid by the variant's options.

    A value that was worked out with certainty stands in where the record states none.
    """
    price = variant.price if variant else product.price
    if price:
        yield "price", (_plain(price.amount),)
    if product.rating is not None:
        yield "rating", (_plain(product.rating),)
    for name, text in (
        ("title", product.title),
        ("brand", product.brand),
        ("availability", product.available(variant)),
    ):
        if text:
            yield name, (text,)
    if product.category:
        yield "category", tuple(filter(None, product.category))
    yield "on_sale", (variant is not None and variant.was is not None,)
    options: Mapping[str, tuple[Cell, ...]] = variant.options if variant else {}
    attributes = {**product.certain, **product.attributes} if product.inferred else product.attributes
    for name, cells in attributes.items():
        if cells and name not in options:
            yield name, cells
    for name, cells in options.items():
        if cells:
            yield name, cells


@lru_cache(maxsize=4096)
def _plain(value: float) -> Quantity:
    return Quantity(value, value)


class _Builder:
    """Collects one column's entries."""

    def __init__(self, slot: Slot, joined: Aliases) -> None:
        self.slot = slot
        self.aliases = joined
        self.rows, self.codes = array("i"), array("i")
        self.low, self.high, self.factor = array("d"), array("d"), array("d")
        self.terms: dict[str, int] = {}
        self._counts = slot.kind == "number"
        self._seen: dict[Cell, int | None] = {}
        self._scales: dict[tuple[str | None, str | None, float | None], tuple[float, float, float]] = {}
        self._by_number = any(stats.others for stats in slot.by_kind.values())

    def add(self, row: int, cells: Iterable[Cell], kind: str | None) -> None:
        if self._counts:
            for cell in cells:
                if isinstance(cell, Quantity):
                    self._number(row, cell, kind)
            return
        for cell in cells:
            code = self._code(cell)
            if code is not None:
                self.rows.append(row)
                self.codes.append(code)

    def _code(self, cell: Cell) -> int | None:
        """The code of a word or truth; worked out once for each."""
        try:
            return self._seen[cell]
        except KeyError:
            code = self._seen[cell] = self._new_code(cell)
            return code

    def _new_code(self, cell: Cell) -> int | None:
        if self.slot.kind != "boolean":
            key = term_key(self.slot, cell_text(cell))
            return self.terms.setdefault(self.aliases.get(key, key), len(self.terms))
        truth = cell if isinstance(cell, bool) else parse_boolean(cell_text(cell))
        return None if truth is None else int(truth)

    def _number(self, row: int, cell: Quantity, kind: str | None) -> None:
        key = (cell.unit, kind, cell.low if self._by_number else None)
        if key not in self._scales:
            unit = cell.unit or self.slot.unit_for(kind, cell.low)
            self._scales[key] = (*self._scale(unit), self._scale(self.slot.unit_for(kind))[0])
        times, plus, factor = self._scales[key]
        self.rows.append(row)
        self.low.append(cell.low * times + plus)
        self.high.append(cell.high * times + plus)
        self.factor.append(factor)

    def _scale(self, unit: str | None) -> tuple[float, float]:
        """(factor, offset) from a unit to the slot's; nothing changes where that cannot be told."""
        return (scale(unit, self.slot.unit) if unit and self.slot.unit else None) or (1.0, 0.0)

    def column(self) -> Column:
        rows = np.asarray(self.rows, np.int32)
        if self.slot.kind == "number":
            factor = np.asarray(self.factor)
            low, high = np.asarray(self.low), np.asarray(self.high)
            return Column(self.slot, rows, low, high, factor if (factor != 1).any() else None)
        codes = np.asarray(self.codes, np.int32)
        return Column(self.slot, rows, codes=codes, terms=tuple(self.terms), aliases=self.aliases)


def _slot_json(slot: Slot) -> dict[str, object]:
    """What a filter must know of a slot: the rest is the store's to keep."""
    units = {kind: stats.unit for kind, stats in slot.by_kind.items() if stats.unit != slot.unit}
    return {"name": slot.name, "kind": slot.kind, "many": slot.many, "unit": slot.unit, "units": units,
            "concept": slot.concept, "dates": slot.dates}  # fmt: skip


def _slot_from(stored: Mapping[str, Any]) -> Slot:
    from catalog.types import KindStats

    by_kind = {kind: KindStats(unit, 0.0) for kind, unit in stored["units"].items()}
    plain: dict[str, Any] = {name: stored.get(name) for name in ("name", "kind", "many", "unit", "concept", "dates")}
    return Slot(**plain, by_kind=MappingProxyType(by_kind))


def _cut(arrays: Mapping[str, NDArray[Any]], part: str) -> list[NDArray[Any] | None]:
    """One stored array a part, cut back into one a column."""
    held = arrays[f"{part}_held"]
    lengths = np.diff(arrays[f"{part}_ends"], prepend=0)
    cut: list[NDArray[Any] | None] = []
    start = 0
    for is_held, length in zip(held, lengths, strict=True):
        cut.append(arrays[part][start : start + length] if is_held else None)
        start += int(length) if is_held else 0
    return cut


def _write_whole(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """A reader sees the old file or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
