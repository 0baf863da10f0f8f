"""Dialogues that their client keeps: the state after a list of messages, replayed or remembered.

What was answered here is found again under a hash of the messages that led to it, answers included, so that the next
call of the same dialogue costs one turn; what is not (after a restart, in another process, a list somebody wrote) is
replayed from the shopper's messages by the embedded assistant: no model is asked twice. Where a model had understood them
otherwise, the turns from then on stand on the embedded assistant's ledger, which each answer shows. Each message replayed
is paid for first; where that ends a replay, what was done of it is remembered, and the next call goes on from there.

Kept in memory only, never on the disk, and bounded: a state holds what the shopper said, and of a dialogue without a session
there is nobody whom its export or deletion could be offered. Knows nothing of HTTP or of how messages are written on the
wire.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.events import Finished
from chatbot.types import DialogueState, Language
from chatbot.web.shop import Assistant
from errors import TurnLeft
from llm.types import Call

STATES = 1_024
"""States kept in a process, two for each answer: some kilobytes, after sixty turns forty."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a dialogue, as plain text."""

    role: Literal["user", "assistant"]
    text: str


class Replay:
    """Safe to share between threads."""

    def __init__(self, most: int = STATES) -> None:
        self._most = most
        self._states: OrderedDict[bytes, DialogueState] = OrderedDict()
        self._lock = threading.Lock()

    def state(
        self, assistant: Assistant, messages: Sequence[Message], language: Language, call: Call, pay: Callable[[], None]
    ) -> tuple[DialogueState, bytes]:
        """The state after these messages, and the key they are known by. TurnLeft when `call` is cancelled meanwhile; what
        `pay`, called before each message that has to be replayed, raises."""
        keys = [hashlib.sha256(f"{assistant.catalog.generation}\0{language}".encode()).digest()]
        for message in messages:
            keys.append(after(keys[-1], message))
        start, state = self._latest(keys, DialogueState(language=language))
        embedded = assistant.with_model(None) if start < len(messages) else assistant
        done = start
        try:
            for message in messages[start:]:
                if message.role == "user":
                    pay()
                    state = _replayed(embedded, state, message.text, call)
                done += 1
        finally:
            if done > start:
                self.keep(keys[done], state)
        return state, keys[-1]

    def keep(self, key: bytes, state: DialogueState) -> None:
        """Remember the state after the messages known by `key`; the one not asked for longest is forgotten."""
        with self._lock:
            self._states[key] = state
            self._states.move_to_end(key)
            if len(self._states) > self._most:
                self._states.popitem(last=False)

    def _latest(self, keys: Sequence[bytes], begin: DialogueState) -> tuple[int, DialogueState]:
        """How many messages the remembered state furthest on stands for, and that state."""
        with self._lock:
            for number in range(len(keys) - 1, 0, -1):
                if state := self._states.get(keys[number]):
                    self._states.move_to_end(keys[number])
                    return number, state
        return 0, begin


def after(key: bytes, message: Message) -> bytes:
    """The key of a list of messages with one more at its end."""
    return hashlib.sha256(key + f"{message.role}\0{message.text.strip()}".encode()).digest()


def _replayed(assistant: Assistant, state: DialogueState, text: str, call: Call) -> DialogueState:
    for event in assistant.turn(state, text, Call(cancel=call.cancel)):
        if call.cancel.is_set():
            raise TurnLeft("the dialogue was left while it was replayed")
        if isinstance(event, Finished):
            state = event.state
    return state
