"""JSON lines: one product an object, one object a line. Knows no columns' meaning and no SQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalog.feeds.encoding import LONGEST_LINE, lines
from catalog.feeds.json_text import decode, problem_of
from catalog.feeds.rows import Feed, Problem, Row


def open_jsonl(path: Path) -> Feed:
    """A feed of JSON lines, in UTF-8 (with or without a byte order mark) or the encoding its bytes show."""
    return Feed(path, "json lines", (), lambda: _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    for number, line in enumerate(lines(path, newline="\n"), 1):
        if line.strip():
            yield _row(path.name, number, line.strip())


def _row(file: str, number: int, line: str) -> Row:
    if len(line) > LONGEST_LINE:
        return Row(file, number, {}, Problem.of(None, line, f"a line of more than {LONGEST_LINE:,} characters"))
    try:
        values = decode(line)
    except (ValueError, RecursionError) as error:
        return Row(file, number, {}, problem_of(error, line))
    if not isinstance(values, dict):
        return Row(file, number, {}, Problem.of(None, line, "not a JSON object: a product is {...}"))
    return Row(file, number, values)
