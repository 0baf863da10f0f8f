"""Understanding without a model, measured on other people's dialogues; a table, then one JSON line.

    python -m bench.understanding                     # every task: majority, the grammar alone, all of ours
    python -m bench.understanding --only simmc2,sgd   # some of them
    python -m bench.understanding --only sgd --failures 20 --grammar   # wrong readings of the grammar alone, to stderr

Data: `data/` of AISLE_SHARED. "grammar" is the tracker without an encoder, "ours" with it; nothing is trained.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path
from typing import cast

from aisle.settings import Settings
from bench.common import report
from bench.understand import Scores, Task
from retrieval.embedder import PackagedEncoder

TASKS = ("simmc2", "risawoz", "sgd", "iard", "pscon", "shoppingbench", "webshop")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(TASKS), help="tasks, joined by commas")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="print N wrong readings a task to stderr")
    parser.add_argument("--grammar", action="store_true", help="the grammar alone: half the time")
    options = parser.parse_args()
    names = options.only.split(",")
    if unknown := set(names) - set(TASKS):
        parser.error(f"no such task: {', '.join(sorted(unknown))}; there are {', '.join(TASKS)}")
    data = Settings.read().shared / "data"
    if not data.is_dir():
        print(f"no data at {data}: set AISLE_SHARED", file=sys.stderr)
        return 2
    figures = {name: _run(name, data, options.failures, options.grammar) for name in names}
    report("understanding", str(data), None, {"tasks": figures})
    return 0


def _run(name: str, data: Path, failures: int, grammar_only: bool) -> dict[str, object]:
    """One task's three columns, printed as they come."""
    task = cast(Task, importlib.import_module(f"bench.understand.{name}"))
    about = task.DESCRIBED
    started = time.perf_counter()
    majority = task.majority(data)
    grammar = task.measure(data, None, failures if grammar_only else 0)
    ours = None if grammar_only else task.measure(data, PackagedEncoder(), failures)
    print(f"\n{about.name}: {about.what}\n  trained on: {about.trained}\n  published: {about.published}")
    print(f"  {'':<34}{'majority':>10}{'grammar':>10}{'ours':>10}{'aim':>8}")
    for measure, value in grammar.items():
        print(
            f"  {measure:<34}{_cell(majority, measure)}{value:>10.3f}{_cell(ours, measure)}{_cell(about.aims, measure, 8)}"
        )
    print(flush=True)
    return {
        "majority": majority,
        "grammar": grammar,
        "ours": ours,
        "aims": about.aims,
        "trained": about.trained,
        "published": about.published,
        "seconds": round(time.perf_counter() - started, 1),
    }


def _cell(scores: Scores | None, measure: str, width: int = 10) -> str:
    found = (scores or {}).get(measure)
    return f"{'-':>{width}}" if found is None else f"{found:>{width}.3f}"


if __name__ == "__main__":
    raise SystemExit(main())
