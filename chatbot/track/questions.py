"""Requests for facts of items: which items, which slot, which measure.

Knows what was heard and the grounder's tables; how an answer is worded is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from catalog.compatibility import SLOT
from catalog.types import Constraint, Op, Product, Slot
from chatbot.track.amounts import slot_of_order
from chatbot.track.book import Mention
from chatbot.track.devices import asks_what_fits, device_asked
from chatbot.track.ground import LOOKS, Grounder
from chatbot.track.heard import Heard
from chatbot.track.pieces import function_words, function_zh, keys
from chatbot.track.relevance import listed, slot_meant
from chatbot.track.spans import ActSpan, OrderSpan, Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import Measure, Question, UserAct

_HOW_MANY = re.compile(r"(?:and |so )?how many\b|(?:有)?多少|(?:有)?几")
_WHAT = re.compile(r"\b(?:what|which)\b|什么|哪|啥")
_YOU = re.compile(r"\b(?:your|yours|you guys|(?:to|with|reach|call|contact|do|are) you|shop|store|order)\b|你们|店")
_DOER = re.compile(r"(?:when|where|why|how(?: \w+)?) (?:do|does|did|will|would|can) (?:the|its|their) $")
_AUXILIARIES = frozenset("do does did is are was were has have had can could will would should may might".split())
_SIDE_BY_SIDE = re.compile(
    r"\s*(?:and|or|vs\.?|versus|with|to|against|than|,|/|&|和|跟|与|或者?|还是|比|对比|、)\s*(?:the\s)?"
)


def item_questions(heard: Heard, grounder: Grounder, act: ActSpan, items: tuple[str, ...]) -> tuple[Question, ...]:
    """What is asked of the items: a slot's value for each, or which of them has the least or most of it."""
    over = act.over or Span(act.start, act.end)
    said = heard.message.sentence_at(act.start)
    named = device_asked(heard, said)
    if (
        SLOT in grounder.slots
        and not act.topic
        and asks_what_fits(heard, said)
        and (named or _WHAT.search(heard.lower, said.start, said.end))
    ):
        scope = (Constraint(SLOT, Op.EQ, named),) if named else ()
        return (Question(heard.lower[said.start : said.end].strip(), SLOT, items, scope=scope),)
    offer = offer_asked(heard.lower, said)
    if offer:
        return (
            Question(
                heard.lower[said.start : said.end].strip(),
                offer,
                items,
                scope=_option(heard, grounder, said, items, offer),
            ),
        )
    order = next((o for o in heard.orders if Span(act.start, max(act.end, over.end)).touches(o.start, o.end)), None)
    if len(items) > 1 and (order or act.asks in ("min", "max")):
        slot = order_slot(order, grounder, heard) if order else _topic_slot(act, grounder, ())
        measure: Measure = "min" if (order.direction == "asc" if order else act.asks == "min") else "max"
        return (Question(heard.lower[over.start : over.end].strip(), slot, items, measure),)
    products = grounder.catalog.get(items)
    found = asked_slots(heard, grounder, act, over, products)
    return tuple(
        Question(
            _asked_words(heard, part, act),
            slot,
            items,
            scope=_option(heard, grounder, said, items, slot) or _value_asked(heard, grounder, act, slot, products),
        )
        for part, slot in found
    )


def _value_asked(
    heard: Heard, grounder: Grounder, act: ActSpan, slot: str | None, products: Sequence[Product]
) -> tuple[Constraint, ...]:
    """The value that a yes-or-no question asks about: "is the first one blue?", "does it come in XS?"."""
    if act.asks not in ("whether", "exists") or slot is None:
        return ()
    said = heard.message.sentence_at(act.start)
    pointed = [Span(r.start, r.end) for r in heard.references]
    kinds = tuple(p.kind for p in products if p.kind)
    for mention in heard.within(said):
        reading = grounder.meant(mention, kinds)
        inside = any(p.touches(mention.start, mention.end) for p in pointed)
        if not inside and reading and reading.slot == slot and reading.values:
            single = len(reading.values) == 1
            return (Constraint(slot, Op.EQ if single else Op.IN, reading.values[0] if single else reading.values),)
    return ()


def asked_again(heard: Heard, act: ActSpan, items: tuple[str, ...]) -> tuple[Question, ...]:
    """ "And the second?" asks what was asked last, of another item."""
    said = heard.message.sentence_at(act.start)
    plain = tuple(q for q in heard.state.answered if q.measure == "value" and q.slot)
    if not plain or not _again().match(heard.lower, said.start, said.end):
        return ()
    return tuple(replace(q, items=items) for q in plain) if _says_nothing_else(heard, said) else ()


def _says_nothing_else(heard: Heard, said: Span) -> bool:
    """Does the sentence name nothing outside what it points at?"""
    pointed = [Span(r.start, r.end) for r in heard.references]
    free = [m for m in heard.within(said) if not any(p.touches(m.start, m.end) for p in pointed)]
    return bool(pointed) and not free


