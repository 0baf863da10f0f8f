"""Retrieval on judged queries: ours beside keywords alone, meaning alone and reciprocal rank fusion, in one run.

    python -m bench.search [--db electronics.db]     # a table, then one JSON line
    python -m bench.search --tune                    # fusion weights by repeated five-fold cross-validation

The queries are a development half: 62, of which 56 have a relevant item; one standard error of nDCG is about .03. The
judgements were pooled from keyword search, so that raw figures favour keywords; condensed ones leave out the unjudged.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from aisle.settings import Settings
from bench.common import ROOT, quantile, report, shop_db
from catalog.store import Catalog
from retrieval.embedder import PackagedEncoder
from retrieval.fusion import WEIGHTS, fuse
from retrieval.metrics import Qrels, by_query, condensed, mean, ndcg, read_qrels, recall, reciprocal_rank
from retrieval.recall import Postings, Scores, stages_of
from retrieval.retriever import Retriever
from retrieval.types import Query

DEPTH = 1000
IDEALS = ROOT / "bench" / "labels" / "ideals.json"
MEASURES = {
    "ndcg10": (ndcg(10), 1),
    "ndcg10_condensed": (condensed(ndcg(10)), 1),
    "recall100": (recall(100, grade=2), 2),
    "rr": (reciprocal_rank(), 1),
}
"""name -> (measure, the grade a query must have an item of)"""
Run = dict[str, list[str]]
Stages = Mapping[str, Scores]


class Judged:
    """The catalogue, the judged queries and what every stage says of them."""

    def __init__(self, db: Path, folder: Path) -> None:
        self.catalog = Catalog.open(db)
        self.encoder = PackagedEncoder()
        self.encoder.warm()
        lines = (folder / "chorus_queries.open.jsonl").read_text("utf-8").splitlines()
        self.queries = {q["query_id"]: q["query"] for q in map(json.loads, lines)}
        self.qrels: Qrels = read_qrels((folder / "chorus_qrels.open.tsv").read_text("utf-8").splitlines())
        stages = stages_of(self.catalog, Postings(self.catalog), self.encoder)
        self.stages: dict[str, Stages] = {
            id: {s.name: found for s in stages if (found := s.scores(text)) is not None}
            for id, text in self.queries.items()
        }

    def run_of(self, weights: Mapping[str, float]) -> Run:
        return {id: self.ranked(fuse(stages, weights)) for id, stages in self.stages.items()}

    def ranked(self, scores: Scores) -> list[str]:
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        return [self.catalog.ids[i] for i in best if scores[i] > 0]


def keywords_alone(judged: Judged) -> Run:
    """The catalogue's BM25 over any of the words: the baseline."""
    found = {id: judged.catalog.keywords(text, DEPTH) for id, text in judged.queries.items()}
    return {id: [judged.catalog.ids[position] for position, _ in hits] for id, hits in found.items()}


def meaning_alone(judged: Judged) -> Run:
    return {id: judged.ranked(stages["meaning"]) for id, stages in judged.stages.items() if "meaning" in stages}


def reciprocal_rank_fusion(runs: Sequence[Run], k: int) -> Run:
    """Cormack et al., 2009: each ranking gives 1 / (k + rank)."""
    fused: Run = {}
    for id in runs[0]:
        points: dict[str, float] = {}
        for run in runs:
            for place, item in enumerate(run.get(id, ()), 1):
                points[item] = points.get(item, 0.0) + 1 / (k + place)
        fused[id] = sorted(points, key=lambda item: -points[item])[:DEPTH]
    return fused


def ours(judged: Judged) -> tuple[Run, dict[str, float]]:
    """The retriever as the chat uses it, with its times: a query's first answer and its second."""
    retriever = Retriever(judged.catalog, judged.encoder)
    run: Run = {}
    times: dict[str, list[float]] = {"first": [], "again": []}
    for id, text in judged.queries.items():
        for kept in times.values():
            begun = time.perf_counter()
            retriever.retrieve(Query(text))
            kept.append((time.perf_counter() - begun) * 1000)
        run[id] = [c.product.id for c in retriever.retrieve(Query(text), DEPTH).candidates]
    shares = {"p50": 0.5, "p95": 0.95}
    found = {f"{n}_{p}_ms": quantile(values, share) for n, values in times.items() for p, share in shares.items()}
    return run, {name: round(value, 1) for name, value in found.items()}


