"""What is refused before any of it is parsed, and gzip as if it were not there."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from catalog.feeds import guard
from catalog.feeds import open as opening
from catalog.feeds.guard import MOST_BYTES
from catalog.feeds.open import open_feed
from errors import UnreadableFeed

FEED = b'{"id": "1", "title": "Lamp"}\n'


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFeed) as refused:
        list(open_feed(path).rows())
    return str(refused.value).removeprefix(f"{path}: ")


def test_of_a_file_too_large_nothing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)  # sparse: two gibibytes on no disk

    def read(path: Path) -> None:
        raise AssertionError(f"{path} was opened")

    monkeypatch.setattr(guard, "open_bytes", read)
    monkeypatch.setattr(opening, "open_text", read)
    assert refusal(path) == "2,048 MiB; a feed may have 1,024 MiB. Split it."


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        no_file = "not a regular file (a device, a pipe or a socket); save the feed to a file"
        assert refusal(tmp_path / "pipe") == no_file
        assert refusal(tmp_path / "socket") == no_file
    assert refusal(Path("/dev/zero")) == no_file
    assert refusal(tmp_path / "none.csv") == "no such file"
    assert refusal(tmp_path) == (
        f"a folder, not a feed; name the files in it, or go on importing it with --watch {tmp_path}"
    )
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert refusal(tmp_path / "round") == "Too many levels of symbolic links"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\t\n", "the file holds nothing but blanks"),
        (b"%PDF-1.7\n...", "a PDF file; what can be read: " + guard.READABLE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "an old Excel file (.xls); save it as .xlsx; what can be read: " + guard.READABLE,
        ),
        (b"BZh91AY", "packed with bzip2; unpack it or use gzip; what can be read: " + guard.READABLE),
        (b"SQLite format 3\0", "a database, not a feed (is it the catalogue?); what can be read: " + guard.READABLE),
        (b"PAR1....", "a Parquet file; what can be read: " + guard.READABLE),
        (b"\x89PNG\r\n", "a picture; what can be read: " + guard.READABLE),
        (b"<note>milk</note>", "XML, but no product feed and no page; what can be read: " + guard.READABLE),
        (b"PK\x03\x04cut", "a broken or cut ZIP archive (File is not a zip file)"),
        (gzip.compress(b"", mtime=0), "the file holds nothing but blanks"),
        (gzip.compress(gzip.compress(FEED, mtime=0), mtime=0), "packed twice; unpack it once"),
    ],
)
def test_each_refusal_says_what_the_file_is(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "feed").write_bytes(content)
    assert refusal(tmp_path / "feed") == message


@pytest.mark.parametrize("content", [FEED, b"id,title\n1,Lamp\n", b'[{"id": "1", "title": "Lamp"}]'])
def test_a_packed_feed_is_read_as_what_is_in_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "feed.gz").write_bytes(gzip.compress(content))
    assert [dict(row.values) for row in open_feed(tmp_path / "feed.gz").rows()] == [{"id": "1", "title": "Lamp"}]


def test_a_gzip_file_cut_short_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(FEED * 1000)
    (tmp_path / "feed.gz").write_bytes(packed[: len(packed) // 2])
    assert refusal(tmp_path / "feed.gz").startswith("its gzip packing is broken or cut short")
    (tmp_path / "feed.gz").write_bytes(packed[:40] + b"\0\0\0\0" + packed[44:])
    assert refusal(tmp_path / "feed.gz").startswith("its gzip packing is broken or cut short")


def test_a_gzip_bomb_is_given_up_long_before_it_is_unpacked(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.gz", "wb", compresslevel=1) as file:
        file.write(b"id,title\n")
        for _ in range(80):
            file.write(b"1" * ((1 << 20) - 1) + b"\n")
    assert refusal(tmp_path / "bomb.gz") == "a gzip bomb: it unpacks to over 200 times its size"


def test_what_a_packed_file_comes_to_is_held_to_the_same_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_BYTES", 1 << 20)
    (tmp_path / "feed.gz").write_bytes(gzip.compress(b"id,title\n" + os.urandom(1 << 20).hex().encode()))
    (tmp_path / "small.gz").write_bytes(gzip.compress(b"id,title\n" + b"1,a\n" * 300_000))
    assert refusal(tmp_path / "small.gz") == "unpacks to more than 1 MiB; split it"
    assert MOST_BYTES == 1 << 30


def test_a_whole_document_is_held_to_what_fits_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST_WHOLE", 1 << 20)
    (tmp_path / "list.json").write_bytes(b"[" + b" " * (1 << 20) + b"]")
    assert refusal(tmp_path / "list.json") == (
        "more than 1 MiB in a format that is held in memory as a whole; write JSON lines (one product a line) or CSV"
    )
