"""`aisle demo`: the packaged shop, imported where needed and served. Does nothing that `import` and `serve` do not."""

from __future__ import annotations

from pathlib import Path

import click

from aisle import __version__
from aisle.cli import COMMANDS, options
from aisle.settings import Settings
from errors import StoreError


@click.command()
@options.host
@options.port
@options.llm
@options.llm_use
@options.origins
def demo(host: str, port: int, llm: str, llm_use: str, origins: tuple[str, ...]) -> None:
    """Import the demo shop into the cache folder and serve it.

    Three hundred invented products in ten kinds. Opens nothing outside this machine; conversations stay in the cache
    folder, too.
    """
    from catalog.demo import FAQ, FEED, PICTURES

    folder = _folder()
    db = folder / "Demo shop.db"  # its name is what the page calls the shop
    _run("import", FEED, "--db", db, *(part for file in FAQ for part in ("--faq", file)))
    _run(
        "serve",
        *("--db", db),
        *("--people", folder / "people.db"),
        *("--pictures", PICTURES),
        *("--host", host),
        *("--port", port),
        *("--llm", llm),
        *("--llm-use", llm_use),
        *(part for origin in origins for part in ("--embed-origin", origin)),
    )


def _folder() -> Path:
    """Where this version's demo shop lives."""
    folder = Settings.read().cache / f"demo-{__version__}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The demo cannot use {folder} ({error.strerror}): set AISLE_CACHE to a folder.") from error
    return folder


def _run(name: str, *arguments: object) -> None:
    """Run another command as if typed; a failing one ends this one with its exit code."""
    code = COMMANDS[name].load().main([str(a) for a in arguments], prog_name=f"aisle {name}", standalone_mode=False)
    if isinstance(code, int) and code:
        raise SystemExit(code)
