"""What the act head learns from: our own utterances (said.txt) and public dialogues whose labels tell the act.

Only files that permit it and that are no validation or test part; nothing of them is kept but the fitted weights. A
label that does not map plainly onto one act is left out, and so are the sets that acts are measured on (IARD, PSCon,
SGD, SIMMC2): there the head meets people it never heard. Each example names the dialogue (or the template) it came from,
so that splits keep those whole. Knows nothing of fitting.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.types import UserAct

SAID = Path(__file__).parent / "said.txt"
TIMES = 8  # a template is spelt out with other fillers
_BITEXT_HUMAN = {"contact_human_agent": UserAct.HANDOFF}
_BITEXT_LEFT_OUT = {"contact_customer_service", "complaint", "place_order", "review"}
_CLINC_CHAT = {
    "greeting", "goodbye", "thank_you", "what_is_your_name", "are_you_a_bot", "how_old_are_you", "who_made_you",
    "where_are_you_from", "do_you_have_pets", "what_are_your_hobbies", "who_do_you_work_for", "what_can_i_ask_you",
}  # fmt: skip
_CLINC_LEFT_OUT = {
    "yes", "no", "maybe", "repeat", "cancel", "order", "order_status", "shopping_list", "shopping_list_update",
    "next_song", "expiration_date", "change_language", "reset_settings", "order_checks", "redeem_rewards",
    "restaurant_suggestion", "restaurant_reviews", "book_hotel", "car_rental", "travel_suggestion", "meal_suggestion",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance and its act. `group`: what must not be split; `source`: the corpus."""

    text: str
    act: UserAct
    group: str
    source: str


def examples(data: Path, seed: int) -> tuple[Example, ...]:
    """Every example of every corpus, in a fixed order."""
    readers = (_said(seed), _bitext(data), _clinc(data), _multiwoz(data), _shoppingbench(data))
    return tuple(example for reader in readers for example in reader)


def _said(seed: int) -> Iterator[Example]:
    lines = [line for line in SAID.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    fillers = {n.strip(): v.split(";") for n, _, v in (line.partition(" = ") for line in lines if " = " in line)}
    chance = random.Random(seed)  # noqa: S311 a fixed choice, no secret
    for line in lines:
        act, bar, words = line.partition(" | ")
        if bar:
            for _ in range(TIMES if "{" in words else 1):
                yield Example(_filled(words, fillers, chance), UserAct(act), words, "said")


def _filled(words: str, fillers: Mapping[str, list[str]], chance: random.Random) -> str:
    """The template with its fillers drawn; a filler may hold others."""
    while found := re.search(r"\{(\w+)\}", words):
        words = words[: found.start()] + chance.choice(fillers[found[1]]).strip() + words[found.end() :]
    return words


def _bitext(data: Path) -> Iterator[Example]:
    for row in _rows(data / "intent" / "bitext_retail.train.jsonl"):
        if row["label"] not in _BITEXT_LEFT_OUT:
            act = _BITEXT_HUMAN.get(row["label"], UserAct.FAQ)
            yield Example(row["text"], act, row["text"], "bitext")


def _clinc(data: Path) -> Iterator[Example]:
    for row in _rows(data / "intent" / "clinc150_oos.open.jsonl"):
        if row["label"] not in _CLINC_LEFT_OUT:
            act = UserAct.CHITCHAT if row["label"] in _CLINC_CHAT else UserAct.OTHER
            yield Example(row["text"], act, row["text"], "clinc")


def _multiwoz(data: Path) -> Iterator[Example]:
    """The first turn that fills slots informs."""
    for row in _rows(data / "dst" / "multiwoz21.open.jsonl"):
        said = (t for t in row["turns"] if t["speaker"] == "user" and t["state"]["slots"])
        if first := next(said, None):
            yield Example(first["text"], UserAct.INFORM, row["dialogue_id"], "multiwoz")


def _shoppingbench(data: Path) -> Iterator[Example]:
    for row in _rows(data / "attr" / "shoppingbench_constraints.open.jsonl"):
        yield Example(row["instruction"], UserAct.INFORM, row["id"], "shoppingbench")


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
