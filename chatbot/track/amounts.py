"""From numbers and comparisons to wishes: bounds on the slot a number is about, orders, critiques against an item.

Which slot a number is about, quantities.py decides; this knows where in the sentence it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from catalog.types import Constraint, Op, Order
from catalog.units import unit_named
from chatbot.track.book import Mention
from chatbot.track.critiques import against_item
from chatbot.track.ground import STATED, Grounder
from chatbot.track.heard import Heard, hard_by, need_at, share_of
from chatbot.track.levels import level_of
from chatbot.track.parts import says, says_before
from chatbot.track.quantities import BY_UNIT, bounds_of
from chatbot.track.shifts import moved_limits
from chatbot.track.sizes import sized
from chatbot.track.spans import BoundSpan, OrderSpan, Scope, Span
from chatbot.track.wording import has_cjk, words
from chatbot.types import Addition, Text

NEAR = 14  # characters within which a slot's name tells what a number is about
_OF_IT = re.compile(
    "(?:嗯|好|那|哦|看来)*(?:(?:这|那|第[一二三四五])(?:一?[个款台辆部件条双]|车)|它)"
    "(?:的?(?:价格|价钱|重量))?(?:稍微|倒是?|确实|要|更|还|也|就|比较|相对|的话|好像|看起来|看着|是|算|明显|果然)*"
)
_ASKED = re.compile("的|吗|么|呢|[?]")
_TOO = re.compile(r"(?:实在|确实|真的|也)?(?:太|有点)\w{1,3}了?")
_NOUN = re.compile(
    r" (?:of )?(?!(?:and|or|with|for|under|over|at|in|is|are|that|to|but|please|on|from|the|a|an|i)\b)[a-z-]{3,}(?: (?!(?:and|or|with|for|under|over|at|in|is|are|that|to|but|please|on|from)\b)[a-z-]{3,}s\b)?"
)
_OWNS = re.compile(
    r".{0,4}|(?:'s)?,? (?:with|has|having|of|that has|that's|that is|which is|is|measures)(?: (?:an?|the|about))* ?"
)
_SORTED = re.compile(r"\s?的?(?:排|优先|放前|在前)|\s(?:ones\s)?first\b")


def number_wishes(heard: Heard, grounder: Grounder) -> list[Addition]:
    """Wishes on numbers: prices, ratings, and every slot that a unit or a word near a number tells."""
    moved = moved_limits(heard)
    made = list(moved.additions)
    for bound in heard.bounds:
        if bound in moved.used or not heard.wishes(bound.number.start or bound.start, bound.number.end or bound.end):
            continue
        scopes = heard.scopes.at(bound.start, bound.end)
        if Scope.TAKEN_BACK in scopes:
            continue
        clause = heard.message.clause_at(bound.start)
        own = any(clause.covers(p.sought.start, p.sought.end) for p in heard.placed)
        need = None if says(heard.lower, "each") and not own else need_at(heard, bound.start)
        if _new_limit(heard, bound, scopes):
            bound = replace(bound, low=None, cue="set")
        kinds = heard.categories(need)
        found = numbers_of(heard, grounder, bound, kinds)
        if figure := _only_titled(found, bound, grounder, kinds):
            made.append(Addition(Text(figure), False, need))
            continue
        refused = Scope.NEGATED in scopes
        found = _all_but(bound, found) if refused else _as_called(found, bound, grounder, kinds)
        hard = hard_by(scopes) or _restated(heard, found, need)
        made.extend(Addition(c, hard, need) for c in found)
        if not found and (words_of := _unmatched(heard, bound)):
            made.append(Addition(Text(words_of), False, need))
    return made


def _only_titled(found: Sequence[Constraint], bound: BoundSpan, grounder: Grounder, kinds: Sequence[str]) -> str:
    """The figure of "1000 pieces" where no record of these products states any, but titles say it."""
    slot = grounder.slots.get(found[0].slot) if len(found) == 1 and found[0].op is Op.EQ else None
    if slot is None or not kinds or share_of(slot, kinds) > 0 or bound.low is None:
        return ""
    figure = f"{bound.low:g}"
    return figure if grounder.titled(figure, kinds) else ""


def _all_but(bound: BoundSpan, found: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    """What "anything but 15 inch" leaves: a plain measure under a negation is refused, it is no least and no most."""
    if bound.cue != "bare" or not bound.exact or bound.money or not found or found[0].slot == "price":
        return found
    ends = [float(c.value) for c in found if isinstance(c.value, float)]
    return (Constraint(found[0].slot, Op.NE, sum(ends) / len(ends), found[0].unit),) if ends else found


def _unmatched(heard: Heard, bound: BoundSpan) -> str:
    """The words of a measured or counted wish that no slot here carries ("at least 3 usb ports"), for the ledger."""
    plain = bound.money is not False or bound.stars or bound.percent or bound.age or bound.year or bound.cue == "for"
    if plain or Scope.NEGATED in heard.scopes.at(bound.start, bound.end) or not (heard.kinds or heard.state.active):
        return ""
    noun = _NOUN.match(heard.lower, bound.end)
    if bound.unit is None and not noun:
        return ""
    return heard.lower[bound.start : noun.end() if noun else bound.end].strip(" ,.")


def _restated(heard: Heard, found: Iterable[Constraint], need: int | None) -> bool:
    """ "128 gigs would be better": a number in place of one that had to be met has to be met too."""
    slots = {c.slot for c in found}
    standing = (w for n in heard.state.active_needs if need in (None, n.id) for w in n.wishes)
    return any(w.hard and w.slot in slots and isinstance(w.what, Constraint) for w in standing)


def _new_limit(heard: Heard, bound: BoundSpan, scopes: frozenset[Scope]) -> bool:
    """ "800 is ok too" with a budget standing, or said before ("700最好，实在不行800也可以"): the new end of it."""
    bare = bound.cue == "bare" and bound.unit is None and bound.exact and bound.money is not False
    standing = any(w.slot == "price" for n in heard.state.active_needs for w in n.wishes)
    before = any(
        b.end <= bound.start and b.high is not None and b.unit is None and b.cue != "bare" for b in heard.bounds
    )
    return bare and Scope.ALLOWED in scopes and (standing or before)


def numbers_of(heard: Heard, grounder: Grounder, bound: BoundSpan, kinds: Sequence[str]) -> tuple[Constraint, ...]:
    """The constraints that one number of the message makes; none when it fits no slot well enough."""
    if size := sized(heard, grounder, bound, kinds):
        return (size,)
    target = _on_target(heard, bound)
    measured = grounder.quantities.slot_for(bound, near(heard, bound, grounder), kinds, target)
    return bounds_of(measured, bound, target) if measured else ()


def _as_called(
    found: tuple[Constraint, ...], bound: BoundSpan, grounder: Grounder, kinds: Sequence[str]
) -> tuple[Constraint, ...]:
    """A "15 inch" one where they have 15.6 and none has 15: whole inches say between which ends."""
    whole = bound.low if bound.exact and not bound.approximate else None
    if len(found) != 2 or whole is None or not whole.is_integer() or any(c.unit != "in" for c in found):
        return found
    of_kind = [Constraint("category", Op.IN, tuple(kinds))] if kinds else []
    if grounder.catalog.match([*of_kind, *found]).any():
        return found
    slot = found[0].slot
    between = (Constraint(slot, Op.GE, whole, "in"), Constraint(slot, Op.LT, whole + 1, "in"))
    return between if grounder.catalog.match([*of_kind, *between]).any() else found


def beside(mention: Mention, bound: BoundSpan) -> bool:
    """Does a mention stand right by a measured number ("16 gigs of ram", "ram 16gb")?"""
    return bound.unit is not None and (0 <= mention.start - bound.end <= 4 or 0 <= bound.start - mention.end <= 3)


def near(heard: Heard, bound: BoundSpan, grounder: Grounder) -> dict[str, float]:
    """Slots named around a number, by closeness: 1 right beside it, less further off; nothing over another number."""
    found: dict[str, float] = {}
    clause = heard.message.clause_at(bound.start)
    unit = unit_named(bound.unit) if bound.unit else None
    telling = unit is None or unit.dimension != "data"  # memory, storage and cards are all told in gigabytes
    for reading in grounder.book.readings_of(bound.unit.removeprefix("个")) if bound.unit and telling else ():
        if reading.role == "slot":
            found[reading.slot] = BY_UNIT if reading.weight >= 0.9 else reading.weight
    kinds = {id(k.mention) for k in heard.kinds}
    for mention in heard.mentions:
        if "slot" not in mention.roles or id(mention) in kinds or any(c.isdigit() for c in mention.words):
            continue  # a "4k" is a value, it says of no other number what that is
        gap = mention.start - bound.end if mention.start >= bound.end else bound.start - mention.end
        crossed = any(
            o is not bound and min(bound.start, mention.start) < o.start < max(bound.end, mention.end)
            for o in heard.bounds
        )
        of_thing = bound.unit is None and any(
            k.part == "head" and mention.end <= k.mention.start and k.mention.end <= bound.start for k in heard.kinds
        )  # "a waterproof camera below 200": the property is the camera's, the number its price
        if crossed or of_thing or gap > 2 * NEAR or not clause.covers(mention.start, mention.end):
            continue
        closeness = 1.0 if gap <= NEAR else 0.5
        for reading in mention.readings:
            if reading.role == "slot" and (reading.name or "kind" not in mention.roles):
                found[reading.slot] = max(found.get(reading.slot, 0.0), closeness * reading.weight)
    return found or _asked_for(heard, bound, grounder)


def _asked_for(heard: Heard, bound: BoundSpan, grounder: Grounder) -> dict[str, float]:
    """A number that nothing else names answers the question for a slot; a card's place ("2") is no answer."""
    slot = heard.state.pending.slot if heard.state.pending else None
    place = bound.exact and bound.unit is None and (bound.low or 0) <= len(heard.state.latest)
    counted = slot and (slot == "price" or grounder.slots[slot].kind == "number")
    return {slot: 1.0} if slot and counted and not heard.kinds and not place else {}


