"""Conversations kept and found again. The only SQL about people.

A message is committed before it is answered; its turn, the ledger and every card shown are committed together.
Knows nothing of how a turn is made, and never holds a token: only its hash.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from chatbot.gestures import Gesture
from chatbot.memory import findings
from chatbot.memory.clock import now
from chatbot.memory.columns import dumps, loads
from chatbot.memory.database import Database
from chatbot.memory.handoffs import Handoffs
from chatbot.memory.insights import Insights
from chatbot.memory.keepsakes import Keepsakes
from chatbot.memory.notes import Notes
from chatbot.memory.outbox import Outbox
from chatbot.memory.records import (
    Conversation,
    Document,
    Edit,
    FeedbackType,
    Impression,
    Message,
    Received,
    Sent,
    Session,
)
from chatbot.memory.reports import Reports, erase_reports
from chatbot.memory.secret import Secrets
from chatbot.memory.sessions import Sessions, drop_unused_names
from chatbot.memory.spending import DailyTokens
from chatbot.memory.tidying import Tidying
from errors import SessionGone, StoreError, TurnOvertaken

MOST_TURNS = 200
"""The latest turns of a conversation that are read at once: its page is drawn anew after each of them."""


class People:
    """The store over one people.db. Safe to share between threads and, by its lock file, between processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.secrets = Secrets(database)
        self.sessions = Sessions(database)
        self.insights = Insights(database)
        self.handoffs = Handoffs(database)
        self.notes = Notes(database)
        self.keepsakes = Keepsakes(database)
        self.outbox = Outbox(database)
        self.reports = Reports(database)
        self.tidying = Tidying(database)
        self._purses: list[DailyTokens] = []

    @classmethod
    def open(cls, path: str | Path) -> People:
        """Opens or creates the file. StoreError when it is not ours or cannot be written."""
        return cls(Database(path))

    def purse(self, a_day: int) -> DailyTokens:
        """What counts a model's tokens by the day, of which there are so many."""
        self._purses.append(DailyTokens(self._database, a_day))
        return self._purses[-1]

    def close(self) -> None:
        for purse in self._purses:
            purse.close()
        self._database.close()

    def __enter__(self) -> People:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def start(self, locale: str, user: str | None = None, page: str | None = None) -> tuple[Session, str]:
        """Open a session; the second value resumes it, is nowhere kept and cannot be asked for again."""
        return self.sessions.start(locale, user, page)

    def session(self, resume: str) -> Session | None:
        """Whose secret this is."""
        return self.sessions.resumed(resume)

    def receive(self, session: str, key: str, what: Sent) -> Received:
        """Keep a message, on the disk when this returns. The same key again gives the first message and its turn.

        StoreError when the session is gone.
        """
        with self._database.write() as sql:
            opened = sql.execute("SELECT state, version FROM session WHERE id = ?", (session,)).fetchone()
            if opened is None:
                raise SessionGone("this conversation has been deleted")
            sql.execute(
                "INSERT INTO message (session, key, text, edit, gesture, created) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (session, key, *_written(what), now()),
            )
            row = sql.execute(
                "SELECT message.*, document FROM message LEFT JOIN turn ON turn.message = message.number"
                " WHERE message.session = ? AND key = ?",
                (session, key),
            ).fetchone()
        state, turn = loads(opened["state"]), loads(row["document"])
        return Received(_message(row), state, opened["version"], turn)

    def answered(self, session: str, key: str) -> Document | None:
        """The turn that a message of this key got, if it was answered."""
        with self._database.read() as sql:
            row = sql.execute(
                "SELECT document FROM turn JOIN message ON turn.message = message.number"
                " WHERE message.session = ? AND key = ?",
                (session, key),
            ).fetchone()
        return json.loads(row["document"]) if row else None

    def finish(
        self, received: Received, turn: Document, state: Document, impressions: Iterable[Impression] = ()
    ) -> None:
        """Keep what a message came to. TurnOvertaken when another turn of the session finished in between, SessionGone when
        the session was erased."""
        message = received.message
        with self._database.write() as sql:
            moved = sql.execute(
                "UPDATE session SET state = ?, version = version + 1, seen = ? WHERE id = ? AND version = ?",
                (dumps(state), now(), message.session, received.version),
            )
            if not moved.rowcount:
                if not sql.execute("SELECT 1 FROM session WHERE id = ?", (message.session,)).fetchone():
                    raise SessionGone("this conversation has been deleted")
                raise TurnOvertaken("another message of this conversation was answered first; send this one again")
            answered = now()
            sql.execute(
                "INSERT INTO turn VALUES (?, ?, ?, ?, ?)",
                (message.number, message.session, received.version + 1, dumps(turn), answered),
            )
            findings.keep(sql, message.number, message.session, turn, answered)
            _write_ledger(sql, message.session, turn)
            sql.executemany(
                "INSERT INTO impression VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_impression_row(message, i) for i in impressions],
            )

    def state(self, session: str) -> Document | None:
        """The dialogue's state after its latest turn; None: there was none yet. StoreError when the session is gone."""
        with self._database.read() as sql:
            opened = sql.execute("SELECT state FROM session WHERE id = ?", (session,)).fetchone()
        if opened is None:
            raise SessionGone("this conversation has been deleted")
        state: Document | None = loads(opened["state"])
        return state

    def conversation(self, session: Session) -> Conversation:
        """The latest MOST_TURNS turns, oldest first, and what their cards came to. StoreError when the session is gone."""
        with self._database.read() as sql:
            opened = sql.execute("SELECT state FROM session WHERE id = ?", (session.id,)).fetchone()
            turns = sql.execute(
                "SELECT message, document FROM turn WHERE session = ? ORDER BY number DESC LIMIT ?",
                (session.id, MOST_TURNS),
            ).fetchall()[::-1]
            last = sql.execute(
                "SELECT message.*, document FROM message LEFT JOIN turn ON turn.message = message.number"
                " WHERE message.session = ? ORDER BY message.number DESC LIMIT 1",
                (session.id,),
            ).fetchone()
            judged = sql.execute(
                "SELECT impression, type FROM feedback JOIN impression"
                " ON impression.session = feedback.session AND impression.id = feedback.impression"
                " WHERE feedback.session = ? AND type IN ('like', 'dislike') AND message >= ? ORDER BY number",
                (session.id, turns[0]["message"] if turns else 0),
            ).fetchall()
        if opened is None:
            raise SessionGone("this conversation has been deleted")
        pending = _message(last) if last and last["document"] is None else None
        return Conversation(
            session,
            tuple(json.loads(turn["document"]) for turn in turns),
            loads(opened["state"]),
            pending,
            {row["impression"]: row["type"] for row in judged},
        )

    def shown(self, session: str, *, impression: str | None = None, item: str | None = None) -> str | None:
        """The impression in this session by its id, or the latest one of an item; None: it was never shown."""
        with self._database.read() as sql:
            row = sql.execute(
                "SELECT id FROM impression WHERE session = ?1 AND (id = ?2 OR (?2 IS NULL AND item = ?3))"
                " ORDER BY message DESC, rank LIMIT 1",
                (session, impression, item),
            ).fetchone()
        return str(row["id"]) if row else None

    def card(self, session: str, impression: str) -> Document:
        """A card as it was shown. StoreError for one never shown."""
        with self._database.read() as sql:
            row = sql.execute(
                "SELECT document FROM impression JOIN turn ON turn.message = impression.message"
                " WHERE impression.session = ? AND id = ?",
                (session, impression),
            ).fetchone()
        cards = json.loads(row["document"])["suggestions"] if row else ()
        for card in cards:
            if card["impression"] == impression:
                return dict(card)
        raise StoreError("this conversation never showed such a card")

    def feedback(self, session: str, impression: str, type: FeedbackType) -> int:
        """Keep what the shopper did with a card; the number of the event. StoreError for a card never shown."""
        with self._database.write() as sql:
            done = sql.execute(
                "INSERT INTO feedback (session, impression, item, type, created)"
                " SELECT session, id, item, ?, ? FROM impression WHERE session = ? AND id = ?",
                (type, now(), session, impression),
            )
            if not done.rowcount:
                raise StoreError("feedback names a card that this conversation never showed")
            return int(done.lastrowid or 0)

    def export(
        self, *, session: str | None = None, user: str | None = None, person: Session | None = None
    ) -> list[Document]:
        """Everything kept of one session, of every session a user's name was given for, or of the person in a session
        (theirs under its key, while the shop vouches for them): plain rows, oldest first."""
        with self._database.read() as sql:
            rows = sql.execute(
                "SELECT id, user, locale, page, created, item, shop_key, origin, verified, verified_until, consent, seen"
                " FROM session WHERE id = ? OR user = ? OR (verified = 1 AND user = ? AND shop_key = ?)"
                " ORDER BY created, id",
                _chosen(session, user, person, person is not None and person.verified),
            ).fetchall()
            return [dict(row) | {table: _rows(sql, table, row["id"]) for table in _EXPORTED} for row in rows]

    def erase(self, *, session: str | None = None, user: str | None = None, person: Session | None = None) -> int:
        """Delete what `export` and `reports.of` give, beyond recovery from the files; of a person also where the shop's word
        for them is over: who was told that their data is deleted has none left. How many sessions went."""
        where = "FROM session WHERE id = ? OR user = ? OR (verified = 1 AND user = ? AND shop_key = ?)"
        chosen = _chosen(session, user, person, person is not None and person.customer is not None)
        with self._database.write() as sql:
            names = sql.execute(f"SELECT user {where}", chosen).fetchall()
            gone = sql.execute(f"DELETE {where}", chosen).rowcount
            drop_unused_names(sql, [user, *(name for (name,) in names)])
            erase_reports(sql, user, person)
        self._database.wipe_log()
        return int(gone)


