"""`aisle enrich`: what it says, its exit codes; the model is a server on this machine."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from catalog.ingest import import_feeds
from tests.learning.attributes.models import feed, reads_wood
from tests.llm.fake_server import Served, answers, server

_ASKED = re.compile(r"Text: ([^\n]*)\nAnswer:")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    import_feeds([feed(tmp_path / "feed.csv")], tmp_path / "shop.db")
    return tmp_path / "shop.db"


def run(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["enrich", "--db", str(db), *arguments])


def test_without_a_model_nothing_is_read(db: Path) -> None:
    before = db.read_bytes()
    result = run(db)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name one with --llm" in result.stderr
    assert db.read_bytes() == before


def test_a_dry_run_says_what_would_be_asked_and_asks_nothing(db: Path) -> None:
    before = db.read_bytes()
    planned = json.loads(run(db, "--dry-run", "--json").stdout)
    assert planned == {
        "texts": 43,
        "kinds": [{"kind": planned["kinds"][0]["kind"], "slots": ["finish"], "texts": 3}],
    }
    assert f"{db}: up to 43 texts to ask about\n" in run(db, "--dry-run").stdout
    assert db.read_bytes() == before


def test_a_model_that_is_not_there_is_a_missing_service(db: Path) -> None:
    before = db.read_bytes()
    result = run(db, "--llm", "vllm:http://127.0.0.1:9/v1#none", "--patience", "1", "--json")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no model server answers" in result.stderr
    assert db.read_bytes() == before


def test_a_model_behind_an_endpoint_reads_and_is_told_of(db: Path) -> None:
    def reads(caller: socket.socket, served: Served) -> None:
        text = _ASKED.findall(served.request["messages"][-1]["content"])[-1]
        answers(reads_wood(text))(caller, served)

    with server(reads) as (url, served):
        first = run(db, "--llm", f"vllm:{url}#wood", "--at-once", "3")
        second = json.loads(run(db, "--llm", f"vllm:{url}#wood", "--json").stdout)
        asked = len(served.requests)
    assert first.exit_code == 0
    assert "asked about 43 texts" in first.stdout
    assert "finish: 1 values from a model, 1 sure enough to filter by" in first.stdout
    assert asked == 43
    assert second.pop("seconds") >= 0
    assert second.pop("by").startswith("wood features@")
    assert second == {
        "kinds": 1,
        "asked": 0,
        "useless": 0,
        "unanswered": 0,
        "changed": False,
        "slots": {"finish": {"values": 1, "sure": 1}},
    }
    assert json.loads(run(db, "--forget", "--json").stdout) == {"forgotten": True}


def test_there_may_be_nothing_to_forget(db: Path) -> None:
    assert json.loads(run(db, "--forget", "--json").stdout) == {"forgotten": False}
    assert "nothing to drop" in run(db, "--forget").stdout


def test_no_such_slot_and_no_catalogue(db: Path, tmp_path: Path) -> None:
    assert run(db, "--dry-run", "--slot", "flavour").exit_code == 2
    assert run(tmp_path / "other.db", "--forget").exit_code == 2
    assert not (tmp_path / "other.db.d").exists()
    missing = run(tmp_path / "other.db", "--dry-run")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "aisle import makes one" in missing.stderr
