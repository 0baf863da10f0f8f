"""`aisle chat`: the assistant in a terminal; JSON lines when asked. Decides nothing: it prints turns."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from chatbot.turn import Chatbot
    from chatbot.types import Language, Suggestion, Table, Turn


@click.command(help="Talk to the shop's assistant in the terminal.")
@options.db
@options.llm
@click.option("--user", default=None, help="Who is talking, for --people.")
@click.option("--people", type=click.Path(dir_okay=False), envvar="AISLE_PEOPLE", help="Keep the conversation here.")
@options.cards
@click.option("--json", "as_json", is_flag=True, help="One Turn a line, as JSON.")
def chat(db: Path, llm: str, user: str | None, people: str | None, cards: int, as_json: bool) -> None:
    from chatbot.turn import Chatbot
    from chatbot.wire import turn_to_json

    if llm != "none":
        raise click.UsageError("only --llm none is available yet: the embedded assistant")
    chatbot = Chatbot.open(db, cards=cards)
    at_terminal = sys.stdin.isatty() and not as_json
    if at_terminal:
        _welcome(chatbot)
    lines = _asked() if at_terminal else (line.rstrip("\r\n") for line in sys.stdin)
    for dialogue, turn in _talk(chatbot, lines):
        if as_json:
            click.echo(json.dumps(turn_to_json(turn, dialogue, chatbot.catalog.currency), ensure_ascii=False))
        else:
            show(turn)


def _talk(chatbot: Chatbot, lines: Iterable[str]) -> Iterator[tuple[str, Turn]]:
    """One turn a line; an empty line starts a new dialogue."""
    from chatbot.types import DialogueState, Finished

    state, dialogue = DialogueState(), secrets.token_hex(8)
    for line in lines:
        if not line.strip():
            state, dialogue = DialogueState(), secrets.token_hex(8)
            continue
        for event in chatbot.turn(state, line):
            if isinstance(event, Finished):
                state = event.state
                yield dialogue, event.turn


def _asked() -> Iterator[str]:
    """Lines typed at the prompt, with history and editing where the terminal has them."""
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (its import gives input() line editing)
    while True:
        try:
            line = input("\n› ")
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        if line.strip() in ("/quit", "/exit"):
            return
        yield line


def _welcome(chatbot: Chatbot) -> None:
    from chatbot.say import say

    catalog = chatbot.catalog
    language: Language = "zh" if catalog.language == "zh" else "en"
    click.secho(f"{catalog.name or 'Aisle'} · {len(catalog):,} products", bold=True)
    click.echo(say(language, "greeting"))
    click.secho("An empty line starts over; Ctrl-D or /quit leaves.", dim=True)


def show(turn: Turn) -> None:
    """Print a turn: what was understood, what is said, the cards."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    if turn.ledger:
        wishes = "  ".join(w.text if w.hard else f"{w.text}?" for w in turn.ledger if w.need in turn.active)
        console.print(f"[{wishes}]", style="dim", markup=False)
    console.print(turn.text, markup=False)
    for suggestion in turn.suggestions:
        _show_card(console, suggestion)
    if turn.table:
        _show_table(console, turn.table)
    if turn.quick_replies:
        console.print("  ".join(f"({r})" for r in turn.quick_replies), style="dim", markup=False)


def _show_card(console: Console, suggestion: Suggestion) -> None:
    from rich.markup import escape

    from chatbot.say import money

    product, variant = suggestion.candidate.product, suggestion.candidate.variant
    price = variant.price if variant and variant.price else product.price
    cost = f"  [bold green]{escape(money(price))}[/]" if price else ""
    rating = f"  [yellow]★ {product.rating:g}[/]" if product.rating is not None else ""
    console.print(f"\n [bold]{suggestion.rank}. {escape(product.title)}[/]{cost}{rating}")
    console.print(f"    {escape(suggestion.reason)}", style="dim")
    if product.url:
        console.print(f"    {escape(product.url)}", style="blue")


def _show_table(console: Console, table: Table) -> None:
    from rich.table import Table as Grid

    grid = Grid(show_edge=False)
    for head in ("", *table.items):
        grid.add_column(head)
    for row in table.rows:
        grid.add_row(row.slot, *(v or "–" for v in row.values), style="bold" if row.differs else "dim")
    console.print(grid)
