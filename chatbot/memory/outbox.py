"""What the shop's systems are to be told: kept until they have confirmed it, tried again at growing distances.

A letter is committed together with what it tells of. Knows nothing of how letters are sent.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.records import Document

PATIENCE = (5.0, 30.0, 120.0, 600.0, 3_600.0, 18_000.0, 36_000.0, 86_400.0)
"""Seconds before the next try, by how many there were; after the last none follows."""

LEASE_S = 30.0
"""For so long nobody else takes up a letter that somebody is trying to deliver."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` stays the same in every try: a receiver knows a repetition by it. `session`: whose it is; None: the shop's."""

    id: str
    type: str
    body: str
    session: str | None = None
    tries: int = 0


def letter(type: str, data: Document, session: str | None = None) -> Letter:
    """A letter as Standard Webhooks has them: {type, timestamp, data}."""
    body = {"type": type, "timestamp": now(), "data": data}
    return Letter(
        f"msg_{secrets.token_urlsafe(18)}", type, json.dumps(body, ensure_ascii=False, allow_nan=False), session
    )


def put(sql: sqlite3.Connection, letter: Letter, first_try_s: float = 0.0) -> None:
    """Keep a letter within somebody's transaction; tried from `first_try_s` on."""
    sql.execute(
        "INSERT INTO outbox (id, session, type, payload, created, next) VALUES (?, ?, ?, ?, ?, ?)",
        (letter.id, letter.session, letter.type, letter.body, now(), now(first_try_s)),
    )


class Outbox:
    """Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, letter: Letter, first_try_s: float = 0.0) -> None:
        with self._database.write() as sql:
            put(sql, letter, first_try_s)

    def due(self, limit: int = 3) -> tuple[Letter, ...]:
        """Letters whose time has come, oldest first. Whoever takes them up has LEASE_S to deliver them."""
        with self._database.read() as sql:  # most often there is nothing, and a look at it takes no lock
            if sql.execute("SELECT 1 FROM outbox WHERE next <= ? LIMIT 1", (now(),)).fetchone() is None:
                return ()
        with self._database.write() as sql:
            rows = sql.execute(
                "SELECT * FROM outbox WHERE next <= ? ORDER BY next, created LIMIT ?", (now(), limit)
            ).fetchall()
            sql.executemany("UPDATE outbox SET next = ? WHERE id = ?", [(now(LEASE_S), row["id"]) for row in rows])
        return tuple(_letter(row) for row in rows)

    def pending(self, session: str, type: str) -> Letter | None:
        """The latest letter of a type about a conversation that is neither confirmed nor given up."""
        with self._database.read() as sql:
            row = sql.execute(
                "SELECT * FROM outbox WHERE session = ? AND type = ? AND next IS NOT NULL ORDER BY created DESC LIMIT 1",
                (session, type),
            ).fetchone()
        return _letter(row) if row else None

    def in_vain(self) -> int:
        """How many letters were tried at least once and are still tried."""
        with self._database.read() as sql:
            (count,) = sql.execute("SELECT count(*) FROM outbox WHERE next IS NOT NULL AND tries > 0").fetchone()
        return int(count)

    def acknowledged(self, id: str) -> None:
        """It has arrived."""
        with self._database.write() as sql:
            sql.execute("UPDATE outbox SET acknowledged = ?, next = NULL, tries = tries + 1 WHERE id = ?", (now(), id))

    def failed(self, letter: Letter, *, for_good: bool = False) -> None:
        """It has not, and is tried again later, unless it was refused for good or tried often enough."""
        again = None if for_good or letter.tries >= len(PATIENCE) else now(PATIENCE[letter.tries])
        with self._database.write() as sql:
            sql.execute("UPDATE outbox SET next = ?, tries = tries + 1 WHERE id = ?", (again, letter.id))


def _letter(row: sqlite3.Row) -> Letter:
    return Letter(row["id"], row["type"], row["payload"], row["session"], row["tries"])
