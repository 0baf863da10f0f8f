"""`aisle test`: run scripted dialogues, say what failed where. Exit code 1 when one does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import FAILED, options
from aisle.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatbot.asking import Model
    from chatbot.scripts.stage import Stage
    from chatbot.scripts.types import Result, Script

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option("--db", type=_PATH, envvar="AISLE_DB", help="One catalogue for all dialogues; their shop: is ignored.")
@click.option(
    "--shops",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Feeds by shop: DIR/NAME.*",
)
@options.llm
@options.llm_use
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write JUnit XML here.")
@options.json_
def test(
    paths: tuple[Path, ...],
    db: Path | None,
    shops: Path | None,
    llm: str,
    llm_use: str,
    junit: Path | None,
    as_json: bool,
) -> None:
    """Run the scripted dialogues (*.dialogue.yaml) in PATHS.

    With --shops each shop's feed is imported once, with embeddings, and kept in the cache folder.
    """
    from chatbot.testing import as_json as results_json
    from chatbot.testing import as_junit, load_all

    if (db is None) == (shops is None):
        raise click.UsageError("give either --db or --shops")
    scripts = load_all(paths)
    if not scripts:
        raise click.UsageError("no *.dialogue.yaml there")
    results = list(_played(scripts, stage(db, shops, options.model(llm, llm_use)), quiet=as_json))
    if junit:
        junit.write_text(as_junit(results), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(results_json(results), ensure_ascii=False))
    else:
        _summary(results)
    if not all(result.passed for result in results):
        raise click.exceptions.Exit(FAILED)


def stage(db: Path | None, shops: Path | None, model: Model | None = None) -> Stage:
    """The place to play: one database, or a folder of feeds imported into the cache; with a model, if there is one."""
    from chatbot.testing import Shops, Stage
    from retrieval.embedder import PackagedEncoder

    encoder = PackagedEncoder()
    if db is not None:
        return Stage(db=db, model=model)
    assert shops is not None
    return Stage(shops=Shops(shops, Settings.read().cache, encoder), encoder=encoder, model=model)


def _played(scripts: Iterable[Script], stage: Stage, quiet: bool) -> Iterable[Result]:
    from chatbot.testing import failure_text

    for script in scripts:
        result = stage.play(script)
        if not quiet:
            sign = click.style("ok  ", fg="green") if result.passed else click.style("FAIL", fg="red")
            click.echo(f"{sign}  {script.name}")
            if not result.passed:
                click.echo(failure_text(result) + "\n")
        yield result


def _summary(results: list[Result]) -> None:
    from chatbot.testing import model_cost

    turns = [outcome for result in results for outcome in result.outcomes if outcome.step.event is None]
    passed, dialogues = sum(o.passed for o in turns), sum(r.passed for r in results)
    seconds = sum(result.seconds for result in results)
    click.echo(f"{dialogues} of {len(results)} dialogues, {passed} of {len(turns)} turns passed in {seconds:.1f} s")
    cost = model_cost(results)
    if cost["asked"]:
        click.echo(
            f"model: {cost['calls']} calls in {cost['asked']} turns, {cost['degraded']} of them degraded; tokens: "
            f"{cost['prompt_tokens']} read ({cost['cached_tokens']} from its cache), {cost['completion_tokens']} written"
        )
