"""What nobody will ask for again leaves people.db, and nothing else does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.memory.clock import now
from chatbot.memory.handoffs import Handoff
from chatbot.memory.keepsakes import Watch
from chatbot.memory.outbox import PATIENCE, Letter, letter
from chatbot.memory.records import Document, Impression, Session
from chatbot.memory.reports import Report
from chatbot.memory.store import People
from chatbot.memory.tidying import OLD_AT_ONCE

DAY_S = 86_400.0
WORDS = "a kettle for my aunt Ottilie"
LINE = {"wish": "w1", "need": 1, "text": "price <= 30", "hard": True, "turn": 1}
TURN: Document = {"turn": 1, "language": "en", "acts": ["no_match"], "text": "None.", "dropped": [], "ledger": [LINE],
                  "suggestions": [], "needs": [{"need": 1, "query": "kettle", "active": True}]}  # fmt: skip
TIMES = (
    ("session", "created"),
    ("session", "seen"),
    ("message", "created"),
    ("note", "created"),
    ("outbox", "acknowledged"),
    ("outbox", "next"),
    ("report", "created"),
)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


@pytest.fixture
def file(people: People, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "people.db", isolation_level=None)) as connection:
        yield connection


def _aged(file: sqlite3.Connection, days: float) -> None:
    """All of the file as it is after so many days in which nothing happened."""
    for table, column in TIMES:
        file.execute(f"UPDATE {table} SET {column} = ? WHERE {column} IS NOT NULL", (now(-days * DAY_S),))


def _rows(file: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, where it has any."""
    tables = [name for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    counted = {name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
    return {name: count for name, count in counted.items() if count and name != "sqlite_sequence"}


def _no_letter(handoff: Handoff) -> None:
    return None


def _lived(people: People, user: str | None = None) -> tuple[Session, str]:
    """A conversation in which all happened that can happen, and nothing of which is open."""
    session, resume = people.start("en", user)
    shown = Impression("i1", 1, 1, "m-1", 0.5, {}, "embedded")
    people.finish(people.receive(session.id, "m1", WORDS), TURN, {"turn": 1, "said": WORDS}, [shown])
    people.feedback(session.id, "i1", "dislike")
    handoff, _ = people.handoffs.ask(session.id, {"message": WORDS}, _no_letter, 0)
    people.notes.write(session.id, "person", f"You want {WORDS}?", "Mira")
    people.handoffs.close(handoff.number, "done", _no_letter)
    people.keepsakes.keep(session.id, "m-1")
    people.keepsakes.share(session.id, ("m-1",))
    people.keepsakes.watch(Watch(session.id, "m-1", "back"), None)
    arrived, given_up = _put(people, session), _put(people, session)
    people.outbox.acknowledged(arrived.id)
    people.outbox.failed(given_up, for_good=True)
    return session, resume


def _put(people: People, session: Session) -> Letter:
    written = letter("handoff.message", {"text": WORDS}, session.id)
    people.outbox.put(written)
    return written


def test_conversations_without_a_word_go_after_a_day(people: People, file: sqlite3.Connection) -> None:
    silent, said, saved = (people.start("en", name)[0] for name in ("ann", "bob", "cy"))
    people.receive(said.id, "m1", "a mouse")
    people.keepsakes.keep(saved.id, "m-1")
    assert people.tidying.sweep() == 0
    _aged(file, 1.1)
    fresh, _ = people.start("en")
    assert people.tidying.sweep() == 1
    assert [people.sessions.get(s.id) is not None for s in (silent, said, saved, fresh)] == [False, True, True, True]
    assert sorted(name for (name,) in file.execute("SELECT id FROM user")) == ["bob", "cy"]
    assert people.tidying.sweep() == 0


def test_a_few_go_at_a_time(people: People, file: sqlite3.Connection) -> None:
    for _ in range(5):
        people.start("en")
    _aged(file, 2)
    assert [people.tidying.sweep(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    for number in range(OLD_AT_ONCE + 3):
        people.receive(people.start("en")[0].id, f"m{number}", WORDS)
    _aged(file, 31)
    assert [people.tidying.sweep(30) for _ in range(3)] == [OLD_AT_ONCE, 3, 0]


def test_letters_that_arrived_go_after_thirty_days(people: People, file: sqlite3.Connection) -> None:
    arrived, waiting = letter("handoff.closed", {}), letter("handoff.closed", {})
    people.outbox.put(arrived)
    people.outbox.put(waiting)
    people.outbox.acknowledged(arrived.id)
    _aged(file, 29)
    assert people.tidying.sweep() == 0
    _aged(file, 31)
    assert people.tidying.sweep() == 1
    assert [kept.id for kept in people.outbox.due()] == [waiting.id]


def test_an_old_conversation_goes_whole_and_another_s_stays(
    people: People, file: sqlite3.Connection, tmp_path: Path
) -> None:
    _, resume = _lived(people, "ann")
    one = _rows(file)
    assert one.keys() == {"user", "session", "message", "turn", "ledger", "impression", "feedback", "finding", "note",
                          "handoff", "shortlist", "share", "watch", "outbox"}  # fmt: skip
    _aged(file, 8)
    fresh, _ = _lived(people, "bob")
    before = people.export(session=fresh.id)
    assert people.tidying.sweep() == 0  # nothing is said of it: kept until somebody erases it
    assert people.tidying.sweep(9) == 0
    assert (people.tidying.sweep(7), people.tidying.sweep(7)) == (1, 0)
    assert _rows(file) == one
    assert people.export(session=fresh.id) == before
    assert [name for (name,) in file.execute("SELECT id FROM user")] == ["bob"]
    assert people.session(resume) is None
    _aged(file, 8)
    assert (people.tidying.sweep(7), people.tidying.sweep(7)) == (1, 0)
    assert _rows(file) == {}
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("people.db*"))
    assert b"Ottilie" not in kept


def test_what_the_shop_told_goes_when_conversations_do(
    people: People, file: sqlite3.Connection, tmp_path: Path
) -> None:
    for number in range(3):
        people.reports.keep(Report("pk_shop", "purchase", "m-1", user="Ottilie", key=f"order {number}"))
    _aged(file, 8)
    people.reports.keep(Report("pk_shop", "purchase", "m-2"))
    assert (people.tidying.sweep(), people.tidying.sweep(9)) == (0, 0)
    assert [people.tidying.sweep(7, limit=2) for _ in range(3)] == [2, 1, 0]
    assert [item for (item,) in file.execute("SELECT item FROM report")] == ["m-2"]
    assert b"Ottilie" not in b"".join(path.read_bytes() for path in tmp_path.glob("people.db*"))


def test_what_is_not_finished_stays(people: People, file: sqlite3.Connection) -> None:
    waiting, human, untold, written, unanswered = (_lived(people)[0] for _ in range(5))
    for session in (waiting, human):
        handoff, _ = people.handoffs.ask(session.id, {}, _no_letter, 0)
        if session == human:
            people.handoffs.take(handoff.number, "Mira")
    pending = _put(people, untold)
    _aged(file, 20)
    people.notes.write(written.id, "person", "It is back in stock.", "Mira")
    people.receive(unanswered.id, "m9", "still there?")
    kept = (waiting, human, untold, written, unanswered)
    assert people.tidying.sweep(7) == 0
    assert [people.sessions.get(session.id) is not None for session in kept] == [True] * 5
    for session in (waiting, human):
        handoff_now = people.handoffs.current(session.id)
        assert handoff_now is not None
        people.handoffs.close(handoff_now.number, "done", _no_letter)
    people.outbox.acknowledged(pending.id)
    _aged(file, 20)
    assert people.tidying.sweep(7) == 5


def test_a_letter_that_nobody_tries_any_more_keeps_nothing(people: People, file: sqlite3.Connection) -> None:
    session, _ = _lived(people)
    unsent = _put(people, session)
    for tries in range(len(PATIENCE)):
        people.outbox.failed(Letter(unsent.id, unsent.type, unsent.body, session.id, tries))
    _aged(file, 29)
    assert people.tidying.sweep(7) == 0
    _aged(file, 31)
    assert people.tidying.sweep(7) == 2  # the letter that arrived, and the conversation
    assert _rows(file) == {}
