"""A title cut into its parts: the words of the thing itself, of what comes with it, of what it is for.

    "Acme case with strap for iPad 2 - black"   -> acme case · black | strap | ipad 2

Knows punctuation and a few English joining words, no kinds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.lexicon import fold

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\b\d+\s*pc\(s\)", re.IGNORECASE)
_SEGMENT = re.compile(r"\s*[,;|:–—]\s+|\s+-\s+")
_BESIDES = re.compile(r"\s+(?:with|w/|from|incl\.?|including|plus)\s+", re.IGNORECASE)  # what comes with the thing
_AFTER_FOR = re.compile(r"\s+(?:for|f/|compatible with|equivalent to|designed for)\s+", re.IGNORECASE)
_SLASHED = re.compile(r"(?<=[A-Za-z]{3})/(?=[A-Za-z]{3})")


@dataclass(frozen=True, slots=True)
class Parts:
    """The words of a title's parts: those of the thing itself, of what comes with it, of what it is for."""

    own: list[list[str]]
    besides: list[list[str]]
    served: list[list[str]]


def parts_of(title: str) -> Parts:
    """A title's parts in order: what may name the thing, what names what comes with it, and what it is for."""
    before, *after = _AFTER_FOR.split(_ASIDE.sub(" ", title))
    own: list[list[str]] = []
    besides: list[list[str]] = []
    for segment in _SEGMENT.split(before):
        first, *others = _BESIDES.split(segment)
        own.append(folded(first).split())
        besides.extend(folded(other).split() for other in others)
    served = [folded(segment).split() for part in after for segment in _SEGMENT.split(part)]
    return Parts(own, besides, served)


def folded(text: str) -> str:
    """Words in the singular; a slash between two words parts them: "labels/colour dots"."""
    return fold(_SLASHED.sub(" ", text))
