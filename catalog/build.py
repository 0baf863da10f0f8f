"""Entries -> a whole new catalogue beside the old one, then the one rename that flips it. The only writer of shop.db.

Works out kinds, slots, columns, vectors and keywords. Knows no feeds.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.columns import Columns
from catalog.derive import Derived, derive
from catalog.intake import Entry, ImportOptions, Progress, digest, mostly_chinese, reader_of
from catalog.lexicon import FOLDER, Lexicon
from catalog.migrations import migrate
from catalog.schema import infer_slots, vocabulary
from catalog.shop_words import ShopWords
from catalog.slot_json import slot_to_json
from catalog.store import Catalog
from catalog.texts import embedding_text, keyword_fields
from catalog.types import Product, Slot, Term

_CODE = "1"  # raise when what is worked out from unchanged records changes
_BATCH = 256


class Embed(Protocol):
    """Turns texts into unit vectors. `id` names the encoder: vectors of another are made anew."""

    @property
    def id(self) -> str: ...

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(slots=True)
class Old:
    """What stood before: entries by id, and the vectors by hash of their text.

    `embedder`: whose vectors they are; `complete`: every product has one.
    """

    catalog: Catalog | None
    entries: dict[str, tuple[str, str, str]]  # id -> (reading document, record, hash)
    vectors: dict[str, NDArray[np.float16]]
    embedder: str | None = None
    complete: bool = False


@cache
def code() -> str:
    """What slots and kinds are worked out by: this importer and its word lists. Another one works them out anew."""
    lists = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.toml")))
    return f"{_CODE}-{hashlib.sha256(lists).hexdigest()[:12]}"


def read_old(db: Path, embed: Embed | None) -> Old:
    if not db.exists():
        return Old(None, {}, {})
    catalog = Catalog.open(db)
    rows = catalog.stored()
    entries = {id: (reading, record, hash) for id, reading, record, hash, _ in rows}
    kept = embed is None or catalog.embedder_id == embed.id
    if catalog.vectors is None or not kept:
        return Old(catalog, entries, {})
    made = np.asarray(catalog.vectors.any(axis=1))
    vectors = {text_hash: catalog.vectors[n] for n, (*_, text_hash) in enumerate(rows) if made[n]}
    return Old(catalog, entries, vectors, catalog.embedder_id, bool(made.all()))


def words_of(options: ImportOptions, old: Old) -> ShopWords:
    """The shop's own words that hold after an import."""
    if options.words is not None:
        return options.words
    return old.catalog.words if old.catalog else ShopWords()


