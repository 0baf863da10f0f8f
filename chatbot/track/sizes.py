"""Sizes that are names: "size 42", "EU 42", "i'm a 42", "42码", where the records say "EU 42" or "int:XL".

A size here is a value of a category slot; one that is measured is a quantity like any other. Letters alone ("in L") are
found with the other values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.types import Constraint, Op
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, share_of
from chatbot.track.spans import BoundSpan, Span

_BEFORE = re.compile(
    r"\b(?:sizes?(?:\sis|\sin|\sof|:)?\s?(?P<system>eu|uk|us|int)?|(?P<alone>eu|uk|us)(?:\ssize)?|(?:i'm|i\sam|i\swear|i\stake|he's|she's|wears?|takes?|in)\san?)[\s:]?$"
    r"|(?P<zh>欧码|美码|英码|尺码|码数|号码|穿|鞋码)(?:是|为)?$"
)
_AFTER = re.compile(r"\s?(?P<system>eu|uk|us)\b(?!\s?[$\d])|\s?[码号](?!店|线)")
_SYSTEMS = {"欧码": "eu", "美码": "us", "英码": "uk"}
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def sized(heard: Heard, grounder: Grounder, bound: BoundSpan, kinds: Sequence[str]) -> Constraint | None:
    """The sizes of these products that hold the number, of the system named where they tell it."""
    number = bound.number if len(bound.number) else Span(bound.start, bound.end)
    if not bound.exact or bound.unit:
        return None
    digits = _FIGURE.search(heard.lower, number.start, number.end)
    if not digits:
        return None
    before = _BEFORE.search(heard.lower, max(0, digits.start() - 20), digits.start())
    after = _AFTER.match(heard.lower, digits.end())
    if not before and not after:
        return None
    system = (before and (before["system"] or before["alone"] or _SYSTEMS.get(before["zh"] or ""))) or (
        after and after["system"]
    )
    for slot in grounder.slots.values():
        if slot.concept != "size" or slot.kind != "category" or not share_of(slot, kinds):
            continue
        held = tuple(
            term.value
            for term in grounder.terms.get(slot.name, {}).values()
            if (found := _FIGURE.search(term.value))
            and float(found[0]) == bound.low
            and (not kinds or any(kind in term.kinds for kind in kinds))
        )
        held = tuple(v for v in held if system and system in v.casefold()) or held
        if held:
            return Constraint(slot.name, Op.IN, held) if len(held) > 1 else Constraint(slot.name, Op.EQ, held[0])
    return None
