"""The schema of people.db, grown by numbered steps. A step that was released is never changed; a new one is added.

Knows nothing of what the rows mean to a dialogue.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping

from chatbot.memory import findings
from errors import StoreError

APPLICATION_ID = 0x41_50_50_4C
"""Written into the file's header, so that another program's database is never taken for ours."""

M001_CONVERSATIONS = (
    """CREATE TABLE user (
        id TEXT PRIMARY KEY,          -- the name a shop gave; a claim until a shop's key proves it
        created TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE session (
        id TEXT PRIMARY KEY,
        token_hash BLOB NOT NULL UNIQUE,
        user TEXT REFERENCES user (id) ON DELETE CASCADE,
        locale TEXT NOT NULL,
        page TEXT,
        state TEXT,                   -- JSON of the dialogue's state after its latest turn
        version INTEGER NOT NULL,     -- turns finished; guards against two turns made of the same state
        created TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX session_user ON session (user)",
    """CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        key TEXT NOT NULL,            -- the sender's message_id: the same one again is the same message
        text TEXT,                    -- what was typed
        edit TEXT,                    -- or JSON of what was changed in the ledger by hand
        created TEXT NOT NULL,
        UNIQUE (session, key),
        CHECK ((text IS NULL) != (edit IS NULL))
    ) STRICT""",
    """CREATE TABLE turn (
        message INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE,
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        document TEXT NOT NULL,       -- the Turn as it was answered
        created TEXT NOT NULL,
        UNIQUE (session, number)
    ) STRICT""",
    """CREATE TABLE ledger (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        wish TEXT NOT NULL,
        need INTEGER NOT NULL,
        text TEXT NOT NULL,
        hard INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        dropped_by TEXT,              -- NULL: it stands
        dropped_turn INTEGER,
        PRIMARY KEY (session, wish)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE impression (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
        need INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        item TEXT NOT NULL,
        score REAL NOT NULL,
        stages TEXT NOT NULL,         -- JSON {stage: {"rank": n, "score": s}}: why recall brought it
        ranked_by TEXT NOT NULL,
        PRIMARY KEY (session, id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX impression_item ON impression (session, item)",
    "CREATE INDEX impression_message ON impression (message)",
    """CREATE TABLE feedback (
        number INTEGER PRIMARY KEY,
        session TEXT NOT NULL,
        impression TEXT NOT NULL,
        item TEXT NOT NULL,
        type TEXT NOT NULL,
        created TEXT NOT NULL,
        FOREIGN KEY (session, impression) REFERENCES impression (session, id) ON DELETE CASCADE
    ) STRICT""",
    "CREATE INDEX feedback_impression ON feedback (session, impression)",
)

M002_SHOP_WINDOW = (
    """CREATE TABLE secret (
        name TEXT PRIMARY KEY,        -- what it signs
        value BLOB NOT NULL,
        created TEXT NOT NULL
    ) STRICT""",
    "ALTER TABLE session ADD COLUMN shop_key TEXT",  # the public key it was opened with; NULL: the shop's own page
    "ALTER TABLE session ADD COLUMN origin TEXT",  # the site it was opened on; NULL: the shop's own page
    "ALTER TABLE session ADD COLUMN verified INTEGER NOT NULL DEFAULT 0",  # 1: the shop signed who the user is
    "ALTER TABLE session ADD COLUMN item TEXT",  # the product whose page is open
    "ALTER TABLE session ADD COLUMN consent TEXT",  # when the shopper agreed that a profile is kept
    "ALTER TABLE session ADD COLUMN seen TEXT",  # when it was last used
    "ALTER TABLE message ADD COLUMN gesture TEXT",  # JSON of what was tapped, where nothing was typed
    """CREATE TABLE handoff (
        number INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: a person may still have an erased one open
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'human', 'closed')),
        summary TEXT NOT NULL,        -- JSON handed along: ledger, items, the latest messages
        agent TEXT,                   -- who took it over
        acknowledged TEXT,            -- when the shop's system confirmed that it was told
        created TEXT NOT NULL,
        joined TEXT,
        closed TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX handoff_open ON handoff (session) WHERE state != 'closed'",
    "CREATE INDEX handoff_session ON handoff (session)",  # what goes with a session is found without reading all
    """CREATE TABLE note (
        number INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows, also over erased ones: what came after it is what is new
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        key TEXT,                     -- the sender's message_id: the same one again is the same note
        sender TEXT NOT NULL CHECK (sender IN ('shopper', 'person', 'system')),
        name TEXT,                    -- the person's, as the shopper sees it
        text TEXT NOT NULL,
        after INTEGER NOT NULL,       -- the turn it stands behind; 0: before the first
        created TEXT NOT NULL,
        UNIQUE (session, sender, key)
    ) STRICT""",
    """CREATE TABLE shortlist (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        item TEXT NOT NULL,
        created TEXT NOT NULL,
        PRIMARY KEY (session, item)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE share (
        id TEXT PRIMARY KEY,          -- unguessable: who has the link sees the items, nothing of the conversation
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        items TEXT NOT NULL,          -- JSON list of product ids
        created TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX share_session ON share (session)",
    """CREATE TABLE watch (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        item TEXT NOT NULL,
        type TEXT NOT NULL CHECK (type IN ('back', 'price')),
        price REAL,                   -- below which it is wished
        created TEXT NOT NULL,
        told TEXT,                    -- when the shop was told that it came true
        PRIMARY KEY (session, item, type)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE outbox (
        id TEXT PRIMARY KEY,          -- the webhook's id: receivers know a repetition by it
        session TEXT REFERENCES session (id) ON DELETE CASCADE,
        type TEXT NOT NULL,
        payload TEXT NOT NULL,
        created TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        next TEXT,                    -- when to try again; NULL: never more
        acknowledged TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX outbox_due ON outbox (next) WHERE next IS NOT NULL",
    "CREATE INDEX outbox_session ON outbox (session)",
    """CREATE TABLE spent (
        day TEXT PRIMARY KEY,         -- UTC
        tokens INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE finding (
        message INTEGER NOT NULL REFERENCES turn (message) ON DELETE CASCADE,
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        type TEXT NOT NULL,           -- see findings.py
        words TEXT NOT NULL,          -- what it is counted by; may be empty
        item TEXT NOT NULL,           -- the product it is about; may be empty
        created TEXT NOT NULL,        -- when the turn was answered
        PRIMARY KEY (message, type, words, item)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX finding_type ON finding (type, created, words, session)",
    "CREATE INDEX finding_session ON finding (session, type)",
    "CREATE INDEX session_created ON session (created, id)",
    "CREATE INDEX feedback_type ON feedback (type, created)",
)

M003_IDENTITIES_END = (
    "ALTER TABLE session ADD COLUMN verified_until TEXT",  # to when the shop's word for the user holds; NULL: it gave none
    "UPDATE session SET verified_until = created WHERE verified = 1",  # nobody kept its end: it is over
)

M004_REPORTS = (
    """CREATE TABLE report (
        number INTEGER PRIMARY KEY,
        shop_key TEXT NOT NULL,       -- the public key whose secret the shop's server showed
        key TEXT,                     -- the server's message_id: the same one again is the same report
        type TEXT NOT NULL,
        item TEXT NOT NULL,
        variant TEXT,
        count INTEGER NOT NULL,
        user TEXT,                    -- of which customer, as the shop names them; a row of its own, with no session
        created TEXT NOT NULL,
        UNIQUE (shop_key, key)
    ) STRICT""",
    "CREATE INDEX report_user ON report (user, shop_key)",
    "CREATE INDEX report_created ON report (created)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    M001_CONVERSATIONS,
    M002_SHOP_WINDOW,
    M003_IDENTITIES_END,
    M004_REPORTS,
)
"""Step n brings a file from version n to n + 1; the file keeps its version in `user_version`."""


def _find_in_old_turns(connection: sqlite3.Connection) -> None:
    for message, session, document, created in connection.execute(
        "SELECT message, session, document, created FROM turn"
    ):
        findings.keep(connection, message, session, json.loads(document), created)


_AFTER: Mapping[int, Callable[[sqlite3.Connection], None]] = {2: _find_in_old_turns}
"""What a step works out of the rows that were there, by the version that it brings the file to."""


def check_ours(connection: sqlite3.Connection) -> None:
    """StoreError when the file holds something that is not ours, or ours from a later Aisle."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and (application or tables):
        raise StoreError("this file is not a database of conversations; give --people another path")
    if version(connection) > len(MIGRATIONS):
        raise StoreError("these conversations were written by a later version of Aisle; update Aisle to read them")


def version(connection: sqlite3.Connection) -> int:
    """How many steps the file has seen."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def behind(connection: sqlite3.Connection) -> bool:
    """Are there steps that the file has not seen?"""
    return version(connection) < len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Take every step the file has not seen. Must run within one write transaction."""
    for number, statements in enumerate(MIGRATIONS):
        if number >= version(connection):
            for statement in statements:
                connection.execute(statement)
            if number + 1 in _AFTER:
                _AFTER[number + 1](connection)
            connection.execute(f"PRAGMA user_version = {number + 1:d}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
