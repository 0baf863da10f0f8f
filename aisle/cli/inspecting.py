"""`aisle inspect`: what a catalogue can be asked about. Reads the catalogue only; changes nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options

if TYPE_CHECKING:
    from catalog.store import Catalog
    from catalog.types import Slot, Term

_VALUES = 8  # of a slot's vocabulary, the most frequent
_HELPFUL = 5  # gaps named at the end
_APPLIES = 0.5  # share of a kind that must state a slot for it to be missing from the rest
_WORTH_TELLING = 2  # products that lack it
_ROWS = 40  # slots shown in the terminal, the rest by --all or --json


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot that part of a kind's products lack."""

    slot: str
    kind: str
    coverage: float
    lacking: int


@click.command(
    name="inspect", help="Show a catalogue's slots, coverage and vocabulary, and what filling in would help."
)
@options.db
@click.option("--all", "everything", is_flag=True, help="Every slot, also those nobody can filter by.")
@options.json_
def inspect(db: Path, everything: bool, as_json: bool) -> None:
    from catalog.store import Catalog

    catalog = Catalog.open(db)
    if as_json:
        click.echo(json.dumps(_document(catalog), ensure_ascii=False))
    else:
        _print(catalog, everything)


def _document(catalog: Catalog) -> dict[str, object]:
    return {
        "name": catalog.name,
        "products": len(catalog),
        "currency": catalog.currency,
        "language": catalog.language,
        "slots": [_slot_json(catalog, slot) for slot in catalog.slots],
        "would_help": [asdict(gap) | {"coverage": round(gap.coverage, 4)} for gap in _gaps(catalog)],
    }


def _slot_json(catalog: Catalog, slot: Slot) -> dict[str, object]:
    units = {kind: stats.unit for kind, stats in slot.by_kind.items() if stats.unit and stats.unit != slot.unit}
    return {
        "slot": slot.name,
        "label": slot.label,
        "kind": slot.kind,
        "concept": slot.concept,
        "many": slot.many,
        "unit": slot.unit,
        "units_by_kind": units,
        "coverage": round(slot.coverage, 4),
        "informable": slot.informable,
        "requestable": slot.requestable,
        "inferred": slot.inferred,
        "vocabulary": [{"value": term.value, "count": term.count} for term in _head(catalog, slot)],
    }


def _head(catalog: Catalog, slot: Slot) -> tuple[Term, ...]:
    return catalog.vocabulary(slot.name)[:_VALUES] if slot.kind in ("category", "boolean") else ()


def _gaps(catalog: Catalog) -> list[Gap]:
    """Where filling in would help most: for each kind of product the slot of a known concept that most of its products
    state and the most lack. What fewer than half state may not apply to the rest, and would be no gap."""
    sizes = {term.value: term.count for term in catalog.vocabulary("category")} if _has_category(catalog) else {}
    asked = (slot for slot in catalog.slots if slot.informable and slot.concept)
    stated = ((slot, kind, stats.coverage) for slot in asked for kind, stats in slot.by_kind.items())
    gaps = [
        Gap(slot.name, kind, share, round(sizes.get(kind, 0) * (1 - share)))
        for slot, kind, share in stated
        if share >= _APPLIES
    ]
    gaps.sort(key=lambda gap: -gap.lacking * gap.coverage)
    widest = {gap.kind: gap for gap in reversed(gaps) if gap.lacking >= _WORTH_TELLING}
    return sorted(widest.values(), key=gaps.index)[:_HELPFUL]


def _has_category(catalog: Catalog) -> bool:
    return any(slot.name == "category" for slot in catalog.slots)


def _print(catalog: Catalog, everything: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = [slot for slot in catalog.slots if everything or slot.informable]
    table = Table(show_edge=False, box=None, pad_edge=False)
    for head in ("slot", "kind", "means", "filled", "values"):
        table.add_column(head, overflow="fold")
    for slot in shown if everything else shown[:_ROWS]:
        mark = " (inferred)" if slot.inferred else ""
        values = ", ".join(f"{term.value} {term.count}" for term in _head(catalog, slot)) or _span(catalog, slot)
        table.add_row(slot.name + mark, slot.kind, slot.concept or "", f"{slot.coverage:.0%}", values)
    console = Console(highlight=False)
    console.print(f"{catalog.name or 'catalogue'}: {len(catalog):,} products, {catalog.currency}, {catalog.language}")
    console.print(table, markup=False)
    informable = sum(slot.informable for slot in catalog.slots)
    console.print(f"{informable} of {len(catalog.slots)} slots can be filtered by; the rest can be asked about.")
    for gap in _gaps(catalog):
        told = f"would help: {gap.slot} of {gap.kind} ({gap.lacking:,} lack it, {gap.coverage:.0%} state it)"
        console.print(told, style="dim", markup=False)


def _span(catalog: Catalog, slot: Slot) -> str:
    span = catalog.span(slot.name, catalog.match(())) if slot.kind == "number" else None
    return f"{span[0]:g} to {span[1]:g} {slot.unit or ''}".strip() if span else ""
