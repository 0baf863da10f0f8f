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


def test_each_text_is_encoded_once_and_only_when_it_is_asked_for() -> None:
    counting = Counting()
    found = Encoded("a b", counting)
    assert counting.calls == []
    assert [found.of(text) is not None for text in ("b", "a b", "b")] == [True, True, True]
    assert counting.calls == [["b"], ["a b"]]


def test_what_the_encoder_cannot_read_has_no_vector() -> None:
    counting = Counting()
    assert [Encoded(text, counting).of(text) for text in ("你好", " ", "")] == [None, None, None]
    assert UNREAD.of("a") is None
    assert counting.calls == []
