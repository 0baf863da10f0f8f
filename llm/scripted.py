"""A model that says what it was told to say: for tests and scripted dialogues. Shipped, so that nobody needs mocks.

It fails on a call that nobody expected and on an answer that nobody asked for. Both raise ScriptError, which is no
LLMError on purpose: the fallbacks that forgive a model's troubles must not hide a wrong script.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from errors import LLMError, ScriptError
from llm.types import Call
from prompts.types import Rendered

Answer = str | LLMError
PIECE = 7  # characters a piece: small enough to cut words, lines and numbers


class ScriptedLLM:
    """Answers calls by prompt name, in order. `calls` keeps what was asked, for assertions.

    An answer that is an LLMError is raised in place of text.
    """

    def __init__(self, answers: Mapping[str, str | Sequence[Answer]] | None = None, piece: int = PIECE) -> None:
        self.calls: list[Rendered] = []
        self._piece = piece
        self._unexpected: list[str] = []
        self._answers: dict[str, list[Answer]] = {}
        self.load(answers or {})

    def load(self, answers: Mapping[str, str | Sequence[Answer]]) -> None:
        """Replace what is left to say."""
        self._unexpected = []
        self._answers = {name: [given] if isinstance(given, str) else list(given) for name, given in answers.items()}

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.calls.append(rendered)
        waiting = self._answers.get(rendered.name)
        if not waiting:
            self._unexpected.append(rendered.prompt)
            raise ScriptError(f"the script has no answer for a call of {rendered.prompt!r}")
        answer = waiting.pop(0)
        if isinstance(answer, LLMError):
            raise answer
        for start in range(0, len(answer), self._piece):
            if call.cancel.is_set():
                return
            yield answer[start : start + self._piece]

    def finish(self) -> None:
        """Raises ScriptError when a call was unexpected or an answer was never asked for."""
        unused = sorted(f"{name} ({len(left)})" for name, left in self._answers.items() if left)
        troubles = [f"unexpected calls: {', '.join(self._unexpected)}"] if self._unexpected else []
        troubles += [f"answers never asked for: {', '.join(unused)}"] if unused else []
        if troubles:
            raise ScriptError("; ".join(troubles))
