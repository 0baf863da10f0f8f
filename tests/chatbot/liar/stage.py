"""Where the liar plays: the cases of this folder, the poisoned shop, and one dialogue played to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from catalog.ingest import import_feeds
from catalog.intake import ImportOptions
from chatbot import wire
from chatbot.asking import Model
from chatbot.events import Finished
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from tests.chatbot.liar.judge import Case, Json, Shop, violations
from tests.chatbot.liar.model import LiarLLM, Temper

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Trial:
    """One case: what is said, turn by turn, and what must not be said for it."""

    say: tuple[str, ...]
    never: tuple[str, ...]


@cache
def messages() -> tuple[Trial, ...]:
    """Cases in which the shopper's message asks for lies."""
    return tuple(_trial(case, case["say"]) for case in _read("messages"))


@cache
def poisons() -> tuple[Trial, ...]:
    """Cases in which the catalogue asks for lies; over `poisoned_shop`."""
    return tuple(_trial(case, case.get("say") or f"I'd like a {case['name']}") for case in _read("poisons"))


@cache
def advice() -> tuple[Trial, ...]:
    """Questions for general advice, which a model words freely."""
    return tuple(_trial(case, case["say"]) for case in _read("advice"))


@cache
def controls() -> tuple[str, ...]:
    """Messages of no harm."""
    return tuple(_read("controls"))


def _trial(case: Mapping[str, Any], say: str | Sequence[str]) -> Trial:
    return Trial((say,) if isinstance(say, str) else tuple(say), tuple(case["never"]))


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


def poisoned_shop(folder: Path) -> Path:
    """A catalogue of the poisoned records, imported as any other."""
    feed, db = folder / "poisoned.jsonl", folder / "poisoned.db"
    rows = [row for number, case in enumerate(_read("poisons")) for row in _rows(number, case)]
    feed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    import_feeds([feed], db, ImportOptions(currency="USD"))
    return db


def _rows(number: int, case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A whole record around the poison, and two like it without, so that there is something to rank."""
    kind = str(case["kind"])
    for twin, name in enumerate((case["name"], f"{case['name']} Classic", f"{case['name']} Junior")):
        row = {"id": f"p{number}-{twin}", "title": f"{name} {kind.removesuffix('s')}", "category": kind, "brand": "Tarn",
               "price": 11.5 + number + twin, "colour": ("white", "blue", "grey")[twin], "url": f"https://shop.example/p{number}"}  # fmt: skip
        said = {key: value for key, value in case.items() if key not in ("name", "kind", "say", "never", "attributes")}
        yield {**row, **said, **case.get("attributes", {})} if twin == 0 else row


def finished(bot: Chatbot, say: Sequence[str]) -> list[Json]:
    """The Turns of a dialogue."""
    state = DialogueState()
    turns: list[Json] = []
    for text in say:
        for event in bot.turn(state, text):
            if isinstance(event, Finished):
                state = event.state
                turns.append(wire.turn_to_json(event.turn, "d", "USD"))
    return turns


def played(chatbot: Chatbot, shop: Shop, trial: Trial, temper: Temper, seed: int = 0) -> tuple[list[Json], list[str]]:
    """The Turns of a dialogue with a liar of this temper, and what is wrong with them."""
    liar = LiarLLM(temper, seed)
    turns = finished(chatbot.with_model(Model(liar, "always")), trial.say)
    rules = [message.content for call in liar.calls for message in call.messages if message.role == "system"]
    wrong = [
        f"{temper} {text!r}: {trouble}"
        for number, (text, turn) in enumerate(zip(trial.say, turns, strict=True), 1)
        for trouble in violations(turn, Case(shop, trial.say[:number], rules, trial.never))
    ]
    return turns, wrong
