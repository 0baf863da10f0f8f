"""The two readings of a message made one: the grammar's where it is certain, the model's where it adds.

Numbers, money, orders, places and what changes the dialogue at one stroke (undo, reset, a person) are the grammar's; the
model adds what it found no words for: kinds implied, values and properties meant, refusals missed, things looked for
beside the first, facts asked for. Pure; knows no catalogue and no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog.types import Constraint
from chatbot.track.model_claims import Merged, add_claim, at_loss, heard_kinds, may_imply, part_needs, slot_of
from chatbot.track.model_doubt import has_read, without_guesses
from chatbot.track.model_reading import Reading, ReadNeed
from chatbot.track.needs import categories_of
from chatbot.track.pieces import keys
from chatbot.types import Addition, DialogueState, NeedEdit, Question, StateUpdate, UserAct

_WISHING = {UserAct.INFORM, UserAct.REQUEST, UserAct.REJECT, UserAct.MORE}
_ASIDE = {UserAct.CHITCHAT, UserAct.FAQ, UserAct.OTHER}
_TAKING = {UserAct.ACCEPT, UserAct.EXPLAIN, UserAct.COMPARE}
NOWHERE = 0  # no need has this number
_AT_ONCE = (UserAct.UNDO, UserAct.RESET)  # change more than a line: never on a model's word alone
_OF_ITEMS = (UserAct.COMPARE, UserAct.EXPLAIN, UserAct.ACCEPT, UserAct.REJECT)


def agree(state: DialogueState, heard: StateUpdate, model: Reading) -> StateUpdate:
    """The update that both readings make together. `heard`: the grammar's. Understood by the model from here on."""
    heard = without_guesses(state, heard, model)
    merged = Merged(state, heard, model.unexplained, list(heard.add), list(heard.needs), trusted=has_read(heard, model))
    if _states_wishes(heard, model):
        places = _places(merged, model.needs)
        for need, place in zip(model.needs, places, strict=True):
            if place != NOWHERE:
                _add_need(merged, need, place)
        part_needs(merged, model.needs, places)
    questions = _questions(heard, model)
    refers = heard.refers_to or (model.items if _may_point(heard, model) else ())
    update = replace(
        heard,
        add=tuple(merged.add),
        remove=tuple(dict.fromkeys((*heard.remove, *_dropped(state, heard, model))))
        if _states_wishes(heard, model)
        else heard.remove,
        needs=tuple(merged.edits),
        active=tuple(merged.opened) if merged.opened and heard.active is None and state.active else heard.active,
        refers_to=refers,
        questions=questions,
        absent=tuple(a for a in heard.absent if a.casefold() not in model.refused),
        by="llm",
    )
    return replace(update, acts=_acts(state, heard, model, update))


def _states_wishes(heard: StateUpdate, model: Reading) -> bool:
    """May the message state wishes? Not one that only asks of items or takes one, is about the shop or the world, is an
    order to start over, or one whose item must be told first; nor one of which the model says nothing of the kind."""
    if (
        heard.unclear
        or heard.clear
        or {UserAct.UNDO, UserAct.HANDOFF} & set(heard.acts)
        or not _WISHING & set(model.acts)
    ):
        return False
    edits = heard.add or heard.needs or heard.remove
    if not edits and (set(heard.acts) <= _ASIDE and (UserAct.FAQ in heard.acts or not _at_odds(heard, model))):
        return False
    return bool(edits) or not (heard.questions or _TAKING & set(heard.acts))


def _at_odds(heard: StateUpdate, model: Reading) -> bool:
    """Does the model hear a wish, and no small talk, where words were left over?"""
    return bool(model.unexplained) and UserAct.INFORM in model.acts and UserAct.OTHER not in model.acts


def _dropped(state: DialogueState, heard: StateUpdate, model: Reading) -> tuple[str, ...]:
    """The lines that the model takes back, without those on slots of which the message wishes something anew."""
    wished = {slot_of(a) for a in heard.add}
    gone = (*model.drop, *(model.unsaid if has_read(heard, model) else ()))
    return tuple(w.id for w in state.wishes if w.id in gone and w.slot not in wished)


def _places(merged: Merged, needs: Sequence[ReadNeed]) -> list[int | None]:
    """Which need of the dialogue each of the model's is: one that stands, one that this message opens, a new one; None:
    the active ones; NOWHERE: a thing of its own that is not taken."""
    state = merged.state
    fresh = [e.id for e in merged.heard.needs if state.need(e.id) is None]
    places: list[int | None] = []
    for need in needs:
        if need.number is not None and state.need(need.number):
            places.append(need.number)
            continue
        named = next((id for id in fresh if set(need.kinds) & set(heard_kinds(merged, id))), None)
        if named is None and fresh:
            named = fresh[0]
        if named is not None:
            fresh.remove(named)
            places.append(named)
        else:
            new = _new_place(merged, need, [p for p in places if p])
            places.append(NOWHERE if new is None and _apart(state, need) else new)
    return places


def _apart(state: DialogueState, need: ReadNeed) -> bool:
    """Is it a thing other than those in hand, by the number and the kind that the model gives it?"""
    in_hand = {k for n in state.active_needs for k in categories_of(n)}
    kinds = {v for c in need.claims if c.of_kind and isinstance(c.what, Constraint) for v in c.what.values}
    return bool(in_hand and kinds) and need.number is not None and not kinds & in_hand


