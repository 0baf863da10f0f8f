"""A feed by its address: fetched when it changed, kept beside the catalogue, used again when the shop says it is the same.

Only https, and http on this machine itself; at most a gibibyte; a few tries, each step under a deadline. A kept body is
named by its content and pointed to by one small file, so that a crash leaves the old one or the new one. Knows nothing of
formats.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from catalog.feeds.guard import MOST_BYTES
from errors import FeedUnavailable, UnreadableFeed

_CONNECT, _READ, _WHOLE = 10.0, 30.0, 900.0  # seconds
_PATIENCE = (0.3, 1.0)  # seconds before a connection that was refused is tried again
_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_NOT_MODIFIED = 304
_AGENT = {"User-Agent": "aisle-import", "Accept-Encoding": "gzip, identity"}
_PIECE = 1 << 16
_PACKED = ("", "identity", "gzip", "x-gzip")

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed that lies on this machine now. `changed`: it is not the one that lay there before."""

    path: Path
    changed: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was fetched the last time, and by which marks the shop knows it again."""

    file: str = ""
    etag: str = ""
    last_modified: str = ""

    def marks(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


def is_address(text: str) -> bool:
    """Is this an address rather than the name of a file?"""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text) is not None


def fetch(
    address: str, folder: Path, tell: Tell | None = None, transport: httpx2.BaseTransport | None = None
) -> Fetched:
    """The feed at an address, kept in `folder`. FeedUnavailable when the shop gives none, UnreadableFeed when the address
    is no good or the feed too large."""
    url = _checked(address)
    deadline = time.monotonic() + _WHOLE
    for patience in (*_PATIENCE, None):
        try:
            return _fetch(url, folder, tell, transport, deadline)
        except httpx2.ConnectError as error:
            if patience is None or not any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)):
                raise FeedUnavailable(f"{shown(url)}: {_why(error)}") from error
            time.sleep(patience)
        except httpx2.TimeoutException as error:
            raise FeedUnavailable(f"{shown(url)}: no answer in time ({type(error).__name__})") from error
        except (httpx2.TransportError, UnicodeError) as error:
            raise FeedUnavailable(f"{shown(url)}: {_why(error)}") from error
    raise AssertionError("the last try returns or raises")


def _fetch(
    url: httpx2.URL, folder: Path, tell: Tell | None, transport: httpx2.BaseTransport | None, deadline: float
) -> Fetched:
    name, asked = _name(url), url
    kept = _kept(folder, name)
    timeout = httpx2.Timeout(_READ, connect=_CONNECT)
    with httpx2.Client(transport=transport, timeout=timeout, trust_env=not _is_loopback(url)) as client:
        for _ in range(_REDIRECTS + 1):
            with client.stream("GET", url, headers=_AGENT | kept.marks()) as response:
                if response.status_code in _MOVED and "location" in response.headers:
                    url = _checked(response.headers["location"], after=url)
                    continue
                if response.status_code == _NOT_MODIFIED and kept.file:
                    return Fetched(folder / kept.file, changed=False)
                _refuse(response, url)
                return _keep(response, url, folder, name, kept, deadline, tell)
    raise FeedUnavailable(f"{shown(asked)}: sent on more than {_REDIRECTS} times")


def shown(url: httpx2.URL | str) -> str:
    """An address as it may be told and logged: without a password, without what stands behind the question mark."""
    try:
        url = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):
        return f"{str(url).partition('://')[0]}://..."
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.host}{port}{url.path}" + ("?..." if url.query else "")


def _checked(address: str, after: httpx2.URL | None = None) -> httpx2.URL:
    try:
        url = after.join(address) if after else httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError) as error:
        raise UnreadableFeed(f"{shown(after or address)}: no address that can be asked ({error})") from error
    sent = f" (sent on from {shown(after)})" if after else ""
    if not url.host or url.scheme not in ("https", "http"):
        raise UnreadableFeed(f"{shown(url)}{sent}: a feed's address begins with https://")
    if url.scheme == "http" and (not _is_loopback(url) or (after is not None and after.scheme == "https")):
        raise UnreadableFeed(f"{shown(url)}{sent}: not encrypted; use https:// (http:// is for this machine alone)")
    return url


def _is_loopback(url: httpx2.URL) -> bool:
    try:
        return url.host == "localhost" or ipaddress.ip_address(url.host).is_loopback
    except ValueError:
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _why(error: BaseException) -> str:
    """A way in which a service is not there, in words."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            said = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or str(cause)
            return f"its certificate or encryption cannot be trusted ({said})"
        if isinstance(cause, socket.gaierror | UnicodeError):  # the latter: of a name that none can have, as a..b
            return "no machine of this name is known (DNS)"
        if isinstance(cause, ConnectionRefusedError):
            return f"the connection was refused, {len(_PATIENCE) + 1} times"
    return f"the connection broke off ({error})"