def _on_target(heard: Heard, bound: BoundSpan) -> bool:
    """Does the number stand by what the product is for ("for a 15.6 inch laptop", "a sleeve for a 14 inch machine")?"""
    thing = any(k.part == "head" and k.mention.end <= bound.start for k in heard.kinds)
    if thing and bound.unit and bound.money is False and says_before(heard.lower, "target", bound.start):
        return True
    return any(
        (k.part == "target" and -1 <= k.mention.start - bound.end <= 3)
        or (
            k.part == "target"
            and _OWNS.fullmatch(heard.lower, k.mention.end, max(bound.start, k.mention.end)) is not None
        )
        for k in heard.kinds
    )


def order_wishes(heard: Heard, grounder: Grounder, bounded: Iterable[str]) -> list[Addition]:
    """Wishes about order, and critiques against an item: "cheaper than that" is a bound at its price."""
    made: list[Addition] = []
    taken = set(bounded)
    for order in heard.orders:
        if not heard.open(order.start, order.end) or _refused_after(heard, order) or _stated(heard, order):
            continue
        need = need_at(heard, order.start)
        if level := level_of(heard, order, grounder, heard.categories(need)):
            made.append(Addition(level, hard_by(heard.scopes.at(order.start, order.end)), need))
            continue
        slot = slot_of_order(heard, order, grounder, heard.categories(need))
        if slot is None or (order.kind == "comparative" and {slot, f"{slot} {order.direction}"} & taken):
            continue
        if order.kind == "comparative" and not _SORTED.match(heard.lower, order.end):
            bound = against_item(heard, order, slot, grounder, need)
            if bound is not None:
                taken.add(f"{slot} {order.direction}")  # "dearer than this but cheaper than that" has two ends
                made.append(Addition(bound, True, need))
                continue
        made.append(
            Addition(Order(slot, _end_liked(heard, order)), hard_by(heard.scopes.at(order.start, order.end)), need)
        )
    return made


