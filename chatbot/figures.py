"""Answers about the catalogue as a whole: how many, which values, least, most, range, average, within the wishes given.

Every number is counted or computed here from the catalogue. Knows nothing of how a question was understood, nor of the
items that were shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalog.store import Catalog, Mask
from catalog.types import Constraint, Fact, Money, Op, Order, Slot, write_number
from chatbot import say
from chatbot.facts import Answer, facts_of, number_in
from chatbot.titles import title_in
from chatbot.types import Figure, ItemFact, Language, Measure, Question

NAMED = 12  # values named at most, the most frequent first; the rest is counted
ALIKE = 3  # products named at most that share the least or the most
_NEW = re.compile(r"new|latest|recent|old|early|earli|modern|新|旧|老|早")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the products it is about."""

    catalog: Catalog
    question: Question
    language: Language
    mask: Mask

    @property
    def count(self) -> int:
        return int(self.mask.sum())

    @property
    def what(self) -> str:
        """The products it is about, in words."""
        texts = [say.say(self.language, "holding", words=word) for word in self.question.mentioning]
        wishes = [say.wish_words(self.language, c) for c in self.question.scope]
        return say.join(self.language, [*wishes, *texts]) or say.say(self.language, "everything")

    @property
    def slot(self) -> Slot:
        return self.catalog.slot(self.question.slot or "")

    @property
    def name(self) -> str:
        return say.slot_name(self.language, self.slot)

    @property
    def unit(self) -> str | None:
        return self.catalog.currency if self.slot.name == "price" else self.slot.unit

    def written(self, number: float) -> str:
        if self.slot.name in say.MONEY and self.unit:
            return say.price(Money(number, self.unit), self.language)
        plain = write_number(round(number, 2))
        return f"{plain} {say.unit_name(self.language, self.unit)}" if self.unit else plain

    def say(self, key: str, **values: object) -> str:
        return say.say(self.language, key, **values)

    def figure(self, values: Sequence[float], names: Sequence[str] = (), unit: str | None = None) -> Figure:
        within = tuple(str(c) for c in self.question.scope) + tuple(self.question.mentioning)
        question = self.question
        return Figure(question.measure, question.slot, tuple(map(float, values)), tuple(names), unit, within)


def about_catalog(catalog: Catalog, question: Question, language: Language) -> Answer:
    """Answer a question about the catalogue."""
    mask = catalog.match(question.scope)
    for word in question.mentioning:
        mask = mask & _holding(catalog, word)
    asked = _Asked(catalog, question, language, mask)
    if question.slot is None and question.measure in ("min", "max") and _NEW.search(question.words):
        return Answer(asked.say("no_date", what=asked.what))
    if question.slot is None and question.measure != "count":
        return Answer(asked.say("unknown_slot", words=question.words))
    if not asked.count and (question.scope or question.mentioning):
        return Answer(asked.say("count_none", what=asked.what), figures=(asked.figure((0,)),) * _counts(question))
    return _ANSWERS[question.measure](asked)


def _counts(question: Question) -> bool:
    return question.measure == "count"


def _holding(catalog: Catalog, word: str) -> Mask:
    """The products whose record holds every word of a phrase."""
    whole = np.ones(len(catalog), np.bool_)
    for part in word.split():
        mask = np.zeros(len(catalog), np.bool_)
        mask[[position for position, _ in catalog.keywords(part, len(catalog))]] = True
        whole &= mask
    return whole


def _count(asked: _Asked) -> Answer:
    if asked.question.slot:
        return _different(asked)
    narrowed = asked.question.scope or asked.question.mentioning
    key = ("count_one" if asked.count == 1 else "count") if narrowed else "count_all"
    return Answer(asked.say(key, count=asked.count, what=asked.what), figures=(asked.figure((asked.count,)),))


def _different(asked: _Asked) -> Answer:
    """How many different values of a slot there are, and the most frequent ones."""
    found = _values(asked)
    if not found:
        return _not_stated(asked)
    figure = asked.figure((len(found),))
    named = _named(asked, [value for value, _ in found])
    return Answer(asked.say("different", count=len(found), slot=asked.name, values=named), figures=(figure,))


def _listed(asked: _Asked) -> Answer:
    """The values of a slot; the range of a number."""
    if asked.slot.kind == "number":
        return _range(asked)
    found = _values(asked)
    if not found:
        return _not_stated(asked)
    figure = asked.figure([n for _, n in found], [v for v, _ in found])
    named = _named(asked, [value for value, _ in found])
    return Answer(asked.say("values", slot=_capital(asked.name), values=named), figures=(figure,))


def _by_value(asked: _Asked) -> Answer:
    """How many products have each value of a slot."""
    found = _values(asked)
    if not found:
        return _not_stated(asked)
    figure = asked.figure([n for _, n in found], [v for v, _ in found])
    named = _named(asked, [asked.say("counted", value=value, count=n) for value, n in found])
    return Answer(asked.say("values", slot=_capital(asked.name), values=named), figures=(figure,))


