"""Tells a question about the world ("how do vaccines work?") from one about the shop.

Judged only by what was not heard, nothing of the shop named and nothing pointed at, and by how the message begins
(words/general.toml). Knows no answers.
"""

from __future__ import annotations

import re
from functools import cache

from chatbot.track.heard import ITEM_ACTS, Heard
from chatbot.track.pieces import pieces
from chatbot.track.spans import Scope
from chatbot.track.wording import compiled, words
from chatbot.types import UserAct

_EMPTY = ("greeting", "thanks", "ok")  # topics of small talk that a question may come with
_CUES = (Scope.NEGATED, Scope.TAKEN_BACK, Scope.ALLOWED, Scope.SOFT)
_OF_MANY = ("count", "counts", "values", "range", "mean", "least", "most")
_PLAINLY = 0.85  # weight of a reading that the whole phrase says
_FEWEST = 3  # words in such a question at least


def of_the_world(heard: Heard) -> bool:
    """Is the whole message a question that no shop is asked?"""
    cues = any(s.scope in _CUES for s in heard.scopes.spans)  # "doesn't have to be silver" takes a wish back
    if cues or _names_the_shop(heard) or len(pieces(heard.lower)) < _FEWEST:
        return False
    return _opening().search(heard.lower) is not None and _shop().search(heard.lower) is None


def _names_the_shop(heard: Heard) -> bool:
    """A kind sold here, a property by name, a product, a maker, a number, an order, an item or another act."""
    named = any(k.reading.values for k in heard.kinds) or any(
        _sold(r.role, r.slot) for m in heard.mentions for r in m.readings
    )
    acts = any(a.topic not in _EMPTY and (a.act is not UserAct.REQUEST or a.topic) for a in heard.acts)
    pointing = any(a.act in ITEM_ACTS - {UserAct.REQUEST} for a in heard.acts)
    valued = any(r.role == "value" and r.weight >= _PLAINLY for m in heard.mentions for r in m.readings)
    asked = any(a.act is UserAct.REQUEST and a.asks in _OF_MANY for a in heard.acts)
    if (valued or asked) and heard.state.active:
        return True  # "is oak any better", "how many with wheels" within a search for tables
    return named or acts or pointing or bool(heard.bounds or heard.orders or heard.references)


def _sold(role: str, slot: str) -> bool:
    return role in ("slot", "product") or slot == "brand"


@cache
def _opening() -> re.Pattern[str]:
    return re.compile("|".join(words("general")["opening"]))


@cache
def _shop() -> re.Pattern[str]:
    return compiled(words("general")["shop"])
