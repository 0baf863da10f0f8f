"""Questions about an item that its record has no field for: its own questions and answers, then a sentence of its text.

What is found is quoted word for word; nothing is concluded from it. Knows nothing of how sentences are judged
(retrieval/evidence.py), nor of questions about the shop (faq.py).
"""

from __future__ import annotations

import re

from catalog.store import Catalog
from catalog.types import Fact, Product
from chatbot import say
from chatbot.facts import Answer
from chatbot.faq import quote
from chatbot.help_cues import parts_of
from chatbot.quoted import Quoted
from chatbot.titles import title_in
from chatbot.types import ItemFact, Language, Question
from retrieval.evidence import Evidence, ItemAnswers

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")
_SHORTEST = 2  # words of a sentence that can answer


class ItemHelp:
    """What a shop has written of single items beside their records. Keeps nothing between turns."""

    def __init__(self, catalog: Catalog, answers: ItemAnswers) -> None:
        self._catalog = catalog
        self._answers = answers

    def answer(self, question: Question, message: str, language: Language) -> Answer | None:
        """What answers a question about one item whose record does not; None where nothing does."""
        if len(question.items) != 1 or question.measure != "value" or question.scope:
            return None
        products = self._catalog.get(question.items)
        asked = [message, *parts_of(message)]
        return next((a for p in products if (a := self._quoted(p, asked) or self._told(p, asked, language))), None)

    def own(self, message: str, item: str) -> Quoted | None:
        """The item's own question that a message asks, with its answer."""
        found = [f for part in (message, *parts_of(message)) if (f := self._answers.asked(part, item))]
        best = max(found, key=lambda f: f.score, default=None)
        return quote(best.passage, best.score, message) if best and best.passage else None

    def _quoted(self, product: Product, asked: list[str]) -> Answer | None:
        told = self.own(asked[0], product.id)
        return Answer("", about=(product.id,), quoted=(told,)) if told else None

    def _told(self, product: Product, asked: list[str], language: Language) -> Answer | None:
        sentences = [s for s in _SENTENCE.split(product.description) if len(s.split()) >= _SHORTEST]
        found: list[Evidence] = [
            f for part in asked[1:] or asked if (f := self._answers.told(part, sentences, product.id))
        ]
        best = max(found, key=lambda f: f.score, default=None)
        if best is None:
            return None
        if best.passage:
            return Answer("", about=(product.id,), quoted=(quote(best.passage, best.score, asked[0]),))
        text = say.say(language, "mentions", title=title_in(language, product), quote=best.text)
        return Answer(text, (ItemFact(product.id, Fact("description", best.text)),), (product.id,))