def _chosen(session: str | None, user: str | None, person: Session | None, everywhere: bool) -> tuple[str | None, ...]:
    """Of a person all that is theirs (`everywhere`), or only the session that they are in."""
    signed = (person.user, person.key) if person and everywhere else (None, None)
    return (person.id if person else session, user, *signed)


_EXPORTED = {
    "message": "SELECT key, text, edit, gesture, created FROM message WHERE session = ? ORDER BY number",
    "turn": "SELECT number, document, created FROM turn WHERE session = ? ORDER BY number",
    "ledger": "SELECT * FROM ledger WHERE session = ? ORDER BY turn, wish",
    "impression": "SELECT * FROM impression WHERE session = ? ORDER BY message, rank",
    "feedback": "SELECT impression, item, type, created FROM feedback WHERE session = ? ORDER BY number",
    "note": "SELECT * FROM note WHERE session = ? ORDER BY number",
    "handoff": "SELECT * FROM handoff WHERE session = ? ORDER BY number",
    "shortlist": "SELECT * FROM shortlist WHERE session = ? ORDER BY created, item",
    "share": "SELECT * FROM share WHERE session = ? ORDER BY created, id",
    "watch": "SELECT * FROM watch WHERE session = ? ORDER BY created, item, type",
    "finding": "SELECT type, words, item, created FROM finding WHERE session = ? ORDER BY message, type, words, item",
    "outbox": "SELECT type, payload, created, acknowledged FROM outbox WHERE session = ? ORDER BY created, id",
}
_JSON_COLUMNS = ("document", "edit", "gesture", "stages", "summary", "items", "payload")


