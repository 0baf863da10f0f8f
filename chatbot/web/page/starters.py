"""What a visitor may begin with: whole messages made of this shop's own kinds, prices and brands, each tried out.

An example that finds nothing is worse than none: each is put to the assistant first, without its model, and left out
unless cards come of it that give nothing up. Knows nothing of pages, sessions or how an example is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice

from catalog.types import Constraint, Op, write_number
from chatbot import say
from chatbot.events import Finished
from chatbot.templates import CURRENCIES_ZH
from chatbot.types import DialogueState, Language
from chatbot.web.shop import Assistant, Records, Shop, kinds
from chatbot.web.words import word
from errors import UnknownSlot

STARTERS = 4
KEPT = 8
SHARE_BELOW = 0.5
"""The share of a kind's products that an example's price leaves: enough to choose from, and yet a choice."""
TRIED = 12


def starters(assistant: Assistant, language: Language, limit: int = STARTERS) -> tuple[str, ...]:
    """Messages that find something here, the first for the shop's largest kinds; fewer, or none, where it has none.

    Takes some milliseconds for each message tried, and asks no model.
    """
    alone = assistant.with_model(None)
    made: list[str] = []
    for text in _candidates(assistant.catalog, kinds(assistant.catalog, TRIED), language, limit):
        if len(made) < limit and text not in made and _finds(alone, text, language):
            made.append(text)
    return tuple(made)


class Starters:
    """The examples of the shop in service, made once for each language and import. Safe to share between threads."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._made: dict[tuple[str, Language], tuple[str, ...]] = {}

    def __call__(self, language: Language) -> tuple[str, ...]:
        assistant = self._shop()
        key = (assistant.catalog.generation, language)
        if key not in self._made:
            if len(self._made) >= KEPT:
                self._made.clear()
            self._made[key] = starters(assistant, language)
        return self._made[key]


def _candidates(catalog: Records, named: Sequence[str], language: Language, limit: int) -> Iterator[str]:
    """One manner of asking a kind, in turn; then every kind by its name, for where those found nothing."""
    called = {kind: spoken for kind in named if (spoken := _spoken(kind, language))}
    for place, (kind, spoken) in enumerate(islice(called.items(), limit)):
        by_price, by_brand = _under(catalog, kind, language), _brand(catalog, kind)
        if place % 4 == 1 and by_price:
            yield word(language, "starter_price", kind=spoken, price=by_price)
        elif place % 4 == 2 and by_brand:
            yield word(language, "starter_brand", kind=spoken, brand=by_brand)
        elif place % 4 == 3:
            yield word(language, "starter_best", kind=spoken)
        else:
            yield word(language, "starter", kind=spoken)
    for spoken in called.values():
        yield word(language, "starter", kind=spoken)


def _spoken(kind: str, language: Language) -> str:
    """A kind as it stands in a sentence: "board games", "LED lamps", 桌游; "" where it has no Chinese name."""
    name = say.kind_name(language, kind)
    if language == "zh":
        return "" if name.isascii() else name
    return " ".join(part.lower() if part.istitle() else part for part in name.split())


def _under(catalog: Records, kind: str, language: Language) -> str:
    """A round amount that leaves about half of a kind, with its currency: "120 USD"; "" where prices are not known."""
    try:
        prices = sorted(catalog.numbers("price", catalog.match([Constraint("category", Op.EQ, kind)])))
    except UnknownSlot:
        return ""
    if not prices or prices[0] == prices[-1]:
        return ""
    amount = _round_up(float(prices[int(SHARE_BELOW * (len(prices) - 1))]))
    unit = CURRENCIES_ZH.get(catalog.currency, catalog.currency) if language == "zh" else catalog.currency
    return f"{write_number(amount)} {unit}".strip()


def _round_up(amount: float) -> float:
    """The next number of two figures: 119 is 120."""
    step = 10.0 ** max(0, math.floor(math.log10(amount)) - 1) if amount >= 1 else 1.0
    return math.ceil(round(amount / step, 9)) * step


def _brand(catalog: Records, kind: str) -> str:
    """The brand that has most of a kind; "" where brands are not known."""
    try:
        found = catalog.facets("brand", catalog.match([Constraint("category", Op.EQ, kind)]), 1)
    except UnknownSlot:
        return ""
    return found[0][0] if found else ""


def _finds(assistant: Assistant, text: str, language: Language) -> bool:
    """Does it show cards that meet all that was asked?"""
    for event in assistant.turn(DialogueState(language=language), text):
        if isinstance(event, Finished):
            return bool(event.turn.suggestions) and not event.turn.relaxed
    return False
