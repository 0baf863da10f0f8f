"""Whether this Python's SQLite can carry a catalogue. Knows no catalogue."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from errors import CatalogError

OLDEST = (3, 35, 0)
"""The first SQLite with RETURNING and the maths that the catalogue's statements use."""


def sqlite_version() -> str:
    """The version, after trying what a catalogue needs of it. CatalogError says what is missing and what to do."""
    if sqlite3.sqlite_version_info < OLDEST:
        wanted = ".".join(str(part) for part in OLDEST)
        raise CatalogError(
            f"SQLite {sqlite3.sqlite_version} is too old: install a Python with SQLite {wanted} or newer."
        )
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text, tokenize = 'porter unicode61')")
        except sqlite3.OperationalError as error:
            raise CatalogError(
                f"SQLite {sqlite3.sqlite_version} has no keyword search ({error}): install a Python whose SQLite is "
                "built with FTS5, as those of python.org, Debian and conda are."
            ) from error
    return sqlite3.sqlite_version
