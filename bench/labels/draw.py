"""Draw the products whose kind is labelled by reading them: the same 300 ids of the same feed each time.

    python -m bench.labels.draw [--sample test|dev] [--feed electronics.jsonl] [--count 300] [--show]

`test` measures; `dev` is for mending what is wrong and shares no id with it.

Prints an id per line, and with --show what an annotator reads. It knows the feed's own text only: neither a catalogue nor
the kind that Aisle would give, so whoever labels from it cannot lean on the answer being checked.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from aisle.settings import Settings

SEED = 20261121
DEV_SEED = 20261122


def drawn(ids: Iterable[str], count: int, sample: str = "test") -> list[str]:
    """The ids in the order of the draw; the feed's own order plays no part in it."""
    known = sorted(set(ids))
    test = random.Random(SEED).sample(known, count)
    if sample == "test":
        return test
    return random.Random(DEV_SEED).sample(sorted(set(known) - set(test)), count)


def records(feed: Path) -> dict[str, Mapping[str, object]]:
    with feed.open(encoding="utf-8") as lines:
        return {str(record["id"]): record for record in map(json.loads, lines)}


def shown(place: int, record: Mapping[str, object], cut: int) -> str:
    """A product as an annotator reads it, its description and attributes cut."""
    attributes = record.get("attributes")
    pairs = attributes.items() if isinstance(attributes, Mapping) else ()
    description = " ".join(str(record.get("description") or "").split())
    return "\n    ".join(
        (
            f"{place}. {record['id']} {record.get('title', '')}",
            f"brand: {record.get('brand', '')}",
            f"text: {description[:cut]}",
            f"attributes: {'; '.join(f'{name}={value}' for name, value in pairs)[:cut]}",
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feed", type=Path, default=Settings.read().shared / "data" / "shops" / "electronics.jsonl")
    parser.add_argument("--sample", choices=("test", "dev"), default="test")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--show", action="store_true", help="print each product's text too")
    parser.add_argument("--cut", type=int, default=320, help="characters of description and of attributes to show")
    options = parser.parse_args()
    products = records(options.feed)
    for place, product in enumerate(drawn(products, options.count, options.sample), start=1):
        print(shown(place, products[product], options.cut) if options.show else product)


if __name__ == "__main__":
    main()
