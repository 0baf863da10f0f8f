"""What a tap means: the same StateUpdate that words would come to, with no language in between.

Knows the records of the items tapped and what stands in the ledger; knows nothing of buttons, or of what the turn does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from catalog.types import Constraint, Op, Product
from chatbot.gestures import Edited, Gesture
from chatbot.on_page import sought
from chatbot.types import Addition, DialogueState, NeedEdit, StateUpdate, UserAct, Wish
from errors import BadEdit

MOST_COMPARED = 5


class Records(Protocol):
    """What is asked of a catalogue: those of the products that it has, in the order asked for."""

    def get(self, ids: tuple[str, ...]) -> tuple[Product, ...]: ...


def read(gesture: Gesture, state: DialogueState, catalog: Records) -> StateUpdate:
    """The update of a gesture. BadEdit when it names a product or a wish that is not there, or too few or too many.

    `retry` means what the latest message meant: of it only that there is one is checked here.
    """
    products = catalog.get(gesture.items)
    if len(products) < len(set(gesture.items)):
        raise BadEdit("An entry of items is no product of this shop.")
    update = StateUpdate((UserAct.OTHER,), refers_to=tuple(p.id for p in products), language=state.language)
    if gesture.type == "similar":
        return _like(_one(products), state, update)
    if gesture.type == "compare":
        return _compared(state, update)
    if gesture.type == "details":
        return replace(update, acts=(UserAct.REQUEST,), details=(_one(products).id,))
    if gesture.type == "reject":
        return _refused(products, update)
    if gesture.type in ("soften", "harden"):
        return _weighed(gesture, state, update)
    if gesture.type == "retry" and state.last is None:
        raise BadEdit("There is no message to answer again.")
    return replace(update, acts=(UserAct.HANDOFF if gesture.type == "handoff" else UserAct.UNDO,))


def by_hand(edit: Edited, state: DialogueState) -> StateUpdate:
    """The update of an edit of the ledger: who clicks a wish off does not care about it, and is not asked for it."""
    put_on = {c.slot for c in edit.add}
    taken_off = (w.slot for w in state.wishes if w.id in edit.remove and isinstance(w.what, Constraint))
    return StateUpdate(
        (UserAct.INFORM,),
        add=tuple(Addition(c) for c in edit.add),
        remove=edit.remove,
        declined=tuple(dict.fromkeys(slot for slot in taken_off if slot not in put_on)),
        language=state.language,
    )


def _one(products: tuple[Product, ...]) -> Product:
    if len(products) != 1:
        raise BadEdit("This gesture takes exactly one entry of items.")
    return products[0]


def _like(product: Product, state: DialogueState, update: StateUpdate) -> StateUpdate:
    """Others of its kind, the nearest to its name first. The need in hand is narrowed to its kind; where something else
    is looked for, a need of its kind is gone back to, or opened."""
    update = replace(update, acts=(UserAct.MORE,), topics=("similar",))
    if not product.kind:
        return update
    need = next((n for n in (*state.active_needs, *state.needs) if set(sought(n)) & set(product.category)), None)
    id = need.id if need else max((n.id for n in state.needs), default=0) + 1
    query = need.query if need else product.kind.casefold()
    kind = Addition(Constraint("category", Op.EQ, product.kind), need=id)
    return replace(update, needs=(NeedEdit(id, query, (product.title,)),), active=(id,), add=(kind,))


def _compared(state: DialogueState, update: StateUpdate) -> StateUpdate:
    """Those tapped; one alone is compared with the top of the list, or with the next where it is the top itself."""
    pointed = update.refers_to
    if not pointed or len(pointed) > MOST_COMPARED:
        raise BadEdit(f"compare takes 1 to {MOST_COMPARED} entries of items.")
    if len(pointed) == 1 and not set(state.latest) - set(pointed):
        raise BadEdit("There is nothing to compare the one entry of items with.")
    return replace(update, acts=(UserAct.COMPARE,))


def _refused(products: tuple[Product, ...], update: StateUpdate) -> StateUpdate:
    if not products:
        raise BadEdit("reject takes at least one entry of items.")
    return replace(update, acts=(UserAct.REJECT,))


def _weighed(gesture: Gesture, state: DialogueState, update: StateUpdate) -> StateUpdate:
    wish = _wish(gesture.wish, state)
    if not isinstance(wish.what, Constraint):
        raise BadEdit("This wish only ever lifts what meets it: it is no filter.")
    update = replace(update, acts=(UserAct.INFORM,))
    ids = (wish.id,)
    return replace(update, soften=ids) if gesture.type == "soften" else replace(update, harden=ids)


def _wish(name: str, state: DialogueState) -> Wish:
    """A wish that stands, by its id or its text."""
    found = next((w for w in state.wishes if name in (w.id, w.text)), None)
    if found is None:
        raise BadEdit("wish names no wish that stands: give its id or its text as the ledger has it.")
    return found
