"""A JSON document with many products: a list of objects, an object with such a list in it, or objects in a row.

The text is held in memory, the products are made one by one. Knows no columns' meaning and no SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from catalog.feeds.encoding import LONGEST_LINE, lines, whole_text
from catalog.feeds.json_text import decode, find_list, values
from catalog.feeds.rows import Feed, Problem, Row

_NAMES = frozenset(
    "products items results data records entries articles rows nodes offers hits docs catalog catalogue goods"
    " product item 商品 产品 商品列表 产品列表 列表".split()
)

_NEXT_OBJECT = re.compile(r"^\}\s*+(?:,\s*+)?\{", re.MULTILINE)  # programs print one object after the other like this


def is_lines(path: Path) -> bool:
    """Is a feed that begins with a brace one object a line, and not a document that goes over lines?"""
    first, second = _first_two(path)
    if len(first) > LONGEST_LINE:
        return bool(second)
    try:
        value = decode(first)
    except (ValueError, RecursionError):  # cut or broken, and told as such; or the first line of a document
        return not second or (second.startswith("{") and not first.endswith(("[", "{", ":")))
    wrapped = isinstance(value, dict) and any(name.casefold() in _NAMES and _objects(v) for name, v in value.items())
    return bool(second) or not wrapped


def _objects(value: object) -> bool:
    inner = list(value.values()) if isinstance(value, dict) else [value]
    return any(isinstance(v, list) and v and isinstance(v[0], dict) for v in inner)


def _first_two(path: Path) -> tuple[str, str]:
    said = (line.strip() for line in lines(path) if line.strip())
    return next(said, ""), next(said, "")


def open_json(path: Path) -> Feed:
    """A feed that is one JSON document."""
    return Feed(path, "json", (), lambda: _rows(path))


def _rows(path: Path) -> Iterator[Row]:
    text = whole_text(path)
    for found in values(text, *list_place(text)):
        if found.problem:
            yield Row(path.name, found.line, {}, found.problem)
        elif isinstance(found.value, dict):
            yield Row(path.name, found.line, found.value)
        else:
            problem = Problem.of(None, found.value, "not a JSON object: a product is {...}")
            yield Row(path.name, found.line, {}, problem)


def list_place(text: str, names: frozenset[str] = _NAMES) -> tuple[int, int]:
    """Where the products of a document begin, and on which line."""
    start = len(text) - len(text.lstrip())
    if text.startswith("[", start):
        place = start + 1
    elif _NEXT_OBJECT.search(text):
        place = start
    else:
        place = find_list(text, names) or start
    return place, 1 + text.count("\n", 0, place)
