"""What the shop's people and systems do in a turn: a wish for a person, an order's state, a policy.

Only what happened is said: that the shop was told, where its system said so. An order is printed as the shop's system
states it. Knows nothing of how people and systems are reached, or of how the shop's answers are found.
"""

from __future__ import annotations

from chatbot import say
from chatbot.context import Counter, Order
from chatbot.orders import TOPIC
from chatbot.policy import Plan
from chatbot.quoted import Quoted
from chatbot.reply import Reply
from chatbot.types import AgentAct, DialogueState, Language, StateUpdate

SMALL_TALK = ("greeting", "thanks", "bye", "ok", "compliment", "smalltalk")
NO_POLICY = (*SMALL_TALK, "exists", "similar", "have", "like", "take", "howto", TOPIC)


def order_of(update: StateUpdate, counter: Counter | None) -> Order | None:
    """Where the order stands that is asked about; None where none is."""
    if TOPIC not in update.topics:
        return None
    return counter.order(update.order) if counter else Order("absent")


def say_service(plan: Plan, state: DialogueState, update: StateUpdate, counter: Counter | None, reply: Reply) -> None:
    """Talk that is not about products: refusals, a wish for a person, orders, policies."""
    if plan.refuse and AgentAct.REFUSE not in reply.acts:
        known = next((t for t in ("injection", "howto") if t in update.topics), "refuse")
        reply.add(AgentAct.REFUSE, say.say(reply.language, known))
    if plan.handoff:
        reply.handoff = counter.handoff(state, reply.message) if counter else "absent"
        reply.add(AgentAct.HANDOFF, say.say(reply.language, f"handoff_{reply.handoff}"))
    answered = reply.order is not None and reply.order.found != "absent"
    if reply.order and answered:
        reply.add(AgentAct.FAQ, order_words(reply.order, reply.language))
    topics = [t for t in update.topics if t not in NO_POLICY and not (answered and t == "order")]
    if plan.faq and not reply.quoted and (topics or not answered):
        reply.add(AgentAct.FAQ, say.say(reply.language, "faq", topics=say.topic_names(reply.language, topics)))


def say_quoted(reply: Reply) -> None:
    """The shop's own answers, behind what was asked of items."""
    for told in reply.quoted:
        reply.add(AgentAct.FAQ, quoted_words(told, reply.language))


def order_words(order: Order, language: Language) -> str:
    """An order as the shop's system states it; without one, what is missing."""
    if order.found != "found":
        return say.say(language, f"order_{order.found}")
    parts = [say.say(language, "order_found", number=order.number, status=order.status)]
    parts += [say.say(language, "order_eta", eta=order.eta)] if order.eta else []
    parts += [say.say(language, "order_url", url=order.url)] if order.url else []
    return say.sentences(language, parts)


def quoted_words(told: Quoted, language: Language) -> str:
    """An answer of the shop's own, word for word, with the question it answers and where it can be read."""
    words = say.say(language, "from_help", question=told.question, answer=told.answer)
    whole = told.url is not None and not told.url.startswith("/")  # a path of the shop is a link only on its own pages
    return say.say(language, "read_at", text=words, url=told.url) if whole else words
