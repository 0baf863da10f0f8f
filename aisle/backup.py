"""A shop in one file: its catalogue and its conversations as a tar archive, with a list of what is in it and how it hashes.

    backup.make(Path("shop.db"), Path("people.db"), Path("backups/aisle.tar"))

Unpacked anywhere, it is a shop that can be served. Knows no SQL.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog.backup import check_copy as check_catalogue
from catalog.backup import take_aside
from chatbot.memory.backup import check_copy as check_people
from chatbot.memory.backup import copy_people
from errors import AisleError, BadBackup

MANIFEST = "manifest.json"
MADE_BY_US = re.compile(r"aisle-\d{8}T\d{6}Z\.tar")
_NAME = re.compile(r"people\.db|shop\.db|shop\.db\.d/[A-Za-z0-9_-][A-Za-z0-9._-]*")
_FORMAT = 1
_MOST_MANIFEST = 1_000_000  # bytes
_BLOCK = 1 << 20

Tell = Callable[[str, int, int], None]
Manifest = dict[str, Any]


def name_now() -> str:
    """What a backup made at this moment is called, so that names sort as times do."""
    return f"aisle-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"


def make(db: Path, people: Path, target: Path, version: str, tell: Tell) -> Manifest:
    """Write the shop to `target`, for its owner alone to read; it stands whole or not at all.

    NoCatalog or StoreError when there is nothing to copy, OSError when it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".aisle-backup-", dir=target.parent) as made:
        folder = Path(made)
        tell("conversations", 0, 0)
        talks = copy_people(people, folder / "people.db")
        tell("catalogue", 0, 0)
        shop = take_aside(db, folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        listed = [_listed(path, folder) for path in files]
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = {
            "format": _FORMAT,
            "aisle": version,
            "made": made_at,
            "catalogue": shop,
            "people": talks,
            "files": listed,
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), "utf-8")
        part = folder / "whole.tar"
        _pack(part, [folder / MANIFEST, *files], folder, tell)
        part.replace(target)
    _settle(target.parent)
    return manifest


def sweep(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups that were named by us; which went."""
    ours = sorted(path for path in folder.iterdir() if MADE_BY_US.fullmatch(path.name))
    gone = ours[: max(0, len(ours) - keep)]
    for path in gone:
        path.unlink()
    return gone


def check(path: Path, tell: Tell) -> Manifest:
    """What a backup holds, after every file in it was hashed and opened. BadBackup says what is wrong with it."""
    try:
        with tarfile.open(path, "r:") as archive, tempfile.TemporaryDirectory(prefix="aisle-check-") as made:
            members = archive.getmembers()
            manifest = _manifest(archive, members)
            wanted = {file["name"]: file for file in manifest["files"]}
            if sorted(m.name for m in members[1:]) != sorted(wanted) or not all(m.isfile() for m in members):
                raise BadBackup(f"{path}: its files are not those that its list names")
            for done, member in enumerate(members[1:]):
                tell("checking", done, len(wanted))
                if _unpacked(archive, member, Path(made)) != wanted[member.name]:
                    raise BadBackup(f"{path}: {member.name} is not as it was written")
            check_people(Path(made) / "people.db")
            check_catalogue(Path(made) / "shop.db")
    except (tarfile.TarError, OSError, KeyError, TypeError, ValueError) as error:
        raise BadBackup(f"{path}: not a whole backup ({error})") from error
    except BadBackup:
        raise
    except AisleError as error:
        raise BadBackup(f"{path}: {error}") from error
    return manifest


def _manifest(archive: tarfile.TarFile, members: list[tarfile.TarInfo]) -> Manifest:
    first = archive.extractfile(members[0]) if members and members[0].name == MANIFEST else None
    if first is None or members[0].size > _MOST_MANIFEST:
        raise ValueError("no list of files stands first in it")
    manifest: Manifest = json.load(first)
    if manifest["format"] != _FORMAT:
        raise ValueError("made by another version of Aisle")
    return manifest


def _listed(path: Path, folder: Path) -> dict[str, object]:
    """A file as the list has it."""
    read, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            read.update(block)
            size += len(block)
    return {"name": path.relative_to(folder).as_posix(), "bytes": size, "sha256": read.hexdigest()}


def _unpacked(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> dict[str, object]:
    """Unpack one file, whatever else the archive says of it; how it is listed then."""
    packed = archive.extractfile(member) if _NAME.fullmatch(member.name) else None
    if packed is None:
        raise ValueError("a file in it has a name that no backup has")
    target = folder / member.name
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(packed, out, _BLOCK)
    return _listed(target, folder)


def _pack(target: Path, files: list[Path], folder: Path, tell: Tell) -> None:
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for done, path in enumerate(files):
                tell("packing", done, len(files))
                archive.add(path, path.relative_to(folder).as_posix(), recursive=False, filter=_anonymous)
        out.flush()
        os.fsync(out.fileno())


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who owns the file here; unpacked it is its unpacker's alone."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _settle(folder: Path) -> None:
    """The new name is on the disk, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
