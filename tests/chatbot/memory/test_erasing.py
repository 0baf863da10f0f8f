"""What is kept of a person goes whole, is given whole, and is found without reading what is kept of others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatbot.memory.clock import now
from chatbot.memory.records import Session
from chatbot.memory.reports import Report
from chatbot.memory.store import People

OF_NOBODY = {"secret", "spent", "sqlite_sequence"}
"""Tables that hold nothing of a visitor."""
OF_NO_SESSION = {"session", "user", "report"}
"""Tables that stand by themselves; what was told of a person is found and goes by their name."""


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


@pytest.fixture
def schema(people: People, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "people.db")) as connection:
        yield connection


def _tables(schema: sqlite3.Connection) -> set[str]:
    return {name for (name,) in schema.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _owners(schema: sqlite3.Connection, table: str) -> dict[str, tuple[str, str]]:
    """Column → the table it points to, and what becomes of the row when that goes."""
    return {row[3]: (row[2], row[6]) for row in schema.execute(f"PRAGMA foreign_key_list({table})")}


def _led_by(schema: sqlite3.Connection, table: str) -> set[str]:
    """The first columns of a table's whole indexes."""
    whole = [row[1] for row in schema.execute(f"PRAGMA index_list({table})") if not row[4]]
    first = [schema.execute(f"PRAGMA index_xinfo({name})").fetchone()[2] for name in whole]
    return {*first, *(row[1] for row in schema.execute(f"PRAGMA table_info({table})") if row[5] == 1)}


def test_every_table_goes_with_its_session_by_an_index(schema: sqlite3.Connection) -> None:
    for table in _tables(schema) - OF_NOBODY - OF_NO_SESSION:
        owners = _owners(schema, table)
        assert owners["session"] in (("session", "CASCADE"), ("impression", "CASCADE")), table
        assert all(what == "CASCADE" for _, what in owners.values()), table
        assert "session" in _led_by(schema, table), table


def test_every_table_of_a_session_is_given_out(people: People, schema: sqlite3.Connection) -> None:
    session, _ = people.start("en")
    (row,) = people.export(session=session.id)
    assert _tables(schema) - OF_NOBODY - OF_NO_SESSION == {name for name in row if isinstance(row[name], list)}


def test_a_name_goes_with_the_last_session_that_carries_it(people: People, schema: sqlite3.Connection) -> None:
    def names() -> list[str]:
        return [name for (name,) in schema.execute("SELECT id FROM user ORDER BY id")]

    (one, _), (two, _), (_, _) = people.start("en", "ann"), people.start("en", "ann"), people.start("en", "bob")
    people.erase(session=one.id)
    assert names() == ["ann", "bob"]
    people.sessions.identify(two, "ann-7", now(600))
    assert names() == ["ann-7", "bob"]


def _proven(people: People, until_s: float) -> Session:
    """A new session of ann's, for which the shop's word holds for so long."""
    session, _ = people.sessions.start("en", key="pk_shop")
    assert people.sessions.identify(session, "ann", now(until_s))
    found = people.sessions.get(session.id)
    assert found is not None
    return found


def test_a_person_s_data_is_given_while_they_are_proven_and_goes_whole_also_later(people: People) -> None:
    proven, over = _proven(people, 600), _proven(people, -600)
    namesake, _ = people.start("en", "ann")
    for key, user in (("pk_shop", "ann"), ("pk_other", "ann"), ("pk_shop", "bob"), ("pk_shop", None)):
        people.reports.keep(Report(key, "purchase", "m-1", user=user))
    assert [row["id"] for row in people.export(person=proven)] == [proven.id, over.id]
    told = [(row["shop_key"], row["user"]) for row in people.reports.of(person=proven)]
    assert (told, people.reports.of(person=over)) == ([("pk_shop", "ann")], [])
    assert [row["id"] for row in people.export(person=over)] == [over.id]
    assert people.export(person=over)[0]["verified_until"] == over.verified_until
    assert people.erase(person=over) == 2
    assert [row["id"] for row in people.export(user="ann")] == [namesake.id]
    assert [row["shop_key"] for row in people.reports.of(user="ann")] == ["pk_other"]
    people.erase(user="ann")
    assert [len(people.reports.of(user=name)) for name in ("ann", "bob")] == [0, 1]


def test_consent_is_given_by_who_is_proven_and_taken_back_also_later(people: People) -> None:
    proven, over = _proven(people, 600), _proven(people, -600)

    def agreed() -> list[bool]:
        return [row["consent"] is not None for row in people.export(person=proven)]

    people.sessions.agree(over, True)
    assert agreed() == [False, True]
    people.sessions.agree(proven, True)
    assert agreed() == [True, True]
    assert people.sessions.earlier(over) == ()
    people.sessions.agree(over, False)
    assert agreed() == [False, False]


def test_state_is_read_by_itself(people: People) -> None:
    session, _ = people.start("en")
    received = people.receive(session.id, "m1", "x")
    turn = {"turn": 1, "text": "", "ledger": [], "dropped": []}
    before = people.state(session.id)
    people.finish(received, turn, {"turn": 1})
    assert (before, people.state(session.id)) == (None, {"turn": 1})
