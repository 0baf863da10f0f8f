"""The file people.db: one writing connection a process, a lock file between processes, readers of their own.

Every write is one `BEGIN IMMEDIATE` transaction: it lands whole or not at all. Deleted rows are overwritten with
zeroes. Only the user who runs Aisle may read the file. A file of an earlier Aisle is copied before it is brought up to
date. Knows nothing of what is written.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from chatbot.memory import migrations
from errors import StoreError

log = logging.getLogger(__name__)

PRIVATE = 0o600
"""The mode of every file that holds what people said: for its owner alone."""

WAIT_S = 10.0
"""How long a write waits for its turn before it says that the file is busy."""

READERS_KEPT = 16


class Database:
    """Safe to share between threads. Close it, or use it as a context manager."""

    def __init__(self, path: str | Path) -> None:
        """Opens or creates the file and brings it up to date. StoreError when it cannot be used."""
        self.path = Path(path)
        self._threads = threading.Lock()
        self._readers: deque[sqlite3.Connection] = deque()
        self._closed = False
        self._processes = FileLock(f"{self.path}.lock", timeout=WAIT_S, mode=PRIVATE, thread_local=False)
        with _as_store_errors(self.path):
            _make_private(self.path)
            self._writer = _connect(f"{self.path.absolute().as_uri()}?mode=rwc")
            try:
                self._prepare()
            except (sqlite3.Error, StoreError):
                self._writer.close()
                raise

    def _prepare(self) -> None:
        migrations.check_ours(self._writer)
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = FULL")  # a message counts as kept only once it is on the disk
        self._writer.execute("PRAGMA foreign_keys = ON")
        self._writer.execute("PRAGMA secure_delete = ON")
        if migrations.behind(self._writer):
            with self._threads, self._processes:
                _keep_copy(self._writer, self.path)
            with self.write() as connection:
                migrations.migrate(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, undone when the block raises."""
        with _as_store_errors(self.path), self._threads, self._processes:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that cannot write and sees one state of the file throughout the block. It is used again: opening
        one costs as much as some twenty questions."""
        with _as_store_errors(self.path):
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            if self._closed or len(self._readers) >= READERS_KEPT:
                connection.close()
            else:
                self._readers.append(connection)

    def _reader(self) -> sqlite3.Connection:
        try:
            return self._readers.pop()
        except IndexError:
            return _connect(f"{self.path.absolute().as_uri()}?mode=ro")

    def wipe_log(self) -> None:
        """Empty the write-ahead log, which may still hold copies of pages from before a deletion.

        StoreError when a reader elsewhere keeps the log in use for long.
        """
        with _as_store_errors(self.path), self._threads, self._processes:
            busy, _, _ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError("the rows are deleted, but the log is in use and may still hold copies; try again")

    def close(self) -> None:
        self._closed = True
        with self._threads:
            self._writer.close()
        while self._readers:
            self._reader().close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _make_private(path: Path) -> None:
    """Create the file before SQLite does, as nobody else's to read; its log and index files take its mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    except FileExistsError:
        return  # whoever made it so may have shared it on purpose


def copy_whole(connection: sqlite3.Connection, target: Path) -> None:
    """Write the database as it is at this moment to a new private file, which stands whole or not at all. Others may
    go on writing."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    _make_private(part)
    with closing(sqlite3.connect(part)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(target)


def _keep_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Before a file with rows in it is brought up to date, a copy as it was. It holds all that people said until then,
    also what is erased later: hence the word to whoever runs this."""
    number = migrations.version(connection)
    if not number or not migrations.behind(connection):  # new, or another process was quicker
        return
    copy = path.with_name(f"{path.name}.v{number}.bak")
    copy_whole(connection, copy)
    log.warning("%s is brought up to date; %s is a copy of it as it was: delete that when all is well", path, copy)


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def _as_store_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except Timeout as error:
        raise StoreError(f"{path} is busy: another process has been writing for {WAIT_S:.0f} s") from error
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path} cannot be used: {error}") from error
