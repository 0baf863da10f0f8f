"""A policy that a wish depends on: "a chair with 3 years warranty", "by tomorrow", 不合脚能换吗. By form alone.

Knows the words for service within a wish; knows nothing of what the shop answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from chatbot.types import StateUpdate, Text, UserAct

Topic = Literal["returns", "warranty", "delivery"]
_DAY = r"(?:tomorrow|tonight|today|the weekend|(?:next |this )?(?:week|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|christmas|xmas|easter)"
_ASKED: Mapping[Topic, re.Pattern[str]] = {
    "warranty": re.compile(r"\b(?:warrant(?:y|ies)|guarantees?)\b|保修|质保|保固", re.IGNORECASE),
    "returns": re.compile(
        r"\bif (?:it|they|this|these) (?:do|does|did)(?:n't|nt| not) (?:fit|suit|work)|\b(?:can|could|may) (?:i|we) (?:return|exchange|swap|send (?:it|them) back)\b"
        r"|\b(?:returnable|refundable|money[ -]back)\b|(?:能|可以|可|包|支持)(?:退|换)|不合脚|不合身|无理由",
        re.IGNORECASE,
    ),
    "delivery": re.compile(
        rf"\b(?:by|before|until|for) {_DAY}\b|\b(?:get|have|need) (?:it|them|this|one) (?:by )?{_DAY}\b|(?:今天|明天|后天|周末|这周|本周)[^，。？！]{{0,4}}(?:到|要|拿到|送)",
        re.IGNORECASE,
    ),
}
_PAST = re.compile(
    r"\b(?:out of|still under|no longer under|no more) (?:warranty|guarantee)\b|过保|保修期", re.IGNORECASE
)


def topics(update: StateUpdate, text: str) -> tuple[Topic, ...]:
    """What of service a message asks beside a wish for products; none where it wishes for none."""
    if not (update.needs or update.add) or _PAST.search(text):
        return ()
    return tuple(topic for topic, asked in _ASKED.items() if asked.search(text))


def answered(update: StateUpdate, asked: tuple[Topic, ...]) -> StateUpdate:
    """The update once these were answered: their words are no wish for a product, and no name of one."""
    of = [_ASKED[topic] for topic in asked]
    add = tuple(a for a in update.add if not (isinstance(a.what, Text) and any(p.search(a.what.words) for p in of)))
    absent = tuple(name for name in update.absent if not any(p.search(name) for p in of))
    acts = tuple(dict.fromkeys((*update.acts, UserAct.FAQ)))
    return replace(update, acts=acts, add=add, absent=absent)
