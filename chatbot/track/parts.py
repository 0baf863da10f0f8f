"""What part each kind of product named plays in a message: looked for, what it is for, a property, what somebody has.

Knows the cues of words/places.toml around a mention; knows neither needs nor the shop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from chatbot.track.book import Mention, Reading
from chatbot.track.spans import Span
from chatbot.track.wording import alternation, compiled, words

Part = Literal["head", "modifier", "target", "feature"]
_PLACE = re.compile(
    r"\b(?:in|inside|on|(?<!look )(?<!looking )at|near|behind|beside|under)\s+(?:the|my|our|his|her|their|an?)\s+$"
)
_VAGUE = re.compile(r"\b(?:something|anything|sth|stuff|gift|present)\b")
_DOING = re.compile(
    r"[ -](?!(?:us|hav|includ|cost|support|runn|weigh|start|be|dur|rang|featur|noth|someth|anyth|gam|go|com|look)ing)[a-z]{3,}ing\b"
)
_GOES_ON = re.compile(r"[ -][a-z]{3,}")
_MATCHING = re.compile(r"\bwith (?:an?|some|the) (?:matching|fitting|suitable|coordinating)\s$")
_SAME_BREATH = re.compile(r"\s*(?:,|and|or|&|/|和|跟|、|或)\s*(?:(?:my|our|the|his|her|their)\s)?(?:\w+\s)?$")
_ANEW = re.compile(r"\b(?:an?|some|another|any)\s")
_LOOKED_FOR = re.compile(
    r"\b(?:an?|some|any|another|need|needs|want|find|get|buy|me|see|for|and|also|plus|about|sell|stock|or|then)\s+(?:new\s)?$"
)
_ITS = re.compile(r"(?:^|[.,;!?:]\s?|\b(?:the|that|this|its|it's|their|bigger|larger|more|and the|but the|so the)\s)$")
_OUGHT = r"\s(?:should|shouldn't|must|mustn't|needs?|has|have|ought)(?:\s(?:to|not))*\s"
_PART = r"(?:^|[.,;!?:]\s?|\b(?:and|but|so)\s)(?:the|its|it's)(?:\s(?!for\b|of\b|with\b|in\b)[\w-]+)"
_PART_NAMED = re.compile(_PART + r"{0,2}\s$")
_PART_TOLD = re.compile(_PART + "{1,3}" + _OUGHT + r"(?:(?!and\b|an?\b|some\b|i\b|for\b)[\w.-]+\s)*$")
_OUGHT_TO = re.compile(r"(?:\s(?!for\b|of\b|with\b|in\b|and\b)[\w-]+){0,2}" + _OUGHT + r"\w")
_IS = re.compile(
    r"(?:'s|\s(?:is|are|was|isn't|aren't|seems?|looks?|feels?|should|shouldn't|must|mustn't|needs?|has|have|can|can't|could"
    r"|cannot|ought|to be|be|will|would|at least|over|under|of at least|of|size))\b"
)


@dataclass(frozen=True, slots=True)
class KindMention:
    """A kind of product named, and its part in the sentence: looked for, or said of what is looked for."""

    mention: Mention
    reading: Reading
    part: Part
    joined: Literal["and", "or"] | None = None  # with the head before it


def kinds_in(
    lower: str, mentions: Sequence[Mention], beside: Callable[[Mention], bool], wanted: bool = False
) -> tuple[KindMention, ...]:
    """Every kind named with its part: the head of a compound or of "X for Y" is looked for, the rest is not.

    `beside`: is a mention the property that a number or an order is about ("16 gigs of ram", "bigger screen")?
    `wanted`: something is looked for already, so that such a mention is no thing of its own.
    """
    found: list[KindMention] = []
    every = [(m, r) for m in mentions if (r := kind_of(m))]
    rest = [(m, r) for m, r in every if not beside(m)]
    named = rest if rest or wanted else every  # "SSD 500gb" alone looks for the drive
    for index, (mention, reading) in enumerate(named):
        start = found[-1].mention.end if found else 0
        before = _without(lower, start, mention.start, mentions)  # "for an Epson printer": the maker is no matter
        following = named[index + 1][0] if index + 1 < len(named) else None
        part = _part(lower, mention, before, following, bool(found), wanted)
        if part == "head" and _has(lower, before, mention) and (len(named) > 1 or _VAGUE.search(before)):
            part = "target"  # "my old printer died": what they have
        if part == "head" and _done_to(lower[start : mention.start], alone=not wanted and len(named) == 1):
            part = "target"
        if part == "head" and found and found[-1].part == "target" and _in_one_breath(lower[start : mention.start]):
            part = "target"  # "for my keyboard and monitor"
        joined: Literal["and", "or"] | None = None
        if part == "head" and any(k.part == "head" for k in found):
            joined = "or" if _is(before, "either") or not before.strip() else "and"
            if not _coordinated(before) and not _coordinated(lower[start : mention.start]):
                part, joined = "feature", None
        found.append(KindMention(mention, reading, part, joined))
    return _all_welcome(lower, found if wanted else _looked_for(found))


def of_thing_in_hand(lower: str, mention: Mention) -> bool:
    """Is a kind spoken of as a part of something ("the screen should be bigger"), rather than asked for?"""
    before, behind = lower[: mention.start], lower[mention.end :]
    return not _LOOKED_FOR.search(before) and bool(_ITS.search(before)) and bool(_IS.match(behind))


def ought_to(lower: str, mention: Mention) -> bool:
    """Is it told what a part named with its article must do ("the water tank should hold a litre")?"""
    before = lower[: mention.start]
    named = _PART_NAMED.search(before) is not None and _OUGHT_TO.match(lower[mention.end :]) is not None
    return named or _PART_TOLD.search(before) is not None


def idioms(lower: str) -> tuple[Span, ...]:
    """Stretches that name nothing whatever their words could mean: "in that case", "on display"."""
    return tuple(Span(m.start(), m.end()) for m in _idioms().finditer(lower))


@cache
def _idioms() -> re.Pattern[str]:
    """Of things (words/parts.toml) and of talk (words/reasons.toml)."""
    return compiled([*words("parts")["idioms"], *words("reasons")["idioms"]])


def put_off(lower: str, mention: Mention) -> bool:
    """Is a thing only for later ("lamps later", "leave the lamp for another day")?"""
    behind = re.match(r"\s*" + alternation(words("parts")["later_behind"]), lower[mention.end :])
    return bool(behind) or _behind("later_before").search(lower[: mention.start]) is not None


def corrected(lower: str) -> bool:
    """Is a thing named to take the place of the one in hand ("i'd rather have a skirt")?"""
    return _anywhere("corrected").search(lower) is not None


def _has(lower: str, before: str, mention: Mention) -> bool:
    """Is it what somebody has: "my old printer", "the printer I have"? One that is to be bettered is, too."""
    behind = re.match(r"\s(?:that |which )?(?:i|we)(?:'ve)? (?:have|own|got|use|bought)\b", lower[mention.end :])
    return bool(behind) or _behind("owned").search(before) is not None


def _done_to(before: str, alone: bool) -> bool:
    """Is something done to it ("i print photos")? What is read, watched or played may be looked for, named alone."""
    found = _behind("done_to").search(before)
    return found is not None and not (alone and _behind("enjoyed").search(before))


def _looked_for(found: Sequence[KindMention]) -> list[KindMention]:
    """Where everything named is owned or served, the first of it is looked for: something must be."""
    if found and not any(k.part == "head" for k in found) and all(k.part == "target" for k in found):
        return [replace(found[0], part="head"), *found[1:]] if len(found) > 1 else list(found)
    return list(found)


def _all_welcome(lower: str, found: Sequence[KindMention]) -> tuple[KindMention, ...]:
    """Things named side by side that are "both fine" are alternatives of one need."""
    heads = [k for k in found if k.part == "head"]
    if len(heads) < 2 or not _anywhere("alike").search(lower, heads[-1].mention.end):
        return tuple(found)
    return tuple(replace(k, joined="or") if k.joined else k for k in found)


def _in_one_breath(between: str) -> bool:
    return bool(_SAME_BREATH.fullmatch(between)) and not _ANEW.search(between)


def _part(lower: str, mention: Mention, before: str, following: Mention | None, later: bool, wanted: bool) -> Part:
    """The part of one kind. `later`: another kind was named before it; `wanted`: one is looked for already."""
    touching = following is not None and lower[mention.end : following.start].strip() in ("", "-", "的")
    if touching and following and not re.match(r"\s*(?:都|均)", lower[following.end :]):
        return "modifier"
    if _ends(before, "target", fillers=True):
        used = wanted and _behind("used_for").search(before)  # "no, I need it for gaming"
        return "target" if used or later or _says_more(before) or _for_mine(before) else "head"
    if later and _PLACE.search(before):
        return "target"  # "charge my phone in the car": where it is used
    if _behind("bettered").search(lower[: mention.start]) or _MATCHING.search(lower[: mention.start]):
        return "head"  # "upgrade my pc with an SSD", "with a matching hat"
    if later and (_ends(before, "feature", fillers=True) or _pattern_of_feature().search(before)):
        return "feature"
    if wanted and (_pattern_of_feature().search(before) or _behind("must_have").search(before)):
        return "feature"  # "with a display": of what is looked for already
    if _DOING.match(lower, mention.end) or (mention.words == "light" and _GOES_ON.match(lower, mention.end)):
        return "feature"  # "photo editing", "light gaming": what is done, no camera and no lamp
    return "head"


def _coordinated(before: str) -> bool:
    """Is another thing joined to the one before it, or begun anew, right before its name?"""
    if not before.strip() or not before.isascii():
        return True
    tail = re.findall(r"[\w'-]+|[^\w\s]", before)[-5:]
    return _pattern("coordinating").search(" ".join(tail)) is not None or any(sign in ".!?;:,/&" for sign in tail)


@cache
def _pattern_of_feature() -> re.Pattern[str]:
    """ "with a decent sized": a feature word and up to three words that join nothing."""
    tail = r"(?:\s(?!and\b|or\b|plus\b|also\b)[\w'-]+){0,3}\s*$"
    return re.compile(alternation(words("places")["feature_of"]) + tail)


def _without(lower: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """The stretch without the values and products named in it."""
    text = lower[start:end]
    for mention in sorted(mentions, key=lambda m: -m.start):
        if start <= mention.start and mention.end <= end and "kind" not in mention.roles:
            text = text[: mention.start - start] + text[mention.end - start :]
    return " ".join(text.split()) + (" " if text.endswith(" ") else "")


def kind_of(mention: Mention) -> Reading | None:
    """The kind a mention names, unless it rather names something the shop has (苹果 the maker, not the fruit)."""
    reading = mention.reading("kind")
    if reading is None or reading.values:
        return reading
    other = [r for r in mention.readings if r.role != "kind" and (r.values or r.role == "slot")]
    return None if other else reading


def _for_mine(before: str) -> bool:
    """Is something, whatever it is, for a thing that somebody has ("a gasket for my coffee machine")?"""
    found = re.search(r"([a-z][a-z-]+) for (?:my|our|his|her|their)\b", before)
    return found is not None and not _anywhere("asking_for").fullmatch(found[1])


def _says_more(before: str) -> bool:
    """Something is named before "for": "a backpack for a laptop" against "I'm looking for a laptop"."""
    stripped = re.sub(
        r"(?:look(?:ing)?|search(?:ing)?|shop(?:ping)?|ask(?:ing)?|hunt(?:ing)?|in the market|need|time|go|wish(?:ing)?) for.*$",
        "",
        before,
    )
    return (
        bool(re.search(r"\b(?:something|anything|gift|present|accessor\w+|stuff|things?)\b.*$", stripped))
        and stripped == before
    )


def _ends(before: str, group: str, fillers: bool = False) -> bool:
    return _ending_pattern(group, fillers).search(before) is not None


def _is(between: str, group: str) -> bool:
    return _ending_pattern(group, True).search(between) is not None


@cache
def _behind(group: str) -> re.Pattern[str]:
    """Words of a group of parts.toml right before a place."""
    return re.compile(alternation(words("parts")[group]) + r"\s*$")


@cache
def _anywhere(group: str) -> re.Pattern[str]:
    return compiled(words("parts")[group])


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return compiled(words("places")[group])


@cache
def _ending_pattern(group: str, fillers: bool) -> re.Pattern[str]:
    filler = "|".join(words("places")["target_words"])
    tail = rf"(?:\s(?:{filler}|\d[\w.]*\"?|[\w.-]*(?:inch|\")))*\s*$" if fillers else r"\s*$"
    return re.compile(alternation(words("places")[group]) + tail)


def says(lower: str, group: str, span_end: int | None = None) -> bool:
    """Do the words of a group of places.toml stand in the text (before `span_end`)?"""
    return _pattern(group).search(lower if span_end is None else lower[:span_end]) is not None


def says_before(lower: str, group: str, position: int) -> bool:
    """Do words of a group stand right before a place, but for articles?"""
    return _ends(lower[:position], group, fillers=True)
