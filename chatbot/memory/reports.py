"""What the shop's own server tells of its items: feedback without a session, such as a purchase that only the till knows of.

A customer is named as the shop names them, under the key whose secret was shown: names of different keys are different
people. Knows nothing of who may tell, and not whether there is such an item.
"""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.records import Document, FeedbackType, Session

THEIRS = "FROM report WHERE user = ? OR (user = ? AND shop_key = ?)"


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to an item. `shop_key`: of whose server; `key`: its message_id, the same one again is the same report;
    `user`: of which customer, None where the shop does not say."""

    shop_key: str
    type: FeedbackType
    item: str
    variant: str | None = None
    count: int = 1
    user: str | None = None
    key: str | None = None


class Reports:
    """Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, report: Report) -> tuple[int, bool]:
        """The number of the report, and whether it is new: one whose message_id was kept before stays as it was."""
        with self._database.write() as sql:
            done = sql.execute(
                "INSERT INTO report (shop_key, type, item, variant, count, user, key, created)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (*astuple(report), now()),
            )
            if done.rowcount:
                return int(done.lastrowid or 0), True
            (number,) = sql.execute(
                "SELECT number FROM report WHERE shop_key = ? AND key = ?", (report.shop_key, report.key)
            ).fetchone()
            return int(number), False

    def of(self, *, user: str | None = None, person: Session | None = None) -> list[Document]:
        """What was told of everybody of this name, or of the person in a session while the shop vouches for them; oldest
        first."""
        signed = (person.user, person.key) if person and person.verified else (None, None)
        with self._database.read() as sql:
            rows = sql.execute(
                f"SELECT shop_key, type, item, variant, count, user, key, created {THEIRS} ORDER BY number",
                (user, *signed),
            )
            return [dict(row) for row in rows]


def erase_reports(sql: sqlite3.Connection, user: str | None, person: Session | None) -> None:
    """Delete what was told of everybody of this name, or of the customer whom the shop once vouched for in a session."""
    signed = (person.user, person.key) if person and person.customer is not None else (None, None)
    sql.execute(f"DELETE {THEIRS}", (user, *signed))
