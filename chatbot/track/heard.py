"""Everything that grammar and grounding found in one message, together with the state it was said in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.track.book import Mention
from chatbot.track.ground import Grounded
from chatbot.track.needs import KindMention, Placed
from chatbot.track.normal import Message
from chatbot.track.references import Reference
from chatbot.track.spans import ActSpan, BoundSpan, OrderSpan, Scopes, Span
from chatbot.types import DialogueState, UserAct

ITEM_ACTS = frozenset({UserAct.REQUEST, UserAct.COMPARE, UserAct.EXPLAIN, UserAct.ACCEPT, UserAct.REJECT})
ASIDE_ACTS = frozenset({UserAct.FAQ, UserAct.HANDOFF, UserAct.CHITCHAT, UserAct.OTHER})


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as understood word by word. `closed`: stretches that state no wish (questions about items, orders
    to the assistant, small talk)."""

    state: DialogueState
    message: Message
    bounds: tuple[BoundSpan, ...]
    scopes: Scopes
    orders: tuple[OrderSpan, ...]
    acts: tuple[ActSpan, ...]
    grounded: Grounded
    kinds: tuple[KindMention, ...]
    references: tuple[Reference, ...]
    closed: tuple[Span, ...] = ()
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


def clause_of(heard: Heard, position: int) -> Span:
    return heard.message.clause_at(position)


def is_within(spans: Sequence[Span], start: int, end: int) -> bool:
    return any(s.covers(start, end) for s in spans)
