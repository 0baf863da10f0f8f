"""One application over the fake assistant, and a client that talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from tests.chatbot.web.fakes import FakeAssistant


@dataclass
class Visitor:
    """A client with a session's token."""

    client: TestClient
    session: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def call(self, method: str, path: str, json: object = None, **more: Any) -> Any:
        headers = self.headers | more.pop("headers", {})
        return self.client.request(method, path, json=json, headers=headers, **more)

    def say(self, text: str, key: str = "m1") -> Any:
        return self.call("POST", "/v1/chat", {"text": text, "message_id": key})


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with People.open(tmp_path / "people.db") as people:
        yield people


@pytest.fixture
def app(assistant: FakeAssistant, people: People, tmp_path: Path) -> FastAPI:
    settings = WebSettings(origins=("https://shop.example",), pictures=(tmp_path / "pictures",), page=False)
    return create_app(assistant, people, settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    opened = client.post("/v1/sessions", json={"locale": "en"}).json()
    return Visitor(client, opened["session"], opened["token"])
