"""Ranking by a model: it picks candidate numbers, best first, and words a reason for each; code does the rest.

The answer streams, one line an item, so that a card can show when its line ends. What the model leaves out, breaks off
or fails to say is filled up in the order it was given. Knows nothing of how a reason is checked before it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import prompts
from catalog.types import Slot
from chatbot.asking import Asking
from chatbot.types import Language, Need, Ranked
from errors import LLMBadOutput, LLMUnavailable

_LINE = re.compile(r"\s*\[(\d{1,3})\]\s*(.*)")
LANGUAGES: Mapping[Language, str] = {"en": "English", "zh": "Chinese"}


class LLMRanker:
    """Reorders what the embedded ranker made of the candidates. `slots` are the catalogue's, for names and units."""

    def __init__(self, slots: Mapping[str, Slot]) -> None:
        self._slots = slots

    def rank(
        self, need: Need, ranked: Sequence[Ranked], limit: int, language: Language, message: str, asking: Asking
    ) -> Iterator[Ranked]:
        """At most `limit` of `ranked`, each once, the model's choice first; `ranked` is in the embedded order."""
        left = dict(enumerate(ranked, 1))
        rendered = prompts.load("rank").render(
            limit=limit,
            language=LANGUAGES[language],
            wishes="\n".join(w.text for w in need.wishes) or need.query,
            profile="-",
            message=message or "-",
            candidates="\n".join(f"[{n}] {r.candidate.product.title}" for n, r in left.items()),
        )
        if len(ranked) > 1 and asking.allows(rendered):
            try:
                for number, reason in _lines(asking.stream(rendered)):
                    if chosen := left.pop(number, None):
                        yield replace(chosen, reason=reason, plain=chosen.reason, ranked_by="llm")
                if len(left) == len(ranked):
                    asking.fail(LLMBadOutput("the model chose nothing that was offered"))
            except LLMUnavailable:  # noted by `asking`; the rest stands as it was
                pass
        yield from left.values()


def _lines(pieces: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(number, reason) of each line as it ends."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        *lines, waiting = waiting.split("\n")
        yield from filter(None, map(_read, lines))
    if last := _read(waiting):
        yield last


def _read(line: str) -> tuple[int, str] | None:
    found = _LINE.fullmatch(line)
    return (int(found[1]), found[2].strip()) if found else None
