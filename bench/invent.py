"""An invented shop as a feed: ordinary rows of a dozen columns, the same for the same seed, as many as wanted.

    python -m bench.invent FILE.jsonl [--rows 200000] [--seed 1] [--changed 0.01]

Twelve kinds of product with prices, brands, colours, materials, weights, ratings, a description and links; one row in
four comes in three sizes with their own price and stock. `--changed`: this share of the rows, spread evenly, says
something else: one half another price, the other half another title and price. Nothing of it is taken from a real shop.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.filter import COLOURS, KINDS

DEPARTMENTS = {
    "shirt": "Clothing", "sofa": "Home", "lamp": "Home", "kettle": "Kitchen", "phone": "Electronics",
    "notebook": "Electronics", "monitor": "Electronics", "cable": "Electronics", "desk": "Home", "watch": "Clothing",
    "tent": "Outdoor", "drill": "Tools",
}  # fmt: skip
MATERIALS = ("cotton", "steel", "oak", "plastic", "aluminium", "glass", "wool", "leather", "nylon", "ceramic")
QUALITIES = (
    "light", "sturdy", "quiet", "compact", "foldable", "plain", "warm", "bright", "slim", "deep", "soft", "handy",
)  # fmt: skip
USES = (
    "every day", "small rooms", "long trips", "the office", "rainy weather", "gifts", "large families", "beginners",
    "students", "the garden", "winter evenings", "tight budgets",
)  # fmt: skip
Row = dict[str, object]


def rows(count: int, seed: int) -> Iterator[Row]:
    """The rows of the feed."""
    dice = random.Random(seed)
    for number in range(count):
        yield _row(number, dice)


def _row(number: int, dice: random.Random) -> Row:
    kind = dice.choice(KINDS)
    brand, colour, material = f"Brand{dice.randint(1, 400)}", dice.choice(COLOURS), dice.choice(MATERIALS)
    quality, other = dice.sample(QUALITIES, 2)
    price = round(dice.lognormvariate(4, 1), 2)
    row: Row = {
        "id": f"P{number:06}",
        "title": f"{brand} {quality} {material} {kind} {dice.randint(100, 999)}, {colour}",
        "description": f"A {quality} and {other} {kind} of {material} for {dice.choice(USES)}. "
        f"Made for {dice.choice(USES)}; weighs {dice.randint(1, 40) * 250} g with its box.",
        "brand": brand,
        "category": f"{DEPARTMENTS[kind]} > {kind}",
        "price": price,
        "currency": "USD",
        "stock": dice.randint(0, 30),
        "rating": dice.randint(4, 10) / 2,
        "colour": colour,
        "material": material,
        "weight": f"{dice.randint(1, 40) * 250} g",
        "url": f"https://shop.example/{kind}/{number}",
    }
    if number % 4 == 0:
        row["variants"] = [
            {"id": f"P{number:06}-{size}", "price": price, "stock": dice.randint(0, 9), "options": {"size": size}}
            for size in ("S", "M", "L")
        ]
    return row


def changed(feed: Iterable[Row], share: float) -> Iterator[Row]:
    """The feed with this share of its rows changed: one half in price, the other half in title and price."""
    every = round(1 / share) if share else 0
    for number, row in enumerate(feed):
        if every and number % every == every - 1:
            row = row | {"price": round(float(str(row["price"])) + 1, 2)}
            if number // every % 2:
                row["title"] = f"New {row['title']}"
        yield row


def write(path: Path, feed: Iterable[Row]) -> Path:
    """The rows as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in feed)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changed", type=float, default=0.0)
    options = parser.parse_args()
    write(options.file, changed(rows(options.rows, options.seed), options.changed))


if __name__ == "__main__":
    main()
