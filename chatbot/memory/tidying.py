"""What nobody will ask for again leaves people.db: conversations without a word, those and reports that the shop keeps no
longer, letters that arrived long ago.

A little at a time, so that nobody waits for it. What is not finished stays: a conversation that a person is wished for
in, and one of which the shop's system is still to be told. Knows nothing of who calls it how often.
"""

from __future__ import annotations

import json

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.sessions import drop_unused_names

DAY_S = 24 * 3600.0
UNUSED_DAYS = 1
"""How long a conversation without a word is kept after it was last opened."""

ARRIVED_DAYS = 30
"""How long a letter that the shop's system confirmed is kept."""

STUCK_DAYS = 30
"""A letter that was due so long ago is tried by nobody: the shop has no system any more that would be told."""

AT_ONCE = 200
OLD_AT_ONCE = 20
"""Old conversations are long ones: each takes its turns, cards and findings along."""

_SILENT = (
    "FROM session WHERE created < :before AND version = 0 AND coalesce(seen, created) < :before"
    " AND NOT EXISTS (SELECT 1 FROM message WHERE message.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM note WHERE note.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM handoff WHERE handoff.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM shortlist WHERE shortlist.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM share WHERE share.session = session.id)"
    " AND NOT EXISTS (SELECT 1 FROM watch WHERE watch.session = session.id)"
)
_OLD = (
    "FROM session WHERE created < :before AND coalesce(seen, created) < :before"
    " AND NOT EXISTS (SELECT 1 FROM message WHERE message.session = session.id AND message.created >= :before)"
    " AND NOT EXISTS (SELECT 1 FROM note WHERE note.session = session.id AND note.created >= :before)"
    " AND NOT EXISTS (SELECT 1 FROM handoff WHERE handoff.session = session.id AND state != 'closed')"
    " AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.session = session.id AND next >= :stuck)"
)
_ARRIVED = (
    "SELECT id FROM outbox WHERE acknowledged < ? LIMIT ?",
    "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))",
)
_TOLD = (
    "SELECT number FROM report WHERE created < ? LIMIT ?",
    "DELETE FROM report WHERE number IN (SELECT value FROM json_each(?))",
)
_THESE = " AND id IN (SELECT value FROM json_each(:ids))"


class Tidying:
    """Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwiped = False

    def sweep(self, keep_days: int = 0, limit: int = AT_ONCE) -> int:
        """Delete at most `limit` of each kind; how many went. 0: nothing is left to tidy, and the log holds nothing of what
        went.

        `keep_days`: how long after its last use a conversation is kept, and what the shop's server told; 0: until somebody
        erases it.
        """
        gone = self._erase(_SILENT, UNUSED_DAYS, limit) + self._drop(_ARRIVED, ARRIVED_DAYS, limit)
        old = 0
        if keep_days:
            old = self._erase(_OLD, keep_days, min(limit, OLD_AT_ONCE)) + self._drop(_TOLD, keep_days, limit)
        self._unwiped = self._unwiped or old > 0
        if not (gone or old) and self._unwiped:
            self._database.wipe_log()
            self._unwiped = False
        return gone + old

    def _erase(self, such: str, days: int, limit: int) -> int:
        """Conversations not used for so long, with all that hangs on them, and names that nobody carries any more. All are
        looked through by a reader, for whom nobody waits; those found are asked again when they go."""
        asked = {"before": now(-days * DAY_S), "stuck": now(-STUCK_DAYS * DAY_S), "limit": limit}
        with self._database.read() as sql:
            found = [id for (id,) in sql.execute(f"SELECT id {such} LIMIT :limit", asked)]
        if not found:
            return 0
        these = asked | {"ids": json.dumps(found)}
        with self._database.write() as sql:
            names = [name for (name,) in sql.execute(f"SELECT user {such}{_THESE}", these)]
            gone = sql.execute(f"DELETE {such}{_THESE}", these).rowcount
            drop_unused_names(sql, names)
        return int(gone)

    def _drop(self, such: tuple[str, str], days: int, limit: int) -> int:
        """Rows on which nothing hangs and which nobody changes any more, found by a reader, for whom nobody waits."""
        find, drop = such
        with self._database.read() as sql:
            found = [id for (id,) in sql.execute(find, (now(-days * DAY_S), limit))]
        if not found:
            return 0
        with self._database.write() as sql:
            return int(sql.execute(drop, (json.dumps(found),)).rowcount)
