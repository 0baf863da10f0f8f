"""Where scripted dialogues are played: the shop each one names, opened once, with a chatbot over it.

Knows how to find a chatbot for a script; not what a script expects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chatbot.asking import Budget, Model
from chatbot.scripts.run import Bot, run
from chatbot.scripts.shops import Shops
from chatbot.scripts.types import Result, Script
from chatbot.turn import Chatbot
from errors import ScriptError
from llm.types import LLM
from retrieval.embedder import Embedder

PATIENT = 600.0  # seconds: a canned answer takes no time, and a busy machine must not cut a script short
Wrap = Callable[[Chatbot], Bot]


@dataclass(slots=True)
class Stage:
    """One catalogue for every script (`db`), or the shop that each names (`shops`). `db` wins.

    `model`: is asked by scripts that have no canned answers of their own.
    """

    db: Path | None = None
    shops: Shops | None = None
    encoder: Embedder | None = None
    model: Model | None = None
    _open: dict[Path, Chatbot] = field(default_factory=dict)

    def chatbot(self, script: Script) -> Chatbot:
        """The chatbot that a script talks to. ScriptError when nothing says which shop."""
        path = self.db or self._of_shop(script)
        if path not in self._open:
            self._open[path] = Chatbot.open(path, self.model, embedder=self.encoder)
        return self._open[path]

    def play(self, script: Script, wrap: Wrap | None = None) -> Result:
        """Run a dialogue. `wrap` puts another bot over the same catalogue in its place."""
        chatbot = self.chatbot(script)

        def bot(llm: LLM | None) -> Bot:
            answering = chatbot.with_model(Model(llm, "always", Budget(PATIENT))) if llm else chatbot
            return wrap(answering) if wrap else answering

        return run(script, bot, chatbot.catalog.get)

    def _of_shop(self, script: Script) -> Path:
        if self.shops is None:
            raise ScriptError(f"{script.file}:{script.line}: which catalogue? Give a database, or a folder of shops.")
        if script.shop is None:
            raise ScriptError(f"{script.file}:{script.line}: shop: is missing, and no database is given")
        return self.shops.database(script.shop)
