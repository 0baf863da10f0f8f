"""What the shop's people are shown of the conversations in people.db: lists, one in full, and what is asked in vain.

Reads only, and only the last so many days, by indexes that the findings beside the turns have (findings.py). Words of
shoppers are given as they stand: who shows them masks them. Knows no products, but their ids, and no page.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection, Row
from typing import Literal

from chatbot.memory.clock import now
from chatbot.memory.columns import loads
from chatbot.memory.database import Database
from chatbot.memory.records import Document

Show = Literal["", "no_match", "disliked", "degraded", "handoff"]
"""Which conversations: all, or those in which this happened at least once."""

DAY_S = 86_400.0
A_PAGE = 30
MOST_GROUPS = 25
MOST_ITEMS = 5
MOST_TURNS = 500
MOST_NOTES = 1_000

_COUNTED = ("language", "no_match", "unmatched", "absent", "fact", "faq", "rejected", "degraded", "model", "handoff")
_GROUPED = ("no_match", "unmatched", "absent", "faq")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations of the last `days` are listed, newest first. `language`: in which at least one turn was spoken;
    "": any. `before`: the (created, id) of the last one listed; None: from the newest on."""

    days: int = 30
    show: Show = ""
    language: str = ""
    before: tuple[str, str] | None = None


class Insights:
    """Safe to share between threads. Each method sees one state of the file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def conversations(self, wanted: Wanted, limit: int = A_PAGE) -> list[Document]:
        """At most `limit` conversations that had an answer: when, whose, in what words they began, and how often what
        happened in them."""
        created, id = wanted.before or (None, None)
        with self._database.read() as sql:
            rows = sql.execute(
                "SELECT id, user, verified, locale, origin, page, created, version AS turns FROM session AS s"
                " WHERE created >= :since AND version > 0 AND (:id IS NULL OR (created, id) < (:created, :id))"
                " AND (:show = '' OR CASE :show WHEN 'disliked' THEN"
                " EXISTS (SELECT 1 FROM feedback AS f WHERE f.session = s.id AND f.type = 'dislike') ELSE"
                " EXISTS (SELECT 1 FROM finding AS f WHERE f.session = s.id AND f.type = :show) END)"
                " AND (:language = '' OR EXISTS (SELECT 1 FROM finding AS f WHERE f.session = s.id"
                " AND f.type = 'language' AND f.words = :language))"
                " ORDER BY created DESC, id DESC LIMIT :limit",
                {
                    "since": _since(wanted.days),
                    "created": created,
                    "id": id,
                    "show": wanted.show,
                    "language": wanted.language,
                    "limit": limit,
                },
            ).fetchall()
            ids = [row["id"] for row in rows]
            counts, began = _counts(sql, ids), _began(sql, ids)
        return [dict(row) | {"began": began.get(row["id"], ""), "counts": counts.get(row["id"], {})} for row in rows]

    def conversation(self, session: str) -> Document | None:
        """All of one: its turns with the message of each (also one that was never answered), what was done with its
        cards, the words of a person. None: there is none, or it was erased."""
        with self._database.read() as sql:
            opened = sql.execute(
                "SELECT id, user, verified, locale, origin, page, item, created, consent FROM session WHERE id = ?",
                (session,),
            ).fetchone()
            if opened is None:
                return None
            messages = sql.execute(
                "SELECT text, edit, gesture, message.created AS asked, turn.created AS answered, document FROM message"
                " LEFT JOIN turn ON turn.message = message.number WHERE message.session = ?"
                " ORDER BY message.number LIMIT ?",
                (session, MOST_TURNS),
            ).fetchall()
            feedback = sql.execute(
                "SELECT impression, item, type, created FROM feedback WHERE session = ? ORDER BY number LIMIT ?",
                (session, MOST_NOTES),
            ).fetchall()
            notes = sql.execute(
                "SELECT number, sender, name, text, after, created FROM note WHERE session = ? ORDER BY number LIMIT ?",
                (session, MOST_NOTES),
            ).fetchall()
        return dict(opened) | {
            "messages": [_message(row) for row in messages],
            "feedback": [dict(row) for row in feedback],
            "notes": [dict(row) for row in notes],
        }

    def to_mend(self, days: int) -> Document:
        """What was asked in vain in these days, the most asked first: `no_match`, `unmatched`, `absent`, `faq` by words,
        `facts` by what was asked with the items it was asked of, `items` by how often they were turned down."""
        since = _since(days)
        with self._database.read() as sql:
            groups: Document = {type: _groups(sql, type, since) for type in _GROUPED}
            facts = _groups(sql, "fact", since)
            items = _items(sql, [group["words"] for group in facts], since)
            turned_down = _turned_down(sql, since)
        asked = [group | {"items": items[group["words"]]} for group in facts]
        return groups | {"facts": asked, "items": turned_down}

    def days(self, days: int) -> list[Document]:
        """How much there was on each day (UTC), the latest first: conversations opened, turns, how many of them came to
        what, and the tokens that a model counted in them."""
        since = _since(days)
        with self._database.read() as sql:
            found = sql.execute(
                "SELECT substr(created, 1, 10) AS day, type, count(DISTINCT message) AS turns,"
                " sum(CASE type WHEN 'model' THEN CAST(words AS INTEGER) ELSE 0 END) AS tokens FROM finding"
                " WHERE type IN (SELECT value FROM json_each(?)) AND created >= ? GROUP BY day, type",
                (json.dumps(_COUNTED), since),
            ).fetchall()
            opened = sql.execute(
                "SELECT substr(created, 1, 10) AS day, count(*) AS conversations FROM session"
                " WHERE created >= ? AND version > 0 GROUP BY day",
                (since,),
            ).fetchall()
        told: defaultdict[str, Document] = defaultdict(lambda: dict.fromkeys(("conversations", "turns", "tokens"), 0))
        for row in found:
            told[row["day"]]["turns" if row["type"] == "language" else row["type"]] = row["turns"]
            told[row["day"]]["tokens"] += row["tokens"]
        for row in opened:
            told[row["day"]]["conversations"] = row["conversations"]
        return [{"day": day} | counts for day, counts in sorted(told.items(), reverse=True)]


def _since(days: int) -> str:
    return now(-days * DAY_S)


def _counts(sql: Connection, sessions: Sequence[str]) -> dict[str, dict[str, int]]:
    """What happened in these conversations how often, by what the findings call it; dislikes with it."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in sql.execute(
        "SELECT session, CASE type WHEN 'language' THEN words ELSE type END AS what, count(DISTINCT message) AS n"
        " FROM finding WHERE session IN (SELECT value FROM json_each(?1)) GROUP BY session, what"
        " UNION ALL SELECT session, 'disliked', count(*) FROM feedback"
        " WHERE session IN (SELECT value FROM json_each(?1)) AND type = 'dislike' GROUP BY session",
        (json.dumps(sessions),),
    ):
        counts[row["session"]][row["what"]] = row["n"]
    return counts


