"""How often shoppers speak of which property, counted in recorded conversations: catalog/lexicon/demand.toml.

    python -m bench.demand [--write]

A conversation counts for a concept when its shopper says one of the concept's words or a colour, or when the assistant
asks for it by name and the shopper goes on. Reads AISLE_SHARED/data/crs/pscon_*_dialogues; keeps counts, no sentence.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aisle.settings import Settings
from bench.common import report
from catalog.lexicon import FOLDER, Lexicon, plain

SOURCES = ("pscon_en_dialogues.open.jsonl", "pscon_zh_dialogues.open.jsonl")
LEAST = 3  # conversations from which a concept is written down
NOT_ASKED = frozenset({"title", "description", "category"})  # said in every conversation, or never a property
MEANS_MORE = frozenset({"long", "how long"})  # of sleeves, of time: no wish for a length by itself
HEAD = """# How often shoppers speak of a property: the share of recorded product searches (human shopper, human assistant) in
# which it is named or asked for. `rest`: what a concept that is not listed counts as. Made by: python -m bench.demand --write
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write catalog/lexicon/demand.toml")
    wished = parser.parse_args()
    dialogues = list(_dialogues(Settings.read().shared / "data" / "crs"))
    counts = Counter(concept for dialogue in dialogues for concept in set(_named(dialogue)) - NOT_ASKED)
    shares = {name: round(n / len(dialogues), 4) for name, n in counts.most_common() if n >= LEAST}
    if wished.write:
        lines = [f"{json.dumps(name)} = {share}" for name, share in shares.items()]
        text = "\n".join([HEAD + f"rest = {round(LEAST / len(dialogues), 4)}", "", "[concepts]", *lines, ""])
        (FOLDER / "demand.toml").write_text(text, encoding="utf-8")
    report("demand", "pscon", None, {"dialogues": len(dialogues), "concepts": shares})


def _dialogues(folder: Path) -> Iterator[Mapping[str, Any]]:
    for name in SOURCES:
        with (folder / name).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _named(dialogue: Mapping[str, Any]) -> Iterator[str]:
    """The concepts that one conversation is about."""
    lexicon = Lexicon.default()
    for turn in dialogue["turns"]:
        for attribute in turn.get("clarifying_attribute") or ():
            header = re.split(r"[:：(（]", attribute)[0]
            words = header.split()
            for asked in (
                header,
                " ".join(words[-2:]),
                " ".join(words[-1:]),
            ):  # "Rice Cooker Capacity" asks for capacity
                if concept := lexicon.concept_of_header(asked):
                    yield concept.name
                    break
        if turn["speaker"] == "user":
            yield from _said(plain(turn["text"]), lexicon)


def _said(text: str, lexicon: Lexicon) -> Iterator[str]:
    for concept in lexicon.concepts.values():
        words = {*concept.words, *concept.ascending, *concept.descending} - MEANS_MORE
        if any(_holds(text, word) for word in words):
            yield concept.name
    if any(_holds(text, word) for word in lexicon.colours):
        yield "colour"
    if re.search(r"[$€£¥￥]\s?\d|\d\s?(?:dollars?|euros?|usd|eur|bucks|块|元|rmb)\b", text):
        yield "price"


def _holds(text: str, word: str) -> bool:
    word = plain(word)
    if word.isascii():
        return f" {word} " in f" {text} "
    return len(word) > 1 and word in text


if __name__ == "__main__":
    main()
