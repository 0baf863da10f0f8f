"""The database file of the new catalogue: the old one's copy with only what differs written into it, or a new file.

Built beside the old file, which readers hold, and put in its place by one rename. The only writer of shop.db. Knows no
feeds and works nothing out.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.faq.index import Embedded, write_faq
from catalog.faq.passage import Passage
from catalog.migrations import migrate
from catalog.old import Entry, Old
from catalog.slot_json import slot_to_json
from catalog.texts import keyword_fields
from catalog.types import Product, Slot, Term

_CACHE_KB = 65_536
_INDEX = (
    "INSERT INTO keywords (rowid, title, brand, category, attributes, description, cjk) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_FORGET = (
    "INSERT INTO keywords (keywords, rowid, title, brand, category, attributes, description, cjk)"
    " VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Rows:
    """The products that the file is to hold, by position. `stated`: as their records have them."""

    entries: Sequence[Entry]
    stated: Sequence[Product]
    derived: Sequence[str | None]
    text_hashes: Sequence[str]


def write_rows(staging: Path, base: Old | None, rows: Rows, places: Sequence[int]) -> int:
    """Write products and keywords. `base`: what stands before, None to begin anew; `places`: those whose row differs.

    Returns how many rows of products were written.
    """
    staging.unlink(missing_ok=True)
    if base:
        shutil.copyfile(base.path, staging)
    with _opened(staging) as connection:
        _write_keywords(connection, base, rows, places)
        return _write_products(connection, base, rows, places)


def write_schema(
    staging: Path,
    slots: Sequence[Slot],
    terms: Mapping[str, Sequence[Term]],
    meta: Mapping[str, str],
    faq: Sequence[Passage],
    vectors: Embedded,
) -> None:
    """Write what is worked out over the whole catalogue: it is small and written anew each time."""
    with _opened(staging) as connection:
        for table in ("slots", "terms", "meta"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.executemany(
            "INSERT INTO slots VALUES (?, ?, ?)",
            ((n, slot.name, _json(slot_to_json(slot))) for n, slot in enumerate(slots)),
        )
        connection.executemany(
            "INSERT INTO terms VALUES (?, ?, ?, ?, ?, ?)",
            (
                (name, place, term.value, term.count, _json(dict(term.kinds)), _json(term.also))
                for name, found in terms.items()
                for place, term in enumerate(found)
            ),
        )
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        write_faq(connection, faq, vectors)


@contextmanager
def _opened(staging: Path) -> Iterator[sqlite3.Connection]:
    """The file, in today's format. One that is not finished is thrown away, a finished one synced whole by `flip`."""
    with closing(sqlite3.connect(staging, isolation_level=None)) as connection:
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KB}"):
            connection.execute(f"PRAGMA {setting}")
        migrate(connection)
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")


def _write_keywords(connection: sqlite3.Connection, base: Old | None, rows: Rows, places: Sequence[int]) -> None:
    """The keyword index holds no texts: what it forgets must be told to it word for word. Its rows count from 1."""
    left = [*places, *range(len(rows.entries), len(base))] if base else ()
    before = {place: keyword_fields(product) for place, product in _old_products(base, left)}
    now = {place: keyword_fields(rows.stated[place]) for place in places} if base else {}
    same = {place for place in before if before[place] == now.get(place)}
    connection.executemany(_FORGET, ((place + 1, *texts) for place, texts in before.items() if place not in same))
    connection.executemany(
        _INDEX,
        ((place + 1, *(now.get(place) or keyword_fields(rows.stated[place]))) for place in places if place not in same),
    )


def _old_products(base: Old | None, places: Iterable[int]) -> Iterator[tuple[int, Product]]:
    if base:
        known = [place for place in places if place < len(base)]
        yield from ((base.places[entry.id], entry.product) for entry in base.entries(known))


def _write_products(connection: sqlite3.Connection, base: Old | None, rows: Rows, places: Sequence[int]) -> int:
    readings = _write_readings(connection, [rows.entries[place].reading for place in places])
    connection.execute("DELETE FROM products WHERE position >= ?", (len(rows.entries),))
    connection.executemany(
        "REPLACE INTO products (position, id, reading, record, hash, derived, text_hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (place, entry.id, readings[entry.reading], entry.record, entry.hash, *_worked_out(rows, place))
            for place, entry in ((place, rows.entries[place]) for place in places)
        ),
    )
    other = _worked_out_otherwise(base, rows, set(places)) if base else []
    connection.executemany(
        "UPDATE products SET derived = ?, text_hash = ? WHERE position = ?",
        ((*_worked_out(rows, place), place) for place in other),
    )
    return len(places) + len(other)


def _worked_out_otherwise(base: Old, rows: Rows, written: set[int]) -> list[int]:
    """Products whose rows are as before, but not what is worked out of them beside all others."""
    before = zip(range(len(rows.entries)), base.derived, base.text_hashes, strict=False)
    return [place for place, *old in before if place not in written and tuple(old) != _worked_out(rows, place)]


def _worked_out(rows: Rows, place: int) -> tuple[str | None, str]:
    return rows.derived[place], rows.text_hashes[place]


def _write_readings(connection: sqlite3.Connection, documents: Iterable[str]) -> dict[str, int]:
    """Number of each reading; those that are used no more are left for the next new file."""
    known = {document: number for number, document in connection.execute("SELECT reading, document FROM readings")}
    for document in dict.fromkeys(documents):
        if document not in known:
            known[document] = max(known.values(), default=-1) + 1
            connection.execute("INSERT INTO readings VALUES (?, ?)", (known[document], document))
    return known


_json = json.JSONEncoder(ensure_ascii=False).encode


def flip(staging: Path, db: Path) -> None:
    """The one step that makes the new catalogue the catalogue."""
    with staging.open("rb") as file:
        os.fsync(file.fileno())
    staging.replace(db)
    folder = os.open(db.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
