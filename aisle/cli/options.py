"""Options that several commands share, so that they read the same everywhere and obey the same AISLE_ variables.

    @click.command()
    @options.db
    @options.llm
    def chat(db: Path, llm: str) -> None: ...

Knows the settings' names, defaults and help; not what a command does with them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from aisle.settings import Settings, variable

_DEFAULTS = Settings()
_FILE = click.Path(dir_okay=False, path_type=Path)


def _setting(name: str, type: click.ParamType[Any] | None = None, metavar: str | None = None) -> Callable[[Any], Any]:
    """The option --NAME of a setting: its default, its help, its environment variable."""
    return click.option(
        f"--{name}",
        envvar=variable(name),
        type=type,
        metavar=metavar,
        default=getattr(_DEFAULTS, name),
        show_default=True,
        show_envvar=True,
        help=Settings.__dataclass_fields__[name].metadata["help"].replace("`", ""),
    )


db = _setting("db", _FILE)
people = _setting("people", _FILE)
llm = _setting("llm", metavar="SPEC")
host = _setting("host")
port = _setting("port", click.IntRange(0, 65_535))
cards = _setting("cards", click.IntRange(1, 20))
json_ = click.option("--json", "as_json", is_flag=True, help="Write one JSON document on stdout.")


def refuse_models(llm: str) -> None:
    """UsageError for a model: no command talks to one yet."""
    if llm != "none":
        raise click.UsageError("only --llm none is available yet: the embedded assistant")
