"""Conversations that a person was wished for, in people.db: who took them over, since when, what was handed along.

Every step is one transaction, and leaves a note of the system's that the open pages see. Which steps there are says
chatbot/handoff.py. Knows nothing of how people are told.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from chatbot.handoff import Reason, Stage, Step, after
from chatbot.memory import outbox
from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.notes import write_note
from chatbot.memory.outbox import Letter
from chatbot.memory.records import Document
from errors import SessionGone

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Handoff:
    """`stage`: where it stands, "bot" once it is closed. `acknowledged`: when the shop's system confirmed it."""

    number: int
    session: str
    stage: Stage
    summary: Document
    agent: str | None
    acknowledged: str | None
    created: str
    joined: str | None
    closed: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A handoff as the inbox lists it. `unanswered`: the shopper's words since a person last wrote."""

    handoff: Handoff
    unanswered: int
    latest: str


Write = Callable[[Handoff], Letter | None]
"""What the shop's systems are told of a step, if anything."""


class Handoffs:
    """Safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, session: str) -> Handoff | None:
        """The open one of a conversation; None: the assistant answers and nobody was asked for."""
        with self._database.read() as sql:
            return _open(sql, session)

    def get(self, number: int) -> Handoff | None:
        with self._database.read() as sql:
            return _one(sql, number)

    def ask(self, session: str, summary: Document, write: Write, first_try_s: float) -> tuple[Handoff, Letter | None]:
        """Wish for a person: opens one, or gives the one that is open. The letter only where it was opened now, tried by
        others from `first_try_s` on. StoreError when the conversation is gone."""
        with self._database.write() as sql:
            found = _open(sql, session)
            if found is not None:
                return found, None
            if not sql.execute("SELECT 1 FROM session WHERE id = ?", (session,)).fetchone():
                raise SessionGone("this conversation has been deleted")
            opened = sql.execute(
                "INSERT INTO handoff (session, state, summary, created) VALUES (?, 'waiting', ?, ?)",
                (session, json.dumps(summary, ensure_ascii=False, allow_nan=False), now()),
            )
            fresh = _known(sql, opened.lastrowid or 0)
            write_note(sql, session, "system", "waiting")
            return fresh, _told(sql, write(fresh), first_try_s)

    def heard(self, session: str, key: str, text: str, write: Write) -> bool:
        """Keep the shopper's words for the person who is in, once by their key, and the letter that tells of them; False:
        nobody is in. StoreError when the conversation is gone."""
        if (open_now := self.current(session)) is None or open_now.stage != "human":
            return False  # so it is most often, and a look takes no lock
        with self._database.write() as sql:
            found = _open(sql, session)
            if found is None or found.stage != "human":
                return False
            _, fresh = write_note(sql, session, "shopper", text, key=key)
            if fresh:
                _told(sql, write(found))
            return True

    def take(self, number: int, agent: str) -> Handoff | None:
        """A person takes it over; None: there is nothing to take over. Taking over twice is once."""
        with self._database.write() as sql:
            found = _one(sql, number)
            if found is None or _after(found, "take") is None:
                return None
            if found.agent != agent or found.stage != "human":
                sql.execute(
                    "UPDATE handoff SET state = 'human', agent = ?, joined = coalesce(joined, ?) WHERE number = ?",
                    (agent, now(), number),
                )
                write_note(sql, found.session, "system", "human", name=agent)
            return _known(sql, number)

    def close(self, number: int, reason: Reason, write: Write) -> Handoff | None:
        """It goes back to the assistant; None: there is nothing open."""
        with self._database.write() as sql:
            found = _one(sql, number)
            if found is None or _after(found, "close") is None:
                return None
            sql.execute("UPDATE handoff SET state = 'closed', closed = ? WHERE number = ?", (now(), number))
            write_note(sql, found.session, "system", f"bot {reason}", name=found.agent)
            closed = _known(sql, number)
            _told(sql, write(closed))
            return closed

    def acknowledged(self, number: int) -> None:
        """The shop's system confirmed that it was told; who waits sees that it did."""
        with self._database.write() as sql:
            first = sql.execute(
                "UPDATE handoff SET acknowledged = ? WHERE number = ? AND acknowledged IS NULL", (now(), number)
            )
            found = _one(sql, number)
            if first.rowcount and found is not None and found.stage == "waiting":
                write_note(sql, found.session, "system", "waiting")

    def listed(self) -> tuple[Listed, ...]:
        """Those that are open, longest waiting first, then the latest closed."""
        with self._database.read() as sql:
            rows = sql.execute(
                "SELECT handoff.*, (SELECT count(*) FROM note WHERE note.session = handoff.session"
                " AND sender = 'shopper' AND note.number > coalesce((SELECT max(number) FROM note AS said"
                " WHERE said.session = handoff.session AND said.sender = 'person'), 0)) AS unanswered,"
                " coalesce((SELECT max(created) FROM message WHERE message.session = handoff.session),"
                " handoff.created) AS latest"
                " FROM handoff ORDER BY closed IS NOT NULL, CASE WHEN closed IS NULL THEN number ELSE -number END"
                " LIMIT ?",
                (MOST_LISTED,),
            ).fetchall()
        return tuple(Listed(_handoff(row), row["unanswered"], row["latest"]) for row in rows)


def _open(sql: sqlite3.Connection, session: str) -> Handoff | None:
    row = sql.execute("SELECT * FROM handoff WHERE session = ? AND state != 'closed'", (session,)).fetchone()
    return _handoff(row) if row else None


def _one(sql: sqlite3.Connection, number: int) -> Handoff | None:
    row = sql.execute("SELECT * FROM handoff WHERE number = ?", (number,)).fetchone()
    return _handoff(row) if row else None


def _known(sql: sqlite3.Connection, number: int) -> Handoff:
    return _handoff(sql.execute("SELECT * FROM handoff WHERE number = ?", (number,)).fetchone())


def _after(handoff: Handoff, step: Step) -> Stage | None:
    return after(handoff.stage, step)


def _told(sql: sqlite3.Connection, letter: Letter | None, first_try_s: float = 0.0) -> Letter | None:
    if letter is not None:
        outbox.put(sql, letter, first_try_s)
    return letter


def _handoff(row: sqlite3.Row) -> Handoff:
    stage: Stage = "bot" if row["state"] == "closed" else row["state"]
    summary = json.loads(row["summary"])
    return Handoff(row["number"], row["session"], stage, summary, row["agent"], *(row[name] for name in _TIMES))


_TIMES = ("acknowledged", "created", "joined", "closed")
