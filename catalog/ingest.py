"""Feeds -> catalogue: read, checked, staged beside the old one, and flipped in one step.

A new database file is built in full and then put where the old one stood by one rename, so a reader, or a machine that
loses power, meets the old catalogue or the new one, never half. The only writer of the catalogue. Knows no command line.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.columns import Columns
from catalog.feeds.open import open_feed
from catalog.feeds.rows import Feed, Problem, Row
from catalog.mapping import NAMES, Reader, map_columns, plain_name
from catalog.migrations import migrate
from catalog.schema import infer_slots, vocabulary
from catalog.store import Catalog, slot_to_json
from catalog.texts import bigrams, embedding_text, keyword_fields
from catalog.types import Product
from errors import ImportRefused, UnreadableFeed

__all__ = ["Embed", "ImportOptions", "ImportReport", "Progress", "embedding_text", "import_feeds"]

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) as work goes on."""

_SAMPLE = 2000  # rows that tell a feed's columns
_NESTED_COVERAGE = 0.9  # share of rows an attribute must fill to be taken for the kind of product
_BATCH = 256
_CODE = "1"  # raise when what is worked out from unchanged records changes


class Embed(Protocol):
    """Turns texts into unit vectors. `id` names the encoder: vectors of another are made anew."""

    @property
    def id(self) -> str: ...

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. `columns`: field -> the feed's column. `delta`: what the feed leaves out stays."""

    columns: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    language: str | None = None
    delta: bool = False
    dry_run: bool = False
    allow_shrink: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why."""

    file: str
    line: int
    id: str | None
    problem: Problem

    def to_json(self) -> dict[str, object]:
        problem = self.problem
        place = {"file": self.file, "line": self.line, "id": self.id}
        return place | {"field": problem.field, "value": problem.value, "reason": problem.reason}


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


@dataclass(frozen=True, slots=True)
class _Entry:
    """A product to be kept: its row as stored, and what its record states."""

    product: Product
    reading: str
    record: str
    hash: str


@dataclass(slots=True)
class _Old:
    """What stood before: entries by id, and the vectors by hash of their text."""

    catalog: Catalog | None
    entries: dict[str, tuple[str, str, str]]  # id -> (reading document, record, hash)
    vectors: dict[str, NDArray[np.float16]]


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
    with _locked(db):
        old = _read_old(db, embed)
        entries, rejects, read = _read_feeds([Path(f) for f in feeds], options, progress)
        counts = _compare(entries, old)
        kept, removed = _keep(entries, rejects, old, options)
        rejects_file = None if options.dry_run else _write_rejects(db, rejects)
        _refuse_harm(removed, rejects, old, options, db, rejects_file)
        missing_vectors = embed is not None and (old.catalog is None or old.catalog.embedder_id != embed.id)
        changed = counts["inserted"] + counts["updated"] + removed or missing_vectors or _outdated(old)
        embedded = 0
        if changed and not options.dry_run:
            embedded = _build(db, kept, old, options, embed, progress)
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


# reading


def _read_old(db: Path, embed: Embed | None) -> _Old:
    if not db.exists():
        return _Old(None, {}, {})
    catalog = Catalog.open(db)
    rows = catalog.stored()
    entries = {id: (reading, record, hash) for id, reading, record, hash, _ in rows}
    vectors: dict[str, NDArray[np.float16]] = {}
    if embed is not None and catalog.embedder_id == embed.id and catalog.vectors is not None:
        vectors = {text_hash: catalog.vectors[n] for n, (*_, text_hash) in enumerate(rows)}
    return _Old(catalog, entries, vectors)


def _read_feeds(
    paths: Sequence[Path], options: ImportOptions, progress: Progress
) -> tuple[dict[str, _Entry], list[Reject], int]:
    entries: dict[str, _Entry] = {}
    rejects: list[Reject] = []
    places: dict[str, str] = {}
    read = 0
    for path in paths:
        feed = open_feed(path)
        reader = _reader(feed, options)
        document = json.dumps(reader.to_json(), ensure_ascii=False, sort_keys=True)
        for row in feed.rows():
            read += 1
            if not read % 1000:
                progress("reading", read, 0)
            taken = row.problem or reader.read(row.values)
            if isinstance(taken, Product) and taken.id in places:
                taken = Problem.of("id", taken.id, f"stands already in {places[taken.id]}")
            if isinstance(taken, Problem):
                rejects.append(Reject(row.file, row.line, _id_of(row, reader), taken))
                continue
            places[taken.id] = f"{row.file}, line {row.line}"
            entries[taken.id] = _entry(taken, document, row.values)
    if not read:
        raise UnreadableFeed(f"{', '.join(map(str, paths))}: no products, only a header")
    return entries, rejects, read


def _entry(product: Product, document: str, values: Mapping[str, object]) -> _Entry:
    record = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return _Entry(product, document, record, _hash(document + record))


def _reader(feed: Feed, options: ImportOptions) -> Reader:
    sample: list[Mapping[str, object]] = []
    for row in feed.rows():
        if row.problem is None:
            sample.append(row.values)
        if len(sample) == _SAMPLE:
            break
    headers = feed.headers or tuple(dict.fromkeys(name for values in sample for name in values))
    if not headers:
        raise UnreadableFeed(f"{feed.path}: no row of it can be read as {feed.format}")
    columns = map_columns(headers, options.columns, str(feed.path))
    nested = None if columns["category"] else _nested_category(sample, columns["attributes"])
    titles = [str(values.get(columns["title"] or "", "")) for values in sample]
    return Reader(columns, options.currency or ("CNY" if _chinese(titles) else "USD"), nested)


def _nested_category(sample: Sequence[Mapping[str, object]], column: str | None) -> str | None:
    """An attribute that nearly every product fills and that is called what a kind of product is called."""
    filled: Counter[str] = Counter()
    for values in sample:
        attributes = values.get(column or "")
        filled.update(attributes.keys() if isinstance(attributes, dict) else ())
    named = {plain_name(name) for name in NAMES["category"]}
    return next(
        (n for n, c in filled.most_common() if plain_name(n) in named and c >= _NESTED_COVERAGE * len(sample)), None
    )


def _chinese(titles: Sequence[str]) -> bool:
    """Do most titles hold Chinese?"""
    return sum(next(bigrams(title), None) is not None for title in titles) * 2 > len(titles)


def _id_of(row: Row, reader: Reader) -> str | None:
    value = row.values.get(reader.mapping["id"] or "")
    return (
        str(value)[:200].encode("utf-8", "replace").decode() if isinstance(value, str | int) and value != "" else None
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# comparing


def _compare(entries: Mapping[str, _Entry], old: _Old) -> Counter[str]:
    counts: Counter[str] = Counter()
    for id, entry in entries.items():
        known = old.entries.get(id)
        counts["inserted" if known is None else "unchanged" if known[2] == entry.hash else "updated"] += 1
    return counts


def _keep(
    entries: dict[str, _Entry], rejects: Sequence[Reject], old: _Old, options: ImportOptions
) -> tuple[list[_Entry], int]:
    """What the catalogue will hold, old places first, and how many products leave it.

    A product whose new row was rejected stays as it was: a bad row loses nothing.
    """
    faulty = {r.id for r in rejects}
    kept, removed = [], 0
    for id, (document, record, hash) in old.entries.items():
        if id in entries:
            kept.append(entries[id])
        elif options.delta or id in faulty:
            product = Reader.from_json(json.loads(document)).product(json.loads(record))
            kept.append(_Entry(product, document, record, hash))
        else:
            removed += 1
    kept.extend(entry for id, entry in entries.items() if id not in old.entries)
    return kept, removed


def _refuse_harm(
    removed: int, rejects: Sequence[Reject], old: _Old, options: ImportOptions, db: Path, rejects_file: str | None
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


def _outdated(old: _Old) -> bool:
    return old.catalog is not None and old.catalog.code != _CODE


def _write_rejects(db: Path, rejects: Sequence[Reject]) -> str | None:
    path = Path(f"{db}.d") / "rejects.jsonl"
    if not rejects:
        path.unlink(missing_ok=True)
        return None
    lines = (json.dumps(r.to_json(), ensure_ascii=False) + "\n" for r in rejects)
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


# building


def _build(
    db: Path, kept: Sequence[_Entry], old: _Old, options: ImportOptions, embed: Embed | None, progress: Progress
) -> int:
    """Write the new catalogue beside the old one and put it in its place. Returns how many texts were embedded."""
    progress("working out slots", 0, 0)
    products, kinds = _with_kinds([entry.product for entry in kept])
    inferred = ("category",) if any(kinds) else ()
    slots = infer_slots(products, labels=_labels(kept), inferred=inferred)
    folder = Path(f"{db}.d")
    meta = _meta(db, products, kept, options)
    meta["columns"] = _store_columns(folder, products, slots)
    texts = [embedding_text(product) for product in products]
    embedded = 0
    if embed is not None:
        meta["vectors"], embedded = _store_vectors(folder, texts, old, embed, progress)
        meta["embedder"] = embed.id
    staging = folder / f"staging-{os.getpid()}.db"
    with closing(sqlite3.connect(staging)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")  # synced once, whole, below
        migrate(connection)
        _fill(connection, kept, products, kinds, texts, progress)
        _fill_schema(connection, slots, vocabulary(products, slots))
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    _flip(staging, db)
    _sweep(folder, {meta["columns"], meta.get("vectors"), *_files_of(old)})
    return embedded


def _with_kinds(products: Sequence[Product]) -> tuple[list[Product], list[str | None]]:
    """Products with a kind each where the feed names none, and the kinds that were inferred."""
    if any(product.category for product in products):
        return list(products), [None] * len(products)
    from catalog.kinds import infer_kinds

    kinds = infer_kinds(products)
    named = [replace(p, category=(k,)) if k else p for p, k in zip(products, kinds, strict=True)]
    return named, list(kinds)


def _labels(kept: Sequence[_Entry]) -> dict[str, str]:
    """Our field -> the feed's header, where they differ."""
    labels: dict[str, str] = {}
    for document in dict.fromkeys(entry.reading for entry in kept):
        reader = Reader.from_json(json.loads(document))
        labels |= {field: column for field, column in reader.mapping.columns.items() if field != column}
        if reader.nested_category:
            labels["category"] = reader.nested_category
    return labels


