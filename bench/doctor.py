"""Faults put into the demo shop on purpose, one kind at a time: does the doctor find them, and does it invent others?

    python -m bench.doctor [--seeds 3]

For each kind of fault and seed some rows of the demo feed are spoiled, imported, and looked through. `found`: the rule meant
for it speaks up and its examples are spoiled rows; `place`: its place in the list; `beside`: findings of other rules that
the shop as it ships does not have (side effects or false alarms). The shop as it ships is looked through first.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.common import report
from catalog.demo import FEED
from catalog.doctor import Finding, Survey, examine
from catalog.ingest import import_feeds
from catalog.store import Catalog

Row = dict[str, Any]
Spoil = Callable[[list[Row], random.Random], Sequence[Row]]  # changes rows in place, gives those it spoiled
TODAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    rule: str
    spoil: Spoil


def some(count: int, change: Callable[[Row], object], of: Callable[[Row], bool] = bool) -> Spoil:
    """Spoils so many rows, drawn by chance among those that can be."""

    def spoil(rows: list[Row], chance: random.Random) -> Sequence[Row]:
        drawn = chance.sample([row for row in rows if of(row)], count)
        for row in drawn:
            change(row)
        return drawn

    return spoil


def price(row: Row, amount: Callable[[float], float]) -> None:
    row["price"] = amount(row["price"])
    for variant in row.get("variants", ()):
        variant["price"] = amount(variant["price"])


def currency(row: Row) -> None:
    row["currency"] = "EUR"


def twins(rows: list[Row], chance: random.Random) -> Sequence[Row]:
    """Some products once more under another id."""
    drawn = chance.sample(rows, 4)
    copies = [json.loads(json.dumps(row)) | {"id": f"{row['id']}-again"} for row in drawn]
    for copy in copies:
        for variant in copy.get("variants", ()):
            variant["id"] += "-again"
    rows.extend(copies)
    return [*drawn, *copies]


def barcodes(rows: list[Row], chance: random.Random) -> Sequence[Row]:
    """A barcode each, and one of two products that they share."""
    for n, row in enumerate(rows):
        body = f"{400_638_100_000 + n:012d}"
        check = -sum(int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(body)) % 10
        row["gtin"] = f"{body}{check}"
    one, other = chance.sample(rows, 2)
    other["gtin"] = one["gtin"]
    return [one, other]


def kind(name: str) -> Callable[[Row], bool]:
    return lambda row: row["category"].endswith(name)


FAULTS = (
    Fault("price of zero", some(3, lambda row: price(row, lambda amount: 0.0))),
    Fault("decimal slip", some(2, lambda row: price(row, lambda amount: round(amount * 100)), lambda r: r["price"] < 90 and r["price"] % 1)),
    Fault("placeholder price", some(2, lambda row: price(row, lambda amount: 0.01))),
    Fault("mixed currencies", some(5, currency)),
    Fault("look-alikes", some(4, lambda row: row.update(brand="Torrin Ltd."), lambda row: row["brand"] == "Torrin")),
    Fault("look-alikes", some(1, lambda row: row["attributes"].update(material="polyestre"), lambda row: row["attributes"].get("material") == "polyester")),
    Fault("missing", some(9, lambda row: row["attributes"].pop("weight"), kind("Headphones"))),
    Fault("says nothing", some(9, lambda row: row["attributes"].update(material="n/a"), lambda row: "material" in row["attributes"])),
    Fault("same title", twins),
    Fault("one barcode", barcodes),
    Fault("kinds out of reach", some(5, lambda row: row.update(category="Zibbleware"))),
    Fault("titles in capitals", some(5, lambda row: row.update(title=row["title"].upper()))),
    Fault("titles in another language", some(5, lambda row: row.update(title=row["title_zh"]))),
    Fault("no picture", some(5, lambda row: row.pop("image"))),
    Fault("no description", some(5, lambda row: row.pop("description"))),
    Fault("rejected rows", some(3, lambda row: (row.pop("title")))),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    usual = {(f.rule, f.slot) for f in looked_through(demo())}
    places: list[int] = []
    beside: list[str] = []
    missed: list[str] = []
    for number, fault in enumerate(FAULTS):
        for seed in range(seeds):
            rows = demo()
            spoiled = {row["id"] for row in fault.spoil(rows, random.Random(f"{number}-{seed}"))}
            findings = looked_through(rows)
            place = next((n for n, f in enumerate(findings, 1) if f.rule == fault.rule and shows(f, spoiled)), None)
            (missed.append(f"{fault.rule}, seed {seed}") if place is None else places.append(place))
            beside += [
                f"{fault.rule}: {f.rule}" for f in findings if f.rule != fault.rule and (f.rule, f.slot) not in usual
            ]
    for line in (*(f"missed  {told}" for told in missed), *(f"beside  {told}" for told in sorted(set(beside)))):
        print(line)
    tried = len(FAULTS) * seeds
    figures = {"tried": tried, "found": len(places), "median_place": statistics.median(places), "last_place": max(places),
               "as_shipped": sorted(rule for rule, _ in usual), "beside": len(beside)}  # fmt: skip
    report("doctor", "demo", seeds, figures)


def demo() -> list[Row]:
    return [json.loads(line) for line in FEED.read_text(encoding="utf-8").splitlines()]


def looked_through(rows: Sequence[Row]) -> Sequence[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        feed, db = Path(folder) / "feed.jsonl", Path(folder) / "shop.db"
        feed.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        import_feeds([feed], db)
        return examine(Survey(Catalog.open(db), TODAY))


def shows(finding: Finding, spoiled: set[str]) -> bool:
    """Are its examples all spoiled rows, and are there any?"""
    return bool(finding.examples) and {example.id for example in finding.examples} <= spoiled


if __name__ == "__main__":
    main()
