"""`aisle prompts list | show | render`: the words sent to models, their versions and fingerprints."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

import prompts as room
from aisle.cli import options


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
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="The value of a variable; repeat for each.")
@options.json_
def render(name: str, values: tuple[str, ...], as_json: bool) -> None:
    """A prompt with its variables filled in: exactly what would be sent."""
    rendered = room.load(name).render(**dict(_pair(value) for value in values))
    if as_json:
        click.echo(json.dumps(asdict(rendered), ensure_ascii=False))
        return
    for message in rendered.messages:
        click.echo(f"--- {message.role}\n{message.content.strip()}\n")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
    return name, value
