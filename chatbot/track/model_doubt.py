"""The grammar's reading without its guesses, where a model that read the message does not confirm them.

Exact words that were asked for, numbers, money, refusals, orders and places stand whatever the model says. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog.types import Constraint
from chatbot.track.model_guesses import UMBRELLA
from chatbot.track.model_reading import Reading, ReadNeed
from chatbot.track.needs import categories_of
from chatbot.track.pieces import function_words, keys
from chatbot.types import Addition, DialogueState, NeedEdit, StateUpdate, Text, UserAct

_OF_ITEMS = {UserAct.ACCEPT, UserAct.REJECT, UserAct.COMPARE, UserAct.EXPLAIN, UserAct.REQUEST}


def without_guesses(state: DialogueState, heard: StateUpdate, model: Reading) -> StateUpdate:
    """What is left of the grammar's reading; all of it where the model did not read the message itself."""
    if heard.unclear or heard.clear:
        return heard
    if not model.needs and model.items and _OF_ITEMS & set(model.acts):
        return _of_items(state, heard, model)
    sure = [n for n in model.needs if n.kinds or n.strange]
    heard = _no_question(heard, model)
    if UserAct.INFORM not in model.acts or not has_read(heard, model):
        return heard
    heard = replace(heard, add=tuple(a for a in heard.add if not _misread(a, model)))
    heard = _back_to(state, heard, model)
    heard = _other_kinds(state, heard, model, sure)
    absent = tuple(a for a in heard.absent if set(keys(a)) <= model.guesses.written or set(keys(a)) & model.words)
    add = tuple(a for a in heard.add if not _of_the_tale(a, model) and not _likely_again(state, a))
    return replace(heard, add=add, absent=absent)


def has_read(heard: StateUpdate, model: Reading) -> bool:
    """Did the model read this message? It calls the thing by its kind, or hears a wish that the grammar hears too."""
    claims = [c for n in model.needs for c in n.claims if not c.of_kind]
    heard_too = [a for a in heard.add if isinstance(a.what, Constraint) and not _is_kind(a)]
    agreed = any(
        c.slot == a.what.slot and isinstance(c.what, Constraint) and set(c.what.values) & _values(a)
        for c in claims
        for a in heard_too
        if isinstance(a.what, Constraint)
    )
    return agreed or any(n.kinds or n.strange for n in model.needs)


def _of_items(state: DialogueState, heard: StateUpdate, model: Reading) -> StateUpdate:
    """A message about items shown opens no need for words of their titles; without a place, the model says which."""
    opened = {e.id for e in heard.needs if state.need(e.id) is None and not _kind_of(heard.add, e.id)}
    heard = _without_needs(heard, opened)
    elsewhere = bool(heard.refers_to) and not set(heard.refers_to) & set(state.latest)
    return heard if model.pointed and not elsewhere else replace(heard, refers_to=model.items)


def _no_question(heard: StateUpdate, model: Reading) -> StateUpdate:
    """What is not written as a question is none, where the model takes it up and hears a wish alone."""
    alone = set(model.acts) <= {UserAct.INFORM, UserAct.CHITCHAT} and any(n.spoken for n in model.needs)
    if not alone or model.asks or not heard.questions or any(not q.items for q in heard.questions):
        return heard
    acts = tuple(a for a in heard.acts if a is not UserAct.REQUEST) or (UserAct.INFORM,)
    return replace(heard, questions=(), refers_to=(), acts=acts)


def _misread(addition: Addition, model: Reading) -> bool:
    """Was a value read into a misspelt word, and does the model not name it?"""
    what = addition.what
    if not isinstance(what, Constraint) or not all(
        isinstance(v, str) and (what.slot, v.casefold()) in model.guesses.values for v in what.values
    ):
        return False
    return not any(c.slot == what.slot for n in model.needs for c in n.claims)


def _back_to(state: DialogueState, heard: StateUpdate, model: Reading) -> StateUpdate:
    """A thing that is only told of opens no need, where the model goes on with one that stands."""
    if len(model.needs) != 1:
        return heard
    said = model.needs[0]
    number = said.number if said.number and state.need(said.number) else None
    if number is None and len(state.active) == 1 and not (said.kinds or said.strange):
        number = state.active[0]
    if number is None:
        return heard
    opened = {e.id for e in heard.needs if state.need(e.id) is None and _guessed(_kind_of(heard.add, e.id), model)}
    if not opened:
        return heard
    kept = [a for a in heard.add if not (a.need in opened and _is_kind(a))]
    moved = tuple(replace(a, need=number) if a.need in opened else a for a in kept)
    edits = tuple(e for e in heard.needs if e.id not in opened)
    return replace(heard, add=moved, needs=edits, active=None if number in state.active else (number,))


def _other_kinds(state: DialogueState, heard: StateUpdate, model: Reading, sure: Sequence[ReadNeed]) -> StateUpdate:
    """A kind that grammar guessed gives way to the one that the model means; a wide one to a nearer."""
    add, edits, left = list(heard.add), list(heard.needs), list(sure)
    for addition in heard.add:
        if not left or not _is_kind(addition) or not addition.hard:
            continue
        values = _values(addition)
        same = next((n for n in left if set(n.kinds) & values), None)
        if same is None and not _guessed(values, model):
            continue
        meant = same or left[0]
        left.remove(meant)
        if same and (set(same.kinds) >= values or not (_guessed(values, model) or len(values) > 1)):
            continue
        add = [a for a in add if a is not addition]
        claim = next((c for c in meant.claims if c.of_kind and c.hard), None)
        if claim:
            add.append(Addition(claim.what, True, addition.need))
        edits = [NeedEdit(e.id, meant.query or e.query) if e.id == addition.need else e for e in edits]
    return replace(heard, add=tuple(add), needs=tuple(edits))


def _of_the_tale(addition: Addition, model: Reading) -> bool:
    """Words kept as a wish that the model, which names the thing, does not take up."""
    if not isinstance(addition.what, Text) or not any(n.kinds or n.strange for n in model.needs):
        return False
    return not (set(keys(addition.what.words)) - function_words()) & model.words


def _likely_again(state: DialogueState, addition: Addition) -> bool:
    """A kind only likely that is wished for sure already."""
    wished = {k for n in state.active_needs for k in categories_of(n)}
    return _is_kind(addition) and not addition.hard and bool(_values(addition) & wished)


def _guessed(values: set[object], model: Reading) -> bool:
    return len(values) > UMBRELLA or values <= model.guesses.kinds


def _kind_of(additions: Sequence[Addition], need: int) -> set[object]:
    """The kinds that are wished of a need for sure; none for a thing called by a title."""
    return {v for a in additions if a.need == need and a.hard and _is_kind(a) for v in _values(a)}


def _without_needs(heard: StateUpdate, ids: set[int]) -> StateUpdate:
    if not ids:
        return heard
    edits = tuple(e for e in heard.needs if e.id not in ids)
    add = tuple(a for a in heard.add if a.need not in ids)
    active = None if heard.active is None or set(heard.active) <= ids else heard.active
    return replace(heard, needs=edits, add=add, active=active)


def _is_kind(addition: Addition) -> bool:
    what = addition.what
    return isinstance(what, Constraint) and what.slot == "category" and not what.op.negative


def _values(addition: Addition) -> set[object]:
    return set(addition.what.values) if isinstance(addition.what, Constraint) else set()
