"""An assistant that asks for people and orders, and a shop with an inbox and systems of its own, all on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from chatbot.context import Context, Counter
from chatbot.events import Event, Finished
from chatbot.memory.store import People
from chatbot.types import AgentAct, DialogueState
from chatbot.web.app import WebSettings, create_app
from chatbot.web.site import Site
from llm.types import Call
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving

PASSWORD = "open, sesame"


@dataclass
class AskingAssistant(FakeAssistant):
    """Wishes for a person where a message says "person", asks for an order where it says "order NUMBER"."""

    def turn(
        self, state: DialogueState, text: str, call: Call | None = None, context: Context | None = None
    ) -> Iterator[Event]:
        counter = context.counter if context else None
        for event in super().turn(state, text, call, context):
            yield self._asked(event, state, text, counter) if isinstance(event, Finished) and counter else event

    def _asked(self, done: Finished, state: DialogueState, text: str, counter: Counter) -> Finished:
        if "person" in text:
            told = counter.handoff(state, text)
            return replace(done, turn=replace(done.turn, acts=(AgentAct.HANDOFF,), handoff=told))
        if "order" in text:
            order = counter.order(text.partition("order")[2].strip())
            return replace(done, turn=replace(done.turn, acts=(AgentAct.FAQ,), order=order))
        return done


@dataclass
class Caller:
    """Someone with a token, at a real server."""

    client: httpx.Client
    token: str

    def __call__(self, method: str, path: str, json: object = None) -> Any:
        answer = self.client.request(method, path, json=json, headers={"Authorization": f"Bearer {self.token}"})
        assert answer.status_code < 500, answer.text
        return answer.json() if answer.content else answer.status_code

    def status(self, method: str, path: str, json: object = None) -> int:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.request(method, path, json=json, headers=headers).status_code

    def say(self, text: str, key: str) -> Any:
        return self("POST", "/v1/chat", {"text": text, "message_id": key})


@dataclass
class ServedShop:
    """A shop at its address, the file that holds its conversations, and the assistant behind it."""

    client: httpx.Client
    people: People
    assistant: FakeAssistant

    def shopper(self, **opening: object) -> Caller:
        return Caller(self.client, self.client.post("/v1/sessions", json=opening).json()["token"])

    def person(self, name: str = "Mira") -> Caller:
        told = self.client.post("/staff/login", json={"password": PASSWORD, "name": name})
        return Caller(self.client, told.json()["token"])


@contextmanager
def shop(folder: Path, site: Site, page: bool = False) -> Iterator[ServedShop]:
    """The whole application at a real server."""
    assistant: FakeAssistant = AskingAssistant()
    people = People.open(folder / "people.db")
    with (
        serving(create_app(assistant, people, WebSettings(page=page), site)) as address,
        httpx.Client(base_url=address, timeout=10) as client,
    ):
        yield ServedShop(client, people, assistant)
