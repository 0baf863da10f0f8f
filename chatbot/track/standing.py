"""Wishes for what can be bought now ("in stock") and for what costs less than before ("on sale").

Phrases stand in words/standing.toml; which of the shop's words mean that a thing can be bought, the catalogue's own
vocabulary tells. Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from catalog.types import Constraint, Op, Variant
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, hard_by, need_at
from chatbot.track.spans import Scope, Span
from chatbot.track.wording import compiled, words
from chatbot.types import Addition

ON_SALE = "on_sale"


def standing_wishes(heard: Heard, grounder: Grounder) -> Iterator[Addition]:
    """The wishes, each where the message may state one and the catalogue records the fact."""
    for name in ("in_stock", "sold_out", "on_sale"):
        for span in said(name, heard.lower):
            what = _meant(name, grounder)
            scopes = heard.scopes.at(span.start, span.end)
            if what is None or not heard.open(span.start, span.end) or Scope.TAKEN_BACK in scopes:
                continue
            yield Addition(
                _turned(what) if Scope.NEGATED in scopes else what, hard_by(scopes), need_at(heard, span.start)
            )


def said(name: str, lower: str) -> tuple[Span, ...]:
    """Where the phrases of a group stand."""
    return tuple(Span(*found.span()) for found in _pattern(name).finditer(lower))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return compiled(words("standing")[name]["phrases"])


def _meant(name: str, grounder: Grounder) -> Constraint | None:
    if name == "on_sale":
        return Constraint(ON_SALE, Op.EQ, True) if ON_SALE in grounder.slots else None
    slot = next((s for s in grounder.slots.values() if s.name == "availability" and s.coverage), None)
    terms = [t.value for t in grounder.catalog.vocabulary(slot.name)] if slot else []
    gone = name == "sold_out"
    fitting = tuple(t for t in terms if Variant("", availability=t).sold_out == gone)
    if not fitting:
        return None
    return (
        Constraint("availability", Op.EQ, fitting[0])
        if len(fitting) == 1
        else Constraint("availability", Op.IN, fitting)
    )


def _turned(what: Constraint) -> Constraint:
    """The wish for the contrary."""
    if what.op is Op.IN:
        return Constraint(what.slot, Op.NOT_IN, what.value)
    return Constraint(what.slot, Op.NE, what.value)
