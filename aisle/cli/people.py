"""`aisle export` and `aisle erase`: everything kept on a person, out or gone. Knows no SQL and no dialogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options
from errors import StoreError

if TYPE_CHECKING:
    from chatbot.memory.store import People

_user = click.option("--user", required=True, metavar="ID", help="The name the shop gave for the person.")


@click.command()
@options.people
@_user
def export(people: Path, user: str) -> None:
    """Write out everything kept on a person, as one JSON document.

    Each conversation with its messages, turns, wishes, cards shown and feedback, and what the shop's own server reported.
    A person on whom nothing is kept has empty lists.
    """
    with _open(people) as store:
        sessions, reported = store.export(user=user), store.reports.of(user=user)
    told = {"user": user, "sessions": sessions, "reported": reported}
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@click.command()
@options.people
@_user
@options.json_
def erase(people: Path, user: str, as_json: bool) -> None:
    """Delete everything kept on a person, beyond recovery from the file.

    Works while a server is running: the person's open pages then start a new conversation.
    """
    with _open(people) as store:
        reported = len(store.reports.of(user=user))
        erased = store.erase(user=user)
    for copy in sorted(people.absolute().parent.glob(f"{people.name}.v*.bak")):
        click.echo(
            f"{copy}, kept before an upgrade, may still hold what was erased: delete it when all is well.", err=True
        )
    if as_json:
        click.echo(json.dumps({"user": user, "sessions": erased, "reported": reported}, ensure_ascii=False))
    else:
        also = f" and {_counted(reported, 'report')} of the shop's server" if reported else ""
        click.echo(f"{_counted(erased, 'conversation')}{also} of {user} erased.")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _open(path: Path) -> People:
    from chatbot.memory.store import People

    if not path.is_file():
        raise StoreError(f"There is no file {path}: name the one that `aisle serve` writes with --people.")
    return People.open(path)
