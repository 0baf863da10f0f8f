"""`aisle serve`: wrong usage is said before anything is opened, and the parts fit together over a real catalogue."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from starlette.testclient import TestClient

from aisle.cli import main
from aisle.cli.serve import application, tell
from chatbot.web.shops import Place
from errors import NoCatalog, StoreError

MICE = [
    {"id": "m1", "title": "Pebble wireless mouse", "price": "24.90 USD", "brand": "Tern", "image": "red/m1.svg"},
    {"id": "m2", "title": "Tile wireless mouse", "price": "39.00 USD", "brand": "Roam", "image": "m2.svg"},
    {"id": "m3", "title": "Slate wired mouse", "price": "12.50 USD", "brand": "Tern"},
]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    feed = tmp_path / "mice.jsonl"
    feed.write_text("\n".join(map(json.dumps, MICE)))
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(tmp_path / "shop.db"), "--no-embed"])
    assert done.exit_code == 0, done.output
    return tmp_path / "shop.db"


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize(
    "origin",
    ["shop.example", "https://", "https://a.example/path", "https://a.example/", "*", "null", "https://a.example;b",
     "https://a.example:443", "http://a.example:80", "https://A.example"],
)  # fmt: skip
def test_origin_must_be_one_that_a_browser_sends(command: str, origin: str) -> None:
    done = CliRunner().invoke(main, [command, "--embed-origin", origin])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        f"aisle: Invalid value for '--embed-origin': {origin!r} is not an exact origin like https://shop.example"
        f" (small letters, no path, no port that is the usual one); see aisle {command} --help\n"
    )


def test_each_shop_is_told_where_it_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    app = FastAPI()
    tell([Place(app, "Chat")], "http://127.0.0.1:8000")
    tell(
        [Place(app, "alpha", "/a"), Place(None, "beta", "/b"), Place(app, "gamma", hosts=("g.example", "h.example"))],
        "http://127.0.0.1:8000",
    )
    assert capsys.readouterr().err.splitlines() == [
        "Chat at http://127.0.0.1:8000/ · API at /v1 · described at /docs",
        "Stop with Ctrl-C",
        "alpha at http://127.0.0.1:8000/a/ · API at /a/v1 · described at /a/docs",
        "beta at http://127.0.0.1:8000/b/ · API at /b/v1 · described at /b/docs (closed)",
        "gamma at g.example/ · API at /v1 · described at /docs",
        "Stop with Ctrl-C",
    ]


def test_an_address_that_is_taken_is_said_in_one_line(db: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        arguments = ["--db", str(db), "--people", str(tmp_path / "p.db"), "--port", str(port)]
        done = CliRunner().invoke(main, ["serve", *arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        f"aisle: cannot listen at 127.0.0.1:{port} (something listens there already);"
        " choose another --port or --host; see aisle serve --help\n"
    )
    assert not (tmp_path / "p.db").exists()


def test_missing_catalogue_is_said_with_what_to_do(tmp_path: Path) -> None:
    arguments = ["--db", str(tmp_path / "none.db"), "--people", str(tmp_path / "p.db"), "--port", "0"]
    done = CliRunner().invoke(main, ["serve", *arguments])
    assert done.exit_code == 2
    assert "aisle import" in done.output
    assert not (tmp_path / "p.db").exists()


def test_unusable_files_are_refused(db: Path, tmp_path: Path) -> None:
    with pytest.raises(NoCatalog):
        application(tmp_path / "none.db", tmp_path / "people.db")
    with pytest.raises(StoreError, match="not a database of conversations"):
        application(db, db)


@pytest.mark.parametrize(("said", "days"), [("", 30), ("[keep]\ndays = 7", 7), ("[keep]\ndays = 0", 30)])
def test_how_long_conversations_are_kept_is_the_site_file_s_to_say_first(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, days: int
) -> None:
    monkeypatch.setenv("AISLE_KEEP_DAYS", "30")
    (tmp_path / "site.toml").write_text(said)
    app = application(db, tmp_path / "people.db", site=tmp_path / "site.toml")
    assert app.state.site.keep_days == days
    app.state.desk.people.close()


def test_conversation_over_a_real_catalogue(db: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures" / "red").mkdir(parents=True)
    (tmp_path / "pictures" / "red" / "m1.svg").write_text("<svg/>")
    app = application(db, tmp_path / "people.db", cards=2)
    with TestClient(app) as client:
        token = client.post("/v1/sessions", json={"locale": "en"}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        first = client.post(
            "/v1/chat", json={"text": "a mouse under 30 USD", "message_id": "1"}, headers=headers
        ).json()
        assert {card["id"] for card in first["suggestions"]} == {"m1", "m3"}
        wish = next(line["wish"] for line in first["ledger"] if line["slot"] == "price")
        second = client.patch("/v1/sessions/current/ledger", json={"remove": [wish]}, headers=headers).json()
        assert [line["slot"] for line in second["ledger"]].count("price") == 0
        assert len(second["suggestions"]) == 2
        kept = client.get("/v1/sessions/current", headers=headers).json()
        assert kept["turns"] == [first, second]
        picture = next(card["image"] for card in first["suggestions"] if card["id"] == "m1")
        assert client.get(picture).text == "<svg/>"
        ready = client.get("/readyz").json()
        assert ready["status"] == "degraded"
