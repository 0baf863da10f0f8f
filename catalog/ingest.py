"""Feeds -> catalogue: read, checked, staged beside the old one, and flipped in one step.

A new database file is built in full and then put where the old one stood by one rename, so a reader, or a machine that
loses power, meets the old catalogue or the new one, never half. Knows no command line.
"""

from __future__ import annotations

import fcntl
import gc
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from catalog.build import Built, build, outdated, words_of
from catalog.faq.index import lacking
from catalog.faq.passage import Passage
from catalog.faq.read import FaqFiles, read_faq
from catalog.intake import ImportOptions, Intake, Progress, Reject, read_feeds
from catalog.old import Old, read_old
from catalog.plan import Change, plan, shown
from catalog.prices import read_prices
from catalog.readout.told import Told
from catalog.texts import embedding_text
from catalog.vectors import Embed
from errors import ImportBusy, ImportRefused, NoCatalog

__all__ = ["Embed", "ImportOptions", "ImportReport", "Progress", "embedding_text", "import_feeds"]

_SHOWN = 50  # changes of each sort that a dry run shows


@dataclass(frozen=True, slots=True)
class FaqReport:
    """What questions and answers came to; read = inserted + unchanged + rejected. `removed`: those that were and are not."""

    read: int
    inserted: int
    unchanged: int
    removed: int
    rejected: int
    embedded: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to; read = inserted + updated + unchanged + rejected.

    `written`: rows of products written into the database. `unlinked`: where products stand (file, line) that land without
    a link, as theirs is a path of the shop. `changes`: the first of each sort, of a dry run.
    """

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
    written: int = 0
    unlinked: tuple[tuple[str, int], ...] = ()
    changes: tuple[Change, ...] | None = None
    faq: FaqReport | None = None

    def to_json(self) -> dict[str, object]:
        counts = ("read", "inserted", "updated", "unchanged", "removed", "rejected", "embedded", "written")
        told = (
            {name: getattr(self, name) for name in counts}
            | {
                "seconds": round(self.seconds, 2),
                "rejects_file": self.rejects_file,
            }
            | ({"unlinked": len(self.unlinked)} if self.unlinked else {})
            | ({"faq": asdict(self.faq)} if self.faq else {})
        )
        if self.changes is None:
            return told
        rejects = ({"change": "rejected"} | reject.to_json() for reject in self.rejects[:_SHOWN])
        return told | {"changes": [*(change.to_json() for change in self.changes), *rejects]}


def import_feeds(
    feeds: Sequence[str | Path],
    db: str | Path,
    options: ImportOptions | None = None,
    embed: Embed | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Read the feeds into the catalogue at `db`, made when there is none; without feeds, only questions and answers.

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
    old = read_old(db, embed.id if embed else None)
    if not feeds and old.file is None:
        raise NoCatalog(
            f"{db}: no catalogue here; import the shop's feed as well: aisle import FEED --faq FILE --db {db}"
        )
    options = _as_before(options if feeds else replace(options, delta=True), old)
    faq = None if options.faq is None else read_faq(options.faq)
    taken = _taken(feeds, options, progress, old)
    rejects = [*taken.rejects, *(faq.rejects if faq else ())]
    with _locked(db):
        old.refuse_superseded()
        found = plan(taken.entries, old, None if options.delta or options.prices else taken.faulty)
        rejects_file = None if options.dry_run else _write_rejects(db, rejects)
        _refuse_harm(len(found.removed), rejects, old, options, rejects_file)
        missing_vectors = embed is not None and not old.complete
        reworded = len(old) > 0 and old.words != words_of(options, old)
        built = Built(0, 0)
        other_faq = faq is not None and (
            faq.passages != old.faq or (embed is not None and lacking(faq.passages, old.faq_vectors))
        )
        other_language = options.language not in (None, old.meta.get("language"))
        changed = found.changes or missing_vectors or reworded or other_language or other_faq
        if not options.dry_run and (changed or outdated(old)):
            built = build(db, found, old, options, embed, progress, faq.passages if faq else None)
    return ImportReport(
        read=taken.read,
        inserted=len(found.inserted),
        updated=len(found.updated),
        unchanged=found.unchanged,
        removed=len(found.removed),
        rejected=len(taken.rejects),
        embedded=built.embedded,
        seconds=time.perf_counter() - begun,
        rejects_file=rejects_file,
        rejects=tuple(rejects),
        written=built.written,
        unlinked=tuple(taken.unlinked),
        changes=tuple(shown(found, old, _SHOWN)) if options.dry_run else None,
        faq=_told(faq, old.faq, built.faq_embedded) if faq else None,
    )


def _taken(feeds: Sequence[Path], options: ImportOptions, progress: Progress, old: Old) -> Intake:
    if not feeds:
        return Intake()
    return read_prices(feeds, options, progress, old) if options.prices else _read(feeds, options, progress, old)


def _told(faq: FaqFiles, before: Sequence[Passage], embedded: int) -> FaqReport:
    known, kept = set(before), set(faq.passages)
    return FaqReport(
        read=len(faq.passages) + len(faq.rejects),
        inserted=len(kept - known),
        unchanged=len(kept & known),
        removed=len(known - kept),
        rejected=len(faq.rejects),
        embedded=embedded,
    )


def reread(db: str | Path, progress: Progress | None = None) -> bool:
    """Work out anew what the products' texts say, with what a model has read in them since (readout/told.py).

    The records stay as they are. False, and nothing is written, where it has read nothing new.
    """
    db = Path(db)
    with _uncollected(), _locked(db):
        old = read_old(db, None)
        if old.meta.get("told", "") == Told.read(Path(f"{db}.d")).digest:
            return False
        options = _as_before(ImportOptions(delta=True), old)
        build(db, plan({}, old, None), old, options, None, progress or _silent)
    return True


def _as_before(options: ImportOptions, old: Old) -> ImportOptions:
    """Changes alone are in the catalogue's currency and language, if nothing else is said."""
    if not len(old) or not (options.delta or options.prices):
        return options
    currency, language = options.currency or old.meta["currency"], options.language or old.meta["language"]
    return replace(options, currency=currency, language=language)