@cache
def _again() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(words('references')['implied']['again'])}|[^?]{{0,40}}(?:\?|呢))")


def slots_of(grounder: Grounder, products: Sequence[Product]) -> list[Slot]:
    """The slots that the products' records fill."""
    named = dict.fromkeys(f.slot for p in products for f in p.facts())
    return [grounder.slots[name] for name in named if name in grounder.slots]


def asked_slots(
    heard: Heard, grounder: Grounder, act: ActSpan, over: Span, products: Sequence[Product]
) -> tuple[tuple[Span, str | None], ...]:
    """What is asked about and its slot, then what else the sentence names beside it ("its weight and battery life")."""
    filled = slots_of(grounder, products)
    title = {key for product in products for key in keys(product.title)}
    said = " ".join(k for k in keys(heard.lower[over.start : over.end]) if k not in title)
    slot = asked_slot(heard, grounder, act, over, products) or slot_meant(f"{act.topic or ''} {said}", filled)
    if slot is None and act.asks in ("value", "whether"):
        slot = asked_by_meaning(heard, grounder, filled)
    found: dict[str | None, Span] = {slot: over}
    parts = listed(heard.lower, heard.message.sentence_at(act.start))
    for part in parts if len(parts) > 1 else ():
        text = heard.lower[part.start : part.end]
        named = slot_meant(text, filled, wholly=True) if not set(keys(text)) <= title else None
        if named:
            found.setdefault(named, part)
    return tuple((part, slot) for slot, part in found.items() if slot or len(found) == 1)


def offer_asked(lower: str, over: Span) -> str | None:
    """What else of an offer is asked for: its price before the sale, by measure, tax, for whom it is."""
    return next((name for name, pattern in _offers().items() if pattern.search(lower, over.start, over.end)), None)


@cache
def _offers() -> Mapping[str, re.Pattern[str]]:
    return {name: compiled(phrases) for name, phrases in words("offers").items()}


def _option(
    heard: Heard, grounder: Grounder, over: Span, items: Sequence[str], slot: str | None
) -> tuple[Constraint, ...]:
    """The option of the items that the question is about: "is it in stock in L?"."""
    products = grounder.catalog.get(items)
    chosen: dict[str, Constraint] = {}
    for option in {name for p in products for v in p.variants for name in v.options} - {slot}:
        for mention in heard.within(over):
            values = tuple(
                dict.fromkeys(v for r in mention.readings if r.role == "value" and r.slot == option for v in r.values)
            )
            if values and option not in chosen:
                chosen[option] = (
                    Constraint(option, Op.IN, values) if len(values) > 1 else Constraint(option, Op.EQ, values[0])
                )
    return tuple(chosen[name] for name in sorted(chosen))


def asked_slot(heard: Heard, grounder: Grounder, act: ActSpan, over: Span, products: Sequence[Product]) -> str | None:
    """The slot asked about: named in the words, or what the question word itself asks ("how heavy"). Those that the
    items' records fill come first."""
    filled = {f.slot for p in products for v in (None, *p.variants) for f in p.facts(v)}
    kinds = tuple(p.kind for p in products if p.kind)
    stretch = Span(min(act.start, over.start), max(act.end, over.end))
    named: dict[str, float] = {}
    titles = [frozenset(keys(p.title)) for p in products]
    for mention in heard.within(stretch):
        if act.topic and titles and all(set(keys(mention.words)) <= title for title in titles):
            continue  # part of the name: "how much is the Box 6660 Cable?"
        for reading in mention.readings:
            if reading.slot == "brand" and _DOER.search(heard.lower, stretch.start, mention.start):
                continue  # "when does the maker end support for it": not asked who that is
            if reading.role == "slot":
                length = (mention.end - mention.start) / 100
                cue = 0.5 if mention.end <= act.end else 1.0  # "how much" alone asks the price, "how much ram" does not
                named[reading.slot] = max(named.get(reading.slot, 0.0), cue * reading.weight + length)
        value = grounder.meant(mention, kinds) if not mention.roles & {"kind", "product"} else None
        if value and value.slot != "brand":
            told = act.asks == "whether" and grounder.slots[value.slot].concept in LOOKS
            named.setdefault(value.slot, (0.6 if told else 0.3) * value.weight)  # "is it black?" asks the colour
    topical = _topic_slot(act, grounder, filled)
    if topical and max(named.values(), default=0.0) < 0.8:
        named[topical] = max(named.get(topical, 0.0), 0.8)
    surest = max(named.values(), default=0.0)
    near = {s: w for s, w in named.items() if w >= surest - 0.35}
    best = max(near, key=lambda s: (s in filled, named[s], _coverage(grounder.slots.get(s))), default=None)
    if best and (best in filled or named[best] >= 0.5):
        return best
    return None


