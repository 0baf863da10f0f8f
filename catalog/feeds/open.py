"""Any feed, by what is in it rather than by its name."""

from __future__ import annotations

from pathlib import Path

from catalog.feeds.encoding import open_text
from catalog.feeds.jsonl import open_jsonl
from catalog.feeds.rows import Feed
from catalog.feeds.table import open_table
from errors import UnreadableFeed


def open_feed(path: Path) -> Feed:
    """Recognise and open a feed. UnreadableFeed says what is wrong and what can be read."""
    if not path.exists():
        raise UnreadableFeed(f"{path}: no such file")
    if path.is_dir():
        raise UnreadableFeed(f"{path}: a folder, not a feed; name the files in it")
    if path.stat().st_size == 0:
        raise UnreadableFeed(f"{path}: the file is empty")
    with open_text(path) as file:
        head = file.read(4096).lstrip()
    if not head:
        raise UnreadableFeed(f"{path}: the file holds nothing but blanks")
    if head.startswith(("PK\x03\x04", "\x1f\x8b", "%PDF", "<")):
        raise UnreadableFeed(f"{path}: not a format that can be read; give JSON lines, CSV or TSV")
    if head.startswith("["):
        raise UnreadableFeed(f"{path}: a JSON list; write one object a line instead (JSON lines)")
    return open_jsonl(path) if head.startswith("{") else open_table(path)
