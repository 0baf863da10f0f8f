"""The catalogue as everybody reads it: products, filters, facets, keywords, vectors. Read-only.

A database file is never changed in place (ingest.py puts a whole new one where it stood), so one opening sees one
generation for as long as it lives. The only SQL about items, with ingest.py. Knows nothing of dialogue or ranking.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.columns import Column, Columns
from catalog.derive import Derived
from catalog.faq.index import Faq
from catalog.lexicon import Lexicon
from catalog.mapping import Reader
from catalog.migrations import check_format
from catalog.picture_hosts import LOOKED_AT, picture_hosts
from catalog.shop_words import ShopWords
from catalog.skim import titles, variant_places
from catalog.slot_json import slot_from_json
from catalog.texts import match_expression
from catalog.types import Constraint, Order, Product, Slot, Term, Variant
from catalog.where import rows_where
from errors import NoCatalog, UnknownSlot

Mask = NDArray[np.bool_]
WEIGHTS = (4.0, 2.0, 3.0, 1.0, 0.5, 1.0)  # BM25 weights of title, brand, category, attributes, description, cjk
_KEPT_PRODUCTS = 4096
_KEPT_FILTERS = 16  # a byte for each variant each


class Catalog:
    """One generation of a shop's catalogue. Safe to share between threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._file_id = file_id(path)
        self._connection = connection
        self._lock = threading.Lock()
        self._meta: dict[str, str] = dict(self._rows("SELECT key, value FROM meta"))
        self._readings = {n: Reader.from_json(json.loads(d)) for n, d in self._rows("SELECT * FROM readings")}
        self.ids: tuple[str, ...] = tuple(id for (id,) in self._rows("SELECT id FROM products ORDER BY position"))
        self._places = {id: position for position, id in enumerate(self.ids)}
        slots = self._rows("SELECT document FROM slots ORDER BY place")
        self.slots: tuple[Slot, ...] = tuple(slot_from_json(json.loads(document)) for (document,) in slots)
        self._slots = {slot.name: slot for slot in self.slots}
        self._columns, self.vectors = self._load_files()
        self._product = lru_cache(_KEPT_PRODUCTS)(self._read_product)
        self._kept_rows = lru_cache(_KEPT_FILTERS)(self._find_rows)
        self.document_frequency = lru_cache(65536)(self._document_frequency)

    @classmethod
    def open(cls, path: str | Path) -> Catalog:
        """Open the catalogue at `path`. NoCatalog says what to do when there is none or it is not one of ours."""
        path = Path(path)
        if not path.is_file():
            raise NoCatalog(f"{path}: no catalogue here; make one with: aisle import FEED --db {path}")
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            check_format(path, int(connection.execute("PRAGMA user_version").fetchone()[0]))
            return cls(path, connection)
        except sqlite3.DatabaseError as error:
            raise NoCatalog(
                f"{path}: not a catalogue ({error}); make one with: aisle import FEED --db {path}"
            ) from error

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def generation(self) -> str:
        """Names this state of the catalogue; another import gives another."""
        return self._meta["generation"]

    @property
    def imported(self) -> datetime:
        """When this state of the catalogue was made, UTC."""
        return datetime.fromtimestamp(int(self.generation.rpartition("-")[2], 16) / 1e9, UTC)

    def superseded(self) -> bool:
        """Has an import put another file in this one's place? Costs one look at the folder."""
        return file_id(self.path) != self._file_id

    @property
    def currency(self) -> str:
        return self._meta["currency"]

    @property
    def language(self) -> str:
        """What most records are written in: "en" or "zh"."""
        return self._meta["language"]

    @property
    def name(self) -> str:
        return self._meta["name"]

    @property
    def code(self) -> str:
        """Which version of the importer worked out slots and columns."""
        return self._meta["code"]

    @cached_property
    def words(self) -> ShopWords:
        """The shop's own words, as the import that read them last kept them."""
        return ShopWords.from_json(self._meta.get("words", "{}"))

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that shoppers use, with this shop's own."""
        return Lexicon.default().with_words(self.words)

    @cached_property
    def faq(self) -> Faq:
        """The shop's questions and answers; empty where none were imported."""
        return Faq(self._rows, self.embedder_id)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files beside the database that this generation points to."""
        return tuple(self._meta[key] for key in ("columns", "vectors") if key in self._meta)

    def stored(self) -> list[tuple[str, str, str, str, str]]:
        """(id, reading document, record, hash, hash of the embedded text) of every product, by position."""
        return self._rows(
            "SELECT id, document, record, hash, text_hash FROM products JOIN readings USING (reading) ORDER BY position"
        )

    @property
    def embedder_id(self) -> str | None:
        """Which encoder made the vectors; None without vectors."""
        return self._meta.get("embedder")

    def slot(self, name: str) -> Slot:
        if name not in self._slots:
            raise UnknownSlot(f"{self.path}: there is no slot {name!r}; aisle inspect lists them")
        return self._slots[name]

    @cached_property
    def _vocabularies(self) -> Mapping[str, tuple[Term, ...]]:
        found: dict[str, list[Term]] = {}
        for slot, value, count, kinds, also in self._rows(
            "SELECT slot, value, count, kinds, also FROM terms ORDER BY slot, place"
        ):
            kinds_of = MappingProxyType(json.loads(kinds))
            found.setdefault(slot, []).append(Term(value, count, kinds_of, tuple(json.loads(also))))
        return {slot: tuple(terms) for slot, terms in found.items()}

    def vocabulary(self, slot_name: str) -> tuple[Term, ...]:
        """The values of a category or boolean slot, the most frequent first; () for numbers and texts."""
        return self._vocabularies.get(self.slot(slot_name).name, ())

    def position(self, id: str) -> int | None:
        return self._places.get(id)

    def get(self, ids: Iterable[str]) -> tuple[Product, ...]:
        """The products, in the order asked; ids that are not here are left out."""
        return tuple(self._product(self._places[id]) for id in ids if id in self._places)

    @cached_property
    def _variant_places(self) -> Mapping[str, Sequence[int]]:
        return variant_places(self._rows, self._readings)

    def with_variant(self, id: str) -> tuple[Product, ...]:
        """The products that list a variant of this id; several where it is one only among its own product's."""
        return tuple(map(self._product, self._variant_places.get(id, ())))

    def products(self) -> Iterator[Product]:
        """Every product, by position."""
        return map(self._product, range(len(self)))

    def picture_hosts(self, limit: int) -> tuple[str, ...]:
        """The hosts that the pictures' addresses name most, without reading every product."""
        return picture_hosts(map(self._product, range(0, len(self), max(1, len(self) // LOOKED_AT))), limit)

    def titles(self) -> Iterator[str]:
        """Every product's title, by position, without reading the rest of its record."""
        return titles(self._rows, self._readings)

    def _read_product(self, position: int) -> Product:
        ((reading, record, derived),) = self._rows(
            "SELECT reading, record, derived FROM products WHERE position = ?", (position,)
        )
        product = self._readings[reading].product(json.loads(record))
        return Derived.read(derived).applied(product)

    def _load_files(self) -> tuple[Columns, NDArray[np.float16] | None]:
        """Columns, and (n, d) unit vectors by position, None when the catalogue was imported without an encoder. At once,
        not when first needed: the files may be swept away after two more imports."""
        try:
            columns = Columns.load(self._file("columns"))
            given = "vectors" in self._meta
            return columns, np.load(self._file("vectors"), mmap_mode="r", allow_pickle=False) if given else None
        except FileNotFoundError as error:
            todo = f"keep {self.path}.d beside it, or import into a new file"
            raise NoCatalog(f"{self.path}: {error.filename} is missing; {todo}") from error

    def _file(self, key: str) -> Path:
        return Path(f"{self.path}.d") / self._meta[key]

    def match(self, constraints: Iterable[Constraint]) -> Mask:
        """Which products have a variant that meets every constraint; by position. UnknownSlot for a strange slot."""
        rows = self._rows_meeting(constraints)
        mask = np.zeros(len(self), np.bool_)
        mask[self._columns.product_of_row[rows]] = True
        return mask

    def _rows_meeting(self, constraints: Iterable[Constraint]) -> Mask:
        """Which variants meet every constraint, by row; kept, as one filter chooses a variant for each card shown."""
        constraints = tuple(constraints)
        return self._kept_rows(constraints, repr(constraints))

    def _find_rows(self, constraints: tuple[Constraint, ...], written: str) -> Mask:
        """`written` tells constraints apart that are equal in Python: true and 1."""
        found = rows_where(self._columns, constraints)
        found.flags.writeable = False
        return found

    def variant_for(self, position: int, constraints: Iterable[Constraint]) -> Variant | None:
        """The variant that meets the constraints: in stock before not, then the cheapest; None when none does."""
        of_row = self._columns.product_of_row
        ends = np.array([position, position + 1], of_row.dtype)  # another type would copy all rows
        first, last = np.searchsorted(of_row, ends)
        variants = self._product(position).variants
        if len(variants) == 1 and last - first == 1:
            return variants[0]
        meets = self._rows_meeting(constraints)[first:last]
        fitting = [v for v, ok in zip(variants, meets, strict=True) if ok]
        return min(fitting, key=_dearness, default=None)

    def order(self, mask: Mask, order: Order, limit: int) -> list[int]:
        """Positions in the mask, sorted by a slot; those that do not state it come last; ties by position."""
        column = self._columns.columns.get(order.slot)
        if column is None:
            raise UnknownSlot(f"{self.path}: there is no slot {order.slot!r} to sort by")
        keys = self._order_keys(column, order.direction == "asc")
        positions = np.flatnonzero(mask)
        return [int(p) for p in positions[np.argsort(keys[positions], kind="stable")][:limit]]

    def foremost(self, mask: Mask, order: Order) -> list[int]:
        """Positions in the mask that an order puts first, those with the same number together; none where none states it."""
        keys = self._order_keys(self._columns.columns[self.slot(order.slot).name], order.direction == "asc")
        stated = mask & np.isfinite(keys)
        return [int(p) for p in np.flatnonzero(stated & (keys == keys[stated].min()))] if stated.any() else []

    def numbers(self, slot_name: str, mask: Mask) -> NDArray[np.float64]:
        """The number of each product in the mask that states one (of several the least; prices as on the card)."""
        keys = self._order_keys(self._columns.columns[self.slot(slot_name).name], ascending=True)
        return keys[mask & np.isfinite(keys)]

    def _order_keys(self, column: Column, ascending: bool) -> NDArray[np.float64]:
        """For each product the number to sort by, ascending; infinite where it states none.

        The price of a product is that of its variants in stock, as on its card; of all where none is in stock. Words
        sort by the alphabet, which puts dates written as 2024-05-31 in their order.
        """
        keys = np.full(len(self), np.inf)
        low, high = self._columns.ends(column.slot.name)
        low, high = (low, high) if ascending else (-high, -low)
        values = np.where(np.isfinite(low), low, high)
        products = self._columns.product_of_row[column.rows]
        if column.slot.name == "price":
            stocked = self._columns.stock[column.rows] != 0
            np.minimum.at(keys, products[stocked], values[stocked])
            unsold = ~np.isfinite(keys[products])
            products, values = products[unsold], values[unsold]
        np.minimum.at(keys, products, values)
        return keys

    def facets(self, slot_name: str, mask: Mask, limit: int) -> list[tuple[str, int]]:
        """Values of a category slot among the products in the mask, as the shop writes them, most frequent first."""
        column = self._columns.columns.get(self.slot(slot_name).name)
        if column is None or column.codes is None:
            return []
        products = self._columns.product_of_row[column.rows]
        inside = mask[products]
        pairs = np.unique(np.stack([products[inside], column.codes[inside]]), axis=1)
        counts = np.bincount(pairs[1], minlength=max(1, len(column.terms)))
        written = self._written(slot_name)
        best = np.argsort(-counts, kind="stable")[:limit]
        named = ((int(code), int(counts[code])) for code in best if counts[code])
        return [(written.get(code) or self._term(column, code), count) for code, count in named]

    @staticmethod
    def _term(column: Any, code: int) -> str:
        return str(column.terms[code]) if column.terms else ("true" if code else "false")

    @lru_cache(512)  # noqa: B019  (a catalogue lives as long as its process needs it)
    def _written(self, slot_name: str) -> Mapping[int | None, str]:
        """Code of a value -> as the shop writes it most often."""
        column = self._columns.columns[self.slot(slot_name).name]
        return {self._columns.code(column, term.value): term.value for term in reversed(self.vocabulary(slot_name))}

    def span(self, slot_name: str, mask: Mask) -> tuple[float, float] | None:
        """The least and the greatest number of a slot among the products in the mask, in the slot's unit."""
        column = self._columns.columns.get(self.slot(slot_name).name)
        if column is None or column.low is None or column.high is None:
            return None
        inside = mask[self._columns.product_of_row[column.rows]]
        ends = np.concatenate([column.low[inside], column.high[inside]])
        ends = ends[np.isfinite(ends)]
        return (float(ends.min()), float(ends.max())) if len(ends) else None

    def keywords(self, text: str, limit: int, mask: Mask | None = None) -> list[tuple[int, float]]:
        """(position, BM25 score, higher is better) of the products that hold any of the words; any text is safe."""
        expression = match_expression(text)
        if not expression:
            return []
        rows = self._rows(
            "SELECT rowid, bm25(keywords, ?, ?, ?, ?, ?, ?) AS score FROM keywords WHERE keywords MATCH ?"
            " ORDER BY score LIMIT ?",
            (*WEIGHTS, expression, limit if mask is None else len(self)),
        )
        found = ((position - 1, -score) for position, score in rows)
        return [(p, s) for p, s in found if mask is None or mask[p]][:limit]

    def _document_frequency(self, word: str) -> int:
        expression = match_expression(word).replace(" OR ", " AND ")
        if not expression:
            return 0
        return int(self._rows("SELECT count(*) FROM keywords WHERE keywords MATCH ?", (expression,))[0][0])


def file_id(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is put in another's place; None when there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _dearness(variant: Variant) -> tuple[bool, float]:
    return (variant.sold_out, variant.price.amount if variant.price else float("inf"))