def _values(asked: _Asked) -> list[tuple[str, int]]:
    """The values of a slot with how many products have them; of kinds those that a product is, not what they lie under."""
    if asked.slot.kind == "boolean":
        return _truths(asked)
    terms = asked.catalog.vocabulary(asked.slot.name)
    found = asked.catalog.facets(asked.slot.name, asked.mask, max(1, len(terms)))
    if asked.slot.name != "category":
        return found
    own = {term.value for term in terms if term.value in term.kinds}
    return [(value, n) for value, n in found if value in own] or found


def _truths(asked: _Asked) -> list[tuple[str, int]]:
    having = int((asked.mask & asked.catalog.match([Constraint(asked.slot.name, Op.EQ, True)])).sum())
    lacking = int((asked.mask & asked.catalog.match([Constraint(asked.slot.name, Op.EQ, False)])).sum())
    counted = ((asked.say("yes"), having), (asked.say("no"), lacking))
    return [(value, n) for value, n in counted if n]


def _named(asked: _Asked, values: Sequence[str]) -> str:
    rest = len(values) - NAMED
    if rest <= 1:
        return say.join(asked.language, values)
    return asked.say("and_more", values=say.join(asked.language, values[:NAMED]), count=rest)


def _range(asked: _Asked) -> Answer:
    span = asked.catalog.span(asked.slot.name, asked.mask)
    if span is None:
        return _listed(asked) if asked.slot.kind == "category" else _not_stated(asked)
    low, high = span
    figure = asked.figure(span, unit=asked.unit)
    if low == high:
        return Answer(asked.say("span_one", slot=asked.name, value=asked.written(low)), figures=(figure,))
    stated = len(asked.catalog.numbers(asked.slot.name, asked.mask))
    ends = {"low": asked.written(low), "high": asked.written(high)}
    text = asked.say("span", slot=_capital(asked.name), count=stated, **ends)
    return Answer(text, figures=(figure,))


def _mean(asked: _Asked) -> Answer:
    """The average over the products that state the slot."""
    numbers = asked.catalog.numbers(asked.slot.name, asked.mask)
    if not len(numbers):
        return _not_stated(asked)
    mean = float(numbers.mean())
    text = asked.say("mean", slot=asked.name, count=len(numbers), what=asked.what, value=asked.written(mean))
    return Answer(text, figures=(asked.figure((round(mean, 2),), unit=asked.unit),))


def _least_or_most(asked: _Asked) -> Answer:
    """The products with the least or the most of a slot; by date the earliest or the latest."""
    products = asked.catalog.get(_foremost(asked))
    if not products:
        return _not_stated(asked)
    facts = tuple(ItemFact(p.id, f) for p in products[:ALIKE] for f in _deciding(asked, facts_of(p, asked.slot)))
    titles = [title_in(asked.language, p) for p in products[:ALIKE]]
    more = len(products) - len(titles)
    who = asked.say("and_more", values=say.join(asked.language, titles), count=more) if more else ""
    text = asked.say(
        f"overall_{_which_end(asked)}",
        title=who or say.both(asked.language, titles),
        slot=asked.name,
        value=say.fact_value(asked.language, facts[0].fact),
    )
    about = tuple(p.id for p in products[:ALIKE])
    order = Order(asked.slot.name, "asc" if asked.question.measure == "min" else "desc")
    return Answer(text, facts, about, cards=about, within=(*asked.question.scope, order))


def _deciding(asked: _Asked, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """Of several values of one product the least or the most alone."""
    return tuple(facts[:1]) if asked.slot.kind != "number" or len(facts) < 2 else (_extreme(asked, facts),)


def _extreme(asked: _Asked, facts: Sequence[Fact]) -> Fact:
    pick = min if asked.question.measure == "min" else max
    return pick(facts, key=lambda fact: number_in(fact, asked.unit) or 0.0)


def _which_end(asked: _Asked) -> str:
    return (
        asked.question.measure if not asked.slot.dates else ("oldest" if asked.question.measure == "min" else "newest")
    )


def _foremost(asked: _Asked) -> list[str]:
    """Ids of the products with the least or the most, those alike together; of words nothing is the least."""
    if asked.slot.kind != "number" and not asked.slot.dates:
        return []
    order = Order(asked.slot.name, "asc" if asked.question.measure == "min" else "desc")
    return [asked.catalog.ids[position] for position in asked.catalog.foremost(asked.mask, order)]


def _not_stated(asked: _Asked) -> Answer:
    return Answer(asked.say("not_stated", slot=asked.name, what=asked.what))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_ANSWERS: Mapping[Measure, Callable[[_Asked], Answer]] = {
    "value": _listed,
    "count": _count,
    "counts": _by_value,
    "values": _listed,
    "min": _least_or_most,
    "max": _least_or_most,
    "range": _range,
    "mean": _mean,
}
