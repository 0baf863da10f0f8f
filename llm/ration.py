"""A model with so many tokens a day: once they are spent it is not asked, until the next day begins.

An LLM around an LLM. What is spent is kept by a purse that is handed in. Calls in the making when the last token goes
are not cut short, so a day may end some answers above its measure. A server that does not count, or an answer that was
left before its count came, is estimated by the length of what was asked and said; an endpoint's few tokens for probing are
not counted. Knows nothing of clocks, of storage or of what is asked.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from errors import LLMNotAsked
from llm.types import LLM, Call
from prompts.types import Rendered

CHARACTERS_A_TOKEN = 3  # fewer than any tokenizer's average on the Latin script: the estimate errs towards more tokens


@dataclass(frozen=True, slots=True)
class Ration:
    """Tokens (prompt and answer) of the day: how many went, of how many."""

    spent: int
    of: int

    @property
    def left(self) -> int:
        """How many may still be spent."""
        return max(0, self.of - self.spent)


class Purse(Protocol):
    """What keeps count, whatever process spends."""

    @property
    def ration(self) -> Ration:
        """The day's, as it is now."""
        ...

    def spend(self, tokens: int) -> None:
        """These went. Never waits, and is safe to call from a destructor."""
        ...


class Rationed:
    """`llm`, asked only while the purse holds tokens. Safe to share between threads, as far as both are."""

    def __init__(self, llm: LLM, purse: Purse) -> None:
        self.llm = llm
        self.purse = purse

    @property
    def ration(self) -> Ration:
        """The day's tokens, as they are now."""
        return self.purse.ration

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The model's answer. LLMNotAsked at once where the day's tokens are spent."""
        if not self.purse.ration.left:
            raise LLMNotAsked("the tokens that the model may cost today are spent")
        before, pieces = call.usage, 0
        try:
            with closing(self.llm.stream(rendered, call)) as answer:
                for piece in answer:
                    pieces += 1
                    yield piece
        finally:
            told = call.usage.prompt + call.usage.completion - before.prompt - before.completion
            tokens = told or (_length(rendered) + pieces if pieces else 0)
            if tokens > 0:
                self.purse.spend(tokens)


def _length(rendered: Rendered) -> int:
    return sum(len(message.content) for message in rendered.messages) // CHARACTERS_A_TOKEN
