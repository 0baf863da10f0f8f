"""Candidates as a model reads them: one short numbered line each, of what tells them apart.

Text of the catalogue is cleaned of what could speak to a model and capped; ids and links never appear. Knows nothing
of prompts or of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from catalog.types import Fact, Slot
from chatbot import say
from chatbot.answers import mention
from chatbot.prompting import printed
from chatbot.titles import title_in
from chatbot.types import Language, Need, Ranked, Text

TITLE = 54
"""Bytes of a title: a dozen tokens in any language."""
VALUE = 24
LINE = 88
"""Bytes of a line: some 25 tokens. What does not fit any more is left out."""
PARTS = 12
USUAL = 0.5
_ITEM: Mapping[Language, str] = {"en": "item", "zh": "商品"}
_MISSES: Mapping[Language, str] = {"en": "misses", "zh": "不符"}
_SAYS: Mapping[Language, str] = {"en": "says", "zh": "提到"}
_RATED: Mapping[Language, str] = {"en": "rated", "zh": "评分"}
_TOLD = ("price", "rating", "brand", "title", "category", "availability")


def candidate_lines(need: Need, ranked: Sequence[Ranked], slots: Mapping[str, Slot], language: Language) -> str:
    """A line for each, numbered from 1: "[1] Pebble Mouse; 24.90 USD; weight 95 g; rated 4.5; Logira".

    The title, what it misses of the wishes, the price, what its record says to each wish, rating, brand where the title
    does not name it, and what else there is room for. What all have in common is left out: it tells nothing apart.
    """
    said = [tuple(dict.fromkeys(filter(None, islice(_said(need, one, slots, language), PARTS)))) for one in ranked]
    shared = set(said[0]).intersection(*said) if len(said) > 1 else set()
    return "\n".join(
        f"[{number}] {_fitted(_titled(one, language), [part for part in parts if part not in shared])}"
        for number, (one, parts) in enumerate(zip(ranked, said, strict=True), 1)
    )


def _titled(ranked: Ranked, language: Language) -> str:
    return printed(title_in(language, ranked.candidate.product), TITLE) or _ITEM[language]


def _said(need: Need, ranked: Ranked, slots: Mapping[str, Slot], language: Language) -> Iterator[str]:
    """What is said of one behind its title, the most telling first."""
    product, variant = ranked.candidate.product, ranked.candidate.variant
    title = title_in(language, product).casefold()
    if missed := say.join(language, (say.wish_words(language, wish) for wish in ranked.candidate.missed)):
        yield f"{_MISSES[language]} {printed(missed, 2 * VALUE)}"
    facts = product.facts(variant)
    yield from (say.fact_value(language, fact).replace(".00 ", " ") for fact in facts if fact.slot == "price")
    for wish in need.wishes:
        if isinstance(wish.what, Text) and mention(product, wish.what.words):
            yield f"{_SAYS[language]} {printed(wish.what.words, VALUE)}"
    yield from (_fact(fact, slots, language) for fact in ranked.evidence if fact.slot not in _TOLD)
    if product.rating is not None:
        yield f"{_RATED[language]} {product.rating:g}"
    if product.brand and product.brand.casefold() not in title:
        yield printed(product.brand, VALUE)
    told = {*_TOLD, *(fact.slot for fact in ranked.evidence)}
    for fact in facts:
        if fact.slot not in told and _usual(slots.get(fact.slot), product.kind) and not _in_title(fact, title):
            yield _fact(fact, slots, language)


def _usual(slot: Slot | None, kind: str | None) -> bool:
    """A property known by more than its header, that most things of this kind state."""
    if slot is None or not slot.concept or not slot.informable:
        return False
    stats = slot.by_kind.get(kind) if kind else None
    return (stats.coverage if stats else slot.coverage) >= USUAL


def _in_title(fact: Fact, title: str) -> bool:
    """Does the title say it already? "8 GB" of "Laptop, 8GB"."""
    return (fact.text or str(fact.value)).replace(" ", "").casefold() in title.replace(" ", "")


def _fact(fact: Fact, slots: Mapping[str, Slot], language: Language) -> str:
    name = printed(say.slot_name(language, slots.get(fact.slot, fact.slot)), VALUE)
    return f"{name} {printed(say.fact_value(language, fact), VALUE)}".strip()


def _fitted(title: str, parts: Sequence[str]) -> str:
    """The title and as many of the parts as the line holds."""
    line = title
    for part in parts:
        longer = f"{line}; {part}"
        if len(longer.encode()) <= LINE:
            line = longer
    return line