def _end_liked(heard: Heard, order: OrderSpan) -> Literal["asc", "desc"]:
    """ "Nothing expensive" likes the other end."""
    if order.kind != "plain" or not heard.scopes.negated(order.start, order.end):
        return order.direction
    return "asc" if order.direction == "desc" else "desc"


def _stated(heard: Heard, order: OrderSpan) -> bool:
    """Is it only said of a thing shown (这个稍微便宜一些), not found fault with (这个太贵) or asked for?"""
    clause = heard.message.clause_at(order.start)
    asked = _ASKED.match(heard.lower, order.end) or heard.lower.startswith(("太", "有点", "不"), order.start)
    return (
        order.kind in ("comparative", "plain")
        and not asked
        and bool(_OF_IT.fullmatch(heard.lower, clause.start, order.start))
    )


def _refused_after(heard: Heard, order: OrderSpan) -> bool:
    """Does it only say why something is refused (苹果太贵了，不考虑; 苹果的就算了，太贵)?"""
    clause = heard.message.clause_at(order.start)
    before = (s for s in heard.scopes.spans if s.scope is Scope.NEGATED and 0 <= clause.start - s.over.end <= 6)
    if any(before) and _TOO.fullmatch(heard.lower, clause.start, clause.end):
        return True
    return any(
        s.scope is Scope.NEGATED and s.start >= order.end and s.over.covers(order.start, order.end)
        for s in heard.scopes.spans
    )


