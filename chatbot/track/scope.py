"""What cue words do to the words near them: negation, hedges, insistence, taking back, replacing, adding.

Works clause by clause with words/scope.toml: a cue governs what follows it ("no Lenovo"), what precedes it ("leather is
out", "塑料的不要"), or its whole clause ("not a must", which reaches back to the clause before). Knows no values: whether
"forget the black one" ends a wish for black or one on colour is for the reader who knows both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

from chatbot.track.normal import Message
from chatbot.track.spans import Scope, Scopes, ScopeSpan, Span
from chatbot.track.wording import alternation, compiled, has_cjk, words

_SECTIONS = {
    "soft": Scope.SOFT,
    "hard": Scope.HARD,
    "taken_back": Scope.TAKEN_BACK,
    "allowed": Scope.ALLOWED,
    "replaced": Scope.REPLACED,
    "added": Scope.ADDED,
    "need": Scope.NEED,
}
_PHRASE = re.compile(
    r"(?:^|(?<= ))(?:in|with|from|and|by|for|under|over|below|above|around|up to|at|about|made of|that|which|of)(?= )"
)
_ECHO = re.compile(
    r"(?:and |or |nor |also |so )*(?P<x>[\w'&.-]+(?: [\w'&.-]+){0,2}?) (?P<too>too|as well|also|either|neither|likewise|same)[\s.!]*"
)
_NO = re.compile(r"[\s,.!?-]*(?:no|nah|nope)[\s,.!?]*")
_FAULT = re.compile("太|不好|差|丑|难看|一般|不行|不喜欢")
_FEW = 4  # words at most that a bare "no thanks" dismisses
_REACH = 200  # characters a cue governs at most, so that no message takes long to read
_NOTHING = re.compile(r"[\s的了吧啊呢吗呀啦哦哈嘛就也都.!?'\"-]*(?:though|please|then|now|ok|lol)?[\s.!?]*$")
_PRONOUN = re.compile(
    r"\s*(?:that|it|this|everything|all(?: of (?:it|that|this))?|them|all that|一切|所有|全部|刚才说?的)?\s*$"
)
_JOINER = re.compile(
    r"(?:\s|,|、|/|&|\bor\b|\band\b|\bnor\b|\bmaybe\b|\beven\b|\bpossibly\b|\beither\b|\bin\b|\bfrom\b|\bby\b|\ba\b|\ban\b"
    r"|\bthe\b|\bones?\b|\bcolou?r\b|\bsize\b|或者|或是|或|还是|和|跟|与|及|以及|的|也行|也可以|都)*"
)
_OR, _AND = re.compile(r"\bor\b|\bnor\b|/|或|还是"), re.compile(r"\band\b|&|和|跟|与|及")


def find_scopes(message: Message) -> Scopes:
    """Every cue of the message with the stretch it governs, in order."""
    found: list[ScopeSpan] = []
    for index, clause in enumerate(message.clauses):
        found += _negations(message, clause)
        for section, scope in _SECTIONS.items():
            found += _of_section(message, index, section, scope)
    found += _echoed(message, found)
    found += _dismissed(message)
    no = [s for s in found if s.scope is Scope.NEGATED]
    found = [s for s in found if s.scope is not Scope.SOFT or not any(n.start < s.start and s.end <= n.end for n in no)]
    anything = [*_whatever(message.lower)]
    found = [s for s in found if not any(a.start <= s.start < a.end for a in anything)]
    return Scopes(message.lower, tuple(sorted({*found, *anything}, key=lambda s: (s.start, s.end, s.scope))))


def joined(lower: str, first: Span, second: Span) -> Literal["or", "and"] | None:
    """How two spans are coordinated: "or", "and", or None when more than joining words lies between.

    A bare comma is the "or" of a list ("black, white or grey"). Which slots they fill, the caller must know.
    """
    if second.start < first.start:
        first, second = second, first
    between = lower[first.end : second.start]
    if not between.strip() or not _JOINER.fullmatch(between):
        return None
    if _OR.search(between):
        return "or"
    return "and" if _AND.search(between) else ("or" if re.search(r"[,、]", between) else None)


@cache
def _pattern(section: str, part: str) -> re.Pattern[str] | None:
    entries = words("scope")[section].get(part)
    return compiled(entries) if entries else None


@cache
def _harmless() -> re.Pattern[str]:
    return compiled(words("scope")["harmless"])


@cache
def _stops(short: bool) -> re.Pattern[str]:
    table = words("scope")
    return compiled([*table["stops"], *(table["short_stops"] if short else [])])


# Negation -------------------------------------------------------------------------------------------------------------


def _negations(message: Message, clause: Span) -> Iterator[ScopeSpan]:
    lower = message.lower
    masked = _harmless().sub(lambda m: "\0" * len(m[0]), lower[clause.start : clause.end])
    taken: list[Span] = []
    for found in (found for pattern in _around() for found in pattern.finditer(masked)):
        taken.append(Span(clause.start + found.start(), clause.start + found.end()))
        named = Span(clause.start + found.start("x"), clause.start + found.end("x"))
        yield ScopeSpan(taken[-1].start, taken[-1].end, Scope.NEGATED, named)
    for part in ("verdict", "long", "short", "forward", "backward"):
        pattern = _pattern("negated", part)
        for found in pattern.finditer(masked) if pattern else ():
            start, end = clause.start + found.start(), clause.start + found.end()
            if any(t.touches(start, end) for t in taken):
                continue
            over = _negated_stretch(message, clause, Span(start, end), part)
            if over or part != "verdict":
                taken.append(Span(start, end))
            if over:
                yield ScopeSpan(start, end, Scope.NEGATED, over)


@cache
def _around() -> tuple[re.Pattern[str], ...]:
    """Cues on both sides of what they refuse: "leave HP out of it", "red over white"."""
    return tuple(compiled([entry]) for entry in words("scope")["negated"]["around"])


def _negated_stretch(message: Message, clause: Span, cue: Span, part: str) -> Span | None:
    lower = message.lower
    if part in ("verdict", "backward"):
        return _before_cue(lower, clause, cue)
    rest = lower[cue.end : clause.end]
    if _NOTHING.match(rest) or re.fullmatch(r"\s*(?:吗|呢|没)?\s*", rest):
        if not has_cjk(lower[cue.start : cue.end]):
            return None
        return _before_cue(lower, clause, cue) or _complained_of(message, clause)
    if re.search(r"[吗么]$", rest) and lower[cue.start : cue.end] in ("没有", "不是", "不带", "不含"):
        return None  # a question, not a wish
    over = _up_to_stop(lower, cue.end, clause.end, short=part == "short")
    return _with_list(message, clause, over)


def _echoed(message: Message, found: Sequence[ScopeSpan]) -> Iterator[ScopeSpan]:
    """ "HP is out, and Trust too": a name with nothing but a "too" is refused like the one before it."""
    for before, clause in pairwise(message.clauses):
        echo = _ECHO.fullmatch(message.lower, clause.start, clause.end)
        refused = any(s.scope is Scope.NEGATED and before.touches(s.start, s.end) for s in found)
        if echo and refused and message.sentence_at(before.start).covers(clause.start, clause.end):
            yield ScopeSpan(echo.start("too"), echo.end("too"), Scope.NEGATED, Span(*echo.span("x")))


def _dismissed(message: Message) -> Iterator[ScopeSpan]:
    """ "HP? no thanks", "ugh Canon, can't stand them": a few words and a verdict on nothing else than them."""
    for before, clause in pairwise(message.clauses):
        few = len(message.lower[before.start : before.end].split()) <= _FEW
        goes_on = clause.end < message.sentence_at(clause.start).end and _NO.fullmatch(
            message.lower, clause.start, clause.end
        )  # "Preferably Targus. No, make that Targus only": a second thought
        if few and not goes_on and _dismissal().fullmatch(message.lower, clause.start, clause.end):
            yield ScopeSpan(clause.start, clause.end, Scope.NEGATED, before)


@cache
def _dismissal() -> re.Pattern[str]:
    return re.compile(rf"[\s,.!?-]*(?:{alternation(words('scope')['negated']['dismissal'])})[\s,.!?]*")


def _before_cue(lower: str, clause: Span, cue: Span) -> Span | None:
    """What precedes a cue in its clause; for "leather-free" the word alone."""
    if lower[cue.start : cue.end] == "-free":
        word = re.search(r"[a-z]+$", lower[clause.start : cue.start])
        return Span(cue.start - len(word[0]), cue.start) if word else None
    return Span(clause.start, cue.start) if lower[clause.start : cue.start].strip() else None


def _complained_of(message: Message, clause: Span) -> Span | None:
    """The clause before a bare refusal, where it finds fault: 苹果太贵了，不考虑."""
    sentence = message.sentence_at(clause.start)
    earlier = [c for c in message.clauses if c.end <= clause.start and sentence.covers(c.start, c.end)]
    return earlier[-1] if earlier and _FAULT.search(message.lower, earlier[-1].start, earlier[-1].end) else None


def _up_to_stop(lower: str, start: int, end: int, short: bool) -> Span:
    end = min(end, start + _REACH)
    stop = _stops(short).search(lower, start + 1, end) if start + 1 < end else None
    return Span(start, stop.start() if stop else end)


def _with_list(message: Message, clause: Span, over: Span) -> Span:
    """ "not HP, Dell or Asus": the list goes on over commas while its members stay one or two words long and alike."""
    if over.end < clause.end:
        return over
    sentence = message.sentence_at(clause.start)
    rest = message.text[clause.end : sentence.end]
    first = message.text[over.start : over.end].strip()
    list_of = re.match(r"(?:, ?[\w'&.-]+(?: [\w'&.-]+)?)*?,? ?(?:or|nor) ([\w'&.-]+)(?: [\w'&.-]+)?(?=$|[,.!?])", rest)
    if not list_of or not first or len(first.split()) > 2 or first[0].isupper() != list_of[1][0].isupper():
        return over
    return Span(over.start, clause.end + list_of.end())


# Other cues -----------------------------------------------------------------------------------------------------------


def _of_section(message: Message, index: int, section: str, scope: Scope) -> Iterator[ScopeSpan]:
    clause, lower = message.clauses[index], message.lower
    text = lower[clause.start : clause.end]
    if scope is Scope.HARD:
        text = _harmless().sub(lambda m: "\0" * len(m[0]), text)
    taken: list[Span] = []
    for part in ("forward", "whole", "backward", "start"):
        pattern = _pattern(section, part)
        for found in pattern.finditer(text) if pattern else ():
            cue = Span(clause.start + found.start(), clause.start + found.end())
            over = (
                None
                if any(t.touches(cue.start, cue.end) for t in taken)
                else _governed(message, index, cue, part, scope)
            )
            if over and not (scope is Scope.TAKEN_BACK and _PRONOUN.match(lower[over.start : over.end])):
                taken.append(cue)
                yield ScopeSpan(cue.start, cue.end, scope, over)


def _governed(message: Message, index: int, cue: Span, part: str, scope: Scope) -> Span | None:
    clause, lower = message.clauses[index], message.lower
    if part == "start":
        return clause if cue.start == clause.start else None
    before, after = lower[clause.start : cue.start].strip(), lower[cue.end : clause.end]
    empty_after = _NOTHING.match(after) is not None
    if part == "whole":
        return _whole(message, index, scope, not before and empty_after)
    if part == "backward":
        return _preceding(lower, clause, cue, scope) if before and (empty_after or scope is not Scope.HARD) else None
    if not empty_after:
        return (
            Span(cue.end, clause.end) if scope is Scope.TAKEN_BACK else _up_to_stop(lower, cue.end, clause.end, False)
        )
    if before and scope in (Scope.SOFT, Scope.HARD):
        return _preceding(lower, clause, cue, scope)
    return _neighbour(message, index, 1) if scope in (Scope.SOFT, Scope.HARD) and not before else None


def _whole(message: Message, index: int, scope: Scope, alone: bool) -> Span:
    """The cue's clause, or the one a cue standing alone belongs to: before a hedge, behind a correction."""
    clause = message.clauses[index]
    if scope is Scope.REPLACED:
        return Span(clause.start, message.sentence_at(clause.start).end)
    if scope is Scope.SOFT:
        text = message.lower[clause.start : clause.end]
        if alone or len(text) < 28 or re.match(r"but\b|不是也|没有也|不强求", text):
            return _neighbour(message, index, -1) or clause
    return clause


def _neighbour(message: Message, index: int, step: int) -> Span | None:
    at = index + step
    return message.clauses[at] if 0 <= at < len(message.clauses) else None


def _preceding(lower: str, clause: Span, cue: Span, scope: Scope) -> Span:
    """What a trailing cue governs: after "ideally" or "if possible" only the last phrase, else all before it."""
    if scope is Scope.SOFT and re.match(r"if|ideal|prefer|for pref", lower[cue.start : cue.end]):
        starts = [m.start() for m in _PHRASE.finditer(lower, clause.start, cue.start)]
        if starts:
            return Span(starts[-1], cue.start)
    return Span(clause.start, cue.start)


def _whatever(lower: str) -> Iterator[ScopeSpan]:
    """ "any brand is fine", "颜色什么都行": the word between is what no longer matters."""
    for pattern in _any_patterns():
        for found in pattern.finditer(lower):
            yield ScopeSpan(found.start(), found.end(), Scope.TAKEN_BACK, Span(*found.span("x")))


@cache
def _any_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(compiled([entry]) for entry in words("scope")["taken_back"]["any"])
