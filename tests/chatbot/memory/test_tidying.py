"""What nobody will ask for again leaves people.db, and nothing else does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.memory.clock import now
from chatbot.memory.outbox import letter
from chatbot.memory.store import People

DAY_S = 86_400.0


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


def _aged(file: Path, days: float) -> None:
    """All of the file as it is after so many days."""
    then = now(-days * DAY_S)
    with closing(sqlite3.connect(file)) as sql:
        sql.execute("UPDATE session SET created = ?1, seen = ?1", (then,))
        sql.execute("UPDATE outbox SET acknowledged = ? WHERE acknowledged IS NOT NULL", (then,))
        sql.commit()


def test_conversations_without_a_word_go_after_a_day(people: People, tmp_path: Path) -> None:
    silent, said, saved = (people.start("en", name)[0] for name in ("ann", "bob", "cy"))
    people.receive(said.id, "m1", "a mouse")
    people.keepsakes.keep(saved.id, "m-1")
    assert people.tidying.sweep() == 0
    _aged(tmp_path / "people.db", 1.1)
    fresh, _ = people.start("en")
    assert people.tidying.sweep() == 1
    assert [people.sessions.get(s.id) is not None for s in (silent, said, saved, fresh)] == [False, True, True, True]
    with closing(sqlite3.connect(tmp_path / "people.db")) as sql:
        assert sorted(name for (name,) in sql.execute("SELECT id FROM user")) == ["bob", "cy"]
    assert people.tidying.sweep() == 0


def test_a_few_go_at_a_time(people: People, tmp_path: Path) -> None:
    for _ in range(5):
        people.start("en")
    _aged(tmp_path / "people.db", 2)
    assert [people.tidying.sweep(2) for _ in range(4)] == [2, 2, 1, 0]


def test_letters_that_arrived_go_after_thirty_days(people: People, tmp_path: Path) -> None:
    arrived, waiting = letter("handoff.closed", {}), letter("handoff.closed", {})
    people.outbox.put(arrived)
    people.outbox.put(waiting)
    people.outbox.acknowledged(arrived.id)
    _aged(tmp_path / "people.db", 29)
    assert people.tidying.sweep() == 0
    _aged(tmp_path / "people.db", 31)
    assert people.tidying.sweep() == 1
    assert [kept.id for kept in people.outbox.due()] == [waiting.id]
