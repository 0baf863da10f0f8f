"""A slot of words for what is told in numbers elsewhere: a price range of "cheap", "affordable" and "expensive".

Where the products looked for state such a word, it is the wish; without one, the order it stands for is (amounts.py).
Knows no products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from catalog.types import Constraint, Op
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, share_of
from chatbot.track.pieces import keys
from chatbot.track.spans import OrderSpan
from chatbot.track.wording import words

STATED = 0.5  # share of a kind's products that state a slot, for its words to be taken before the order


def level_of(heard: Heard, order: OrderSpan, grounder: Grounder, kinds: Sequence[str]) -> Constraint | None:
    """The value of a slot that an order's words say: cheap, or another word for it."""
    if order.kind not in ("plain", "comparative") or order.than is not None:
        return None
    level = _level(keys(heard.lower[order.start : order.end]))
    for name, terms in grounder.terms.items() if level else ():
        term = terms.get(level)
        if term and name != "brand" and share_of(grounder.slots[name], kinds) >= STATED:
            op = Op.NE if heard.scopes.negated(order.start, order.end) and order.kind == "plain" else Op.EQ
            return Constraint(name, op, term.value)
    return None


def _level(said: tuple[str, ...]) -> str:
    """The name of the level said: the longest of the words for one that stands in the message's."""
    found = [
        (size, _levels()[said[at : at + size]])
        for size in range(1, len(said) + 1)
        for at in range(len(said) - size + 1)
        if said[at : at + size] in _levels()
    ]
    return max(found)[1] if found else ""


@cache
def _levels() -> Mapping[tuple[str, ...], str]:
    """Words for a level, as keys -> its name (words/values.toml)."""
    return {keys(said): group[0] for group in words("values")["levels"] for said in group}