def _rows(sql: sqlite3.Connection, table: str, session: str) -> list[Document]:
    found = [dict(row) for row in sql.execute(_EXPORTED[table], (session,))]
    kept = [{k: v for k, v in row.items() if k not in ("session", "message")} for row in found]
    return [{k: loads(v) if k in _JSON_COLUMNS else v for k, v in row.items()} for row in kept]


def _write_ledger(sql: sqlite3.Connection, session: str, turn: Document) -> None:
    """The lines that stand are (again) standing; the lines that fell say by whom."""
    sql.executemany(
        "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)"
        " ON CONFLICT DO UPDATE SET hard = excluded.hard, dropped_by = NULL, dropped_turn = NULL",
        [(session, w["wish"], w["need"], w["text"], int(w["hard"]), w["turn"]) for w in turn["ledger"]],
    )
    sql.executemany(
        "UPDATE ledger SET dropped_by = ?, dropped_turn = ? WHERE session = ? AND wish = ?",
        [(d["by"], d["turn"], session, d["wish"]) for d in turn["dropped"]],
    )


def _impression_row(message: Message, shown: Impression) -> tuple[object, ...]:
    stages = json.dumps({name: dict(values) for name, values in shown.stages.items()})
    place = (message.session, shown.id, message.number, shown.need, shown.rank)
    return (*place, shown.item, shown.score, stages, shown.ranked_by)


def _message(row: sqlite3.Row) -> Message:
    edit, tap = loads(row["edit"]), loads(row["gesture"])
    what: Sent = str(row["text"])
    if edit:
        what = Edit(tuple(edit["remove"]), tuple(edit["add"]))
    elif tap:
        what = Gesture(tap["type"], tuple(tap["items"]), tap["wish"])
    return Message(row["number"], row["session"], row["key"], what)


def _written(what: Sent) -> tuple[str | None, str | None, str | None]:
    """A message as text, edit and gesture; a tap is a message with no words."""
    if isinstance(what, str):
        return what, None, None
    return (None, dumps(asdict(what)), None) if isinstance(what, Edit) else ("", None, dumps(asdict(what)))
