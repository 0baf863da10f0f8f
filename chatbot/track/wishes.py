"""From values and properties named to wishes: constraints on slots with their hardness and need.

Pure over what was heard and the grounder's tables. Knows nothing of numbers (amounts.py), of taking wishes back
(removals.py) or of questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.types import Constraint, Op, Scalar, Slot
from chatbot.track.amounts import beside
from chatbot.track.book import Mention, Reading
from chatbot.track.features import narrowing, said_of_kind
from chatbot.track.ground import LOOKS, Grounder
from chatbot.track.heard import Heard, hard_by, need_at, share_of
from chatbot.track.parts import says_before
from chatbot.track.planning import tells_of_part
from chatbot.track.reasons import coloured, of_life, said_as_wish, thing_of_its_own
from chatbot.track.removals import allowed_again, takes_back
from chatbot.track.spans import Scope
from chatbot.track.wording import words
from chatbot.types import Addition, Wish

_LISTED = re.compile(r"[+,、/&]")  # "i7 + 16g + 独显": each for itself
_POSSESSED = re.compile(r"\b(?:my|his|her|their|our|your)\s$")
_OWNED = re.compile(
    r"\b(?:(?:i|we|he|she|they)(?:'ve|'s)? (?:already |do )?(?:has|have|had|own|owns|got|bought)(?: got| bought)?"
    r"|already (?:has|have|had|own|owns|got|bought)) (?:(?:an?|the|some|two|one|plenty of|enough|lots of) )$"
)
_WITHIN = re.compile(r"(?:\s(?!for\b|to\b|with\b|that\b|fits?\b|in\b|and\b|or\b)[\w-]+){0,2}\s?")
ALIAS = 0.85  # weight of a value said by another name of its own; words that only occur in it weigh less
SURE = 0.85  # weight of a reading that the whole phrase says, not one word of a longer value
RARE = 0.05  # share of a kind's products below which a slot is no filter for them
COVERED = 0.15  # share of a kind's products that must state a property before it is a filter


FOR_WHOM = (
    "brand",
    "category",
    "gender",
    "age",
    "usage",
    "occasion",
    "room",
    "season",
    "skin_type",
    "colour",
    "platform",
)
"""Concepts whose values follow a "for" as wishes about the thing itself ("for women", "for summer")."""
_FOR = re.compile(r"\bfor\s+(?:(?:an?|the|my|our|his|her|their|use at|use in)\s+)?$")


@dataclass(frozen=True, slots=True)
class _Valued:
    """A value said of a need, and how."""

    need: int | None
    slot: str
    values: tuple[str, ...]
    negated: bool
    hard: bool
    extends: bool
    allowed: bool = False  # "black is fine": alone no more than a preference


def value_wishes(heard: Heard, grounder: Grounder) -> tuple[list[Addition], list[Mention]]:
    """Wishes for values and yes/no properties, and the mentions that no slot of these kinds carries."""
    valued: list[_Valued] = []
    additions: list[Addition] = []
    homeless = [m for m in heard.mentions if _belonging(heard, m, grounder)]
    heads = {
        id(k.mention) for k in heard.kinds if k.part in ("head", "target") and not tells_of_part(heard, grounder, k)
    }
    for mention in wishing(heard, grounder):
        need = need_at(heard, mention.start)
        kinds = heard.categories(need)
        of_kind = mention not in heard.mentions
        if (of_kind or id(mention) in heads) and not narrowing(mention, grounder, kinds):
            continue
        scopes = heard.scopes.at(mention.start, mention.end)
        reading = _meaning(heard, mention, grounder, kinds)
        if reading and not of_kind and not _meant_here(heard, mention, reading, grounder):
            continue
        negated, hard = Scope.NEGATED in scopes, hard_by(scopes)
        if reading and not negated and _too_rare(reading, grounder, kinds):
            homeless.append(mention)
            continue
        if negated and reading is None and not mention.roles & {"slot", "kind"}:
            reading = grounder.meant(mention, ())
        if reading and not kinds and not negated and not grounder.common(reading.slot):
            reading, hard = (reading, False) if reading.weight >= SURE else (None, hard)
        if reading and reading.values:
            allowed = Scope.ALLOWED in scopes and not _wished_before(heard, reading.slot)
            added = Scope.ADDED in scopes
            hard = hard or (not negated and _insisted(heard, need, reading))
            valued.append(_Valued(need, reading.slot, reading.values, negated, hard, added, allowed))
        elif flag := _flag(heard, mention, grounder, kinds):
            if negated and _standing(heard, need, flag.name):
                continue  # taken back by removals
            op = Op.NE if negated else Op.EQ
            additions.append(Addition(Constraint(flag.name, op, True), hard, need))
        elif _unplaced(heard, mention) or _had(heard, mention, grounder):
            homeless.append(mention)
    return [*additions, *_merged(heard, valued)], homeless


def _meaning(heard: Heard, mention: Mention, grounder: Grounder, kinds: Sequence[str]) -> Reading | None:
    """The value that a mention is of these products; none where it names a slot, or only what the thing is for."""
    reading = grounder.meant(mention, kinds)
    if reading is None or _names_slot(heard, mention, reading):
        return None
    whom = mention.words in words("parts")["whom"].split()  # "for kids" tells which, whatever the shop calls that
    return None if _behind_for(heard, mention) and not (whom or _of_itself(reading, grounder)) else reading


def _too_rare(reading: Reading, grounder: Grounder, kinds: Sequence[str]) -> bool:
    """Do so few of these products state the slot that filtering by it would hide what the shopper means?"""
    slot = grounder.slots.get(reading.slot)
    if slot is None or not kinds or slot.name == "brand" or slot.concept in LOOKS:
        return False
    return share_of(slot, kinds) < RARE


def _insisted(heard: Heard, need: int | None, reading: Reading) -> bool:
    """Does the value take the place of one that had to be met ("I'd prefer burgundy over navy")?"""
    again = {v.casefold() for v in reading.values}  # "four-wheel drive is no must": the same, weaker
    return any(
        w.hard and isinstance(w.what, Constraint) and not {str(v).casefold() for v in w.what.values} <= again
        for w in _standing(heard, need, reading.slot)
    )


def _meant_here(heard: Heard, mention: Mention, reading: Reading, grounder: Grounder) -> bool:
    """Is the value wished rather than told? A maker's name always is, a look unless it is said of something of theirs,
    another single word only with a reason ("i travel a lot" is no pointing device)."""
    if reading.slot == "brand":
        return True
    if thing_of_its_own(mention.words) and not coloured(heard, mention.start, mention.end):
        return False
    if heard.scopes.at(mention.start, mention.end):
        return True
    if of_life(heard, mention.end):
        return False
    slot = grounder.slots.get(reading.slot)
    known = slot is not None and (slot.concept in LOOKS or slot.concept in FOR_WHOM) and reading.weight >= SURE
    return known or " " in mention.words or said_as_wish(heard, mention.start, mention.end)


def _unplaced(heard: Heard, mention: Mention) -> bool:
    """Is it a value that found no slot? A word that is a slot's name too says nothing, but it does behind a "for" and
    right before the thing ("a waterproof camera")."""
    before = any(k.part == "head" and 0 <= k.mention.start - mention.end <= 1 for k in heard.kinds)
    if "slot" in mention.roles:
        named = {r.slot for r in mention.readings if r.role == "slot"}
        of_value = any(
            0 <= mention.start - m.end <= 1 and any(r.role == "value" and r.slot in named for r in m.readings)
            for m in heard.mentions
        )  # 拯救者系列的电脑
        return (before and not of_value and not _beside_number(heard, mention)) or (
            "value" in mention.roles and _behind_for(heard, mention)
        )
    return "value" in mention.roles


def _behind_for(heard: Heard, mention: Mention) -> bool:
    """Is it what the thing is for ("ink for an Epson R1900", "a printer for home")? The maker may stand between."""
    start = mention.start
    if any(k.part == "head" and 0 <= k.mention.start - mention.end <= 1 for k in heard.kinds):
        return False  # "i'm in the market for a plain coat"
    for other in heard.mentions:
        if any(r.slot == "brand" for r in other.readings) and 0 < start - other.end <= 1:
            start = other.start
    return bool(_FOR.search(heard.lower[:start]))


def _of_itself(reading: Reading, grounder: Grounder) -> bool:
    """Does the value tell something of the thing itself even behind a "for": "for women", "for summer"?"""
    slot = grounder.slots.get(reading.slot)
    return slot is not None and (slot.name in FOR_WHOM or slot.concept in FOR_WHOM)


def _belonging(heard: Heard, mention: Mention, grounder: Grounder) -> bool:
    """Is it named as what the thing must go with ("toner for my LaserJet 1020")? Recall looks for it."""
    values = [r for r in mention.readings if r.role == "value"]
    said = bool(values) and heard.open(mention.start, mention.end) and "kind" not in mention.roles
    mine = _POSSESSED.search(heard.lower[: mention.start]) is not None and _behind_for(heard, mention)
    return said and mine and not _of_itself(max(values, key=lambda r: r.weight), grounder)


def _wished_before(heard: Heard, slot: str) -> bool:
    return any(w.slot == slot for n in heard.state.active_needs for w in n.wishes)


def wishing(heard: Heard, grounder: Grounder) -> Iterator[Mention]:
    """Mentions that may state a wish: not a kind looked for, not within a question, not taken back."""
    told = {
        id(k.mention): part for k in heard.kinds if k.part == "head" and (part := said_of_kind(k.mention, grounder))
    }
    for mention in (told.get(id(m), m) for m in heard.mentions):
        if not mention.roles & {"value", "slot"} or not heard.wishes(mention.start, mention.end):
            continue
        if _of_another(heard, mention) or any(o.start <= mention.start and mention.end <= o.end for o in heard.orders):
            continue
        scopes = heard.scopes.at(mention.start, mention.end)
        if Scope.TAKEN_BACK in scopes and Scope.NEGATED in scopes and not takes_back(heard, mention):
            yield mention  # "leave out Dell" where no Dell was wished
            continue
        if scopes & {Scope.TAKEN_BACK} or allowed_again(heard, mention):
            continue
        yield mention


def _of_another(heard: Heard, mention: Mention) -> bool:
    """Is it said of what the thing is for or of the shopper ("goes with a brown sofa", "hurt my ears")?"""
    if "kind" in mention.roles:
        return False
    if _POSSESSED.search(heard.lower[: mention.start]):
        return True
    if _OWNED.search(heard.lower[: mention.start]):
        return True
    return any(
        k.part == "target" and 0 <= k.mention.start - mention.end <= 24 and _WITHIN.fullmatch(between)
        for k in heard.kinds
        if (between := heard.lower[mention.end : k.mention.start]) is not None
    )


def _names_slot(heard: Heard, mention: Mention, reading: Reading) -> bool:
    """Is the slot meant rather than a value that happens to hold the word ("16 gigs of ram" against DVD-RAM)?"""
    slot = mention.reading("slot")
    if slot is None:
        return False
    beside = _beside_number(heard, mention)
    return (bool(slot.name) and beside) or (reading.weight < ALIAS and (bool(slot.name) or beside))


def _flag(heard: Heard, mention: Mention, grounder: Grounder, kinds: Sequence[str]) -> Slot | None:
    """The yes/no slot a mention asks for, when enough of these products state it."""
    named = grounder.slots_named(mention)
    flags = [s for s in named if s.kind == "boolean" and s.informable and _covered(s, kinds)]
    best = max(flags, key=lambda s: share_of(s, kinds), default=None)
    others = max((share_of(s, kinds) for s in named if s.kind == "category"), default=0.0)
    return best if best and share_of(best, kinds) >= others else None  # a colour is no yes or no


def _covered(slot: Slot, kinds: Sequence[str]) -> bool:
    if not kinds:
        return slot.coverage > 0
    return max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0) >= COVERED


def _had(heard: Heard, mention: Mention, grounder: Grounder) -> bool:
    """Is a property only asked to be there ("with hdmi", 带指纹识别)? A slot's bare name wishes nothing."""
    kinds = {s.kind for s in grounder.slots_named(mention)}
    if "boolean" in kinds and "category" not in kinds:
        return True
    if _insisted_on(heard, mention, grounder):
        return True
    return not _beside_number(heard, mention) and says_before(heard.lower, "feature", mention.start)


