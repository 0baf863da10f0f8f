"""How a dialogue's state moves: an update applied, a query made of a need, a turn's outcome remembered.

Pure functions of frozen values; the caller's state never changes. Knows nothing of how a message was understood
or what the catalogue holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalog.types import Constraint, Op, Order
from catalog.units import convert
from chatbot.steps import Standing
from chatbot.types import (
    Addition,
    DialogueState,
    Dropped,
    Exchange,
    Need,
    NeedEdit,
    Pending,
    Question,
    Shown,
    StateUpdate,
    Suggestion,
    Text,
    UserAct,
    Wish,
)
from retrieval.types import Query

UNDO_DEPTH = 20
TALK = 12  # turns; see talked
_UPPER = (Op.LT, Op.LE)


def apply(state: DialogueState, update: StateUpdate) -> DialogueState:
    """The state after the shopper's message, before anything is answered: one turn further, ledger edited.

    Later wishes replace earlier ones on the same slot unless they extend them; what ends is kept in `dropped`. An undo
    comes before the message's other edits; its own words are never a wish.
    """
    state = replace(state, turn=state.turn + 1, language=update.language)
    if UserAct.UNDO in update.acts:
        state = undo(state)
        update = replace(update, add=tuple(a for a in update.add if not isinstance(a.what, Text)))
    before = standing(state)
    if update.clear:
        state = _clear(state)
    state = _remove(state, update.remove, "shopper")
    for edit in update.needs:
        state = _edit_need(state, edit)
    if update.active is not None:
        known = {n.id for n in state.needs}
        state = replace(state, active=tuple(i for i in update.active if i in known))
    state = _add(state, update.add)
    state = _weigh(_weigh(state, update.harden, True), update.soften, False)
    if (state.needs, state.active) != (before.needs, before.active):
        state = replace(state, undo=(*state.undo, before)[-UNDO_DEPTH:])
    declined = tuple(dict.fromkeys((*state.declined, *update.declined)))
    return replace(state, declined=declined)


def on_page(state: DialogueState, item: str | None) -> DialogueState:
    """The state while this product's page is open; one just opened is what is in hand, until another is spoken of."""
    if item == state.page:
        return state
    return replace(state, page=item, focus=(item,) if item else state.focus)


def standing(state: DialogueState) -> Standing:
    """What stands now, for this turn's change of it to be taken back."""
    return Standing(state.turn, state.needs, state.active, state.accepted, state.rejected, state.declined)


def undo(state: DialogueState) -> DialogueState:
    """The ledger, and what was taken and turned down, as before the last change; the same state when there was none.

    What was shown stays shown: it was seen.
    """
    if not state.undo:
        return state
    *rest, step = state.undo
    return replace(
        state,
        needs=step.needs,
        active=step.active,
        accepted=step.accepted,
        rejected=step.rejected,
        declined=step.declined,
        undo=tuple(rest),
        dropped=(*state.dropped, *_gone(state, step.needs)),
    )


def unanswered(state: DialogueState) -> DialogueState:
    """The state as the latest message met it, for that message to be answered again; the same when there was none.

    What was counted goes on being counted, so that no number names two things: turns, ids of wishes, impressions.
    """
    if state.last is None:
        return state
    met = state.last.met
    gone = _gone(replace(state, turn=state.turn + 1), met.needs)
    dropped = (*state.dropped, *gone)
    return replace(met, turn=state.turn, minted=state.minted, impressions=state.impressions, dropped=dropped)


def _gone(state: DialogueState, needs: tuple[Need, ...]) -> tuple[Dropped, ...]:
    """The wishes that no longer stand when these needs do."""
    kept = {w.id for n in needs for w in n.wishes}
    return tuple(Dropped(w, "undo", state.turn) for w in state.wishes if w.id not in kept)


