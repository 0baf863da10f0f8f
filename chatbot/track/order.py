"""Wishes for order found in words: "cheapest", "best rated first", "a bit lighter", "太贵了", "按评分排序".

Names the lexicon concept a word stands for (price, rating, weight ...), or points at the noun that does ("most storage",
"内存最大"). Which slot that is, whether the shop has it, and whether a question asks for it, others decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Literal

from chatbot.track.bounds import find_bounds
from chatbot.track.normal import Message
from chatbot.track.spans import OrderSpan, Span
from chatbot.track.wording import CJK, alternation, compiled, words

Direction = Literal["asc", "desc"]
Kind = Literal["superlative", "comparative", "sort", "plain"]

_KINDS: tuple[Kind, ...] = ("superlative", "comparative", "plain")
_GENERIC = frozenset({"size", "length", "rating", "power", "speed"})  # words a noun may make precise: "bigger screen"
_THAN = re.compile(r" than (?P<than>[^,.!?;]+)")
_THAN_ZH = re.compile(r"比(?P<than>[^,。!?;比]{1,16}?)(?:要|还要?|更|再|稍微?|略)?$")
_AMOUNT = re.compile(
    r" (?:than|then) (?:about |around )?(?:[$€£¥]|\d|a (?:grand|hundred|thousand)|(?:\w+ )?(?:hundred|thousand|bucks))"
)
_NOUN = re.compile(
    r"(?: (?:amount of|number of|the))? (?P<noun>[a-z][a-z-]+(?: (?:size|life|space|weight|speed|rate|drive|capacity|power|quality))?)"
)
_NO_NOUN = "当中其就要想换有没给我的那这来个款台选看买了能得是更最也和"  # no noun begins with these here
_FIRST_ZH = re.compile(r"优先|前|从|由|序")


def find_orders(message: Message) -> tuple[OrderSpan, ...]:
    """Every order wish, in order of place, none overlapping; the longest reading wins."""
    lower = message.lower
    blocked = [Span(*m.span()) for m in _pattern("not_order").finditer(lower)]
    found = [*_sorts(lower), *_adjectives(lower), *_nouns(lower), *_chinese_nouns(lower)]
    if not found:
        return ()
    blocked += [Span(b.start, b.end) for b in find_bounds(message) if b.cue in ("limit", "range")]
    free = [o for o in found if not any(b.touches(o.start, o.end) for b in blocked)]
    return tuple(_finished(lower, order) for order in _longest(free))


def _longest(found: list[OrderSpan]) -> list[OrderSpan]:
    kept: list[OrderSpan] = []
    for order in sorted(found, key=lambda o: (o.start - o.end, o.start)):
        if not any(Span(k.start, k.end).touches(order.start, order.end) for k in kept):
            kept.append(order)
    return sorted(kept, key=lambda o: o.start)


def _finished(lower: str, order: OrderSpan) -> OrderSpan:
    """With "first" (a sort), the noun behind it and what it is compared with."""
    first = _pattern("first").match(lower, order.end)
    if first and order.kind in ("superlative", "plain"):
        return replace(order, end=first.end(), kind="sort")
    if order.kind == "superlative" and _FIRST_ZH.search(lower, order.start, order.end):
        return replace(order, kind="sort")
    if order.kind == "comparative" and (than := _THAN.search(lower, order.end)) and than.start() - order.end < 24:
        return replace(order, than=Span(*than.span("than")))
    if order.kind in ("plain", "comparative") and (than := _THAN_ZH.search(lower, 0, order.start)):
        return replace(order, kind="comparative", than=Span(*than.span("than")))
    return order


@cache
def _pattern(name: str) -> re.Pattern[str]:
    table = words("order")
    if name == "not_order":
        return compiled(table["not_order"]["phrases"])
    if name == "first":
        return compiled(table["sort"]["first"], before=r"(?: (?:ones?|\w+s))?(?:的)? ?")
    return compiled(table["sort"][name])


@cache
def _adjective_tables() -> tuple[tuple[re.Pattern[str], tuple[tuple[str, Direction, Kind], ...]], ...]:
    """For each kind one pattern; its group number n stands for the n-th (concept, direction)."""
    tables = []
    for kind in _KINDS:
        wishes = [w for w in words("order")["wish"] if kind in w]
        source = "|".join(f"({alternation(w[kind])})" for w in wishes)
        tables.append((re.compile(source), tuple((w["concept"], w["direction"], kind) for w in wishes)))
    return tuple(tables)


def _adjectives(lower: str) -> Iterator[OrderSpan]:
    for pattern, meanings in _adjective_tables():
        for found in pattern.finditer(lower):
            concept, direction, kind = meanings[(found.lastindex or 1) - 1]
            if _AMOUNT.match(lower, found.end()):
                continue  # "cheaper than 50" is a bound
            noun = _noun_after(lower, found.end()) if concept in _GENERIC and kind != "plain" else None
            yield OrderSpan(found.start(), noun.end if noun else found.end(), concept, direction, kind, noun)


def _noun_after(lower: str, end: int) -> Span | None:
    noun = _NOUN.match(lower, end)
    if not noun or noun["noun"].split()[0] in words("order")["noun"]["not_nouns"]:
        return None
    return Span(*noun.span("noun"))


def _nouns(lower: str) -> Iterator[OrderSpan]:
    """ "most storage", "less ram": no adjective of their own, the noun tells what is meant."""
    for pattern, direction, kind in _degree_words():
        for found in pattern.finditer(lower):
            noun = _noun_after(lower, found.end())
            if noun and not _AMOUNT.match(lower, found.end()):
                yield OrderSpan(found.start(), noun.end, None, direction, kind, noun)


@cache
def _degree_words() -> tuple[tuple[re.Pattern[str], Direction, Kind], ...]:
    table = words("order")["noun"]
    return (
        (compiled(table["superlative_desc"][:6]), "desc", "superlative"),
        (compiled(table["superlative_asc"][:4]), "asc", "superlative"),
        (compiled(table["comparative_desc"][:4]), "desc", "comparative"),
        (compiled(table["comparative_asc"][:3]), "asc", "comparative"),
    )


def _chinese_nouns(lower: str) -> Iterator[OrderSpan]:
    """ "内存最大的", "屏幕大一点", "哪个马力大", "马力大的那个"."""
    for pattern, direction, kind in _chinese_degrees():
        for found in pattern.finditer(lower):
            start, end = found.span("noun")
            if found[0].endswith("的更好"):
                continue  # 银色的更好: a hedge
            while end - start > 2 and lower[start] in _NO_NOUN:
                start += 1
            begin = start if found.start() == found.start("noun") else found.start()
            concept = _concept_of(lower[end : found.end()])
            yield OrderSpan(begin, found.end(), concept, direction, kind, Span(start, end))


def _concept_of(adjective: str) -> str | None:
    """What the adjective itself is about where its noun is no property: 笔记本最轻 -> weight."""
    for pattern, meanings in _adjective_tables():
        found = pattern.search(adjective)
        if found:
            concept = meanings[(found.lastindex or 1) - 1][0]
            return None if concept in _GENERIC else concept
    return None


@cache
def _chinese_degrees() -> tuple[tuple[re.Pattern[str], Direction, Kind], ...]:
    table = words("order")["noun"]
    noun = rf"(?P<noun>(?![哪那这几谁第比个款台辆部件双条些里中要想换有没给我的])[{CJK}]{{2,4}}?)(?:要|能|得|的)?"
    high, low = "[大高多长强好快重远久足]", "[小低少短慢轻薄]"
    which, picked = table["zh_which"], table["zh_picked"]
    return (
        (re.compile(noun + alternation(table["zh_superlative_desc"])), "desc", "superlative"),
        (re.compile(noun + alternation(table["zh_superlative_asc"])), "asc", "superlative"),
        (re.compile(which + noun + f"(?:更|最|比较)?{high}(?!概)"), "desc", "superlative"),
        (re.compile(which + noun + f"(?:更|最|比较)?{low}"), "asc", "superlative"),
        (re.compile(noun + high + picked), "desc", "superlative"),
        (re.compile(noun + low + picked), "asc", "superlative"),
        (re.compile(noun + f"(?<![最更再越太较不]){high}的(?=$|[,.!?;])"), "desc", "plain"),
        (re.compile(noun + f"(?<![最更再越太较不]){low}的(?=$|[,.!?;])"), "asc", "plain"),
        (re.compile(noun + alternation(table["zh_comparative_desc"])), "desc", "comparative"),
        (re.compile(noun + alternation(table["zh_comparative_asc"])), "asc", "comparative"),
    )


def _sorts(lower: str) -> Iterator[OrderSpan]:
    """ "sort by price", "low to high", "按评分排序"."""
    for found in _pattern("by").finditer(lower):
        noun = next(Span(*found.span(g)) for g in ("noun", "noun2", "noun3") if found[g])
        rest = lower[found.start() : found.end() + 24]
        down = _pattern("descending").search(rest) is not None
        up = _pattern("ascending").search(rest) is not None
        price = re.match(r"price|cost|价", lower[noun.start : noun.end]) is not None
        rating = re.match(r"rating|review|star|popular|评|好评|销量", lower[noun.start : noun.end]) is not None
        direction: Direction = "desc" if down or (rating and not up) else "asc"
        concept = "price" if price else ("rating" if rating else None)
        yield OrderSpan(found.start(), found.end(), concept, direction, "sort", noun)
    for name, direction in (("price_asc", "asc"), ("price_desc", "desc")):
        for found in _pattern(name).finditer(lower):
            yield OrderSpan(found.start(), found.end(), "price", "asc" if direction == "asc" else "desc", "sort")
