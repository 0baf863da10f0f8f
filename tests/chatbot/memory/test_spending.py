"""The tokens of each day, in people.db."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from chatbot.memory.database import Database
from chatbot.memory.spending import DailyTokens
from llm.ration import Ration

EVENING = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, moment: datetime = EVENING) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "people.db") as database:
        yield database


def test_tokens_are_counted_and_outlive_a_restart(database: Database, tmp_path: Path) -> None:
    first = DailyTokens(database, 100, Clock())
    first.spend(30)
    first.spend(12)
    assert first.ration == Ration(42, 100)
    first.close()
    with Database(tmp_path / "people.db") as again:
        second = DailyTokens(again, 100, Clock())
        assert second.ration == Ration(42, 100)
        second.close()


def test_a_new_day_begins_at_midnight_utc_wherever_the_clock_stands(database: Database) -> None:
    clock = Clock(EVENING.astimezone(timezone(timedelta(hours=8))))  # there it is the 22nd already
    tokens = DailyTokens(database, 100, clock)
    tokens.spend(100)
    assert tokens.ration.left == 0
    clock.moment += timedelta(minutes=1)
    assert tokens.ration == Ration(0, 100)
    tokens.spend(7)
    tokens.close()
    with database.read() as sql:
        kept = [tuple(row) for row in sql.execute("SELECT day, tokens FROM spent ORDER BY day")]
    assert kept == [("2026-11-21", 100), ("2026-11-22", 7)]


def test_processes_share_one_purse(database: Database, tmp_path: Path) -> None:
    with Database(tmp_path / "people.db") as other:
        ours, theirs = DailyTokens(database, 100, Clock()), DailyTokens(other, 100, Clock())
        threads = [threading.Thread(target=purse.spend, args=(1,)) for purse in (ours, theirs) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ours.close()
        theirs.close()
        assert ours.ration == theirs.ration == Ration(40, 100)


def test_a_destructor_within_a_write_may_spend(database: Database) -> None:
    tokens = DailyTokens(database, 100, Clock())

    class Left:
        """An answer that nobody closed, in a cycle that only the collector finds."""

        def __init__(self) -> None:
            self.own = self

        def __del__(self) -> None:
            tokens.spend(5)

    Left()
    with database.write():
        gc.collect()
    assert tokens.ration == Ration(5, 100)
    tokens.close()
    assert tokens.ration == Ration(5, 100)


def test_what_cannot_be_written_counts_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(tmp_path / "people.db")
    tokens = DailyTokens(database, 100, Clock())
    database.close()  # its writing connection; readers have their own
    tokens.spend(9)
    tokens.close()
    assert tokens.ration == Ration(9, 100)
    assert "not written yet" in caplog.text
