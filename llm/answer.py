"""An answer as it comes in: its pieces from any backend -> the words for whoever asked, while there is time and sense.

A flood of text is cut off; thoughts and the caller's own time do not count; what is no text (control characters, halves
of surrogate pairs, which nothing further on could store or show) is dropped. Knows nothing of where pieces come from.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from errors import LLMUnavailable
from llm.thoughts import Thoughts
from llm.types import Usage
from llm.watch import Watch

CHARACTERS_A_TOKEN = 40  # a generous bound on what max_tokens can come to
NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
CUT = "length"  # the finish reason of an answer that reached its most tokens


@dataclass(frozen=True, slots=True)
class Piece:
    """What a backend adds at once: words (thoughts that it tells apart are not among them), the tokens counted so far,
    and why the answer ends, when it does."""

    text: str = ""
    usage: Usage | None = None
    finish: str = ""


def words(pieces: Iterable[Piece], watch: Watch, max_tokens: int) -> Iterator[str]:
    """The words of an answer; what it came to is written into the watch's call. Raises as Watch.check does."""
    room = max_tokens * CHARACTERS_A_TOKEN
    thoughts, call, told = Thoughts(), watch.call, False
    for piece in pieces:
        watch.check()
        room -= len(piece.text)
        if room < 0:
            raise LLMUnavailable("the model's answer does not end")
        told = told or piece.usage is not None
        call.usage = piece.usage or (call.usage if told else _one_more(call.usage, piece))
        call.cut = call.cut or piece.finish == CUT
        yield from _handed(thoughts.without(NO_TEXT.sub("", piece.text)), watch)
    yield from _handed(thoughts.rest(), watch)


def _one_more(usage: Usage, piece: Piece) -> Usage:
    """Where a server does not count, a piece is a token: that is how they stream."""
    return replace(usage, completion=usage.completion + bool(piece.text))


def _handed(text: str, watch: Watch) -> Iterator[str]:
    if not text:
        return
    if text.strip():
        watch.words()
    handed = time.monotonic()
    yield text
    watch.away(time.monotonic() - handed)
