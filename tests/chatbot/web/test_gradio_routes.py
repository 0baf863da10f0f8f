"""What of Gradio's own routes can be reached: the page's, and nothing that a later Gradio brings along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from chatbot.web.shields import PageOnly
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
    "/openapi.json",  # ours: it stands before Gradio's
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
    shield = PageOnly(app)
    assert {path for path in found if shield._ours(path)} == OPEN


def test_the_rest_is_not_there(app: FastAPI) -> None:
    client = TestClient(app)
    for path in sorted(routes(app) - OPEN):
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
    welcome = client.get(path, headers={"Origin": SHOP})
    assert welcome.headers["access-control-allow-origin"] == SHOP
    assert "access-control-allow-credentials" not in welcome.headers


def test_page_shows_pictures_of_the_catalogue_s_hosts_only(app: FastAPI) -> None:
    policy = TestClient(app).get("/").headers["content-security-policy"]
    assert "img-src 'self' data: img.example;" in policy
    assert "frame-ancestors 'self' https://page.example https://shop.example https://other.example" in policy
