"""`aisle import`: feeds into a catalogue. Knows the command line and its progress bar; the work is catalog/ingest.py."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options

if TYPE_CHECKING:
    from catalog.ingest import Embed, ImportReport, Progress

_PATIENCE = 2.0  # seconds before a progress bar appears
_REJECTS_SHOWN = 5
_COUNTS = ("inserted", "updated", "unchanged", "removed", "rejected", "embedded")


@click.command("import")
@click.argument("feeds", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.db
@click.option(
    "--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Say which column is the price, the title ..."
)
@click.option(
    "--currency",
    callback=lambda context, parameter, given: _currency(given),
    metavar="CODE",
    help="Currency of prices that name none (ISO 4217). Default: CNY for Chinese feeds, else USD.",
)
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of the records. Default: as they show.")
@click.option(
    "--words",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The shop's own words (TOML), kept until another file is given; an empty file drops them.",
)
@click.option("--delta", is_flag=True, help="The feed holds changes only: products it leaves out stay.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--allow-shrink", is_flag=True, help="Let the import remove more than half of the catalogue.")
@click.option("--strict", is_flag=True, help="Change nothing when any row is rejected.")
@click.option("--no-embed", is_flag=True, help="Keywords only: no encoder, faster, finds less.")
@options.json_
def import_(
    feeds: tuple[Path, ...],
    db: Path,
    columns: tuple[str, ...],
    currency: str | None,
    language: str | None,
    words: Path | None,
    delta: bool,
    dry_run: bool,
    allow_shrink: bool,
    strict: bool,
    no_embed: bool,
    as_json: bool,
) -> None:
    """Read product feeds (JSON lines, CSV, TSV) into a catalogue.

    The format, the delimiter, the encoding and what each column means are recognised from the content. The import lands
    whole or not at all; a bad row is rejected with its reason and the rest lands. The same feed again changes nothing.

    \b
        aisle import products.jsonl --db shop.db
        aisle import stock.csv --db shop.db --delta --map id=SKU --map price="Net price"
    """
    from catalog.ingest import ImportOptions, import_feeds
    from catalog.shop_words import ShopWords

    said = ShopWords.read(words) if words else None
    wished = ImportOptions(_columns(columns), currency, language, delta, dry_run, allow_shrink, strict, said)
    with _progress() as progress:
        report = import_feeds(feeds, db, wished, None if no_embed else _encoder(), progress)
    click.echo(json.dumps(report.to_json(), ensure_ascii=False) if as_json else _summary(report, db, dry_run))


def _currency(given: str | None) -> str | None:
    if given is not None and not re.fullmatch("[A-Za-z]{3}", given):
        raise click.BadParameter(f"{given!r} is no ISO 4217 code such as EUR")
    return given and given.upper()


def _columns(pairs: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not (name and equals and column):
            raise click.UsageError(f"--map {pair}: write FIELD=COLUMN, for example --map price=Preis")
        columns[name] = column
    return columns


def _encoder() -> Embed:
    from retrieval.embedder import PackagedEncoder

    return PackagedEncoder()


@contextmanager
def _progress() -> Iterator[Progress]:
    """Work that takes longer than two seconds is told on standard error: a bar on a terminal, else a line a stage."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(file=sys.stderr)
    bar = Bar(TextColumn("{task.description:>18}"), BarColumn(), TextColumn("{task.completed:,}"), TimeRemainingColumn(),
              console=console, transient=True)  # fmt: skip
    begun, tasks = time.monotonic(), dict[str, TaskID]()

    def tell(stage: str, done: int, total: int) -> None:
        if time.monotonic() - begun < _PATIENCE:
            return
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total or None)
            bar.start() if console.is_terminal else click.echo(f"{stage} ...", err=True)
        bar.update(tasks[stage], completed=done, total=total or None)

    try:
        yield tell
    finally:
        if console.is_terminal and tasks:
            bar.stop()


def _summary(report: ImportReport, db: Path, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    lines = [
        f"{db}: read {report.read:,} rows in {report.seconds:.1f} s",
        f"  {would}" + " · ".join(f"{name} {getattr(report, name):,}" for name in _COUNTS),
    ]
    for reject in report.rejects[:_REJECTS_SHOWN]:
        problem = reject.problem
        lines.append(f"  rejected {reject.file}, line {reject.line}: {problem.field or 'row'}: {problem.reason}")
    if report.rejected > _REJECTS_SHOWN:
        more = f"  ... and {report.rejected - _REJECTS_SHOWN:,} more"
        lines.append(f"{more}, all in {report.rejects_file}" if report.rejects_file else more)
    return "\n".join(lines)
