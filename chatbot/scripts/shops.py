"""The shops that scripted dialogues talk to: each feed imported once, kept in a cache, used again.

A database is keyed by the feed's bytes, by the importer's own code and by the encoder, so that it is never stale.
Knows nothing of dialogues.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import catalog
from catalog.ingest import ImportOptions, import_feeds
from chatbot.scripts.vectors import RememberedEmbed
from errors import ScriptError
from retrieval.embedder import Embedder

KEPT = 3  # databases of one shop that stay in the cache, newest first
DATABASE = "shop.db"


@dataclass(frozen=True, slots=True)
class Shops:
    """Feeds in `folder` (NAME.jsonl, NAME.csv ...), their databases in `cache`.

    `encoder`: None imports without vectors. `stale`: use the newest database of a shop whatever it was made by (for
    quick looks while the importer itself is being worked on). `faq`: questions and answers that every shop is given.
    """

    folder: Path
    cache: Path
    encoder: Embedder | None = None
    stale: bool = False
    faq: tuple[Path, ...] = ()
    _made: dict[str, Path] = field(default_factory=dict, compare=False, repr=False)

    def database(self, name: str) -> Path:
        """The database of a shop, imported now if need be. ScriptError when there is no such feed."""
        if name not in self._made:
            self._made[name] = self._find(name)
        return self._made[name]

    def _find(self, name: str) -> Path:
        feed = self._feed(name)
        older = self._databases(name)
        if self.stale and older:
            return older[0] / DATABASE
        home = self.cache / "shops" / f"{name}-{self._key(feed)}"
        if not (home / DATABASE).exists():
            self._import(feed, home)
            for old in self._databases(name)[KEPT:]:
                shutil.rmtree(old, ignore_errors=True)
        return home / DATABASE

    def _feed(self, name: str) -> Path:
        found = sorted(self.folder.glob(f"{name}.*")) if Path(name).name == name else []
        if len(found) != 1:
            raise ScriptError(f"{self.folder}: {len(found)} feeds are called {name!r}, one is needed")
        return found[0]

    def _databases(self, name: str) -> list[Path]:
        found = [p for p in (self.cache / "shops").glob(f"{name}-*") if p.name[len(name) + 1 :].isalnum()]
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)

    def _key(self, feed: Path) -> str:
        encoder = self.encoder.id if self.encoder else ""
        read = b"".join(path.read_bytes() for path in (feed, *self.faq))
        return hashlib.sha256(read + f"{importer_fingerprint()} {encoder}".encode()).hexdigest()[:16]

    def _import(self, feed: Path, home: Path) -> None:
        """Import beside the final place and move there, so that nobody meets half a database."""
        scratch = home.with_name(f".{home.name}.{os.getpid()}")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        embed = RememberedEmbed(self.encoder, self.cache) if self.encoder else None
        try:
            import_feeds([feed], scratch / DATABASE, ImportOptions(faq=self.faq or None), embed)
        finally:
            if embed:
                embed.save()  # minutes of work, kept even when the import fails behind it
        try:
            scratch.rename(home)
        except OSError:  # another run was faster
            shutil.rmtree(scratch, ignore_errors=True)


@cache
def importer_fingerprint() -> str:
    """A hash of the catalogue room's code and word lists: what an import depends on besides the feed."""
    room = Path(catalog.__path__[0])
    files = sorted(p for suffix in ("py", "toml") for p in room.rglob(f"*.{suffix}"))
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in files)).hexdigest()
