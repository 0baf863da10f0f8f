"""What may be tapped in answer: values of the property asked for, or ways on from the cards. Each is said like a message.

Knows the wording of taps, not which question is worth asking; that each is understood as meant, tests/chatbot hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from catalog.compatibility import SLOT as DEVICES
from catalog.store import Catalog
from catalog.types import Constraint, Op, Slot, write_number
from catalog.units import unit_named
from chatbot import say
from chatbot.elicit import FACETS, Band, Mask, bands, values_of
from chatbot.types import Language, Need
from retrieval.types import Way

REPLIES = 4
_WAN = 10_000
_NOTHING = frozenset(
    "none no n/a other others unknown 无 没有 其他 其它 未知".split()
)  # said back, they would be no wish


def replies_for(
    catalog: Catalog, asked: Slot | None, need: Need, mask: Mask, cards: int, language: Language
) -> tuple[str, ...]:
    """Quick replies: answers to the question, the last of them that it does not matter; else ways on from the cards,
    which are to compare and to loosen where all that matches is shown."""
    if asked is not None:
        answers = answers_to(catalog, asked, mask, language)
        return (*answers[:REPLIES], say.say(language, "unsure_button" if asked.name == DEVICES else "any_button"))
    if not cards:
        return ()
    compare = (say.say(language, "compare_button"),) if cards > 1 else ()
    if int(mask.sum()) <= cards:
        return (*compare, *looser(catalog, need, language))[:REPLIES]
    brands = catalog.facets("brand", mask, 2) if any(s.name == "brand" for s in catalog.slots) else []
    only = (say.say(language, "only_button", value=brands[0][0]),) if len(brands) > 1 else ()
    return (say.say(language, "cheaper_button"), *only, *compare, say.say(language, "more_button"))


def answers_to(catalog: Catalog, slot: Slot, mask: Mask, language: Language) -> tuple[str, ...]:
    """What a shopper may answer when asked for the slot, the commonest first; of numbers from low to high."""
    if slot.kind == "number":
        return tuple(_band(band, slot, language) for band in bands(catalog, slot, mask))
    if slot.name == DEVICES:
        return ()  # a few of thousands of names would be a strange choice
    if slot.kind == "boolean":
        return (say.say(language, "with_button", slot=say.slot_name(language, slot)),)
    return _commonest(catalog, slot, mask, language)


def kinds_here(catalog: Catalog) -> tuple[str, ...]:
    """The kinds of product that the shop has most of."""
    if not any(s.name == "category" for s in catalog.slots):
        return ()
    return _kinds(catalog, catalog.match([]))


def named(kinds: Sequence[str], language: Language) -> tuple[str, ...]:
    """Kinds as they are called in a language."""
    return tuple(dict.fromkeys(say.kind_name(language, kind) for kind in kinds))


def ways_on(catalog: Catalog, ways: Sequence[Way], language: Language) -> tuple[str, ...]:
    """What may be given up instead, where nothing meets every wish: "up to 420 USD", "brand doesn't matter"."""
    slots = {slot.name: slot for slot in catalog.slots}
    return tuple(
        _loosened(way, slots[way.given.slot], language)
        for way in ways
        if way.given.slot in slots and way.given.slot != DEVICES
    )[:REPLIES]


def looser(catalog: Catalog, need: Need, language: Language) -> tuple[str, ...]:
    """Wishes that may be waived, where all that matches was seen; the latest first, the kind never."""
    hard = [w.what for w in need.wishes if w.hard and isinstance(w.what, Constraint)]
    by_slot = {c.slot: Way(c, 0) for c in reversed(hard) if c.slot != "category" and not c.op.negative}
    return ways_on(catalog, tuple(by_slot.values()), language)


def ask_words(asked: Slot, language: Language) -> str:
    """The question."""
    if asked.name in ("price", "category", DEVICES):
        return say.say(language, f"ask_{asked.name}")
    key = "ask_truth" if asked.kind == "boolean" else "ask"
    return say.say(language, key, slot=say.common_name(language, asked) or say.slot_name(language, asked))


def _commonest(catalog: Catalog, slot: Slot, mask: Mask, language: Language) -> tuple[str, ...]:
    """The slot's most frequent values."""
    if slot.name == "category":
        return named(_kinds(catalog, mask), language)
    values = (v for v, _ in catalog.facets(slot.name, mask, FACETS) if v.casefold() not in _NOTHING)
    return tuple(dict.fromkeys(say.value_name(language, slot.name, v) for v in values))[:REPLIES]


def _kinds(catalog: Catalog, mask: Mask) -> tuple[str, ...]:
    """Kinds of product: things in their own right before what goes with them, each the most frequent first."""
    limit = len(catalog.vocabulary("category"))
    kinds = [value for value, _ in values_of(catalog, catalog.slot("category"), mask, limit)]
    lexicon = catalog.lexicon
    own = [k for k in kinds if any(lexicon.role(kind.name) == "main" for kind in lexicon.kinds_named(k))]
    return tuple(dict.fromkeys((*own, *kinds)))[:REPLIES]


def _band(band: Band, slot: Slot, language: Language) -> str:
    """A stretch of numbers as a shopper would say it: "under 50 USD", "19 to 22 inch", 5000 到 8000 元."""
    unit = _unit(slot, language)
    low, high = (None if end is None else _number(end, slot, language) for end in (band.low, band.high))
    if low == high:
        words = f"{low}{unit}"
    elif low is None:
        words = say.say(language, "under_button", high=high, unit=unit)
    elif high is None:
        words = say.say(language, "over_button", low=low, unit=unit)
    else:
        words = say.say(language, "span_button", low=low, high=high, unit=unit)
    return words if unit else f"{say.slot_name(language, slot)} {words}"


def _loosened(way: Way, slot: Slot, language: Language) -> str:
    """The bound moved to the nearest product's number, a little beyond; else the property does not matter."""
    name = say.slot_name(language, slot)
    if way.nearest is None:
        return say.say(language, "waive_button", slot=name)
    upper = way.given.op in (Op.LE, Op.LT)
    number = _number(_beyond(way.nearest, upper), slot, language)
    words = say.say(
        language, "most_button" if upper else "least_button", high=number, low=number, unit=_unit(slot, language)
    )
    return words if slot.name == "price" else f"{name} {words}"


def _beyond(value: float, upper: bool) -> float:
    """The next number of two figures on the far side: 419 is 420 at most."""
    if value <= 0:
        return value
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{(math.ceil if upper else math.floor)(round(value / step, 9)) * step:.6g}")


def _number(value: float, slot: Slot, language: Language) -> str:
    if language == "zh" and slot.name == "price" and value >= _WAN:
        return f"{write_number(round(value / _WAN, 4))}万"
    return write_number(value)


def _unit(slot: Slot, language: Language) -> str:
    """The unit behind a number, blank included; nothing where it is counted."""
    unit = slot.unit or ""
    if slot.name != "price" and ("/" in unit or not unit_named(unit)):
        return ""
    return f" {say.unit_name(language, unit)}" if unit else ""
