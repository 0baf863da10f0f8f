"""What is refused before any of it is parsed, each with one message, and the bytes of what is not.

A feed comes from outside: it may be a folder, a device, far too large, or packed so that a few bytes become gigabytes.
Looks at sizes and first bytes only; knows no format's inside but the directory of a ZIP archive (archive.py).
"""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from errors import UnreadableFeed

MOST_BYTES = 1 << 30
"""A feed may have one gibibyte, packed and unpacked alike."""
MOST_WHOLE = 1 << 28
"""What has no lines or rows to be read one by one (a JSON list, a saved page) is held in memory as a whole."""
_RATIO, _RATIO_FROM = 200, 1 << 26  # a feed packed tighter than this, from this size on, is a bomb
_HEAD = 1 << 12
_GZIP = b"\x1f\x8b"
_FOREIGN = {
    b"%PDF": "a PDF file",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls); save it as .xlsx",
    b"Rar!": "a RAR archive; unpack it",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it",
    b"BZh": "packed with bzip2; unpack it or use gzip",
    b"\xfd7zXZ": "packed with xz; unpack it or use gzip",
    b"\x28\xb5\x2f\xfd": "packed with Zstandard; unpack it or use gzip",
    b"SQLite format 3": "a database, not a feed (is it the catalogue?)",
    b"PAR1": "a Parquet file",
    b"Obj\x01": "an Avro file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
READABLE = "JSON lines or lists, CSV, TSV, XLSX, Google Merchant XML, schema.org JSON-LD (also in saved pages)"


def check(path: Path) -> bytes:
    """The feed's first bytes, unpacked, when nothing speaks against reading it; UnreadableFeed says what does."""
    size = _size(path)
    if size == 0:
        raise UnreadableFeed(f"{path}: the file is empty")
    if size > MOST_BYTES:
        raise UnreadableFeed(f"{path}: {_megabytes(size)}; a feed may have {_megabytes(MOST_BYTES)}. Split it.")
    with open_bytes(path) as file:
        head = file.read(_HEAD)
    if head.startswith(_GZIP):
        raise UnreadableFeed(f"{path}: packed twice; unpack it once")
    for mark, what in _FOREIGN.items():
        if head.startswith(mark):
            raise UnreadableFeed(f"{path}: {what}; what can be read: {READABLE}")
    return head


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise UnreadableFeed(f"{path}: no such file") from None
    except OSError as error:
        raise UnreadableFeed(f"{path}: {error.strerror or error}") from error
    if stat.S_ISDIR(found.st_mode):
        raise UnreadableFeed(
            f"{path}: a folder, not a feed; name the files in it, or go on importing it with --watch {path}"
        )
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFeed(f"{path}: not a regular file (a device, a pipe or a socket); save the feed to a file")
    return found.st_size


def open_bytes(path: Path) -> BinaryIO:
    """The feed's bytes, unpacked on the way where it is packed with gzip."""
    try:
        file = path.open("rb")
        packed = file.read(2) == _GZIP
        file.seek(0)
    except OSError as error:
        raise UnreadableFeed(f"{path}: {error.strerror or error}") from error
    return io.BufferedReader(_Unpacked(path, file)) if packed else file


def read_whole(path: Path) -> bytes:
    """All of the feed's bytes, for formats that cannot be read piece by piece."""
    with open_bytes(path) as file:
        whole = file.read(MOST_WHOLE + 1)
    if len(whole) > MOST_WHOLE:
        raise UnreadableFeed(
            f"{path}: more than {_megabytes(MOST_WHOLE)} in a format that is held in memory as a whole; "
            "write JSON lines (one product a line) or CSV"
        )
    return whole


def open_seekable(path: Path) -> BinaryIO:
    """The feed's bytes for a reader that jumps about in them; those of a packed one are held in memory."""
    file = open_bytes(path)
    if not isinstance(file, io.BufferedReader) or not isinstance(file.raw, _Unpacked):
        return file
    file.close()
    return io.BytesIO(read_whole(path))


class _Unpacked(io.RawIOBase):
    """What a gzip file unpacks to, read piece by piece and never further than a feed may go."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file, self._done = path, file, 0
        self._stream = gzip.GzipFile(fileobj=file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        room = memoryview(buffer)
        try:
            piece = self._stream.read(len(room))
        except (EOFError, OSError, zlib.error) as error:
            raise UnreadableFeed(f"{self._path}: its gzip packing is broken or cut short ({error})") from error
        self._done += len(piece)
        if self._done > MOST_BYTES:
            raise UnreadableFeed(f"{self._path}: unpacks to more than {_megabytes(MOST_BYTES)}; split it")
        if suspicious_ratio(self._done, self._file.tell()):
            raise UnreadableFeed(f"{self._path}: a gzip bomb: it unpacks to over {_RATIO} times its size")
        room[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        self._file.close()
        super().close()


def suspicious_ratio(unpacked: int, packed: int) -> bool:
    """Is this packed tighter than any feed is?"""
    return unpacked > _RATIO_FROM and unpacked > _RATIO * max(packed, 1)


def _megabytes(size: int) -> str:
    return f"{size >> 20:,} MiB"
