"""From what a message names to wishes: constraints on slots with their hardness and need, orders, and text wishes.

Pure over what was heard and the grounder's tables. Knows nothing of taking wishes back (removals.py) or of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from catalog.types import Constraint, Op, Order, Scalar, Slot
from chatbot.track.book import Mention, Reading
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.names import Gap
from chatbot.track.needs import says, says_before
from chatbot.track.pieces import plain_words
from chatbot.track.quantities import BY_UNIT, bounds_of
from chatbot.track.references import number_of
from chatbot.track.removals import allowed_again
from chatbot.track.spans import BoundSpan, OrderSpan, Scope, Span
from chatbot.types import Addition, Text, Wish

NEAR = 14  # characters within which a slot's name tells what a number is about
_SORTED = re.compile(r"\s?的?(?:排|优先|放前|在前)|\s(?:ones\s)?first\b")
NARROWING = 0.8  # share that states a property, and that a value of it stays under, to tell some from the rest
COVERED = 0.15  # share of a kind's products that must state a property before it is a filter


@dataclass(frozen=True, slots=True)
class _Valued:
    """A value said of a need, and how."""

    need: int | None
    slot: str
    values: tuple[str, ...]
    negated: bool
    hard: bool
    extends: bool
    allowed: bool = False  # "black is fine": alone no more than a preference


def value_wishes(heard: Heard, grounder: Grounder) -> tuple[list[Addition], list[Mention]]:
    """Wishes for values and yes/no properties, and the mentions that no slot of these kinds carries."""
    valued: list[_Valued] = []
    additions: list[Addition] = []
    homeless: list[Mention] = []
    heads = {id(k.mention) for k in heard.kinds if k.part in ("head", "target")}
    for mention in wishing(heard):
        need = need_at(heard, mention.start)
        kinds = heard.categories(need)
        if id(mention) in heads and not _narrowing(mention, grounder, kinds):
            continue
        scopes = heard.scopes.at(mention.start, mention.end)
        reading = grounder.meant(mention, kinds)
        if reading and _names_slot(heard, mention, reading):
            reading = None
        negated, hard = Scope.NEGATED in scopes, _hard(scopes)
        if reading and reading.values:
            allowed = Scope.ALLOWED in scopes and not _wished_before(heard, reading.slot)
            added = Scope.ADDED in scopes
            valued.append(_Valued(need, reading.slot, reading.values, negated, hard, added, allowed))
        elif flag := _flag(heard, mention, grounder, kinds):
            if negated and _standing(heard, need, flag.name):
                continue  # taken back by removals
            op = Op.NE if negated else Op.EQ
            additions.append(Addition(Constraint(flag.name, op, True), hard, need))
        elif ("value" in mention.roles and "slot" not in mention.roles) or _had(heard, mention, grounder):
            homeless.append(mention)
    return [*additions, *_merged(heard, valued)], homeless


def _wished_before(heard: Heard, slot: str) -> bool:
    return any(w.slot == slot for n in heard.state.active_needs for w in n.wishes)


def wishing(heard: Heard) -> Iterator[Mention]:
    """Mentions that may state a wish: not a kind looked for, not within a question, not taken back."""
    for mention in heard.mentions:
        if not mention.roles & {"value", "slot"} or not heard.open(mention.start, mention.end):
            continue
        scopes = heard.scopes.at(mention.start, mention.end)
        if scopes & {Scope.TAKEN_BACK} or (Scope.ALLOWED in scopes and allowed_again(heard, mention)):
            continue
        yield mention


def _narrowing(mention: Mention, grounder: Grounder, kinds: Sequence[str]) -> bool:
    """Is a kind's name also a value that tells some of these products from the rest (游戏本 among 笔记本)?"""
    reading = grounder.meant(mention, kinds)
    if reading is None or reading.weight < 0.85 or not kinds or reading.slot == "brand":
        return False
    kind = mention.reading("kind")
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


def _names_slot(heard: Heard, mention: Mention, reading: Reading) -> bool:
    """Is the slot meant rather than a value that happens to hold the word ("16 gigs of ram" against DVD-RAM)?"""
    slot = mention.reading("slot")
    if slot is None:
        return False
    beside = _beside_number(heard, mention)
    return (bool(slot.name) and beside) or (reading.weight < 1 and (bool(slot.name) or beside))


