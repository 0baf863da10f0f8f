"""The schema.org scripts of a saved page, each with its line, and the page's own address.

A page is searched for its <script type="application/ld+json"> alone, not parsed: nothing else of it is read. Knows
nothing of what the scripts say.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_NEXT = re.compile(r"<!--|<script\b([^>]{0,2000})>", re.IGNORECASE)
_END = re.compile(r"</script(?=[\s/>])", re.IGNORECASE)
_JSON_LD = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.IGNORECASE)
_WRAPPING = re.compile(r"\s*+(?:(?://|/\*)?\s*+<!\[CDATA\[\s*(?:\*/)?|<!--)")
_WRAPPED = re.compile(r"(?:(?://|/\*)?\s*\]\]>\s*(?:\*/)?|-->)$")
_LONGEST_END = 40  # characters in which a wrapping ends
_LINK = re.compile(r"<(?:link|base|meta)\b[^>]{0,2000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:href|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S{1,2000}) -->")  # as browsers write it
_OWN = (
    re.compile(r"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE),
    re.compile(r"""\bproperty\s*=\s*["']?og:url\b""", re.IGNORECASE),
    re.compile(r"^<base\b", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Script:
    """What stands in one script, from the line on where it begins. `closed`: False where the page ends inside it."""

    line: int
    text: str
    closed: bool = True


def scripts(page: str) -> Iterator[Script]:
    """The page's JSON-LD scripts; what is commented out is not there."""
    place, line, counted = 0, 1, 0
    while found := _NEXT.search(page, place):
        if found[0] == "<!--":
            end = page.find("-->", found.end())
            place = len(page) if end < 0 else end + 3
            continue
        end_tag = _END.search(page, found.end())
        place = end_tag.end() if end_tag else len(page)
        if _JSON_LD.search(found[1]):
            line += page.count("\n", counted, found.end())
            counted = found.end()
            text = page[found.end() : end_tag.start() if end_tag else len(page)]
            yield Script(line, _unwrapped(text), end_tag is not None)


def _unwrapped(text: str) -> str:
    """Some shop systems escape a script's text as if it were the page's, or wrap it for browsers of long ago."""
    if begun := _WRAPPING.match(text):
        text = "\n" * begun[0].count("\n") + text[begun.end() :]
    text = text.rstrip()
    if ended := _WRAPPED.search(text, max(0, len(text) - _LONGEST_END)):
        text = text[: ended.start()]
    return html.unescape(text) if "&quot;" in text and '"' not in text else text


def own_address(page: str) -> str | None:
    """Where the page was saved from, if it says so."""
    tags = [tag[0] for tag in _LINK.finditer(page)]
    for own in _OWN:
        for tag in tags:
            address = _ADDRESS.search(tag) if own.search(tag) else None
            if address:
                return html.unescape(next(filter(None, address.groups()), "")).strip() or None
    saved = _SAVED_FROM.search(page)
    return saved[1] if saved else None
