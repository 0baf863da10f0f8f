"""A message read as the answer to what the assistant's last turn asked: "no", "either", 都行, "the black one".

A wish stated in answer ("under 50") needs nothing of this: it is read like any other. Knows the question only by the
state's `pending`; knows nothing of how either side words it beyond words/pending.toml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from catalog.compatibility import SLOT as DEVICES
from catalog.types import Constraint, Op, Product
from chatbot.track.descriptions import descriptions
from chatbot.track.devices import device_said
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.pieces import keys
from chatbot.track.references import SPECIFIC, described, find_references
from chatbot.track.spans import Scope
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import Addition, Pending, Shown, StateUpdate, UserAct

_ANEW = (UserAct.REQUEST, UserAct.COMPARE, UserAct.EXPLAIN, UserAct.MORE, UserAct.RESET, UserAct.UNDO, UserAct.FAQ)


def answer_to_which(heard: Heard, grounder: Grounder) -> StateUpdate | None:
    """The message that was not clear, with the item that this one names; None where it says something else."""
    pending = heard.state.pending
    if not pending or not pending.which or any(heard.said(act) for act in _ANEW):
        return None
    items = _meant(heard, grounder, pending, grounder.catalog.get(pending.which))
    if not items:
        return None
    single = UserAct.ACCEPT in pending.acts
    return StateUpdate(
        acts=tuple(a for a in pending.acts if a is not UserAct.INFORM) or (UserAct.INFORM,),
        refers_to=items,
        unclear=items if single and len(items) > 1 else (),
        questions=tuple(replace(q, items=items) for q in pending.questions),
        language=heard.message.language,
    )


def declined_slot(heard: Heard) -> tuple[str, ...]:
    """The slot that was asked for, when any value of it will do or none was thought of."""
    pending = heard.state.pending
    if not pending or not pending.slot:
        return ()
    said = _said(heard.lower, "no", "indifferent")
    waved = any(s.scope is Scope.TAKEN_BACK for s in heard.scopes.spans) and not heard.mentions and not heard.bounds
    return (pending.slot,) if said or waved else ()


def answered(heard: Heard, grounder: Grounder, update: StateUpdate) -> StateUpdate:
    """The update, where the whole message answers the question for a slot: that it does not matter, or a value of it
    that the message alone would not have been read as ("Laser", a device's bare name)."""
    slot = heard.state.pending.slot if heard.state.pending else None
    if not slot or slot not in grounder.slots:
        return update
    if _said(heard.lower, "no", "indifferent"):
        return StateUpdate((UserAct.INFORM,), declined=(slot,), language=update.language)
    value = _value(heard, grounder, slot)
    if value is None:
        return update
    on_it = tuple(a for a in update.add if isinstance(a.what, Constraint) and a.what.slot == slot)
    on_it = on_it or (Addition(Constraint(slot, Op.EQ, value)),)
    return StateUpdate((UserAct.INFORM,), add=on_it, language=heard.state.language)


def _value(heard: Heard, grounder: Grounder, slot: str) -> str | None:
    """The slot's value that the whole message is; of devices the one that it names."""
    if slot == DEVICES:
        return device_said(heard.message) if heard.devices == () and not heard.kinds else None
    if slot == "category":
        return None  # read like any other: a kind is a need
    said = heard.lower.strip(" .!,?。！，？")
    spellings = ((term.value, s) for term in grounder.terms.get(slot, {}).values() for s in (term.value, *term.also))
    return next((value for value, spelling in spellings if spelling.casefold() == said), None)


def _meant(heard: Heard, grounder: Grounder, pending: Pending, asked: Sequence[Product]) -> tuple[str, ...]:
    """Which of the products asked about: by place or name, by what is said of them, or all of them."""
    tapped = tuple(p.id for p in asked if keys(p.title) == keys(heard.message.raw))
    if tapped:
        return tapped[:1]
    offered = replace(heard.state, shown=(Shown(heard.state.turn, tuple((0, id) for id in pending.which)),), focus=())
    among = replace(heard, state=offered, references=())
    told = (*heard.references, *descriptions(among, grounder), *find_references(heard.lower, offered))
    pointed = next((r.ids for r in told if r.how in SPECIFIC and r.ids and set(r.ids) <= set(pending.which)), ())
    named = [i for m in heard.mentions if (r := m.reading("product")) for i in r.values]
    if found := tuple(i for i in dict.fromkeys((*pointed, *named)) if i in pending.which):
        return found
    if _said(heard.lower, "indifferent") and UserAct.ACCEPT not in pending.acts:
        return pending.which
    if _elsewhere().search(heard.lower):
        return ()
    known = {c for p in asked for c in p.category}
    if any(k.reading.values and not known & set(k.reading.values) for k in heard.kinds):
        return ()
    found_by = described(heard.lower, heard.mentions, asked, pointing=True)
    return found_by.ids if found_by and len(found_by.ids) < len(pending.which) else ()


def _said(lower: str, *sections: str) -> bool:
    return any(_whole(section).fullmatch(lower) for section in sections)


@cache
def _whole(section: str) -> re.Pattern[str]:
    """The section's entries as a whole message, whatever politeness stands around them."""
    table = words("pending")
    around, entries = alternation(table["around"]), alternation(table[section])
    gap = r"[\s,.!?~;:-]*"
    return re.compile(rf"{gap}(?:{around}{gap})*{entries}{gap}(?:(?:{around}|{entries}){gap})*")


@cache
def _elsewhere() -> re.Pattern[str]:
    return compiled(words("pending")["elsewhere"])
