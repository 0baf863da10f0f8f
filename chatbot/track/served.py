"""Service and price named as a property of what is looked for: "a mouse with free delivery that costs under 30".

Such words ask nothing, so they close no wish beside them; the terms of a voucher are no wish themselves. Knows acts and bounds; what service the shop gives it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from chatbot.track.heard import Heard
from chatbot.track.spans import ActSpan, BoundSpan, Span
from chatbot.track.wording import compiled, words
from chatbot.types import UserAct


def served_with(heard: Heard, act: ActSpan) -> bool:
    """Is a service only named as what comes with the thing ("with free delivery", "that supports cash on delivery")?"""
    if act.act is not UserAct.FAQ or (not heard.kinds and not heard.bounds):
        return False
    sentence = heard.message.sentence_at(act.start)
    if heard.lower[sentence.start : sentence.end + 1].rstrip().endswith("?"):
        return False
    return bool(_opening().match(heard.lower, act.start) or _before().search(heard.lower[sentence.start : act.start]))


def told_amount(lower: str, act: ActSpan, bounds: Iterable[BoundSpan]) -> bool:
    """Are the words of a question the start of a statement: "cost between 20 and 30", "价格在300以内"?"""
    if act.act is not UserAct.REQUEST or act.asks != "value" or act.topic != "price":
        return False
    by = any(b.start <= act.end + 1 and act.end <= b.number.start for b in bounds if b.cue != "bare")
    return by and _asking().search(lower, act.start, act.end) is None


def offer_terms(heard: Heard) -> tuple[Span, ...]:
    """Stretches that tell the terms of a voucher or a discount: "valid when the total exceeds 280", 满300减50."""
    return tuple(
        Span(found.start(), heard.message.sentence_at(found.start()).end) for found in _terms().finditer(heard.lower)
    )


@cache
def _terms() -> re.Pattern[str]:
    return compiled(words("served")["terms"])


@cache
def _before() -> re.Pattern[str]:
    return compiled(words("served")["with"], after=r"(?: [\w-]+){0,2} ?$")


@cache
def _opening() -> re.Pattern[str]:
    return compiled(words("served")["with"])


@cache
def _asking() -> re.Pattern[str]:
    return compiled(words("served")["asking"])
