"""Which items an act is about, and whether a request is about items at all or about the catalogue.

Knows references, names and descriptions; knows nothing of wishes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from catalog.types import Constraint, Op
from chatbot.track.amounts import numbers_of, slot_of_order
from chatbot.track.book import Mention
from chatbot.track.critiques import measures
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.needs import categories_of
from chatbot.track.questions import asks_of_it, counts_things, offer_asked, pointed_by_name
from chatbot.track.references import SPECIFIC, Reference, described, extreme, fits, of_page
from chatbot.track.spans import ActSpan, OrderSpan, Span
from chatbot.track.wording import has_cjk
from chatbot.types import UserAct

_DEMONSTRATIVE = re.compile(r"(?:that|this)\s(?:\w+\s)?$|[那这]\S?$")
_OF_WISH = re.compile(r"(?:that|this|those|these|the)( same)? (?:budget|price|range|amount|category|limit|bracket)\b")
_SORTS = re.compile(
    r"\b(?:brands?|makes|makers?|manufacturers?|compan(?:y|ies)|colou?rs?|sizes?|materials?|fabrics?|styles?|patterns?|types?"
    r"|kinds?|sorts?|categor(?:y|ies)|products?|departments?|options?|variants?|finish(?:es)?|flavou?rs?|versions?|things?"
    r"|resolutions?|connections?|genres?|languages?|layouts?|shapes?|configurations?|sell|carry|stock|offer|in (?:your|the))\b"
    r"|[\u4e00-\u9fff]"
)
_THE = re.compile(r"\b(?:the|this|that)\s(?:\w+\s){0,2}$")
_YOURS = re.compile(
    r"\b(?:you|(?:your|this|the) (?:shop|store))(?: guys| all| currently)? (?:stock|carry|sell|offers?|have|has|got|sells)\b$"
)
_TO_SHOW = re.compile(r"\b(?:show|find|recommend|suggest|get)\s+me\b|推荐|介绍|找[一个款台几]")
_WHOLE = ("count", "counts", "values", "range", "mean")
NAMED = 3  # products that are answered for when a name is theirs alike
MANY = 5  # products that a name may mean before it is no pointer any more
About = Literal["items", "catalogue", "wish"]


@dataclass(frozen=True, slots=True)
class Pointed:
    """Items an act is about; `unclear` when a reference to one thing fits several."""

    items: tuple[str, ...] = ()
    unclear: bool = False


def reach(heard: Heard, act: ActSpan) -> Span:
    """The stretch an act governs: its words and what it is over, widened to the clauses they lie in."""
    start, end = act.start, act.end
    if act.over:
        start, end = min(start, act.over.start), max(end, act.over.end)
    sentence = heard.message.sentence_at(act.start)
    clauses = [c for c in heard.message.clauses if c.touches(start, end) and sentence.covers(c.start, c.end)]
    return Span(min([start, *(c.start for c in clauses)]), max([end, *(c.end for c in clauses)]))


def about(heard: Heard, grounder: Grounder, act: ActSpan) -> About:
    """What a request asks about: shown items, the catalogue, or (a wish in a question's clothes) what to show."""
    stretch = reach(heard, act)
    mentions = heard.within(stretch)
    if act.asks == "exists":
        return "items" if _fact_of_it(heard, act, mentions) or _of_shown(heard, stretch) else "wish"
    refs = [r for r in references_in(heard, stretch) if not _compared_with(heard, r) and _counts(act, r)]
    if act.asks in ("value", "whether") and heard.state.focus and offer_asked(heard.lower, stretch):
        return "items"
    if plainly := _plainly_of_all(heard, act, mentions, refs):
        return plainly
    slots = [m for m in mentions if "slot" in m.roles]
    named = any(m.reading("product") for m in mentions)
    heads = [k.mention for k in heard.kinds if k.part == "head" and stretch.touches(k.mention.start, k.mention.end)]
    order = order_in(heard, stretch)
    asked_of = slots or act.topic or act.asks == "whether"
    if not refs and asked_of and described(heard.lower, mentions, grounder.catalog.get(heard.state.latest)):
        return "items"
    things = heads or [m for m in mentions if _brand(m)]
    many = act.asks in ("count", "counts", "mean") and all(r.how == "many" for r in refs)
    if act.asks in _WHOLE and (not named or act.asks == "count") and (many or not refs):
        return "items" if _of_item(heard, grounder, act, slots, things) else "catalogue"
    if refs or (named and (slots or act.topic)):
        return "items"
    if order and (heads or things or not heard.state.latest):
        return "catalogue" if act.asks in ("min", "max") else "wish"
    if act.asks == "whether":
        return "items" if _of_it_unnamed(heard, stretch, mentions) else "wish"
    if things and (slots or act.topic):
        in_general = heads and act.asks == "value" and not _THE.search(heard.lower[: heads[0].start])
        return "items" if _narrow(heard, grounder, mentions) else "catalogue" if in_general else "wish"
    if things or not heard.state.focus:
        return "wish"
    asked = slots or act.topic or order or heard.grounded.gaps or asks_of_it(heard, grounder)
    return "items" if asked else "wish"


def _plainly_of_all(heard: Heard, act: ActSpan, mentions: tuple[Mention, ...], refs: list[Reference]) -> About | None:
    """What the form of a question alone tells of what it is about."""
    if act.asks == "values" and not any("slot" in m.roles for m in mentions):
        asked = _SORTS.search(heard.lower, act.start, act.end)
        return None if asked else "wish"  # "what laptops do you have": no property of theirs is asked
    if counts_things(heard, act) and not refs:
        return "catalogue"
    of_slot = act.asks == "value" and not refs and any("slot" in m.roles for m in mentions)
    if of_slot and _YOURS.search(heard.lower, act.start):
        return "catalogue"  # "name the brands you stock"
    if act.asks in ("least", "most"):
        return "items" if refs and not _says_which(heard, mentions) else "catalogue"
    return None


def _says_which(heard: Heard, mentions: tuple[Mention, ...]) -> bool:
    """Is something said of those pointed at ("the cheapest of those in black")?"""
    return bool(heard.bounds) or any(m.roles & {"value", "kind"} for m in mentions)


def _of_item(heard: Heard, grounder: Grounder, act: ActSpan, slots: list[Mention], things: list[Mention]) -> bool:
    """ "How many buttons?" of the item in hand: a property that is a number, no thing, nothing else said."""
    if act.asks != "count" or not slots or things or not heard.state.focus:
        return False
    over = act.over or Span(act.start, act.end)
    asked = [s for m in slots if over.touches(m.start, m.end) and over.end <= act.end for s in grounder.slots_named(m)]
    number = any(s.kind == "number" for s in asked)
    return number or (bool(asked) and len(heard.state.focus) == 1)


def _of_shown(heard: Heard, stretch: Span) -> bool:
    """ "Do you have the blue one in M?", "do any of these fold?": asked of what was shown, not of the shop."""
    refs = [r for r in references_in(heard, stretch) if not _compared_with(heard, r) and not measures(heard, r)]
    return any(
        r.how in ("many", "two") or of_page(r, heard.state) or (r.how in SPECIFIC and r.how != "extreme") for r in refs
    )


def _of_it_unnamed(heard: Heard, stretch: Span, mentions: tuple[Mention, ...]) -> bool:
    """耐用吗, 会掉毛吗: Chinese leaves out what is being talked about. A maker or a limit named is a wish."""
    said = heard.lower[stretch.start : stretch.end]
    limits = any(stretch.touches(b.start, b.end) for b in heard.bounds)
    heads = [k.mention for k in heard.kinds if k.part == "head" and k.reading.values]
    carried = any(stretch.touches(m.start, m.end) for m in heads)
    more = any(o.kind == "comparative" and stretch.touches(o.start, o.end) for o in heard.orders)
    wished = limits or carried or more or any(_brand(m) for m in mentions) or _TO_SHOW.search(said) is not None
    return bool(heard.state.focus) and has_cjk(said) and not wished


def _fact_of_it(heard: Heard, act: ActSpan, mentions: tuple[Mention, ...]) -> bool:
    """ "屏幕刷新率呢" of the item in hand: a property, no thing and no value."""
    telling = any(m.roles & {"kind", "value", "product"} for m in mentions)
    asked = any("slot" in m.roles for m in mentions)
    return heard.lower[: act.end].endswith("呢") and len(heard.state.focus) == 1 and asked and not telling


def sought_to_compare(heard: Heard, act: ActSpan) -> bool:
    """ "I'd like to compare a GeekPro with it, recommend me one": something else is to be shown first."""
    sentence = heard.message.sentence_at(act.start)
    pointed = any(r.how in SPECIFIC for r in references_in(heard, sentence))
    asked = _TO_SHOW.search(heard.lower, act.end, sentence.end)
    told = any("value" in m.roles for m in heard.within(sentence))
    return act.act is UserAct.COMPARE and told and bool(asked) and not pointed


def items_of(heard: Heard, grounder: Grounder, act: ActSpan) -> Pointed:
    """The items an act is about, by the surest pointer there is; "compare this with the second" is about both."""
    found, page = _items_of(heard, grounder, act), heard.state.page
    told = references_in(heard, reach(heard, act))
    if page is None or page in found.items or not any(of_page(r, heard.state) for r in told):
        return found
    return replace(found, items=(page, *found.items)) if act.act is UserAct.COMPARE else found


def _items_of(heard: Heard, grounder: Grounder, act: ActSpan) -> Pointed:
    stretch = heard.message.sentence_at(act.start) if act.act is UserAct.REQUEST else reach(heard, act)
    everywhere = references_in(heard, Span(0, len(heard.lower)))
    refs = references_in(heard, stretch) or everywhere
    if (
        act.act is UserAct.REQUEST
        and not any(r.how in SPECIFIC for r in refs)
        and len(heard.said(UserAct.REQUEST)) == 1
    ):
        refs = tuple(r for r in everywhere if r.how in SPECIFIC) or refs  # "what's its weight? the 2nd one, I mean"
    mentions = heard.within(stretch) or heard.mentions
    specific = [r for r in refs if r.how in SPECIFIC and _counts(act, r)]
    ranked = act.act is UserAct.REQUEST and act.asks in ("min", "max", "least", "most")
    if ranked and len(specific) == 1 and specific[0].among:
        return Pointed(specific[0].among)  # "the lightest of these" asks which that is
    if specific:
        return Pointed(_union(specific), any(_leaves_open(act, r) for r in specific))
    refs = tuple(r for r in refs if r.how not in SPECIFIC)
    by_name = pointed_by_name(mentions, heard.lower, heard.state.latest)
    if by_name:
        by_name = _measured(heard, grounder, by_name, stretch)
        shown = tuple(i for i in by_name if i in heard.state.latest)
        chosen = shown or _narrowed(heard, grounder, by_name, mentions)
        return Pointed(chosen[:MANY])
    latest = grounder.catalog.get(heard.state.latest)
    order = order_in(heard, stretch)
    pointing = act.act in (UserAct.ACCEPT, UserAct.EXPLAIN)
    if order and act.act is not UserAct.REQUEST:
        slot = slot_of_order(heard, order, grounder, heard.categories(None))
        pool = grounder.catalog.get(_union([r for r in refs if r.how in ("two", "many")]) or heard.state.latest)
        best = extreme(pool, slot, order.direction) if slot else ()
        if best:
            return Pointed(best)
    described_by = [m for m in mentions if "value" in m.roles or "kind" in m.roles]
    several = _each_described(heard, described_by, latest) if act.act is not UserAct.ACCEPT else ()
    if len(several) > 1:
        return Pointed(several)
    found = described(heard.lower, described_by, latest, pointing)
    if found:
        return _settled(heard, found, pointing)
    if refs:
        return Pointed(_union(refs))
    if act.act is UserAct.REQUEST:
        narrow = _narrow(heard, grounder, mentions)
        if narrow:
            return Pointed(narrow)
        return Pointed(heard.state.latest if order or act.asks in ("min", "max") else heard.state.focus[:1])
    return Pointed()


def _counts(act: ActSpan, reference: Reference) -> bool:
    """Does the act take "the cheapest" for one of those shown? A question may ask it of all there are."""
    return reference.how != "extreme" or act.act is not UserAct.REQUEST


def _leaves_open(act: ActSpan, reference: Reference) -> bool:
    """Must it be asked which one is meant? Of a name that several bear, a question is answered for each."""
    if act.act is UserAct.COMPARE or act.asks in ("min", "max") or not reference.single or len(reference.ids) < 2:
        return False
    return act.act is UserAct.ACCEPT or reference.how != "named" or len(reference.ids) > NAMED


def _settled(heard: Heard, found: Reference, pointing: bool) -> Pointed:
    """A description that fits several means the one in hand, if that is among them."""
    ids, focus = found.ids, heard.state.focus
    if (
        len(ids) > 1
        and focus
        and focus[0] in ids
        and (len(focus) == 1 or _DEMONSTRATIVE.search(heard.lower[: found.start]))
    ):
        return Pointed(focus[:1])
    return Pointed(ids, len(ids) > 1 and (pointing or _one(heard, found)))


def references_in(heard: Heard, stretch: Span) -> tuple[Reference, ...]:
    return tuple(r for r in heard.references if r.ids and stretch.touches(r.start, r.end))


def _compared_with(heard: Heard, reference: Reference) -> bool:
    """Does it only say what is compared with ("cheaper than that"), or point at a wish ("in that budget")?"""
    return bool(_OF_WISH.match(heard.lower, reference.start)) or any(
        o.than and o.than.touches(reference.start, reference.end) for o in heard.orders
    )


def order_in(heard: Heard, stretch: Span) -> OrderSpan | None:
    return next((o for o in heard.orders if stretch.touches(o.start, o.end)), None)


def _each_described(heard: Heard, mentions: list[Mention], latest: tuple[object, ...]) -> tuple[str, ...]:
    """ "the white one or the black one": each described by itself; only when every one is a single item."""
    ids: list[str] = []
    for mention in mentions:
        if mention.roles == {"kind"}:
            continue
        found = described(heard.lower, [mention], latest)  # type: ignore[arg-type]
        if found is None:
            continue
        if len(found.ids) != 1:
            return ()
        ids.extend(found.ids)
    return tuple(dict.fromkeys(ids))


def _narrow(heard: Heard, grounder: Grounder, mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    """Items that brand and kind together mean, when they are few ("the Downtown Stylists lamp")."""
    wishes = []
    for mention in mentions:
        kind, brand = mention.reading("kind"), grounder.meant(mention, ())
        if brand and brand.values and _brand(mention):
            wishes.append(_equal("brand", brand.values))
        elif kind and kind.values:
            wishes.append(_equal("category", kind.values))
    if len({w.slot for w in wishes}) < 2:
        return ()
    mask = grounder.catalog.match(wishes)
    ids = tuple(grounder.catalog.ids[p] for p in mask.nonzero()[0][: MANY + 1])
    shown = tuple(i for i in ids if i in heard.state.latest)
    return shown or (ids if len(ids) <= MANY else ())


def _narrowed(heard: Heard, grounder: Grounder, ids: tuple[str, ...], mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    """Of the products a name means, those that the rest of the description fits; kinds in hand first."""
    products = grounder.catalog.get(ids)
    for mention in mentions:
        if mention.reading("product"):
            continue
        narrowed = tuple(p for p in products if fits(p, mention))
        products = narrowed or products
    wanted = {c for n in heard.state.active_needs for c in categories_of(n)}
    kept = tuple(p for p in products if p.kind in wanted)
    return tuple(p.id for p in (kept or products))


def _measured(heard: Heard, grounder: Grounder, ids: tuple[str, ...], stretch: Span) -> tuple[str, ...]:
    """Those of the products that the numbers said with their name fit ("the 27 inch iMac")."""
    if len(ids) < 2:
        return ids
    kinds = tuple(dict.fromkeys(p.kind for p in grounder.catalog.get(ids) if p.kind))
    constraints = [
        c for b in heard.bounds if stretch.touches(b.start, b.end) for c in numbers_of(heard, grounder, b, kinds)
    ]
    if not constraints:
        return ids
    mask = grounder.catalog.match(constraints)
    kept = tuple(i for i in ids if (p := grounder.catalog.position(i)) is not None and mask[p])
    return kept or ids


def _brand(mention: Mention) -> bool:
    return any(r.role == "value" and r.slot == "brand" for r in mention.readings)


def _equal(slot: str, values: tuple[str, ...]) -> Constraint:
    return Constraint(slot, Op.EQ, values[0]) if len(values) == 1 else Constraint(slot, Op.IN, values)


def _one(heard: Heard, found: Reference) -> bool:
    """Does the description speak of one thing ("the wooden one")?"""
    after = heard.lower[found.end : found.end + 14]
    return " ones" not in after


def _union(refs: list[Reference] | tuple[Reference, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for r in refs for i in r.ids))