def _meta(db: Path, products: Sequence[Product], kept: Sequence[_Entry], options: ImportOptions) -> dict[str, str]:
    currencies = Counter(p.price.currency for p in products if p.price)
    titles = [product.title for product in products]
    content = _hash("".join(entry.hash for entry in kept))
    return {
        "code": _CODE,
        "name": db.stem,
        "generation": f"{content[:16]}-{time.time_ns():x}",
        "currency": options.currency or (currencies.most_common(1)[0][0] if currencies else "USD"),
        "language": options.language or ("zh" if _chinese(titles) else "en"),
    }


def _store_columns(folder: Path, products: Sequence[Product], slots: Sequence[Any]) -> str:
    staged = folder / f"staging-{os.getpid()}.npz"
    Columns.build(products, slots).save(staged)
    name = f"columns-{hashlib.sha256(staged.read_bytes()).hexdigest()[:16]}.npz"
    staged.replace(folder / name)
    return name


def _store_vectors(folder: Path, texts: Sequence[str], old: _Old, embed: Embed, progress: Progress) -> tuple[str, int]:
    """Vectors by position; only texts never embedded before are encoded."""
    hashes = [_hash(text) for text in texts]
    known = dict(old.vectors)
    wanted = {h: t for h, t in zip(hashes, texts, strict=True) if h not in known}
    todo = sorted(wanted.items(), key=lambda pair: len(pair[1]))
    for start in range(0, len(todo), _BATCH):
        batch = todo[start : start + _BATCH]
        made = embed([text for _, text in batch]).astype(np.float16)
        known |= {h: vector for (h, _), vector in zip(batch, made, strict=True)}
        progress("embedding", min(start + _BATCH, len(todo)), len(todo))
    vectors = np.stack([known[h] for h in hashes]) if hashes else np.zeros((0, 0), np.float16)
    name = f"vectors-{hashlib.sha256(vectors.tobytes() + embed.id.encode()).hexdigest()[:16]}.npy"
    staged = folder / f"staging-{os.getpid()}.npy"
    with staged.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(folder / name)
    return name, len(todo)


