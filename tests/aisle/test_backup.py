"""`aisle backup`: a shop that is in use, in one file, and back."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aisle.cli import main
from catalog.store import Catalog
from chatbot.events import Finished
from chatbot.memory.migrations import MIGRATIONS
from chatbot.memory.store import People
from chatbot.turn import Chatbot
from chatbot.types import DialogueState

FEED = [
    {"id": f"m{n}", "title": f"Pebble Mouse {n}", "category": "Mice", "price": 10 + n, "brand": "Logira"}
    for n in range(9)
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a shop, and a conversation in it."""
    folder = tmp_path / "served"
    folder.mkdir()
    _import(folder, FEED)
    with People.open(folder / "people.db") as people:
        session, resume = people.start("en", "ann")
        people.receive(session.id, "m1", "a mouse")
        (tmp_path / "resume").write_text(resume)
    return folder


def _import(folder: Path, rows: list[dict[str, object]]) -> None:
    feed = folder / "feed.jsonl"
    feed.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(folder / "shop.db"), "--no-embed"])
    assert done.exit_code == 0, done.output


def _backup(shop: Path, *more: str) -> Result:
    return CliRunner().invoke(
        main, ["backup", "--db", str(shop / "shop.db"), "--people", str(shop / "people.db"), *more]
    )


def _check(path: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["backup", "--check", str(path), *more])


def _unpacked(backup: Path, folder: Path) -> Path:
    with tarfile.open(backup) as archive:
        archive.extractall(folder, filter="data")
    return folder