def _insisted_on(heard: Heard, mention: Mention, grounder: Grounder) -> bool:
    """Is a property hoped for or insisted on by its name ("waterproof if possible")? Not one that takes a value."""
    slot = next(iter(grounder.slots_named(mention)), None)
    if slot is None or slot.kind == "number" or slot.name == "brand" or slot.concept in LOOKS:
        return False
    return bool(heard.scopes.at(mention.start, mention.end) & {Scope.SOFT, Scope.HARD})


def _beside_number(heard: Heard, mention: Mention) -> bool:
    return any(
        beside(mention, b) and not _LISTED.search(heard.lower, min(b.end, mention.end), max(b.start, mention.start))
        for b in heard.bounds
    )


def _standing(heard: Heard, need: int | None, slot: str) -> list[Wish]:
    """Positive wishes on a slot in the need (in all active ones)."""
    needs = [n for n in heard.state.active_needs if need in (None, n.id)]
    return [
        w
        for n in needs
        for w in n.wishes
        if isinstance(w.what, Constraint) and w.slot == slot and w.what.op in (Op.EQ, Op.IN)
    ]


def _left_over(heard: Heard, said: _Valued) -> tuple[Scalar, ...]:
    """What is left of wished alternatives when one of them is refused ("HP or Dell" ... "no Dell after all")."""
    refused = {v.casefold() for v in said.values}
    for wish in _standing(heard, said.need, said.slot):
        assert isinstance(wish.what, Constraint)
        left = tuple(v for v in wish.what.values if str(v).casefold() not in refused)
        if left and len(left) < len(wish.what.values):
            return left
    return ()


