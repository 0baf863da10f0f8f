"""Small hints that a word is meant as a name: a capital letter, a cue before it, standing alone.

Knows the message's letters; knows nothing of what the shop has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from chatbot.track.normal import Message
from chatbot.track.pieces import Piece
from chatbot.track.spans import Span
from chatbot.track.wording import compiled, words


def capital(message: Message, piece: Piece) -> bool:
    """Written with a capital where English would not ask for one, or all in capitals."""
    written = message.text[piece.start : piece.end]
    if not written[:1].isupper():
        return False
    return piece.start > 0 or (written.isupper() and len(written) > 1)


def as_size(message: Message, piece: Piece) -> bool:
    """A letter or two that mean a size: in capitals, or small behind a word for sizes ("size m", 穿l)."""
    written = message.text[piece.start : piece.end]
    if written.isupper() and (len(written) > 1 or written not in "AI"):
        return True
    sized = piece.text in ("s", "m", "l", "xs", "xl") and _size_cue().search(message.lower[: piece.start])
    return bool(sized) and piece.start > 0 and message.lower[piece.start - 1] != "'"


@cache
def _size_cue() -> re.Pattern[str]:
    return compiled(words("places")["size"], after=r"\s*$")


@cache
def _brand_cue() -> re.Pattern[str]:
    return compiled(words("places")["brand"], after=r"\s*$")


def branded(message: Message, piece: Piece) -> bool:
    return _brand_cue().search(message.lower[: piece.start]) is not None


def as_answer(message: Message, piece: Piece) -> bool:
    """ "Brother is ok", "Sharp only": a capital at the start that nothing but a verdict follows."""
    written, rest = message.text[piece.start : piece.end], message.lower[piece.end :]
    return (
        piece.start == 0
        and written[:1].isupper()
        and bool(re.match(r"\W*(?:$|is\b|only\b|please\b|or\b|and\b|too\b)", rest))
    )


def alone(lower: str, piece: Piece, filler: Sequence[Span]) -> bool:
    """A single Chinese character counts as a word when its neighbours are no content characters."""

    def free(position: int) -> bool:
        if not 0 <= position < len(lower) or not "\u3400" <= lower[position] <= "\u9fff":
            return True
        return any(s.covers(position, position + 1) for s in filler)

    return free(piece.start - 1) and free(piece.end)


def has_digit(key: str) -> bool:
    return any(c.isdigit() for c in key)
