"""The site file: where a shop's chat may stand, who may ask for what, and whom it tells. One TOML file, read once.

    site = Site.read(Path("site.toml"))

Any value may be "env:NAME": then it is what that environment variable holds. Knows nothing of what the values do;
without a file every default holds, and the chat is what it is on its own page.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from chatbot.web.fields import Table, at_least, count, each, host, matching, origin, text, up_to
from chatbot.web.support.receiver import Receiver
from errors import BadSite

MOST_KEYS = 1_000
SHORTEST_SECRET = 32
"""Bytes of a secret that signs: as many as its signatures have (RFC 7518, 3.2)."""
SHORTEST_PASSWORD = 8
SHORTEST_TOKEN = 16
MOST_DAYS = 36_500
TAKEN_PATHS = frozenset(
    "v1 media docs static assets staff inbox admin shared mcp metrics healthz readyz config svelte gradio_api".split()
)


@dataclass(frozen=True, slots=True)
class Key:
    """A public name under which a shop's pages open conversations, and the exact origins of those pages.

    `secret`: what the shop signs its customers' identities with; "" where it signs none.
    """

    key: str
    origins: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls a minute that one session, one address and one key may make in the long run, and how many at a stretch.

    0 calls a minute: no limit of that kind. `turns`: the most answers in the making or waiting at once; more are
    refused before they cost anything; 0: as many as come. `address_turns` of them, and `address_streams` open streams of
    events, may be of one address; 0: all.
    """

    session: int = 240
    session_burst: int = 200
    address: int = 6_000
    address_burst: int = 3_000
    key: int = 24_000
    key_burst: int = 6_000
    turns: int = 64
    address_turns: int = 0
    address_streams: int = 256


@dataclass(frozen=True, slots=True)
class Site:
    """What one shop's file says; paths are absolute.

    `origins`: sites that may embed the chat without a key. `staff_password`: of the inbox and the admin page; "":
    neither is there. `webhooks`, `orders`: the shop's own systems. `pictures`: hosts whose product pictures are shown;
    None: those that the catalogue names most. `tokens_per_day`: of a model, for all turns of a day (UTC); 0: as many as
    they need. `keep_days`: after how many days without use a conversation is erased; 0: never. `metrics`: who may read
    /metrics besides this machine: "open" for all, else who shows this token. For several shops on one server: `name`,
    `path` ("/a") or `hosts` (names) under which it is reached, and the `db`, `people` and `llm` that win over the
    command's. `label`: what the operator is told of it by; not in the file.
    """

    keys: tuple[Key, ...] = ()
    origins: tuple[str, ...] = ()
    limits: Limits = Limits()
    staff_password: str = field(default="", repr=False)
    webhooks: Receiver | None = None
    orders: Receiver | None = None
    pictures: tuple[str, ...] | None = None
    tokens_per_day: int = 0
    keep_days: int = 0
    metrics: str = field(default="", repr=False)
    name: str = ""
    label: str = ""
    path: str = ""
    hosts: tuple[str, ...] = ()
    db: Path | None = None
    people: Path | None = None
    llm: str = ""

    @classmethod
    def read(cls, path: Path, environ: Mapping[str, str] = os.environ) -> Site:
        """The site as the file has it. BadSite names the file and the field, or the line, that cannot be used."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BadSite(f"{path}: the site file cannot be read ({error})") from error
        except tomllib.TOMLDecodeError as error:
            raise BadSite(f"{path}: not valid TOML: {error}") from error
        return _site(Table(path, "", values, environ))

    def key(self, name: str) -> Key | None:
        """The key of this name."""
        return next((key for key in self.keys if key.key == name), None)

    def all_origins(self) -> tuple[str, ...]:
        """Every site that may embed the chat, with a key or without."""
        return tuple(dict.fromkeys((*self.origins, *(o for key in self.keys for o in key.origins))))


def _site(top: Table) -> Site:
    staff, budget, keep = top.table("staff"), top.table("budget"), top.table("keep")
    site = Site(
        keys=tuple(_key(table) for table in top.tables("keys")),
        origins=top.take("origins", each(origin), ()),
        limits=_limits(top.table("limits")),
        staff_password=staff.take("password", at_least(SHORTEST_PASSWORD), ""),
        webhooks=_receiver(top, "webhooks"),
        orders=_receiver(top, "orders"),
        pictures=top.take("pictures", each(host), None),
        tokens_per_day=budget.take("tokens_per_day", count, 0),
        keep_days=keep.take("days", up_to(MOST_DAYS), 0),
        metrics=top.take("metrics", _metrics, ""),
        name=top.take("name", text, ""),
        path=top.take("path", _prefix, ""),
        hosts=top.take("hosts", each(host), ()),
        db=top.take("db", lambda value: _file(top.path, value), None),
        people=top.take("people", lambda value: _file(top.path, value), None),
        llm=top.take("llm", text, ""),
    )
    for table in (staff, budget, keep, top):
        table.end()
    names = [key.key for key in site.keys]
    if len(names) > MOST_KEYS:
        raise top.wrong("keys", f"at most {MOST_KEYS:,} are kept apart")
    for name in names:
        if names.count(name) > 1:
            raise top.wrong("keys", f"{name} is there more than once")
    return site


def _key(table: Table) -> Key:
    name = table.take(
        "key", matching(r"[A-Za-z0-9._-]{3,200}", "3 to 200 letters, digits, dots, hyphens or underscores"), ""
    )
    if not name:
        raise table.wrong("key", "is missing")
    secret = table.take("secret", at_least(SHORTEST_SECRET, ", better random ones"), "")
    key = Key(name, table.take("origins", each(origin), ()), secret)
    table.end()
    return key


def _limits(table: Table) -> Limits:
    usual = Limits()
    limits = Limits(**{f.name: table.take(f.name, count, getattr(usual, f.name)) for f in fields(Limits)})
    table.end()
    return limits


def _receiver(top: Table, name: str) -> Receiver | None:
    """One of the shop's own systems; a receiver says itself what is wrong with its url or secret."""
    table = top.table(name)
    url, secret = table.take("url", text, ""), table.take("secret", text, "")
    events: tuple[str, ...] = table.take("events", each(text), ()) if name == "webhooks" else ()
    table.end()
    if not (url or secret or events):
        return None
    try:
        return Receiver(url, secret, events)
    except ValueError as error:
        raise top.wrong(name, str(error)) from error


def _metrics(value: object) -> str:
    if text(value) != "open" and len(text(value).encode()) < SHORTEST_TOKEN:
        raise ValueError(f'must be "open", or a token of at least {SHORTEST_TOKEN} bytes')
    return text(value)


def _prefix(value: object) -> str:
    path = matching(r"/[a-z0-9-]+", "one part like /shoes, of small letters, digits and hyphens")(value)
    if path.removeprefix("/") in TAKEN_PATHS:
        raise ValueError("is one of the chat's own paths")
    return path


def _file(site: Path, value: object) -> Path:
    """A file named in a site file lies beside it, where no more is said."""
    return (site.absolute().parent / Path(text(value)).expanduser()).resolve()