def _new_place(merged: Merged, need: ReadNeed, taken: Sequence[int]) -> int | None:
    """The number of a need that the model alone sees: of a kind of its own, or the first of the dialogue."""
    state, kinds = merged.state, need.kinds  # another thing is opened only for a kind that is surely meant
    known = {k for n in state.needs for k in categories_of(n)} | {k for id in taken for k in heard_kinds(merged, id)}
    first = not state.active and not merged.heard.needs and not taken
    other = bool(kinds) and not set(kinds) & known and (not state.active or bool(merged.unexplained))
    in_hand = len(state.active_needs) == 1 and not categories_of(state.active_needs[0])
    if not (first or other) or (in_hand and not taken) or (merged.heard.absent and not kinds):
        return None
    id = max([*(n.id for n in state.needs), *(e.id for e in merged.edits), *taken], default=0) + 1
    worth = bool(kinds and may_imply(merged, None)) or (first and (bool(need.claims) or need.spoken))
    return id if worth else None


def _softened(merged: Merged, said: ReadNeed, addition: Addition, place: int | None) -> Addition:
    """Not a must any more where things of the kind have no such slot ("eight hours at the desk" asks no battery life of a
    chair), and where a value was told in the tale from which the model told the kind."""
    what = addition.what
    claimed = any(c.slot == slot_of(addition) for c in said.claims)
    if not isinstance(what, Constraint) or claimed or addition.need not in (None, place) or what.op.negative:
        return addition
    told = place in merged.implied and isinstance(what.value, str | tuple) and what.slot != "brand"
    foreign = slot_of(addition) in said.lacking and merged.trusted
    return replace(addition, hard=False) if (told and what.slot != "category") or foreign else addition


def _add_need(merged: Merged, said: ReadNeed, place: int | None) -> None:
    """The model's wishes for one need, and the need restated."""
    before, opens = list(merged.add), place is not None and merged.state.need(place) is None
    opens = opens and place not in {e.id for e in merged.heard.needs}
    for claim in sorted(said.claims, key=lambda c: (c.slot != "category", not c.named)):
        add_claim(merged, claim, place, opens)
    merged.add = [_softened(merged, said, a, place) for a in merged.add]
    changed = merged.add != before
    if opens and place is not None and (changed or said.spoken):
        merged.edits.append(NeedEdit(place, said.query))
        merged.opened.append(place)
    _restate(merged, said, place if place in merged.opened or not opens else None, changed)


def _restate(merged: Merged, said: ReadNeed, place: int | None, changed: bool) -> None:
    """The need's words for recall, and what an ideal item would be; only where the message changes something in it."""
    ids = [place] if place is not None else list(merged.state.active[:1]) or [e.id for e in merged.edits[:1]]
    if not ids or not (changed or merged.edits or merged.heard.remove):
        return
    standing = merged.state.need(ids[0])
    edit = next((e for e in merged.edits if e.id == ids[0]), None)
    old = edit.query if edit else standing.query if standing else ""
    words = said.query.split()
    wider = set(keys(old)) <= set(keys(" ".join(words))) and (
        edit is not None or merged.trusted or at_loss(merged.heard)
    )
    wider = bool(words) and (wider or place in merged.implied)
    fresh = NeedEdit(ids[0], " ".join(words) if wider else old, said.ideal or (standing.ideal if standing else ()))
    if edit is not None:
        merged.edits[merged.edits.index(edit)] = fresh
    elif said.ideal or fresh.query != old:
        merged.edits.append(fresh)


def _questions(heard: StateUpdate, model: Reading) -> tuple[Question, ...]:
    """The model's, where the grammar heard none or did not find what it asks for."""
    lost = bool(heard.questions) and all(q.slot is None and q.measure == "value" for q in heard.questions)
    asked = UserAct.REQUEST in model.acts and (
        at_loss(heard) or (UserAct.REQUEST in heard.acts and not heard.questions)
    )
    if lost and model.questions:
        items = heard.questions[0].items
        return tuple(replace(q, items=items if q.items else ()) for q in model.questions)
    if heard.questions or not asked:
        return heard.questions
    return tuple(q for q in model.questions if q.items or UserAct.REQUEST in heard.acts)


def _open(heard: StateUpdate, model: Reading) -> bool:
    """Is it for the model to say what the message does: the grammar was at a loss, and left words over?"""
    return at_loss(heard) and bool(model.unexplained or not heard.topics)


def _may_point(heard: StateUpdate, model: Reading) -> bool:
    return not heard.unclear and _open(heard, model) and bool({*_OF_ITEMS, UserAct.REQUEST} & set(model.acts))


def _acts(state: DialogueState, heard: StateUpdate, model: Reading, update: StateUpdate) -> tuple[UserAct, ...]:
    """The grammar's acts, with inform where the model added to the ledger; the model's where the grammar was at a loss."""
    edits = (update.add, update.remove, update.needs) != (heard.add, heard.remove, heard.needs)
    kept = heard.acts
    if _open(heard, model):
        said = tuple(a for a in model.acts if a in heard.acts or _bearable(a, state, model, update, edits))
        kept = said or heard.acts
    if edits and UserAct.INFORM not in kept:
        kept = (UserAct.INFORM, *(a for a in kept if a is not UserAct.OTHER))
    if update.questions and not heard.questions and UserAct.REQUEST not in kept:
        kept = (*kept, UserAct.REQUEST)
    return tuple(dict.fromkeys(kept))


def _bearable(act: UserAct, state: DialogueState, model: Reading, update: StateUpdate, edits: bool) -> bool:
    """Does an act that only the model heard have what it needs?"""
    if act in _AT_ONCE:
        return False
    if act in _OF_ITEMS:
        return bool(update.refers_to)
    if act is UserAct.REQUEST:
        return bool(update.questions)
    if act is UserAct.MORE:
        return bool(state.shown)
    if act is UserAct.INFORM:
        return edits
    return not edits or act not in (UserAct.CHITCHAT, UserAct.OTHER)
