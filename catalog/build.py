"""Rows -> a whole new catalogue beside the old one, then the one rename that flips it.

Works out kinds, slots, columns and vectors; write.py writes them. Knows no feeds and no SQL.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog.columns import Columns
from catalog.derive import Derived, derive
from catalog.faq.index import vectors_of as faq_vectors_of
from catalog.faq.passage import Passage
from catalog.intake import ImportOptions, Progress, digest, mostly_chinese
from catalog.lexicon import Lexicon
from catalog.old import Entry, Old, reader_of
from catalog.plan import Plan
from catalog.readout.told import Told
from catalog.schema import infer_slots, vocabulary
from catalog.shop_words import ShopWords
from catalog.texts import embedding_text
from catalog.types import Product, Slot
from catalog.vectors import Embed, store_vectors, vectors_of
from catalog.write import Rows, flip, write_rows, write_schema


@cache
def code() -> str:
    """What everything is worked out by: this package and its word lists. Another one works it all out anew."""
    here = Path(__file__).parent
    files = sorted(path for path in here.rglob("*") if path.suffix in (".py", ".toml"))
    read = hashlib.sha256(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    for path in files:
        read.update(path.read_bytes())
    return read.hexdigest()[:16]


def outdated(old: Old) -> bool:
    """Was what stands worked out by another version of this importer?"""
    return len(old) > 0 and (not old.current or old.meta["code"] != code())


def words_of(options: ImportOptions, old: Old) -> ShopWords:
    """The shop's own words that hold after an import."""
    return old.words if options.words is None else options.words


@dataclass(frozen=True, slots=True)
class Built:
    """How many texts were embedded (of products, of questions and answers), how many rows of products were written."""

    embedded: int
    written: int
    faq_embedded: int = 0


def build(
    db: Path,
    plan: Plan,
    old: Old,
    options: ImportOptions,
    embed: Embed | None,
    progress: Progress,
    faq: Sequence[Passage] | None = None,
) -> Built:
    """Write the new catalogue beside the old one and put it in its place. `faq`: the shop's questions and answers from
    now on; None: as they were."""
    progress("working out kinds", 0, 0)
    kept, base = plan.entries, None if outdated(old) or not len(old) else old
    stated = [entry.product for entry in kept]
    words = words_of(options, old)
    folder = Path(f"{db}.d")
    told = Told.read(folder)
    derived = derive(stated, words, told)
    # What is searched is what the shop wrote: an inferred kind filters, but in the index it lifts its own mistakes, and
    # in the encoder's text it would embed everything anew whenever the word lists grow (bench/LOG.md).
    texts = [embedding_text(product) for product in stated]
    rows = Rows(kept, stated, derived, [digest(text) for text in texts])
    staging, places = folder / f"staging-{os.getpid()}.db", plan.written if base else range(len(kept))
    with ThreadPoolExecutor(1) as beside:  # the database works outside the interpreter's lock
        writing = beside.submit(write_rows, staging, base, rows, places)
        progress("working out slots", 0, 0)
        read = (Derived.read(document).applied(product) for document, product in zip(derived, stated, strict=True))
        products = list(read)
        by_id = sorted(products, key=lambda product: product.id)  # where they stand decides no tie
        meta = _meta(db, by_id, kept, options, words) | ({"told": told.digest} if told.answers else {})
        slots = infer_slots(by_id, _labels(kept), _inferred(stated, products), Lexicon.default().with_words(words))
        meta["columns"] = _store_columns(folder, products, slots, words)
        terms = vocabulary(by_id, slots, words.joins)
        embedded = 0
        embedder = embed.id if embed else old.meta["embedder"] if old.vectors is not None else None
        if embedder:
            vectors, embedded = vectors_of(texts, rows.text_hashes, old, embed, lambda *at: progress("embedding", *at))
            meta |= {"vectors": store_vectors(folder, vectors, embedder), "embedder": embedder}
        progress("writing", 0, 0)
        written = writing.result()
    faq = old.faq if faq is None else faq
    faq_vectors, faq_embedded = faq_vectors_of(faq, old.faq_vectors, embed)
    write_schema(staging, slots, terms, meta, faq, faq_vectors)
    flip(staging, db)
    _sweep(folder, {meta["columns"], meta.get("vectors"), *old.files})
    return Built(embedded, written, faq_embedded)


def _inferred(stated: Sequence[Product], products: Sequence[Product]) -> tuple[str, ...]:
    """The reserved slots that no record states, and we do."""
    stating = any(product.category for product in stated)
    return ("category",) if not stating and any(product.category for product in products) else ()


def _labels(kept: Sequence[Entry]) -> dict[str, str]:
    """Our field -> the feed's header, where they differ."""
    labels: dict[str, str] = {}
    for document in dict.fromkeys(entry.reading for entry in kept):
        reader = reader_of(document)
        labels |= {field: column for field, column in reader.mapping.columns.items() if field != column}
        if reader.nested_category:
            labels["category"] = reader.nested_category
    return labels


def _meta(
    db: Path, products: Sequence[Product], kept: Sequence[Entry], options: ImportOptions, words: ShopWords
) -> dict[str, str]:
    currencies = Counter(v.price.currency for product in products for v in product.variants[:1] if v.price)
    titles = [product.title for product in products]
    content = digest("".join(entry.hash for entry in kept))
    return {
        "code": code(),
        "name": db.stem,
        "generation": f"{content[:16]}-{time.time_ns():x}",
        "currency": options.currency or (currencies.most_common(1)[0][0] if currencies else "USD"),
        "language": options.language or ("zh" if mostly_chinese(titles) else "en"),
    } | ({"words": words.to_json()} if words else {})


def _store_columns(folder: Path, products: Sequence[Product], slots: Sequence[Slot], words: ShopWords) -> str:
    staged = folder / f"staging-{os.getpid()}.npz"
    Columns.build(products, slots, words.joins).save(staged)
    name = f"columns-{hashlib.sha256(staged.read_bytes()).hexdigest()[:16]}.npz"
    staged.replace(folder / name)
    return name


def _sweep(folder: Path, wanted: set[str | None]) -> None:
    """Remove files that neither the new catalogue nor the one before it points to (a reader may hold that one)."""
    for pattern in ("columns-*.npz", "vectors-*.npy"):
        for path in folder.glob(pattern):
            if path.name not in wanted:
                path.unlink(missing_ok=True)
