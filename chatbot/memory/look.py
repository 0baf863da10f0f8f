"""How a people.db stands, without opening it for use: what a doctor asks. Changes nothing, brings nothing up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from chatbot.memory import migrations
from errors import StoreError


def steps_behind(path: Path) -> int:
    """How many steps the file is behind this Aisle; it is brought up to date, and copied before, when it is next opened.
    StoreError when it is no file of ours, or one of a newer Aisle."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            migrations.check_ours(connection)
            return len(migrations.MIGRATIONS) - migrations.version(connection)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be read ({error})") from error
