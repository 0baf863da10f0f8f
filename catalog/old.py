"""What stands before an import: which rows, how they were read, their vectors. Of this format or any older one.

Records are left in the file until they are asked for. Knows no feeds and writes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.faq.index import Embedded, read_written
from catalog.faq.passage import Passage
from catalog.mapping import NO_RECORD, Reader
from catalog.migrations import FORMAT, check_format
from catalog.shop_words import ShopWords
from catalog.store import file_id
from catalog.types import Product
from errors import ImportRefused, NoCatalog

_AT_ONCE = 500  # records fetched with one query
_FAQ_SINCE = 3  # the format from which on a file holds questions and answers


@dataclass(slots=True)
class Entry:
    """A product to be kept: its row as stored. `read`: what the row states, where it was read already."""

    id: str
    reading: str
    record: str
    hash: str
    read: Product | None = None

    @property
    def product(self) -> Product:
        """What the row states, without the row; read now if it was not yet."""
        return self.read or reader_of(self.reading).product(json.loads(self.record), NO_RECORD)


@lru_cache(maxsize=64)
def reader_of(document: str) -> Reader:
    """The reader that a reading document describes."""
    return Reader.from_json(json.loads(document))


@dataclass(slots=True)
class Old:
    """The catalogue that an import starts from; empty where there is none.

    All lists are by position. `current`: in today's format, so that its file can be carried on.
    """

    path: Path
    file: tuple[int, int, int] | None = None
    current: bool = False
    meta: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[int, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    read_by: list[int] = field(default_factory=list)
    text_hashes: list[str] = field(default_factory=list)
    derived: list[str | None] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    vectors: NDArray[np.float16] | None = None
    faq: tuple[Passage, ...] = ()
    faq_vectors: Embedded = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def hash_of(self, id: str) -> str | None:
        place = self.places.get(id)
        return None if place is None else self.hashes[place]

    def refuse_superseded(self) -> None:
        """What was compared with must still stand: another import may have ended meanwhile."""
        if file_id(self.path) != self.file:
            raise ImportRefused(
                f"{self.path}: another import ended while this one was reading; nothing was changed, try again"
            )

    @property
    def words(self) -> ShopWords:
        """The shop's own words that were kept."""
        return ShopWords.from_json(self.meta.get("words", "{}"))

    @property
    def files(self) -> set[str]:
        """Names of the files beside the database that it points to."""
        return {self.meta[key] for key in ("columns", "vectors") if key in self.meta}

    @property
    def complete(self) -> bool:
        """Has every product a vector?"""
        return self.vectors is not None and bool(self.vectors.any(axis=1).all())

    def entries(self, places: Iterable[int] | None = None) -> Iterator[Entry]:
        """The rows at these places, in ascending order; all when not said."""
        wanted = range(len(self)) if places is None else sorted(places)
        if not wanted:
            return
        with closing(_connect(self.path)) as connection:
            self.refuse_superseded()
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                rows = connection.execute(
                    "SELECT position, record FROM products WHERE position IN (SELECT value FROM json_each(?))"
                    " ORDER BY position",
                    (json.dumps(list(some)),),
                )
                for place, record in rows:
                    yield Entry(self.ids[place], self.readings[self.read_by[place]], record, self.hashes[place])


def read_old(db: Path, embedder: str | None) -> Old:
    """What stands at `db`. `embedder`: the encoder that the import brings; vectors of another are not taken over.

    NoCatalog when the file there is none of ours or a newer Aisle's.
    """
    file = file_id(db)
    if file is None:
        return Old(db)
    try:
        with closing(_connect(db)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if not 0 < version <= FORMAT:
                check_format(db, version)
            old = _read(connection, db, file, version)
            if version >= _FAQ_SINCE:
                old.faq, old.faq_vectors = read_written(connection)
    except sqlite3.DatabaseError as error:
        raise NoCatalog(f"{db}: not a catalogue ({error}); name another file") from error
    if "vectors" in old.meta and embedder in (None, old.meta["embedder"]):
        old.vectors = np.load(Path(f"{db}.d") / old.meta["vectors"], mmap_mode="r", allow_pickle=False)
    if embedder not in (None, old.meta.get("embedder")):
        old.faq_vectors = {}
    return old


def _read(connection: sqlite3.Connection, db: Path, file: tuple[int, int, int], version: int) -> Old:
    current = version == FORMAT
    old = Old(db, file, current, dict(connection.execute("SELECT key, value FROM meta")))
    old.readings = dict(connection.execute("SELECT reading, document FROM readings"))
    derived = "derived" if current else "NULL"
    query = f"SELECT id, hash, reading, text_hash, {derived} FROM products ORDER BY position"  # noqa: S608
    for id, hash, reading, text_hash, found in connection.execute(query):
        old.places[id] = len(old.ids)
        old.ids.append(id)
        old.hashes.append(hash)
        old.read_by.append(reading)
        old.text_hashes.append(text_hash)
        old.derived.append(found)
    return old


def _connect(db: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
