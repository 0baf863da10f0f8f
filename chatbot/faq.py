"""The shop's own questions and answers in a turn: which messages ask them, and what is quoted, word for word.

A question about the shop is answered from what the shop wrote or not at all; a message about products stays one. READ
`Help.heard` FIRST. Knows nothing of how passages are found (retrieval/faq.py) or how files of them are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from catalog.faq.passage import Passage, is_chinese
from catalog.types import Constraint, Order
from chatbot import beside
from chatbot.goods_said import (
    OF_ITEMS,
    OWNED,
    SHOPPING,
    WISH,
    goods_in,
    is_kind,
    names_a_thing,
    of_the_catalogue,
    only_goods,
    only_service,
    with_service,
    without_service,
)
from chatbot.help_cues import asks, follows, heads, leans, parts_of, put_to_you, story, to_the_shop
from chatbot.quoted import Quoted
from chatbot.track.normal import normalise
from chatbot.types import DialogueState, Language, StateUpdate, UserAct
from retrieval.evidence import stem
from retrieval.faq import KNOWN, LIKELY, FaqRetriever, Found, best
from retrieval.topics import MOSTLY, Told
from retrieval.words import content_words

SURE = 0.8
"""The score from which on a message is about the shop though a word of it is one of the catalogue's ("a gold account")."""
LIKELIER = 0.9
"""The score of its topic from which on a part of a message is a question on service beside a wish."""
AGREED = 0.1
"""The score from which on a passage is quoted that also answers what the question's topic is usually asked."""
CERTAIN = 0.99
"""The score from which on a question on service is that and asks nothing of the item in hand besides."""
CLEAR = 0.997
"""The score from which on a short message leans on nothing that was said before."""
LONGEST = 480
"""Characters that are quoted; an answer is cut at the end of a sentence before."""
_GREETING = 3  # words that are a greeting and no more
_MOST = 2  # passages that one turn quotes
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n")
_LOOSE = re.compile(r"^[\s,，.;]+|(?:[\s,，;]|\b(?:and|but|also|plus|with))+$", re.IGNORECASE)
_FOREIGN = 3  # words that none of the shop's answers knows, from which on what names no thing sold here is a wish still
_POLITE = frozenset({"greeting", "thanks", "bye", "ok", "compliment"})

Track = Callable[[DialogueState, str], StateUpdate]
Topic = Literal["delivery", "costs", "returns", "warranty", "broken", "contact"]
_TOPICS: Mapping[Topic, Mapping[Language, str]] = {
    "delivery": {"en": "How long does delivery take?", "zh": "多久能送到？"},
    "costs": {"en": "What does delivery cost?", "zh": "运费是多少？"},
    "returns": {"en": "Can I return something?", "zh": "可以退货吗？"},
    "warranty": {"en": "How long is the warranty?", "zh": "保修多久？"},
    "broken": {"en": "What if something arrives broken?", "zh": "收到的商品坏了怎么办？"},
    "contact": {"en": "How do I reach you?", "zh": "怎么联系你们？"},
}
_USUAL: Mapping[str, tuple[Topic, ...]] = {
    "shipping": ("delivery", "costs"),
    "returns": ("returns",),
    "warranty": ("warranty",),
    "complaint": ("broken", "warranty", "returns"),
}
Own = Callable[[str, str], Quoted | None]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message once the shop's own answers were asked: what is left of it to do, and what is quoted."""

    update: StateUpdate
    quoted: tuple[Quoted, ...] = ()


