"""Pictures of products: which addresses a page may show, and the shop's own files behind /media/.

Knows nothing of products. A feed is not trusted: a path never leaves its folder, and only pictures are given.
"""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterable
from pathlib import Path
from urllib.parse import quote, unquote

from catalog.hosts import host_of, is_private

MOUNT = "/media/"
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


def link(address: object, own: Container[str] = ()) -> str | None:
    """An address that may be followed: by http(s) to a host on the internet, or to one of the shop's `own`; else None."""
    host = host_of(address) if isinstance(address, str) else None
    if not isinstance(address, str) or host is None or (is_private(host) and host not in own):
        return None
    return address.strip()


def picture(address: object, own: Container[str] = ()) -> str | None:
    """Where a page finds a record's picture: outside as `link` has it, or ours by a path; None for anything else."""
    if not isinstance(address, str) or not address.strip():
        return None
    if outside := link(address, own):
        return outside
    path = _inside(unquote(address.strip().partition("?")[0].lstrip("/")))
    return MOUNT + quote(path) if path else None


def find(path: str, folders: Iterable[Path]) -> Path | None:
    """The file for a path below /media/, in the first folder that has it.

    A feed may or may not name the folder itself: pictures/red.svg and red.svg are both looked for in pictures/.
    """
    wanted = _inside(path)
    if wanted is None:
        return None
    for root in (folder.resolve() for folder in folders):
        file = (root / wanted.removeprefix(f"{root.name}/")).resolve()
        if file.is_relative_to(root) and file.is_file():
            return file
    return None


def _inside(path: str) -> str | None:
    """The path, when it is a picture's below a folder: no scheme, no way up, nothing hidden."""
    parts = path.split("/")
    hidden = any(part.startswith(".") or not part for part in parts)
    odd = hidden or "\\" in path or ":" in path or not path.isprintable() or len(path) > 500
    return None if odd or posixpath.splitext(path)[1].lower() not in TYPES else path
