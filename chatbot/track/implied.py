"""Acts that no verb of acts.toml tells, but what is pointed at does: "the second one, please" takes it, "price of the
third?" asks, "I'd go for the Ci65M" chooses, "tell me about #4" wants to know.

Knows references and a few words around them (words/references.toml); what the shopper then gets, others decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from chatbot.track.book import Mention
from chatbot.track.critiques import measures
from chatbot.track.heard import ITEM_ACTS, Heard
from chatbot.track.pieces import function_words
from chatbot.track.references import SPECIFIC, Reference
from chatbot.track.spans import ActSpan, AskedFor, Scope, Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import UserAct

_TAKEN = (*ITEM_ACTS, UserAct.MORE, UserAct.FAQ, UserAct.UNDO, UserAct.RESET, UserAct.OTHER)
_RATED = re.compile("rat|review|score|star|评|口碑")
_ASKED = re.compile(r".?[?]|呢")
_OPPOSED = (Scope.NEGATED, Scope.TAKEN_BACK, Scope.NEED)


def with_implied(heard: Heard) -> tuple[ActSpan, ...]:
    """The acts of the message, with what it says of things that it points at outside of them."""
    heard = replace(heard, acts=tuple(a for a in heard.acts if not _only_measured(heard, a)))
    heard = replace(heard, acts=tuple(_priced(heard, a) for a in heard.acts))
    found = list(_rankings(heard))
    told = [a for a in heard.acts if a.act is UserAct.REQUEST and a.asks in ("min", "max")]
    ranked = [heard.message.sentence_at(a.start) for a in (*found, *told)]
    kept = (a for a in heard.acts if a.act is not UserAct.COMPARE or not any(s.touches(a.start, a.end) for s in ranked))
    heard = replace(heard, acts=tuple(kept))
    for reference in heard.references:
        if reference.how in SPECIFIC and reference.ids and _free(heard, reference, found):
            act = _implied(heard, reference)
            if act:
                found.append(act)
    return tuple(sorted((*heard.acts, *found), key=lambda a: (a.start, a.end)))


def _priced(heard: Heard, act: ActSpan) -> ActSpan:
    """ "How much does the heaviest of those cost?" asks the price of one of them, not which is the heaviest."""
    if (
        act.act is not UserAct.REQUEST
        or act.asks not in ("least", "most")
        or not heard.lower.startswith("how much", act.start)
    ):
        return act
    shown = any(r.shown and act.start <= r.start < act.end for r in heard.references)
    return replace(act, topic="price", asks="value", over=Span(act.start, act.end)) if shown else act


def _rankings(heard: Heard) -> Iterator[ActSpan]:
    """ "Which has the better battery, the first or the fourth?": asked is which has the least or the most."""
    for order in heard.orders:
        sentence = heard.message.sentence_at(order.start)
        asked = _which().search(heard.lower, sentence.start, sentence.end)
        if order.kind not in ("comparative", "superlative") or order.than or asked is None:
            continue
        if order.concept == "rating" and order.noun is None and not _RATED.search(heard.lower, order.start, order.end):
            continue  # "which is better": compared, not ranked
        if any(a.act is UserAct.REQUEST and sentence.touches(a.start, a.end) for a in heard.acts):
            continue
        pointed = {i for r in heard.references if sentence.touches(r.start, r.end) for i in r.ids}
        if len(pointed) > 1:
            asks: AskedFor = "max" if order.direction == "desc" else "min"
            over = order.noun or Span(order.start, order.end)
            yield ActSpan(UserAct.REQUEST, order.start, order.end, None, asks, over)


def _only_measured(heard: Heard, act: ActSpan) -> bool:
    """比第二个便宜的: a wish measured by a thing, no comparison of two."""
    if act.act is not UserAct.COMPARE or not heard.lower.startswith("比", act.start):
        return False
    measured = any(o.than and o.than.touches(act.start, act.end + 1) for o in heard.orders)
    return measured and not re.search("哪|谁|(?<!有没有)(?<!有吗)[?]|(?<!有)吗", heard.lower[act.start :])


def _free(heard: Heard, reference: Reference, found: list[ActSpan]) -> bool:
    """Is the reference a part of no act, no comparison and no refusal?"""
    sentence = heard.message.sentence_at(reference.start)
    taken = any(a.act in _TAKEN and sentence.touches(a.start, a.end) for a in (*heard.acts, *found))
    opposed = any(s.scope in _OPPOSED and s.over.touches(reference.start, reference.end) for s in heard.scopes.spans)
    return not taken and not opposed and not measures(heard, reference)


def _implied(heard: Heard, reference: Reference) -> ActSpan | None:
    sentence = heard.message.sentence_at(reference.start)
    lower = heard.lower
    before, after = lower[sentence.start : reference.start], lower[reference.end : sentence.end]
    over = Span(reference.start, reference.end)
    asked = [
        m
        for m in heard.within(sentence)
        if _names_property(m) and not any(r.start < m.end and m.start < r.end for r in heard.references)
    ]
    if doubted := _doubt().search(lower, sentence.start, sentence.end):  # 贵不贵
        slot = words("references")["description"]["leanings_zh"][doubted["what"]].split()[0]
        return ActSpan(UserAct.REQUEST, sentence.start, sentence.end, slot, "value", Span(*doubted.span()))
    if asked and not _wished(heard, reference, sentence):
        stretch = Span(asked[0].start, asked[-1].end)
        return ActSpan(UserAct.REQUEST, sentence.start, sentence.end, None, "value", stretch)
    if any(o.kind == "sort" and over.touches(o.start, o.end) for o in heard.orders):
        return None  # "put the cheapest first": how to show them
    pointed = reference.how in ("place", "named") or reference.shown
    if not (reference.single or pointed):
        return None  # "the black ones": which to show
    if _says(before, "taking", "$") or _says(after, "taken", "^"):
        return ActSpan(UserAct.ACCEPT, sentence.start, sentence.end, "take", None, over)
    if reference.how == "extreme":
        return None
    if _says(before, "wanting", "$"):
        return ActSpan(UserAct.ACCEPT, sentence.start, sentence.end, "take", None, over)
    if _says(before, "telling", "$") or _says(after, "told", "^"):
        return ActSpan(UserAct.REQUEST, sentence.start, sentence.end, None, "value", over)
    if _bare(before) and _bare(after) and _ASKED.match(heard.message.text, sentence.end - 1):
        return ActSpan(UserAct.REQUEST, sentence.start, sentence.end, None, "value", over)  # "and the second?"
    if _bare(before) and _bare(after) and not _sorted_alone(heard, reference):
        return ActSpan(UserAct.ACCEPT, sentence.start, sentence.end, "like", None, over)
    if "?" in lower[sentence.start : sentence.end + 1] and _says(before[:12], "asking", "^"):
        return ActSpan(UserAct.REQUEST, sentence.start, sentence.end, None, "whether", sentence)
    return None


def _names_property(mention: Mention) -> bool:
    """Does it name a property before anything else it could mean?"""
    alone = mention.roles == {"slot"}
    named = [r.weight for r in mention.readings if r.role == "slot" and (r.name or alone)]
    return bool(named) and max(named) >= max((r.weight for r in mention.readings if r.role != "slot"), default=0.0)


def _wished(heard: Heard, reference: Reference, sentence: Span) -> bool:
    """Does the sentence rather state a wish beside it (a number, a value, an order)?"""
    apart = Span(reference.start, reference.end)
    pointed = [Span(r.start, r.end) for r in heard.references]
    numbers = [
        b
        for b in heard.bounds
        if sentence.touches(b.start, b.end) and not any(p.touches(b.start, b.end) for p in pointed)
    ]
    values = [m for m in heard.within(sentence) if "value" in m.roles and not _names_property(m)]
    orders = [o for o in heard.orders if sentence.touches(o.start, o.end)]
    spans = [*(Span(b.start, b.end) for b in numbers), *(Span(m.start, m.end) for m in values)]
    spans += [Span(o.start, o.end) for o in orders]
    return any(not apart.touches(s.start, s.end) for s in spans)


def _sorted_alone(heard: Heard, reference: Reference) -> bool:
    """ "The cheapest one" by itself may be a wish for order."""
    told = any(o.kind in ("superlative", "sort") and reference.start <= o.start < reference.end for o in heard.orders)
    return told and not reference.shown


def _bare(text: str) -> bool:
    """Nothing but politeness and words that carry no wish."""
    rest = _polite().sub(" ", text)
    return all(word in function_words() for word in re.findall(r"[^\W_]+(?:'\w+)?", rest))


def _says(text: str, group: str, anchor: str) -> bool:
    return _beside(group, anchor).search(text) is not None


@cache
def _beside(group: str, anchor: str) -> re.Pattern[str]:
    words_of = alternation(words("references")["implied"][group])
    gap = rf"(?:{alternation(words('references')['implied']['between'])}|[\s,.])*"
    return re.compile(rf"{words_of}{gap}$" if anchor == "$" else rf"^{gap}{words_of}")


@cache
def _doubt() -> re.Pattern[str]:
    some = "|".join(words("references")["description"]["leanings_zh"])
    return re.compile(rf"(?P<what>{some})不(?P=what)")


@cache
def _which() -> re.Pattern[str]:
    return compiled(words("references")["implied"]["which"])


@cache
def _polite() -> re.Pattern[str]:
    return compiled(words("references")["implied"]["polite"])
