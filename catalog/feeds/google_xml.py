"""Google Merchant product data in XML: RSS 2.0, RSS 1.0 and Atom, item by item, each with its line.

An item's elements become the columns that the same feed would have as a table; what they mean is told in google.py.
Document type declarations are refused, and with them every entity of the file's own. Knows no SQL.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TextIO
from xml.parsers import expat  # its DTD events are what the refusal needs; entities are never expanded

from catalog.feeds.encoding import decoder, open_text
from catalog.feeds.google import canonical
from catalog.feeds.guard import open_bytes
from catalog.feeds.rows import CANONICAL, Feed, Row
from errors import UnreadableFeed

_ROOT = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*+<(?:!DOCTYPE\s+)?(?:rss|feed|rdf:RDF|channel)\b", re.DOTALL)
_ITEMS = frozenset({"item", "entry"})
_CHUNK = 1 << 16
_HEAD = 1 << 10
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.:\-]+)[\"']", re.ASCII)
_BROKEN = re.compile("[\ud800-\udfff]")
_STAND_IN = "\uf8ff"  # for a broken byte, which the parser would stumble over, until the text is out of it
_DEEPEST = 32


def is_product_xml(head: str) -> bool:
    """Does a file begin as a feed of products in XML does?"""
    return _ROOT.match(head) is not None


def open_xml(path: Path, today: date | None = None) -> Feed:
    """A feed of RSS items or Atom entries as canonical rows."""
    day = today or datetime.now(UTC).astimezone().date()
    return Feed(path, "google xml", CANONICAL, canonical(lambda: _rows(path), day))


def _rows(path: Path) -> Iterator[Row]:
    parser = expat.ParserCreate()
    items = _Items(path, parser)
    parser.buffer_text = True
    parser.StartElementHandler = items.start
    parser.EndElementHandler = items.end
    parser.CharacterDataHandler = items.text
    parser.StartDoctypeDeclHandler = items.doctype
    try:
        with _open(path) as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(_BROKEN.sub(_STAND_IN, chunk))
                yield from items.done()
            parser.Parse("", True)
    except expat.ExpatError as error:
        reason = expat.errors.messages[error.code]
        raise UnreadableFeed(
            f"{path}, line {error.lineno}: not well-formed XML ({reason}); nothing of it is read"
        ) from error


def _open(path: Path) -> TextIO:
    """The feed as text, in the encoding it declares where its bytes are not in a Unicode one, as they mostly are."""
    if decoder(path) not in ("cp1252", "gb18030"):
        return open_text(path)
    with open_bytes(path) as file:
        declared = _DECLARED.match(file.read(_HEAD))
    if not declared:
        return open_text(path)
    name = declared[1].decode("ascii")
    try:
        io.TextIOWrapper(io.BytesIO(), name)  # is it one, and of text?
    except LookupError as error:
        raise UnreadableFeed(f"{path}: declares the encoding {name!r}, which is none; save it as UTF-8") from error
    return io.TextIOWrapper(open_bytes(path), name, "surrogateescape")


@dataclass(slots=True)
class _Element:
    """An element that is still open: its own text in pieces, and the elements in it, by name in their order."""

    name: str
    texts: list[str] = field(default_factory=list)
    parts: dict[str, list[object]] | None = None

    def value(self) -> object:
        """Its text; with elements in it, those by name, as many as there are."""
        text = "".join(self.texts).strip()
        if not self.parts:
            return text.replace(_STAND_IN, "\udfff")
        parts = {name: values[0] if len(values) == 1 else values for name, values in self.parts.items()}
        return parts if not text else " ".join([text, *(str(v) for vs in self.parts.values() for v in vs)])


class _Items:
    """Collects items as the parser tells of their elements."""

    def __init__(self, path: Path, parser: expat.XMLParserType) -> None:
        self._path, self._parser = path, parser
        self._open: list[_Element] = []
        self._line = 0
        self._done: deque[Row] = deque()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open:
            if _local(name) not in _ITEMS:
                return
            self._line = self._parser.CurrentLineNumber
        elif len(self._open) > _DEEPEST:
            line = self._parser.CurrentLineNumber
            raise UnreadableFeed(f"{self._path}, line {line}: elements are nested more than {_DEEPEST} deep")
        linked = name == "link" and attributes.get("rel", "alternate") == "alternate"
        self._open.append(_Element(name, [attributes.get("href", "")] if linked else []))

    def text(self, text: str) -> None:
        if self._open:
            self._open[-1].texts.append(text)

    def end(self, name: str) -> None:
        if not self._open:
            return
        element = self._open.pop()
        if self._open:
            around = self._open[-1]
            if around.parts is None:
                around.parts = {}
            around.parts.setdefault(element.name, []).append(element.value())
        else:
            self._done.append(Row(self._path.name, self._line, _columns(element.parts or {})))

    def done(self) -> Iterator[Row]:
        while self._done:
            yield self._done.popleft()

    def doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise UnreadableFeed(
            f"{self._path}: a document type (<!DOCTYPE {name} ...>) is refused; write the feed without"
        )


def _columns(parts: Mapping[str, Sequence[object]]) -> dict[str, object]:
    """An item's elements under their names without prefix; Google's own before those of RSS and Atom, before others."""
    columns: dict[str, object] = {}
    for name in sorted(parts, key=_rank):
        values = [_named(value) for value in parts[name] if value != ""]
        if values:
            columns.setdefault(_local(name), values[0] if len(values) == 1 else values)
    for ours, atoms in (("description", "summary"), ("description", "content")):
        if atoms in columns:
            columns.setdefault(ours, columns.pop(atoms))
    return columns


def _named(value: object) -> object:
    """What is nested: product details by their names, everything else as a table has it ("US:CA:Ground:5.99 USD")."""
    if not isinstance(value, dict):
        return value
    inner = {_local(name): part for name, part in value.items()}
    if inner.keys() & {"attribute_name", "content"}:
        return inner
    return ":".join(str(part) for part in inner.values())


def _rank(name: str) -> int:
    return 0 if name.startswith("g:") else 2 if ":" in name else 1


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return name.rpartition(":")[2]
