"""The log of a served session: one line a request, and not a trace of what was said, by whom or from where."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from chatbot.web.logs import Journal, _Lines, requests, turned
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.fakes import FakeAssistant

SECRET = "zebra-striped-cellar-4711"


@pytest.fixture
def journal() -> Iterator[io.StringIO]:
    """What a server with --log json writes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(_Lines(as_json=True))
    root, level = logging.getLogger(), requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield written
    requests.setLevel(level)
    root.removeHandler(handler)


def lines(journal: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in journal.getvalue().splitlines()]


def requested(journal: io.StringIO) -> list[dict[str, Any]]:
    return [line for line in lines(journal) if line["event"] == "request"]


def test_a_turn_is_told_with_its_request(visitor: Visitor, journal: io.StringIO) -> None:
    visitor.say(f"a mouse under 30 for {SECRET}")
    (line,) = requested(journal)
    told = {name: line[name] for name in ("method", "route", "status", "turn", "acts", "degraded", "tokens")}
    assert told == {
        "method": "POST",
        "route": "/v1/chat",
        "status": 200,
        "turn": 1,
        "acts": ["recommend"],
        "degraded": False,
        "tokens": 0,
    }
    assert len(line["session"]) == 8
    assert line["ms"] >= line["turn_ms"] >= 0


def test_a_streamed_turn_and_the_library_s_are_told_alike(visitor: Visitor, journal: io.StringIO) -> None:
    visitor.call("POST", "/v1/chat", {"text": "mice"}, headers={"Accept": "text/event-stream"})
    visitor.client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "mice"}]})
    assert [(line["route"], line["turn"]) for line in requested(journal)] == [
        ("/v1/chat", 1),
        ("/v1/chat/completions", 1),
    ]


def test_nothing_of_a_session_is_in_the_log(
    client: TestClient, visitor: Visitor, assistant: FakeAssistant, journal: io.StringIO
) -> None:
    opened = client.post("/v1/sessions", json={"user": SECRET, "page": f"/{SECRET}", "item": SECRET}).json()
    visitor.say(f"a mouse for {SECRET}")
    visitor.say(f"{SECRET}\0")
    visitor.call("PATCH", "/v1/sessions/current/ledger", {"remove": [SECRET]})
    visitor.call("GET", f"/v1/items/{SECRET}?{SECRET}={SECRET}")
    visitor.call("GET", f"/{SECRET}")
    visitor.call("GET", f"/gradio_api/heartbeat/{SECRET}")
    visitor.call("POST", "/v1/sessions/current/gestures", {"type": "similar", "items": [SECRET]})
    client.request(SECRET.split("-")[0].upper(), "/healthz", headers={"Authorization": f"Bearer {SECRET}"})
    client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": SECRET}]})
    client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": SECRET}})

    def breaks() -> None:
        raise RuntimeError(f"no place for {SECRET}")

    assistant.pause = breaks
    visitor.call("POST", "/v1/chat", {"text": SECRET}, headers={"Accept": "text/event-stream"})
    with pytest.raises(RuntimeError):
        visitor.say(SECRET, "m9")
    logging.getLogger("some.library").warning("cannot read %s", SECRET)
    written = journal.getvalue()
    assert len(requested(journal)) == 13
    assert "RuntimeError" in written
    for secret in (SECRET, SECRET.upper(), visitor.token, visitor.session, opened["resume"], opened["token"]):
        assert secret not in written
    assert not {"testclient", "127.0.0.1"} & set(written.replace('"', " ").split())


def test_a_turn_of_the_page_has_a_line_of_its_own(assistant: FakeAssistant, journal: io.StringIO) -> None:
    from chatbot.events import Finished
    from chatbot.types import DialogueState

    *_, end = assistant.turn(DialogueState(), SECRET)
    assert isinstance(end, Finished)
    turned(end.turn, "session")
    (line,) = lines(journal)
    assert (line["event"], line["turn"], SECRET in journal.getvalue()) == ("turn", 1, False)


def test_as_text_a_line_is_for_people() -> None:
    record = logging.LogRecord("aisle.requests", logging.INFO, "", 1, "request", (), None)
    record.told = {"method": "GET", "acts": ["recommend", "elicit"]}
    assert _Lines(as_json=False).format(record).endswith(" info request method=GET acts=recommend,elicit")


def test_the_journal_stands_outside_of_everything(app: FastAPI) -> None:
    assert app.user_middleware[0].cls is Journal  # type: ignore[comparison-overlap]