def build(
    db: Path, kept: Sequence[Entry], old: Old, options: ImportOptions, embed: Embed | None, progress: Progress
) -> int:
    """Write the new catalogue beside the old one and put it in its place. Returns how many texts were embedded."""
    progress("working out slots", 0, 0)
    stated = [entry.product for entry in kept]
    words = words_of(options, old)
    derived = derive(stated, words)
    products = [found.applied(product) for found, product in zip(derived, stated, strict=True)]
    stating = any(product.category for product in stated)
    inferred = ("category",) if not stating and any(found.kind for found in derived) else ()
    slots = infer_slots(products, _labels(kept), inferred, Lexicon.default().with_words(words))
    folder = Path(f"{db}.d")
    meta = _meta(db, products, kept, options)
    if words:
        meta["words"] = words.to_json()
    meta["columns"] = _store_columns(folder, products, slots)
    # What is searched is what the shop wrote: an inferred kind filters, but in the index it lifts its own mistakes, and
    # in the encoder's text it would embed everything anew whenever the word lists grow (bench/LOG.md).
    texts = [embedding_text(product) for product in stated]
    embedded = 0
    embedder = embed.id if embed else old.embedder if old.vectors else None
    if embedder:
        vectors, embedded = _vectors(texts, old, embed, progress)
        meta |= {"vectors": _store_vectors(folder, vectors, embedder), "embedder": embedder}
    staging = folder / f"staging-{os.getpid()}.db"
    with closing(sqlite3.connect(staging)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")  # synced once, whole, below
        migrate(connection)
        _fill(connection, kept, derived, texts)
        _index(connection, stated, progress)
        _fill_schema(connection, slots, vocabulary(products, slots))
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    _flip(staging, db)
    _sweep(folder, {meta["columns"], meta.get("vectors"), *_files_of(old)})
    return embedded


def _labels(kept: Sequence[Entry]) -> dict[str, str]:
    """Our field -> the feed's header, where they differ."""
    labels: dict[str, str] = {}
    for document in dict.fromkeys(entry.reading for entry in kept):
        reader = reader_of(document)
        labels |= {field: column for field, column in reader.mapping.columns.items() if field != column}
        if reader.nested_category:
            labels["category"] = reader.nested_category
    return labels


def _meta(db: Path, products: Sequence[Product], kept: Sequence[Entry], options: ImportOptions) -> dict[str, str]:
    currencies = Counter(p.price.currency for p in products if p.price)
    titles = [product.title for product in products]
    content = digest("".join(entry.hash for entry in kept))
    return {
        "code": code(),
        "name": db.stem,
        "generation": f"{content[:16]}-{time.time_ns():x}",
        "currency": options.currency or (currencies.most_common(1)[0][0] if currencies else "USD"),
        "language": options.language or ("zh" if mostly_chinese(titles) else "en"),
    }


def _store_columns(folder: Path, products: Sequence[Product], slots: Sequence[Slot]) -> str:
    staged = folder / f"staging-{os.getpid()}.npz"
    Columns.build(products, slots).save(staged)
    name = f"columns-{hashlib.sha256(staged.read_bytes()).hexdigest()[:16]}.npz"
    staged.replace(folder / name)
    return name


def _vectors(
    texts: Sequence[str], old: Old, embed: Embed | None, progress: Progress
) -> tuple[NDArray[np.float16], int]:
    """(vectors by position, how many were made now): only texts never embedded before are encoded.

    Without an encoder a new text gets a vector of zeros, which is like nothing, until an import with one fills it in.
    """
    hashes = [digest(text) for text in texts]
    known = dict(old.vectors)
    wanted = {h: t for h, t in zip(hashes, texts, strict=True) if h not in known} if embed else {}
    todo = sorted(wanted.items(), key=lambda pair: len(pair[1]))
    for start in range(0, len(todo), _BATCH):
        assert embed is not None
        batch = todo[start : start + _BATCH]
        made = embed([text for _, text in batch]).astype(np.float16)
        known |= {h: vector for (h, _), vector in zip(batch, made, strict=True)}
        progress("embedding", min(start + _BATCH, len(todo)), len(todo))
    nothing = np.zeros_like(next(iter(known.values()), np.zeros(0, np.float16)))
    vectors = np.stack([known.get(h, nothing) for h in hashes]) if hashes else np.zeros((0, 0), np.float16)
    return vectors, len(todo)


def _store_vectors(folder: Path, vectors: NDArray[np.float16], embedder: str) -> str:
    """The name of the file, by its content."""
    name = f"vectors-{hashlib.sha256(vectors.tobytes() + embedder.encode()).hexdigest()[:16]}.npy"
    staged = folder / f"staging-{os.getpid()}.npy"
    with staged.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(folder / name)
    return name


def _fill(
    connection: sqlite3.Connection, kept: Sequence[Entry], derived: Sequence[Derived], texts: Sequence[str]
) -> None:
    readings = {document: n for n, document in enumerate(dict.fromkeys(entry.reading for entry in kept))}
    connection.executemany("INSERT INTO readings VALUES (?, ?)", ((n, d) for d, n in readings.items()))
    connection.executemany(
        "INSERT INTO products (position, id, reading, record, hash, derived, text_hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (place, e.id, readings[e.reading], e.record, e.hash, found.write(), digest(text))
            for place, (e, found, text) in enumerate(zip(kept, derived, texts, strict=True))
        ),
    )


def _index(connection: sqlite3.Connection, stated: Sequence[Product], progress: Progress) -> None:
    """The keyword index; its rows count from 1."""

    def documents() -> Iterator[tuple[object, ...]]:
        for place, product in enumerate(stated):
            if not place % 2000:
                progress("indexing", place, len(stated))
            yield (place + 1, *keyword_fields(product))

    connection.executemany(
        "INSERT INTO keywords (rowid, title, brand, category, attributes, description, cjk) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        documents(),
    )


def _fill_schema(connection: sqlite3.Connection, slots: Sequence[Slot], terms: Mapping[str, Sequence[Term]]) -> None:
    connection.executemany(
        "INSERT INTO slots VALUES (?, ?, ?)",
        ((n, slot.name, _write(slot_to_json(slot))) for n, slot in enumerate(slots)),
    )
    connection.executemany(
        "INSERT INTO terms VALUES (?, ?, ?, ?, ?, ?)",
        (
            (name, place, term.value, term.count, _write(dict(term.kinds)), _write(term.also))
            for name, found in terms.items()
            for place, term in enumerate(found)
        ),
    )


_write = json.JSONEncoder(ensure_ascii=False).encode


def _flip(staging: Path, db: Path) -> None:
    """The one step that makes the new catalogue the catalogue."""
    with staging.open("rb") as file:
        os.fsync(file.fileno())
    staging.replace(db)
    folder = os.open(db.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _files_of(old: Old) -> set[str | None]:
    return set(old.catalog.files) if old.catalog else set()


def _sweep(folder: Path, wanted: set[str | None]) -> None:
    """Remove files that neither the new catalogue nor the one before it points to (a reader may hold that one)."""
    for pattern in ("columns-*.npz", "vectors-*.npy"):
        for path in folder.glob(pattern):
            if path.name not in wanted:
                path.unlink(missing_ok=True)
