"""Which needs a message opens, restates, returns to or narrows the turn to; with the category wishes they bring.

Knows kinds and names that were heard; leaves values and numbers to wishes.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog.types import Constraint, Op
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, share_of
from chatbot.track.needs import Placed, Sought, categories_of, constraint_of, place, sought_in
from chatbot.track.parts import KindMention, corrected, put_off, says
from chatbot.track.reasons import never_lifts, said_as_wish
from chatbot.track.spans import Scope, Span
from chatbot.track.wording import compiled, words
from chatbot.types import Addition, Need, NeedEdit

_ALL_OF_IT = re.compile(
    r"s?\s*(?:$|[,.;!?&-]|(?:and|now|please|then|but|after all|altogether|completely|for good|thanks|instead|idea|part|thing)\b|吧|了)"
)
_THE = re.compile(r"\b(?:the|that|this|my)\s$")
_NOT_SOUGHT = frozenset({Scope.NEGATED, Scope.TAKEN_BACK, Scope.ALLOWED})


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the needs: where each sought thing goes, edits, which are active (None: as before)."""

    placed: tuple[Placed, ...] = ()
    edits: tuple[NeedEdit, ...] = ()
    active: tuple[int, ...] | None = None
    additions: tuple[Addition, ...] = ()
    removed: tuple[str, ...] = ()  # wishes that a restated need cannot have


def plan_needs(heard: Heard, grounder: Grounder, absent: Sequence[str]) -> Plan:
    """The needs of the turn. A kind the shop does not carry opens none: it is reported as absent."""
    things = _things(heard, grounder, absent)
    if not things:
        return Plan(active=_left(heard), additions=_refused(heard, grounder), removed=_dropped(heard))
    things = _welcomed(heard, grounder, things)
    another = any(s.scope is Scope.NEED for s in heard.scopes.spans) or says(heard.lower, "another")
    placed = place(
        heard.state,
        things,
        another,
        lambda need, thing: _restates(heard, grounder, need, thing),
        lambda thing: _THE.search(heard.lower[: thing.start]) is not None,
    )
    edits = tuple(NeedEdit(p.need, _query(p.sought, heard, grounder)) for p in placed if p.fresh or p.edits_category)
    additions = [
        Addition(constraint_of(p.sought.categories), True, p.need)
        for p in placed
        if (p.fresh or p.edits_category) and p.sought.categories and not _vacuous(p.sought, grounder)
    ]
    return Plan(
        placed,
        edits,
        _active(heard, placed),
        (*additions, *_refused(heard, grounder)),
        (*_outlived(heard, grounder, placed), *_dropped(heard)),
    )


def _welcomed(heard: Heard, grounder: Grounder, things: tuple[Sought, ...]) -> tuple[Sought, ...]:
    """A thing that "is fine too" (MPV也可以看看) stands beside one of its sort that is looked for, as an alternative."""
    needs = [n for n in heard.state.active_needs if categories_of(n)]
    if len(needs) != 1 or len(things) != 1 or not things[0].categories:
        return things
    old, thing = categories_of(needs[0]), things[0]
    alike = grounder.kinds.close() or grounder.kinds.akin(old, thing.categories)
    if not alike or set(old) & set(thing.categories) or Scope.ALLOWED not in heard.scopes.at(thing.start, thing.end):
        return things
    both = (*old, *thing.categories)
    return (replace(thing, categories=both, words=f"{needs[0].query} {thing.words}".strip(), several=True),)


def _restates(heard: Heard, grounder: Grounder, need: Need, thing: Sought) -> bool:
    """Does a thing of another kind take the place of the one in hand: where the shop's kinds are all alike, or where the
    shopper corrects the wish for a thing of the same sort ("a t-shirt actually")? What else was wished then stands."""
    if grounder.kinds.close():
        return True
    instead = any(s.scope is Scope.REPLACED for s in heard.scopes.spans) or corrected(heard.lower)
    return instead and grounder.kinds.akin(categories_of(need), thing.categories)


def _outlived(heard: Heard, grounder: Grounder, placed: Sequence[Placed]) -> tuple[str, ...]:
    """Wishes of a restated need on slots that the new kind of thing does not have: no screen size for a desktop."""
    gone = []
    for was, now in (
        (heard.state.need(p.need), p.sought.categories) for p in placed if p.edits_category and not p.fresh
    ):
        for wish in was.wishes if was and categories_of(was) else ():
            slot = grounder.slots.get(wish.slot)
            if slot and slot.name not in ("category", "price", "brand") and share_of(slot, now) == 0:
                gone.append(wish.id)
    return tuple(gone)


