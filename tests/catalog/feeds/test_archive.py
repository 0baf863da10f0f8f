"""A workbook is a ZIP archive, and an archive is not trusted."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from catalog.feeds import archive
from catalog.feeds.open import open_feed
from errors import UnreadableFeed
from tests.catalog.feeds.workbooks import PARTS, by_hand, sheet_xml


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFeed) as refused:
        list(open_feed(path).rows())
    return str(refused.value).removeprefix(f"{path}: ")


def test_a_member_packed_tighter_than_any_feed(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": sheet_xml(" " * (70 << 20))})
    assert refusal(path).startswith("a zip bomb: it would unpack to ")
    assert refusal(path).endswith(" times its size")


def test_more_than_a_workbook_may_unpack_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_UNPACKED", 1 << 20)
    path = by_hand(tmp_path / "bomb.xlsx", {"xl/media/image1.bin": bytes(2 << 20)})
    assert refusal(path) == "a zip bomb: it would unpack to 2 MiB; a workbook may have 1 MiB"


def test_more_members_than_a_workbook_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_MEMBERS", 100)
    path = by_hand(tmp_path / "bomb.xlsx", {f"xl/{n}.xml": "" for n in range(200)})
    assert refusal(path) == "a zip bomb: 205 members; a workbook has a few dozen"


@pytest.mark.parametrize("stated", [10, 20 << 20])
def test_a_directory_that_lies_about_a_size(tmp_path: Path, stated: int) -> None:
    """The directory says ten bytes; the member goes on for ten megabytes. Or it says more than there is."""
    name = "xl/worksheets/sheet1.xml"
    path = by_hand(tmp_path / "liar.xlsx", {name: bytes(10 << 20)})
    with zipfile.ZipFile(path) as book:
        begin = book.start_dir
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02", begin)
    while content[place + 46 : place + 46 + len(name)] != name.encode():
        place = content.index(b"PK\x01\x02", place + 1)
    content[place + 24 : place + 28] = struct.pack("<I", stated)
    path.write_bytes(content)
    assert refusal(path) == (
        "a zip bomb or a broken archive: 'xl/worksheets/sheet1.xml' unpacks to another size than it states"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../etc/cron", "a crooked archive: '../../etc/cron' points out of it"),
        ("/etc/cron", "a crooked archive: '/etc/cron' points out of it"),
        ("xl\\..\\cron", "a crooked archive: 'xl/../cron' points out of it"),
        ("xl/inner.zip", "an archive in an archive: 'xl/inner.zip'; a workbook holds none"),
    ],
)
def test_names_that_no_workbook_has(tmp_path: Path, name: str, message: str) -> None:
    path = by_hand(tmp_path / "odd.xlsx", {name: "x"})
    assert refusal(path).replace("\\\\", "/") == message


def test_a_member_that_stands_there_twice(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "twice.xlsx")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/workbook.xml", PARTS["xl/workbook.xml"])
    assert refusal(path) == "a crooked archive: 'xl/workbook.xml' stands in it twice"


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "feeds.zip", "w") as book:
        book.writestr("products.csv", "id,title\n1,Lamp\n")
    assert refusal(tmp_path / "feeds.zip").startswith(
        "a ZIP archive (products.csv), not a workbook; unpack it and give the files. What can be read: "
    )


def test_a_broken_member(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "broken.xlsx", rows="".join(f"<row r='{n}'/>" for n in range(2, 900)))
    content = bytearray(path.read_bytes())
    place = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[place : place + 20] = b"\xff" * 20
    path.write_bytes(content)
    assert "unpacks to another size than it states" in refusal(path)
