"""JSON lines: one product an object, one object a line. Knows no columns' meaning and no SQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from catalog.feeds.encoding import open_text
from catalog.feeds.rows import Feed, Problem, Row


def open_jsonl(path: Path) -> Feed:
    """A feed of JSON lines, in UTF-8 (with or without a byte order mark) or the encoding its bytes show."""
    return Feed(path, "json lines", (), lambda: _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    with open_text(path, newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _row(path.name, number, line.strip())


def _row(file: str, number: int, line: str) -> Row:
    try:
        values = _decode(line)
    except _NotANumber as error:
        return Row(file, number, {}, Problem.of(None, str(error), f"{error} is not a number in JSON"))
    except (ValueError, RecursionError) as error:
        return Row(file, number, {}, Problem.of(None, line, f"not a JSON object: {_why(error)}"))
    if not isinstance(values, dict):
        return Row(file, number, {}, Problem.of(None, line, "not a JSON object: a product is {...}"))
    return Row(file, number, values)


class _NotANumber(ValueError):
    pass


def _refuse(constant: str) -> float:
    raise _NotANumber(constant)


_decode = json.JSONDecoder(parse_constant=_refuse).decode


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1} (is the line cut short?)"
    return "it is nested too deeply" if isinstance(error, RecursionError) else "a number is too long"
