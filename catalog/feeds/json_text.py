"""JSON values out of a text, one after the other, each with its line, or the reason why one cannot be read.

A broken value costs itself only: reading goes on behind it, where its brackets close or the next value begins a line in
the same place. Knows no formats and no columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.feeds.rows import Problem

_BLANK = re.compile(r"[\s,]*")
_TOKEN = re.compile(r'(?<!\\)"(?:[^"\\\n]|\\.)*"|[{}\[\]]')
_AFTER_SCALAR = re.compile(r"[\n,\]]")
_INDENT = re.compile(r"[ \t]*")
_LONGEST_BROKEN = 1 << 20  # characters in which the end of a broken value is looked for
MOST_BROKEN = 1_000
"""Values of one document that may be broken before the rest of it is given up."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value, or what is wrong with it, and the line it begins on."""

    line: int
    value: object
    problem: Problem | None = None


class _NotANumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _refuse(constant: str) -> float:
    raise _NotANumber(constant)


_STRICT = json.JSONDecoder(parse_constant=_refuse)
_LENIENT = json.JSONDecoder(parse_constant=_refuse, strict=False)  # line breaks in texts, as pages have them


def decode(text: str) -> object:
    """The one value that a text states; ValueError or RecursionError, which `problem_of` puts into words."""
    return _STRICT.decode(text)


def problem_of(error: Exception, text: str) -> Problem:
    """Why a value cannot be read."""
    if isinstance(error, _NotANumber):
        return Problem.of(None, str(error), f"{error} is not a number in JSON")
    return Problem.of(None, text, f"not a JSON object: {_why(error)}")


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1} (is the line cut short?)"
    return "it is nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


def values(text: str, start: int = 0, line: int = 1, lenient: bool = False) -> Iterator[Found]:
    """The values from `start`, which stands on `line`, to the end of the text or of the list that they stand in."""
    read = (_LENIENT if lenient else _STRICT).raw_decode
    place, broken = start, 0
    while True:
        begin = _BLANK.match(text, place).end()  # type: ignore[union-attr]  # it matches anywhere
        line += text.count("\n", place, begin)
        if begin >= len(text) or text[begin] == "]":
            return
        try:
            value, end = read(text, begin)
        except (ValueError, RecursionError) as error:
            broken += 1
            end = _end_of_broken(text, begin) if broken <= MOST_BROKEN else len(text)
            yield Found(line, None, _place_in_line(error, text, begin, end))
        else:
            yield Found(line, value)
        line += text.count("\n", begin, end)
        place = end


def _place_in_line(error: Exception, text: str, begin: int, end: int) -> Problem:
    """Told from where the value begins: a character's number in a whole document helps nobody."""
    if isinstance(error, json.JSONDecodeError):
        rows, column = text.count("\n", begin, error.pos), error.pos - max(text.rfind("\n", 0, error.pos), begin - 1)
        where = f"character {column}" if not rows else f"character {column}, {rows} lines further down"
        return Problem.of(None, text[begin:end].strip(), f"not valid JSON: {error.msg} at {where}")
    return problem_of(error, text[begin : min(end, begin + 300)])


def _end_of_broken(text: str, begin: int) -> int:
    """Where the next value may begin."""
    if text[begin] not in "{[":
        found = _AFTER_SCALAR.search(text, begin + 1)
        return found.start() if found else len(text)
    line_start = text.rfind("\n", 0, begin) + 1
    indent = text[line_start:begin]
    same = re.compile(rf"\n{indent}\{text[begin]}") if _INDENT.fullmatch(indent) else None
    far = min(begin + _LONGEST_BROKEN, len(text))
    sibling = same.search(text, begin + 1, far) if same else None
    limit = sibling.start() if sibling else far
    depth = 0
    for token in _TOKEN.finditer(text, begin, limit):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
            if depth <= 0:
                return token.end()
    return max(limit, begin + 1)


def find_list(text: str, names: frozenset[str], deepest: int | None = None) -> int | None:
    """Where the list of objects in an object begins: the first that is called by one of `names`, else the longest.

    Lists inside lists are not looked into. `deepest`: how many braces may be open around it; then its name must fit.
    """
    name, begun, depth, braces = (
        "",
        0,
        0,
        0,
    )  # the last text at hand; where the open list begins, the brackets open in it
    longest = (0, 0)
    for token in _TOKEN.finditer(text):
        mark = token[0][0]
        if begun:
            depth += (mark in "{[") - (mark in "}]")
            if not depth:
                length = token.start() - begun if _object_follows(text, begun) else 0
                longest, begun = max(longest, (length, begun)), 0
        elif mark == '"':
            name = token[0][1:-1].casefold()
        elif mark == "[":
            if name in names and (deepest is None or braces <= deepest) and _object_follows(text, token.end()):
                return token.end()
            begun, depth = token.end(), 1
        else:
            braces += (mark == "{") - (mark == "}")
            if deepest is not None and not braces:
                return None
    return longest[1] if deepest is None and longest[0] else None


def _object_follows(text: str, place: int) -> bool:
    return text[place : place + 200].lstrip().startswith("{")
