"""Reads the tracker's word lists (words/*.toml) and compiles them into patterns, once.

A list entry is a small regular expression over lower-case normalised text: a blank matches a blank, `(a|b)` and `?`
mean what they always do, `~` stands for up to three filler words. Latin entries match whole words; Chinese ones match
anywhere. Knows nothing of what the words mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAS_CJK = re.compile(f"[{CJK}]")
_NO_MID = "(?:(?<![a-z0-9])|(?![a-z0-9]))"  # not inside a word
_FILLER = r"(?:[\w'-]+ ){0,3}?"


@cache
def words(name: str) -> dict[str, Any]:
    """The parsed file words/NAME.toml."""
    return tomllib.loads(files("chatbot.track").joinpath("words", f"{name}.toml").read_text(encoding="utf-8"))


def has_cjk(text: str) -> bool:
    """True when a Chinese character occurs."""
    return _HAS_CJK.search(text) is not None


def alternation(entries: Iterable[str]) -> str:
    """One pattern source that matches any entry, whole words for Latin ones; longer entries first."""
    ordered = (_source(entry) for entry in sorted(entries, key=len, reverse=True))
    return "(?:" + "|".join(_bounded("|".join(run), cjk) for cjk, run in groupby(ordered, has_cjk)) + ")"


def _source(entry: str) -> str:
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", entry.replace("~ ", _FILLER))


def _bounded(sources: str, cjk: bool) -> str:
    """Entries in a row are bounded together: the engine tries their first letters only where a word begins."""
    return f"(?:{sources})" if cjk else f"{_NO_MID}(?:{sources}){_NO_MID}"


def named(groups: Mapping[str, Iterable[str]]) -> str:
    """One pattern source with a named group for each list of entries, tried in the order given."""
    return "(?:" + "|".join(f"(?P<{name}>{alternation(entries)})" for name, entries in groups.items()) + ")"


def compiled(entries: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    """The entries as one compiled pattern, with `before` and `after` around it."""
    return re.compile(before + alternation(entries) + after)
