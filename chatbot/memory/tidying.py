"""What nobody will ask for again leaves people.db: conversations without a word, letters that arrived long ago.

A little at a time, so that nobody waits for it. A conversation in which something was said, saved or shared stays. Knows
nothing of who calls it how often.
"""

from __future__ import annotations

import json

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.sessions import drop_unused_names

UNUSED_S = 24 * 3600.0
"""How long a conversation without a word is kept after it was last opened: a day."""

ARRIVED_S = 30 * 24 * 3600.0
"""How long a letter that the shop's system confirmed is kept: 30 days."""

AT_ONCE = 200

_EMPTY = (
    "FROM session WHERE created < ?1 AND version = 0 AND coalesce(seen, created) < ?1"
    " AND NOT EXISTS (SELECT 1 FROM message WHERE message.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM note WHERE note.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM handoff WHERE handoff.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM shortlist WHERE shortlist.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM share WHERE share.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM watch WHERE watch.session = session.id)"
)
_THESE = " AND id IN (SELECT value FROM json_each(?2))"


class Tidying:
    """Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sweep(self, limit: int = AT_ONCE) -> int:
        """Delete at most `limit` of each kind; how many rows went."""
        before = now(-UNUSED_S)
        with self._database.read() as sql:  # all are looked through by a reader, for whom nobody waits
            found = sql.execute(f"SELECT id {_EMPTY} LIMIT ?2", (before, limit))
            empty = json.dumps([id for (id,) in found])
            found = sql.execute("SELECT id FROM outbox WHERE acknowledged < ? LIMIT ?", (now(-ARRIVED_S), limit))
            arrived = json.dumps([id for (id,) in found])
        if empty == arrived == "[]":
            return 0
        with self._database.write() as sql:
            names = [name for (name,) in sql.execute(f"SELECT user {_EMPTY}{_THESE}", (before, empty))]
            gone = sql.execute(f"DELETE {_EMPTY}{_THESE}", (before, empty)).rowcount
            drop_unused_names(sql, names)
            gone += sql.execute("DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))", (arrived,)).rowcount
        return int(gone)
