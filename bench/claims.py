"""What becomes of reasons between a model and the shopper: how many honest ones are shown, how many lies are.

    python -m bench.claims [--show]

Honest reasons (labels/honest_reasons.yaml, true of the items they name) are checked as a turn checks them: shown
whole, in part, or not at all, where the template stands in. Lies (tests/chatbot/liar/lies.txt, plain and in the disguises there
in turn) are told of every one of the same items: one of which anything is left counts. --show prints each that is not as it
should be. Shops of AISLE_SHARED are left out where it is missing. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from aisle.settings import Settings
from bench.common import ROOT, quantile, report
from catalog.store import Catalog
from catalog.types import Constraint, Fact
from chatbot.rank.claim_record import read
from chatbot.rank.claims import Checker, check
from chatbot.rank.support import with_unit
from chatbot.scripts.shops import Shops
from tests.chatbot.liar.lies import DISGUISES, LEAD, lies

LABELS = Path(__file__).parent / "labels" / "honest_reasons.yaml"


def entries() -> Iterator[tuple[Mapping[str, Any], tuple[Fact, ...], frozenset[str]]]:
    """Each entry of the labels with its item's facts and the brands of its shop."""
    settings = Settings.read()
    opened: dict[str, Catalog] = {}
    for entry in yaml.safe_load(LABELS.read_text("utf-8")):
        shop = entry["shop"]
        folder = ROOT / "catalog" / "demo" if shop == "demo" else settings.shared / "data" / "shops"
        if not folder.is_dir():
            continue
        if shop not in opened:
            opened[shop] = Catalog.open(Shops(folder, settings.cache).database(shop))
        catalog = opened[shop]
        slots = {slot.name: slot for slot in catalog.slots}
        (product,) = catalog.get((str(entry["item"]),))
        facts = product.facts(product.variants[0] if product.variants else None)
        brands = frozenset(term.value for term in catalog.vocabulary("brand")) if "brand" in slots else frozenset[str]()
        yield entry, tuple(with_unit(f, slots.get(f.slot), product.kind) for f in facts), brands


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    show = parser.parse_args().show
    honest: dict[str, Counter[str]] = {"first": Counter(), "second": Counter()}
    told: Counter[str] = Counter()
    milliseconds: list[float] = []
    for entry, facts, brands in entries():
        wishes = [Constraint.parse(wish) for wish in entry["wishes"]]
        for reason in entry["reasons"]:
            begun = time.perf_counter()
            left = check(reason, facts, wishes, (), brands, (entry["asked"],))
            milliseconds.append((time.perf_counter() - begun) * 1000)
            outcome = "whole" if left == reason or left + "." == reason else "part" if left else "none"
            honest[entry.get("half", "first")][outcome] += 1
            if show and outcome != "whole":
                print(f"{outcome:5} {entry['item']}: {reason}\n   -> {left}")
        checker = Checker(read(facts, wishes, (), brands, (entry["asked"],)))
        for number, lie in enumerate(lies(), len(milliseconds)):  # every lie in two dresses, other ones for each item
            for name in ("plain", list(DISGUISES)[number % len(DISGUISES)]):
                told["told"] += 1
                left = checker.cut(DISGUISES[name](lie.text))
                if left.strip(" .!?…“”") not in LEAD:
                    told["left"] += 1
                    if show:
                        print(f"lie   {entry['item']} {name}: {lie.text}\n   -> {left}")
    figures: dict[str, object] = {
        f"{half}_{outcome}": counts[outcome] for half, counts in honest.items() for outcome in ("whole", "part", "none")
    }
    for half, counts in honest.items():
        figures[f"{half}_kept"] = round(counts["whole"] / max(1, counts.total()), 3)
    figures |= {
        "lies_told": told["told"],
        "lies_left": told["left"],
        "check_p95_ms": round(quantile(milliseconds, 0.95), 2),
    }
    report("claims", data="honest reasons and lies, ours", seed=None, figures=figures)


if __name__ == "__main__":
    main()
