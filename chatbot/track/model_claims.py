"""One wish of the model's laid beside what the grammar heard: taken, left, or put in place of it.

Numbers, money and orders are the grammar's; a refusal it took for a wish, alternatives it did not hear and values it kept
as words are the model's. Pure; knows no catalogue and no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from catalog.types import Constraint, Op, Order
from chatbot.track.model_reading import Claim, ReadNeed
from chatbot.track.needs import categories_of
from chatbot.track.pieces import function_words, keys
from chatbot.types import Addition, DialogueState, Need, NeedEdit, StateUpdate, Text, UserAct

HINTS = 2  # wishes that the message only implies, taken from one answer
_PLAIN = {UserAct.INFORM, UserAct.OTHER, UserAct.CHITCHAT}


@dataclass(slots=True)
class Merged:
    """What the update has come to so far; lives within one call of agree."""

    state: DialogueState
    heard: StateUpdate
    unexplained: frozenset[str]
    add: list[Addition] = field(default_factory=list)
    edits: list[NeedEdit] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    hints: int = 0
    trusted: bool = False  # has the model read this message?
    implied: set[int | None] = field(default_factory=set)  # needs whose kind the model alone told


def heard_kinds(merged: Merged, id: int | None) -> tuple[str, ...]:
    """The categories that the grammar's own reading wishes of a need."""
    return tuple(
        str(v)
        for a in merged.heard.add
        if a.need in (id, None) and isinstance(a.what, Constraint) and a.what.slot == "category" and a.hard
        for v in a.what.values
        if not a.what.op.negative
    )


def may_imply(merged: Merged, need: Need | None) -> bool:
    """May a kind be meant that the message does not name? Where words are left unexplained, no kind was heard, and none
    stands that the shopper spoke of."""
    heard = merged.heard
    named = any(isinstance(a.what, Constraint) and a.what.slot == "category" and a.hard for a in heard.add)
    told = merged.unexplained or any(isinstance(a.what, Text) for a in heard.add)
    return not named and bool(told or heard.absent) and (need is None or not categories_of(need) or at_loss(heard))


def add_claim(merged: Merged, claim: Claim, place: int | None, opens: bool) -> None:
    needs = [n for n in merged.state.needs if n.id == place or (place is None and n.id in merged.state.active)]
    if any(_stands(w.what, claim) and (w.hard or not claim.hard) for n in needs for w in n.wishes) or not _allowed(
        merged, claim, needs, opens
    ):
        return
    if claim.instead and claim.numeric:
        merged.add = [a for a in merged.add if slot_of(a) != "price"]
    rivals = [a for a in merged.add if slot_of(a) == claim.slot and (place is None or a.need in (None, place))]
    if claim.slot == "category":
        rivals = [a for a in rivals if a.hard]
        merged.add = [
            a for a in merged.add if slot_of(a) != "category" or a.hard
        ]  # a likely kind gives way to a meant one
    if rivals and not isinstance(claim.what, Text):
        _settle(merged, claim, rivals, place if opens else None)
        return
    merged.hints += not claim.named
    told = [a for a in merged.add if isinstance(a.what, Text) and _answers(claim, a.what)]
    merged.add = [a for a in merged.add if a not in told]
    hard = claim.hard and (claim.of_kind or claim.named or not told)
    if claim.of_kind and claim.hard:
        merged.implied.add(place)
    merged.add.append(Addition(claim.what, hard, place))


def _stands(wished: Constraint | Order | Text, claim: Claim) -> bool:
    """Does the ledger say so already, whatever unit it writes?"""
    if not (isinstance(wished, Constraint) and isinstance(claim.what, Constraint)) or wished.slot != claim.slot:
        return wished == claim.what
    return (wished.op, wished.value) == (claim.what.op, claim.what.value)


def _same_values(wished: Constraint | Order | Text, claim: Claim) -> bool:
    both = isinstance(wished, Constraint) and isinstance(claim.what, Constraint)
    return both and bool(set(wished.values) & set(claim.what.values))  # type: ignore[union-attr]


