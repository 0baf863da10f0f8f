"""One generation of a catalogue taken aside while it is in use: the database, and the files beside it that it names.

A catalogue's files are never changed in place, so a link to each is a copy of it for as long as it lives. Knows nothing
of archives.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from catalog.migrations import check_format
from catalog.readout.told import FILE as TOLD
from errors import NoCatalog

TRIES = 5
"""How often a generation is looked for whose files all stand; an import sweeps those of the one before the last."""


def take_aside(db: Path, folder: Path) -> dict[str, object]:
    """Put the catalogue at `db` into `folder` as shop.db and shop.db.d, openable there; says what it is.

    NoCatalog when there is none, or one of another version of Aisle.
    """
    if not db.is_file():
        raise NoCatalog(f"{db}: no catalogue here; name the one that is served with --db")
    for _ in range(TRIES):
        copy = folder / "shop.db"
        beside = Path(f"{copy}.d")
        beside.mkdir()
        try:
            _take(db, copy)
            told, names = _meta(copy)
            for name in names:
                _take(Path(f"{db}.d") / name, beside / name)
        except FileNotFoundError:  # an import ended meanwhile: its generation is wanted, then
            copy.unlink(missing_ok=True)
            shutil.rmtree(beside)
            continue
        if (Path(f"{db}.d") / TOLD).is_file():
            shutil.copyfile(Path(f"{db}.d") / TOLD, beside / TOLD)  # what a model has read grows in place
        return told
    raise NoCatalog(f"{db}: files that it names are missing; import the feed again")


def check_copy(db: Path) -> None:
    """NoCatalog when what take_aside put there cannot be used."""
    try:
        with closing(_connect(db)) as connection:
            check_format(db, int(connection.execute("PRAGMA user_version").fetchone()[0]))
            found = [row for (row,) in connection.execute("PRAGMA quick_check")]
        _, names = _meta(db)
    except sqlite3.DatabaseError as error:
        raise NoCatalog(f"{db.name}: not a catalogue ({error})") from error
    if found != ["ok"]:
        raise NoCatalog(f"{db.name}: damaged ({found[0]})")
    for name in names:
        if not (Path(f"{db}.d") / name).is_file():
            raise NoCatalog(f"{db.name}: {name} is missing beside it")


def _take(source: Path, target: Path) -> None:
    """A link, or a copy where the folder is on another disk."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def _meta(db: Path) -> tuple[dict[str, object], list[str]]:
    """What a catalogue is called and holds, and the names of the files beside it."""
    with closing(_connect(db)) as connection:
        check_format(db, int(connection.execute("PRAGMA user_version").fetchone()[0]))
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        (products,) = connection.execute("SELECT count(*) FROM products").fetchone()
    told = {"name": meta["name"], "generation": meta["generation"], "products": products}
    return told, [meta[key] for key in ("columns", "vectors") if key in meta]


def _connect(db: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
