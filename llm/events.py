"""What an OpenAI-compatible server streams: server-sent events -> the pieces of an answer, with what was counted.

Everything is checked: the other side may be any server, or broken. Knows nothing of connections or clocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from errors import LLMUnavailable
from llm.answer import Piece
from llm.types import Usage

LINE_LIMIT = 100_000  # bytes of one event; a piece of an answer takes some hundred
MOST_TOKENS = 10**9  # of one answer: a larger number is no count, and may be more than a float holds
BROKEN = frozenset({"abort", "error"})


def pieces(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Each event's piece. LLMUnavailable for an error, another shape, or a stream that ends before the answer does."""
    finished = False
    for event in _events(chunks):
        if event is None:
            return
        piece = _read(event)
        if piece.finish in BROKEN:
            raise LLMUnavailable("the model server gave the answer up")
        finished = finished or bool(piece.finish)
        yield piece
    if not finished:
        raise LLMUnavailable("the model's answer broke off")


def _events(chunks: Iterable[bytes]) -> Iterator[str | None]:
    """The data of each server-sent event; None for [DONE]."""
    waiting = b""
    for chunk in chunks:
        *lines, waiting = (waiting + chunk).split(b"\n")
        if len(waiting) > LINE_LIMIT:
            raise LLMUnavailable("the model server sends no lines")
        for line in lines:
            name, _, data = line.strip().partition(b":")
            if name == b"data":
                yield None if data.strip() == b"[DONE]" else data.decode("utf-8", "replace")


def _read(event: str) -> Piece:
    try:
        data = json.loads(event)
        choices = data["choices"]
        counted = data.get("usage")
        choice = choices[0] if choices else {"delta": {}}
        text = (choice["delta"] or {}).get("content")
        finish = choice.get("finish_reason")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as trouble:
        raise LLMUnavailable("the model server sent something that is no answer") from trouble
    return Piece(
        text if isinstance(text, str) else "",
        _usage(counted) if isinstance(counted, dict) else None,
        finish if isinstance(finish, str) else "",
    )


def _usage(counted: dict[str, object]) -> Usage:
    details = counted.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return Usage(_count(counted.get("prompt_tokens")), _count(cached), _count(counted.get("completion_tokens")))


def _count(given: object) -> int:
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 < given < MOST_TOKENS else 0