def _merged(heard: Heard, valued: Sequence[_Valued]) -> list[Addition]:
    """Several values of one slot are alternatives; refused ones are refused one by one, and no wish though they are named
    again (不要戴尔（DELL）的)."""
    made: list[Addition] = []
    refused = {(s.need, s.slot, v.casefold()) for s in valued if s.negated for v in s.values}
    valued = [s for s in valued if s.negated or {(s.need, s.slot, v.casefold()) for v in s.values} - refused]
    positive: dict[tuple[int | None, str], list[_Valued]] = {}
    for said in valued:
        left = _left_over(heard, said) if said.negated else ()
        if left:
            op, rest = (Op.IN, left) if len(left) > 1 else (Op.EQ, left[0])
            made.append(Addition(Constraint(said.slot, op, rest), said.hard, said.need))
        elif said.negated:
            made.extend(Addition(Constraint(said.slot, Op.NE, v), said.hard, said.need) for v in said.values)
        else:
            positive.setdefault((said.need, said.slot), []).append(said)
    for (need, slot), group in positive.items():
        values = tuple(dict.fromkeys(v for s in group for v in s.values))
        what = Constraint(slot, Op.EQ, values[0]) if len(values) == 1 else Constraint(slot, Op.IN, values)
        hard = any(s.hard for s in group) and not (len(group) == 1 and group[0].allowed)
        made.append(Addition(what, hard, need, any(s.extends for s in group)))
    return made
