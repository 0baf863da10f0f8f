"""What a message points at: places in the list of cards, pronouns, descriptions, the least or most of something, names.

Resolves against what was shown and last talked about; knows nothing of acts or wishes. Only products that the dialogue
has shown are described ("the black one"); names of others are found by grounding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from catalog.types import Product, Quantity, Slot
from chatbot.track.book import Mention
from chatbot.track.pieces import keys
from chatbot.track.spans import Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import DialogueState

How = Literal["place", "one", "many", "two", "described", "named", "extreme"]
SPECIFIC = (
    "place",
    "described",
    "named",
    "extreme",
)  # they tell by themselves which one is meant, where a pronoun does not
_CHINESE = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "十": 10}
_PLACE_ZH = re.compile(
    r"(?P<back>倒数)?第(?P<place>[一二三四五六七八九十两\d])(?:个|款|台|辆|件|双|条|部|把|张)?|(?<![\d.])(?P<number>[一二三四五1-5])号(?![\d楼店线电])|(?P<last>最后(?:面)?的?那?一?(?:个|款|台|辆|件|双|条))"
)
_SOME_ZH = re.compile(r"(?P<side>前|头|后|最后)(?:面)?(?P<count>[两俩二三四五2-5])(?:个|款|台|辆|件|双|条|部|者)?")
_NUMBERED = re.compile(
    r"(?:(?<!\w)(?:number|no\.?|nr\.?|option|item|choice)\s*|#)(?P<place>[1-9]|one|two|three|four|five)(?!\w)"
)
_PAIRED = re.compile(
    r"(?:(?<!\w)(?:compar\w+|between|numbers?|nos?\.?|options?|items?|products?|both|do|are|is|of|take|get|about|choose|pick|对比|比较)|^)"
    r"\s*#?(?P<one>[1-9])\s*(?:,|and|&|vs\.?|versus|or|to|with|against|和|跟|与|、)\s*(?:number\s|#)?(?P<two>[1-9])"
    r"(?:\s*(?:,|and|&)\s*(?P<three>[1-9]))?(?![\w.,]|\s*(?:gb|tb|inch|stars?|dollars?|bucks|kg|g|cm|years?|%|\"))"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A stretch that points at products. `ids` is empty when the list is shorter than the place named.

    named: called by its name, or a part of it. extreme: told by the least or most of something ("the cheapest laptop"), which may as well be a wish or a question.
    `single`: it speaks of one thing, so that several `ids` leave open which. `shown`: it says that it means what was
    shown ("the cheapest of those"), so that it can be no wish. `among`: those that it was picked from.
    """

    start: int
    end: int
    how: How
    ids: tuple[str, ...]
    single: bool = False
    shown: bool = False
    among: tuple[str, ...] = ()


def find_references(lower: str, state: DialogueState, skip: Sequence[Span] = ()) -> tuple[Reference, ...]:
    """Places and pronouns, left to right, none overlapping another. `skip`: stretches that mean something else
    ("cheapest first")."""
    if not (state.latest or state.focus):
        return ()
    found: list[Reference] = []
    for reference in (*_places(lower, state), *_pronouns(lower, state)):
        span = Span(reference.start, reference.end)
        taken = any(span.touches(r.start, r.end) for r in found)
        if not taken and not any(span.touches(s.start, s.end) for s in skip):
            found.append(reference)
    return tuple(sorted(found, key=lambda r: r.start))


def joined(first: Sequence[Reference], more: Sequence[Reference]) -> tuple[Reference, ...]:
    """Both, the longer where they overlap; a pronoun behind something pointed at means that ("the grey one, is it soft?")."""
    kept: list[Reference] = []
    for reference in sorted((*first, *more), key=lambda r: (r.start - r.end, r.start)):
        if not any(Span(k.start, k.end).touches(reference.start, reference.end) for k in kept):
            kept.append(reference)
    found: list[Reference] = []
    for reference in sorted(kept, key=lambda r: r.start):
        before = [r for r in found if r.how in SPECIFIC and r.ids]
        if before and reference.how in ("one", "two", "many"):
            ids = before[-1].ids if reference.how == "one" else tuple(dict.fromkeys(i for r in before for i in r.ids))
            reference = replace(reference, ids=ids)
        found.append(reference)
    return tuple(found)


