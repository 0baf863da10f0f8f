"""What of Gradio's own routes can be reached: the page's, and nothing that a later Gradio brings along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.page import gate
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.sites import SHOP, SITE

OPEN = {
    "/",
    "/assets/{path:path}",
    "/config",
    "/favicon.ico",
    "/gradio_api/cancel",
    "/gradio_api/heartbeat/{session_hash}",
    "/gradio_api/queue/data",
    "/gradio_api/queue/join",
    "/gradio_api/reset",
    "/gradio_api/startup-events",
    "/manifest.json",
    "/static/{path:path}",
    "/svelte/{path:path}",
    "/theme.css",
}
CLOSED = [
    ("POST", "/gradio_api/upload"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/file=/etc/passwd"),
    ("GET", "/gradio_api/proxy=http://127.0.0.1/"),
    ("GET", "/proxy=http://127.0.0.1/"),
    ("POST", "/gradio_api/run/say"),
    ("POST", "/gradio_api/call/say"),
    ("POST", "/gradio_api/api/say"),
    ("GET", "/gradio_api/info"),
    ("POST", "/gradio_api/component_server"),
    ("GET", "/monitoring"),
    ("POST", "/login"),
    ("GET", "/assets/../../../../etc/passwd"),
    ("GET", "/static/..%2f..%2f..%2fetc/passwd"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder: Path = tmp_path_factory.mktemp("page")
    with People.open(folder / "people.db") as people:
        yield create_app(FakeAssistant(), people, WebSettings(), SITE)


def routes(app: FastAPI) -> set[str]:
    """The paths of the page's framework."""
    mounted = [route for route in app.routes if isinstance(route, Mount) and route.path == ""]
    return {getattr(inner, "path", "") for mount in mounted for inner in mount.routes}


def test_what_is_open_of_gradio_is_listed_here(app: FastAPI) -> None:
    """A route that a new Gradio adds below an open folder fails here, so that somebody looks at it."""
    found = routes(app)
    assert len(found) > 40
    filled = {path: path.replace("{session_hash}", "x").replace("{path:path}", "x") for path in found}
    assert {path for path in found if gate.is_open(filled[path])} == OPEN


def test_the_rest_is_not_there(app: FastAPI) -> None:
    client = TestClient(app)
    for path in sorted(routes(app) - OPEN - {"/openapi.json"}):  # ours stands before it
        filled = path.replace("{path_or_url:path}", "x").replace("{", "").replace("}", "").replace(":path", "")
        for method in ("GET", "POST"):
            answer = client.request(method, filled)
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_uploads_files_and_proxies_are_closed(app: FastAPI, method: str, path: str) -> None:
    answer = TestClient(app).request(method, path)
    assert answer.status_code in (403, 404)
    assert "root:" not in answer.text


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/queue/join"])
def test_no_other_site_may_read_the_page_or_act_on_it(app: FastAPI, path: str) -> None:
    client = TestClient(app, base_url="https://chat.example")
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin in ("https://evil.example", "null"):
        for answer in (
            client.options(path, headers=asked | {"Origin": origin}),
            client.get(path, headers={"Origin": origin}),
            client.post(path, json={}, headers={"Origin": origin}),
        ):
            assert "access-control-allow-origin" not in answer.headers
            assert "access-control-allow-credentials" not in answer.headers
        assert client.post(path, json={}, headers={"Origin": origin}).status_code in (403, 405)
    embedding = client.get(path, headers={"Origin": SHOP})  # a page may embed the chat and may not read its page
    assert "access-control-allow-origin" not in embedding.headers
    assert client.post(path, json={}, headers={"Origin": SHOP}).status_code in (403, 405)


def test_page_shows_pictures_of_the_catalogue_s_hosts_only(app: FastAPI) -> None:
    policy = TestClient(app).get("/").headers["content-security-policy"]
    assert "img-src 'self' data: img.example;" in policy
    assert "frame-ancestors 'self' https://page.example https://shop.example https://other.example" in policy


