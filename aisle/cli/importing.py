"""`aisle import`: feeds into a catalogue, once or for as long as they change.

Knows the command line; the work is catalog/ingest.py, going on is watching.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options
from aisle.cli.progress import progress_bar

if TYPE_CHECKING:
    from catalog.ingest import Embed, ImportReport
    from catalog.plan import Change

_REJECTS_SHOWN = 5
_CHANGES_SHOWN = 20
_EVERY = 3600.0  # seconds
_FAQ_COUNTS = ("inserted", "unchanged", "removed", "rejected", "embedded")
_COUNTS = ("inserted", "updated", "unchanged", "removed", "rejected", "embedded")


@click.command("import")
@click.argument("feeds", nargs=-1)
@options.db
@click.option(
    "--watch",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Go on importing: the feeds in this folder together are the shop, read again whenever one changes.",
)
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="Go on importing: ask addresses again this often; they answer whether they changed. Default: 3600.",
)
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
@click.option(
    "--faq",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The shop's questions and answers (Markdown, CSV, JSON), alone or with feeds; kept until others are given. "
    "An empty file, or /dev/null, drops them.",
)
@click.option("--delta", is_flag=True, help="The feed holds changes only: products it leaves out stay.")
@click.option(
    "--prices", is_flag=True, help="The feed holds prices, stock and availability only, by product or variant id."
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--allow-shrink", is_flag=True, help="Let the import remove more than half of the catalogue.")
@click.option("--strict", is_flag=True, help="Change nothing when any row is rejected for a fault.")
@click.option("--no-embed", is_flag=True, help="Keywords only: no encoder, faster, finds less.")
@options.json_
def import_(
    feeds: tuple[str, ...],
    db: Path,
    folder: Path | None,
    every: float | None,
    columns: tuple[str, ...],
    currency: str | None,
    language: str | None,
    words: Path | None,
    faq: tuple[Path, ...],
    delta: bool,
    prices: bool,
    dry_run: bool,
    allow_shrink: bool,
    strict: bool,
    no_embed: bool,
    as_json: bool,
) -> None:
    """Read product feeds into a catalogue, from files and from https:// addresses.

    Read are JSON lines and lists, CSV, TSV, XLSX, Google Merchant, Shopify and WooCommerce exports, and schema.org
    JSON-LD in files and saved pages, packed with gzip or not. Format, delimiter, encoding and the meaning of each column
    are recognised from the content. The feeds named together are the whole shop: what they no longer hold leaves it,
    but for --delta and --prices.

    An import lands whole or not at all. A bad row is rejected with its file, line, field and reason, and the rest lands.
    The same feed again changes nothing. --watch and --every end with Ctrl-C.

    \b
        aisle import products.jsonl --db shop.db
        aisle import lamps.html tables.html --db shop.db
        aisle import stock.csv --db shop.db --prices --map id=SKU --map price="Net price"
        aisle import --faq help.md --db shop.db
        aisle import https://shop.example/feed.xml --db shop.db
        aisle import --watch feeds/ --db shop.db
    """
    from aisle.cli.watching import Sources, fetcher, until_stopped, watch
    from catalog.ingest import ImportOptions, import_feeds
    from catalog.shop_words import ShopWords

    going_on = _goes_on(feeds, faq, folder, every, dry_run)
    said = ShopWords.read(words) if words else None
    named = _columns(columns)
    wished = ImportOptions(named, currency, language, delta, dry_run, allow_shrink, strict, said, prices, faq or None)
    encoder = None if no_embed else _encoder()

    def run(paths: Sequence[Path]) -> None:
        with progress_bar() as progress:
            report = import_feeds(paths, db, wished, encoder, progress)
        click.echo(json.dumps(report.to_json(), ensure_ascii=False) if as_json else _summary(report, db, dry_run))

    sources = Sources(feeds, db, folder, every or _EVERY)
    if not going_on:
        with progress_bar() as progress:
            paths = sources.paths(fetcher(db, progress))
        run(paths)
        return
    click.echo(f"{sources.told()}; Ctrl-C ends it", err=True)
    with until_stopped():
        watch(sources, fetcher(db), run, lambda error: click.echo(f"aisle: {error}", err=True), delta or prices)


def _goes_on(
    feeds: Sequence[str], faq: Sequence[Path], folder: Path | None, every: float | None, dry_run: bool
) -> bool:
    if not (feeds or folder or faq):
        raise click.UsageError("name a feed, or a folder of feeds with --watch, or questions and answers with --faq")
    going_on = folder is not None or every is not None
    if every is not None and folder is None and not feeds:
        raise click.UsageError("--every imports feeds again; name one, or leave it out")
    if going_on and dry_run:
        raise click.UsageError("--dry-run looks once; leave out --watch and --every")
    return going_on


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


def _summary(report: ImportReport, db: Path, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    lines = [
        f"{db}: read {report.read:,} rows in {report.seconds:.1f} s",
        f"  {would}" + " · ".join(f"{name} {getattr(report, name):,}" for name in _COUNTS),
    ]
    if report.faq:
        counts = (f"{name} {getattr(report.faq, name):,}" for name in _FAQ_COUNTS)
        lines.append(f"  {would}questions and answers: " + " · ".join(counts))
    lines += [f"  {_told(change)}" for change in (report.changes or ())[:_CHANGES_SHOWN]]
    if report.changes and len(report.changes) > _CHANGES_SHOWN:
        lines.append("  ... and more; --json lists the first of each sort")
    if report.unlinked:
        file, line = report.unlinked[0]
        many = f"{len(report.unlinked):,} product{'s' if len(report.unlinked) > 1 else ''} without a link"
        lines.append(
            f"  {many}, the first in {file}, line {line}: url: a path of the shop; write it whole, https://..."
        )
    for reject in sorted(report.rejects, key=lambda r: not r.problem.fault)[:_REJECTS_SHOWN]:  # faults first
        problem = reject.problem
        word = "rejected" if problem.fault else "left out"
        lines.append(f"  {word} {reject.file}, line {reject.line}: {problem.field or 'row'}: {problem.reason}")
    if report.rejected > _REJECTS_SHOWN:
        more = f"  ... and {report.rejected - _REJECTS_SHOWN:,} more"
        lines.append(f"{more}, all in {report.rejects_file}" if report.rejects_file else more)
    return "\n".join(lines)


def _told(change: Change) -> str:
    """One change of a dry run: "updated 7 Desk lamp: price 30.0 -> 25.0"."""
    fields = "; ".join(
        f"{name} {'nothing' if old is None else old} -> {'nothing' if new is None else new}"
        for name, (old, new) in change.fields.items()
    )
    return f"{change.change} {change.id} {change.title}" + (f": {fields}" if fields else "")
