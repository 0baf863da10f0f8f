"""`aisle backup`: a shop's catalogue and conversations into one file, while it is served. Knows no archive and no SQL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle import __version__
from aisle.cli import options
from aisle.cli.progress import progress_bar

if TYPE_CHECKING:
    from aisle.backup import Manifest


@click.command()
@options.db
@options.people
@click.option(
    "--to",
    "target",
    metavar="DIR|FILE",
    help="Where to: a file, or a folder (one that is there, or with / at its end), in which it is named by date and time.",
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="In a folder: remove all but the newest N backups that were named so.",
)
@click.option(
    "--check",
    "checked",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Make none: hash and open every file of this backup. Ends in 1 when one is not as it was written.",
)
@options.json_
def backup(db: Path, people: Path, target: str | None, keep: int | None, checked: Path | None, as_json: bool) -> None:
    """Write a shop's catalogue and conversations to one file; servers and imports may go on meanwhile.

    It is a tar archive that only you may read. Unpacked, it is a shop to serve: shop.db, shop.db.d and people.db.
    """
    if (target is None) == (checked is None):
        raise click.UsageError("say either --to DIR|FILE or --check FILE")
    gone: list[Path] = []
    if checked:
        told, where = _check(checked), checked
    else:
        told, where, gone = _make(db, people, target or "", keep)
    if as_json:
        files = {"file": str(where), "bytes": where.stat().st_size, "removed": [str(path) for path in gone]}
        click.echo(json.dumps(files | told, ensure_ascii=False))
        return
    done = "holds" if checked else "written:"
    talks, products = told["people"]["conversations"], told["catalogue"]["products"]
    click.echo(
        f"{where} {done} {products:,} products, {talks:,} conversation{'' if talks == 1 else 's'}, {where.stat().st_size / 1e6:,.1f} MB."
    )
    for path in gone:
        click.echo(f"{path} removed.")


def _check(path: Path) -> Manifest:
    from aisle.backup import check
    from errors import BadBackup

    if not path.is_file():
        raise BadBackup(f"{path}: there is no such file")
    with progress_bar() as tell:
        return check(path, tell)


def _make(db: Path, people: Path, target: str, keep: int | None) -> tuple[Manifest, Path, list[Path]]:
    from aisle.backup import make, name_now, sweep

    is_folder = target.endswith("/") or Path(target).is_dir()
    if keep and not is_folder:
        raise click.UsageError("--keep goes with a folder that is there, or ends in /")
    where = Path(target) / name_now() if is_folder else Path(target)
    try:
        with progress_bar() as tell:
            told = make(db, people, where, __version__, tell)
        return told, where, sweep(where.parent, keep) if keep else []
    except OSError as error:
        raise click.UsageError(f"{where} cannot be written: {error}") from error
