"""Is a reason one that a shop assistant would give? In the shopper's language, more than the title, no order to buy,
no remark about the person. The words: words/manner.toml.

Knows nothing of whether it is true; claims.py judges that.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chatbot.rank.claim_words import found, normal, phrase
from chatbot.types import Language

TABLE = Path(__file__).parent / "words" / "manner.toml"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W\d_]", re.ASCII)
_EDGES = " ,;:.-–—，；：、。"


def becoming(reason: str, title: str, language: Language) -> str:
    """The reason without the title before it; "" where it is not one to give."""
    if reason.casefold().startswith(title.casefold()):
        reason = reason[len(title) :].lstrip(_EDGES)
        reason = reason[:1].upper() + reason[1:]
    said = normal(reason)
    if not _in(language, reason) or said.strip() in normal(title) or is_stump(reason):
        return ""
    return "" if found(_words()["unbecoming"], said) else reason


def is_stump(text: str) -> bool:
    """Does the text break off, or say nothing by itself ("it has a", "comes with")?"""
    tokens = normal(text).split()
    if not tokens or all(token in _words()["empty"] for token in tokens):
        return True
    return any(
        tokens[-1] == word or (_CHINESE.match(word) and tokens[-1].endswith(word)) for word in _words()["endings"]
    )


def _in(language: Language, text: str) -> bool:
    """Is the text in this language? Names and values of the other may stand in it."""
    chinese, latin = len(_CHINESE.findall(text)), len(_LATIN.findall(text))
    return bool(chinese) if language == "zh" else latin > 2 * chinese


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    whole = {name: tuple(phrase(word) for word in table[name]["words"]) for name in ("unbecoming",)}
    return whole | {name: tuple(table[name]["words"]) for name in ("endings", "empty")}
