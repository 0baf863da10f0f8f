"""How surely titles say what a feed has no column for: the column is hidden, the title read, and both compared.

Writes what is measured where the reader finds it (`--write`): for each standard slot the lower end of the interval of
the share of right readings, for each kind with enough readings, and for a kind never met.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections import Counter
from collections.abc import Iterator

from bench.common import shop_db
from catalog.joins import spelled
from catalog.lexicon import FOLDER, Lexicon
from catalog.readout.standard import ALL, CONCEPTS, Cells, StandardReader, kind_names, standing_for
from catalog.readout.trial import wilson
from catalog.schema import product_cells
from catalog.store import Catalog
from catalog.types import Product, Quantity, Slot
from catalog.units import convert

SHOPS = ("electronics", "fashion-home", "computers-zh", "cars-zh")
ENOUGH = 25  # readings of a kind that is measured apart
SOME = 8  # readings of a kind that counts in the mean over kinds
KINDS = 10  # that a mean over kinds needs
SURE = 1.645  # one-sided 95 %
NEAR = 0.02
Counts = tuple[Counter[str], Counter[str]]


def standard(options: argparse.Namespace) -> dict[str, object]:
    """Readings tried and right, by concept."""
    reader = StandardReader(Lexicon.default(), CONCEPTS)
    counts: dict[str, Counts] = {concept: (Counter(), Counter()) for concept in CONCEPTS}
    for shop in SHOPS:
        _try(Catalog.open(shop_db(shop)), reader, counts)
    print(f"\nStandard slots read from titles, columns hidden ({', '.join(SHOPS)})")
    for concept, (tried, right) in counts.items():
        print(
            f"  {concept:<14} kinds {len(tried):>4}  right {_share(tried, right):.3f}  a new kind {_new_kind(tried, right):.3f}"
        )
    if options.write:
        _write(counts)
    return {
        concept: {"right": round(_share(*found), 3), "new_kind": round(_new_kind(*found), 3)}
        for concept, found in counts.items()
    }


def _share(tried: Counter[str], right: Counter[str]) -> float:
    """The share of right readings; those of kinds under umbrellas count once for each."""
    return right.total() / max(1, tried.total())


def _new_kind(tried: Counter[str], right: Counter[str]) -> float:
    """How sure a reading is in a kind never met: the lower end of the interval of the mean over kinds."""
    shares = [right[kind] / n for kind, n in tried.items() if n >= SOME]
    if len(shares) < KINDS:
        return 0.0
    return max(0.0, statistics.mean(shares) - SURE * statistics.stdev(shares) / math.sqrt(len(shares)))


def _try(catalog: Catalog, reader: StandardReader, counts: dict[str, Counts]) -> None:
    slots = {slot.name: slot for slot in catalog.slots if slot.concept}
    for product in catalog.products():
        stated = dict(_stated(product, slots))
        for concept, cells in reader.read(product.title).items() if stated else ():
            if concept in stated:
                tried, right = counts[concept]
                agreed = all(_states(stated[concept], cell, product.kind) for cell in cells)
                for kind in kind_names(catalog.lexicon, product.kind or "") or ("",):
                    tried[kind] += 1
                    right[kind] += agreed


def _stated(product: Product, slots: dict[str, Slot]) -> Iterator[tuple[str, list[tuple[Slot, Cells]]]]:
    """What a record states of the standard slots, under whatever name."""
    found: dict[str, list[tuple[Slot, Cells]]] = {}
    for name, cells in product_cells(product):
        slot = slots.get(name)
        concept = standing_for(slot) if slot and name not in product.inferred else None
        if slot and concept:
            found.setdefault(concept, []).append((slot, cells))
    yield from found.items()


def _states(stated: list[tuple[Slot, Cells]], cell: object, kind: str | None) -> bool:
    return any(_same(slot, cell, other, kind) for slot, cells in stated for other in cells)


def _same(slot: Slot, cell: object, other: object, kind: str | None) -> bool:
    if isinstance(cell, Quantity):
        unit = (other.unit or slot.unit_for(kind, other.low)) if isinstance(other, Quantity) else None
        value = convert(cell.low, cell.unit or "", unit) if unit else None
        return isinstance(other, Quantity) and value is not None and abs(value - other.low) <= NEAR * abs(other.low)
    lexicon = Lexicon.default()
    said, stated = str(cell), other.text if isinstance(other, Quantity) else str(other)
    families = {lexicon.colour_family(said), lexicon.colour_family(stated)} if slot.concept == "colour" else {None}
    return spelled(said) in spelled(stated) or (len(families) == 1 and families != {None})


def _write(counts: dict[str, Counts]) -> None:
    lines = [
        "# Measured by `python -m bench.catalogue --only standard --write`: how sure a reading of each slot is, by kind.",
        "",
    ]
    for concept, (tried, right) in counts.items():
        lines.append(f"[{concept}]")
        lines.append(f'"{ALL}" = {_new_kind(tried, right):.3f}')
        kinds = sorted(kind for kind, n in tried.items() if kind and n >= ENOUGH)
        lines += [f'"{kind}" = {wilson(right[kind], tried[kind]):.3f}' for kind in kinds]
        lines.append("")
    (FOLDER / "standard_measured.toml").write_text("\n".join(lines), encoding="utf-8")