JOINED = {"fn_index": 1, "data": ["a mouse", {"resume": None, "language": "en"}], "session_hash": "abc1"}


@pytest.mark.parametrize(
    "change",
    [
        {"data": [{"path": "http://pictures.example/x", "meta": {"_type": "gradio.FileData"}}]},
        {"data": ["words that nobody else may read"]},
        {"data": ["a mouse", {}, "one too many"]},
        {"data": [["a", "list"], None]},
        {"fn_index": 999},
        {"fn_index": -1},
        {"fn_index": "1"},
        {"session_hash": ""},
        {"session_hash": None},
        {"session_hash": "../x"},
        {"trigger_id": "x"},
    ],
)
def test_nothing_is_taken_that_the_page_does_not_send(
    app: FastAPI, change: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    answer = TestClient(app).post("/gradio_api/queue/join", json=JOINED | change)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "This is nothing that the page sends."
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(JOINED | {"event_data": {"item": "\ud800"}}),
        json.dumps(JOINED | {"event_data": {"value": {"impression": ["\udfff"]}}}),
        json.dumps(JOINED | {"event_data": {"\ud800": "x"}}),
        json.dumps(JOINED | {"data": ["\ud800", None]}),
        json.dumps(JOINED)[:-1] + ', "event_data": ' + "[" * 20_000 + "]" * 20_000 + "}",
        json.dumps(JOINED)[:-1],
        '"words that nobody else may read',
        "",
    ],
)
def test_half_characters_deep_and_broken_json_end_at_the_gate(
    app: FastAPI, body: str, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = TestClient(app).post("/gradio_api/queue/join", content=body.encode(), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "This is nothing that the page sends."
    assert capfd.readouterr().err == ""


def test_what_else_is_sent_beside_is_not_passed_on() -> None:
    taken = gate.Gate(_nothing, {1: 2}, "Shop", lambda page: None)
    sent = JOINED | {"oauth_token": "x", "batched": True, "event_data": {"value": "under 30"}}
    kept = {"resume": "r", "language": None, "path": "http://pictures.example", "meta": {"_type": "gradio.FileData"}}
    body = taken._read(gate._Event, json.dumps(sent | {"data": ["a mouse", kept]}).encode())
    assert json.loads(body or b"") == {
        "data": ["a mouse", {"resume": "r", "language": None}],
        "event_data": {"value": "under 30"},
        "fn_index": 1,
        "trigger_id": None,
        "session_hash": "abc1",
    }


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("nothing was to be passed on")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/gradio_api/queue/data?session_hash=", 422),
        ("GET", "/gradio_api/heartbeat/%00", 404),
        ("POST", "/gradio_api/cancel", 422),
        ("POST", "/gradio_api/reset", 422),
        ("GET", "/assets/..%2f..%2fetc", 403),
        ("GET", "/static/none", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1foo", 404),
        ("GET", "/docs/none", 404),
        ("GET", "/healthzfoo", 404),
        ("PUT", "/gradio_api/queue/join", 405),
    ],
)
def test_trouble_is_told_as_everywhere_else(app: FastAPI, method: str, path: str, status: int) -> None:
    answer = TestClient(app).request(method, path, content=b'"<secret words>{')
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "secret" not in answer.text


def test_page_believes_nobody_who_says_that_he_forwards(app: FastAPI) -> None:
    client = TestClient(app, base_url="https://chat.example")
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Gradio-Server": "http://evil.example"}
    for path in ("/", "/config"):
        answer = client.get(path, headers=lies)
        assert "evil.example" not in answer.text
        assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/config", headers=lies).json()["root"] == "https://chat.example"


def test_page_shows_itself_where_its_address_is_shown(app: FastAPI) -> None:
    page = TestClient(app).get("/").text
    assert re.findall(r"<meta[^>]*(?:og:|twitter:)[^>]*>", page) == [
        '<meta property="og:title" content="Mouse House" />',
        '<meta property="og:type" content="website" />',
    ]
    assert "gradio.app/" not in page.split("</head>")[0].split("window.gradio_config")[0]
