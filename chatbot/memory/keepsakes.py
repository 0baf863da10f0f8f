"""What a shopper keeps to come back to: a shortlist, links to share, watches for a price or for goods to be back.

Knows nothing of the catalogue: whether an item is there, or a watch has come true, others say.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.memory import outbox
from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.outbox import Letter
from errors import SessionGone

WatchType = Literal["back", "price"]
MOST_KEPT = 100
"""Items on a shortlist, links and watches, each, of one conversation."""


@dataclass(frozen=True, slots=True)
class Watch:
    """`back`: when it can be bought again. `price`: when it costs less than `price`."""

    session: str
    item: str
    type: WatchType
    price: float | None = None


class Keepsakes:
    """Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shortlist(self, session: str) -> tuple[str, ...]:
        """Ids of items, first kept first."""
        with self._database.read() as sql:
            rows = sql.execute("SELECT item FROM shortlist WHERE session = ? ORDER BY created, item", (session,))
            return tuple(str(row["item"]) for row in rows)

    def keep(self, session: str, item: str) -> bool:
        """Put an item on the list; False where the list is full. StoreError when the conversation is gone."""
        with self._database.write() as sql:
            if _full(sql, session, "SELECT count(*) FROM shortlist WHERE session = ? AND item != ?", item):
                return False
            sql.execute("INSERT INTO shortlist VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (session, item, now()))
        return True

    def drop(self, session: str, item: str | None = None) -> None:
        """Take an item off the list, or all of them."""
        with self._database.write() as sql:
            sql.execute("DELETE FROM shortlist WHERE session = ?1 AND (item = ?2 OR ?2 IS NULL)", (session, item))

    def share(self, session: str, items: Sequence[str]) -> str | None:
        """An unguessable id that shows these items to whoever has it; None where there are too many already."""
        id = secrets.token_urlsafe(16)
        with self._database.write() as sql:
            if _full(sql, session, "SELECT count(*) FROM share WHERE session = ? AND id != ?", id):
                return None
            sql.execute("INSERT INTO share VALUES (?, ?, ?, ?)", (id, session, json.dumps(list(items)), now()))
        return id

    def shared(self, id: str) -> tuple[str, ...] | None:
        """The items behind a link; None: there is no such link."""
        with self._database.read() as sql:
            row = sql.execute("SELECT items FROM share WHERE id = ?", (id,)).fetchone()
        return tuple(json.loads(row["items"])) if row else None

    def watch(self, watch: Watch, letter: Letter | None) -> bool:
        """Keep a watch, which replaces one of its type on the item, and tell the shop of it, once where it is the same again;
        False: there are too many."""
        with self._database.write() as sql:
            same = "SELECT 1 FROM watch WHERE session = ? AND item = ? AND type = ? AND price IS ? AND told IS NULL"
            if sql.execute(same, (watch.session, watch.item, watch.type, watch.price)).fetchone():
                return True
            count = "SELECT count(*) FROM watch WHERE session = ? AND told IS NULL AND item != ?"
            if _full(sql, watch.session, count, watch.item):
                return False
            sql.execute(
                "INSERT INTO watch (session, item, type, price, created) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET price = excluded.price, created = excluded.created, told = NULL",
                (watch.session, watch.item, watch.type, watch.price, now()),
            )
            if letter is not None:
                outbox.put(sql, letter)
        return True

    def unwatch(self, session: str, item: str) -> None:
        """An item is not watched any more."""
        with self._database.write() as sql:
            sql.execute("DELETE FROM watch WHERE session = ? AND item = ?", (session, item))

    def watches(self, session: str | None = None) -> tuple[Watch, ...]:
        """Those that have not come true: of one conversation, or of all."""
        with self._database.read() as sql:
            rows = sql.execute(
                "SELECT session, item, type, price FROM watch WHERE told IS NULL AND (session = ?1 OR ?1 IS NULL)"
                " ORDER BY created, item, type",
                (session,),
            ).fetchall()
        return tuple(Watch(*row) for row in rows)

    def came_true(self, watch: Watch, letter: Callable[[], Letter | None]) -> bool:
        """Mark a watch as told, and tell the shop in the same breath; False: somebody has done so already."""
        with self._database.write() as sql:
            marked = sql.execute(
                "UPDATE watch SET told = ? WHERE session = ? AND item = ? AND type = ? AND told IS NULL",
                (now(), watch.session, watch.item, watch.type),
            )
            if not marked.rowcount:
                return False
            written = letter()
            if written is not None:
                outbox.put(sql, written)
        return True


def _full(sql: sqlite3.Connection, session: str, count: str, besides: str) -> bool:
    if not sql.execute("SELECT 1 FROM session WHERE id = ?", (session,)).fetchone():
        raise SessionGone("this conversation has been deleted")
    (kept,) = sql.execute(count, (session, besides)).fetchone()
    return bool(kept >= MOST_KEPT)
