"""The scripted model without a server: its answers at once, its tokens counted where a counter is given."""

from __future__ import annotations

from collections.abc import Generator

from bench.model.answers import Answers
from bench.model.tokens import Counter, PrefixCache
from llm.types import Call, Usage
from prompts.types import Rendered


class Local:
    def __init__(self, answers: Answers, counter: Counter | None = None) -> None:
        self._answers = answers
        self._counter = counter
        self._cache = PrefixCache()

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        answer = self._answers.to(rendered.messages[-1].content, rendered.schema)
        if self._counter:
            prompt = self._counter.prompt((m.role, m.content) for m in rendered.messages)
            call.usage = Usage(len(prompt), self._cache.read(prompt), self._counter.count(answer))
        yield answer
