"""Questions and answers as a table (CSV, TSV, XLSX) or as JSON (a list, {"faq": [...]}, schema.org's FAQPage).

Knows the names of their fields in a few languages; what a field may hold, read.py decides.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

from catalog.faq.markdown import row_written, with_tables_written
from catalog.faq.passage import parts
from catalog.feeds.json_list import list_place
from catalog.feeds.json_text import values
from catalog.feeds.rows import Feed, Problem, Row
from catalog.feeds.schema_values import listed, types
from errors import UnreadableFeed

FIELDS: Mapping[str, frozenset[str]] = {
    "question": frozenset("question q questions title heading name 问题 問題 问 提问 标题 frage pregunta".split()),
    "answer": frozenset("answer a answers reply response text body content 答案 回答 答 回复 内容 antwort".split()),
    "also": frozenset(
        "also asked phrasings phrasing alternatives variants variations more_phrasings other_questions similar_questions"
        " utterances 相似问 相似问题 问法 其他问法 同义问法".split()
    ),
    "url": frozenset("url link href address page 链接 网址".split()),
    "item": frozenset("item item_id product product_id sku asin 商品 商品id 产品 商品编号".split()),
    "language": frozenset("language lang locale inlanguage 语言".split()),
}
"""What a field may be called, in small letters with "_" for blanks."""
LISTS = frozenset("faq faqs questions mainentity entries items data results 问答 常见问题".split())
_BLOCKS = frozenset("p div br hr li ul ol dl dt dd h1 h2 h3 h4 h5 h6 tr table section article blockquote pre".split())
_UNSEEN = frozenset("script style template noscript title".split())
_MARKUP = re.compile(r"</(?:p|div|span|li|ul|ol|dl|h[1-6]|table|a|b|i|em|strong|script|style)\s*>", re.IGNORECASE)
"""A sign that a text is HTML: a tag that is closed."""


def field_of(name: str) -> str | None:
    """What a column or a key means."""
    plain = re.sub(r"[\s-]+", "_", name.strip().casefold())
    return next((field for field, names in FIELDS.items() if plain in names), None)


def is_table(headers: Sequence[str]) -> bool:
    """Are these the columns of questions and answers?"""
    return {"question", "answer"} <= {field_of(name) for name in headers}


def read_table(feed: Feed) -> Iterator[Row]:
    """The rows of a table of questions and answers."""
    for row in feed.rows():
        if row.problem:
            yield row
            continue
        found: dict[str, object] = {}
        more: list[str] = []
        for name, value in row.values.items():
            field = field_of(name)
            if field == "also":
                more.extend(part for cell in listed(value) for part in parts(str(cell)))
            elif field and value not in (None, ""):
                found.setdefault(field, value)
        yield Row(row.file, row.line, _readable(found) | {"also": tuple(more)})


def read_json(path: Path, text: str) -> Iterator[Row]:
    """The entries of a JSON document."""
    for found in values(text, *list_place(text, LISTS)):
        if found.problem:
            yield Row(path.name, found.line, {}, found.problem)
        elif not isinstance(found.value, dict):
            problem = Problem.of(None, found.value, "not a JSON object: a question is {...}")
            yield Row(path.name, found.line, {}, problem)
        else:
            yield Row(path.name, found.line, _readable(_entry(found.value)))


def _readable(entry: dict[str, object]) -> dict[str, object]:
    """An entry whose answer holds no HTML and no table of Markdown any more."""
    answer = entry.get("answer")
    if isinstance(answer, str) and _MARKUP.search(answer):
        answer = _plain(answer)
        entry = entry | {"answer": answer}
    return entry | {"answer": with_tables_written(answer)} if isinstance(answer, str) and "|" in answer else entry


def _entry(node: Mapping[str, object]) -> dict[str, object]:
    """One entry by our fields: plain keys, or a Question of schema.org."""
    if "acceptedAnswer" in node or "Question" in types(node):
        answers = [a for a in listed(node.get("acceptedAnswer")) if isinstance(a, Mapping)]
        told = next(iter(answers), {})
        stated = {"question": node.get("name") or node.get("text"), "answer": told.get("text")}
        links = {"url": told.get("url") or node.get("url") or node.get("@id"), "language": node.get("inLanguage")}
        kept = {name: _plain(value) if isinstance(value, str) else value for name, value in stated.items()}
        return kept | {name: value for name, value in links.items() if value}
    found: dict[str, object] = {}
    for name, value in node.items():
        field = field_of(name)
        if field == "also":
            more = (part for each in listed(value) for part in (parts(each) if isinstance(each, str) else (each,)))
            found["also"] = tuple(more)
        elif field and value is not None:
            found.setdefault(field, value)
    return found


class _Text(HTMLParser):
    """The text of a piece of HTML that its reader would see, a line for each block and each row of a table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._heads: list[str] = []
        self._cells: list[str] | None = None  # of the row that is being read
        self._headed = False
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        if tag == "table":
            self._heads = []
        if tag == "tr":
            self._end_row()
            self._cells, self._headed = [], True
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")
            self._headed = self._headed and tag == "th"
        elif self._cells is None:
            self.found.append("\n" if tag in _BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        if tag in ("tr", "table"):
            self._end_row()
        elif tag in _BLOCKS and self._cells is None:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._cells is None:
            self.found.append(data)
        elif self._cells:
            self._cells[-1] += data

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_row(self) -> None:
        cells = [" ".join(cell.split()) for cell in self._cells or ()]
        if cells and self._headed and not self._heads:
            self._heads = cells
        elif cells:
            self.found.append(f"\n{row_written(self._heads, cells)}\n")
        self._cells = None


def _plain(text: str) -> str:
    """A schema.org text, which may be HTML, as plain text."""
    if "<" not in text:
        return html.unescape(text).strip()
    reader = _Text()
    reader.feed(text)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return "\n".join(line for line in lines if line)


def require_columns(path: Path, headers: Sequence[str]) -> None:
    """UnreadableFeed where a table has no column of questions or of answers."""
    missing = [field for field in ("question", "answer") if field not in {field_of(name) for name in headers}]
    if missing:
        named = ", ".join(repr(name[:40]) for name in headers[:8])
        raise UnreadableFeed(f"{path}: no column is called {missing[0]!r}; its columns are {named}")