def _hard(scopes: frozenset[Scope]) -> bool:
    return Scope.HARD in scopes or Scope.SOFT not in scopes


def _flag(heard: Heard, mention: Mention, grounder: Grounder, kinds: Sequence[str]) -> Slot | None:
    """The yes/no slot a mention asks for, when enough of these products state it."""
    named = grounder.slots_named(mention)
    flags = [s for s in named if s.kind == "boolean" and s.informable and _covered(s, kinds)]
    best = max(flags, key=lambda s: _share(s, kinds), default=None)
    others = max((_share(s, kinds) for s in named if s.kind == "category"), default=0.0)
    return best if best and _share(best, kinds) >= others else None  # a colour is no yes or no


def _covered(slot: Slot, kinds: Sequence[str]) -> bool:
    if not kinds:
        return slot.coverage > 0
    return max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0) >= COVERED


def _had(heard: Heard, mention: Mention, grounder: Grounder) -> bool:
    """Is a property only asked to be there ("with hdmi", 带指纹识别)? A slot's bare name wishes nothing."""
    kinds = {s.kind for s in grounder.slots_named(mention)}
    if "boolean" in kinds and "category" not in kinds:
        return True
    return not _beside_number(heard, mention) and says_before(heard.lower, "feature", mention.start)


def _beside_number(heard: Heard, mention: Mention) -> bool:
    return any(beside(mention, bound) for bound in heard.bounds)


def _standing(heard: Heard, need: int | None, slot: str) -> list[Wish]:
    """Positive wishes on a slot in the need (in all active ones)."""
    needs = [n for n in heard.state.active_needs if need in (None, n.id)]
    return [
        w
        for n in needs
        for w in n.wishes
        if isinstance(w.what, Constraint) and w.slot == slot and w.what.op in (Op.EQ, Op.IN)
    ]


def _left_over(heard: Heard, said: _Valued) -> tuple[Scalar, ...]:
    """What is left of wished alternatives when one of them is refused ("HP or Dell" ... "no Dell after all")."""
    refused = {v.casefold() for v in said.values}
    for wish in _standing(heard, said.need, said.slot):
        assert isinstance(wish.what, Constraint)
        left = tuple(v for v in wish.what.values if str(v).casefold() not in refused)
        if left and len(left) < len(wish.what.values):
            return left
    return ()


def _merged(heard: Heard, valued: Sequence[_Valued]) -> list[Addition]:
    """Several values of one slot are alternatives; refused ones are refused one by one."""
    made: list[Addition] = []
    positive: dict[tuple[int | None, str], list[_Valued]] = {}
    for said in valued:
        left = _left_over(heard, said) if said.negated else ()
        if left:
            op, rest = (Op.IN, left) if len(left) > 1 else (Op.EQ, left[0])
            made.append(Addition(Constraint(said.slot, op, rest), said.hard, said.need))
        elif said.negated:
            made.extend(Addition(Constraint(said.slot, Op.NE, v), said.hard, said.need) for v in said.values)
        else:
            positive.setdefault((said.need, said.slot), []).append(said)
    for (need, slot), group in positive.items():
        values = tuple(dict.fromkeys(v for s in group for v in s.values))
        what = Constraint(slot, Op.EQ, values[0]) if len(values) == 1 else Constraint(slot, Op.IN, values)
        hard = any(s.hard for s in group) and not (len(group) == 1 and group[0].allowed)
        made.append(Addition(what, hard, need, any(s.extends for s in group)))
    return made


def number_wishes(heard: Heard, grounder: Grounder) -> list[Addition]:
    """Wishes on numbers: prices, ratings, and every slot that a unit or a word near a number tells."""
    made: list[Addition] = []
    for bound in heard.bounds:
        if not heard.open(bound.number.start or bound.start, bound.number.end or bound.end):
            continue
        scopes = heard.scopes.at(bound.start, bound.end)
        if Scope.TAKEN_BACK in scopes:
            continue
        need = None if says(heard.lower, "each") else need_at(heard, bound.start)
        hard = _hard(scopes)
        if _new_limit(heard, bound, scopes):
            bound = replace(bound, low=None, cue="set")
        made.extend(Addition(c, hard, need) for c in numbers_of(heard, grounder, bound, heard.categories(need)))
    return made


