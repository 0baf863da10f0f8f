"""Questions and policies in Markdown: each section, and each line in bold, with what stands below it.

A comment below a heading says what readers of the page need not see: `<!-- asked: other ways | to ask it -->`, and in
the same way `url`, `item` and `language`. Pictures and HTML are left out, links keep their words. Knows no other format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from catalog.faq.passage import parts, slug
from catalog.feeds.rows import Problem, Row

_COMMENT = re.compile(r"<!--\s*(asked|url|item|language)\s*:\s*(.*?)\s*-->", re.DOTALL)
_OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:|/|[\w./-]+\.html?\b)")
_QUOTES = ("text", "code_inline")


@dataclass(slots=True)
class _Section:
    """A question under way: what stands below it is still being read."""

    question: str
    line: int
    path: tuple[str, ...] = ()
    anchor: str = ""
    blocks: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    led: bool = False  # do sections of its own stand below it?

    def row(self, file: str) -> Row:
        source = f"{file}#{self.anchor}" if self.anchor else file
        stated = {name: values[-1] for name, values in self.said.items() if name != "asked"}
        values: dict[str, object] = {
            "question": self.question,
            "answer": "\n\n".join(self.blocks),
            "also": tuple(self.said.get("asked", ())),
            "path": self.path,
            "source": source,
            "url": next(iter(self.links), None),
        }
        return Row(file, self.line, values | stated)


def read_markdown(file: str, text: str) -> Iterator[Row]:
    """A row for each question of a text; one without a question above it comes with its problem."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    sections: list[_Section] = []
    open_: list[tuple[int, str]] = []  # the headings above: level and words
    anchors: dict[str, int] = {}
    for start, block in _blocks(tokens):
        kind, line = block[0].type, start + 1
        if kind == "heading_open":
            level, words = int(block[0].tag[1]), _words(block[1])
            open_ = [(at, name) for at, name in open_ if at < level]
            sections.append(_below(sections, open_, words, line, _anchor(words, anchors)))
            open_.append((level, words))
        elif kind == "html_block":
            _note(sections, block[0].content)
        elif kind == "paragraph_open" and (bold := _bold(block[1])):
            sections.append(_below(sections, open_, bold[0], line, sections[-1].anchor if sections else ""))
            sections[-1].blocks.extend(filter(None, [bold[1]]))
            sections[-1].links.extend(_links(block))
        elif written := _written(block):
            if not sections:
                problem = Problem.of(
                    "question", written, "stands above the first heading, so it answers nothing", False
                )
                yield Row(file, line, {}, problem)
                continue
            sections[-1].blocks.append(written)
            sections[-1].links.extend(_links(block))
    yield from (section.row(file) for section in sections if section.blocks or not section.led)


def with_tables_written(text: str) -> str:
    """A text that is not Markdown as a whole, with each table of Markdown in it as lines that can be read anywhere."""
    lines = text.split("\n")
    for start, block in reversed(list(_blocks(MarkdownIt("commonmark").enable("table").parse(text)))):
        if block[0].type == "table_open":
            end = (block[0].map or [start, start])[1]
            lines[start:end] = _written(block).split("\n")
    return "\n".join(lines)


def _below(
    sections: Sequence[_Section], open_: Sequence[tuple[int, str]], question: str, line: int, anchor: str
) -> _Section:
    """A new section. The one that it stands below is marked: alone with its heading that is a title, no question."""
    path = tuple(name for _, name in open_)
    for section in reversed(sections):
        if (*section.path, section.question) == path:
            section.led = True
            break
    return _Section(question, line, path, anchor)


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """The outermost blocks, each with the line it begins on, counted from 0."""
    held: list[Token] = []
    for token in tokens:
        held.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield (held[0].map or [0])[0], held
            held = []


def _anchor(words: str, anchors: dict[str, int]) -> str:
    """The anchor of a heading; the second of the same words gets a number, as renderers do it."""
    name = slug(words)
    times = anchors[name] = anchors.get(name, -1) + 1
    return f"{name}-{times}" if times else name


def _note(sections: Sequence[_Section], html: str) -> None:
    """What a comment says of the question above it."""
    for name, value in _COMMENT.findall(html) if sections else ():
        sections[-1].said.setdefault(name, []).extend(parts(value) if name == "asked" else [value])


def _bold(inline: Token) -> tuple[str, str] | None:
    """(question, the rest of the paragraph) where a paragraph begins with a line in bold, or a question in bold."""
    children = [child for child in inline.children or () if child.content or child.type != "text"]
    if not children or children[0].type != "strong_open":
        return None
    end = next(n for n, child in enumerate(children) if child.type == "strong_close")
    question, rest = _said(children[1:end]), children[end + 1 :]
    alone = not rest or rest[0].type in ("softbreak", "hardbreak")
    return (question.rstrip(" :："), _said(rest).strip(" \n:：")) if alone or question.endswith(("?", "？")) else None


def _words(inline: Token) -> str:
    return _said(inline.children or ()).strip()


def _said(children: Sequence[Token]) -> str:
    """The words of a line without their marks."""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(c.content if c.type in _QUOTES else breaks.get(c.type, "") for c in children)


def _links(block: Sequence[Token]) -> Iterator[str]:
    """Where the links of a block lead, those within the same text left out."""
    for token in block:
        for child in token.children or ():
            target = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if _OUTSIDE.match(target):
                yield target


def row_written(heads: Sequence[str], cells: Sequence[str]) -> str:
    """A row of a table as a line: each cell behind its column's name."""
    named = zip_longest(heads[: len(cells)], cells, fillvalue="")
    return ", ".join(f"{head}: {cell}" if head else cell for head, cell in named if cell)


def _written(block: Sequence[Token]) -> str:
    """A block as plain text: a paragraph, the points of a list a line each, the rows of a table likewise, each cell
    behind its column's name."""
    lines: list[str] = []
    depth, heads, cells, point, count = 0, list[str](), list[str](), "", list[int | None]()
    for token in block:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            count.append(None if token.type[0] == "b" else int(token.attrs.get("start", 1)))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            count.pop()
        elif token.type == "list_item_open":
            number = count[-1]
            point = "  " * (depth - 1) + ("- " if number is None else f"{number}. ")
            count[-1] = None if number is None else number + 1
        elif token.type in ("td_open", "th_open"):
            cells.append("")
        elif token.type == "tr_close" and not heads:
            heads, cells = cells, []
        elif token.type == "tr_close":
            lines.append(row_written(heads, cells))
            cells = []
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip())
        elif token.type == "inline" and cells:
            cells[-1] = _words(token)
        elif token.type == "inline" and (words := _words(token)):
            lines.append((point or "  " * depth) + words)
            point = ""
    return "\n".join(lines)
