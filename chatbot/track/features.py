"""Which kinds named are only properties of the thing in hand: "16 gigs of ram", "the screen should be bigger".

A screen, a drive or a keyboard is sold by itself, too: the words around it, and whether the things looked for state such
a property, tell which is meant. Knows nothing of what the property is then wished to be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from catalog.lexicon import fold
from catalog.types import Slot
from chatbot.track.amounts import beside
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import share_of
from chatbot.track.needs import categories_of
from chatbot.track.normal import Message
from chatbot.track.parts import of_thing_in_hand, ought_to
from chatbot.track.spans import BoundSpan, OrderSpan, Scopes, Span
from chatbot.track.wording import has_cjk
from chatbot.types import DialogueState

SURE = 0.85  # weight of a reading that the whole phrase says
NARROWING = 0.8  # share that states a property, and that a value of it stays under, to tell some from the rest
STATED = 0.15  # share of the things looked for that must state a property


def wanted(state: DialogueState) -> bool:
    """Is a kind of thing looked for already?"""
    return any(categories_of(n) for n in state.active_needs)


def property_of(
    state: DialogueState,
    message: Message,
    grounder: Grounder,
    said: tuple[tuple[BoundSpan, ...], tuple[OrderSpan, ...], Scopes],
) -> Callable[[Mention], bool]:
    """Tells of a mention whether a number, an order, a cue or the sentence speaks of it as a property."""
    active = tuple(c for n in state.active_needs for c in categories_of(n))
    sought = {c for n in state.needs for c in categories_of(n)}
    bounds, orders, scopes = said

    def found(mention: Mention) -> bool:
        kind = mention.reading("kind")
        slots = [r for r in mention.readings if r.role == "slot"]
        named = any(o.noun and o.noun.touches(mention.start, mention.end) for o in orders)
        if kind and active and not sought & set(kind.values) and ought_to(message.lower, mention):
            return True
        if kind and not kind.values and len(mention.readings) == 1:  # 显示器最大 where no displays are sold
            return named or any(0 <= mention.start - b.end <= 1 and b.unit for b in bounds)
        if kind and wanted(state) and any(o.than and o.noun and _on(o.noun, mention) for o in orders):
            return True  # "a longer cable than the second"
        if any(r.name for r in slots) and (named or any(beside(mention, b) or _least_of(mention, b) for b in bounds)):
            return True
        if any(r.name for r in slots) and scopes.taken_back(mention.start, mention.end):
            return True
        if not active or not kind or sought & set(kind.values) or not of_thing_in_hand(message.lower, mention):
            return False
        return any(_stated(grounder.slots.get(r.slot), active) for r in slots)

    return found


def _least_of(mention: Mention, bound: BoundSpan) -> bool:
    """ "64+ storage": so much of it at least."""
    least = bound.cue == "limit" and bound.high is None and bound.unit is None and bound.money is None
    return least and 0 <= mention.start - bound.end <= 1


def of_order(mention: Mention, orders: Sequence[OrderSpan]) -> bool:
    """Is it a word of a leaning itself, not the thing or the property that it is about ("something light")?"""
    return any(
        o.start <= mention.start and mention.end <= o.end and not (o.noun and _on(o.noun, mention)) for o in orders
    )


def value_itself(order: OrderSpan, mentions: Sequence[Mention]) -> bool:
    """Is a leaning a value of the shop's own (省油, a "slim" fit, where records say so)?"""
    if order.kind == "plain" and order.concept != "price":
        whole = (m for m in mentions if (m.start, m.end) == (order.start, order.end) and not has_cjk(m.words))
        if any(r.role == "value" and r.weight >= 1.0 for m in whole for r in m.readings):
            return True
    return order.kind in ("plain", "comparative") and any(
        m.start <= order.start < m.end
        and has_cjk(m.words)
        and any(r.role == "value" and (r.weight >= SURE or _noun_apart(m, r.values)) for r in m.readings)
        for m in mentions
    )


def _noun_apart(mention: Mention, values: Sequence[str]) -> bool:
    """Do the words lack but the noun of the one value that they mean (轻薄 of 轻薄本)?"""
    return len(values) == 1 and values[0].startswith(mention.words) and len(values[0]) == len(mention.words) + 1


def _on(noun: Span, mention: Mention) -> bool:
    return noun.touches(mention.start, mention.end)


def _stated(slot: Slot | None, kinds: tuple[str, ...]) -> bool:
    return slot is not None and share_of(slot, kinds) >= STATED


def said_of_kind(mention: Mention, grounder: Grounder) -> Mention | None:
    """What the first words of a kind's name say, where the shop has no kind so called: the espresso of an "espresso
    machine" among coffee makers, not the HDMI of an HDMI cable among these."""
    first, _, _ = mention.words.rpartition(" ")
    values = tuple(r for r in grounder.book.readings_of(first) if r.role == "value" and r.weight >= SURE)
    if not first or not values or mention.roles & {"value", "slot"}:
        return None
    kinds = tuple(r for r in mention.readings if r.role == "kind")
    if any(first in fold(name).split() for r in kinds for name in (r.name, *r.values)):
        return None
    return replace(mention, end=mention.start + len(first), words=first, readings=(*values, *kinds))


def narrowing(mention: Mention, grounder: Grounder, kinds: Sequence[str]) -> bool:
    """Is a kind's name also a value that tells some of these products from the rest (游戏本 among 笔记本)?"""
    kind = mention.reading("kind")
    kinds = kinds or (kind.values if kind else ())
    reading = grounder.meant(mention, kinds)
    if reading is None or reading.weight < SURE or not kinds or reading.slot == "brand":
        return False
    own = {v.casefold() for v in (*kinds, kind.name if kind else "")}
    if any(v.casefold() in own or v.casefold().rstrip("s") in own for v in reading.values):
        return False
    slot = grounder.slots[reading.slot]
    stated = max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0)
    sizes = grounder.terms.get("category", {})
    size = sum(t.count for k in kinds if (t := sizes.get(k.casefold())))
    having = sum(
        t.kinds.get(k, 0)
        for v in reading.values
        if (t := grounder.terms[reading.slot].get(v.casefold()))
        for k in kinds
    )
    return stated >= NARROWING and 0 < having < NARROWING * size