def test_a_backup_is_private_and_opens_as_a_shop(shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "a.tar"
    done = _backup(shop, "--to", str(target), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["file"], told["catalogue"]["products"], told["people"]) == (
        str(target), 9, {"version": len(MIGRATIONS), "conversations": 1},
    )  # fmt: skip
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["a.tar"]
    copy = _unpacked(target, tmp_path / "copy")
    assert {stat.S_IMODE(path.stat().st_mode) for path in copy.rglob("*") if path.is_file()} == {0o600}
    *_, end = Chatbot.open(copy / "shop.db").turn(DialogueState(), "a mouse under 15")
    assert isinstance(end, Finished)
    assert len(end.turn.suggestions) == 5
    with People.open(copy / "people.db") as people:
        session = people.session((tmp_path / "resume").read_text())
        assert session is not None
        kept = people.conversation(session)
        assert kept.pending is not None
        assert kept.pending.what == "a mouse"


def test_it_is_consistent_while_a_server_writes(shop: Path, tmp_path: Path) -> None:
    over = threading.Event()
    with People.open(shop / "people.db") as people:

        def talk() -> None:
            while not over.is_set():
                session, _ = people.start("en")
                people.finish(people.receive(session.id, "m", "a mouse"), {"turn": 1, "ledger": [], "dropped": []}, {})

        talking = threading.Thread(target=talk)
        talking.start()
        try:
            made = [tmp_path / f"{n}.tar" for n in range(3)]
            assert [_backup(shop, "--to", str(path)).exit_code for path in made] == [0, 0, 0]
        finally:
            over.set()
            talking.join()
    held = []
    for path in made:
        told = json.loads(_check(path, "--json").stdout)
        held.append(told["people"]["conversations"])
        copy = _unpacked(path, tmp_path / path.stem)
        with closing(sqlite3.connect(copy / "people.db")) as sql:
            assert sql.execute("SELECT count(*) FROM turn").fetchone()[0] in (held[-1] - 1, held[-1] - 2)
    assert held == sorted(held)


def test_a_catalogue_imported_meanwhile_leaves_the_backup_as_it_was(shop: Path, tmp_path: Path) -> None:
    assert _backup(shop, "--to", str(tmp_path / "a.tar")).exit_code == 0
    _import(shop, FEED[:6])
    _import(shop, FEED[:5])
    assert _check(tmp_path / "a.tar").exit_code == 0
    assert len(Catalog.open(_unpacked(tmp_path / "a.tar", tmp_path / "copy") / "shop.db")) == 9


def test_in_a_folder_the_newest_are_kept(shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [folder / f"aisle-2026010{n}T000000Z.tar" for n in range(1, 4)]
    for path in (*old, folder / "mine.tar"):
        path.write_bytes(b"")
    done = _backup(shop, "--to", f"{folder}/", "--keep", "2")
    assert done.exit_code == 0, done.output
    (new,) = {path.name for path in folder.iterdir()} - {old[2].name, "mine.tar"}
    assert new.startswith("aisle-2")
    assert "9 products, 1 conversation," in done.output
    assert [line for line in done.output.splitlines() if "removed" in line] == [f"{path} removed." for path in old[:2]]


def test_a_good_backup_is_said_to_be_so(shop: Path, tmp_path: Path) -> None:
    _backup(shop, "--to", str(tmp_path / "a.tar"))
    done = _check(tmp_path / "a.tar")
    assert (done.exit_code, done.output.startswith(f"{tmp_path / 'a.tar'} holds 9 products, 1 conversation,")) == (
        0,
        True,
    )


def _repacked(source: Path, target: Path, change: str) -> None:
    """The same archive, with one thing done to it."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            data = old.extractfile(member)
            assert data is not None
            content = data.read()
            if change == "byte" and member.name == "people.db":
                content = content[:-1] + bytes([content[-1] ^ 1])
            if change == "missing" and member.name.startswith("shop.db.d/columns"):
                continue
            if change == "name" and member.name == "people.db":
                member.name = "../people.db"
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
        if change == "more":
            new.addfile(tarfile.TarInfo("more"), io.BytesIO())
        if change == "link":
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            new.addfile(link)


@pytest.mark.parametrize("change", ["byte", "missing", "name", "more", "link"])
def test_a_changed_backup_is_found(shop: Path, tmp_path: Path, change: str) -> None:
    _backup(shop, "--to", str(tmp_path / "a.tar"))
    _repacked(tmp_path / "a.tar", tmp_path / "b.tar", change)
    done = _check(tmp_path / "b.tar")
    assert (done.exit_code, str(tmp_path / "b.tar") in done.output) == (1, True)
    assert not (tmp_path / "people.db").exists()


def test_half_a_backup_and_other_files_are_no_backups(shop: Path, tmp_path: Path) -> None:
    _backup(shop, "--to", str(tmp_path / "a.tar"))
    whole = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.tar").write_text("no archive")
    (tmp_path / "empty.tar").write_bytes(b"\0" * 10_240)
    for name in ("half.tar", "text.tar", "empty.tar", "none.tar"):
        done = _check(tmp_path / name)
        assert (done.exit_code, name in done.output) == (1, True), name


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "either --to DIR|FILE or --check FILE"),
        (("--to", "a.tar", "--check", "b.tar"), "either --to"),
        (("--to", "a.tar", "--keep", "2"), "--keep goes with a folder"),
    ],
)
def test_wrong_usage_is_said(shop: Path, more: tuple[str, ...], said: str) -> None:
    done = _backup(shop, *more)
    assert (done.exit_code, said in done.output) == (2, True)


def test_a_folder_that_is_not_there_is_made(shop: Path, tmp_path: Path) -> None:
    assert _backup(shop, "--to", f"{tmp_path}/a/b/", "--keep", "1").exit_code == 0
    assert [path.name.startswith("aisle-2") for path in (tmp_path / "a" / "b").iterdir()] == [True]


@pytest.mark.parametrize("missing", ["shop.db", "people.db"])
def test_a_missing_file_is_named_and_nothing_is_left_behind(shop: Path, tmp_path: Path, missing: str) -> None:
    (shop / missing).unlink()
    done = _backup(shop, "--to", str(tmp_path / "out" / "a.tar"))
    assert (done.exit_code, missing in done.output) == (2, True)
    assert list((tmp_path / "out").iterdir()) == []