def _refuse(response: httpx2.Response, url: httpx2.URL) -> None:
    if response.status_code != httpx2.codes.OK:
        reason = f"{response.status_code} {response.reason_phrase}".strip()
        raise FeedUnavailable(f"{shown(url)}: the shop's server answers {reason} instead of a feed")
    packed = response.headers.get("content-encoding", "").lower()
    if packed not in _PACKED:
        raise FeedUnavailable(f"{shown(url)}: comes packed with {packed}, which was not asked for")
    stated = response.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > MOST_BYTES:
        raise UnreadableFeed(f"{shown(url)}: {int(stated) >> 20:,} MiB; a feed may have {MOST_BYTES >> 20:,} MiB")


def _keep(
    response: httpx2.Response, url: httpx2.URL, folder: Path, name: str, kept: _Kept, deadline: float, tell: Tell | None
) -> Fetched:
    """Writes the body as it comes over the line (a packed one stays packed) and then points to it."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("fetching-*"):  # by a process that was killed
        if time.time() - left.stat().st_mtime > 2 * _WHOLE:
            left.unlink(missing_ok=True)
    stated = response.headers.get("content-length", "")
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="fetching-", delete=False) as part:
        try:
            for piece in response.iter_raw(_PIECE):
                size += len(piece)
                if size > MOST_BYTES:
                    raise UnreadableFeed(f"{shown(url)}: more than {MOST_BYTES >> 20:,} MiB; the rest was not fetched")
                if time.monotonic() > deadline:
                    raise FeedUnavailable(f"{shown(url)}: not all there after {_WHOLE:g} s")
                digest.update(piece)
                part.write(piece)
                if tell:
                    tell("fetching", size, int(stated) if stated.isdecimal() else 0)
            part.close()
            file = f"{name}-{digest.hexdigest()[:12]}"
            Path(part.name).replace(folder / file)
        finally:
            Path(part.name).unlink(missing_ok=True)
    marks = _Kept(file, response.headers.get("etag", ""), response.headers.get("last-modified", ""))
    _point(folder, name, marks)
    return Fetched(folder / file, changed=file != kept.file)


def _name(url: httpx2.URL) -> str:
    """Told by a person's eye and by a hash: the same host and file may be asked with other parameters."""
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", f"{url.host}-{url.path.rsplit('/', 1)[-1]}").strip("-.")[:60]
    return f"{readable}-{hashlib.sha256(str(url).encode()).hexdigest()[:8]}"


def _kept(folder: Path, name: str) -> _Kept:
    try:
        kept = _Kept(**json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _Kept()
    return kept if (folder / kept.file).is_file() else _Kept()


def _point(folder: Path, name: str, kept: _Kept) -> None:
    """From now on this is the feed; the one before it goes."""
    pointer = folder / f"{name}.json"
    staged = folder / f"fetching-{name}.json"
    staged.write_text(
        json.dumps({"file": kept.file, "etag": kept.etag, "last_modified": kept.last_modified}), encoding="utf-8"
    )
    staged.replace(pointer)
    for other in folder.glob(f"{name}-*"):
        if other.name != kept.file:
            other.unlink(missing_ok=True)
