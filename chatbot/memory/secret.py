"""Secrets that sign what this shop gives out, made once and kept with its conversations.

Knows nothing of what is signed.
"""

from __future__ import annotations

import secrets

from chatbot.memory.clock import now
from chatbot.memory.database import Database

SIZE = 32  # bytes


class Secrets:
    """Safe to share between threads and processes: whoever comes first makes a secret, and all get that one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> bytes:
        """The secret of this name."""
        with self._database.read() as sql:
            row = sql.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()
        if row is not None:
            return bytes(row["value"])
        with self._database.write() as sql:
            fresh = (name, secrets.token_bytes(SIZE), now())
            sql.execute("INSERT INTO secret VALUES (?, ?, ?) ON CONFLICT DO NOTHING", fresh)
            row = sql.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()
        return bytes(row["value"])