def described(
    lower: str, mentions: Iterable[Mention], products: Sequence[Product], pointing: bool = False
) -> Reference | None:
    """The products that a description with a determiner fits: "the black one", "that Dell", 黑色那款.

    Every mention within the description must fit. `pointing`: the act needs an item, so a bare name points too.
    None when nothing is described or nothing shown fits.
    """
    told = [m for m in mentions if pointing or _determined(lower, m)]
    fitting = list(products)
    used: list[Mention] = []
    for mention in told:
        narrowed = [p for p in fitting if fits(p, mention)]
        if narrowed:
            fitting = narrowed
            used.append(mention)
    telling = [m for m in used if pointing or m.roles != {"kind"}]
    if not telling:
        return None
    said = {k for m in telling for k in keys(m.words)}
    fitting = [p for p in fitting if said <= set(keys(p.title))] or fitting
    start, end = min(m.start for m in used), max(m.end for m in used)
    return Reference(start, end, "described", tuple(p.id for p in fitting))


def fits(product: Product, mention: Mention) -> bool:
    """Does the record say what the mention says: one of its values, or its words in the title?"""
    for reading in mention.readings:
        if reading.role == "product" and product.id in reading.values:
            return True
        if reading.role == "kind" and set(product.category) & set(reading.values):
            return True
        if reading.role == "value" and _states(product, reading.slot, reading.values):
            return True
    return set(keys(mention.words)) <= set(keys(product.title))


def extreme(products: Sequence[Product], slot: str, direction: Literal["asc", "desc"]) -> tuple[str, ...]:
    """The product with the least (asc) or most (desc) of a slot; empty when no record states it."""
    rated = [(value, i) for i, p in enumerate(products) if (value := number_of(p, slot)) is not None]
    if not rated:
        return ()
    pick = min(rated) if direction == "asc" else max(rated, key=lambda r: (r[0], -r[1]))
    return (products[pick[1]].id,)


def number_of(product: Product, slot: str) -> float | None:
    """A slot's number as a record states it (the middle of a range)."""
    if slot == "price":
        return product.price.amount if product.price else None
    if slot == "rating":
        return product.rating
    for cell in product.attributes.get(slot, ()):
        if isinstance(cell, Quantity):
            ends = [e for e in (cell.low, cell.high) if abs(e) != float("inf")]
            return sum(ends) / len(ends) if ends else None
    return None


def unit_of(product: Product, slot: Slot | None) -> str | None:
    """The unit that number_of counts in: the record's own, else the one its kind is measured in."""
    if slot is None or slot.name in ("price", "rating"):
        return None
    stated = next((c.unit for c in product.attributes.get(slot.name, ()) if isinstance(c, Quantity) and c.unit), None)
    of_kind = slot.by_kind.get(product.kind) if product.kind else None
    return stated or (of_kind.unit if of_kind and of_kind.unit else slot.unit)


def _states(product: Product, slot: str, values: tuple[str, ...]) -> bool:
    wanted = {v.casefold() for v in values}
    if slot == "brand":
        return product.brand.casefold() in wanted
    cells = [*product.attributes.get(slot, ())]
    cells.extend(c for v in product.variants for c in v.options.get(slot, ()))
    return any(isinstance(c, str) and c.casefold() in wanted for c in cells)


