"""Everything kept on a person, out or gone, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from chatbot.memory.store import People


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.db"
    with People.open(path) as store:
        for user, words in (("ann", "a red tent"), ("ann", "a lamp"), ("bob", "a chair")):
            session, _ = store.start("en", user)
            store.receive(session.id, "m1", words)
    return path


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_export_writes_every_conversation_of_the_person_only(people: Path) -> None:
    result = _run("export", "--people", people, "--user", "ann")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["user"]) == (0, "ann")
    said = [[m["text"] for m in session["message"]] for session in document["sessions"]]
    assert sorted(said) == [["a lamp"], ["a red tent"]]


def test_erase_leaves_nothing_of_the_person_in_the_file(people: Path) -> None:
    result = _run("erase", "--people", people, "--user", "ann", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"user": "ann", "sessions": 2})
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
