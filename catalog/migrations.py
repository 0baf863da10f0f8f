"""The tables of shop.db, as numbered steps. `PRAGMA user_version` says how far a file has come. Knows no products."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from errors import NoCatalog


def m001_products(connection: sqlite3.Connection) -> None:
    """Products by position, each with the shop's own record; what the catalogue worked out; keywords."""
    connection.executescript(
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE readings (reading INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE);
        CREATE TABLE products (
            position INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            reading INTEGER NOT NULL REFERENCES readings,
            record TEXT NOT NULL,
            hash TEXT NOT NULL,
            kind TEXT,
            text_hash TEXT NOT NULL
        );
        CREATE TABLE slots (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL);
        CREATE TABLE terms (slot TEXT NOT NULL, place INTEGER NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL,
            kinds TEXT NOT NULL, PRIMARY KEY (slot, place)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE keywords USING fts5 (
            title, brand, category, attributes, description, cjk,
            content = '', tokenize = "porter unicode61 remove_diacritics 2"
        );
        """
    )


def m002_derived(connection: sqlite3.Connection) -> None:
    """What is worked out of a product beside its kind; other spellings of a value."""
    connection.executescript(
        """
        ALTER TABLE products ADD COLUMN derived TEXT;
        UPDATE products SET derived = json_object('category', json_array(kind), 'inferred', json_object()) WHERE kind IS NOT NULL;
        ALTER TABLE products DROP COLUMN kind;
        ALTER TABLE terms ADD COLUMN also TEXT NOT NULL DEFAULT '[]';
        """
    )


def m003_faq(connection: sqlite3.Connection) -> None:
    """The shop's questions and answers: each passage, every text it is found by with its vector, their keywords."""
    connection.executescript(
        """
        CREATE TABLE faq (place INTEGER PRIMARY KEY, document TEXT NOT NULL);
        CREATE TABLE faq_texts (
            place INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES faq, text TEXT NOT NULL, vector BLOB
        );
        CREATE VIRTUAL TABLE faq_words USING fts5 (
            text, cjk, content = '', tokenize = "porter unicode61 remove_diacritics 2"
        );
        """
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (m001_products, m002_derived, m003_faq)
FORMAT = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to the newest format. A file of a newer Aisle is left alone: the caller compares FORMAT first."""
    done = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, step in enumerate(MIGRATIONS[done:], done + 1):
        step(connection)
        connection.execute(f"PRAGMA user_version = {number:d}")


def check_format(path: Path, version: int) -> None:
    """NoCatalog, with what to do about it, when a file is none of ours or of a format that this version cannot read."""
    if version == 0:
        raise NoCatalog(f"{path}: not a catalogue; name another file, or import into a new one")
    if version != FORMAT:
        made, todo = ("a newer", "update Aisle") if version > FORMAT else ("an older", "import the feed again")
        raise NoCatalog(f"{path}: made by {made} Aisle (format {version}, this one reads {FORMAT}); {todo}")