def _places(lower: str, state: DialogueState) -> Iterable[Reference]:
    latest = state.latest
    for found in _some_pattern().finditer(lower):
        count = words("references")["counts"][found["count"]]
        picked = latest[-count:] if found["side"] == "last" else latest[:count]
        yield Reference(found.start(), found.end(), "place", picked)
    for found in _SOME_ZH.finditer(lower):
        count = int(found["count"]) if found["count"].isdigit() else _CHINESE[found["count"]]
        yield Reference(
            found.start(), found.end(), "place", latest[-count:] if "后" in found["side"] else latest[:count]
        )
    for found in _place_pattern().finditer(lower):
        yield _at(found, words("references")["places"][found["place"]], latest)
    for found in _PAIRED.finditer(lower):
        for name in ("one", "two", "three"):
            if found[name] and int(found[name]) <= len(latest):
                yield Reference(*found.span(name), "place", (latest[int(found[name]) - 1],))
    for found in _middle().finditer(lower):
        yield Reference(
            found.start(), found.end(), "place", latest[(len(latest) - 1) // 2 : (len(latest) + 2) // 2][:1]
        )
    for found in _of_pair().finditer(lower):
        pair = state.focus if len(state.focus) == 2 else latest[:2]
        yield Reference(found.start(), found.end(), "place", pair[:1] if found["former"] else pair[1:2])
    for found in _NUMBERED.finditer(lower):
        place = found["place"]
        yield _at(found, int(place) if place.isdigit() else words("references")["counts"].get(place, 1), latest)
    for found in _PLACE_ZH.finditer(lower):
        if found["last"]:
            yield _at(found, -1, latest)
        else:
            said = found["place"] or found["number"]
            place = int(said) if said.isdigit() else _CHINESE[said]
            yield _at(found, -place if found["back"] else place, latest)


def _at(found: re.Match[str], place: int, latest: tuple[str, ...]) -> Reference:
    index = place - 1 if place > 0 else len(latest) + place
    ids = (latest[index],) if 0 <= index < len(latest) else ()
    return Reference(found.start(), found.end(), "place", ids)


def _pronouns(lower: str, state: DialogueState) -> Iterable[Reference]:
    two, many, one = _pronoun_patterns()
    focus, latest = state.focus or state.latest, state.latest or state.focus
    for found in two.finditer(lower):
        pair = focus if len(focus) == 2 else latest[:2]
        yield Reference(found.start(), found.end(), "two", pair)
    for found in many.finditer(lower):
        yield Reference(found.start(), found.end(), "many", latest)
    for found in one.finditer(lower):
        yield Reference(found.start(), found.end(), "one", _in_hand(state) or focus[:1])


def of_page(reference: Reference, state: DialogueState) -> bool:
    """Does a pronoun mean the product whose page is open ("this one", "it")?"""
    return reference.how == "one" and state.page is not None and reference.ids == (state.page,)


def _in_hand(state: DialogueState) -> tuple[str, ...]:
    """The product whose page is open, unless one of a list was spoken of since, or the list is of one alone."""
    listed = len(state.focus) > 1 and state.focus == state.latest
    return (state.page,) if state.page and (listed or not state.focus) else ()


def _determined(lower: str, mention: Mention) -> bool:
    """Is the mention described as one particular thing?"""
    before, after = lower[: mention.start], lower[mention.end :]
    noun_after, the_before, zh_before, zh_after = _description_patterns()
    english = the_before.search(before) is not None
    if english and any(r.slot == "brand" and r.values for r in mention.readings):
        return True  # "the Dell", "the silver HP"
    return bool((english and noun_after.match(after)) or zh_before.search(before) or zh_after.match(after)) or bool(
        english and re.search(r"(?:that|this)\s(?:\w+\s)?$", before)
    )


@cache
def _description_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = words("references")["determiners"]
    return (
        re.compile(rf"(?:\s\w+)?\s(?:{table['en_noun']})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{table['en']})\s(?:\w+\s)?$"),
        re.compile(rf"(?:{table['zh']})(?:{table['zh_noun']})?$"),
        re.compile(rf"\s?的?(?:{table['zh']})(?:{table['zh_noun']})"),
    )


@cache
def _place_pattern() -> re.Pattern[str]:
    table = words("references")
    places = "|".join(sorted(map(re.escape, table["places"]), key=len, reverse=True))
    loose = "|".join(
        sorted((re.escape(p) for p in table["places"] if p not in table["place"]["bound"]), key=len, reverse=True)
    )
    noun = r"(?:\s(?:ones?|item|option|product|result|choice|pick|suggestion|of (?:these|those|them|the (?:lot|bunch|list))))"
    not_these = rf"(?!\w)(?!\s(?:{table['place']['not_before']})(?!\w))"
    return re.compile(
        rf"(?<!\w)(?:(?:the|your|that|this)\s(?:very\s)?(?=(?:{places}){not_these})|(?=(?:{loose}){not_these})|(?=(?:{places}){noun}))"
        rf"(?P<place>{places})(?!\w){noun}?"
    )


@cache
def _middle() -> re.Pattern[str]:
    return compiled(words("references")["place"]["middle"])


@cache
def _of_pair() -> re.Pattern[str]:
    table = words("references")["place"]
    return re.compile(f"(?P<former>{alternation(table['former'])})|{alternation(table['latter'])}")


@cache
def _some_pattern() -> re.Pattern[str]:
    counts = "|".join(map(re.escape, words("references")["counts"]))
    return re.compile(rf"(?<!\w)(?:the\s)?(?P<side>first|top|last)\s(?P<count>{counts})(?!\w)")


@cache
def _pronoun_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    table = words("references")["pronouns"]
    two, many, one = (re.compile(alternation(table[k])) for k in ("two", "many", "one"))
    return two, many, one
