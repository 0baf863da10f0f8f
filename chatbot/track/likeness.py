"""What is wished like something else: "something like the red dress but cheaper", "the same brand as the second".

The words that describe the pattern are no wishes themselves; the properties named as shared are, with the pattern's own
values where it was shown. Knows the grammar of likeness (words/likeness.toml), and no kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from catalog.types import Constraint, Op, Product, Quantity
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, hard_by, need_at
from chatbot.track.parts import KindMention
from chatbot.track.references import Reference
from chatbot.track.spans import ActSpan, Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import Addition, StateUpdate, Text, UserAct

_OTHER = re.compile(r"(?:an?\s)?(?:other|another|different|any)\b")
_WITH = re.compile(r"\b(?:with|in|from|by)\s*$")
AROUND = 0.25  # how far a price "like that one's" may lie from it
_ASKING = frozenset(
    (
        "similar",
        "alternative",
        "alternatives",
        "comparable",
        "equivalent",
        "equivalents",
        "类似",
        "相似",
        "同类",
        "替代",
        "同款",
        "差不多",
    )
)
_REACH = 160  # characters that the description of a pattern takes at most


def likened(lower: str) -> tuple[Span, ...]:
    """The stretches that describe what something else should be like."""
    found = []
    for cue in _cues().finditer(lower):
        start = cue.end()
        stop = _stops().search(lower, start, start + _REACH)
        found.append(Span(start, stop.start() if stop else min(len(lower), start + _REACH)))
    return tuple(found)


def kinds_likened(kinds: Sequence[KindMention], spans: Sequence[Span]) -> tuple[KindMention, ...]:
    """The kinds with the pattern's own looked for, where no other is; what else describes the pattern is left out."""
    inside = [k for k in kinds if any(s.touches(k.mention.start, k.mention.end) for s in spans)]
    outside = [k for k in kinds if k not in inside]
    if not inside or any(k.part == "head" for k in outside):
        return tuple(outside) if inside else tuple(kinds)
    return tuple(sorted((*outside, replace(inside[0], part="head", joined=None)), key=lambda k: k.mention.start))


def only_asking(update: StateUpdate) -> StateUpdate:
    """The update without words that only ask for others ("any alternatives?", 有没有类似的): they name nothing."""
    if UserAct.MORE not in update.acts:
        return update
    add = tuple(a for a in update.add if not (isinstance(a.what, Text) and a.what.words in _ASKING))
    return replace(update, add=add, absent=tuple(name for name in update.absent if name not in _ASKING))


def has_value(lower: str, span: Span, mentions: Sequence[Mention]) -> bool:
    """Does "something with" lead to a property that the shop knows ("something with short sleeves")?"""
    return _WITH.search(lower[: span.start + 1]) is not None and any(
        m.reading("value") and span.touches(m.start, m.end) for m in mentions
    )


def of_likeness(heard: Heard, act: ActSpan) -> bool:
    """Does a question only ask for something like another ("do you have anything like that")?"""
    sentence = heard.message.sentence_at(act.start)
    asked = act.asks == "exists" or any(sentence.touches(a.start, a.end) for a in heard.said(UserAct.MORE))
    return asked and any(sentence.touches(s.start, s.end) for s in heard.likened)


def shared_wishes(heard: Heard, grounder: Grounder) -> Iterator[Addition]:
    """ "The same brand", "similar in price": the value that the thing in hand has of every slot named as shared."""
    for span in _shared(heard.lower):
        pattern = _pattern(heard, span, grounder) if heard.open(span.start, span.end) else None
        if pattern is None or heard.scopes.negated(span.start, span.end):
            continue
        hard = hard_by(heard.scopes.at(span.start, span.end))
        for mention in heard.within(span):
            for slot in grounder.slots_named(mention)[:1]:
                for what in _values(pattern, slot.name):
                    yield Addition(what, hard, need_at(heard, span.start))


def _shared(lower: str) -> tuple[Span, ...]:
    """The stretches that name what is shared."""
    named = (found for found in _sharing().finditer(lower) if not _OTHER.match(found["what"]))
    return tuple(Span(*found.span("what")) for found in named)


def _pattern(heard: Heard, span: Span, grounder: Grounder) -> Product | None:
    """The thing that sets the pattern: what the sentence points at, else what was last talked about."""
    sentence = heard.message.sentence_at(span.start)
    pointed = [r for r in heard.references if _points(r, sentence)]
    ids = pointed[0].ids[:1] if pointed else heard.state.focus[:1] or heard.state.latest[:1]
    return next(iter(grounder.catalog.get(ids)), None)


def _points(reference: Reference, sentence: Span) -> bool:
    return bool(reference.ids) and sentence.touches(reference.start, reference.end)


def _values(product: Product, slot: str) -> Iterator[Constraint]:
    """What the product's record states of a slot, as wishes; a number may be a little off."""
    if slot == "brand":
        if product.brand:
            yield Constraint("brand", Op.EQ, product.brand)
    elif slot == "price":
        if product.price:
            yield Constraint("price", Op.GE, product.price.amount * (1 - AROUND), product.price.currency)
            yield Constraint("price", Op.LE, product.price.amount * (1 + AROUND), product.price.currency)
    elif slot == "rating":
        if product.rating:
            yield Constraint("rating", Op.GE, product.rating)
    else:
        yield from _attributes(product, slot)


def _attributes(product: Product, slot: str) -> Iterator[Constraint]:
    cells = product.attributes.get(slot, ())
    named = tuple(c for c in cells if isinstance(c, str))
    if named:
        yield Constraint(slot, Op.IN, named) if len(named) > 1 else Constraint(slot, Op.EQ, named[0])
    for cell in cells:
        if isinstance(cell, Quantity) and cell.low == cell.high:
            yield Constraint(slot, Op.EQ, cell.low, cell.unit)
        elif isinstance(cell, bool):
            yield Constraint(slot, Op.EQ, cell)


@cache
def _cues() -> re.Pattern[str]:
    table = words("likeness")
    return compiled(table["cues"], after=rf"\s+(?=(?:{alternation(table['determiners'])})(?![\w']))")


@cache
def _stops() -> re.Pattern[str]:
    return compiled(words("likeness")["stops"])


@cache
def _sharing() -> re.Pattern[str]:
    table = words("likeness")
    what = r"(?P<what>[\w' ]{3,60}?)"
    end = alternation(table["ends"])
    return re.compile(rf"(?:{alternation(table['sharing'])}) {what}(?=\s*(?:{end}|[,.!?;]|$))")
