"""What values of records are called in Chinese, by lexicon/chinese.toml: navy is 藏青色, "recycled nylon" 再生尼龙.

A value is known whole, by words before one that is, or part by part ("black/white"). Knows no slots, and of names
(brands, models, sizes) nothing: they have no others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache

from catalog.lexicon import FOLDER, fold, plain

_PARTS = re.compile(r"\s*([/&+,])\s*")
_CHINESE = re.compile("[\u4e00-\u9fff]")


@lru_cache(maxsize=4096)
def in_chinese(value: str) -> str | None:
    """What a value is called in Chinese; None where that is not known, or is what it is."""
    if _CHINESE.search(value):
        return None
    if whole := _shown().get(plain(value)) or _shown().get(fold(value)):
        return whole
    *parts, last = _PARTS.split(value)
    if parts:
        named = [in_chinese(part) for part in (*parts[::2], last)]
        return "/".join(filter(None, named)) if all(named) else None
    first, _, rest = plain(value).partition(" ")
    behind = in_chinese(rest) if rest and first in _table()["before"] else None
    return f"{_table()['before'][first]}{behind}" if behind else None


@lru_cache(maxsize=4096)
def said_in_chinese(value: str) -> tuple[str, ...]:
    """What Chinese shoppers call a value, where one word of theirs means it."""
    names = _said().get(plain(value), ())
    shown = in_chinese(value) if not names and plain(value).partition(" ")[0] in _table()["before"] else None
    return names or ((shown,) if shown else ())


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((FOLDER / "chinese.toml").read_text(encoding="utf-8"))


@cache
def _said() -> Mapping[str, tuple[str, ...]]:
    return {plain(value): tuple(names) for value, names in _table()["said"].items()}


@cache
def _shown() -> Mapping[str, str]:
    """By the words as written first: 玩具 for "toys"."""
    said = {value: names[0] for value, names in _said().items()}
    written = {plain(value): name for value, name in _table()["shown"].items()} | said
    return {fold(value): name for value, name in written.items()} | written
