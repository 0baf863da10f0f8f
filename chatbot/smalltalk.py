"""What the assistant answers to what is said to itself (track/aside.py), and to small talk: what it is first of all.

It owns up to being a program before anything else is looked up; where the shop has itself written an answer to exactly
that, this stands beside, word for word. Says only what is known here: of a person to ask for, of what is kept. Words in
smalltalk_words.py. Knows nothing of products.
"""

from __future__ import annotations

from catalog.faq.passage import Passage, is_chinese
from chatbot import say
from chatbot.context import Context
from chatbot.faq import SURE, quote
from chatbot.policy import Plan
from chatbot.quoted import Quoted
from chatbot.reply import Reply
from chatbot.smalltalk_words import SMALL_TALK, THIS_SHOP
from chatbot.track.aside import NO_BUSINESS, NOISE, STAY, Aside, topics_of
from chatbot.types import AgentAct, Language, StateUpdate
from retrieval.faq import FaqRetriever, best

ITSELF = frozenset({"machine", "here", "identity", "abilities", "model", "maker", "kept"})
"""Topics that ask what the assistant is."""
_PERSON = frozenset({"machine", "here", "identity", "abilities", "insult"})
_GREETINGS = ("greeting", "thanks", "bye")
_SPOKEN = {"ok": "ok", "compliment": "praise", "complaint": "insult"}


class SmallTalk:
    """Over one shop's answers. Keeps nothing between turns."""

    def __init__(self, faq: FaqRetriever, passages: tuple[Passage, ...], name: str) -> None:
        """`name`: the catalogue's, said where it reads like one and the shop's own is not known."""
        self._faq = faq
        self._passages = passages
        self._name = name if name != name.lower() or not name.isascii() else ""

    def answer(
        self, aside: Aside, plan: Plan, update: StateUpdate, context: Context, model: bool, reply: Reply
    ) -> None:
        """What is said to the assistant itself is answered first. `model`: does a large language model help?"""
        words, asked = SMALL_TALK[reply.language], set(aside.topics)
        if STAY in asked:
            self._stay(context, reply)
        if asked & ITSELF:
            reply.add(AgentAct.CHITCHAT, self._itself(aside, context, model, reply.language))
            reply.quoted[:0] = [q for q in self._quoted(aside, reply.language) if q not in reply.quoted]
        for topic in (t for t in aside.topics if t not in ITSELF and t != STAY):
            going_on = words.get(f"{topic}_on", "") if aside.alone else ""
            reply.add(_act(topic), say.sentences(reply.language, (words[topic], going_on)))
        if asked & _PERSON and not plan.handoff and _to_be_told(context):
            reply.said.append(words["person"])
        if plan.chitchat and not asked:
            reply.add(AgentAct.CHITCHAT, _polite(update))
        reply.quiet = "crisis" in asked

    def _stay(self, context: Context, reply: Reply) -> None:
        left = context.counter is not None and context.counter.leave()
        reply.handoff = "left" if left else None
        reply.add(AgentAct.CONFIRM, SMALL_TALK[reply.language]["stay" if left else "not_called"])

    def _itself(self, aside: Aside, context: Context, model: bool, language: Language) -> str:
        words, asked = SMALL_TALK[language], set(aside.topics)
        shop = context.shop or self._name or THIS_SHOP[language]
        told = [words["here"]] if "here" in asked else []
        told.append(words["itself"].format(shop=shop))
        if "model" in asked:
            told.append(words["model" if model else "no_model"])
        if "maker" in asked:
            told.append(words["maker"].format(shop=shop))
        if "kept" in asked:
            told.append(words["kept" if context.kept else "not_kept"])
        if "abilities" in asked or (asked & _PERSON and aside.alone):
            told.append(words["abilities"])
        return say.sentences(language, told)

    def _quoted(self, aside: Aside, language: Language) -> list[Quoted]:
        """What the shop has itself written on exactly that; on what is kept, what it says of data."""
        if self._faq and "kept" in aside.topics:
            found = best(self._faq.find(aside.words), SURE)
            return [quote(found.passage, found.score, aside.words)] if found else []
        asked = ITSELF.intersection(aside.topics)
        own = [
            passage
            for passage in self._passages
            if not passage.item and is_chinese(passage.question) == (language == "zh")
            if any(asked & topics_of(phrase) for phrase in passage.phrasings)
        ]
        return [quote(passage, 1.0, aside.words) for passage in own[:1]]


def _polite(update: StateUpdate) -> str:
    """The answer to small talk that the tracker heard."""
    if greeting := next((topic for topic in update.topics if topic in _GREETINGS), None):
        return say.say(update.language, greeting)
    spoken = next((_SPOKEN[topic] for topic in update.topics if topic in _SPOKEN), None)
    return SMALL_TALK[update.language][spoken] if spoken else say.say(update.language, "chitchat")


def _to_be_told(context: Context) -> bool:
    """Is there somebody to tell, who has not been told?"""
    return context.counter is not None and context.counter.staffed and not context.counter.waiting


def _act(topic: str) -> AgentAct:
    if topic == NOISE:
        return AgentAct.ELICIT
    return AgentAct.REFUSE if topic in NO_BUSINESS else AgentAct.CHITCHAT
