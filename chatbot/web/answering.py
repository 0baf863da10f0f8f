"""What every call that makes a turn does: who asks is looked up and answered in the turn's own thread, once admitted.

    @router.post("/v1/chat")
    async def chat(answer: Answering, message: Chat) -> Any:
        return answer(lambda visitor, call: answer.desk.say(visitor, message.text, key, call))

Knows nothing of what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from chatbot.memory.records import Session
from chatbot.web.desk import Desk, Sent
from chatbot.web.door import Door
from chatbot.web.making import Making
from chatbot.web.sse import Answer
from chatbot.web.tokens import Pass
from chatbot.web.visiting import AtDesk, AtDoor, Passed
from llm.types import Call


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers one request in the way it accepts: with a Turn, or with the events of its making."""

    desk: Desk
    door: Door
    given: Pass
    accept: str

    def __call__(self, make: Callable[[Session, Call], Generator[Sent]]) -> Answer:
        call = Call(session=self.given.session)
        return Answer(Making(self._made(make, call), call, self.desk.threads), self.accept)

    def _made(self, make: Callable[[Session, Call], Generator[Sent]], call: Call) -> Generator[Sent]:
        yield from make(self.door.session(self.given), call)


async def _answerer(desk: AtDesk, door: AtDoor, given: Passed, accept: Annotated[str, Header()] = "") -> Answerer:
    return Answerer(desk, door, given, accept)


Answering = Annotated[Answerer, Depends(_answerer)]
