"""What a shopper does with a message beside stating wishes: asks, accepts, rejects, compares, greets, wanders off.

Patterns stand in words/acts.toml and words/acts_zh.toml, the more telling meaning first: where two overlap, the earlier
wins. A message may hold several acts; stating a wish (inform) is none of these, it shows in the values found. Sees no
catalogue and no dialogue: whether "the first one" exists, or a question can be answered, others know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from chatbot.track.normal import Message
from chatbot.track.order import find_orders
from chatbot.track.spans import ActSpan, AskedFor, OrderSpan, Span
from chatbot.track.wording import alternation, has_cjk, words
from chatbot.types import UserAct

_ALONE = re.compile(
    r"[\s,.!?'\"~:;()-]*(?:(?:please|then|now|thanks|well|so|ok|okay|lol|the|but|and|hm+|oh|um|uh|吧|了|啊|呀)\b[\s,.!?]*)*"
)
_WHICH = re.compile(
    r"(?<![a-z])(?:which|what|who)(?: one)?(?: of (?:these|those|them|the|your)(?: \w+){0,4}?)?(?: one| \w+)?"
    r"(?= (?:is|are|has|have|'s|would|weighs|costs|comes|gets|looks|got|lasts|seems|was))"
    r"|哪(?:一)?(?:个|款|台|辆|部|件|种|双|条|家)|谁(?=更|最|的|家|比较|(?:[\u4e00-\u9fff]{1,4}(?:大|高|多|长|强|轻|小|低|少|短|重|便宜|贵|省油)))"
)
_OVERALL = re.compile(
    r"(?<![a-z])(?:(?:what|which|who)(?:'s| is|s| are|'re| was| one is| would be| would)?|how much (?:is|are|does|do|would))"
    r"(?: currently| actually)? (?:the|your|its|ur|their)(?: (?:very|absolute|single|current))* $"
    r"|(?<![a-z])(?:when|what year) (?:was|were|did|is) (?:the|your) $"
    r"|(?<![a-z])which of your(?: [\w'-]+){1,4} (?:is|are|has|have) (?:the )?$"
)
_YOURS = re.compile(r"(?<![a-z])(?:you|u|y'all|the shop|this shop)(?: guys)? (?:sell|have|carry|stock|offer|got)\b")
_SHOW = re.compile(
    r"\b(?:show|give|find|get|list|want|need|take|buy|like|see|look(?:ing)?|recommend|suggest)\b|推荐|来|给|要|找|看|买"
)
_ASKED_ZH = re.compile(
    r"[^,。!?]{0,10}?(?:是|卖|要)?(?:哪|什么|啥|多少|几)[^,。!?]{0,6}|的(?:[^,。!?\s]{1,6})?呢?(?=[?])"
)
_CLASS = re.compile(r"\{([a-z]+)\}")
_WHICH_ONE = re.compile(r"(?:第?[一二三四五六七八九十\d几两]?(?:个|款|台|辆|部|件|条|双)|这|那|它|的)+")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """One table of the act files."""

    act: UserAct
    pattern: re.Pattern[str]
    topic: str | None
    asks: AskedFor | None
    anchor: str | None
    injected: bool
    all: bool
    item: bool


def acts_of(message: Message, orders: Sequence[OrderSpan] | None = None) -> tuple[ActSpan, ...]:
    """Every act of the message, in order of place; none overlapping. `orders`: its order wishes, where known already."""
    kept: list[ActSpan] = []
    for act in _candidates(message, find_orders(message) if orders is None else orders):
        if not any(Span(k.start, k.end).touches(act.start, act.end) or _within(k, act) for k in kept):
            kept.append(act)
    return tuple(sorted(kept, key=lambda a: (a.start, a.end)))


def _within(kept: ActSpan, act: ActSpan) -> bool:
    """An injected sentence swallows whatever else it says."""
    return kept.injected and kept.over is not None and kept.over.covers(act.start, act.end)


def _candidates(message: Message, orders: Sequence[OrderSpan]) -> Iterator[ActSpan]:
    lower = message.lower
    which = [*_overall(message, orders), *_which(message, orders)]
    for meaning in _meanings(message.language, message.mixed):
        if meaning.act is UserAct.REQUEST and which:
            yield from which
            which = []
        for found in meaning.pattern.finditer(lower):
            span = Span(*_trimmed(lower, found))
            if span and _anchored(message, span, meaning.anchor):
                yield _act(message, meaning, span, found)


def _act(message: Message, meaning: _Meaning, span: Span, found: re.Match[str]) -> ActSpan:
    return ActSpan(
        meaning.act,
        span.start,
        span.end,
        meaning.topic,
        meaning.asks,
        over=_over(message, meaning, span, found),
        injected=meaning.injected,
        all=meaning.all,
        item=meaning.item,
    )


def _over(message: Message, meaning: _Meaning, span: Span, found: re.Match[str]) -> Span | None:
    """What is asked about: the named part of the pattern, else the clause; for an injection its sentence."""
    if meaning.injected:
        return message.sentence_at(span.start)
    if meaning.act is not UserAct.REQUEST:
        return message.clause_at(span.start)
    named = [Span(*found.span(name)) for name, text in found.groupdict().items() if text]
    if named:
        which = _WHICH_ONE.match(message.lower, named[0].start, named[0].end)
        return Span(which.end(), named[0].end) if which and which.end() < named[0].end else named[0]
    return Span(span.start, max(span.end, message.clause_at(span.start).end))


def _which(message: Message, orders: Sequence[OrderSpan]) -> Iterator[ActSpan]:
    """ "which of those is the cheapest", "这两个哪个马力大": a question for the least or the most."""
    for found in _WHICH.finditer(message.lower):
        clause = message.clause_at(found.start())
        order = next(
            (
                o
                for o in orders
                if o.start >= found.start()
                and o.end <= clause.end
                and (o.kind in ("superlative", "comparative") or (o.kind == "plain" and has_cjk(found[0])))
            ),
            None,
        )
        if order:
            asks: AskedFor = "max" if order.direction == "desc" else "min"
            if re.match("what (?:is|are|'s|was)|what's", message.lower[found.start() :]):
                continue  # "what's the cheapest lamp": a wish
            if order.concept == "rating" and not re.search(
                "rat|review|评|口碑|score|star", message.lower[order.start : order.end]
            ):
                continue  # "which is better": a comparison
            topic = order.concept if order.noun is None else None
            yield ActSpan(
                UserAct.REQUEST, found.start(), order.end, topic, asks, order.noun or Span(order.start, order.end)
            )


def _overall(message: Message, orders: Sequence[OrderSpan]) -> Iterator[ActSpan]:
    """ "What's your cheapest tent?", "最贵的电脑是哪款": a question for the least or the most of all."""
    lower = message.lower
    for order in orders:
        if order.kind != "superlative" and not (order.kind == "sort" and has_cjk(lower[order.start : order.end])):
            continue
        clause = message.clause_at(order.start)
        before, after = lower[clause.start : order.start], lower[order.end : clause.end]
        if has_cjk(lower[order.start : order.end]):
            framed = _ASKED_ZH.match(after) is not None and not _SHOW.search(before)
        else:
            yours = _YOURS.search(after) is not None or re.search(r"\byour $", before) is not None
            framed = _OVERALL.search(before) is not None or (yours and not _SHOW.search(before))
        if framed and not (order.concept == "rating" and re.fullmatch("best|worst", lower[order.start : order.end])):
            start = clause.start + len(before) - len(before.lstrip())
            asks: AskedFor = "most" if order.direction == "desc" else "least"
            topic = order.concept if order.noun is None else None
            yield ActSpan(UserAct.REQUEST, start, clause.end, topic, asks, Span(order.start, order.end))


def _anchored(message: Message, span: Span, anchor: str | None) -> bool:
    lower = message.lower
    if anchor is None:
        return True
    if anchor == "start":
        return any(
            _ALONE.fullmatch(lower, s.start, span.start) for s in message.sentences if s.start <= span.start <= s.end
        )
    clause = message.clause_at(span.start)
    ends = _ALONE.fullmatch(lower, span.end, max(clause.end, span.end)) is not None
    if anchor == "end":
        return ends
    return ends and _ALONE.fullmatch(lower, clause.start, span.start) is not None


def _trimmed(lower: str, found: re.Match[str]) -> tuple[int, int]:
    start, end = found.span()
    text = lower[start:end]
    return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())


@cache
def _meanings(language: str, mixed: bool) -> tuple[_Meaning, ...]:
    """The tables that can match a message: those of the other language only where both are written."""
    first = [_meaning(table, "acts_zh") for table in words("acts_zh")["act"]] if language == "zh" or mixed else []
    second = [_meaning(table, "acts") for table in words("acts")["act"]] if language == "en" or mixed else []
    return tuple(sorted(first + second, key=_rank))


def _rank(meaning: _Meaning) -> tuple[int, int]:
    """Injections first, then as the files have it (both are written in the same order of acts)."""
    order = [UserAct.OTHER, UserAct.HANDOFF, UserAct.FAQ, UserAct.RESET, UserAct.UNDO, UserAct.COMPARE, UserAct.EXPLAIN]
    order += [UserAct.REJECT, UserAct.ACCEPT, UserAct.MORE, UserAct.REQUEST, UserAct.INFORM, UserAct.CHITCHAT]
    return (0 if meaning.injected else 1, order.index(meaning.act))


def _meaning(table: dict[str, Any], file: str) -> _Meaning:
    flags = re.MULTILINE if file == "acts_zh" else 0
    return _Meaning(
        act=UserAct(table["act"]),
        pattern=re.compile(alternation(_spelt_out(file, table["patterns"])), flags),
        topic=table.get("topic"),
        asks=cast("AskedFor | None", table.get("asks")),
        anchor=table.get("anchor"),
        injected=bool(table.get("injected")),
        all=bool(table.get("all")),
        item=bool(table.get("item")),
    )


def _spelt_out(file: str, patterns: list[str]) -> Iterator[str]:
    """The patterns with the words of each class they name."""
    classes = _classes(file)
    return (_CLASS.sub(lambda found: classes[found[1]], pattern) for pattern in patterns)


@cache
def _classes(file: str) -> dict[str, str]:
    """The file's word classes; a later one may name earlier ones."""
    known: dict[str, str] = {}
    for name, pattern in words(file).get("classes", {}).items():
        known[name] = _CLASS.sub(lambda found: known[found[1]], pattern)
    return known
