"""`aisle chat`: the assistant in a terminal; JSON lines when asked. Prints turns, and keeps them where asked to.

Decides nothing about the dialogue; knows no SQL.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options
from aisle.settings import Settings, variable

if TYPE_CHECKING:
    from rich.console import Console

    from catalog.store import Catalog
    from chatbot.events import Turn
    from chatbot.memory.records import Session
    from chatbot.memory.store import People
    from chatbot.turn import Chatbot
    from chatbot.types import DialogueState, Language, Suggestion, Table


@click.command(help="Talk to the shop's assistant in the terminal.")
@options.db
@options.llm
@options.llm_use
@click.option("--user", metavar="ID", help="Who is talking; the conversation is kept under this name.")
@click.option(
    "--people",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar=variable("people"),
    show_envvar=True,
    help="Keep the conversation in this file.  [default: with --user, people.db; else nothing is kept]",
)
@options.cards
@click.option("--json", "as_json", is_flag=True, help="One Turn a line, as JSON.")
def chat(db: Path, llm: str, llm_use: str, user: str | None, people: Path | None, cards: int, as_json: bool) -> None:
    from chatbot.turn import Chatbot
    from chatbot.wire import turn_to_json

    chatbot = Chatbot.open(db, options.model(llm, llm_use), cards=cards)
    at_terminal = sys.stdin.isatty() and not as_json
    if at_terminal:
        _welcome(chatbot)
    lines = _asked() if at_terminal else _piped()
    with _keeping(people, user) as store:
        for dialogue, turn in _talk(chatbot, lines, store, user):
            if as_json:
                click.echo(json.dumps(turn_to_json(turn, dialogue, chatbot.catalog.currency), ensure_ascii=False))
            else:
                show(turn, chatbot.catalog)


def _keeping(people: Path | None, user: str | None) -> People | nullcontext[None]:
    """The store to keep conversations in; nothing for a stranger who named no file."""
    from chatbot.memory.store import People

    if people is None and user is None:
        return nullcontext()
    return People.open(people or Settings().people)


def _talk(chatbot: Chatbot, lines: Iterable[str], store: People | None, user: str | None) -> Iterator[tuple[str, Turn]]:
    """One turn a line, with the id of its dialogue; an empty line starts a new dialogue."""
    dialogue: Dialogue | None = None
    for line in lines:
        if not line.strip():
            dialogue = None
            continue
        dialogue = dialogue or Dialogue.begun(chatbot, store, user)
        yield dialogue.id, dialogue.say(line)


@dataclass(slots=True)
class Dialogue:
    """A dialogue under way. Where it is kept, each message is on the disk before it is answered."""

    chatbot: Chatbot
    id: str
    state: DialogueState
    store: People | None

    @classmethod
    def begun(cls, chatbot: Chatbot, store: People | None, user: str | None) -> Dialogue:
        from chatbot.types import DialogueState

        session: Session | None = store.start(chatbot.catalog.language, user)[0] if store else None
        return cls(chatbot, session.id if session else secrets.token_hex(8), DialogueState(), store)

    def say(self, text: str) -> Turn:
        """The answer to a message. StoreError when it cannot be kept."""
        from chatbot.context import Context
        from chatbot.events import Finished
        from chatbot.memory.records import Impression
        from chatbot.state_json import state_to_json
        from chatbot.wire import turn_to_json

        received = self.store.receive(self.id, secrets.token_urlsafe(12), text) if self.store else None
        *_, end = self.chatbot.turn(self.state, text, context=Context(kept=self.store is not None))
        assert isinstance(end, Finished)
        self.state = end.state
        if self.store and received:
            document = turn_to_json(end.turn, self.id, self.chatbot.catalog.currency)
            shown = [Impression.of(suggestion) for suggestion in end.turn.suggestions]
            self.store.finish(received, document, state_to_json(end.state), shown)
        return end.turn


def _piped() -> Iterator[str]:
    """Lines of standard input; bytes that are no text become question marks rather than an end."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8-sig", "replace").rstrip("\r\n")


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


def show(turn: Turn, catalog: Catalog) -> None:
    """Print a turn: what was understood, what is said, the cards, the comparison."""
    from rich.console import Console

    from chatbot.say import say

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    if turn.ledger:
        wishes = "  ".join(w.text if w.hard else f"{w.text}?" for w in turn.ledger if w.need in turn.active)
        console.print(f"[{wishes}]", style="dim", markup=False)
    console.print(turn.text, markup=False)
    for suggestion in turn.suggestions:
        _show_card(console, suggestion, turn.language)
    if turn.table:
        _show_table(console, turn.table, turn.language, catalog)
    if turn.quick_replies:
        console.print("  ".join(f"({r})" for r in turn.quick_replies), style="dim", markup=False)
    if turn.degraded:
        console.print(say(turn.language, "without_model"), style="dim italic", markup=False)


def _show_card(console: Console, suggestion: Suggestion, language: Language) -> None:
    from rich.markup import escape

    from chatbot import say
    from chatbot.cards import availability_words, options_words, price_notes
    from chatbot.wire import suggestion_to_json

    product, variant = suggestion.candidate.product, suggestion.candidate.variant
    card = suggestion_to_json(suggestion)
    price = variant.price if variant and variant.price else product.price
    cost = f"  [bold green]{escape(say.price(price))}[/]" if price else ""
    was = f" {say.say(language, 'was', price=escape(say.price(variant.was)))}" if variant and variant.was else ""
    age = "  [red]18+[/]" if product.adult else ""
    rating = f"  [yellow]★ {product.rating:g}[/]" if product.rating is not None else ""
    console.print(f"\n [bold]{suggestion.rank}. {escape(suggestion.title)}[/]{cost}{was}{age}{rating}")
    told = (options_words(card, language), *price_notes(card), availability_words(card, language))
    if any(told):
        console.print(f"    {escape(' · '.join(t for t in told if t))}")
    console.print(f"    {escape(suggestion.reason)}", style="dim")
    if card["url"]:
        console.print(f"    {escape(card['url'])}", style="blue")


def _show_table(console: Console, table: Table, language: Language, catalog: Catalog) -> None:
    from rich.markup import escape
    from rich.table import Table as Grid

    from chatbot.say import slot_name
    from chatbot.titles import title_in

    grid = Grid(show_edge=False)
    for head in ("", *(title_in(language, product) for product in catalog.get(table.items))):
        grid.add_column(escape(head))
    for row in table.rows:
        grid.add_row(
            escape(slot_name(language, catalog.slot(row.slot))),
            *map(escape, (v or "–" for v in row.values)),
            style="bold" if row.differs else "dim",
        )
    console.print(grid)