def counts_things(heard: Heard, act: ActSpan) -> bool:
    """ "How many jackets cost more than 200": things are counted, no property of one is asked."""
    if act.asks != "value" or not _HOW_MANY.match(heard.lower, act.start):
        return False
    over = act.over or Span(act.start, act.end)
    return any(k.part == "head" and over.touches(k.mention.start, k.mention.end) for k in heard.kinds)


def _coverage(slot: Slot | None) -> float:
    return slot.coverage if slot else 0.0


def _topic_slot(act: ActSpan, grounder: Grounder, filled: Sequence[str] | set[str]) -> str | None:
    """The slot of the concept that the question word names (how heavy -> weight)."""
    if not act.topic:
        return None
    if act.topic in grounder.slots:
        return act.topic
    fitting = [s for s in grounder.slots.values() if s.concept == act.topic]
    best = max(fitting, key=lambda s: (s.name in filled, s.coverage), default=None)
    return best.name if best else None


def order_slot(order: OrderSpan, grounder: Grounder, heard: Heard) -> str | None:
    return slot_of_order(heard, order, grounder, heard.categories(None))


def _asked_words(heard: Heard, over: Span, act: ActSpan) -> str:
    """The content words asked about, without those that point or ask."""
    pointing = [Span(r.start, r.end) for r in heard.references]
    text = heard.lower[over.start : over.end]
    for span in sorted(pointing, key=lambda s: -s.start):
        if over.touches(span.start, span.end):
            start, end = max(0, span.start - over.start), span.end - over.start
            text = text[:start] + " " + text[end:]
    if any("\u3400" <= c <= "\u9fff" for c in text):
        left = function_zh().sub(" ", text)
        return " ".join(left.split()).strip("?!. ") or text.strip()
    kept = [w for w in text.split() if w.strip("?!.,'\"") not in function_words() | _AUXILIARIES and keys(w)]
    whole = Span(act.start, act.end)
    if not kept and act.asks == "whether" and over != whole:
        return _asked_words(heard, whole, act)  # "is it machine washable?" is about the predicate
    return " ".join(kept).strip("?!., ")


def pointed_by_name(mentions: Sequence[Mention], lower: str = "", shown: Sequence[str] = ()) -> tuple[str, ...]:
    """Products that names in the message mean, each once; a name with fewer products wins over a wider one.

    Names set side by side ("X or Y", X和Y) mean one product each: a shown one before others.
    """
    named = [set(r.values) for m in mentions if (r := m.reading("product"))]
    if not named:
        return ()
    each = [m for m in mentions if m.reading("product")]
    if len(each) > 1 and all(_SIDE_BY_SIDE.fullmatch(lower, a.end, b.start) for a, b in pairwise(each)):
        values = [r.values for m in each if (r := m.reading("product"))]
        return tuple(dict.fromkeys(next((i for i in ids if i in shown), ids[0]) for ids in values))
    common = set.intersection(*named)
    chosen = common or min(named, key=len)
    order = [i for m in mentions if (r := m.reading("product")) for i in r.values]
    return tuple(dict.fromkeys(i for i in order if i in chosen))


def asked_by_meaning(heard: Heard, grounder: Grounder, slots: Sequence[Slot]) -> str | None:
    """The property that the message as a whole asks for ("where is it?")."""
    return grounder.properties.asked(heard.encoded.of(heard.message.text), slots)


def asks_of_it(heard: Heard, grounder: Grounder) -> bool:
    """Do the words mean a property that the item in hand states?"""
    return slot_meant(heard.lower, slots_of(grounder, grounder.catalog.get(heard.state.focus[:1]))) is not None


def facts_first(heard: Heard, grounder: Grounder) -> tuple[ActSpan, ...]:
    """The acts, with a question that service could answer ("what's the phone number?") asked of the item in hand where
    its record fills just that slot and the shop itself is not spoken to."""
    if not heard.said(UserAct.FAQ) or not heard.state.focus:
        return heard.acts
    filled = {s.name for s in slots_of(grounder, grounder.catalog.get(heard.state.focus[:1]))}
    return tuple(_of_record(heard, act, filled) if act.act is UserAct.FAQ else act for act in heard.acts)


def _of_record(heard: Heard, act: ActSpan, filled: set[str]) -> ActSpan:
    said = heard.message.sentence_at(act.start)
    asked = [Span(a.start, a.end) for a in heard.said(UserAct.REQUEST)]  # "has it bluetooth, and can I return it?"
    mentions = [m for m in heard.within(said) if {r.slot for r in m.readings if r.role == "slot"} & filled]
    mentions = [m for m in mentions if not any(span.covers(m.start, m.end) for span in asked)]
    if not mentions or _YOU.search(heard.lower, said.start, said.end):
        return act
    over = Span(mentions[0].start, mentions[-1].end)
    return ActSpan(UserAct.REQUEST, min(act.start, over.start), max(act.end, over.end), None, "value", over)