class Help:
    """The shop's questions and answers behind a conversation. Keeps nothing between turns."""

    def __init__(self, retriever: FaqRetriever, own: Own, track: Track) -> None:
        """`own`: what is quoted of an item's own questions for (message, item). `track`: reads a part of a message as if
        it stood alone."""
        self._retriever = retriever
        self._own = own
        self._track = track

    def heard(self, state: DialogueState, update: StateUpdate, text: str) -> Heard:
        """The message, with the answers that it asks for: to all of it, to its question on service, or to a part."""
        text = normalise(text)
        if not self._retriever or not text or "injection" in update.topics:
            return Heard(update)
        if own := self._of_the_item(state, update, text):
            return Heard(only_service(update, own.item), (own,))
        if again := self._followed(state, update, text):
            return Heard(only_service(update), (again,))
        if UserAct.FAQ not in update.acts and only_goods(update, text):
            return Heard(update)
        if plainly := self._plainly(state, update, text):
            return plainly
        if UserAct.FAQ in update.acts:
            return self._served(state, update, text)
        polite = set(update.acts) == {UserAct.CHITCHAT} and set(update.topics) & _POLITE
        if polite and len(text.split()) <= _GREETING and not is_chinese(text):
            return Heard(update)
        whole = best(self._retriever.find(text), KNOWN)
        if UserAct.HANDOFF in update.acts:
            return Heard(update, _quotes([whole], text))
        if whole and self._of_the_shop(update, text, whole):
            return Heard(only_service(update), _quotes([whole], text))
        if not whole and to_the_shop(text) and not names_a_thing(update):
            return Heard(only_service(update))  # "are you hiring?": not known, and no search for goods
        if not of_the_catalogue(update):
            return Heard(update)
        beside = whole and whole.score >= SURE and asks(text) and self._but_for_the_thing(update, text, whole)
        quoted = _quotes([whole] if beside else self._parts(state, text), text)
        return Heard(replace(update, acts=(*update.acts, UserAct.FAQ)) if quoted else update, quoted)

    def _plainly(self, state: DialogueState, update: StateUpdate, text: str) -> Heard | None:
        """A message whose topics say by themselves what of it asks the shop and what is about goods; None: they do not."""
        parts = parts_of(text)
        service = self._service_in(text, parts) if len(parts) > 1 else []
        if service and (wish := self._wish_beside(state, update, text, service)):
            found = [best(self._retriever.find(part), LIKELY) for part in service]
            return Heard(with_service(wish, update), _quotes(found, text))
        told = self._retriever.topic(text)
        if not self._asks_the_shop(text) or self._of_an_item(state, update, told):
            return None
        surer = [part for part in service if self._retriever.topic(part).score > told.score]
        found = [best(self._retriever.find(each), KNOWN) for each in (text, *surer)]
        return Heard(only_service(update), _quotes(found, text))

    def _service_in(self, text: str, parts: Sequence[str]) -> list[str]:
        """The parts that ask the shop; one that points back is asked with what it points at ("I have a gift card, can I
        use it?")."""
        found: list[str] = []
        told = ""
        for part in parts:
            whole = text[text.find(told) : text.find(part) + len(part)] if told and leans(part) else ""
            if story(part):
                told = part if self._asks_the_shop(part) else ""
            elif whole and asks(part) and self._asks_the_shop(whole):
                found.append(whole)
            elif self._asks_the_shop(part, KNOWN if put_to_you(part) else LIKELIER):
                found.append(part)
        return found

    def _wish_beside(
        self, state: DialogueState, update: StateUpdate, text: str, service: Sequence[str]
    ) -> StateUpdate | None:
        """What a message wishes for besides its questions on service; None where nothing."""
        rest = text
        for part in service:
            if not names_a_thing(self._track(state, part)):  # "with warranty under 100"
                rest = rest.replace(part, " ", 1)
        wish = self._track(state, _LOOSE.sub("", rest))
        about = self._retriever.topic(rest).of_goods
        if not (about or wish.questions or WISH.search(rest)) or not (
            names_a_thing(wish) or of_the_catalogue(wish) or about
        ):
            return None
        owned = "complaint" in update.topics or OWNED.search(rest)
        if owned and not (about and SHOPPING.search(rest)):
            return None
        return wish if update.by == "embedded" else update

    def _asks_the_shop(self, text: str, least: float = KNOWN) -> bool:
        """Is a message, or a part of one, surely about the shop's service and not about goods?"""
        told = self._retriever.topic(text)
        return told.score >= least and (told.goods < MOSTLY or told.value - told.goods >= MOSTLY / 2)

    def _of_an_item(self, state: DialogueState, update: StateUpdate, told: Told) -> bool:
        """Is something of an item asked that its record has a field for, or are goods named where service is unsure?"""
        if any(q.slot and q.items for q in update.questions):
            return True
        in_hand = bool(state.active or state.latest or state.page)
        changed = update.remove or update.clear or update.declined or set(update.acts) & OF_ITEMS
        if in_hand and changed and UserAct.FAQ not in update.acts:  # "forget the colour"
            return True
        orders = not in_hand and all(isinstance(a.what, Order) for a in update.add) and not update.refers_to
        named = names_a_thing(update) or (in_hand and of_the_catalogue(update))
        return named and not orders and told.score < SURE

    def _followed(self, state: DialogueState, update: StateUpdate, text: str) -> Quoted | None:
        """What a short message asks that leans on the question on service before it ("who pays for that?")."""
        asked = state.talk[-1].user if state.talk and "faq" in state.talk[-1].did else ""
        if (
            not asked
            or not follows(text)
            or UserAct.HANDOFF in update.acts
            or (self._asks_the_shop(text) and not leans(text))
            or names_a_thing(update)
            or best(self._retriever.find(text), CLEAR)
        ):
            return None
        if len(self._retriever.unknown(text)) > 1:  # "who won the world cup in 1998?"
            return None
        last = best(self._retriever.find(asked), KNOWN)
        both = best(self._retriever.find(f"{asked} {text}"), KNOWN)
        return quote(both.passage, both.score, text) if last and both and both.passage == last.passage else None

    def _but_for_the_thing(self, update: StateUpdate, text: str, whole: Found) -> bool:
        """Does a question fit its passage still without the product that it names ("do you sell used laptops")?"""
        kinds = " ".join(str(v) for a in update.add if isinstance(a.what, Constraint) for v in a.what.values)
        named = {stem(word) for word in content_words(kinds)}
        rest = " ".join(word for word in text.split() if stem(word.lower().strip("?!.,")) not in named)
        found = best(self._retriever.find(rest), KNOWN)
        return found is not None and found.passage == whole.passage

    def policy(self, topic: Topic, language: Language) -> Quoted | None:
        """What the shop says on a topic, as if it had been asked."""
        found = self._usual(topic, language)
        return quote(found[0].passage, found[0].score, _TOPICS[topic][language]) if found else None

    def beside(self, heard: Heard, text: str) -> Heard:
        """What was heard, with what the shop says on the service that a wish for products depends on."""
        asked = () if heard.quoted else beside.topics(heard.update, text)
        told = [q for topic in asked if (q := self.policy(topic, heard.update.language))]
        return Heard(beside.answered(heard.update, asked), tuple(dict.fromkeys(told))) if told else heard

    def _of_the_shop(self, update: StateUpdate, text: str, whole: Found) -> bool:
        """Is a message that fits a passage about the shop, and not about something to buy?"""
        wished = bool(update.needs or update.absent or update.add)
        if wished and len(self._retriever.unknown(text)) >= _FOREIGN:  # "I want to buy a pair of grey corduroy shorts"
            return False
        if not of_the_catalogue(update):
            return True
        if names_a_thing(update):  # "return my headphones"; "a case for my phone" fits no passage
            owned = OWNED.search(text) is not None and SHOPPING.search(text) is None
            return owned and all(is_kind(addition.what) for addition in update.add) and not update.questions
        return whole.score >= SURE

    def _of_the_item(self, state: DialogueState, update: StateUpdate, text: str) -> Quoted | None:
        """What the item in hand is asked that only its own questions know, and the tracker took for something else."""
        if not state.focus or of_the_catalogue(update):
            return None
        own = self._own(text, state.focus[0])
        shop = best(self._retriever.find(text), KNOWN) if own else None
        return own if own and (shop is None or own.score >= shop.score) else None

    def _served(self, state: DialogueState, update: StateUpdate, text: str) -> Heard:
        """The tracker heard a question on service: the passage for the whole message, or for the part that asks it.
        Where it heard nothing else, another part may be a wish or a question still ("show me jackets I can return")."""
        parts = parts_of(text)
        if len(parts) < 2 and (plain := best(self._retriever.find(text), CERTAIN)):  # "what does delivery cost?"
            return Heard(only_service(update), _quotes([plain], text))
        if not any(asks(part) for part in (text, *parts)) and not of_the_catalogue(update):
            for head in heads(text):  # "a backpack for delivery riders": what it is for is no question
                read_head = self._track(state, head)
                if names_a_thing(read_head) and goods_in(head, read_head, text):
                    return Heard(read_head)
        asked = [text, *parts] if len(parts) > 1 else [text]
        trouble = "complaint" in update.topics and not of_the_catalogue(update)
        if len(parts) > 1 and not trouble:
            read = {part: self._track(state, part) for part in parts}
            goods = [part for part in parts if goods_in(part, read[part], text)]
            if goods:
                asked = [part for part in parts if part not in goods and not story(part)]
                if not asked:  # "I returned my last one, need another"
                    return Heard(without_service(update if of_the_catalogue(update) else read[goods[0]]))
                first = read[goods[0]]
                if not of_the_catalogue(update):
                    update = replace(first, acts=(*first.acts, UserAct.FAQ), topics=update.topics)
        found = [best(self._retriever.find(part), LIKELY) or self._agreed(update, part) for part in asked]
        if trouble and not any(found):
            found = list(self._usual("warranty" if "warranty" in update.topics else "broken", update.language))
        sure = sorted((f for f in found if f), key=lambda f: -f.score)
        known = [f for f in sure if f.score >= KNOWN]
        if sure and not of_the_catalogue(update):
            update = only_service(update)
        return Heard(update, _quotes(known or sure[:1], text))

    def _agreed(self, update: StateUpdate, text: str) -> Found | None:
        """A passage that hardly fits the words, but answers what is usually asked on the topic that the tracker heard."""
        found = best(self._retriever.find(text), AGREED)
        topics = [topic for heard in update.topics for topic in _USUAL.get(heard, ())]
        usual = {told.passage for topic in topics for told in self._usual(topic, update.language)}
        return found if found and found.passage in usual else None

    def _usual(self, topic: Topic, language: Language) -> tuple[Found, ...]:
        found = best(self._retriever.find(_TOPICS[topic][language]), KNOWN)
        return (found,) if found else ()

    def _parts(self, state: DialogueState, text: str) -> list[Found | None]:
        """Of a message about products the parts that are not: each fits a passage and names nothing of the catalogue."""
        parts = parts_of(text)
        sure = {part: self._retriever.topic(part).score for part in parts}
        asked = [p for p in parts if not story(p) and (put_to_you(p) or not KNOWN <= sure[p] < LIKELIER)]
        asked = asked if len(parts) > 1 else []
        found = [best(self._retriever.find(part), KNOWN) for part in asked]
        return [f for f, part in zip(found, asked, strict=True) if f and not of_the_catalogue(self._track(state, part))]


