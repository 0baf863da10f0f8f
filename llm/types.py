"""The one door to a model. Knows nothing of dialogue, products or what an answer means."""

from __future__ import annotations

from collections.abc import Generator
from threading import Event
from typing import Protocol

from prompts.types import Rendered


class LLM(Protocol):
    """A model that answers in pieces. One method is the whole protocol; everything else derives from it."""

    def stream(self, rendered: Rendered, cancel: Event) -> Generator[str, None, None]:
        """The answer, piece by piece, as it is made.

        Raises LLMUnavailable (before or between pieces); never returns an error as text. Setting `cancel`, passing
        a deadline or closing the generator stops the generation at its source.
        """
        ...


def complete(llm: LLM, rendered: Rendered, cancel: Event | None = None) -> str:
    """The whole answer at once."""
    return "".join(llm.stream(rendered, cancel or Event()))
