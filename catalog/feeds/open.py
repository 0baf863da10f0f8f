"""Any feed, by what is in it rather than by its name. Knows which reader there is for what; no columns and no SQL."""

from __future__ import annotations

from pathlib import Path

from catalog.feeds.encoding import open_text
from catalog.feeds.guard import READABLE, check
from catalog.feeds.json_list import is_lines, open_json
from catalog.feeds.jsonl import open_jsonl
from catalog.feeds.rows import Feed
from catalog.feeds.table import open_table
from errors import UnreadableFeed

_ARCHIVE = b"PK"


def open_feed(path: Path) -> Feed:
    """Recognise and open a feed. UnreadableFeed says what is wrong and what can be read."""
    if check(path).startswith(_ARCHIVE):
        from catalog.feeds.xlsx import open_xlsx  # a library that only workbooks need

        return open_xlsx(path)
    with open_text(path) as file:
        head = file.read(4096).lstrip()
    if not head:
        raise UnreadableFeed(f"{path}: the file holds nothing but blanks")
    if head.startswith("<"):
        raise UnreadableFeed(f"{path}: not a format that can be read; what can be read: {READABLE}")
    if head.startswith("{") and is_lines(path):
        return open_jsonl(path)
    return open_json(path) if head.startswith(("{", "[")) else open_table(path)
