"""The model's part in one turn: what may still be asked of it, what it was asked, and what came of that.

One Asking lives within one call of Chatbot.turn. Knows nothing of prompts' meaning or of who answers instead.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Literal

from chatbot.events import Turn
from errors import LLMBadOutput, LLMError, LLMNotAsked, LLMUnavailable
from llm.guarded import Guarded, Health
from llm.ration import Ration, Rationed
from llm.types import LLM, Call, Usage
from prompts.types import Rendered

Use = Literal["always", "auto", "sparing"]
"""How readily the model is asked: at every turn; where it may add something; only where the embedded part is at a loss."""

CHARACTERS_A_TOKEN = 3  # fewer than any tokenizer's average on the Latin script: the estimate errs towards more tokens


@dataclass(frozen=True, slots=True)
class Budget:
    """What the model may cost a turn: seconds of waiting, calls, and tokens (prompt and answer, estimated)."""

    seconds: float = 5.5
    calls: int = 2
    tokens: int = 6_000


@dataclass(frozen=True, slots=True)
class Model:
    """A model as an assistant is given it: asked as readily as `use` says, within `budget` a turn."""

    llm: LLM
    use: Use = "auto"
    budget: Budget = Budget()

    @property
    def health(self) -> Health | None:
        """How the model is doing, as far as its door knows without asking it."""
        door = self.llm.llm if isinstance(self.llm, Rationed) else self.llm
        return door.health if isinstance(door, Guarded) else None

    @property
    def ration(self) -> Ration | None:
        """The day's tokens, where they are measured out."""
        return self.llm.ration if isinstance(self.llm, Rationed) else None

    def asking(self, call: Call | None = None) -> Asking:
        """Its part in one turn; `call` says whose turn it is and how to stop it."""
        return Asking(self, call or Call())


class Asking:
    """Asks the model within the turn's budget; after a failure it is not asked again in this turn."""

    def __init__(self, model: Model, call: Call) -> None:
        self.use = model.use
        self.calls = 0
        self.usage = Usage()
        self.waited = 0.0  # seconds
        self.failures: list[LLMError] = []
        self._llm = model.llm
        self._budget = model.budget
        self._reserved = 0
        self._call = call
        self._asked: Call | None = None
        self._deadline = min(call.deadline, time.monotonic() + model.budget.seconds)

    @property
    def degraded(self) -> bool:
        """Was the model asked in vain?"""
        return bool(self.failures)

    @property
    def cut(self) -> bool:
        """Was the last answer cut at its most tokens? Its last line is not whole then."""
        return self._asked is not None and self._asked.cut

    def allows(self, rendered: Rendered) -> bool:
        """Is there anything left to ask this with: no failure yet, a call, time and tokens? Running out of time counts
        as a failure: the answer will be less than it was to be."""
        if self.failures or self.calls >= self._budget.calls:
            return False
        if time.monotonic() >= self._deadline:
            self.fail(LLMUnavailable("no time is left for the model in this turn"))
            return False
        return self._reserved + _estimate(rendered) <= self._budget.tokens

    def stream(self, rendered: Rendered) -> Generator[str, None, None]:
        """The answer as it is made. LLMUnavailable, noted as the turn's failure, where there is none or no more of it.

        Close it when enough was read: the model stops.
        """
        self.calls += 1
        self._reserved += _estimate(rendered)
        self._asked = call = Call(self._deadline, self._call.session, self._call.cancel)
        try:
            with closing(self._llm.stream(rendered, call)) as pieces:
                while (piece := self._next(pieces)) is not None:
                    yield piece
        except LLMUnavailable as trouble:
            self.calls -= isinstance(trouble, LLMNotAsked)
            self.failures.append(trouble)
            raise
        finally:
            self.usage += call.usage

    def complete(self, rendered: Rendered) -> str:
        """The whole answer."""
        return "".join(self.stream(rendered))

    def fail(self, trouble: LLMError) -> None:
        """An answer came and was of no use (LLMBadOutput), or there was no time to ask."""
        self.failures.append(trouble)
        if self._asked and isinstance(trouble, LLMBadOutput):
            self._asked.trouble = str(trouble)

    def _next(self, pieces: Generator[str, None, None]) -> str | None:
        started = time.perf_counter()
        try:
            return next(pieces, None)
        finally:
            self.waited += time.perf_counter() - started


def _estimate(rendered: Rendered) -> int:
    return sum(len(m.content) for m in rendered.messages) // CHARACTERS_A_TOKEN + rendered.max_tokens


def with_model(turn: Turn, asking: Asking) -> Turn:
    """The turn with what the model did in it and cost. Ranked by the model: where any card is."""
    by = "llm" if any(s.ranked_by == "llm" for s in turn.suggestions) else turn.ranked_by
    tokens = {"prompt": asking.usage.prompt, "cached": asking.usage.cached, "completion": asking.usage.completion}
    ms = {**turn.ms, "model": round(asking.waited * 1000, 2)}
    return replace(turn, ranked_by=by, degraded=asking.degraded, llm_calls=asking.calls, tokens=tokens, ms=ms)
