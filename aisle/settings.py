"""What can be set, once: each setting is a field here, an environment variable AISLE_<NAME>, a line of the README.

Knows nothing of commands or of what the settings mean to the rooms; a command's option wins over the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from errors import AisleError

PREFIX = "AISLE_"
USES = ("always", "auto", "sparing")
LOGS = ("off", "text", "json")
SHORTEST_PASSWORD = 8
MOST_DAYS = 36_500
_ROOT = Path(__file__).resolve().parent.parent


def _cache_folder() -> Path:
    """Where a person's caches go on this system (XDG on Linux), without creating it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aisle"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default. `help` is the sentence the README shows."""

    db: Path = field(default=Path("shop.db"), metadata={"help": "The shop's catalogue."})
    people: Path = field(
        default=Path("people.db"),
        metadata={"help": "Conversations, profiles and feedback; never the catalogue's file."},
    )
    llm: str = field(
        default="none", metadata={"help": "The model: `none`, `vllm:http://host:port/v1#model` or `local:PATH`."}
    )
    llm_use: str = field(
        default="auto",
        metadata={
            "help": "How readily the model is asked: `always`, `auto` (where it may add something) or `sparing` (where the rest is at a loss)."
        },
    )
    llm_key: str = field(default="", metadata={"help": "The key that the model's endpoint asks for, if it does."})
    llm_connect: float = field(default=1.0, metadata={"help": "Seconds to reach the model."})
    llm_first: float = field(default=3.0, metadata={"help": "Seconds to the model's first word."})
    llm_gap: float = field(default=2.0, metadata={"help": "Seconds between two words of the model."})
    llm_turn: float = field(default=5.5, metadata={"help": "Seconds that a turn waits for the model in all."})
    llm_tokens: int = field(default=6_000, metadata={"help": "The most tokens that a turn may cost."})
    llm_daily_tokens: int = field(
        default=0,
        metadata={"help": "The most tokens that a shop's model may cost a day (UTC); 0: as many as it takes."},
    )
    llm_running: int = field(default=16, metadata={"help": "The most answers of the model in the making at once."})
    llm_waiting: int = field(
        default=32, metadata={"help": "The most turns that wait for the model; more do without it."}
    )
    vllm_python: Path | None = field(
        default=None,
        metadata={"help": "The Python that has vLLM; without it `.venv-vllm` here or beside the program, or its own."},
    )
    site: Path | None = field(
        default=None,
        metadata={"help": "The site file: keys, origins, limits, webhooks and what else the shop's pages need."},
    )
    staff_password: str = field(
        default="",
        repr=False,
        metadata={
            "help": "The password of the shop's people for the inbox and the admin page; without one, here or in the site file, both are closed."
        },
    )
    keep_days: int = field(
        default=0,
        metadata={
            "help": "Days after its last use that a conversation is kept, where the site file names none; 0: until somebody erases it."
        },
    )
    host: str = field(default="127.0.0.1", metadata={"help": "The address that `aisle serve` listens on."})
    port: int = field(default=8000, metadata={"help": "The port that `aisle serve` listens on."})
    trust_proxy: str = field(
        default="",
        metadata={
            "help": "The address of a reverse proxy that is believed who asks, and how (X-Forwarded-For, X-Forwarded-Proto); several with commas."
        },
    )
    log: str = field(
        default="off",
        metadata={"help": "A line on stderr for each request, without a word of a shopper: `off`, `text` or `json`."},
    )
    cards: int = field(default=5, metadata={"help": "The most cards one answer shows."})
    cache: Path = field(
        default_factory=_cache_folder,
        metadata={
            "help": "A folder for what can be made again: the demo shop, imported test shops, exported encoders."
        },
    )
    shared: Path = field(
        default=_ROOT.parent / "shared",
        metadata={"help": "The folder of measuring data; tests that need it skip without."},
    )

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """The settings as the environment has them. AisleError names the variable whose value cannot be used."""
        given = {f.name: environ[variable(f.name)] for f in fields(cls) if environ.get(variable(f.name))}
        return cls(**{name: _READERS[name](name, text) for name, text in given.items()})  # type: ignore[arg-type]


def usable(environ: Mapping[str, str] = os.environ) -> tuple[Settings, tuple[str, ...]]:
    """The settings, with the default of each that cannot be used, and what is wrong with those."""
    good, wrong = dict(environ), []
    for f in fields(Settings):
        try:
            Settings.read({variable(f.name): environ.get(variable(f.name), "")})
        except AisleError as error:
            wrong.append(str(error))
            del good[variable(f.name)]
    return Settings.read(good), tuple(wrong)


def variable(name: str) -> str:
    """The environment variable of a setting: db -> AISLE_DB."""
    return PREFIX + name.upper()


def unknown(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Variables that look like ours and set nothing: most often a misspelling."""
    known = {variable(f.name) for f in fields(Settings)}
    return tuple(sorted(name for name in environ if name.startswith(PREFIX) and name not in known))


def _path(name: str, text: str) -> Path:
    return Path(text).expanduser()


def _text(name: str, text: str) -> str:
    return text.strip()


def _password(name: str, text: str) -> str:
    if len(text) < SHORTEST_PASSWORD:
        raise AisleError(f"{variable(name)} must have at least {SHORTEST_PASSWORD} characters.")
    return text


def _positive(name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1 or (name == "port" and number > 65_535):
        raise AisleError(f"{variable(name)} must be a whole number that makes sense as a {name}, not {text!r}.")
    return number


def _count(name: str, text: str) -> int:
    return 0 if text == "0" else _positive(name, text)


def _days(name: str, text: str) -> int:
    days = _count(name, text)
    if days > MOST_DAYS:
        raise AisleError(f"{variable(name)} must be at most {MOST_DAYS:,}, not {text!r}.")
    return days


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3_600:
        raise AisleError(f"{variable(name)} must be a number of seconds, not {text!r}.")
    return seconds


def _use(name: str, text: str) -> str:
    if text not in USES:
        raise AisleError(f"{variable(name)} must be one of {', '.join(USES)}, not {text!r}.")
    return text


def _log(name: str, text: str) -> str:
    if text not in LOGS:
        raise AisleError(f"{variable(name)} must be one of {', '.join(LOGS)}, not {text!r}.")
    return text


_READERS = {
    "db": _path,
    "people": _path,
    "llm": _text,
    "llm_use": _use,
    "llm_key": _text,
    "llm_connect": _seconds,
    "llm_first": _seconds,
    "llm_gap": _seconds,
    "llm_turn": _seconds,
    "llm_tokens": _positive,
    "llm_daily_tokens": _count,
    "llm_running": _positive,
    "llm_waiting": _positive,
    "vllm_python": _path,
    "site": _path,
    "staff_password": _password,
    "keep_days": _days,
    "host": _text,
    "trust_proxy": _text,
    "port": _positive,
    "log": _log,
    "cards": _positive,
    "cache": _path,
    "shared": _path,
}
