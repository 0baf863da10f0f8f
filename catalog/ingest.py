"""Feeds -> catalogue: read, checked, staged beside the old one, and flipped in one step.

A new database file is built in full and then put where the old one stood by one rename, so a reader, or a machine that
loses power, meets the old catalogue or the new one, never half. Knows no command line.
"""

from __future__ import annotations

import fcntl
import gc
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.build import Embed, Old, build, code, read_old, words_of
from catalog.intake import Entry, ImportOptions, Progress, Reject, read_feeds, reader_of
from catalog.texts import embedding_text
from errors import ImportRefused

__all__ = ["Embed", "ImportOptions", "ImportReport", "Progress", "embedding_text", "import_feeds"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to; read = inserted + updated + unchanged + rejected."""

    read: int
    inserted: int
    updated: int
    unchanged: int
    removed: int
    rejected: int
    embedded: int
    seconds: float
    rejects_file: str | None
    rejects: tuple[Reject, ...] = ()

    def to_json(self) -> dict[str, object]:
        counts = ("read", "inserted", "updated", "unchanged", "removed", "rejected", "embedded")
        return {name: getattr(self, name) for name in counts} | {
            "seconds": round(self.seconds, 2),
            "rejects_file": self.rejects_file,
        }


def import_feeds(
    feeds: Sequence[str | Path],
    db: str | Path,
    options: ImportOptions | None = None,
    embed: Embed | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Read the feeds into the catalogue at `db`, made when there is none.

    UnreadableFeed when a feed cannot be read at all, ImportRefused when the import would remove more than half of the
    catalogue or, with `strict`, when a row is rejected; in both cases nothing is changed.
    """
    begun = time.perf_counter()
    options, progress, db = options or ImportOptions(), progress or _silent, Path(db)
    with _uncollected():
        return _import([Path(f) for f in feeds], db, options, embed, progress, begun)


def _import(
    feeds: Sequence[Path], db: Path, options: ImportOptions, embed: Embed | None, progress: Progress, begun: float
) -> ImportReport:
    old = read_old(db, embed)
    entries, rejects, read = read_feeds(feeds, options, progress, _accepted(old))
    with _locked(db):
        _refuse_stale(old, db)
        counts = _compare(entries, old)
        kept, removed = _keep(entries, rejects, old, options)
        rejects_file = None if options.dry_run else _write_rejects(db, rejects)
        _refuse_harm(removed, rejects, old, options, db, rejects_file)
        missing_vectors = embed is not None and not old.complete
        reworded = old.catalog is not None and old.catalog.words != words_of(options, old)
        changed = counts["inserted"] + counts["updated"] + removed or missing_vectors or reworded or _outdated(old)
        embedded = 0
        if changed and not options.dry_run:
            embedded = build(db, kept, old, options, embed, progress)
    return ImportReport(
        read=read,
        inserted=counts["inserted"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        removed=removed,
        rejected=len(rejects),
        embedded=embedded,
        seconds=time.perf_counter() - begun,
        rejects_file=rejects_file,
        rejects=tuple(rejects),
    )


def _accepted(old: Old) -> dict[str, str]:
    """id -> hash of the rows that this same importer accepted before."""
    return {} if _outdated(old) else {id: hash for id, (_, _, hash) in old.entries.items()}


def _refuse_stale(old: Old, db: Path) -> None:
    """What was compared with must still stand: another import may have ended while the feeds were read."""
    if old.catalog.superseded() if old.catalog else db.exists():
        raise ImportRefused(f"{db}: another import ended while this one was reading; nothing was changed, try again")


@contextmanager
def _uncollected() -> Iterator[None]:
    """No cycle collection meanwhile: an import makes millions of small values in no cycles, and each collection would
    look at all of them again (a quarter of the whole time)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@contextmanager
def _locked(db: Path) -> Iterator[None]:
    """One import at a time; what a killed one left behind is swept away."""
    folder = Path(f"{db}.d")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ImportRefused(f"{db}: another import is running; try again when it has ended") from error
        for left in folder.glob("staging-*"):
            left.unlink(missing_ok=True)
        yield


def _compare(entries: Mapping[str, Entry], old: Old) -> Counter[str]:
    counts: Counter[str] = Counter()
    for id, entry in entries.items():
        known = old.entries.get(id)
        counts["inserted" if known is None else "unchanged" if _says_the_same(known, entry) else "updated"] += 1
    return counts


def _says_the_same(known: tuple[str, str, str], entry: Entry) -> bool:
    """The same row read in the same way, or in a new way that makes no difference to this product."""
    document, record, hash = known
    if hash == entry.hash:
        return True
    return record == entry.record and reader_of(document).product(json.loads(record)) == entry.product


def _keep(
    entries: dict[str, Entry], rejects: Sequence[Reject], old: Old, options: ImportOptions
) -> tuple[list[Entry], int]:
    """What the catalogue will hold, old places first, and how many products leave it.

    A product whose new row was rejected stays as it was: a bad row loses nothing.
    """
    faulty = {r.id for r in rejects}
    kept, removed = [], 0
    for id, (document, record, hash) in old.entries.items():
        if id in entries:
            kept.append(entries[id])
        elif options.delta or id in faulty:
            kept.append(Entry(id, document, record, hash))
        else:
            removed += 1
    kept.extend(entry for id, entry in entries.items() if id not in old.entries)
    return kept, removed


def _refuse_harm(
    removed: int, rejects: Sequence[Reject], old: Old, options: ImportOptions, db: Path, rejects_file: str | None
) -> None:
    if removed * 2 > len(old.entries) and not options.allow_shrink:
        raise ImportRefused(
            f"{db}: this import would remove {removed:,} of {len(old.entries):,} products; nothing was changed. "
            "Say --allow-shrink if that is meant, or --delta if the feed holds changes only."
        )
    if rejects and options.strict:
        first = rejects[0]
        where = f"; all are listed in {rejects_file}" if rejects_file else ""
        raise ImportRefused(
            f"--strict: {len(rejects):,} rows were rejected, the first in {first.file}, line {first.line} "
            f"({first.problem.field or 'row'}: {first.problem.reason}); nothing was changed{where}"
        )


def _outdated(old: Old) -> bool:
    return old.catalog is not None and old.catalog.code != code()


def _write_rejects(db: Path, rejects: Sequence[Reject]) -> str | None:
    path = Path(f"{db}.d") / "rejects.jsonl"
    if not rejects:
        path.unlink(missing_ok=True)
        return None
    lines = (json.dumps(r.to_json(), ensure_ascii=False) + "\n" for r in rejects)
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)