def _fill(
    connection: sqlite3.Connection,
    kept: Sequence[_Entry],
    products: Sequence[Product],
    kinds: Sequence[str | None],
    texts: Sequence[str],
    progress: Progress,
) -> None:
    readings = {document: n for n, document in enumerate(dict.fromkeys(entry.reading for entry in kept))}
    connection.executemany("INSERT INTO readings VALUES (?, ?)", ((n, d) for d, n in readings.items()))
    connection.executemany(
        "INSERT INTO products VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (place, e.product.id, readings[e.reading], e.record, e.hash, kind, _hash(text))
            for place, (e, kind, text) in enumerate(zip(kept, kinds, texts, strict=True))
        ),
    )

    def documents() -> Iterator[tuple[object, ...]]:
        for place, product in enumerate(products):
            if not place % 2000:
                progress("indexing", place, len(products))
            yield (place + 1, *keyword_fields(product))

    connection.executemany(
        "INSERT INTO keywords (rowid, title, brand, category, attributes, description, cjk) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        documents(),
    )


def _fill_schema(connection: sqlite3.Connection, slots: Sequence[Any], terms: Mapping[str, Sequence[Any]]) -> None:
    connection.executemany(
        "INSERT INTO slots VALUES (?, ?, ?)",
        ((n, slot.name, json.dumps(slot_to_json(slot), ensure_ascii=False)) for n, slot in enumerate(slots)),
    )
    connection.executemany(
        "INSERT INTO terms VALUES (?, ?, ?, ?, ?)",
        (
            (name, place, term.value, term.count, json.dumps(dict(term.kinds), ensure_ascii=False))
            for name, found in terms.items()
            for place, term in enumerate(found)
        ),
    )


def _flip(staging: Path, db: Path) -> None:
    """The one step that makes the new catalogue the catalogue."""
    with staging.open("rb") as file:
        os.fsync(file.fileno())
    staging.replace(db)
    folder = os.open(db.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _files_of(old: _Old) -> set[str | None]:
    return set(old.catalog.files) if old.catalog else set()


def _sweep(folder: Path, wanted: set[str | None]) -> None:
    """Remove files that neither the new catalogue nor the one before it points to (a reader may hold that one)."""
    for pattern in ("columns-*.npz", "vectors-*.npy"):
        for path in folder.glob(pattern):
            if path.name not in wanted:
                path.unlink(missing_ok=True)
