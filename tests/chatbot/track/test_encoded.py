"""What of a message the encoder is asked, and when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chatbot.track.encoded import UNREAD, Encoded, Vector
from retrieval.embedder import Kind


class Counting:
    """An encoder that keeps what it is asked."""

    id, dim = "counting", 2

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> Vector:
        self.calls.append(list(texts))
        return np.ones((len(texts), 2), np.float32)

    def reads(self, text: str) -> bool:
        return text.isascii()


def test_the_encoder_is_called_once_and_only_when_a_vector_is_asked_for() -> None:
    counting = Counting()
    found = Encoded("a b", counting)
    assert counting.calls == []
    found.ask(["b", "b"])
    assert [found.of(text) is not None for text in ("b", "a b", "b", "a")] == [True, True, True, False]
    assert counting.calls == [["b", "a b"]]


def test_the_message_alone_is_one_call_too() -> None:
    counting = Counting()
    assert Encoded("a b", counting).of("a b") is not None
    assert counting.calls == [["a b"]]


def test_what_the_encoder_cannot_read_has_no_vector() -> None:
    counting = Counting()
    assert [Encoded(text, counting).of(text) for text in ("你好", " ", "")] == [None, None, None]
    assert UNREAD.of("a") is None
    assert counting.calls == []
