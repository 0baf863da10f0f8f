"""`aisle inspect`: what a catalogue can be asked about, what is wrong with it, and what would help. Changes nothing.

The rules are catalog/doctor/, the page aisle/catalogue_page/; here is how they are asked for and told in a terminal.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from catalog.doctor import Finding, Survey
    from catalog.store import Catalog
    from catalog.types import Slot, Term

_VALUES = 8  # of a slot's vocabulary, the most frequent
_HELPFUL = 5  # gaps named at the end
_APPLIES = 0.5  # share of a kind that must state a slot for it to be missing from the rest
_WORTH_TELLING = 2  # products that lack it
_ROWS = 40  # slots shown in the terminal, the rest by --all or --json
_FIRST = 10  # findings shown in the terminal, the rest by --all or --json
_SHOWN = 3  # examples of each


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot that part of a kind's products lack."""

    slot: str
    kind: str
    coverage: float
    lacking: int


@click.command(name="inspect")
@options.db
@click.option(
    "--all", "everything", is_flag=True, help="Every finding and every slot, also those nobody can filter by."
)
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page of plots (HTML)."
)
@click.option(
    "--propose",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write proposed words and joins (TOML) into a new file, to be edited and given to aisle import --words.",
)
@options.json_
def inspect(db: Path, everything: bool, page: Path | None, propose: Path | None, as_json: bool) -> None:
    """Look a catalogue through: what is wrong with it and what to do, its slots, coverage and vocabulary.

    \b
        aisle inspect --db shop.db --page report.html
        aisle inspect --db shop.db --propose words.toml
        aisle import products.jsonl --db shop.db --words words.toml
    """
    from catalog.doctor import Survey, examine
    from catalog.store import Catalog

    catalog = Catalog.open(db)
    if propose:
        click.echo(_propose(catalog, propose), err=True)
    survey = Survey(catalog)
    findings = examine(survey)
    if page:
        click.echo(_draw(survey, findings, page), err=True)
    if as_json:
        click.echo(json.dumps(_document(survey, findings), ensure_ascii=False))
    elif not (page or propose):
        _print(catalog, findings, everything)


def _propose(catalog: Catalog, file: Path) -> str:
    from catalog.doctor.propose import proposals
    from errors import BadWords

    text, count = proposals(catalog)
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError as error:
        raise BadWords(f"{file}: is there already and may hold your edits; name a new file for --propose") from error
    except OSError as error:
        raise BadWords(f"{file}: cannot be written ({error.strerror})") from error
    return (
        f"{file}: {count:,} proposals; strike what is wrong, then: aisle import FEED --db {catalog.path} --words {file}"
    )


def _draw(survey: Survey, findings: Sequence[Finding], file: Path) -> str:
    from aisle.catalogue_page import page
    from errors import CatalogError

    try:
        file.write_text(page(survey, findings), encoding="utf-8")
    except OSError as error:
        raise CatalogError(f"{file}: cannot be written ({error.strerror})") from error
    return f"{file}: {len(findings):,} findings and the plots"


def _document(survey: Survey, findings: Sequence[Finding]) -> dict[str, object]:
    from catalog.doctor import coverage_by_kind

    catalog = survey.catalog
    return {
        "name": catalog.name,
        "products": len(catalog),
        "currency": catalog.currency,
        "language": catalog.language,
        "faq": _faq_json(catalog),
        "slots": [_slot_json(catalog, slot) for slot in catalog.slots],
        "would_help": [asdict(gap) | {"coverage": round(gap.coverage, 4)} for gap in _gaps(catalog)],
        "findings": [asdict(finding) | {"share": round(finding.share, 4)} for finding in findings],
        "coverage_by_kind": coverage_by_kind(survey),
    }


def _faq_json(catalog: Catalog) -> dict[str, object]:
    passages = catalog.faq.passages
    languages = sorted({passage.language for passage in passages})
    return {
        "questions": len(passages),
        "of_items": sum(bool(passage.item) for passage in passages),
        "phrasings": sum(len(passage.also) for passage in passages),
        "languages": {language: sum(p.language == language for p in passages) for language in languages},
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


def _print(catalog: Catalog, findings: Sequence[Finding], everything: bool) -> None:
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
    if faq := catalog.faq.passages:
        console.print(f"{len(faq):,} questions and answers, {sum(bool(p.item) for p in faq):,} of them of one item")
    console.print(table, markup=False)
    informable = sum(slot.informable for slot in catalog.slots)
    console.print(f"{informable} of {len(catalog.slots)} slots can be filtered by; the rest can be asked about.")
    _print_findings(console, findings, everything)


def _print_findings(console: Console, findings: Sequence[Finding], everything: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    shown = findings if everything else findings[:_FIRST]
    console.print(f"\n{len(findings):,} findings" + (":" if findings else "; nothing stands out.") + "\n", style="bold")
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    for place, finding in enumerate(shown, 1):
        table.add_row(f"{place}.", Text(finding.says))
        table.add_row("->", Text(finding.todo), style="green")
        for example in finding.examples[:_SHOWN]:
            table.add_row("", Text(f"{example.id}  {example.value}"), style="dim")
        table.add_row()
    console.print(table)
    if len(shown) < len(findings):
        console.print(f"... and {len(findings) - len(shown):,} more: --all", style="dim")


def _span(catalog: Catalog, slot: Slot) -> str:
    span = catalog.span(slot.name, catalog.match(())) if slot.kind == "number" else None
    return f"{span[0]:g} to {span[1]:g} {slot.unit or ''}".strip() if span else ""
