"""The directory of a ZIP archive, looked through before anything in it is unpacked.

An XLSX file is a ZIP archive. Knows nothing of spreadsheets but what tells one from another archive.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import BinaryIO

from catalog.feeds.guard import READABLE, open_seekable, suspicious_ratio
from errors import UnreadableFeed

_MOST_MEMBERS = 10_000
_MOST_UNPACKED = 1 << 29
_LOCAL_HEADER = 30  # bytes before the name of a member where its data stands
_PIECE = 1 << 16
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NESTED = (".zip", ".gz", ".7z", ".rar", ".xlsx", ".xlsb", ".tar", ".jar")
WORKBOOK = "xl/workbook.xml"


def check_workbook(path: Path) -> None:
    """UnreadableFeed for an archive that is no workbook, or one that it would be unwise to unpack."""
    with open_seekable(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, RuntimeError, ValueError, OSError) as error:
            raise UnreadableFeed(f"{path}: a broken or cut ZIP archive ({error})") from error
        problem = _directory_problem(members)
        if problem:
            raise UnreadableFeed(f"{path}: {problem}")
        liar = next((m.filename for m in members if not _keeps_its_word(file, m)), None)
    if liar is not None:
        raise UnreadableFeed(f"{path}: a zip bomb or a broken archive: {liar!r} unpacks to another size than it states")


def _directory_problem(members: list[zipfile.ZipInfo]) -> str | None:
    names = Counter(m.filename for m in members)
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if len(members) > _MOST_MEMBERS:
        return f"a zip bomb: {len(members):,} members; a workbook has a few dozen"
    if unpacked > _MOST_UNPACKED:
        return (
            f"a zip bomb: it would unpack to {unpacked >> 20:,} MiB; a workbook may have {_MOST_UNPACKED >> 20:,} MiB"
        )
    if suspicious_ratio(unpacked, packed):
        return f"a zip bomb: it would unpack to {unpacked // max(packed, 1):,} times its size"
    if WORKBOOK not in names:
        some = ", ".join(list(names)[:3])
        return f"a ZIP archive ({some}), not a workbook; unpack it and give the files. What can be read: {READABLE}"
    if any(m.flag_bits & 1 for m in members):
        return "a workbook with a password; save it without one"
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        return f"a crooked archive: {twice!r} stands in it twice"
    outside = next((n for n in names if n.startswith(("/", "\\")) or ".." in n.replace("\\", "/").split("/")), None)
    if outside is not None:
        return f"a crooked archive: {outside!r} points out of it"
    nested = next((n for n in names if n.lower().endswith(_NESTED) and not n.startswith("xl/embeddings/")), None)
    if nested is not None:
        return f"an archive in an archive: {nested!r}; a workbook holds none"
    return None


def _keeps_its_word(file: BinaryIO, member: zipfile.ZipInfo) -> bool:
    """Does a member unpack to the size that the directory states, not a byte more? Unpacked piece by piece."""
    if member.compress_type not in _PACKED:
        return False
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        return False
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if member.compress_type == zipfile.ZIP_STORED:
        return member.file_size == member.compress_size
    return _unpacked_size(file, member) == member.file_size


def _unpacked_size(file: BinaryIO, member: zipfile.ZipInfo) -> int | None:
    """The size a member unpacks to; None where its packing is broken or goes on beyond what it states."""
    left, size, stream = member.compress_size, 0, zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while not stream.eof and size <= member.file_size:
            waiting = stream.unconsumed_tail or file.read(min(_PIECE, left))
            left -= 0 if stream.unconsumed_tail else len(waiting)
            if not waiting:
                return None
            size += len(stream.decompress(waiting, _PIECE))
    except zlib.error:
        return None
    return size if stream.eof else None