def _read(feeds: Sequence[Path], options: ImportOptions, progress: Progress, old: Old) -> Intake:
    """Rows that this same importer accepted before are taken by their hash."""
    return read_feeds(feeds, options, progress, None if outdated(old) or not len(old) else old.hash_of)


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
            raise ImportBusy(f"{db}: another import is running; try again when it has ended") from error
        for left in folder.glob("staging-*"):
            left.unlink(missing_ok=True)
        yield


def _refuse_harm(
    removed: int, rejects: Sequence[Reject], old: Old, options: ImportOptions, rejects_file: str | None
) -> None:
    if removed * 2 > len(old) and not options.allow_shrink:
        raise ImportRefused(
            f"{old.path}: this import would remove {removed:,} of {len(old):,} products; nothing was changed. "
            "Say --allow-shrink if that is meant, or --delta if the feed holds changes only."
        )
    faults = [reject for reject in rejects if reject.problem.fault]
    if faults and options.strict:
        first = faults[0]
        where = f"; all are listed in {rejects_file}" if rejects_file else ""
        raise ImportRefused(
            f"--strict: {len(faults):,} rows were rejected, the first in {first.file}, line {first.line} "
            f"({first.problem.field or 'row'}: {first.problem.reason}); nothing was changed{where}"
        )


def _write_rejects(db: Path, rejects: Sequence[Reject]) -> str | None:
    path = Path(f"{db}.d") / "rejects.jsonl"
    if not rejects:
        path.unlink(missing_ok=True)
        return None
    lines = (json.dumps(r.to_json(), ensure_ascii=False) + "\n" for r in rejects)
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)