def _things(heard: Heard, grounder: Grounder, absent: Sequence[str]) -> tuple[Sought, ...]:
    """Kinds looked for, else a product called by its name."""
    open_kinds = [
        k
        for k in heard.kinds
        if (heard.open(k.mention.start, k.mention.end) or _pattern(heard, k))
        and Scope.TAKEN_BACK not in heard.scopes.at(k.mention.start, k.mention.end)
        and not _is_refused(heard, k)
        and not tells_of_part(heard, grounder, k)
        and not (put_off(heard.lower, k.mention) and _known(heard, k))
        and not _let_back(heard, k)
    ]
    things = tuple(t for t in sought_in(open_kinds) if not any(a.casefold().startswith(t.words) for a in absent))
    if things:
        return things
    named = [m for m in heard.mentions if m.reading("product") and _opens(heard, m)] or _things_titled(heard, grounder)
    if not named or not _new_name(heard, grounder, named):
        return ()
    brands = [m for m in heard.mentions if any(r.slot == "brand" for r in m.readings)]
    spoken = " ".join(m.words for m in sorted({*brands, *named}, key=lambda m: m.start))
    return (Sought((), spoken, "", tuple(named)),)


def _let_back(heard: Heard, kind: KindMention) -> tuple[str, ...]:
    """The wishes against a kind that is welcome again (不要MPV, then MPV也可以看看): without them it is one of several."""
    if Scope.ALLOWED not in heard.scopes.at(kind.mention.start, kind.mention.end):
        return ()
    against = [Constraint("category", Op.NE, value) for value in kind.reading.values]
    return tuple(w.id for n in heard.state.active_needs for w in n.wishes if w.what in against)


def _known(heard: Heard, kind: KindMention) -> bool:
    """Has the dialogue a need for the kind?"""
    return any(set(categories_of(n)) & set(kind.reading.values) for n in heard.state.needs)


def _opens(heard: Heard, mention: Mention) -> bool:
    """Is a product named to be looked for: by a model number, a capital letter, or beside its maker?"""
    if not heard.open(mention.start, mention.end) or heard.scopes.at(mention.start, mention.end) & _NOT_SOUGHT:
        return False
    if any(Span(r.start, r.end).touches(mention.start, mention.end) for r in heard.references):
        return False
    written = heard.message.text[mention.start : mention.end]
    if not written.isascii() or any(c.isdigit() or c.isupper() for c in written):
        return True
    return any(0 <= mention.start - m.end <= 1 and any(r.slot == "brand" for r in m.readings) for m in heard.mentions)


def _things_titled(heard: Heard, grounder: Grounder) -> list[Mention]:
    """Things by a common name that no list of kinds holds and some titles do ("do you sell aprons?", "some soup"), where
    nothing is looked for yet."""
    if heard.state.active_needs:
        return []
    gaps = [g for g in heard.grounded.gaps if all(grounder.titles.count(p.key) for p in g.pieces)]
    called = [m for m in heard.mentions if m.reading("product")] or [Mention(g.start, g.end, g.words, ()) for g in gaps]
    return [
        m
        for m in called
        if heard.open(m.start, m.end)
        and not heard.scopes.at(m.start, m.end) & _NOT_SOUGHT
        and not never_lifts(m.words)
        and said_as_wish(heard, m.start, m.end)
    ]


def _new_name(heard: Heard, grounder: Grounder, named: Sequence[Mention]) -> bool:
    """Is the named product of another kind than the need in hand (or is there none)?"""
    if not heard.state.active_needs:
        return True
    wanted = {c for n in heard.state.active_needs for c in categories_of(n)}
    ids = [i for m in named if (r := m.reading("product")) for i in r.values]
    kinds = {p.kind for p in grounder.catalog.get(ids[:20])}
    return bool(wanted) and not (kinds & wanted)


def _active(heard: Heard, placed: tuple[Placed, ...]) -> tuple[int, ...] | None:
    """The turn is about what was just named, unless a wish was only added to one of several active needs."""
    ids = tuple(dict.fromkeys(p.need for p in placed))
    if any(p.fresh for p in placed):
        return ids
    if set(ids) == set(heard.state.active):
        return None
    inside = set(ids) <= set(heard.state.active)
    if inside and heard.bounds and not says(heard.lower, "narrow"):
        return None
    return ids


def _left(heard: Heard) -> tuple[int, ...] | None:
    """The needs that stay when one of several is given up ("drop the jeans"); None when none is."""
    given_up = {
        value
        for k in heard.kinds
        if Scope.TAKEN_BACK in heard.scopes.at(k.mention.start, k.mention.end)
        or _is_refused(heard, k)
        or put_off(heard.lower, k.mention)
        for value in k.reading.values
    }
    left = tuple(n.id for n in heard.state.active_needs if not set(categories_of(n)) & given_up)
    return left if given_up and left and len(left) < len(heard.state.active) else None


