"""What people wrote in a conversation beside its turns, and every change of who answers it: one growing list.

A note of the system's says a change: "waiting", "human" or "bot REASON". Its number is what a page has seen up to.
Knows nothing of how notes reach a page.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from errors import SessionGone

Sender = Literal["shopper", "person", "system"]
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Note:
    """`key`: the sender's message_id, if any. `name`: the person's, as the shopper sees it. `after`: the turn it stands
    behind; 0: before the first."""

    number: int
    session: str
    key: str | None
    sender: Sender
    name: str | None
    text: str
    after: int
    created: str


class Notes:
    """Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(
        self, session: str, sender: Sender, text: str, name: str | None = None, key: str | None = None
    ) -> tuple[Note, bool]:
        """Keep a note behind the latest turn, and whether it is new: the same key again gives the first one. StoreError
        when the conversation is gone."""
        with self._database.write() as sql:
            return write_note(sql, session, sender, text, name, key)

    def since(self, session: str, number: int = 0) -> tuple[Note, ...]:
        """What came after a number, oldest first; of more than MOST_AT_ONCE the latest."""
        with self._database.read() as sql:
            rows = sql.execute(
                "SELECT * FROM (SELECT * FROM note WHERE session = ? AND number > ? ORDER BY number DESC LIMIT ?)"
                " ORDER BY number",
                (session, number, MOST_AT_ONCE),
            ).fetchall()
        return tuple(_note(row) for row in rows)

    def latest(self) -> int:
        """The number of the latest note of all; 0: there is none."""
        with self._database.read() as sql:
            (number,) = sql.execute("SELECT coalesce(max(number), 0) FROM note").fetchone()
        return int(number)

    def stirred(self, number: int) -> tuple[int, frozenset[str]]:
        """The latest number, and the conversations that something was written in after `number`."""
        with self._database.read() as sql:
            rows = sql.execute("SELECT session, max(number) FROM note WHERE number > ? GROUP BY session", (number,))
            found = {str(session): int(latest) for session, latest in rows}
        return max(found.values(), default=number), frozenset(found)


def write_note(
    sql: sqlite3.Connection, session: str, sender: Sender, text: str, name: str | None = None, key: str | None = None
) -> tuple[Note, bool]:
    """The same within somebody's transaction."""
    opened = sql.execute("SELECT version FROM session WHERE id = ?", (session,)).fetchone()
    if opened is None:
        raise SessionGone("this conversation has been deleted")
    written = sql.execute(
        "INSERT INTO note (session, key, sender, name, text, after, created) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (session, key, sender, name, text, opened["version"], now()),
    )
    if written.rowcount:
        row = sql.execute("SELECT * FROM note WHERE number = ?", (written.lastrowid,)).fetchone()
    else:
        row = sql.execute(
            "SELECT * FROM note WHERE session = ? AND sender = ? AND key = ?", (session, sender, key)
        ).fetchone()
    return _note(row), bool(written.rowcount)


def _note(row: sqlite3.Row) -> Note:
    names = ("number", "session", "key", "sender", "name", "text", "after", "created")
    return Note(*(row[name] for name in names))
