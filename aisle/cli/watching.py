"""Going on importing: a folder looked at every second, addresses asked every while, an import when something changed.

The folder's feeds together are the shop: they are imported together, so a file that goes takes its products with it.
Where the feeds hold changes only, each new or changed file is imported alone, oldest first. Looking is done by listing
the folder, not by the system's file events: those do not tell of files that another machine writes to a shared folder,
and a file must be looked at again anyway to see that it has stopped growing. Knows no options and no catalogue.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from catalog.feeds.fetch import fetch, is_address, shown
from errors import AisleError, ImportBusy, UnreadableFeed

POLL, SETTLE = 1.0, 2.0  # seconds between two looks, and for which nothing may have changed before it is read
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", ".lock", "~")

Stamp = tuple[Path, int, int]
Fetch = Callable[[str], Path]


@dataclass(slots=True)
class Sources:
    """Where feeds come from: files and addresses as given, and a folder. `db`: not a feed, wherever it lies."""

    given: Sequence[str]
    db: Path
    folder: Path | None = None
    every: float = 3600.0
    fetched: dict[str, Path] = field(default_factory=dict)

    def told(self) -> str:
        """What is watched, in words."""
        parts = [f"the feeds in {self.folder}"] if self.folder else []
        parts += [f"{shown(name)}, asked every {self.every:g} s" if is_address(name) else name for name in self.given]
        return "watching " + ", ".join(parts)

    def paths(self, fetch_one: Fetch) -> list[Path]:
        """The given feeds as files, addresses fetched; an address that gives none raises."""
        return [fetch_one(name) if is_address(name) else Path(name) for name in dict.fromkeys(self.given)]

    def ask(self, fetch_one: Fetch, tell: Callable[[AisleError], None]) -> None:
        """Fetch each address; one that gives nothing now keeps what it gave before."""
        for address in filter(is_address, self.given):
            try:
                self.fetched[address] = fetch_one(address)
            except AisleError as error:
                tell(error)

    def look(self) -> tuple[Stamp, ...]:
        """The feeds there are now, with what changes when they do; () while an address has never given its feed, for
        without it an import would take its products away."""
        if any(is_address(name) and name not in self.fetched for name in self.given):
            return ()
        given = [self.fetched[name] if is_address(name) else Path(name) for name in self.given]
        try:
            inside = sorted(self.folder.iterdir()) if self.folder else []
        except OSError as error:
            raise UnreadableFeed(f"{self.folder}: {error.strerror or error}; waiting for it to come back") from error
        return tuple(map(_stamp, dict.fromkeys([*given, *filter(self._is_feed, inside)])))

    def _is_feed(self, path: Path) -> bool:
        """No link that leads out of the folder: whoever may write into it may not read all that we may."""
        name, folder = path.name, path.parent.resolve()
        ours = folder == self.db.parent.resolve() and name.startswith(self.db.name)
        left = name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED) or ours
        return path.is_file() and path.resolve().is_relative_to(folder) and not left


def _stamp(path: Path) -> Stamp:
    """A file that is not there is a change, too, and the import that it leads to says so."""
    try:
        found = path.stat()
    except OSError:
        return path, -1, -1
    return path, found.st_size, found.st_mtime_ns


def fetcher(db: Path, tell: Callable[[str, int, int], None] | None = None) -> Fetch:
    """Fetches feeds to where the catalogue keeps them."""
    return lambda address: fetch(address, Path(f"{db}.d") / "feeds", tell).path


def watch(
    sources: Sources,
    fetch_one: Fetch,
    run: Callable[[list[Path]], None],
    tell: Callable[[AisleError], None],
    one_by_one: bool = False,
    poll: float = POLL,
    settle: float = SETTLE,
) -> None:
    """Import, and again at each change, until interrupted. What an import fails with is told; it is tried again when
    something changes, or when the addresses are asked the next time; while another import is under way, right away."""
    done: tuple[Stamp, ...] = ()
    tried = seen = done
    since, asked, told = time.monotonic(), float("-inf"), ""
    while True:
        now = time.monotonic()
        if now - asked >= sources.every:
            sources.ask(fetch_one, tell)
            asked, tried = now, done
        try:
            look = sources.look()
            if look != seen:
                seen, since, told = look, now, ""
            elif look and look not in (done, tried) and now - since >= settle:
                done = tried = _import(look, done, run, one_by_one)
                told = ""
        except AisleError as error:
            tried = tried if isinstance(error, ImportBusy) else seen
            if str(error) != told:
                tell(error)
            told = str(error)
        time.sleep(poll)


def _import(
    look: tuple[Stamp, ...], done: tuple[Stamp, ...], run: Callable[[list[Path]], None], one_by_one: bool
) -> tuple[Stamp, ...]:
    """What has been imported now."""
    if not one_by_one:
        run([path for path, _, _ in look])
        return look
    known = set(done)
    for path, _, _ in sorted((stamp for stamp in look if stamp not in known), key=lambda stamp: stamp[2]):
        run([path])
    return look


@contextmanager
def until_stopped() -> Iterator[None]:
    """Ctrl-C, a closed terminal and a polite kill end what is done inside, without a word: an import that was under way
    left no trace."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # A signal that is ignored (nohup) stays so.
    known = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__]
    heard = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
