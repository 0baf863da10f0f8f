"""`aisle prompts list | show | render`: the words sent to models, their versions and fingerprints."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

import prompts as room
from aisle.cli import options
from aisle.settings import USES

if TYPE_CHECKING:
    from chatbot.asking import Use


@click.group()
def prompts() -> None:
    """List, show and render the prompts."""


@prompts.command("list")
@options.json_
def list_(as_json: bool) -> None:
    """Every prompt with its version and fingerprint."""
    found = [room.load(name) for name in room.names()]
    if as_json:
        rows = [{"prompt": p.id, "fingerprint": p.fingerprint, "purpose": p.purpose} for p in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for prompt in found:
        click.echo(f"{prompt.id:12} {prompt.fingerprint}  {prompt.purpose}")


@prompts.command()
@click.argument("name")
@options.json_
def show(name: str, as_json: bool) -> None:
    """A prompt as it is written, with its variables and options."""
    prompt = room.load(name)
    if as_json:
        click.echo(json.dumps(asdict(prompt) | {"prompt": prompt.id, "fingerprint": prompt.fingerprint}))
        return
    click.echo(f"{prompt.id}  {prompt.fingerprint}\n{prompt.purpose}")
    click.echo(f"variables: {', '.join(prompt.variables)}")
    click.echo(f"max_tokens {prompt.max_tokens}, temperature {prompt.temperature:g}")
    for role, words in (("system", prompt.system), ("user", prompt.user)):
        click.echo(f"\n--- {role}\n{words.strip()}")
    if prompt.schema is not None:
        click.echo(f"\n--- schema\n{json.dumps(dict(prompt.schema), indent=2)}")


@prompts.command()
@click.argument("name")
@click.argument("messages", nargs=-1, metavar="[MESSAGE]...")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="The value of a variable; repeat for each.")
@options.db
@click.option("--llm-use", type=click.Choice(USES), default="always", show_default=True, help="As in `aisle chat`.")
@options.json_
def render(
    name: str, messages: tuple[str, ...], values: tuple[str, ...], db: Path, llm_use: str, as_json: bool
) -> None:
    """A prompt filled in: exactly what would be sent.

    Either with the values given by --set, or in the shop at --db for the last of the shopper's MESSAGEs, the embedded
    assistant having answered those before it.
    """
    if messages and values:
        raise click.UsageError("give either messages of a shopper or --set")
    prompt = room.load(name)
    sent = _asked(name, db, messages, llm_use) if messages else [_filled(prompt, values)]
    if not sent:
        raise click.ClickException(f"With --llm-use {llm_use} the model is not asked {prompt.id} for this message.")
    for rendered in sent:
        if as_json:
            click.echo(json.dumps(asdict(rendered), ensure_ascii=False))
            continue
        for message in rendered.messages:
            click.echo(f"--- {message.role}\n{message.content.strip()}\n")


def _asked(name: str, db: Path, messages: tuple[str, ...], use: str) -> list[room.Rendered]:
    from chatbot.asked import asked
    from chatbot.turn import Chatbot

    return [rendered for rendered in asked(Chatbot.open(db), messages, cast("Use", use)) if rendered.name == name]


def _filled(prompt: room.Prompt, values: tuple[str, ...]) -> room.Rendered:
    return prompt.render(**dict(_pair(value) for value in values))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
    return name, value
