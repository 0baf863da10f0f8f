"""Wishes measured by things shown: "cheaper than the second", "half the price of that", "between the first and the
third", "in another colour".

Each becomes a constraint with the record's own number or value, which then replaces the earlier wish like any other.
Where nothing is pointed at, the item in hand is meant, else the whole list: "cheaper" is cheaper than all of them.
Knows references and the ledger; knows nothing of how orders are found.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from catalog.types import Constraint, Op, Product
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, need_at
from chatbot.track.pieces import pieces
from chatbot.track.references import SPECIFIC, Reference, extreme, number_of, unit_of
from chatbot.track.spans import OrderSpan, Span
from chatbot.track.wording import alternation, words
from chatbot.types import Addition, Need

_JOIN = re.compile(r"\s*(?:and|to|&|-|和|与|跟|到|、)\s*")
_DEAR = re.compile(r"pric|cost|expensive|much|money|pay|价|钱|贵")


def against_item(
    heard: Heard, order: OrderSpan, slot: str, grounder: Grounder, need: int | None = None
) -> Constraint | None:
    """The bound that a comparison makes: below or above the item it names, the one in hand, or all that were shown."""
    if heard.placed and any(p.fresh for p in heard.placed):
        return None
    ids, whole = _measured_by(heard, order)
    products = grounder.catalog.get(ids)
    op = Op.LT if order.direction == "asc" else Op.GT
    found = grounder.catalog.get(extreme(products, slot, order.direction))
    bounds = [_bound(grounder, p, slot, op) for p in (*found, *(products[:1] if whole else ()))]
    made = [b for b in bounds if b is not None]
    return next((b for b in made if not whole or _any_left(heard, grounder, need, b)), made[0] if made else None)


def measured_wishes(heard: Heard, grounder: Grounder) -> list[Addition]:
    """Every wish of the message that is told by a thing shown, but for plain comparisons."""
    if not heard.state.shown:
        return []
    return [*_beyond(heard, grounder), *_times(heard, grounder), *_between(heard, grounder), *_another(heard, grounder)]


def yardsticks(heard: Heard) -> tuple[Span, ...]:
    """The stretches that name what a wish is measured by: they state none themselves."""
    compared = [o for o in heard.orders if o.kind == "comparative"]
    found = [Span(r.start, r.end) for o in compared if o.than for r in _touching(heard, o.than)]
    for reference in heard.references:
        points = reference.ids and reference.how in SPECIFIC
        meant = reference.how == "place" or reference.shown or (reference.how == "described" and reference.single)
        refused = any(s.over.touches(reference.start, reference.end) for s in heard.scopes.spans)
        if points and ((meant and not refused) or measures(heard, reference)):
            found.append(Span(reference.start, reference.end))
    found += [Span(*m.span()) for m in _times_of().finditer(heard.lower)] if heard.state.shown else []
    return tuple(found)


def measures(heard: Heard, reference: Reference) -> bool:
    """Is it what a wish is measured by: "lighter than X", "like X, but", "X is too heavy"?"""
    own = Span(reference.start, reference.end)
    clause = heard.message.clause_at(reference.start)
    compared = [o for o in heard.orders if o.kind == "comparative" and not own.touches(o.start, o.end)]
    if any(clause.covers(o.start, o.end) or (o.than and own.touches(o.than.start, o.than.end)) for o in compared):
        return True
    before = heard.lower[: reference.start]
    if _before().search(before) or _between_of().search(before) or _times_before().search(before):
        return True
    if heard.lower.startswith("之间", reference.end) or heard.lower.startswith("之间", reference.end + 1):
        return True
    earlier = [r for r in heard.references if r.end <= reference.start and r.how in SPECIFIC]
    joined = bool(earlier) and _JOIN.fullmatch(heard.lower, earlier[-1].end, reference.start) is not None
    return joined and measures(heard, earlier[-1])


def _touching(heard: Heard, span: Span) -> list[Reference]:
    return [r for r in heard.references if r.ids and span.touches(r.start, r.end)]


def _measured_by(heard: Heard, order: OrderSpan) -> tuple[tuple[str, ...], bool]:
    """What a comparison is with, and whether it is with all that was shown."""
    pointed = _touching(heard, order.than) if order.than else []
    outside = [r for r in heard.references if r.ids and not Span(order.start, order.end).touches(r.start, r.end)]
    pointed = pointed or [r for r in outside if r.how in SPECIFIC] or outside
    state = heard.state
    if pointed and pointed[0].how != "one":
        return pointed[0].ids, False
    if len(state.focus) == 1:
        return state.focus, False
    return state.latest, True


def _bound(grounder: Grounder, product: Product, slot: str, op: Op, times: float = 1.0) -> Constraint | None:
    number = number_of(product, slot)
    if number is None:
        return None
    return Constraint(slot, op, round(number * times, 2), unit_of(product, grounder.slots.get(slot)))


def _any_left(heard: Heard, grounder: Grounder, need: int | None, bound: Constraint) -> bool:
    """Is there anything that meets the bound and what else is wished?"""
    needs = [n for n in heard.state.active_needs if need in (None, n.id)]
    return any(grounder.catalog.match([*_standing(n, bound), bound]).any() for n in needs)


def _standing(need: Need, bound: Constraint) -> list[Constraint]:
    return [w.what for w in need.wishes if w.hard and isinstance(w.what, Constraint) and w.slot != bound.slot]


def _times(heard: Heard, grounder: Grounder) -> list[Addition]:
    """ "Half the price of the first", "twice the memory"."""
    made = []
    for found in _times_of().finditer(heard.lower):
        times = words("references")["yardstick"]["times"][found["times"]]
        slot = _slot_within(heard, grounder, Span(found.start(), heard.message.clause_at(found.start()).end))
        products = _yardstick(heard, grounder, found.end())
        op = Op.LE if times < 1 else Op.GE
        bound = _bound(grounder, products[0], slot, op, times) if slot and products else None
        if bound:
            made.append(Addition(bound, True, need_at(heard, found.start())))
    return made


def _beyond(heard: Heard, grounder: Grounder) -> list[Addition]:
    """ "Under the price of the second", "for less than that one": no adjective says what of, so it is the price."""
    made = []
    for reference in heard.references:
        cue = _beyond_of().search(heard.lower[: reference.start]) if reference.ids else None
        if not cue or not heard.open(cue.start(), cue.start() + 1):
            continue
        if any(o.start < reference.start and cue.start() < o.end for o in heard.orders):
            continue
        op, direction = (Op.LT, "asc") if cue["less"] else (Op.GT, "desc")
        products = grounder.catalog.get(extreme(grounder.catalog.get(reference.ids), "price", direction))  # type: ignore[arg-type]
        bound = _bound(grounder, products[0], "price", op) if products else None
        if bound:
            made.append(Addition(bound, True, need_at(heard, cue.start())))
    return made


def _between(heard: Heard, grounder: Grounder) -> list[Addition]:
    """ "Something between the first and the third": of their price, unless another number is named."""
    pointed = [r for r in heard.references if r.ids and r.how in SPECIFIC]
    for first, second in pairwise(pointed):
        opened = _between_of().search(heard.lower[: first.start])
        closed = heard.lower[second.end :].lstrip().startswith("之间")
        if opened and not heard.open(opened.start(), opened.end()):
            continue  # "between the first and the second, which is lighter": asked, not wished
        if not (opened or closed) or not _JOIN.fullmatch(heard.lower, first.end, second.start):
            continue
        clause = heard.message.clause_at(first.start)
        slot = _slot_within(heard, grounder, clause) or "price"
        products = grounder.catalog.get((first.ids[0], second.ids[0]))
        ends = [n for p in products if (n := number_of(p, slot)) is not None]
        if len(ends) == 2:
            unit = unit_of(products[0], grounder.slots.get(slot))
            low, high = sorted(ends)
            return [Addition(Constraint(slot, Op.GE, low, unit)), Addition(Constraint(slot, Op.LE, high, unit))]
    return []


def _another(heard: Heard, grounder: Grounder) -> list[Addition]:
    """ "The same in another colour": any value but the item's own."""
    made: list[Addition] = []
    for found in _other().finditer(heard.lower):
        name = "other" if found["other"] else "other_zh"
        if not heard.open(*found.span(name)) or heard.lower.startswith(("也", "都", "的也", "的都"), found.end(name)):
            continue  # 别的牌子也看看: those too
        products = _yardstick(heard, grounder, found.end())
        slot = _slot_within(heard, grounder, Span(*found.span(name)))
        cells = products[0].attributes.get(slot, ()) if slot and len(products) == 1 else ()
        values = (products[0].brand,) if slot == "brand" and products else tuple(c for c in cells if isinstance(c, str))
        if slot and values:
            what = Constraint(slot, Op.NOT_IN, values) if len(values) > 1 else Constraint(slot, Op.NE, values[0])
            made.append(Addition(what, True, need_at(heard, found.start())))
    return made


