"""Which words of a text carry its content: the rest ("I'm looking for a", "有没有") says nothing about a product.

Knows nothing of indexes; Chinese runs are cut into overlapping pairs, as the catalogue indexes them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:'[^\W\d_{_CJK}]+)?")


def content_words(text: str) -> tuple[str, ...]:
    """Lower-case words without stop words, each once; Chinese as overlapping pairs."""
    found: list[str] = []
    for run in content_runs(text):
        found.extend(_pairs(run) if is_chinese(run) else (run,))
    return tuple(dict.fromkeys(found))


def content_runs(text: str) -> tuple[str, ...]:
    """As content_words, but Chinese left in whole runs: the words to say back to a person."""
    stop, fillers = _lists()
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower().replace("’", "'")):
        if is_chinese(run):
            found.extend(part for part in fillers.split(run) if part)
        elif run not in stop:
            found.append(run.removesuffix("'s"))
    return tuple(dict.fromkeys(found))


def is_chinese(word: str) -> bool:
    """Whether a word of ours is a run of Chinese or Japanese characters."""
    return bool(re.match(rf"[{_CJK}]", word))


def _pairs(run: str) -> tuple[str, ...]:
    return tuple(run[i : i + 2] for i in range(max(1, len(run) - 1)))


@cache
def _lists() -> tuple[frozenset[str], re.Pattern[str]]:
    """English stop words, and a pattern of Chinese fillers, the longest first."""
    lists = tomllib.loads((Path(__file__).parent / "stopwords.toml").read_text("utf-8"))
    fillers = sorted(lists["zh"]["words"].split(), key=len, reverse=True)
    return frozenset(lists["en"]["words"].split()), re.compile("|".join(map(re.escape, fillers)))
