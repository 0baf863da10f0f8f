"""Everything that grammar and grounding found in one message, together with the state it was said in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.types import Slot
from chatbot.track.book import Mention
from chatbot.track.encoded import UNREAD, Encoded
from chatbot.track.ground import Grounded
from chatbot.track.needs import Placed
from chatbot.track.normal import Message
from chatbot.track.parts import KindMention
from chatbot.track.references import Reference
from chatbot.track.spans import ActSpan, BoundSpan, Device, OrderSpan, Scope, Scopes, Span
from chatbot.types import DialogueState, UserAct

_FOR_THE = re.compile(r"(?:and |as |but )?(?:for )?the |至于")
_THE = re.compile(r"(?:\b(?:the|that|this|my|those|these)|[这那]\w?)\s?$")
ITEM_ACTS = frozenset({UserAct.REQUEST, UserAct.COMPARE, UserAct.EXPLAIN, UserAct.ACCEPT, UserAct.REJECT})
ASIDE_ACTS = frozenset({UserAct.FAQ, UserAct.HANDOFF, UserAct.CHITCHAT, UserAct.OTHER})


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as understood word by word. `closed`: stretches that state no wish (questions about items, orders
    to the assistant, small talk). `likened`: those that describe what something else should be like."""

    state: DialogueState
    message: Message
    bounds: tuple[BoundSpan, ...]
    scopes: Scopes
    orders: tuple[OrderSpan, ...]
    acts: tuple[ActSpan, ...]
    grounded: Grounded
    kinds: tuple[KindMention, ...]
    references: tuple[Reference, ...]
    devices: tuple[Device, ...] = ()
    encoded: Encoded = UNREAD
    closed: tuple[Span, ...] = ()
    likened: tuple[Span, ...] = ()
    placed: tuple[Placed, ...] = ()

    @property
    def lower(self) -> str:
        return self.message.lower

    @property
    def mentions(self) -> tuple[Mention, ...]:
        return self.grounded.mentions

    def said(self, act: UserAct) -> tuple[ActSpan, ...]:
        return tuple(a for a in self.acts if a.act is act)

    def open(self, start: int, end: int) -> bool:
        """May this stretch state a wish?"""
        return not any(s.touches(start, end) for s in self.closed)

    def wishes(self, start: int, end: int) -> bool:
        """May a value or a number here be wished? One that describes a pattern is not."""
        return self.open(start, end) and not any(s.touches(start, end) for s in self.likened)

    def within(self, span: Span | None) -> tuple[Mention, ...]:
        """The mentions inside a stretch (all of them without one)."""
        if span is None:
            return self.mentions
        return tuple(m for m in self.mentions if span.touches(m.start, m.end))

    def categories(self, need: int | None) -> tuple[str, ...]:
        """The categories a need has or gets by this message."""
        from chatbot.track.needs import categories_of

        for placed in self.placed:
            if placed.need == need and placed.sought.categories:
                return placed.sought.categories
        found = self.state.need(need) if need is not None else None
        if found:
            return categories_of(found)
        fresh = [c for p in self.placed for c in p.sought.categories]
        if fresh:
            return tuple(fresh)
        return tuple(c for n in self.state.active_needs for c in categories_of(n))


def need_at(heard: Heard, position: int) -> int | None:
    """The need that words at a position belong to: the kind they stand by, None for every active one.

    English puts attributes before the noun, so words after a comma or "and" belong to the kind that follows.
    """
    if (named := _named_again(heard, position)) is not None:
        return named
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
    if not after and re.search(r"[,.!?;\n。！？]", between):
        return None
    return before[-1].need


def _named_again(heard: Heard, position: int) -> int | None:
    """The need whose thing the clause names once more: "150 tops for the jacket", "the jacket should be black"."""
    known = {n.id: categories for n in heard.state.active_needs if (categories := heard.categories(n.id))}
    known |= {p.need: p.sought.categories for p in heard.placed if p.sought.categories}
    if len(known) < 2:
        return None
    clause, sentence = heard.message.clause_at(position), heard.message.sentence_at(position)
    opened = _FOR_THE.match(
        heard.lower, sentence.start
    )  # "For the shirt: size S, cotton, over 40": all of it is the shirt's
    if opened:
        clause = sentence
    sought = [p.sought for p in heard.placed]
    for kind in heard.kinds:
        if opened and kind.mention.start > opened.end() + 24:
            continue
        again = clause.covers(kind.mention.start, kind.mention.end) and _THE.search(heard.lower, 0, kind.mention.start)
        if again and not any(s.start == kind.mention.start for s in sought):
            needs = [id for id, categories in known.items() if set(kind.reading.values) & set(categories)]
            if len(needs) == 1:
                return needs[0]
    return None


def hard_by(scopes: frozenset[Scope]) -> bool:
    return Scope.HARD in scopes or Scope.SOFT not in scopes


def share_of(slot: Slot, kinds: Sequence[str]) -> float:
    if not kinds:
        return slot.coverage
    return max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0)