def to_query(state: DialogueState, need: Need, excluded: Iterable[str] = ()) -> Query:
    """What retrieval is asked for a need: its words and text wishes for recall, its constraints by hardness."""
    texts = [w.what.words for w in need.wishes if isinstance(w.what, Text)]
    constraints = [(w.what, w.hard) for w in need.wishes if isinstance(w.what, Constraint)]
    return Query(
        text=" ".join(dict.fromkeys(t for t in (need.query, *texts) if t)),
        hard=tuple(c for c, hard in constraints if hard),
        soft=tuple(c for c, hard in constraints if not hard),
        said=tuple(texts),
        orders=tuple(w.what for w in need.wishes if isinstance(w.what, Order)),
        excluded=frozenset(state.rejected) | frozenset(excluded),
        ideal=need.ideal,
    )


def remember(
    state: DialogueState,
    suggestions: tuple[Suggestion, ...],
    *,
    focus: tuple[str, ...] = (),
    asked: tuple[str, ...] = (),
    accepted: tuple[str, ...] = (),
    rejected: tuple[str, ...] = (),
    pending: Pending | None = None,
    answered: tuple[Question, ...] = (),
) -> DialogueState:
    """The state after the answer: what was shown, talked about, asked, taken and turned down.

    Taking or turning down is a change that can be taken back, together with the message's other changes."""
    accepted = tuple(dict.fromkeys((*state.accepted, *accepted)))
    rejected = tuple(dict.fromkeys((*state.rejected, *rejected)))
    changed = (accepted, rejected) != (state.accepted, state.rejected)
    if changed and not (state.undo and state.undo[-1].turn == state.turn):
        state = replace(state, undo=(*state.undo, standing(state))[-UNDO_DEPTH:])
    shown = state.shown
    if suggestions:
        items = tuple((s.need, s.candidate.product.id) for s in suggestions)
        shown = (*shown, Shown(state.turn, items))
        focus = focus or tuple(id for _, id in items)
    return replace(
        state,
        shown=shown,
        focus=focus or state.focus,
        asked=tuple(dict.fromkeys((*state.asked, *asked))),
        accepted=accepted,
        rejected=rejected,
        impressions=state.impressions + len(suggestions),
        pending=pending,
        answered=answered,
    )


