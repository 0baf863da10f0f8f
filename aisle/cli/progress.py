"""How long work is told of on standard error: a bar on a terminal, else a line a stage. Knows no work."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from catalog.ingest import Progress

_PATIENCE = 2.0  # seconds before anything appears


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Work that takes longer than two seconds is told on standard error: a bar on a terminal, else a line a stage."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(file=sys.stderr)
    bar = Bar(TextColumn("{task.description:>18}"), BarColumn(), TextColumn("{task.completed:,}"), TimeRemainingColumn(),
              console=console, transient=True)  # fmt: skip
    begun, tasks = time.monotonic(), dict[str, TaskID]()

    def tell(stage: str, done: int, total: int) -> None:
        if time.monotonic() - begun < _PATIENCE:
            return
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total or None)
            bar.start() if console.is_terminal else click.echo(f"{stage} ...", err=True)
        bar.update(tasks[stage], completed=done, total=total or None)

    try:
        yield tell
    finally:
        if console.is_terminal and tasks:
            bar.stop()