def _quotes(found: Sequence[Found | None], asked: str) -> tuple[Quoted, ...]:
    """What was found, each passage once, as it is quoted."""
    kept = {f.passage: f for f in reversed(found) if f}
    return tuple(quote(f.passage, f.score, asked) for f in list(reversed(kept.values()))[:_MOST])


def quote(passage: Passage, score: float, asked: str) -> Quoted:
    """A passage as it is quoted to who asked: whole where it is short, else the sentences that fit best."""
    answer = excerpt(passage.answer, asked)
    return Quoted(passage.question, answer, passage.source, passage.url, passage.item, round(score, 3))


def excerpt(answer: str, asked: str, longest: int = LONGEST) -> str:
    """The answer word for word; of a longer one whole sentences, from the paragraph that holds most of what was asked."""
    if len(answer) <= longest:
        return answer
    wanted = set(content_words(asked))
    paragraphs = answer.split("\n\n")
    start = max(paragraphs, key=lambda p: len(wanted & set(content_words(p))))
    rest = answer[answer.index(start) :]
    ends = [m.start() for m in _SENTENCE.finditer(rest)] + [len(rest)]
    fitting = [end for end in ends if 0 < end <= longest]
    if fitting:
        return rest[: fitting[-1]].strip()
    return f"{rest[:longest].rsplit(' ', 1)[0].strip()} …"
