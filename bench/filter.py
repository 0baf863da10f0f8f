"""How long a filter takes: constraints over columns, at 20 thousand and 200 thousand synthetic items.

    python -m bench.filter [--items 20000 200000] [--repeats 50] [--seed 1]

Invents products in twelve kinds with prices, brands, several colours, sizes, sparse numbers in units that differ by
kind, and booleans; prints a table and ends with one JSON line. The aim is 5 ms for each filter.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator

from bench.common import quantile, report
from catalog.columns import Columns
from catalog.schema import infer_slots
from catalog.types import Cell, Constraint, Money, Product, Quantity, Variant
from catalog.where import rows_where

KINDS = ("shirt", "sofa", "lamp", "kettle", "phone", "notebook", "monitor", "cable", "desk", "watch", "tent", "drill")
COLOURS = ("black", "white", "red", "blue", "green", "grey", "brown", "silver")
FILTERS: dict[str, tuple[str, ...]] = {
    "price": ("price <= 60",),
    "price range": ("price >= 40", "price <= 80"),
    "brand and price": ("brand = brand7", "price <= 200"),
    "not two brands": ("brand not in [brand1, brand2]",),
    "kind, colours, size": ("category = shirt", "colour in [black, white]", "size = M"),
    "number in a unit": ("category = notebook", "memory >= 16 GB", "weight <= 1.4 kg"),
    "six wishes": (
        "category = notebook", "price <= 900", "brand != brand3", "memory >= 8 GB", "colour = silver", "wireless = true"
    ),
}  # fmt: skip


def products(count: int, seed: int) -> Iterator[Product]:
    """Invented products, the same for the same seed; one in four has three variants."""
    dice = random.Random(seed)
    for number in range(count):
        kind = dice.choice(KINDS)
        price = round(dice.lognormvariate(4, 1), 2)
        attributes: dict[str, tuple[Cell, ...]] = {
            "colour": tuple(dice.sample(COLOURS, dice.randint(1, 3))),
            "weight": (_number(dice.uniform(100, 5000), "g"),),
        }
        if kind in ("notebook", "phone"):
            attributes["memory"] = (_number(dice.choice((4, 8, 16, 32)), "GB" if kind == "notebook" else None),)
        if dice.random() < 0.5:
            attributes["wireless"] = (dice.random() < 0.5,)
        sizes = dice.sample(("S", "M", "L"), 3) if number % 4 == 0 else ("M",)
        variants = tuple(
            Variant(f"{number}-{size}", Money(price, "USD"), dice.randint(0, 9), {"size": (size,)}) for size in sizes
        )
        yield Product(
            str(number), f"{kind} {number}", variants, brand=f"brand{dice.randint(1, 200)}", category=("all", kind),
            rating=dice.randint(2, 10) / 2, attributes=attributes,
        )  # fmt: skip


def _number(value: float, unit: str | None) -> Quantity:
    return Quantity(value, value, unit, f"{value:g}")


def measure(columns: Columns, repeats: int) -> dict[str, tuple[float, float, int]]:
    """For each filter: median and 95th percentile in milliseconds, and the rows that meet it."""
    figures = {}
    for name, written in FILTERS.items():
        constraints = [Constraint.parse(text) for text in written]
        rows_where(columns, constraints)  # the first filter on a slot sorts its rows by value
        times = []
        for _ in range(repeats):
            begun = time.perf_counter()
            mask = rows_where(columns, constraints)
            times.append(1000 * (time.perf_counter() - begun))
        figures[name] = quantile(times, 0.5), quantile(times, 0.95), int(mask.sum())
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    summary: dict[str, object] = {}
    for count in options.items:
        made = list(products(count, options.seed))
        begun = time.perf_counter()
        slots = infer_slots(made)
        columns = Columns.build(made, slots)
        built = time.perf_counter() - begun
        figures = measure(columns, options.repeats)
        print(f"{count:,} items, {len(columns):,} rows, slots and columns in {built:.1f} s")
        print(f"  {'filter':22} {'p50 ms':>8} {'p95 ms':>8} {'rows':>8}")
        for name, (p50, p95, rows) in figures.items():
            print(f"  {name:22} {p50:8.2f} {p95:8.2f} {rows:8,}")
        summary[str(count)] = {
            "rows": len(columns),
            "build_s": round(built, 2),
            "worst_p50_ms": round(max(p50 for p50, _, _ in figures.values()), 2),
            "worst_p95_ms": round(max(p95 for _, p95, _ in figures.values()), 2),
        }
    report("filter", data="synthetic", seed=options.seed, figures=summary)


if __name__ == "__main__":
    main()
