"""people.db copied while servers write to it: the whole file as it was at one moment. Knows nothing of archives."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from chatbot.memory import migrations
from chatbot.memory.database import copy_whole
from errors import StoreError


def copy_people(path: Path, target: Path) -> dict[str, object]:
    """Copy the conversations at `path` to a new private file; says what it holds. The file is not brought up to date, and
    nobody who writes waits. StoreError when there is none, or not one of ours."""
    if not path.is_file():
        raise StoreError(f"There is no file {path}: name the one that `aisle serve` writes with --people.")
    try:
        with closing(_connect(path)) as connection:
            migrations.check_ours(connection)
            copy_whole(connection, target)
        with closing(_connect(target)) as copy:
            (conversations,) = copy.execute("SELECT count(*) FROM session").fetchone()
            return {"version": migrations.version(copy), "conversations": conversations}
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path} cannot be copied: {error}") from error


def check_copy(path: Path) -> None:
    """StoreError when a copy is damaged, or not one that this Aisle can read."""
    try:
        with closing(_connect(path)) as connection:
            migrations.check_ours(connection)
            found = [row for (row,) in connection.execute("PRAGMA integrity_check")]
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path.name}: not a database of conversations ({error})") from error
    if found != ["ok"] or loose:
        raise StoreError(f"{path.name}: damaged ({found[0] if found != ['ok'] else 'rows without their owners'})")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
