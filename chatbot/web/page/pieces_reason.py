"""The reason on a card, with each part marked that meets a wish: from the card's evidence, never from reading prose.

Knows nothing of how a reason is made; where a fact cannot be found in its words, nothing is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from catalog.types import write_number
from chatbot.say import kind_name, say, slot_name, value_name
from chatbot.types import Language
from chatbot.web.page.pieces_parts import Json, attribute, wish
from chatbot.web.words import word

Span = tuple[int, int, Json]
"""From, to, and the ledger line that this stretch of the reason meets."""


def reason(card: Json, wishes: Sequence[Json], talk: Language, language: Language) -> str:
    """The reason's text as HTML. `talk`: the language it is in; `language`: the one its marks are explained in."""
    text = str(card["reason"])
    parts: list[str] = []
    end = 0
    for first, last, line in _spans(card, wishes, text, talk):
        met = word(language, "meets", wish=wish(line, language))
        parts += (
            escape(text[end:first]),
            f"<mark{attribute('title', met)}{attribute('data-wish', line['wish'])}>",
            f"{escape(text[first:last])}</mark>",
        )
        end = last
    return "".join((*parts, escape(text[end:])))


def _spans(card: Json, wishes: Sequence[Json], text: str, talk: Language) -> Iterator[Span]:
    """The stretches that meet a wish, in order and apart from each other."""
    asked = {line["slot"]: line for line in reversed(wishes) if line["op"] not in ("~", "sort")}
    found = [
        (*span, asked[fact["slot"]])
        for fact in card["evidence"]
        if fact["slot"] in asked and (span := _stretch(fact, text, talk, whole=card["ranked_by"] != "llm"))
    ]
    end = 0
    for first, last, line in sorted(found, key=lambda span: span[:2]):
        if first >= end:
            yield first, last, line
            end = last


def _stretch(fact: Json, text: str, talk: Language, whole: bool) -> tuple[int, int] | None:
    """Where a fact stands: its value's words; in a `whole` reason, made of parts, the part that holds them."""
    for written in _written(fact, talk):
        found = re.search(rf"(?<![0-9A-Za-z.]){re.escape(written)}(?![0-9A-Za-z]|\.\d)", text, re.IGNORECASE)
        if not found or not written:
            continue
        if not whole:
            return found.span()
        between = say(talk, "reason_join")
        first, last = text.rfind(between, 0, found.start()), text.find(between, found.end())
        return (0 if first < 0 else first + len(between)), (len(text) if last < 0 else last)
    return None


def _written(fact: Json, talk: Language) -> Iterator[str]:
    """The ways a reason may write a fact's value."""
    value = fact["value"]
    if isinstance(value, bool):
        yield slot_name(talk, fact["slot"])
    elif isinstance(value, int | float):
        yield from (f"{value:.2f}", write_number(float(value)))
    elif isinstance(value, str):
        yield from dict.fromkeys((value, kind_name(talk, value), value_name(talk, fact["slot"], value)))
    else:
        yield from (value_name(talk, fact["slot"], float(one) if isinstance(one, int) else one) for one in value)