def _allowed(merged: Merged, claim: Claim, needs: Sequence[Need], opens: bool) -> bool:
    """May the claim be added where the grammar heard nothing of the kind?"""
    if claim.of_kind:
        return _kind_allowed(merged, claim, needs[0] if needs and not opens else None)
    if isinstance(claim.what, Text):
        said = {k for a in merged.add for k in keys(str(a.what))} | {
            k for n in needs for w in n.wishes for k in keys(w.text)
        }
        left_over = bool(claim.keys & merged.unexplained) or not merged.heard.add
        return left_over and not claim.keys - function_words() <= said
    if isinstance(claim.what, Order):
        return not any(isinstance(a.what, Order) for a in merged.add)
    if claim.numeric:
        return not any(_number_in(a) == claim.what.value for a in merged.add)
    return claim.named or (bool(merged.unexplained) and not merged.heard.absent and merged.hints < HINTS)


def _kind_allowed(merged: Merged, claim: Claim, need: Need | None) -> bool:
    """A kind that the grammar heard is the one looked for; where it heard of a thing that is not carried here, only a
    kind that the need restated is called may stand in for it."""
    if any(slot_of(a) == "category" and a.hard for a in merged.heard.add):
        return False
    told = merged.unexplained or merged.heard.absent or any(isinstance(a.what, Text) for a in merged.heard.add)
    if claim.hard and told:  # what the need restated is called
        return True
    return claim.named or (not merged.heard.absent and may_imply(merged, need))


def _settle(merged: Merged, claim: Claim, rivals: Sequence[Addition], moved: int | None) -> None:
    """Both speak of the slot: numbers and orders are the grammar's; a refusal it took for a wish, and alternatives it
    did not hear, are the model's. Where the model has a need of its own for it, the wish goes there."""
    what = claim.what
    for rival in rivals:
        heard = rival.what
        at = merged.add.index(rival)
        if moved is not None and rival.need is None:
            merged.add[at] = rival = replace(rival, need=moved)
        if not (isinstance(what, Constraint) and isinstance(heard, Constraint)) or claim.numeric or not claim.named:
            continue
        common = set(map(str, what.values)) & set(map(str, heard.values))
        refused = what.op.negative and not heard.op.negative
        if common and (refused or (what.op is Op.IN and heard.op is Op.EQ)):
            merged.add[at] = replace(rival, what=what)


def part_needs(merged: Merged, needs: Sequence[ReadNeed], places: Sequence[int | None]) -> None:
    """A wish that grammar gives to every thing looked for goes to the one that the model says it of, where the model
    tells several things apart."""
    if len({p for p in places if p}) < 2:
        return
    for at, addition in enumerate(merged.add):
        told = ((n, p) for n, p in zip(needs, places, strict=True) if p)
        said_of = {p for n, p in told for c in n.claims if c.slot == slot_of(addition)}
        if addition.need is None and len(said_of) == 1:
            merged.add[at] = replace(addition, need=next(iter(said_of)))


def _answers(claim: Claim, text: Text) -> bool:
    """Does the claim say all that the words say?"""
    own = set(keys(text.words)) - function_words()
    return bool(own) and own <= claim.keys and not isinstance(claim.what, Text)


def slot_of(addition: Addition) -> str:
    return "text" if isinstance(addition.what, Text) else addition.what.slot


def _number_in(addition: Addition) -> object:
    return addition.what.value if isinstance(addition.what, Constraint) else None


def at_loss(heard: StateUpdate) -> bool:
    """Did the grammar make nothing of the message but words?"""
    edits = [a for a in heard.add if not isinstance(a.what, Text)]
    others = heard.remove, heard.needs, heard.refers_to, heard.unclear, heard.questions, heard.absent, heard.declined
    moved = heard.clear or heard.active is not None
    return not edits and not moved and not any(others) and set(heard.acts) <= _PLAIN
