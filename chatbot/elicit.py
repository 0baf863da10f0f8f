"""Which one question to ask, and which replies to offer for a tap.

Chooses by how evenly a slot splits the products that still match (expected information gain), weighted by how many
of them fill it. Knows nothing of wording beyond the reply templates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from catalog.store import Catalog
from catalog.types import Slot
from chatbot import say
from chatbot.types import DialogueState, Language, Need

ASK_ABOVE = 12  # fewer matches than this are quicker to look at than to talk about
FACETS = 12
REPLIES = 4
MIN_COVERAGE = 0.4
SMALL_SHOP = 30  # with more filterable slots than this, only what shoppers commonly care about is asked
ASKED_ABOUT = frozenset(
    """brand colour size material pattern style fit gender occasion sleeve_length season usage series connectivity
    wearing_style operating_system processor print_technology colour_print keyboard_layout touchscreen car_class fuel
    drive transmission genre platform flavour scent skin_type room""".split()
)


def question_for(catalog: Catalog, state: DialogueState, need: Need, mask: NDArray[np.bool_]) -> Slot | None:
    """The slot worth asking about for a need, or None. `mask`: products that meet its hard constraints.

    Never one that was asked, declined, or stands in the ledger.
    """
    if int(mask.sum()) <= ASK_ABOVE:
        return None
    settled = {w.slot for w in need.wishes} | set(state.asked) | set(state.declined)
    if "category" not in settled and _has(catalog, "category"):
        return catalog.slot("category")
    if "price" not in settled and _has(catalog, "price"):
        return catalog.slot("price")
    total = int(mask.sum())
    few = sum(s.informable for s in catalog.slots) <= SMALL_SHOP
    scored = [
        (_gain(catalog.facets(s.name, mask, FACETS), total), s)
        for s in catalog.slots
        if s.informable
        and s.kind == "category"
        and (few or s.concept in ASKED_ABOUT)
        and s.name not in settled
        and s.name not in ("category", "title")
        and _coverage(s, need) >= MIN_COVERAGE
    ]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] > 0 else None


def replies_for(
    catalog: Catalog, asked: Slot | None, mask: NDArray[np.bool_], cards: int, language: Language
) -> tuple[str, ...]:
    """Quick replies: values of the slot asked for, else ways on from the cards shown."""
    if asked is not None and asked.kind == "category":
        return _commonest(catalog, asked, mask)
    replies: list[str] = []
    if cards:
        replies.append(say.say(language, "cheaper_button"))
        brands = catalog.facets("brand", mask, 2) if _has(catalog, "brand") else []
        if len(brands) > 1:
            replies.append(say.say(language, "only_button", value=brands[0][0]))
    if cards > 1:
        replies.append(say.say(language, "compare_button"))
        replies.append(say.say(language, "more_button"))
    return tuple(replies[:REPLIES])


def _commonest(catalog: Catalog, slot: Slot, mask: NDArray[np.bool_]) -> tuple[str, ...]:
    """The slot's most frequent values; of kinds of product, none that is a department of several."""
    values = dict.fromkeys(value for value, _ in catalog.facets(slot.name, mask, 2 * FACETS))
    if slot.name == "category":
        departments = {term.value for term in catalog.vocabulary(slot.name) if term.value not in term.kinds}
        values = {value: None for value in values if value not in departments} or values
    return tuple(values)[:REPLIES]


def ask_words(asked: Slot, language: Language) -> str:
    if asked.name in ("price", "category"):
        return say.say(language, f"ask_{asked.name}")
    return say.say(language, "ask", slot=say.slot_name(language, asked))


def _coverage(slot: Slot, need: Need) -> float:
    kinds = [str(v) for w in need.wishes if w.slot == "category" and hasattr(w.what, "values") for v in w.what.values]
    known = [slot.by_kind[k].coverage for k in kinds if k in slot.by_kind]
    return max(known, default=slot.coverage)


def _gain(facets: Iterable[tuple[str, int]], total: int) -> float:
    """Entropy in bits of the values' split, scaled by the share of products that fill the slot."""
    counts = [n for _, n in facets if n]
    filled = sum(counts)
    if not filled or not total:
        return 0.0
    entropy = -sum(n / filled * math.log2(n / filled) for n in counts)
    return entropy * min(1.0, filled / total)


def _has(catalog: Catalog, name: str) -> bool:
    return any(s.name == name and s.coverage > 0 for s in catalog.slots)
