"""Small shops for the doctor's rules: rows made in the test, imported as any feed, and looked through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from catalog.doctor import Finding
from catalog.ingest import ImportOptions, import_feeds
from catalog.store import Catalog

Rows = Iterable[Mapping[str, object]]
Look = Callable[..., list[Finding]]
TODAY = date(2026, 3, 1)


def opened(folder: Path, rows: Rows, options: ImportOptions | None = None) -> Catalog:
    """The catalogue of these rows."""
    feed = folder / "feed.jsonl"
    feed.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    import_feeds([feed], folder / "shop.db", options)
    return Catalog.open(folder / "shop.db")


def lamps(count: int, **columns: Callable[[int], object]) -> list[dict[str, object]]:
    """Desk lamps, all in order, with these columns made by number; a column of None is left empty."""
    rows = []
    for n in range(count):
        row: dict[str, object] = {
            "id": f"L{n}",
            "title": f"{_FIRST[n % 10]} {_SECOND[n // 10 % 10]} desk lamp",
            "brand": ("Lumo", "Haldis", "Orrery")[n % 3],
            "category": "desk lamp",
            "price": 20 + n % 17,
        }
        row |= {name: value for name, make in columns.items() if (value := make(n)) is not None}
        rows.append(row)
    return rows


_FIRST = "Alder Birch Cedar Dune Ember Fjord Grove Harbour Isle Juniper".split()
_SECOND = "Arc Beam Cone Disc Edge Fold Globe Halo Iris Jet".split()
