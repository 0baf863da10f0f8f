"""`*.dialogue.yaml` -> Script. Validates everything before anything runs: ScriptError names file, line and field.

Knows nothing of how a turn is run; each expectation is bound to its check here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from chatbot.scripts import expect, grounded, ledger, predicates
from chatbot.scripts.nodes import Located, documents
from chatbot.scripts.types import FEEDBACK, Expectation, Feedback, Script, Seen, Step
from chatbot.types import AgentAct
from errors import ScriptError

SUFFIX = ".dialogue.yaml"
LANGUAGES = ("en", "zh")
_Parsed = TypeVar("_Parsed")
Check = Callable[[Seen], str | None]


def find(paths: Iterable[Path]) -> list[Path]:
    """The dialogue files among these files and below these folders, in order. ScriptError when a path is missing."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise ScriptError(f"{path}: no such file or folder")
        found += sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def load_all(paths: Iterable[Path]) -> list[Script]:
    """Every dialogue below these paths; names must be unique among all of them."""
    scripts = [script for file in find(paths) for script in load(file)]
    seen: dict[str, Script] = {}
    for script in scripts:
        if script.name in seen:
            first = seen[script.name]
            raise ScriptError(
                f"{script.file}:{script.line}: dialogue: {script.name!r} is taken by {first.file}:{first.line}"
            )
        seen[script.name] = script
    return scripts


def load(file: Path) -> Iterator[Script]:
    """The dialogues of one file."""
    for document in documents(file):
        yield _script(document)


def _script(document: Located) -> Script:
    keys = document.mapping("dialogue", "shop", "language", "tags", "turns", "persona", "goal")
    if "persona" in keys or "goal" in keys:
        raise document.error("simulated shoppers (persona, goal) are not run here")
    for needed in ("dialogue", "turns"):
        if needed not in keys:
            raise document.error(f"{needed!r} is missing")
    language = keys["language"].text() if "language" in keys else "en"
    if language not in LANGUAGES:
        raise keys["language"].error(f"one of {', '.join(LANGUAGES)} is expected, not {language!r}")
    return Script(
        name=keys["dialogue"].text(),
        file=document.file,
        line=document.line,
        shop=keys["shop"].text() if "shop" in keys else None,
        language=language,
        tags=keys["tags"].texts() if "tags" in keys else (),
        steps=tuple(_step(entry, number) for number, entry in enumerate(keys["turns"].list(), start=1)),
    )


def _step(entry: Located, number: int) -> Step:
    keys = entry.mapping("user", "remove", "event", "llm", "expect")
    doings = [key for key in ("user", "remove", "event") if key in keys]
    if len(doings) != 1:
        raise entry.error("exactly one of user, remove and event is expected")
    if "event" in keys and len(keys) > 1:
        raise keys["event"].error("an event is no turn: nothing is answered, so nothing can be expected")
    if "remove" in keys:
        _parsed(ledger.parse, keys["remove"])
    return Step(
        number=number,
        line=entry.line,
        user=keys["user"].text() if "user" in keys else None,
        remove=keys["remove"].text() if "remove" in keys else None,
        event=_feedback(keys["event"]) if "event" in keys else None,
        llm=MappingProxyType(
            {name: answers.texts() for name, answers in keys["llm"].mapping().items()} if "llm" in keys else {}
        ),
        expect=tuple(_expectations(keys["expect"], number)) if "expect" in keys else (),
    )


def _feedback(entry: Located) -> Feedback:
    keys = entry.mapping("type", "rank")
    for needed in ("type", "rank"):
        if needed not in keys:
            raise entry.error(f"{needed!r} is missing")
    kind = keys["type"].text()
    if kind not in FEEDBACK:
        raise keys["type"].error(f"one of {', '.join(FEEDBACK)} is expected, not {kind!r}")
    return Feedback(kind, keys["rank"].number())