def talked(state: DialogueState, exchange: Exchange) -> DialogueState:
    """The state with a turn added to its talk. The older half is let go at once when there is too much: between times
    the talk only grows at its end, so that a server's prefix cache holds what it has read."""
    talk = state.talk if len(state.talk) < TALK else state.talk[TALK // 2 :]
    return replace(state, talk=(*talk, exchange))


def remember_items(state: DialogueState, ids: tuple[str, ...]) -> DialogueState:
    """The state with these products as the latest list: shown, or told of, by another than us."""
    need = state.active[-1] if state.active else 0
    return replace(state, shown=(*state.shown, Shown(state.turn, tuple((need, id) for id in ids))), focus=ids)


def _clear(state: DialogueState) -> DialogueState:
    gone = tuple(Dropped(w, "reset", state.turn) for w in state.wishes)
    return replace(state, needs=(), active=(), focus=(), asked=(), declined=(), dropped=(*state.dropped, *gone))


def _remove(state: DialogueState, ids: tuple[str, ...], by: str) -> DialogueState:
    """The ledger without these wishes. A kind that the shopper takes back takes its words along: what is looked for
    is then told by the wishes that are left."""
    gone = tuple(Dropped(w, by, state.turn) for w in state.wishes if w.id in ids)
    if not gone:
        return state
    unnamed = {d.wish.need for d in gone if d.wish.slot == "category" and by == "shopper"}
    lost = {d.wish.need for d in gone}  # what was imagined of an item was imagined with the wish
    needs = tuple(
        replace(
            n,
            query="" if n.id in unnamed else n.query,
            wishes=tuple(w for w in n.wishes if w.id not in ids),
            ideal=() if n.id in lost else n.ideal,
        )
        for n in state.needs
    )
    return replace(state, needs=needs, dropped=(*state.dropped, *gone))


def _weigh(state: DialogueState, ids: tuple[str, ...], hard: bool) -> DialogueState:
    """The ledger with these wishes as musts, or as no more than what lifts; each keeps its id and its turn."""
    if not ids:
        return state
    needs = tuple(
        replace(n, wishes=tuple(replace(w, hard=hard) if w.id in ids else w for w in n.wishes)) for n in state.needs
    )
    return replace(state, needs=needs)


def _edit_need(state: DialogueState, edit: NeedEdit) -> DialogueState:
    if state.need(edit.id):
        needs = tuple(replace(n, query=edit.query, ideal=edit.ideal) if n.id == edit.id else n for n in state.needs)
        return replace(state, needs=needs)
    opened = Need(edit.id, edit.query, ideal=edit.ideal)
    return replace(state, needs=(*state.needs, opened), active=(*state.active, edit.id))


def _add(state: DialogueState, additions: tuple[Addition, ...]) -> DialogueState:
    if additions and not state.active:
        fresh = max((n.id for n in state.needs), default=0) + 1
        state = _edit_need(state, NeedEdit(fresh, ""))
    fresh_from = state.minted
    for addition in additions:
        for id in state.active if addition.need is None else (addition.need,):
            state = _add_to(state, id, addition, fresh_from)
    return state


def _add_to(state: DialogueState, need_id: int, addition: Addition, fresh_from: int) -> DialogueState:
    need = state.need(need_id)
    if need is None:
        return state
    what = _merged(need, addition)
    twin = next((w for w in need.wishes if w.what == what), None)
    if twin and twin.hard == addition.hard:
        return state
    gone = tuple(
        w.id
        for w in need.wishes
        if w is twin or (int(w.id[1:]) <= fresh_from and _replaces(what, w.what, addition.extends))
    )
    state = _remove(state, gone, "replaced")
    number = state.minted + 1
    wish = Wish(f"w{number}", need_id, what, addition.hard, state.turn)
    needs = tuple(replace(n, wishes=(*n.wishes, wish)) if n.id == need_id else n for n in state.needs)
    return replace(state, needs=needs, minted=number)


def _merged(need: Need, addition: Addition) -> Constraint | Order | Text:
    """An extending equality joins the value that stands: brand = HP, "or Dell" -> brand in [HP, Dell]."""
    what = addition.what
    if not (addition.extends and isinstance(what, Constraint) and what.op in (Op.EQ, Op.IN)):
        return what
    for wish in need.wishes:
        old = wish.what
        if isinstance(old, Constraint) and old.slot == what.slot and old.op in (Op.EQ, Op.IN):
            values = tuple(dict.fromkeys((*old.values, *what.values)))
            return Constraint(what.slot, Op.IN, values) if len(values) > 1 else what
    return what


def _replaces(new: Constraint | Order | Text, old: Constraint | Order | Text, extends: bool) -> bool:
    """Does the later wish end the earlier one? Both stand in the same need."""
    if isinstance(new, Order):
        return isinstance(old, Order)
    if isinstance(new, Text) and isinstance(old, Text):
        return new.words.isdigit() and old.words.isdigit()  # "1000 pieces", then "500 pieces"
    if not isinstance(new, Constraint) or not isinstance(old, Constraint) or new.slot != old.slot:
        return False
    if new.op.negative:
        return bool(set(map(_fold, new.values)) & set(map(_fold, old.values))) and not old.op.bound
    if old.op.negative:
        return bool(set(map(_fold, new.values)) & set(map(_fold, old.values)))
    if new.op.bound and old.op.bound:
        return _bound_replaces(new, old)
    return not extends or new.op in (Op.EQ, Op.IN)


def _bound_replaces(new: Constraint, old: Constraint) -> bool:
    """A bound replaces one on its own side, and one on the other side that it contradicts. Prices are compared as they
    stand, as the catalogue does: "between 50 and 100", "no more than forty quid"."""
    same_side = (new.op in _UPPER) == (old.op in _UPPER)
    if same_side or not isinstance(new.value, float) or not isinstance(old.value, float):
        return same_side
    alike = new.slot == "price" or not new.unit or not old.unit
    before = old.value if alike else convert(old.value, old.unit or "", new.unit or "")
    return before is not None and (new.value < before if new.op in _UPPER else new.value > before)


def _fold(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value
