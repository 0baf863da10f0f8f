"""Names the shopper used for something this shop does not carry: kinds, brands, products ("bananas", "Bose", 特斯拉).

Judged by the lexicon, the catalogue's vocabulary and how often the words stand in its records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.types import Constraint, Op
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, need_at
from chatbot.track.names import Gap
from chatbot.track.parts import KindMention, says
from chatbot.track.pieces import keys, plain_words
from chatbot.track.wording import words

_NOTHING_MORE = re.compile(r"(?:的|了|吗|么|嘛|呢|吧|啊|呀|没有|没|有|卖|款|货|不|可以|推荐|[\s?!.])*")
_HAS = re.compile(r"有[一两二三几个台件部条双只款把张辆些点\d]*$")
_ASKING = re.compile(r"吗|么|嘛|没|呢|不$|\?")
_OF_SHOP = re.compile(r"(?:那|还|也|请问|你们?家?|这里|这儿|店里|贵店|\s)*有")
_FOR = re.compile(
    r"(?<!looking )(?<!searching )(?<!hunting )(?<!lookin )(?<!market )(?<!here )\bfor\s(?:(?:an?|my|our|his|her|their|the|old|new)\s)*$"
)  # what the thing must go with
SEEN = 2  # titles in which a word must stand for the thing to be looked for by its words


def absent_names(heard: Heard, grounder: Grounder) -> tuple[str, ...]:
    """What is asked for and not carried, in the shopper's words."""
    found = [*_kinds(heard, grounder), *_lines(heard, grounder), *_brands(heard, grounder), *_unknown(heard, grounder)]
    return tuple(dict.fromkeys(found))


def _kinds(heard: Heard, grounder: Grounder) -> Iterator[str]:
    """Kinds of the lexicon that none of the shop's categories is, nor its titles name; of a broad kind (garden tools) the
    very thing named, where no title names it."""
    for kind in heard.kinds:
        mention = kind.mention
        if (
            kind.part != "head"
            or (kind.reading.values and not _other(kind, grounder) and not _maker(mention))
            or not _wished(heard, mention.start, mention.end)
        ):
            continue
        if len(grounder.titles.having(mention.words.split())) <= SEEN:
            yield mention.words


def _maker(mention: Mention) -> bool:
    """Is a thing called by a maker that the shop has nothing of (a GoPro)?"""
    return any(r.slot == "brand" and r.role == "value" and not r.values for r in mention.readings)


def _other(kind: KindMention, grounder: Grounder) -> bool:
    """Is one thing named where the shop files many under one name (a wheelbarrow among garden tools)?"""
    known = grounder.lexicon.kinds.get(kind.reading.name)
    if known is None or not known.broad:
        return False
    filed = keys(known.name)
    return filed != keys(kind.mention.words) and all(keys(value) == filed for value in kind.reading.values)


def _lines(heard: Heard, grounder: Grounder) -> Iterator[str]:
    """A famous product by name ("iPhone 15") that no title of its maker holds."""
    heads = {id(k.mention) for k in heard.kinds if k.part == "head"}
    for line, maker, _ in words("brands")["lines"]:
        key = keys(line)
        for mention in heard.mentions:
            if (
                id(mention) not in heads
                or tuple(keys(mention.words))[: len(key)] != key
                or not _wished(heard, mention.start, mention.end)
            ):
                continue
            number = _following_number(heard, mention)
            wanted = [*key, *([number] if number else [])]
            if not _made_by(grounder, maker, wanted):
                yield " ".join(wanted)


def _made_by(grounder: Grounder, maker: str, wanted: list[str]) -> bool:
    """Does the maker have a product with the words in its title?"""
    brand = grounder.terms.get("brand", {}).get(maker.casefold())
    if brand is None:
        return False
    mask = grounder.catalog.match([Constraint("brand", Op.EQ, brand.value)])
    return any(mask[p] for p in grounder.titles.having(wanted))


def _following_number(heard: Heard, mention: Mention) -> str | None:
    rest = heard.lower[mention.end :].split()
    return rest[0].strip("?!.,") if rest and rest[0].strip("?!.,").isdigit() else None


def _brands(heard: Heard, grounder: Grounder) -> Iterator[str]:
    """Makers known by name whose products the shop has none of."""
    for mention in heard.mentions:
        values = [r for r in mention.readings if r.role == "value"]
        kinds = _sold(heard) or heard.categories(need_at(heard, mention.start))
        if (
            _maker(mention)
            and (all(r.slot == "brand" and not r.values for r in values) or _never_theirs(mention, kinds, grounder))
            and not _FOR.search(heard.lower[: mention.start])
            and "kind" not in mention.roles
            and _wished(heard, mention.start, mention.end)
        ):
            yield heard.message.text[mention.start : mention.end]


def _sold(heard: Heard) -> tuple[str, ...]:
    return tuple(c for k in heard.kinds if k.part == "head" for c in k.reading.values)


def _never_theirs(mention: Mention, kinds: Sequence[str], grounder: Grounder) -> bool:
    """Do no products of these kinds carry the maker's name, neither in a slot nor in a title?"""
    known = replace(mention, readings=tuple(r for r in mention.readings if r.values))
    return bool(kinds) and grounder.meant(known, kinds) is None and not grounder.titled(mention.words, kinds)


def _unknown(heard: Heard, grounder: Grounder) -> Iterator[str]:
    """Words that no record holds, where the shopper asks whether the shop has them."""
    for gap in heard.grounded.gaps:
        cue = any(s.start < gap.end and gap.start < s.end for s in heard.scopes.spans)  # 惠普那款我不考虑
        if cue or not _wished(heard, gap.start, gap.end) or not _sought(heard, gap):
            continue
        name = heard.message.text[gap.start : gap.end]
        if all(p.cjk for p in gap.pieces):
            if (
                2 <= len(gap.pieces) <= 8
                and _asked_zh(heard, gap)
                and not grounder.lexicon.concepts_named(name)
                and not grounder.heard_of(name)
            ):
                yield name
        elif not any(p.cjk for p in gap.pieces) and _strange(gap, grounder):
            yield name


def _asked_zh(heard: Heard, gap: Gap) -> bool:
    """Is the gap the thing asked for (有特斯拉吗), not part of a description (空间大的) or of a story (家里有孩子)?"""
    clause = heard.message.clause_at(gap.start)
    before, rest = heard.lower[clause.start : gap.start], heard.lower[gap.end : clause.end]
    if not _NOTHING_MORE.fullmatch(rest) or any(b.end == gap.start for b in heard.bounds):
        return False
    return not _HAS.search(before) or bool(_ASKING.search(rest) or _OF_SHOP.match(before))


def _strange(gap: Gap, grounder: Grounder) -> bool:
    telling = [p for p in gap.pieces if len(p.key) > 2 and not {p.text, p.key} & plain_words() and not p.key.isdigit()]
    return bool(telling) and not any(grounder.heard_of(p.key) for p in telling)


def _sought(heard: Heard, gap: Gap) -> bool:
    """Nothing the shop has is named with it but right behind it ("any Zorg monitors"), and the words before it ask for
    a thing."""
    clause = heard.message.clause_at(gap.start)
    carried = any(
        k.reading.values and clause.covers(k.mention.start, k.mention.end) and not 0 <= k.mention.start - gap.end <= 1
        for k in heard.kinds
    )
    return not carried and says(heard.lower[clause.start :], "availability", gap.start - clause.start)


def _wished(heard: Heard, start: int, end: int) -> bool:
    return heard.open(start, end) and not heard.scopes.negated(start, end) and not heard.scopes.taken_back(start, end)
