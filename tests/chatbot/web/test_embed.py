"""/widget.js: built from the sources that are here, small, and free to be loaded by any shop's page."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web import embed
from chatbot.web.app import create_app
from tests.chatbot.web.fakes import FakeAssistant

HOME = embed.WIDGET.parent.parent
MOST_BYTES = 25 * 1024
SCRIPT = embed.WIDGET.read_text(encoding="utf-8")


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return TestClient(create_app(FakeAssistant(), People.open(tmp_path / "people.db")))


def test_the_built_file_is_of_these_sources() -> None:
    """Fails when a source was changed and `make widget` not run: the first line names a hash of them all."""
    sources = sorted(f"src/{path.name}" for path in (HOME / "src").iterdir())
    found = hashlib.sha256()
    for name in ("build.mjs", "package-lock.json", "package.json", *sources, "tsconfig.json"):
        found.update(name.encode() + b"\0" + (HOME / name).read_bytes() + b"\0")
    assert f"sources {found.hexdigest()[:16]} " in SCRIPT.splitlines()[0], "run `make widget`"


def test_it_is_small() -> None:
    assert len(gzip.compress(embed.WIDGET.read_bytes(), mtime=0)) <= MOST_BYTES


def test_it_asks_for_nothing_from_elsewhere_and_runs_no_text() -> None:
    addresses = {a for a in re.findall(r"https?://[^\s\"'`)]+", SCRIPT) if "www.w3.org/" not in a}
    assert addresses == set()
    assert re.findall(r"\beval\(|new Function\(|unsafeHTML|document\.write|\.cookie\b|style=[\"$]", SCRIPT) == []


def test_the_lock_names_versions_and_no_place_of_download() -> None:
    lock = json.loads((HOME / "package-lock.json").read_text(encoding="utf-8"))
    package = json.loads((HOME / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
    assert [name for name, of in lock["packages"].items() if "resolved" in of] == []
    assert [name for name, of in lock["packages"].items() if name and "integrity" not in of] == []


def test_any_page_may_load_it(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Origin": "https://a-shop.example", "Accept-Encoding": "identity"})
    assert (answer.status_code, answer.text) == (200, SCRIPT)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == embed.BRIEFLY
    assert "content-encoding" not in answer.headers


def test_it_is_packed_for_who_unpacks(client: TestClient) -> None:
    answer = client.get("/widget.js", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["content-encoding"], answer.text) == ("gzip", SCRIPT)
    assert int(answer.headers["content-length"]) <= MOST_BYTES


def test_it_is_sent_once(client: TestClient) -> None:
    tag = client.get("/widget.js").headers["etag"]
    again = client.get("/widget.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/widget.js", headers={"If-None-Match": '"another"'}).status_code == 200
    named = client.get("/widget.js", params={"v": tag.strip('"')})
    assert named.headers["cache-control"] == embed.FOREVER
