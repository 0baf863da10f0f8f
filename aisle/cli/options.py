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
from typing import TYPE_CHECKING, Any, cast

import click

from aisle.settings import LOGS, USES, Settings, variable

if TYPE_CHECKING:
    from chatbot.asking import Model, Use
    from llm.ration import Purse

_DEFAULTS = Settings()
_FILE = click.Path(dir_okay=False, path_type=Path)


def _setting(name: str, type: click.ParamType[Any] | None = None, metavar: str | None = None) -> Callable[[Any], Any]:
    """The option --NAME of a setting: its default, its help, its environment variable."""
    return click.option(
        f"--{name.replace('_', '-')}",
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
llm_use = _setting("llm_use", click.Choice(USES))
sites = click.option(
    "--site",
    "sites",
    envvar=variable("site"),
    show_envvar=True,
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help=f"{Settings.__dataclass_fields__['site'].metadata['help']} Given again, it is another shop's.",
)
trust_proxy = _setting("trust_proxy", metavar="ADDRESS")
host = _setting("host")
port = _setting("port", click.IntRange(0, 65_535))
log = _setting("log", click.Choice(LOGS))


def _origins(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    from chatbot.web.fields import is_origin

    for origin in given:
        if not is_origin(origin):
            exact = "an exact origin like https://shop.example (small letters, no path, no port that is the usual one)"
            raise click.BadParameter(f"{origin!r} is not {exact}", context, parameter)
    return given


origins = click.option(
    "--embed-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    callback=_origins,
    help="Another site that may embed the chat; may be given again.",
)
cards = _setting("cards", click.IntRange(1, 20))
json_ = click.option("--json", "as_json", is_flag=True, help="Write one JSON document on stdout.")


def model(llm: str, use: str, purse: Callable[[int], Purse] | None = None, tokens_a_day: int = 0) -> Model | None:
    """The model that --llm and --llm-use ask for, with the rest of its settings from the environment; None: embedded.

    `purse`: makes what counts its tokens by the day, where that is kept; `tokens_a_day` wins over the environment's.

    BadSpec says what is wrong with the spec.
    """
    from chatbot.asking import Budget, Model
    from llm.limits import Limits
    from llm.ration import Rationed
    from llm.spec import open_llm
    from llm.watch import Deadlines

    given = Settings.read()
    deadlines = Deadlines(given.llm_connect, given.llm_first, given.llm_gap, given.llm_turn)
    limits = Limits(given.llm_running, given.llm_waiting)
    opened = open_llm(llm, given.llm_key, deadlines, limits)
    budget = Budget(given.llm_turn, tokens=given.llm_tokens)
    if opened is None:
        return None
    a_day = tokens_a_day or given.llm_daily_tokens
    return Model(Rationed(opened, purse(a_day)) if purse and a_day else opened, cast("Use", use), budget)
