"""Any feed, by what is in it rather than by its name. Knows which reader there is for what; no columns and no SQL."""

from __future__ import annotations

import re
from pathlib import Path

from catalog.feeds.dialect import translated
from catalog.feeds.encoding import open_text
from catalog.feeds.google_xml import is_product_xml, open_xml
from catalog.feeds.guard import READABLE, check
from catalog.feeds.json_list import is_lines, open_json
from catalog.feeds.jsonl import open_jsonl
from catalog.feeds.rows import Feed
from catalog.feeds.schema_org import open_json_ld, open_pages
from catalog.feeds.table import open_table
from errors import UnreadableFeed

_HEAD = 4096  # characters
_ARCHIVE = b"PK"
_PAGE = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body|script|meta|title|div)\b", re.I | re.S
)
_JSON_LD = re.compile(r'"@context"\s*:[^}]{0,200}schema\.org|"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?Product')


def open_feed(path: Path) -> Feed:
    """Recognise and open a feed. UnreadableFeed says what is wrong and what can be read."""
    if check(path).startswith(_ARCHIVE):
        from catalog.feeds.xlsx import open_xlsx  # a library that only workbooks need

        return translated(open_xlsx(path))
    with open_text(path) as file:
        head = file.read(_HEAD).lstrip()
    if not head:
        raise UnreadableFeed(f"{path}: the file holds nothing but blanks")
    return translated(_text_feed(path, head))


def _text_feed(path: Path, head: str) -> Feed:
    if head.startswith("<"):
        if is_product_xml(head):
            return open_xml(path)
        if _PAGE.match(head):
            return open_pages(path)
        raise UnreadableFeed(f"{path}: XML, but no product feed and no page; what can be read: {READABLE}")
    if head.startswith(("{", "[")):
        if _JSON_LD.search(head):
            return open_json_ld(path)
        return open_jsonl(path) if head.startswith("{") and is_lines(path) else open_json(path)
    return open_table(path)
