"""What an update and its words say of goods: whether a message wishes for some, and what is left of it as one on service.

Knows no answers and no topics.
"""

from __future__ import annotations

import re
from dataclasses import replace

from catalog.types import Constraint, Order
from chatbot.help_cues import asks, parts_of
from chatbot.types import StateUpdate, UserAct

OWNED = re.compile(
    r"^\W*(?:bought|ordered|received)\b|\b(?:my|our|i(?: have|'ve)?(?: just)? (?:bought|ordered|got|received))\b|我的|我买的|我订的|买了",
    re.IGNORECASE,
)
WISH = re.compile(
    r"\b(?:show|find|give|get|need|want|looking|recommend|suggest|have|sell)\b|找|要|推荐|看看|有没有|来", re.IGNORECASE
)
_THING = re.compile(r"(?:an?|some|any|something|anything)\s", re.IGNORECASE)
SHOPPING = re.compile(r"\b(?:buy|show|find|looking for|recommend|suggest|need|want)\b|推荐|想买|找", re.IGNORECASE)
OF_ITEMS = frozenset({UserAct.COMPARE, UserAct.REJECT, UserAct.MORE, UserAct.EXPLAIN, UserAct.UNDO, UserAct.RESET})


def of_the_catalogue(update: StateUpdate) -> bool:
    """Does a message wish, ask or do something with products?"""
    stated = any(isinstance(addition.what, Constraint | Order) for addition in update.add)
    asked = any(q.items or q.slot or q.measure != "value" for q in update.questions)
    return stated or asked or bool(update.remove or update.clear or update.refers_to or set(update.acts) & OF_ITEMS)


def only_goods(update: StateUpdate, text: str) -> bool:
    """Is a thing named, in one breath, without a question or anything owned? That spares most wishes the encoder."""
    plain = not (asks(text) or OWNED.search(text)) and len(parts_of(text)) < 2
    return plain and names_a_thing(update) and UserAct.HANDOFF not in update.acts


def goods_in(part: str, read: StateUpdate, text: str) -> bool:
    """Is a part of a message that asks about service a wish or a question about products?"""
    if UserAct.FAQ in read.acts or not of_the_catalogue(read):
        return False
    if OWNED.search(part):  # "my headphones broke, is that under warranty?"
        return False
    return bool(asks(part) or not asks(text) or read.questions or WISH.search(part) or _THING.match(part))


def is_kind(what: object) -> bool:
    return isinstance(what, Constraint) and what.slot == "category"


def names_a_thing(update: StateUpdate) -> bool:
    """Is a kind of product named, an amount, an order of cards, or an item?"""
    wished = [addition.what for addition in update.add]
    things = any(
        isinstance(w, Order) or (isinstance(w, Constraint) and w.slot in ("category", "price")) for w in wished
    )
    return things or any(question.items for question in update.questions) or bool(update.refers_to)


def only_service(update: StateUpdate, item: str = "") -> StateUpdate:
    """The message as a question on service, or on an item, and nothing else: it changes no wish."""
    pointed = (item,) if item else ()
    person = (UserAct.HANDOFF,) if UserAct.HANDOFF in update.acts else ()
    acts = (UserAct.FAQ, *person)
    return StateUpdate(acts, refers_to=pointed, topics=update.topics, language=update.language, by=update.by)


def without_service(update: StateUpdate) -> StateUpdate:
    """The message as one about goods, whatever of service was heard in its words."""
    acts = tuple(act for act in update.acts if act not in (UserAct.FAQ, UserAct.HANDOFF))
    return replace(update, acts=acts or (UserAct.INFORM,))


def with_service(wish: StateUpdate, update: StateUpdate) -> StateUpdate:
    """A wish with a question on service, and with the person that is asked for beside it."""
    person = (UserAct.HANDOFF,) if UserAct.HANDOFF in update.acts else ()
    return replace(wish, acts=(*without_service(wish).acts, UserAct.FAQ, *person), topics=update.topics)
