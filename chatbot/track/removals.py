"""Wishes taken back: "forget the colour", "HP is allowed again", 不限品牌, "any size is fine".

Finds the ledger lines that the words under a cue name, by slot or by value. Knows nothing of new wishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from catalog.types import Constraint, Op
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.spans import Scope, ScopeSpan, Span
from chatbot.track.wording import compiled, words
from chatbot.types import Text, Wish

_LEAST = re.compile(r"\b(?:minimum|min|lower|lowest|bottom)\b|最低|下限|最少")
_MOST = re.compile(r"\b(?:maximum|max|upper|highest|top)\b|最高|上限|最多")
_READMITTING = (Scope.ALLOWED, Scope.ADDED)  # "HP is fine", "HP too": of what was refused before it says no more


def removals(heard: Heard, grounder: Grounder) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the wishes taken back, and the slots that do not matter to the shopper from now on."""
    gone: dict[str, None] = {}
    slots: dict[str, None] = {}
    for cue in heard.scopes.spans:
        if cue.scope is Scope.TAKEN_BACK:
            for wish in _taken_back(heard, cue, grounder, slots):
                gone[wish.id] = None
        elif cue.scope is Scope.NEGATED:
            for wish in _flags_off(heard, cue, grounder):
                gone[wish.id] = None
        elif cue.scope in _READMITTING:
            for wish in _allowed(heard, cue):
                gone[wish.id] = None
    return tuple(gone), tuple(slots)


def allowed_again(heard: Heard, mention: Mention) -> bool:
    """Is the mention only an exclusion's end, no wish of its own?"""
    return any(
        cue.scope in _READMITTING and cue.over.touches(mention.start, mention.end) and list(_allowed(heard, cue))
        for cue in heard.scopes.spans
    )


def takes_back(heard: Heard, mention: Mention) -> bool:
    """Does the mention name a standing wish, by its value or by its slot?"""
    return any(
        _means_value(w, mention) or any(r.role == "slot" and r.slot == w.slot for r in mention.readings)
        for w in heard.state.wishes
    )


def _taken_back(heard: Heard, cue: ScopeSpan, grounder: Grounder, slots: dict[str, None]) -> Iterable[Wish]:
    named = [
        m for m in heard.mentions if cue.over.touches(m.start, m.end) or Span(cue.start, cue.end).covers(m.start, m.end)
    ]
    wishes = _standing(heard)
    by_value = [w for m in named for w in wishes if _means_value(w, m)]
    by_value = by_value or [w for m in named for w in heard.state.wishes if _means_value(w, m)]
    if by_value:
        return by_value
    wanted = {r.slot for m in named for r in m.readings if r.role == "slot"}
    wanted |= _meant_by_phrase(heard.lower[cue.start : cue.over.end], grounder)
    if not wanted and not named:
        return _about_text(heard, cue, wishes)
    wanted |= {r.slot for m in named for r in m.readings if r.role == "value" and not _slot_words(m)}
    found = [w for w in wishes if w.slot in wanted]
    if not found and wanted:
        concepts = {s.concept for name in wanted if (s := grounder.slots.get(name)) and s.concept}
        found = [w for w in wishes if (s := grounder.slots.get(w.slot)) and s.concept in concepts]
    found = _one_end(heard.lower[cue.start : cue.over.end], found)
    slots.update(dict.fromkeys(w.slot for w in found))
    if not found:
        slots.update(dict.fromkeys(s for s in wanted if s in ("price", "brand", "rating")))
    return found


def _meant_by_phrase(said: str, grounder: Grounder) -> set[str]:
    """The slots that a whole phrase means: "who makes it"."""
    concepts = {name for name, entries in words("scope")["meaning"].items() if _phrases(tuple(entries)).search(said)}
    return {s.name for s in grounder.slots.values() if s.name in concepts or s.concept in concepts}


@cache
def _phrases(entries: tuple[str, ...]) -> re.Pattern[str]:
    return compiled(entries)


def _one_end(said: str, found: list[Wish]) -> list[Wish]:
    """ "Drop the minimum price" ends only the lower of two bounds."""
    ends = {Op.GE, Op.GT} if _LEAST.search(said) else {Op.LE, Op.LT} if _MOST.search(said) else set()
    kept = [w for w in found if isinstance(w.what, Constraint) and w.what.op in ends]
    return kept or found


def _flags_off(heard: Heard, cue: ScopeSpan, grounder: Grounder) -> Iterable[Wish]:
    """Yes/no properties wished before and not any more: 座椅通风不要了."""
    for mention in heard.mentions:
        if cue.over.touches(mention.start, mention.end):
            flags = {s.name for s in grounder.slots_named(mention) if s.kind == "boolean"}
            yield from (
                w
                for w in _standing(heard)
                if w.slot in flags and isinstance(w.what, Constraint) and True in w.what.values
            )


def _standing(heard: Heard) -> list[Wish]:
    """The wishes of the active needs (of all, when none is active)."""
    return [w for n in (heard.state.active_needs or heard.state.needs) for w in n.wishes]


def _slot_words(mention: Mention) -> bool:
    return any(r.role == "slot" for r in mention.readings)


def _means_value(wish: Wish, mention: Mention) -> bool:
    what = wish.what
    if isinstance(what, Text):
        return mention.words.casefold() in what.words.casefold()
    if not isinstance(what, Constraint) or what.slot == "category":
        return False
    values = {str(v).casefold() for v in what.values}
    return any(
        r.role == "value" and r.slot == what.slot and values & {v.casefold() for v in r.values}
        for r in mention.readings
    )


def _about_text(heard: Heard, cue: ScopeSpan, wishes: list[Wish]) -> list[Wish]:
    """Words under the cue that no slot carries, but a text wish does; or price words ("不限价格")."""
    over = heard.lower[cue.over.start : cue.over.end]
    return [w for w in wishes if isinstance(w.what, Text) and w.what.words and w.what.words.casefold() in over]


def _allowed(heard: Heard, cue: ScopeSpan) -> Iterable[Wish]:
    """The exclusions that the named values end."""
    for mention in heard.mentions:
        if not cue.over.touches(mention.start, mention.end) or heard.scopes.negated(mention.start, mention.end):
            continue
        for wish in heard.state.wishes:
            if isinstance(wish.what, Constraint) and wish.what.op in (Op.NE, Op.NOT_IN) and _means_value(wish, mention):
                yield wish
