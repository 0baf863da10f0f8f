"""Files of questions and answers -> checked passages and rejects. The format is told by the content. Knows no SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from catalog.faq.markdown import read_markdown
from catalog.faq.passage import Passage, language_of
from catalog.faq.rows import is_table, read_json, read_table, require_columns
from catalog.feeds.encoding import whole_text
from catalog.feeds.guard import check
from catalog.feeds.rows import Problem, Row, text_problem
from catalog.feeds.table import open_table
from catalog.intake import Reject
from errors import UnreadableFeed

LONGEST_QUESTION = 500
LONGEST_ANSWER = 20_000
MOST_PHRASINGS = 100
MOST_PASSAGES = 20_000
_JSON = re.compile(r"\s*(?:\{|\[\s*(?:[{\]\[\"]|$))")
_TABLES = (".csv", ".tsv", ".xlsx")
_PROSE = (".md", ".markdown")
_ARCHIVE = b"PK"


@dataclass(frozen=True, slots=True)
class FaqFiles:
    """What files of questions and answers came to: what to keep, in their order, and what was refused."""

    passages: tuple[Passage, ...] = ()
    rejects: tuple[Reject, ...] = ()


def read_faq(paths: Sequence[Path]) -> FaqFiles:
    """The questions and answers of all files together; none where every file is empty.

    UnreadableFeed when a file cannot be read, or holds something of which nothing can be kept.
    """
    kept: dict[tuple[str, ...], tuple[Passage, str, int]] = {}
    rejects: list[Reject] = []
    for path in paths:
        before = len(kept)
        for row in _rows(path):
            taken = row.problem or _passage(row)
            if isinstance(taken, Passage):
                key = (taken.question.casefold(), taken.item, taken.language, *taken.path)
                if key not in kept:
                    kept[key] = taken, row.file, row.line
                    continue
                _, file, line = kept[key]
                taken = Problem.of("question", taken.question, f"stands already in {file}, line {line}")
            rejects.append(Reject(row.file, row.line, None, taken))
        if len(kept) == before and not _empty(path):
            raise UnreadableFeed(f"{path}: {_nothing(path, rejects)}")
    if len(kept) > MOST_PASSAGES:
        raise UnreadableFeed(f"{len(kept):,} questions; a shop may have {MOST_PASSAGES:,}")
    return FaqFiles(tuple(passage for passage, _, _ in kept.values()), tuple(rejects))


def _nothing(path: Path, rejects: Sequence[Reject]) -> str:
    mine = [reject for reject in rejects if reject.file == path.name and reject.problem.fault]
    if not mine:
        return "no question in it: write each as a heading or in bold, with its answer below"
    first = mine[0]
    what = f"{first.problem.field or 'row'}: {first.problem.reason}"
    return f"nothing of it can be kept; the first of {len(mine):,} in line {first.line}: {what}"


def _empty(path: Path) -> bool:
    """Nothing in it, or no file at all (/dev/null): this drops what was kept."""
    if path.exists() and not path.is_file() and not path.is_dir():
        return str(path) == "/dev/null"
    return path.is_file() and (not path.stat().st_size or not whole_text(path).strip())


def _rows(path: Path) -> Iterator[Row]:
    if _empty(path):
        return
    if check(path).startswith(_ARCHIVE):
        from catalog.feeds.xlsx import open_xlsx  # a library that only workbooks need

        feed = open_xlsx(path)
        require_columns(path, feed.headers)
        yield from read_table(feed)
        return
    text = whole_text(path)
    suffix = path.suffix.casefold()
    if suffix not in _PROSE and _JSON.match(text):
        yield from read_json(path, text)
    elif suffix in _TABLES or (suffix not in _PROSE and _tabular(path)):
        feed = open_table(path)
        require_columns(path, feed.headers)
        yield from read_table(feed)
    else:
        yield from read_markdown(path.name, text)


def _tabular(path: Path) -> bool:
    try:
        return is_table(open_table(path).headers)
    except UnreadableFeed:  # no table; told as what it is, if it is nothing else either
        return False


def _passage(row: Row) -> Passage | Problem:
    """A row as a passage, or what is wrong with its first bad field."""
    values = row.values
    question, answer = _text(values, "question", LONGEST_QUESTION), _text(values, "answer", LONGEST_ANSWER)
    for field, value in (("question", question), ("answer", answer)):
        if isinstance(value, Problem):
            return value
        if not value:
            return Problem.of(field, None, "is missing" if field == "question" else "is missing: a question needs one")
    assert isinstance(question, str)
    assert isinstance(answer, str)
    url, item, language = _url(values.get("url")), _text(values, "item", 500), _text(values, "language", 40)
    also = _also(values.get("also", ()))
    for checked in (url, item, language):
        if isinstance(checked, Problem):
            return checked
    if isinstance(also, Problem):
        return also
    return Passage(
        question,
        answer,
        source=str(values.get("source") or row.file),
        url=str(url) if url else None,
        item=str(item),
        language=str(language).split("-")[0].casefold() or language_of(f"{question} {answer}"),
        also=tuple(dict.fromkeys(str(part) for part in also if part != question))[:MOST_PHRASINGS],
        path=tuple(str(part) for part in _listed(values.get("path"))),
    )


def _text(values: Mapping[str, object], field: str, longest: int) -> str | Problem:
    value = "" if values.get(field) is None else values[field]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Problem.of(field, value, "not a text")
    text = str(value).strip()
    if problem := text_problem(field, text):
        return problem
    if len(text) > longest:
        return Problem.of(field, text, f"{len(text):,} characters; it may have {longest:,}")
    return text


def _url(value: object) -> str | Problem | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or text_problem("url", value):
        return Problem.of("url", value, "not an address")
    link = value.strip()
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        return Problem.of("url", value, "not an address")
    if scheme not in ("", "http", "https", "mailto", "tel") or re.search(r"\s", link):
        return Problem.of("url", value, "not an address that a page may link to: https://..., or a path of the shop")
    return link


def _also(value: object) -> tuple[str, ...] | Problem:
    found = _listed(value)
    for part in found:
        if not isinstance(part, str) or len(part) > LONGEST_QUESTION or text_problem("also", part):
            return Problem.of("also", part, f"not a text of up to {LONGEST_QUESTION} characters")
    return tuple(str(part) for part in found)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()
