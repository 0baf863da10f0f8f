"""A title cut into its parts: the words of the thing itself, of what comes with it, of what it is for; and phrases to
look up in them.

    "Acme case with strap for iPad 2 - black"   -> acme case | strap | ipad 2 · black

Knows punctuation and a few English joining words, no kinds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from catalog.lexicon import plain, singular

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\b\d+\s*pc\(s\)", re.IGNORECASE)
_CUT = re.compile(r"[,;|:–—]\s+|\s-\s+")
_SLASHED = re.compile(r"(?<=[A-Za-z]{3})/(?=[A-Za-z]{3})")
_MARK = "ǁ"  # a letter no shop writes: stands for a cut while the words are folded
_WITH = frozenset({"with", "w/", "from", "inc", "incl", "including"})
_FOR = frozenset({"for", "f/"})
_FOR_PAIRS = frozenset({("compatible", "with"), ("equivalent", "to")})
_JOINING = frozenset({_MARK, *_WITH, *_FOR, *(first for first, _ in _FOR_PAIRS)})


@dataclass(frozen=True, slots=True)
class Parts:
    """The words of a title's parts: those of the thing itself, of what comes with it, of what it is for."""

    own: list[list[str]]
    besides: list[list[str]]
    served: list[list[str]]


class Phrases:
    """Phrases and the kinds that each names; looked up by their first word, the longest first."""

    def __init__(self, kinds: Mapping[str, tuple[str, ...]]) -> None:
        self.kinds = kinds
        by_first: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in kinds:
            words = tuple(phrase.split())
            by_first[words[0]].append(words)
        self.by_first = {first: tuple(sorted(found, key=len, reverse=True)) for first, found in by_first.items()}


def parts_of(title: str) -> Parts:
    """A title's parts in order. What stands behind the first "for" is what the thing is for."""
    parts = Parts([[]], [], [])
    words = tokens(_CUT.sub(f" {_MARK} ", _ASIDE.sub(" ", title) if "(" in title or "[" in title else title))
    into, current = parts.own, parts.own[0]
    for place, word in enumerate(words):
        if word not in _JOINING:
            current.append(word)
            continue
        served = into is parts.served
        if word == _MARK:
            into = into if served else parts.own
            current = []
            into.append(current)
        elif not served and place and (word in _FOR or (word, *words[place + 1 : place + 2]) in _FOR_PAIRS):
            into, current = parts.served, []
            into.append(current)
        elif not served and place and word in _WITH:
            current = []
            parts.besides.append(current)
        else:
            current.append(word)
    return parts


def tokens(text: str) -> list[str]:
    """Words in the singular; a slash between two words parts them: "labels/colour dots"."""
    return [singular(word) for word in plain(_SLASHED.sub(" ", text) if "/" in text else text).split()]


def folded(text: str) -> str:
    """The words of a text, joined."""
    return " ".join(tokens(text))
