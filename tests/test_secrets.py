"""The key of a model's endpoint goes into one header and nowhere else, even where the endpoint says it back.

One place is not ours: the DEBUG trace of the HTTP library prints what an endpoint answers.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from aisle.cli import main
from aisle.cli.serve import application
from catalog.ingest import import_feeds
from tests.llm.fake_server import DONE, HEAD, Handler, event, resets_after, said, sends, server, status

KEY = "sesame-1f3c9a"
ERROR = {"error": {"message": f"the key {KEY} is not known", "type": "invalid_request_error"}}
FAULTS: dict[str, Handler] = {
    "refused": status("401 Unauthorized", json.dumps(ERROR).encode()),
    "told of in an event": sends(HEAD, said(ERROR), DONE),
    "broken off": resets_after(HEAD, event(f'{{"acts":["{KEY}')),
    "a redirect": sends(f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/{KEY}\r\n\r\n".encode()),
    "no HTTP": sends(f"{KEY}\r\n\r\n".encode()),
}
MUGS = tuple({"id": str(n), "title": f"Mug {n}", "category": "mug", "price": f"{n} EUR"} for n in range(1, 4))


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    feed = tmp_path_factory.mktemp("mugs") / "mugs.jsonl"
    feed.write_text("".join(json.dumps(mug) + "\n" for mug in MUGS), encoding="utf-8")
    import_feeds([feed], feed.with_suffix(".db"))
    return feed.with_suffix(".db")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, but for the trace of the wire."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "httpcore")
    return caplog


@pytest.fixture(params=sorted(FAULTS))
def faulty(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A model's endpoint that wants a key and fails; at the end it must have been given the key, in the header alone."""
    monkeypatch.setenv("AISLE_LLM_KEY", KEY)
    monkeypatch.setenv("AISLE_LLM_USE", "always")
    with server(FAULTS[request.param]) as (url, served):
        yield f"vllm:{url}#m"
    assert served.heads, "the endpoint was never asked"
    assert all(f"authorization: bearer {KEY}" in head.decode().lower() for head in served.heads)
    assert not any(KEY.encode() in body for body in served.requests)


def test_the_key_shows_in_no_turn_and_no_log(faulty: str, db: Path, log: pytest.LogCaptureFixture) -> None:
    done = CliRunner().invoke(main, ["chat", "--db", str(db), "--llm", faulty, "--json"], input="a mug\n\nhello\n")
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["degraded"] for line in done.stdout.splitlines()] == [True, True]
    assert KEY not in done.output + log.text


def test_the_key_shows_in_nothing_that_the_server_tells(
    faulty: str, db: Path, tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    app = application(db, tmp_path / "people.db", llm=faulty, llm_use="always")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        begun = client.post("/v1/sessions").json()
        auth = {"Authorization": f"Bearer {begun['token']}"}
        answers = [
            client.post("/v1/chat", json={"text": "a mug", "message_id": f"m{n}"}, headers=auth).text for n in range(4)
        ]
        told = [client.get(path).text for path in ("/readyz", "/healthz", "/metrics", "/openapi.json")]
    assert all("Mug" in answer for answer in answers)
    assert KEY not in "".join([*answers, *told, log.text])
    assert KEY.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_the_key_shows_in_no_finding_of_doctor(faulty: str, db: Path, tmp_path: Path) -> None:
    people = ("--people", str(tmp_path / "people.db"))
    done = CliRunner().invoke(main, ["doctor", "--db", str(db), *people, "--llm", faulty])
    CliRunner().invoke(main, ["chat", "--db", str(db), "--llm", faulty], input="a mug\n")
    assert "model" in done.output
    assert KEY not in done.output


def test_the_key_shows_in_no_message_about_the_model_s_name(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM_KEY", KEY)
    for spec in ("vllm:nowhere", "vllm:http://127.0.0.1:9", "gpt", "local:/no/such/model"):
        done = CliRunner().invoke(main, ["chat", "--db", str(db), "--llm", spec], input="a mug\n")
        assert done.output, spec
        assert KEY not in done.output
