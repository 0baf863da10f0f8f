"""A file of conversations that an earlier Aisle wrote is opened, copied and brought up to date."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.memory.clock import now
from chatbot.memory.database import Database
from chatbot.memory.migrations import APPLICATION_ID, M001_CONVERSATIONS, M002_SHOP_WINDOW, MIGRATIONS
from chatbot.memory.records import Session
from chatbot.memory.store import People
from errors import StoreError

TOKEN = "a-token-of-the-first-version"
SHE = Session("s1", "en", "ann", "/mice", "2026-10-01T08:00:00.000+00:00")
TURN = {"turn": 1, "language": "en", "acts": ["no_match"], "text": "None.", "dropped": [], "suggestions": [],
        "needs": [{"need": 1, "query": "mouse", "active": True}],
        "ledger": [{"wish": "w1", "need": 1, "text": "price <= 3", "slot": "price", "hard": True, "turn": 1}]}  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of version 1 with a conversation in it, as Aisle 0.4 left it after it ended."""
    path = tmp_path / "people.db"
    when = SHE.created
    with closing(sqlite3.connect(path)) as sql, sql:
        for statement in M001_CONVERSATIONS:
            sql.execute(statement)
        sql.execute("PRAGMA user_version = 1")
        sql.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        sql.execute("INSERT INTO user VALUES ('ann', ?)", (when,))
        state = json.dumps({"turn": 1})
        secret = hashlib.sha256(TOKEN.encode()).digest()
        sql.execute("INSERT INTO session VALUES ('s1', ?, 'ann', 'en', '/mice', ?, 1, ?)", (secret, state, when))
        sql.execute("INSERT INTO message VALUES (1, 's1', 'm1', 'a mouse for 3', NULL, ?)", (when,))
        sql.execute("INSERT INTO message VALUES (2, 's1', 'm2', 'still there?', NULL, ?)", (when,))
        sql.execute("INSERT INTO turn VALUES (1, 's1', 1, ?, ?)", (json.dumps(TURN), when))
        sql.execute("INSERT INTO ledger VALUES ('s1', 'w1', 1, 'price <= 3', 1, 1, NULL, NULL)")
        sql.execute("INSERT INTO impression VALUES ('s1', 'i1', 1, 1, 1, 'm9', 0.5, '{}', 'embedded')")
        sql.execute("INSERT INTO feedback VALUES (1, 's1', 'i1', 'm9', 'dislike', ?)", (when,))
    return path


def test_every_conversation_is_kept_and_goes_on(old: Path) -> None:
    with People.open(old) as people:
        kept = people.conversation(SHE)
        assert (kept.turns, kept.state, kept.judged) == ((TURN,), {"turn": 1}, {"i1": "dislike"})
        assert kept.pending
        assert kept.pending.what == "still there?"
        again = people.receive("s1", "m2", "still there?")
        people.finish(again, TURN | {"turn": 2}, {"turn": 2})
        assert [turn["turn"] for turn in people.conversation(SHE).turns] == [1, 2]
        (export,) = people.export(user="ann")
        assert [len(export[table]) for table in ("message", "turn", "ledger", "impression", "feedback")] == [
            2,
            2,
            1,
            1,
            1,
        ]


def test_old_turns_are_counted_with_the_new(old: Path) -> None:
    with Database(old) as database, database.read() as sql:
        found = sql.execute("SELECT type, words, created FROM finding ORDER BY type").fetchall()
    assert [tuple(row) for row in found] == [
        ("language", "en", SHE.created),
        ("no_match", "mouse · price <= 3", SHE.created),
    ]


def test_identities_whose_end_nobody_kept_are_over(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as sql, sql:
        for statement in (*M001_CONVERSATIONS, *M002_SHOP_WINDOW):
            sql.execute(statement)
        sql.execute("PRAGMA user_version = 2")
        sql.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
        sql.execute("INSERT INTO user VALUES ('ann', ?)", (SHE.created,))
        for id, verified in (("s1", 1), ("s2", 0)):
            row = (id, id.encode(), SHE.created, verified)
            sql.execute(
                "INSERT INTO session (id, token_hash, user, locale, version, created, shop_key, verified)"
                " VALUES (?, ?, 'ann', 'en', 0, ?, 'pk_shop', ?)",
                row,
            )
    with People.open(path) as people:
        hers, claimed = people.sessions.get("s1"), people.sessions.get("s2")
        assert hers == Session("s1", "en", "ann", created=SHE.created, key="pk_shop", verified_until=SHE.created)
        assert claimed == Session("s2", "en", "ann", created=SHE.created, key="pk_shop")
        assert (hers.customer, claimed.customer) == ("ann", None)
        assert people.sessions.identify(hers, "bob", now(600)) is False
        assert people.sessions.identify(hers, "ann", now(600)) is True


def test_a_private_copy_is_kept_as_it_was_and_said(old: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), People.open(old):
        copy = old.with_name("people.db.v1.bak")
    assert f"{copy} is a copy of it as it was" in caplog.text
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(old.parent.glob("*.part"))
    with closing(sqlite3.connect(copy)) as sql:
        assert sql.execute("PRAGMA user_version").fetchone() == (1,)
        assert sql.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert sql.execute("SELECT text FROM message").fetchall() == [("a mouse for 3",), ("still there?",)]
    copy.replace(old)
    for left in ("people.db-wal", "people.db-shm"):
        old.with_name(left).unlink(missing_ok=True)
    with People.open(old) as people:
        assert people.conversation(SHE).turns == (TURN,)


def test_a_new_file_is_private_and_leaves_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with People.open(path) as people:
        people.start("en")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("people.db*")}
    assert modes == dict.fromkeys(("people.db", "people.db-wal", "people.db-shm", "people.db.lock"), 0o600)
    with People.open(path):
        assert not list(tmp_path.glob("*.bak"))


def test_a_file_of_a_later_aisle_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with People.open(path):
        pass
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1:d}")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="written by a later version of Aisle; update Aisle"):
        People.open(path)
    assert path.read_bytes() == before


def test_processes_that_come_at_once_bring_it_up_to_date_once(old: Path) -> None:
    code = "import sys; from chatbot.memory.store import People; People.open(sys.argv[1]).close()"
    running = [subprocess.Popen([sys.executable, "-c", code, str(old)], stderr=subprocess.PIPE) for _ in range(3)]
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    assert sum(b"copy of it as it was" in text for text in said) == 1
    with People.open(old) as people:
        assert people.conversation(SHE).turns == (TURN,)