def _yardstick(heard: Heard, grounder: Grounder, position: int) -> tuple[Product, ...]:
    """The items pointed at from a place on, else anywhere; else the one in hand; else the first shown."""
    pointed = [r for r in heard.references if r.ids and (r.how in SPECIFIC or r.how == "two")]
    behind = [r for r in pointed if r.start >= position - 1] or pointed
    ids = behind[0].ids if behind else heard.state.focus if len(heard.state.focus) == 1 else heard.state.latest[:1]
    return grounder.catalog.get(ids)


def _slot_within(heard: Heard, grounder: Grounder, span: Span) -> str | None:
    """The slot named in a stretch: money before others, a number where there is one."""
    text = heard.lower[span.start : span.end]
    if _DEAR.search(text):
        return "price"
    named = [s for m in heard.within(span) for s in grounder.slots_named(m)]
    named += [
        s
        for p in pieces(text)
        for r in grounder.book.readings_of(p.key)
        if r.role == "slot" and (s := grounder.slots.get(r.slot))
    ]
    best = max(named, key=lambda s: s.coverage, default=None)
    return best.name if best else None


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"{alternation(words('references')['yardstick']['before'])}\s?(?:the\s)?$")


@cache
def _between_of() -> re.Pattern[str]:
    return re.compile(rf"{alternation(words('references')['yardstick']['between'])}\s?(?:the\s)?$")


@cache
def _times_of() -> re.Pattern[str]:
    times = "|".join(sorted(map(re.escape, words("references")["yardstick"]["times"]), key=len, reverse=True))
    return re.compile(
        rf"(?<![a-z])(?:at |for |with |about |around |roughly )*(?P<times>{times})\s?(?=(?:the|its|their|as|that)\s|$|[,.!?]|价|的)"
    )


@cache
def _times_before() -> re.Pattern[str]:
    """ "Twice the battery life of" right before a thing."""
    return re.compile(rf"{_times_of().pattern}[\w ]{{0,24}}?\s?(?:(?:of|as|than|that of)\s(?:the\s)?)?$")


@cache
def _beyond_of() -> re.Pattern[str]:
    table = words("references")["yardstick"]
    return re.compile(rf"(?:(?P<less>{alternation(table['less'])})|{alternation(table['more'])})\s?(?:the\s)?$")


@cache
def _other() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in words("references")["yardstick"]["other"]))
