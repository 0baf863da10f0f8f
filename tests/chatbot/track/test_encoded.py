"""The one call of the encoder in a turn."""

from __future__ import annotations

from typing import cast

import numpy as np

from chatbot.track.encoded import UNREAD, encode
from retrieval.embedder import Embedder


def test_a_message_is_encoded_once_with_its_phrases() -> None:
    calls: list[list[str]] = []

    class Counting:
        id, dim = "counting", 2

        def encode(self, texts: list[str], kind: str = "query") -> object:
            calls.append(list(texts))
            return np.ones((len(texts), 2), np.float32)

        def reads(self, text: str) -> bool:
            return text.isascii()

    counting = cast(Embedder, Counting())
    found = encode("a b", ("a", "b", "a"), counting)
    assert (calls, sorted(found.vectors)) == ([["a b", "a", "b"]], ["a", "a b", "b"])
    assert encode("你好", (), counting) == UNREAD
    assert len(calls) == 1
