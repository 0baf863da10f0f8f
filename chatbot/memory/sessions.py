"""Who comes back: sessions opened, found again by the secret they were given, and what is known of their visitor.

Never holds a secret, only its hash. A name is a claim until the shop signed it, and names of different keys are different
people. The shop's word says for good whose conversation it is; that the visitor is that customer it says only until it
ends (`verified_until`). Knows nothing of what is said in a session.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.records import Session
from errors import SessionGone

REMEMBERED_S = 30 * 24 * 3600.0
"""How long after its last use a session can be resumed: 30 days."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conversation of the same person: when it was begun and last used, its last words, how many turns it has."""

    session: str
    created: str
    seen: str
    turns: int
    text: str | None


class Sessions:
    """Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        locale: str,
        user: str | None = None,
        page: str | None = None,
        *,
        item: str | None = None,
        key: str | None = None,
        origin: str | None = None,
    ) -> tuple[Session, str]:
        """Open a session; the second value resumes it, is nowhere kept and cannot be asked for again."""
        moment = now()
        session = Session(secrets.token_urlsafe(16), locale, user, page, moment, item, key, origin, seen=moment)
        resume = secrets.token_urlsafe(32)
        with self._database.write() as sql:
            if user is not None:
                sql.execute("INSERT INTO user VALUES (?, ?) ON CONFLICT DO NOTHING", (user, moment))
            sql.execute(
                "INSERT INTO session (id, token_hash, user, locale, page, version, created, item, shop_key, origin, seen)"
                " VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)",
                (session.id, hashed(resume), user, locale, page, moment, item, key, origin, moment),
            )
        return session, resume

    def resumed(self, resume: str) -> Session | None:
        """Whose secret this is; None when it is nobody's, or was not used for long."""
        with self._database.read() as sql:
            row = sql.execute(
                "SELECT * FROM session WHERE token_hash = ? AND coalesce(seen, created) >= ?",
                (hashed(resume), now(-REMEMBERED_S)),
            ).fetchone()
        return session_of(row) if row else None

    def get(self, id: str) -> Session | None:
        """The session of this id; None when there is none, or no longer."""
        with self._database.read() as sql:
            row = sql.execute("SELECT * FROM session WHERE id = ?", (id,)).fetchone()
        return session_of(row) if row else None

    def seen(self, session: Session) -> None:
        """It is in use: it can be resumed for another while."""
        with self._database.write() as sql:
            sql.execute("UPDATE session SET seen = ? WHERE id = ?", (now(), session.id))

    def look(self, session: Session, item: str | None, page: str | None) -> None:
        """What is open on the shop's page now. StoreError when the session is gone."""
        with self._database.write() as sql:
            _found(sql.execute("UPDATE session SET item = ?, page = ? WHERE id = ?", (item, page, session.id)))

    def identify(self, session: Session, user: str, until: str) -> bool:
        """The shop vouches, until a moment, for who this is; what the same person agreed to earlier holds here, too.

        False, and nothing changed, when the session is another person's already. StoreError when it is gone.
        """
        with self._database.write() as sql:
            row = sql.execute("SELECT user, verified, shop_key FROM session WHERE id = ?", (session.id,)).fetchone()
            if row is None:
                raise SessionGone("this conversation has been deleted")
            if row["verified"] and row["user"] != user:
                return False
            sql.execute("INSERT INTO user VALUES (?, ?) ON CONFLICT DO NOTHING", (user, now()))
            sql.execute(
                "UPDATE session SET user = ?1, verified = 1, verified_until = max(coalesce(verified_until, ?4), ?4),"
                " consent = coalesce(consent,"
                " (SELECT max(consent) FROM session WHERE verified = 1 AND user = ?1 AND shop_key = ?2)) WHERE id = ?3",
                (user, row["shop_key"], session.id, until),
            )
            drop_unused_names(sql, [row["user"]])
        return True

    def agree(self, session: Session, profile: bool) -> str | None:
        """Keep that the shopper agrees (from now) or no longer agrees that a profile is kept; for a person whom the shop
        vouches for in all their sessions, and what is taken back also where it once did. The time of it; None: not agreed."""
        moment = now() if profile else None
        everywhere = session.verified if profile else session.customer is not None
        with self._database.write() as sql:
            done = sql.execute(
                "UPDATE session SET consent = ? WHERE id = ? OR (? AND verified = 1 AND user = ? AND shop_key = ?)",
                (moment, session.id, everywhere, session.user, session.key),
            )
            _found(done)
        return moment

    def earlier(self, session: Session, limit: int = 50) -> tuple[Earlier, ...]:
        """The conversations of the same person, newest first; none unless the shop vouches for them and they agreed."""
        if not (session.verified and session.consent):
            return ()
        with self._database.read() as sql:
            rows = sql.execute(
                "SELECT id, created, coalesce(seen, created) AS used, version,"
                " (SELECT text FROM message WHERE message.session = session.id AND text IS NOT NULL"
                "  ORDER BY number DESC LIMIT 1) AS text"
                " FROM session WHERE verified = 1 AND user = ? AND shop_key = ? AND consent IS NOT NULL"
                " ORDER BY used DESC, id LIMIT ?",
                (session.user, session.key, limit),
            ).fetchall()
        return tuple(Earlier(r["id"], r["created"], r["used"], r["version"], r["text"]) for r in rows)


def drop_unused_names(sql: sqlite3.Connection, names: Iterable[str | None]) -> None:
    """Of these names, one that no session carries any more is a trace of the person as well."""
    sql.executemany(
        "DELETE FROM user WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM session WHERE user = ?1)",
        [(name,) for name in set(names)],
    )


def session_of(row: sqlite3.Row) -> Session:
    return Session(
        row["id"],
        row["locale"],
        row["user"],
        row["page"],
        row["created"],
        row["item"],
        row["shop_key"],
        row["origin"],
        row["verified_until"] is not None and now() < row["verified_until"],
        row["consent"],
        row["seen"],
        row["verified_until"],
    )


def hashed(secret: str) -> bytes:
    """Secrets are 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _found(done: sqlite3.Cursor) -> None:
    if not done.rowcount:
        raise SessionGone("this conversation has been deleted")
