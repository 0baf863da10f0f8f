"""Is a word said as a wish, or does it only occur in what is told ("i travel a lot", "those boxes")?

English alone: by what stands beside the word, a thing looked for or a cue (words/reasons.toml). Knows no meanings.
"""

from __future__ import annotations

import re
from functools import cache

from chatbot.track.book import Mention
from chatbot.track.heard import Heard
from chatbot.track.pieces import function_words
from chatbot.track.references import Reference
from chatbot.track.spans import ActSpan, Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import UserAct

SHORT = 3  # words of a clause that says nothing but wishes
APART = 2  # words that may stand between a property and the thing
_ONE_OF_THEM = re.compile(r"\b(?:the|that|this|those|these)\s(?:\w+\s)?$")
_ONES = re.compile(r" ones\b")
_DEMANDED = re.compile(
    r"\b(?:with|must have|needs?|has to have|has to be|must be|should be|should have|be|something|anything|for)"
    r" (?:(?:an?|the|some|very|really|good|built in) ){0,2}$"
)
_LOOK_BEFORE = re.compile(r"\b(?:in|colou?r|colou?red|shade of|or|and|not|no|to|it|is|be) (?:dark |light |pale |a )?$")
_LOOK_AFTER = re.compile(r"[ -]?(?:colou?r|shade|tone|brown|green|pink|red|ones?\b|version|is (?:fine|ok|out))")
_WORD = re.compile(r"[\w'.&+-]+")


def said_as_wish(heard: Heard, start: int, end: int) -> bool:
    """Has a word a reason to be a wish: it stands by a thing looked for, behind a cue, or about alone?"""
    said = heard.lower[start:end]
    if heard.message.language != "en" or not said.isascii() or any(c.isdigit() for c in said):
        return True
    return (
        _about_alone(heard, start)
        or _beside_thing(heard, start, end)
        or _introduced().search(heard.lower, max(0, start - 60), start) is not None
        or _then().match(heard.lower, end) is not None
    )


def demanded(heard: Heard, start: int, end: int) -> bool:
    """Is a word asked of the thing itself: right before its name, or behind "with", "must have", "needs"?"""
    before = heard.lower[max(0, start - 40) : start]
    return _beside_thing(heard, start, end) or _DEMANDED.search(before) is not None


def never_lifts(word: str) -> bool:
    """Is it a word of talk and of shopping, whatever stands in a record?"""
    return word in _never()


def of_life(heard: Heard, end: int) -> bool:
    """Does a word of the shopper's own life follow: "small kids", "white walls"?"""
    found = _life().match(heard.lower, end)
    return found is not None and not any(k.mention.start < found.end() <= k.mention.end for k in heard.kinds)


def refuses_value(heard: Heard, act: ActSpan) -> bool:
    """ "I'd rather not have a Lenovo": a value is refused, no item shown."""
    sentence = heard.message.sentence_at(act.start)
    return act.act is UserAct.REJECT and any(
        mention.reading("value") is not None
        and heard.scopes.negated(mention.start, mention.end)
        and not any(
            Span(r.start, r.end).touches(mention.start, mention.end) and not _maker_alone(r, mention)
            for r in heard.references
        )
        and (_ONE_OF_THEM.search(heard.lower[: mention.start]) is None or _ONES.match(heard.lower, mention.end))
        for mention in heard.within(sentence)
    )


def _maker_alone(reference: Reference, mention: Mention) -> bool:
    """Is the pointer nothing but a maker's name ("hmm not DYMO"), which means all that it makes?"""
    maker = any(r.slot == "brand" for r in mention.readings) and mention.reading("product") is None
    several = reference.how == "described" and not reference.single  # "not the Canon ones"
    return maker and (several or (mention.start <= reference.start and reference.end <= mention.end))


def thing_of_its_own(word: str) -> bool:
    """Is a look named by a thing that people love, drink and walk on: coffee, olive, sand?"""
    return word in _things()


def coloured(heard: Heard, start: int, end: int) -> bool:
    """Does such a word stand where a look does: "in coffee", "a coffee sofa", "coffee coloured"?"""
    clause = heard.message.clause_at(start)
    alone = len(_WORD.findall(heard.lower, clause.start, clause.end)) == 1
    before, after = heard.lower[:start], heard.lower[end:]
    return (
        alone
        or _LOOK_BEFORE.search(before) is not None
        or _LOOK_AFTER.match(after) is not None
        or any(
            k.part == "head" and end <= k.mention.start and _leads_on(heard.lower[end : k.mention.start])
            for k in heard.kinds
        )
    )


def _about_alone(heard: Heard, start: int) -> bool:
    clause = heard.message.clause_at(start)
    said = _WORD.findall(heard.lower, clause.start, clause.end)
    return len([w for w in said if w not in _fillers()]) <= SHORT and not _subject().match(heard.lower, clause.start)


def _beside_thing(heard: Heard, start: int, end: int) -> bool:
    """Right before a thing's name, but for other properties, or right behind it."""
    for kind in heard.kinds:
        if kind.part == "target":
            continue
        if 0 <= start - kind.mention.end <= 2:
            return True
        if end <= kind.mention.start and _leads_on(heard.lower[end : kind.mention.start]):
            return True
    return False


def _leads_on(between: str) -> bool:
    """Do only properties stand between a word and the thing?"""
    said = _WORD.findall(between)
    if len(said) > APART or re.search(r"[.!?;:]", between):
        return False
    return all(word in ("and", "or") or word not in function_words() for word in said)


@cache
def _never() -> frozenset[str]:
    return frozenset(words("reasons")["never"].split())


@cache
def _things() -> frozenset[str]:
    return frozenset(words("reasons")["things"].split())


@cache
def _fillers() -> frozenset[str]:
    return frozenset(words("reasons")["fillers"].split())


@cache
def _introduced() -> re.Pattern[str]:
    table = words("reasons")
    return re.compile(rf"{alternation(table['cues'])}\s(?:{alternation(table['between'])}\s){{0,3}}$")


@cache
def _then() -> re.Pattern[str]:
    return re.compile(rf"\s{alternation(words('reasons')['then'])}")


@cache
def _subject() -> re.Pattern[str]:
    return compiled(words("reasons")["subjects"])


@cache
def _life() -> re.Pattern[str]:
    return re.compile(rf"\s{alternation(words('reasons')['life'])}")