def slot_of_order(heard: Heard, order: OrderSpan, grounder: Grounder, kinds: Sequence[str]) -> str | None:
    """The slot an order is about: the one its noun names, else its concept's slot that these products state most."""
    for mention in heard.within(order.noun or Span(order.start, order.end)):
        numbers = [s for s in grounder.slots_named(mention) if s.kind == "number" or s.name in ("price", "rating")]
        if numbers:
            return max(numbers, key=lambda s: share_of(s, kinds)).name
    if order.noun and any("slot" in m.roles and has_cjk(m.words) for m in heard.within(order.noun)):
        return None  # 内存最大 where memory is no number
    if order.concept in ("price", "rating") and order.concept in grounder.slots:
        return order.concept
    if order.concept == "date":
        fitting = [s for s in grounder.slots.values() if s.dates and s.concept == "release date"]
    else:
        fitting = [s for s in grounder.slots.values() if s.concept == order.concept and s.kind == "number"]
    best = max(fitting, key=lambda s: share_of(s, kinds), default=None) if order.concept else None
    return best.name if best and share_of(best, kinds) > 0 else _told_by(order, grounder, kinds)


def _told_by(order: OrderSpan, grounder: Grounder, kinds: Sequence[str]) -> str | None:
    """The first number that a general word means for these kinds: of a display "bigger" is its diagonal, of a bag its volume."""
    numbers = [s for s in grounder.slots.values() if s.kind == "number" and kinds]
    for concept in words("order")["stands_for"].get(order.concept or "", ()):
        for slot in numbers:
            if slot.concept == concept and share_of(slot, kinds) >= STATED:
                return slot.name
    return None


def spans_of(bounds: Iterable[BoundSpan]) -> tuple[Span, ...]:
    """The stretches of numbers with their units: nothing else is read into them."""
    return tuple(b.number if len(b.number) else Span(b.start, b.end) for b in bounds)
