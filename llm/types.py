"""The one door to a model. Knows nothing of dialogue, products or what an answer means."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol

from prompts.types import Rendered


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counts them; `cached`: the part of the prompt that it did not have to read again."""

    prompt: int = 0
    cached: int = 0
    completion: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.cached + other.cached, self.completion + other.completion)


@dataclass(slots=True)
class Call:
    """One asking, shared by who asks and who answers: how long it is worth waiting, whether it is still wanted, and
    what it came to.

    `deadline`: a reading of time.monotonic(). `session`: whose turn it is, for limits a session; never sent to a model.
    `cancel`: set it from any thread to stop the answer. `usage`: filled in by the model as far as it tells, also where
    the answer is left early. `cut`: set by the model where the answer was cut at its most tokens, so that its end is
    missing. `trouble`: why the answer failed, or was of no use to who asked; empty where all was well. Whoever guards
    a model reads it (a model that talks nonsense is no better than one that is down).
    """

    deadline: float = math.inf
    session: str = ""
    cancel: Event = field(default_factory=Event)
    usage: Usage = Usage()
    cut: bool = False
    trouble: str = ""


class LLM(Protocol):
    """A model that answers in pieces. One method is the whole protocol; everything else derives from it."""

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The answer, piece by piece, as it is made.

        Raises LLMUnavailable (before or between pieces); never returns an error as text. Setting `call.cancel`, passing
        a deadline or closing the generator stops the generation at its source.
        """
        ...


def complete(llm: LLM, rendered: Rendered, call: Call | None = None) -> str:
    """The whole answer at once."""
    return "".join(llm.stream(rendered, call or Call()))