def _began(sql: Connection, sessions: Sequence[str]) -> dict[str, str]:
    """The first words typed in each of these conversations."""
    found = sql.execute(
        "SELECT session, text, min(number) FROM message WHERE session IN (SELECT value FROM json_each(?))"
        " AND text IS NOT NULL GROUP BY session",
        (json.dumps(sessions),),
    )
    return {row["session"]: row["text"] for row in found}


def _groups(sql: Connection, type: str, since: str) -> list[Document]:
    """The words that most conversations have in common, with the latest of them (SQLite takes it from the row that the
    maximum stands in)."""
    found = sql.execute(
        "SELECT words, count(DISTINCT message) AS turns, count(DISTINCT session) AS conversations,"
        " max(created) AS latest, session FROM finding WHERE type = ? AND created >= ? AND words != ''"
        " GROUP BY words ORDER BY conversations DESC, turns DESC, latest DESC LIMIT ?",
        (type, since, MOST_GROUPS),
    )
    return [dict(row) for row in found]


def _items(sql: Connection, asked: Sequence[str], since: str) -> defaultdict[str, list[Document]]:
    """For each of these questions the items it was asked of most."""
    found = sql.execute(
        "SELECT words, item, count(*) AS times FROM finding WHERE type = 'fact' AND created >= ? AND item != ''"
        " AND words IN (SELECT value FROM json_each(?)) GROUP BY words, item ORDER BY times DESC, item",
        (since, json.dumps(asked)),
    )
    items: defaultdict[str, list[Document]] = defaultdict(list)
    for row in found:
        if len(items[row["words"]]) < MOST_ITEMS:
            items[row["words"]].append({"id": row["item"], "times": row["times"]})
    return items


def _turned_down(sql: Connection, since: str) -> list[Document]:
    """The items that were disliked or rejected most."""
    found = sql.execute(
        "SELECT item AS id, sum(disliked) AS disliked, sum(rejected) AS rejected, max(created) AS latest, session FROM ("
        "SELECT item, 1 AS disliked, 0 AS rejected, created, session FROM feedback"
        " WHERE type = 'dislike' AND created >= ?1 UNION ALL"
        " SELECT item, 0, 1, created, session FROM finding WHERE type = 'rejected' AND created >= ?1)"
        " GROUP BY item ORDER BY count(*) DESC, latest DESC LIMIT ?2",
        (since, MOST_GROUPS),
    )
    return [dict(row) for row in found]


def _message(row: Row) -> Document:
    return {name: row[name] for name in ("text", "asked", "answered")} | {
        "edit": loads(row["edit"]),
        "gesture": loads(row["gesture"]),
        "turn": loads(row["document"]),
    }
