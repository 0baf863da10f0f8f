"""What a shopper does in a message, in SIMMC2's seven labels, told from the tracker's acts; and the slots asked about.

A table, never a second reading: knows nothing of words.
"""

from __future__ import annotations

from chatbot.types import DialogueState, StateUpdate, UserAct

SEARCHING = ("REQUEST:GET", "INFORM:GET", "INFORM:REFINE")
"""The labels whose turns carry slots: the others speak of items seen."""


def label_of(before: DialogueState, update: StateUpdate, answers_question: bool) -> str:
    """The label of a message heard in a state; `answers_question`: the assistant just asked which item was meant."""
    acts = set(update.acts)
    if UserAct.ACCEPT in acts:
        return "REQUEST:ADD_TO_CART"
    if UserAct.COMPARE in acts:
        return "REQUEST:COMPARE"
    if answers_question:
        return "INFORM:DISAMBIGUATE"
    if UserAct.REQUEST in acts:
        return "ASK:GET"
    opened = any(edit.id not in {n.id for n in before.needs} for edit in update.needs)
    if opened or not before.needs:
        return "REQUEST:GET"
    return "INFORM:GET" if update.refers_to or UserAct.MORE in acts else "INFORM:REFINE"