def _dropped(heard: Heard) -> tuple[str, ...]:
    """Every wish of a thing that is given up for good ("forget the jacket"), so that the ledger shows it no more; of one
    that is welcome again, those against it."""
    over = [
        k
        for k in heard.kinds
        if Scope.TAKEN_BACK in heard.scopes.at(k.mention.start, k.mention.end)
        and _ALL_OF_IT.match(heard.lower, k.mention.end)
        and not put_off(heard.lower, k.mention)
    ]
    dropped = (
        w.id
        for k in over
        for n in heard.state.needs
        if set(k.reading.values) & set(categories_of(n))
        for w in n.wishes
        if w.slot == "category" or not _released(heard, k)
    )
    return tuple(dict.fromkeys((*dropped, *(id for k in heard.kinds for id in _let_back(heard, k)))))


def _released(heard: Heard, kind: KindMention) -> bool:
    """Need it only not be this kind ("it doesn't have to be an SUV")?"""
    place = (kind.mention.start, kind.mention.end)
    cues = [s for s in heard.scopes.spans if s.scope is Scope.TAKEN_BACK and s.over.covers(*place)]
    return any(_releasing().search(heard.lower, s.start, s.end) for s in cues)


@cache
def _releasing() -> re.Pattern[str]:
    return compiled(words("scope")["released"]["cues"])


def _vacuous(sought: Sought, grounder: Grounder) -> bool:
    """Everything the shop sells is this: no filter."""
    return set(sought.categories) >= set(grounder.kinds.categories)


def _query(sought: Sought, heard: Heard, grounder: Grounder) -> str:
    """Words for recall: the thing, in words the shop's records have, and the product names said with it."""
    known = all(grounder.heard_of(word) for word in sought.words.split())
    spoken = sought.words if known or not sought.categories else sought.categories[0]
    names = [m.words for m in heard.mentions if m.reading("product") and heard.open(m.start, m.end)]
    extra = [n for n in names if n not in sought.words]
    if sought.categories and _vacuous(sought, grounder):
        return " ".join(extra)  # "the dearest car" in a shop of cars: the word tells no car from another
    return " ".join([*extra, spoken])


def _is_refused(heard: Heard, kind: KindMention) -> bool:
    """Is the kind itself refused? In "no HP mice" the maker is, in "no 15 inch laptops" the size."""
    start, end = kind.mention.start, kind.mention.end
    negations = [s.over for s in heard.scopes.spans if s.scope is Scope.NEGATED and s.over.covers(start, end)]
    values = [Span(m.start, m.end) for m in heard.mentions if m.reading("value") and m is not kind.mention]
    values = [v for v in (*values, *(Span(b.start, b.end) for b in heard.bounds)) if v.end <= start]
    return bool(negations) and not any(n.covers(v.start, v.end) for n in negations for v in values)


def _pattern(heard: Heard, kind: KindMention) -> bool:
    """Is it the kind of what something should be like ("anything like the red dress?")?"""
    return any(s.covers(kind.mention.start, kind.mention.end) for s in heard.likened)


def tells_of_part(heard: Heard, grounder: Grounder, kind: KindMention) -> bool:
    """Is it a part that the thing must not have ("a laptop, no glossy screen") or may have ("a cable is fine too")?
    "No HP mice" speaks of the thing."""
    place = (kind.mention.start, kind.mention.end)
    others = {v for k in heard.kinds if k.part == "head" and k is not kind for v in k.reading.values}
    wanted = others | {c for n in heard.state.active_needs for c in categories_of(n)}
    if not wanted or wanted & set(kind.reading.values):
        return False
    if Scope.ALLOWED in heard.scopes.at(*place):
        return grounder.meant(kind.mention, tuple(wanted)) is not None
    return heard.scopes.negated(*place)


def _is_value(kind: KindMention) -> bool:
    """Does the name of a kind say a value of another property, by which alone it can be refused (不要游戏本)?"""
    own = any(value.casefold() == kind.mention.words for value in kind.reading.values)
    told = any(
        r.role == "value" and r.slot not in ("category", "brand") for r in kind.mention.readings if r.weight >= 1
    )
    return told and not own


def _refused(heard: Heard, grounder: Grounder) -> tuple[Addition, ...]:
    """Kinds refused: "but no backpacks"; where something is looked for, those that it could be are left besides them.

    A kind that the shop files under the one looked for ("no chromebooks") cannot be refused by category.
    """
    refused = [
        k
        for k in heard.kinds
        if k.part == "head"
        and _is_refused(heard, k)
        and heard.open(k.mention.start, k.mention.end)
        and not tells_of_part(heard, grounder, k)
        and not _is_value(k)
    ]
    values = dict.fromkeys(v for k in refused for v in k.reading.values[:8])
    needs = [n for n in heard.state.active_needs if categories_of(n)]
    if not needs:
        return tuple(Addition(Constraint("category", Op.NE, value), True) for value in values)
    left = {n.id: tuple(c for c in categories_of(n) if c not in values) for n in needs}
    return tuple(
        Addition(constraint_of(left[n.id]), True, n.id) for n in needs if 0 < len(left[n.id]) < len(categories_of(n))
    )