def _new_limit(heard: Heard, bound: BoundSpan, scopes: frozenset[Scope]) -> bool:
    """ "800 is ok too" with a budget standing: the new end of it."""
    bare = bound.cue == "bare" and bound.unit is None and bound.exact and bound.money is not False
    return (
        bare and Scope.ALLOWED in scopes and any(w.slot == "price" for n in heard.state.active_needs for w in n.wishes)
    )


def numbers_of(heard: Heard, grounder: Grounder, bound: BoundSpan, kinds: Sequence[str]) -> tuple[Constraint, ...]:
    """The constraints that one number of the message makes; none when it fits no slot well enough."""
    target = _on_target(heard, bound)
    measured = grounder.quantities.slot_for(bound, near(heard, bound, grounder), kinds, target)
    return bounds_of(measured, bound, target) if measured else ()


def beside(mention: Mention, bound: BoundSpan) -> bool:
    """Does a mention stand right by a measured number ("16 gigs of ram", "ram 16gb")?"""
    return bound.unit is not None and (0 <= mention.start - bound.end <= 4 or 0 <= bound.start - mention.end <= 3)


def near(heard: Heard, bound: BoundSpan, grounder: Grounder) -> dict[str, float]:
    """Slots named around a number, by closeness: 1 right beside it, less further off; nothing over another number."""
    found: dict[str, float] = {}
    clause = heard.message.clause_at(bound.start)
    for reading in grounder.book.readings_of(bound.unit) if bound.unit else ():
        if reading.role == "slot":
            found[reading.slot] = BY_UNIT if reading.weight >= 0.9 else reading.weight
    for mention in heard.mentions:
        if "slot" not in mention.roles:
            continue
        gap = mention.start - bound.end if mention.start >= bound.end else bound.start - mention.end
        crossed = any(
            o is not bound and min(bound.start, mention.start) < o.start < max(bound.end, mention.end)
            for o in heard.bounds
        )
        if crossed or gap > 2 * NEAR or not clause.covers(mention.start, mention.end):
            continue
        closeness = 1.0 if gap <= NEAR else 0.5
        for reading in mention.readings:
            if reading.role == "slot" and (reading.name or "kind" not in mention.roles):
                found[reading.slot] = max(found.get(reading.slot, 0.0), closeness * reading.weight)
    return found


def _on_target(heard: Heard, bound: BoundSpan) -> bool:
    """Does the number stand by what the product is for ("for a 15.6 inch laptop")?"""
    return any(
        (k.part == "target" and -1 <= k.mention.start - bound.end <= 3)
        or (k.part == "target" and 0 <= bound.start - k.mention.end <= 4)
        for k in heard.kinds
    )


def need_at(heard: Heard, position: int) -> int | None:
    """The need that words at a position belong to: the kind they stand by, None for every active one.

    English puts attributes before the noun, so words after a comma or "and" belong to the kind that follows.
    """
    placed = sorted(heard.placed, key=lambda p: p.sought.start)
    if len(placed) == 1:
        return placed[0].need
    if not placed:
        return None
    before = [p for p in placed if p.sought.start <= position]
    after = [p for p in placed if p.sought.start > position]
    if not before:
        return after[0].need
    between = heard.lower[before[-1].sought.end : position]
    if after and re.search(r"\band\b|,|\bplus\b|&|和|、|还有", between):
        return after[0].need
    if not after and re.search(r",", between):
        return None
    return before[-1].need


def order_wishes(heard: Heard, grounder: Grounder, bounded: Iterable[str]) -> list[Addition]:
    """Wishes about order, and critiques against an item: "cheaper than that" is a bound at its price."""
    made: list[Addition] = []
    taken = set(bounded)
    for order in heard.orders:
        if not heard.open(order.start, order.end):
            continue
        need = need_at(heard, order.start)
        slot = slot_of_order(heard, order, grounder, heard.categories(need))
        if slot is None or (order.kind == "comparative" and slot in taken):
            continue
        if order.kind == "comparative" and not _SORTED.match(heard.lower, order.end):
            bound = _against_item(heard, order, slot, grounder)
            if bound is not None:
                taken.add(slot)
                made.append(Addition(bound, True, need))
                continue
        made.append(
            Addition(Order(slot, order.direction), Scope.SOFT not in heard.scopes.at(order.start, order.end), need)
        )
    return made


