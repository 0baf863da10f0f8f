"""A model that may fail, behind what keeps it from harming the rest: a circuit breaker and a bounded queue.

An LLM around an LLM. While the model is down every call is told so at once; while it is busy few wait, and not for
long. Knows nothing of what is asked, nor of who answers instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from errors import LLMUnavailable
from llm.breaker import Breaker, Patience, State, Wait
from llm.limits import Limits, Queue
from llm.types import LLM, Call
from prompts.types import Message, Rendered

PROBE = Rendered("probe@1", (Message("user", "Say yes."),), max_tokens=1)


@dataclass(frozen=True, slots=True)
class Health:
    """How a model is doing. `running`, `waiting`: calls now. `failures`: in a row, probes included. `why`: the latest
    trouble, "" when all is well; for operators, never for shoppers: it names the server."""

    state: State
    running: int
    waiting: int
    failures: int
    why: str


class Guarded:
    """`llm`, asked only as far as `limits` allow and while it answers. Safe to share between threads."""

    def __init__(
        self,
        llm: LLM,
        limits: Limits | None = None,
        patience: Patience | None = None,
        wait: Wait = threading.Event.wait,
    ) -> None:
        self.llm = llm
        self._patience = patience or Patience()
        self._queue = Queue(limits or Limits())
        self._breaker = Breaker(self.probe, self._patience, wait)

    @property
    def health(self) -> Health:
        """How the model is doing, as far as is known without asking it."""
        breaker, queue = self._breaker, self._queue
        breaker.review()
        return Health(breaker.state, queue.running, queue.waiting, breaker.failures, breaker.why)

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The model's answer. LLMUnavailable also at once where it is known to fail, and soon where it is busy."""
        self._breaker.check()
        if (ticket := self._queue.enter(call)) is None:
            return
        try:
            self._breaker.check()  # it may have opened meanwhile
            yield from self._noted(rendered, call)
        finally:
            self._queue.leave(ticket)

    def _noted(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        """The model's answer, for the breaker to judge by; an answer that was not waited for says nothing."""
        call.trouble = ""
        try:
            with closing(self.llm.stream(rendered, call)) as pieces:
                yield from pieces
        except LLMUnavailable as trouble:
            call.trouble = str(trouble)
            self._breaker.note(call)
            self._breaker.review()  # at once, so that it is found when it comes back even if nobody asks again
            raise
        except GeneratorExit:
            self._breaker.note(call)
            raise
        if not call.cancel.is_set():
            self._breaker.note(call)

    def probe(self) -> None:
        """Asks the model for one token, whatever is known of it. LLMUnavailable when it does not answer in time."""
        for _ in self.llm.stream(PROBE, Call(time.monotonic() + self._patience.probe)):
            pass

    def close(self) -> None:
        """Ends what runs in the background."""
        self._breaker.close()