def _expectations(entry: Located, number: int) -> Iterator[Expectation]:
    keys = entry.mapping("act", "constraints", "exactly", "absent", "shown", "about", "says", "grounded", "facts")
    acts = tuple(_act(item) for item in keys["act"].items()) if "act" in keys else ()
    if "act" in keys:
        yield _made("act", keys["act"], ", ".join(acts), partial(expect.act, acts))
    for item in keys["constraints"].items() if "constraints" in keys else ():
        yield _made("constraints", item, item.text(), partial(expect.stands, _parsed(ledger.parse, item)))
    for item in keys["absent"].items() if "absent" in keys else ():
        yield _made("absent", item, item.text(), partial(expect.absent, _parsed(ledger.parse, item)))
    if "exactly" in keys:
        wanted = tuple(_parsed(ledger.parse, item) for item in keys["exactly"].items())
        yield _made("exactly", keys["exactly"], _listed(wanted), partial(expect.exactly, wanted))
    if "shown" in keys:
        yield from _shown(keys["shown"], number, several_acts=len(acts) != 1)
    if "about" in keys:
        places = tuple(item.number() for item in keys["about"].items())
        yield _made("about", keys["about"], _listed(places), partial(expect.about, places))
    if "says" in keys:
        yield from _says(keys["says"])
    if "grounded" in keys and keys["grounded"].truth():
        yield _made("grounded", keys["grounded"], "true", grounded.check)
    if "facts" in keys:
        yield from _facts(keys["facts"])


def _shown(entry: Located, number: int, several_acts: bool) -> Iterator[Expectation]:
    earlier: dict[str, Callable[[int, Seen], str | None]] = {
        "same_as_turn": expect.same_as,
        "subset_of_turn": expect.subset_of,
        "new_since_turn": expect.new_since,
    }
    keys = entry.mapping("count", "all", "any", "none", "ids", "top", *earlier)
    may_be_empty = several_acts and "count" not in keys
    if "count" in keys:
        count = keys["count"]
        yield _made("shown.count", count, count.text(), _parsed(expect.parse_count, count))
    checks: dict[str, Callable[[predicates.AnyOf], Check]] = {
        "all": lambda wanted: partial(expect.every, wanted, may_be_empty),
        "any": lambda wanted: partial(expect.some, wanted),
        "none": lambda wanted: partial(expect.none, wanted),
    }
    for key, bind in checks.items():
        for item in keys[key].items() if key in keys else ():
            yield _made(f"shown.{key}", item, item.text(), bind(_parsed(predicates.parse, item)))
    if "ids" in keys:
        ids = keys["ids"].texts()
        yield _made("shown.ids", keys["ids"], _listed(ids), partial(expect.ids, ids))
    if "top" in keys:
        yield _made("shown.top", keys["top"], keys["top"].text(), partial(expect.top, keys["top"].text()))
    for key, check in earlier.items():
        if key in keys:
            turn = keys[key].number()
            if turn >= number:
                raise keys[key].error(f"turn {turn} is not before this one ({number})")
            yield _made(f"shown.{key}", keys[key], str(turn), partial(check, turn))


def _says(entry: Located) -> Iterator[Expectation]:
    keys = entry.mapping("contains", "any_of", "not_contains")
    for item in keys["contains"].items() if "contains" in keys else ():
        yield _made("says.contains", item, item.text(), partial(expect.contains, item.text()))
    any_of = keys["any_of"].texts() if "any_of" in keys else ()
    if any_of:
        yield _made("says.any_of", keys["any_of"], _listed(any_of), partial(expect.any_of, any_of))
    for item in keys["not_contains"].items() if "not_contains" in keys else ():
        yield _made("says.not_contains", item, item.text(), partial(expect.not_contains, item.text()))


def _facts(entry: Located) -> Iterator[Expectation]:
    items = entry.items()
    if not items:
        yield _made("facts", entry, "none", expect.no_facts)
    for item in items:
        yield _made("facts", item, item.text(), partial(expect.fact, _parsed(predicates.parse_one, item)))


def _act(item: Located) -> AgentAct:
    try:
        return AgentAct(item.text())
    except ValueError as trouble:
        raise item.error(f"one of {', '.join(AgentAct)} is expected, not {item.text()!r}") from trouble


def _parsed(parse: Callable[[str], _Parsed], item: Located) -> _Parsed:
    """Parse an entry's text; what is wrong with it gets its file, line and field."""
    try:
        return parse(item.text())
    except ScriptError as trouble:
        raise item.error(str(trouble)) from trouble


def _made(key: str, item: Located, written: str, check: Check) -> Expectation:
    return Expectation(key, written, item.line, check)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(map(str, values)) or "nothing"