def slot_of_order(heard: Heard, order: OrderSpan, grounder: Grounder, kinds: Sequence[str]) -> str | None:
    """The slot an order is about: the one its noun names, else its concept's slot that these products state most."""
    if order.noun:
        for mention in heard.within(order.noun):
            numbers = [s for s in grounder.slots_named(mention) if s.kind == "number" or s.name in ("price", "rating")]
            if numbers:
                return max(numbers, key=lambda s: _share(s, kinds)).name
    if order.concept in ("price", "rating") and order.concept in grounder.slots:
        return order.concept
    fitting = [s for s in grounder.slots.values() if s.concept == order.concept and s.kind == "number"]
    best = max(fitting, key=lambda s: _share(s, kinds), default=None) if order.concept else None
    return best.name if best and _share(best, kinds) > 0 else None


def _share(slot: Slot, kinds: Sequence[str]) -> float:
    if not kinds:
        return slot.coverage
    return max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0)


def _against_item(heard: Heard, order: OrderSpan, slot: str, grounder: Grounder) -> Constraint | None:
    """The bound that a comparison with a shown item makes; without one named, with the first of the latest list."""
    pointed = [r for r in heard.references if r.ids]
    ids = pointed[0].ids[:1] if pointed else heard.state.latest[:1]
    if heard.placed and any(p.fresh for p in heard.placed):
        return None
    products = grounder.catalog.get(ids)
    number = number_of(products[0], slot) if products else None
    if number is None:
        return None
    unit = None if slot in ("price", "rating") else grounder.slots[slot].unit
    return Constraint(slot, Op.LT if order.direction == "asc" else Op.GT, number, unit)


def text_wishes(heard: Heard, grounder: Grounder, homeless: Sequence[Mention]) -> list[Addition]:
    """Wishes in the shopper's words: properties no slot of these kinds carries, and content words by a kind."""
    made: list[Addition] = []
    for mention in homeless:
        if not heard.scopes.negated(mention.start, mention.end) and grounder.heard_of(mention.words.split()[0]):
            made.append(Addition(Text(mention.words), False, need_at(heard, mention.start)))
    for kind in heard.kinds:
        place = (kind.mention.start, kind.mention.end)
        if kind.part in ("target", "feature") and heard.open(*place) and not heard.scopes.negated(*place):
            made.append(Addition(Text(kind.mention.words), False, need_at(heard, kind.mention.start)))
    for gap in heard.grounded.gaps:
        if not _says_something(heard, gap):
            continue
        spoken = [
            p for p in gap.pieces if p.cjk or (grounder.heard_of(p.key) and _telling(heard, p.text, gap.start, gap.end))
        ]
        text = _joined([(p.text if p.cjk else p.key, p.cjk) for p in spoken])
        if text and (not all(p.cjk for p in spoken) or (len(text) > 1 and grounder.heard_of(text))):
            made.append(Addition(Text(text), False, need_at(heard, gap.start)))
    return made


def _says_something(heard: Heard, gap: Gap) -> bool:
    """Is a run of unexplained words a wish at all: no cue, no order, nothing refused, no question?"""
    cues = [*((s.start, s.end) for s in heard.scopes.spans), *((o.start, o.end) for o in heard.orders)]
    if any(start < gap.end and gap.start < end for start, end in cues) or not heard.open(gap.start, gap.end):
        return False
    return not heard.scopes.at(gap.start, gap.end) & {Scope.NEGATED, Scope.TAKEN_BACK}


def _telling(heard: Heard, word: str, start: int, end: int) -> bool:
    """An ordinary word tells something when it stands by the thing: "gaming laptop", "for travelling"."""
    if len(word) < 2 or word.isdigit():
        return False
    if word not in plain_words():
        return True
    by_kind = any(0 <= k.mention.start - end <= 2 for k in heard.kinds)
    return by_kind or bool(re.search(r"(?:\bfor|\bwith|\bthat)\s(?:\w+\s)?$", heard.lower[:start]))


def _joined(parts: Sequence[tuple[str, bool]]) -> str:
    text = ""
    for word, cjk in parts:
        text += ("" if cjk or not text else " ") + word
    return text


def spans_of(bounds: Iterable[BoundSpan]) -> tuple[Span, ...]:
    """The stretches of numbers with their units: nothing else is read into them."""
    return tuple(b.number if len(b.number) else Span(b.start, b.end) for b in bounds)


def readings_for(mention: Mention, slot: str) -> tuple[Reading, ...]:
    """The mention's value readings for a slot."""
    return tuple(r for r in mention.readings if r.role == "value" and r.slot == slot)
