"""Things asked for in words that no list knows: "something to hoover with", "a joypad". Read by meaning, if at all.

Cuts the stretch out of the sentence that tells the thing, so that the encoder sees little else; knows nothing of how
likeness is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog.types import Constraint, Op
from chatbot.track.book import Mention, Reading
from chatbot.track.heard import Heard
from chatbot.track.meaning import Meaning
from chatbot.track.names import Gap
from chatbot.track.needs import constraint_of
from chatbot.track.normal import Message
from chatbot.track.parts import KindMention, says
from chatbot.track.spans import Scope, Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import Addition, UserAct

PHRASES = 4  # of one message that are worth a vector: a longer message is no wish
_HEARD_ALONG = frozenset({UserAct.INFORM, UserAct.REQUEST, UserAct.CHITCHAT})
_CUT = re.compile(
    r"[,.;!?()]|\b(?:under|below|less than|up to|for (?:about|around|under|less)|but|please|and (?:i|it))\b"
)
_PROPERTY = re.compile(r"\s(?:in|from|made|with|by|size|at|under|below|over|that|which|and|but)\b|[,.;!?]")
_LONGEST = 12  # words of a stretch
_ARTICLE = re.compile(r"(?:an?|some|any|the|my|pair of|of)\s")


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch that may tell a thing. `by_use`: by what it is for."""

    start: int
    end: int
    text: str
    by_use: bool


def told_things(message: Message, gaps: Sequence[Gap]) -> tuple[Told, ...]:
    """The stretches of a message whose meaning is worth asking for, those by use first."""
    uses = [_told(message, m.start(), by_use=True) for m in _by_use().finditer(message.lower)]
    found = [t for t in uses if t]
    for clause in message.clauses:
        taken = any(clause.start <= t.start < clause.end for t in found)
        here = any(clause.covers(g.start, g.end) and not all(p.cjk for p in g.pieces) for g in gaps)
        if here and not taken and (told := _told(message, _lead(message, clause), by_use=False)):
            found.append(told)
    return tuple(found)


def uses(message: Message) -> tuple[Span, ...]:
    """What is to be done with a thing, without the properties behind it: the coffee of "something to make coffee" is no
    colour, the black of "something to read on in black" is."""
    found = []
    for cue in _by_use().finditer(message.lower):
        end = message.clause_at(cue.start()).end
        stop = _PROPERTY.search(message.lower, cue.end(), end)
        found.append(Span(cue.end(), stop.start() if stop else end))
    return tuple(found)


def with_meant(heard: Heard, meaning: Meaning) -> Heard:
    """The message with the kind that its own words surely mean named in it; as it was where a kind is named already.

    What a use is done to ("something to print photos") is not looked for.
    """
    done = [Span(m.end(), heard.message.clause_at(m.start()).end) for m in _by_use().finditer(heard.lower)]
    served = tuple(
        replace(k, part="target") if any(u.covers(k.mention.start, k.mention.end) for u in done) else k
        for k in heard.kinds
    )
    heard = replace(heard, kinds=served)
    if not _may_mean(heard):
        return heard
    asked = tuple(_asked(heard))
    if asked:
        heard.encoded.ask([told.text for told in asked])
    for told in asked:
        meant = meaning.kind(heard.encoded.of(told.text), _served(heard))
        if meant and meant.sure:
            reading = Reading("kind", "category", meant.values, meant.name, meant.likeness)
            mention = Mention(told.start, told.end, meant.name, (reading,), True)
            return replace(heard, kinds=(*heard.kinds, KindMention(mention, reading, "head")))
    return heard


def likely_kinds(heard: Heard, meaning: Meaning) -> Iterator[Addition]:
    """Kinds that the words may mean: what is of them comes first, nothing is left out for their sake."""
    if not _may_mean(heard):
        return
    for told in _asked(heard):
        meant = meaning.kind(heard.encoded.of(told.text), _served(heard)) if told.by_use else None
        if meant and not meant.sure:
            yield Addition(constraint_of(meant.values), hard=False)
            return


def _may_mean(heard: Heard) -> bool:
    """Is a thing asked for, and none named?"""
    named = any(k.part in ("head", "modifier") for k in heard.kinds)
    return not named and not heard.devices and {a.act for a in heard.acts} <= _HEARD_ALONG


def _served(heard: Heard) -> tuple[str, ...]:
    """The categories of what the thing is for; a verb ("something to iron shirts with") is no thing."""
    verbs = {m.end() + 1 for m in _by_use().finditer(heard.lower)}
    served = (k for k in heard.kinds if k.part == "target" and k.mention.start not in verbs)
    return tuple(v for k in served for v in k.reading.values)


def _asked(heard: Heard) -> Iterator[Told]:
    """Stretches that may state a wish; where something is in hand already, only what is plainly another thing."""
    fresh = not any(_is_kind(w.what) for n in heard.state.active_needs for w in n.wishes)
    another = says(heard.lower, "another")
    for told in told_things(heard.message, heard.grounded.gaps)[:PHRASES]:
        scopes = heard.scopes.at(told.start, told.end)
        refused = bool(scopes & {Scope.NEGATED, Scope.TAKEN_BACK, Scope.ALLOWED})
        if heard.open(told.start, told.end) and not refused and (fresh or told.by_use or another):
            yield told


def _is_kind(what: object) -> bool:
    return isinstance(what, Constraint) and what.slot == "category" and what.op in (Op.EQ, Op.IN)


def _told(message: Message, start: int, by_use: bool) -> Told | None:
    end = message.clause_at(start).end
    cut = _CUT.search(message.lower, start + 1, end)
    text = message.lower[start : cut.start() if cut else end].strip()
    article = _ARTICLE.match(text)
    bare = text[article.end() :] if article and not by_use else text
    if not bare or not bare.isascii() or len(bare.split()) > _LONGEST:
        return None
    return Told(start, start + len(text), bare, by_use)


def _lead(message: Message, clause: Span) -> int:
    """Where the thing begins, behind the words that lead to it."""
    at = clause.start
    while found := _leads().match(message.lower, at, clause.end):
        at = found.end()
    return at


@cache
def _by_use() -> re.Pattern[str]:
    return compiled(words("parts")["told_by_use"])


@cache
def _leads() -> re.Pattern[str]:
    return re.compile(alternation(words("parts")["leads"]) + r"[\s,]*")
