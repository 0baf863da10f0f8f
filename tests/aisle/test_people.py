"""Everything kept on a person, out or gone, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from chatbot.memory.reports import Report
from chatbot.memory.store import People


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.db"
    with People.open(path) as store:
        for user, words in (("ann", "a red tent"), ("ann", "a lamp"), ("bob", "a chair")):
            session, _ = store.start("en", user)
            store.receive(session.id, "m1", words)
        store.reports.keep(Report("pk_shop", "purchase", "LT-030", count=2, user="cy", key="order 7"))
    return path


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_export_writes_every_conversation_of_the_person_only(people: Path) -> None:
    result = _run("export", "--people", people, "--user", "ann")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["user"]) == (0, "ann")
    said = [[m["text"] for m in session["message"]] for session in document["sessions"]]
    assert sorted(said) == [["a lamp"], ["a red tent"]]
    assert document["reported"] == []


def test_what_the_shop_reported_of_a_person_is_given_and_goes(people: Path) -> None:
    document = json.loads(_run("export", "--people", people, "--user", "cy").stdout)
    (told,) = document.pop("reported")
    assert document == {"user": "cy", "sessions": []}
    assert told.pop("created")
    assert told == {"shop_key": "pk_shop", "type": "purchase", "item": "LT-030", "variant": None, "count": 2,
                    "user": "cy", "key": "order 7"}  # fmt: skip
    result = _run("erase", "--people", people, "--user", "cy")
    assert (result.exit_code, result.stdout) == (
        0,
        "0 conversations and 1 report of the shop's server of cy erased.\n",
    )
    assert b"LT-030" not in b"".join(path.read_bytes() for path in people.parent.iterdir())


def test_erase_leaves_nothing_of_the_person_in_the_file(people: Path) -> None:
    result = _run("erase", "--people", people, "--user", "ann", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"user": "ann", "sessions": 2, "reported": 0})
    assert json.loads(_run("export", "--people", people, "--user", "ann").stdout)["sessions"] == []
    assert len(json.loads(_run("export", "--people", people, "--user", "bob").stdout)["sessions"]) == 1
    left = b"".join(path.read_bytes() for path in people.parent.iterdir())
    assert b"red tent" not in left
    assert b"a chair" in left


def test_erasing_a_stranger_is_no_trouble(people: Path) -> None:
    result = _run("erase", "--people", people, "--user", "nobody")
    assert (result.exit_code, result.stdout) == (0, "0 conversations of nobody erased.\n")


@pytest.mark.parametrize("command", ["export", "erase"])
def test_a_missing_file_is_said_and_not_made(command: str, tmp_path: Path) -> None:
    result = _run(command, "--people", tmp_path / "none.db", "--user", "ann")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.db" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_copies_from_before_an_upgrade_are_named(tmp_path: Path) -> None:
    path = tmp_path / "people.db"
    with People.open(path) as people:
        people.start("en", "ann")
    copy = tmp_path / "people.db.v1.bak"
    copy.write_bytes(b"")
    done = CliRunner().invoke(main, ["erase", "--people", str(path), "--user", "ann"])
    assert (done.exit_code, done.stdout) == (0, "1 conversation of ann erased.\n")
    assert (
        done.stderr == f"{copy}, kept before an upgrade, may still hold what was erased: delete it when all is well.\n"
    )
