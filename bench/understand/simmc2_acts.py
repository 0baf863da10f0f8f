"""What a shopper does in a message, in SIMMC2's seven labels, told from the tracker's acts and edits.

A table, never a second reading: knows nothing of words.
"""

from __future__ import annotations

from chatbot.types import DialogueState, StateUpdate, UserAct

SEARCHING = ("REQUEST:GET", "INFORM:GET", "INFORM:REFINE")
"""The labels whose turns carry slots: the others speak of items seen."""


def label_of(before: DialogueState, update: StateUpdate, answers_question: bool) -> str:
    """The label of a message heard in a state; `answers_question`: the assistant just asked which item was meant.

    To them a comparison is any question about two items; asking for a kind again by its name is a new request,
    more or others of the same refine the one that stands, and likeness to an item seen informs it.
    """
    acts = set(update.acts)
    if UserAct.COMPARE in acts:
        return "REQUEST:COMPARE"
    if answers_question and UserAct.MORE not in acts:
        return "INFORM:DISAMBIGUATE"
    if UserAct.ACCEPT in acts:
        return "REQUEST:ADD_TO_CART"
    if "similar" in update.topics:
        return "INFORM:GET"
    if UserAct.REQUEST in acts:
        return "REQUEST:COMPARE" if len(update.refers_to) == 2 and not update.unclear else "ASK:GET"
    if not before.needs or update.active is not None:
        return "REQUEST:GET"
    return "INFORM:GET" if update.refers_to else "INFORM:REFINE"
