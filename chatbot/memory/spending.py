"""The tokens that a model cost on each day (UTC), kept in people.db: they outlive a restart and are shared by processes.

Counts come from wherever an answer ends, even from destructors, so they are only noted there and written by a thread of
their own. Knows no model.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from queue import SimpleQueue

from chatbot.memory.database import Database
from errors import StoreError
from llm.ration import Ration

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LAST_WAIT_S = 5.0  # how long closing waits for what is still to be written


def utc() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class DailyTokens:
    """A purse of so many tokens a day; it begins anew at midnight UTC. Safe to share between threads."""

    def __init__(self, database: Database, a_day: int, clock: Clock = utc) -> None:
        self._database = database
        self._a_day = a_day
        self._clock = clock
        self._unwritten: deque[tuple[str, int]] = deque()
        self._settling = threading.Lock()  # so that no count is seen both waiting and written; destructors do without
        self._wake: SimpleQueue[bool] = SimpleQueue()  # the one queue that may be put into from a destructor
        self._writer = threading.Thread(target=self._writing, name="spent-tokens", daemon=True)
        self._writer.start()

    @property
    def ration(self) -> Ration:
        """The day's tokens, with those still to be written. StoreError when the file cannot be read. Not to be asked for
        within a write of the same file: those that wait to be written would wait for that."""
        day = self._day()
        with self._settling, self._database.read() as sql:
            waiting = sum(tokens for on, tokens in tuple(self._unwritten) if on == day)
            row = sql.execute("SELECT tokens FROM spent WHERE day = ?", (day,)).fetchone()
        return Ration(waiting + (row["tokens"] if row else 0), self._a_day)

    def spend(self, tokens: int) -> None:
        """These went, on this day. Returns at once."""
        self._unwritten.append((self._day(), tokens))
        self._wake.put(True)

    def close(self) -> None:
        """Writes what is left to write, and ends the writing."""
        self._wake.put(False)
        self._writer.join(LAST_WAIT_S)

    def _writing(self) -> None:
        more = True
        while more:
            more = self._wake.get()
            self._write()

    def _write(self) -> None:
        """All that waits. What cannot be written now is counted all the same, and written with the next."""
        while self._unwritten:
            day, tokens = self._unwritten[0]
            try:
                with self._settling:
                    with self._database.write() as sql:
                        sql.execute(
                            "INSERT INTO spent VALUES (?, ?) ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens",
                            (day, tokens),
                        )
                    self._unwritten.popleft()
            except StoreError as trouble:
                log.warning("tokens that the model cost are not written yet: %s", trouble)
                return

    def _day(self) -> str:
        return self._clock().astimezone(UTC).date().isoformat()