def with_ideals(judged: Judged, ideals: Mapping[str, Sequence[str]]) -> Run:
    """The retriever told beside each query of items that would suit, as a good model might word them. They were written
    by hand from the queries alone, before any was run."""
    retriever = Retriever(judged.catalog, judged.encoder)
    found = {
        id: retriever.retrieve(Query(text, ideal=tuple(ideals.get(id, ()))), DEPTH).candidates
        for id, text in judged.queries.items()
    }
    return {id: [c.product.id for c in candidates] for id, candidates in found.items()}


def figures_of(qrels: Qrels, run: Run) -> dict[str, float]:
    return {name: round(mean(measure, qrels, run, grade), 4) for name, (measure, grade) in MEASURES.items()}


def tune(judged: Judged, seed: int, repeats: int = 20) -> dict[str, object]:
    """Weights of keywords and meaning beside coverage 1, by the mean of raw and condensed nDCG@10.

    Chosen on four fifths of the queries and scored on the fifth, many times over; also which was chosen how often.
    """
    grid = [
        {"keywords": k, "coverage": 1.0, "meaning": m}
        for k, m in itertools.product((0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), (0.5, 1.0, 1.5, 2.0, 3.0, 4.0))
    ]
    table = np.array(
        [_by_query(judged, judged.run_of(weights)) for weights in grid]
    )  # (weights, queries, raw|condensed)
    held_out, chosen = [], []
    picked = random.Random(seed)
    for _ in range(repeats):
        order = picked.sample(range(table.shape[1]), table.shape[1])
        for fold in range(5):
            test, train = order[fold::5], [q for q in order if q not in set(order[fold::5])]
            best = int(table[:, train].mean(axis=(1, 2)).argmax())
            chosen.append(json.dumps(grid[best]))
            held_out.append(table[best, test].mean(axis=0))
    raw, fair = np.mean(held_out, axis=0)
    means = table.mean(axis=1)
    for weights, (a, b) in sorted(zip(grid, means, strict=True), key=lambda row: -row[1].sum())[:10]:
        print(f"{a:.3f} {b:.3f}  {weights}")
    most = statistics.mode(chosen)
    return {
        "held_out": {"ndcg10": round(float(raw), 4), "ndcg10_condensed": round(float(fair), 4)},
        "chosen": json.loads(most),
        "chosen_share": round(chosen.count(most) / len(chosen), 2),
        "in_use": dict(WEIGHTS),
    }


def _by_query(judged: Judged, run: Run) -> list[tuple[float, float]]:
    raw = by_query(ndcg(10), judged.qrels, run)
    fair = by_query(condensed(ndcg(10)), judged.qrels, run)
    return [(raw[id], fair[id]) for id in raw]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    folder = Settings.read().shared / "data" / "search"
    judged = Judged(options.db or shop_db("electronics"), folder)
    if options.tune:
        report("search.tune", "chorus development queries", options.seed, tune(judged, options.seed))
        return
    bm25, meaning = keywords_alone(judged), meaning_alone(judged)
    run, times = ours(judged)
    runs = {
        "bm25": bm25,
        "meaning": meaning,
        "rrf60": reciprocal_rank_fusion([bm25, meaning], 60),
        "rrf2": reciprocal_rank_fusion([bm25, meaning], 2),
        "without_meaning": judged.run_of(dict(WEIGHTS) | {"meaning": 0.0}),
        "aisle": run,
        "aisle_ideals": with_ideals(judged, json.loads(IDEALS.read_text("utf-8"))),
    }
    results = {name: figures_of(judged.qrels, run) for name, run in runs.items()}
    print(f"{'':16}" + "".join(f"{name:>18}" for name in MEASURES))
    for name, figures in results.items():
        print(f"{name:16}" + "".join(f"{figures[measure]:18.3f}" for measure in MEASURES))
    print("ms a query: " + ", ".join(f"{name} {value}" for name, value in times.items()))
    said = {"products": len(judged.catalog), "queries": len(judged.queries), "results": results, **times}
    report("search", "chorus development queries", None, said)


if __name__ == "__main__":
    main()
