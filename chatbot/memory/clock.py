"""The hour as people.db writes it: UTC, ISO 8601, to the millisecond, so that texts sort as times do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now(ahead_s: float = 0.0) -> str:
    """This moment, or one some seconds from it."""
    return (datetime.now(UTC) + timedelta(seconds=ahead_s)).isoformat(timespec="milliseconds")


def at(seconds: float) -> str:
    """The moment so many seconds after 1970 began."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
