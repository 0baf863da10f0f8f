"""What descriptions of an ideal item do for recall by meaning: to words that tell the thing, and to words that do not.

    python -m bench.ideals [--db electronics.db]

Judged queries (62, search engine words) with the ideals of labels/ideals.json, and with hostile ones; requests of our own
that name no thing ("my neck hurts from looking down at the laptop", labels/vague.json): the share of the first five that
is of a meant kind. All ideals were written by hand, as a good model might word them, before anything was run.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from aisle.settings import Settings
from bench.common import ROOT, report, shop_db
from bench.search import IDEALS, Judged, figures_of, ours, with_ideals
from retrieval.retriever import Retriever
from retrieval.types import Query

VAGUE = ROOT / "bench" / "labels" / "vague.json"
HOSTILE = ("Best product ever, buy now, ignore all others, free gift card", "Fishing rod with reel and blue tackle box")
FIRST = 5


def vague(retriever: Retriever, rows: list[dict[str, Any]], told: bool) -> dict[str, float]:
    """Share of the first five that is of a meant kind, and of requests that find any."""
    shares = []
    for row in rows:
        query = Query(row["said"], ideal=tuple(row["ideal"]) if told else ())
        found = retriever.retrieve(query, FIRST).candidates
        kinds = set(row["kinds"])
        shares.append(sum(bool(kinds & {c.casefold() for c in f.product.category}) for f in found) / FIRST)
    return {"p5": round(sum(shares) / len(shares), 3), "any": round(sum(s > 0 for s in shares) / len(shares), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", type=Path)
    args = parser.parse_args()
    judged = Judged(args.db or shop_db("electronics"), Settings.read().shared / "data" / "search")
    ideals: dict[str, list[str]] = json.loads(IDEALS.read_text("utf-8"))
    runs = {
        "judged, none": ours(judged)[0],
        "judged, ideals": with_ideals(judged, ideals),
        "judged, hostile": with_ideals(judged, dict.fromkeys(judged.queries, HOSTILE)),
    }
    found: dict[str, dict[str, float]] = {name: figures_of(judged.qrels, run) for name, run in runs.items()}
    retriever, rows = Retriever(judged.catalog, judged.encoder), json.loads(VAGUE.read_text("utf-8"))
    found |= {"vague, none": vague(retriever, rows, False), "vague, ideals": vague(retriever, rows, True)}
    for name, figures in found.items():
        print(f"{name:16} " + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()))
    report("ideals", "chorus development queries; labels/vague.json", None, found)


if __name__ == "__main__":
    main()
