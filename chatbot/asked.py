"""What a model would be asked in a turn, without one: the turn is played, each prompt is written down.

The turn goes on as the embedded parts have it; a real model's answer to the first call may change what the second says.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from chatbot.asking import Asking, Model, Use
from chatbot.events import Finished
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from errors import AisleError, LLMUnavailable
from llm.types import Call
from prompts.types import Rendered


class Writer:
    """A model that writes down what it is asked, and says nothing."""

    def __init__(self) -> None:
        self.asked: list[Rendered] = []

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.asked.append(rendered)
        raise LLMUnavailable("it only writes down what it is asked")
        yield ""


@dataclass(frozen=True, slots=True)
class Dictated(Model):
    """Asked as readily and within the same budget as a model that answers."""

    def asking(self, call: Call | None = None) -> Asking:
        return _AsksInVain(self, call or Call())


class _AsksInVain(Asking):
    def allows(self, rendered: Rendered) -> bool:
        """Asks at once, as far as there is leave to, and denies it: the turn goes on as if the model had no part in it."""
        if super().allows(rendered):
            with suppress(LLMUnavailable):
                self.complete(rendered)
            self.failures.clear()  # no answer is what was wanted: the turn's other calls are made, too
        return False


def asked(chatbot: Chatbot, messages: Sequence[str], use: Use) -> tuple[Rendered, ...]:
    """What a model would be asked at the last of `messages`, the embedded assistant having answered the others."""
    *earlier, last = messages
    writer, state, plain = Writer(), DialogueState(), chatbot.with_model(None)
    for message in earlier:
        state = _after(plain, state, message)
    _after(chatbot.with_model(Dictated(writer, use)), state, last)
    return tuple(writer.asked)


def _after(chatbot: Chatbot, state: DialogueState, message: str) -> DialogueState:
    *_, end = chatbot.turn(state, message)
    if not isinstance(end, Finished):
        raise AisleError("the turn ended without an answer")
    return end.state
