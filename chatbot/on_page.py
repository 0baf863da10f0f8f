"""What a message means on a product's page: "anything like this but cheaper", before or beside what else is looked for.

Knows the product whose page is open and what the message was read as; reads no words itself. That "it" is the product
of the page is the tracker's to know (track/references.py).
"""

from __future__ import annotations

from dataclasses import replace

from catalog.types import Constraint, Op, Product
from chatbot.types import Addition, DialogueState, Need, NeedEdit, StateUpdate, UserAct


def of_page(update: StateUpdate, state: DialogueState, product: Product) -> StateUpdate:
    """The update with the kind of the page's product as what is looked for, where the message wishes for something,
    names no kind, and either nothing is looked for yet or it asks for others like the product in hand."""
    like = "similar" in update.topics and state.focus[:1] == (product.id,)
    wishes = bool(update.add) or UserAct.MORE in update.acts
    if not product.kind or not wishes or update.needs or update.absent or update.clear:
        return update
    if state.active_needs and (not like or any(set(sought(n)) & set(product.category) for n in state.active_needs)):
        return replace(update, refers_to=update.refers_to or (product.id,)) if like else update
    known = next((n for n in state.needs if set(sought(n)) & set(product.category)), None)
    id = known.id if known else max((n.id for n in state.needs), default=0) + 1
    kind = Addition(Constraint("category", Op.EQ, product.kind), need=id)
    placed = tuple(replace(a, need=id) if a.need is None else a for a in update.add)
    edits = () if known else (NeedEdit(id, product.kind.casefold()),)
    return replace(
        update,
        add=placed if known else (kind, *placed),
        needs=edits,
        active=(id,),
        refers_to=update.refers_to or ((product.id,) if like else ()),
    )


def sought(need: Need) -> tuple[object, ...]:
    """The kinds that a need is of."""
    whats = [w.what for w in need.wishes if w.slot == "category" and isinstance(w.what, Constraint)]
    return tuple(value for what in whats if not what.op.negative for value in what.values)
