"""`aisle search`: what retrieval finds for words and constraints, without a dialogue. It prints; it decides nothing."""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from aisle.cli import options

if TYPE_CHECKING:
    from catalog.store import Catalog
    from catalog.types import Constraint
    from retrieval.retriever import Retriever
    from retrieval.types import Candidate, Query, Retrieved

SHOWN = 10
RUN_DEPTH = 1000


@click.command(help='Find products for words and constraints: aisle search --db shop.db "mouse" --where "price <= 30".')
@click.argument("text", default="")
@options.db
@click.option("--where", multiple=True, metavar="CONSTRAINT", help='"price <= 30", "brand in [HP, Dell]"; repeatable.')
@click.option("--limit", type=click.IntRange(1, 10_000), help=f"At most so many ({SHOWN}; {RUN_DEPTH} with --queries).")
@click.option("--stages", is_flag=True, help="Show each stage's score and rank too.")
@click.option("--queries", type=click.File(encoding="utf-8"), help="JSON lines {query_id, query}: print a TREC run.")
@click.option("--embed/--no-embed", default=True, help="Search by meaning as well as by keywords.")
@options.json_
def search(
    text: str,
    db: Path,
    where: tuple[str, ...],
    limit: int | None,
    stages: bool,
    queries: IO[str] | None,
    embed: bool,
    as_json: bool,
) -> None:
    from retrieval.types import Query

    hard = tuple(_constraint(one) for one in where)
    if queries is not None and (text or as_json or stages):
        raise click.UsageError("--queries prints a run: it goes with --where and --limit only")
    if not (text.strip() or hard or queries is not None):
        raise click.UsageError('say what to look for: "wireless mouse", --where "price <= 30", or --queries FILE')
    asked = list(_read_queries(queries)) if queries is not None else []
    retriever = _open(db, embed, hard)
    if queries is not None:
        for query_id, words in asked:
            click.echo(_run(retriever, query_id, Query(words, hard), limit or RUN_DEPTH), nl=False)
        return
    query = Query(text, hard)
    begun = time.perf_counter()
    found = retriever.retrieve(query, limit or SHOWN)
    ms = (time.perf_counter() - begun) * 1000
    if as_json:
        click.echo(json.dumps(_document(query, found, ms, stages), ensure_ascii=False))
    else:
        _show(found, ms, stages)


def _open(db: Path, embed: bool, hard: tuple[Constraint, ...]) -> Retriever:
    """Retrieval over the catalogue. UsageError when it lacks a slot that a constraint names."""
    from catalog.store import Catalog
    from retrieval.embedder import PackagedEncoder
    from retrieval.retriever import Retriever

    catalog = Catalog.open(db)
    for constraint in hard:
        _check_slot(catalog, constraint.slot)
    encoder = PackagedEncoder() if embed else None
    if encoder is not None:
        encoder.warm()  # so that the time told is the search's own
    return Retriever(catalog, encoder)


def _constraint(text: str) -> Constraint:
    from catalog.types import Constraint, Op

    try:
        constraint = Constraint.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--where") from None
    if constraint.op in (Op.LT, Op.LE, Op.GT, Op.GE) and not isinstance(constraint.value, float):
        raise click.BadParameter(f"{constraint.op} needs a number: {text!r}", param_hint="--where")
    return constraint


def _check_slot(catalog: Catalog, name: str) -> None:
    """UsageError, with the name that was perhaps meant, where the catalogue has no such slot."""
    names = [slot.name for slot in catalog.slots]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        meant = f"did you mean {near[0]!r}?" if near else f"aisle inspect --db {catalog.path} lists them"
        raise click.UsageError(f"this catalogue has no slot {name!r}; {meant}")


def _read_queries(lines: IO[str]) -> Iterator[tuple[str, str]]:
    """(query_id, query) of each line; a line of another shape ends the command with its number."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise click.UsageError(f"--queries, line {number}: {error}") from None
        match record:
            case {"query_id": str() | int() as query_id, "query": str() as words} if len(str(query_id).split()) == 1:
                yield str(query_id), words
            case _:
                raise click.UsageError(f'--queries, line {number}: not {{"query_id": "q1", "query": "words"}}')


def _run(retriever: Retriever, query_id: str, query: Query, limit: int) -> str:
    from retrieval.metrics import write_run

    found = retriever.retrieve(query, limit).candidates
    return write_run(query_id, [(candidate.product.id, candidate.score) for candidate in found])


def _document(query: Query, found: Retrieved, ms: float, stages: bool) -> dict[str, object]:
    return {
        "query": query.text,
        "where": [str(c) for c in query.hard],
        "matched": found.matched,
        "relaxed": [str(c) for c in found.relaxed],
        "unknown": list(found.unknown),
        "ms": round(ms, 1),
        "candidates": [_row(candidate, stages) for candidate in found.candidates],
    }


def _row(candidate: Candidate, stages: bool) -> dict[str, object]:
    price = _price(candidate)
    row: dict[str, object] = {
        "id": candidate.product.id,
        "title": candidate.product.title,
        "price": price[0] if price else None,
        "currency": price[1] if price else None,
        "variant": candidate.variant.id if candidate.variant else None,
        "score": candidate.score,
        "missed": [str(c) for c in candidate.missed],
    }
    if stages:
        row |= {"stages": dict(candidate.stages), "ranks": dict(candidate.ranks)}
    return row


def _price(candidate: Candidate) -> tuple[float, str] | None:
    money = candidate.variant.price if candidate.variant else candidate.product.price
    return (money.amount, money.currency) if money else None


def _show(found: Retrieved, ms: float, stages: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if found.relaxed:
        console.print(f"Nothing meets everything. Given up: {', '.join(map(str, found.relaxed))}.", markup=False)
    if found.unknown:
        console.print(f"In no record: {', '.join(found.unknown)}.", markup=False)
    names = list(dict.fromkeys(name for c in found.candidates for name in c.stages)) if stages else []
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("score", "price", *names, "id", "title"):
        table.add_column(column, justify="left" if column in ("id", "title") else "right", overflow="fold")
    for candidate in found.candidates:
        price = _price(candidate)
        cells = [f"{candidate.score:.3f}", f"{price[0]:,.2f} {price[1]}" if price else "", *_told(candidate, names)]
        table.add_row(*cells, _plain(candidate.product.id), _plain(candidate.product.title))
    if found.candidates:
        console.print(table)
    console.print(f"{found.matched} products meet the constraints; {ms:.0f} ms.", markup=False)


def _told(candidate: Candidate, names: list[str]) -> list[str]:
    """Each stage's score, with the rank behind it where the stage ranked the product."""
    ranks = candidate.ranks
    return [f"{candidate.stages.get(n, 0):.3f}" + (f" #{ranks[n]}" if n in ranks else "") for n in names]


def _plain(text: str) -> str:
    """The shop's words as they are: no markup of the terminal library's in them."""
    from rich.markup import escape

    return escape(text)
