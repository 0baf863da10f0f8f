"""`aisle enrich`: a model reads, in the products' texts, what their records leave out.

Knows the command line; the work is learning/attributes/enrich.py.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aisle.cli import options
from aisle.cli.progress import progress_bar
from aisle.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from learning.attributes.enrich import Enrichment, Plan
    from learning.attributes.llm import LLMReader

_SHOWN = 12  # slots told in the terminal, all by --json
_PATIENCE = 60.0  # seconds


@click.command(name="enrich")
@options.db
@options.llm
@click.option(
    "--slot", "slots", multiple=True, metavar="NAME", help="Read this slot only; may be repeated. Default: all."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Ask about so many texts and end. Default: all.")
@click.option(
    "--at-once", type=click.IntRange(1, 64), default=4, show_default=True, help="Texts asked about at a time."
)
@click.option(
    "--patience",
    type=click.FloatRange(1, 600),
    default=_PATIENCE,
    show_default=True,
    metavar="SECONDS",
    help="How long one answer may take; a text whose answer takes longer is left for another run.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be asked; ask nothing, change nothing.")
@click.option("--forget", "drop", is_flag=True, help="Drop all that models have read; the records stay as they are.")
@options.json_
def enrich(
    db: Path,
    llm: str,
    slots: tuple[str, ...],
    limit: int | None,
    at_once: int,
    patience: float,
    dry_run: bool,
    drop: bool,
    as_json: bool,
) -> None:
    """Let a model read in titles and descriptions what the records leave out.

    The model points at words; only what stands in the text counts, as a value of the slot's kind. It is tried first on
    products whose records state the slot: how often it was right there is how sure its readings are. What is sure
    enough filters, the rest are hints; a record's own value always wins, and answers say where a value was read.

    Answers are kept as they come: a run that was broken off goes on where it stopped, and the same run again asks
    nothing. Later imports keep what was read for as long as the text stays the same.

    \b
        aisle enrich --db shop.db --llm vllm:http://127.0.0.1:8001/v1#qwen --slot colour --slot material
    """
    from learning.attributes import enrich as room

    if drop:
        with progress_bar() as progress:
            dropped = room.forget(db, progress)
        _say(
            as_json, {"forgotten": dropped}, f"{db}: {'dropped what models had read' if dropped else 'nothing to drop'}"
        )
    elif dry_run:
        plan = room.Plan.of(db, slots)
        _say(as_json, _planned(plan), _plan_told(db, plan))
    else:
        reader = _reader(llm, patience)
        with progress_bar() as progress:
            done = room.enrich(db, reader, slots, limit, at_once, progress)
        _say(as_json, asdict(done), _told(db, done))


def _say(as_json: bool, document: Mapping[str, object], words: str) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else words)


def _reader(spec: str, patience: float) -> LLMReader:
    from learning.attributes.llm import LLMReader
    from llm.spec import open_llm
    from llm.watch import Deadlines

    given = Settings.read()
    opened = open_llm(spec, given.llm_key, Deadlines(given.llm_connect, patience, patience, patience))
    if opened is None:
        raise click.UsageError("no model to ask: name one with --llm (see aisle llm serve)")
    return LLMReader(opened.llm, spec.rpartition("#")[2])  # without the queue and the breaker of the shop's turns


def _planned(plan: Plan) -> Mapping[str, object]:
    kinds = ({"kind": s.kind, "slots": [w.name for w in s.wanted], "texts": len(s.silent)} for s in plan.subjects)
    return {"texts": plan.texts, "kinds": list(kinds)}


def _plan_told(db: Path, plan: Plan) -> str:
    lines = [f"{db}: up to {plan.texts:,} texts to ask about"]
    for subject in plan.subjects[:_SHOWN]:
        names = ", ".join(slot.name for slot in subject.wanted)
        lines.append(f"  {subject.kind or 'of no kind'}: {len(subject.silent):,} leave out some of {names}")
    return "\n".join(lines + _more(len(plan.subjects)))


def _told(db: Path, done: Enrichment) -> str:
    lost = f", {done.unanswered:,} got no answer (run it again for these)" if done.unanswered else ""
    lines = [
        f"{db}: asked about {done.asked:,} texts in {done.seconds:.1f} s"
        f" ({done.useless:,} answers were of no use{lost}); {'changed' if done.changed else 'nothing changed'}"
    ]
    for name, slot in list(done.slots.items())[:_SHOWN]:
        lines.append(f"  {name}: {slot.values:,} values from a model, {slot.sure:,} sure enough to filter by")
    return "\n".join(lines + _more(len(done.slots)))


def _more(count: int) -> list[str]:
    return ["  ... and more; --json lists all"] if count > _SHOWN else []
