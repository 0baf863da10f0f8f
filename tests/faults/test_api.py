"""Faults of the model as a shop's page meets them: POST /v1/chat, whole and as events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from chatbot.asking import Budget, Model
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.web.app import WebSettings, create_app
from llm.vllm import VLLM
from llm.watch import Deadlines
from tests.faults.faults import FAULTS, spoiling
from tests.faults.playing import NEVER_SHOWN, TENTH
from tests.faults.shopper import DIALOGUES
from tests.faults.unreachable import UNREACHABLE
from tests.llm.fake_server import server

WISH = DIALOGUES[2][0][0]
EVENTS = ["turn.start", "status", "state", "status", "status", *["card"] * 5, "text.delta", "quick_replies", "turn.end"]


@contextmanager
def shop(embedded: Chatbot, url: str, folder: Path, slow: bool) -> Iterator[TestClient]:
    """The API over the demo shop with the model at this address, for a shopper who has a session."""
    deadlines = TENTH if slow else Deadlines()
    model = Model(VLLM(url, "tiny", deadlines=deadlines), "always", Budget(seconds=deadlines.total))
    app = create_app(embedded.with_model(model), People.open(folder / "people.db"), WebSettings(page=False))
    with TestClient(app) as client:
        token = client.post("/v1/sessions", json={}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, by name."""
    parts = [part.split("\n", 1) for part in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def told(client: TestClient) -> tuple[dict[str, Any], dict[str, Any]]:
    """The turns of a message answered whole, and of the next answered as events; nothing of a fault is in either."""
    whole = client.post("/v1/chat", json={"text": WISH})
    streamed = client.post("/v1/chat", json={"text": "below 200"}, headers={"Accept": "text/event-stream"})
    assert (whole.status_code, streamed.status_code) == (200, 200)
    found = NEVER_SHOWN.search(whole.text + streamed.text)
    assert found is None, found
    seen = events(streamed.text)
    assert [name for name, _ in seen] == EVENTS
    end = seen[-1][1]
    assert [card for name, card in seen if name == "card"] == end["suggestions"]
    assert all(card["price"] < 200 for card in end["suggestions"])
    return whole.json(), end


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_model_out_of_reach(embedded: Chatbot, resolver: None, tmp_path: Path, name: str) -> None:
    with UNREACHABLE[name]() as url, shop(embedded, url, tmp_path, slow=True) as client:
        turns = told(client)
    assert [turn["degraded"] for turn in turns] == [True, True]


@pytest.mark.parametrize("name", FAULTS)
def test_a_model_that_fails(embedded: Chatbot, tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    with (
        server(spoiling(fault, "track")) as (url, _),
        shop(embedded, url, tmp_path, fault.slow) as client,
    ):
        turns = told(client)
        counted = client.get("/metrics").text
    if fault.track in ("nothing", "all"):
        worse = fault.track == "nothing"
        by = ("embedded", "embedded") if worse else ("llm", "llm")
        assert [turn["degraded"] for turn in turns] == [worse, worse]
        assert f'degraded="{str(worse).lower()}",ranked_by="{by[0]}",tracked_by="{by[1]}"}} 2.0' in counted


@pytest.mark.parametrize(
    "name", ["never answers", "reset in mid-line", "another shop's answer", "404 for the model name"]
)
def test_a_wish_clicked_off_while_the_model_fails(embedded: Chatbot, tmp_path: Path, name: str) -> None:
    with (
        server(spoiling(FAULTS[name], "rank")) as (url, _),
        shop(embedded, url, tmp_path, FAULTS[name].slow) as client,
    ):
        for words in (WISH, "below 200"):
            client.post("/v1/chat", json={"text": words})
        edited = client.patch("/v1/sessions/current/ledger", json={"remove": ["price < 200"]})
    assert (edited.status_code, NEVER_SHOWN.search(edited.text)) == (200, None)
    turn = edited.json()
    assert (len(turn["suggestions"]), turn["llm_calls"]) == (5, 1)
    assert "price" not in {wish["slot"] for wish in turn["ledger"]}
    assert turn["degraded"] == (name != "another shop's answer")
