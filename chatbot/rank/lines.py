"""Candidates as a model reads them: one short numbered line each, of what tells them apart.

Text of the catalogue is cleaned of what could speak to a model and capped; ids and links never appear. Knows nothing
of prompts or of the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from catalog.types import Fact, Product, Slot
from chatbot import say
from chatbot.answers import mention
from chatbot.prompting import printed, tokens_in, within
from chatbot.titles import title_in
from chatbot.types import Language, Need, Ranked, Text
from retrieval.words import content_runs

LINE = 21
"""Tokens of a line, estimated; what does not fit any more is left out."""
TITLE = (8, 13)
"""Tokens of a title: where much is to be said of the wishes, and at most."""
NAME = 80
VALUE = 24
"""Bytes that are read of a title and of a value."""
PARTS = 12
USUAL = 0.5
_ITEM: Mapping[Language, str] = {"en": "item", "zh": "商品"}
_MISSES: Mapping[Language, str] = {"en": "misses", "zh": "不符"}
_SAYS: Mapping[Language, str] = {"en": "says", "zh": "提到"}
_RATED: Mapping[Language, str] = {"en": "rated", "zh": "评分"}
_TOLD = ("price", "rating", "brand", "title", "category", "availability")


def candidate_lines(need: Need, ranked: Sequence[Ranked], slots: Mapping[str, Slot], language: Language) -> str:
    """A line for each, numbered from 1: "[1] Pebble Mouse; weight 95 g; 24.90 USD; rated 4.5; Logira".

    The title, what it misses of the wishes, what its record says to each, the price, rating, brand where the title does
    not name it, and what else there is room for. What all have in common is left out: it tells nothing apart.
    """
    facts = [one.candidate.product.facts(one.candidate.variant) for one in ranked]
    asked = [tuple(_asked(need, one, own, slots, language)) for one, own in zip(ranked, facts, strict=True)]
    beside = [
        tuple(filter(None, islice(_beside(one, own, slots, language), PARTS)))
        for one, own in zip(ranked, facts, strict=True)
    ]
    said = [(*first, *then) for first, then in zip(asked, beside, strict=True)]
    shared = set(said[0]).intersection(*said) if len(said) > 1 else set()

    def line(number: int) -> str:
        first, then = ([p for p in parts[number] if p not in shared] for parts in (asked, beside))
        title = printed(title_in(language, ranked[number].candidate.product), NAME) or _ITEM[language]
        return f"[{number + 1}] {_fitted(title, first, then)}"

    return "\n".join(map(line, range(len(ranked))))


def _asked(
    need: Need, ranked: Ranked, facts: Sequence[Fact], slots: Mapping[str, Slot], language: Language
) -> Iterator[str]:
    """What is said of one in the light of the wishes, and its price."""
    product = ranked.candidate.product
    if missed := say.join(language, (say.wish_words(language, wish) for wish in ranked.candidate.missed)):
        yield f"{_MISSES[language]} {printed(missed, 2 * VALUE)}"
    for wish in need.wishes:
        if isinstance(wish.what, Text) and _holds(product, wish.what.words):
            yield f"{_SAYS[language]} {printed(wish.what.words, VALUE)}"
    yield from (_fact(fact, slots, language) for fact in ranked.evidence if fact.slot not in _TOLD)
    prices = (fact for fact in facts if fact.slot == "price")
    yield from (say.recorded(language, fact).replace(".00 ", " ") for fact in prices)


def _beside(ranked: Ranked, facts: Sequence[Fact], slots: Mapping[str, Slot], language: Language) -> Iterator[str]:
    """What else its record says, the most telling first."""
    product = ranked.candidate.product
    title = title_in(language, product).casefold()
    written = title.replace(" ", "")
    if product.rating is not None:
        yield f"{_RATED[language]} {product.rating:g}"
    if product.brand and product.brand.casefold() not in title:
        yield printed(product.brand, VALUE)
    told = {*_TOLD, *(fact.slot for fact in ranked.evidence)}
    for fact in facts:
        if fact.slot not in told and _usual(slots.get(fact.slot), product.kind) and not _in_title(fact, written):
            yield _fact(fact, slots, language)


def _holds(product: Product, words: str) -> bool:
    """Is there a sentence in the record with every one of these words?"""
    text = f"{product.title} {product.description}".casefold()
    return all(word in text for word in content_runs(words)) and mention(product, words) is not None


def _usual(slot: Slot | None, kind: str | None) -> bool:
    """A property known by more than its header, that most things of this kind state."""
    if slot is None or not slot.concept or not slot.informable:
        return False
    stats = slot.by_kind.get(kind) if kind else None
    return (stats.coverage if stats else slot.coverage) >= USUAL


def _in_title(fact: Fact, written: str) -> bool:
    """Does the title, `written` without blanks, say it already? "8 GB" of "Laptop, 8GB"."""
    return (fact.text or str(fact.value)).replace(" ", "").casefold() in written


def _fact(fact: Fact, slots: Mapping[str, Slot], language: Language) -> str:
    name = printed(say.slot_name(language, slots.get(fact.slot, fact.slot)), VALUE)
    return f"{name} {printed(say.recorded(language, fact), VALUE)}".strip()


def _fitted(title: str, asked: Sequence[str], beside: Sequence[str]) -> str:
    """The title, cut as far as what is asked needs the room, and as many of the parts as the line holds."""
    least, most = TITLE
    line = within(title, max(least, min(most, LINE - sum(tokens_in(part) + 1 for part in asked))))
    left = LINE - tokens_in(line)
    for part in (*asked, *beside):
        cost = tokens_in(part) + 1
        if cost <= left:
            line, left = f"{line}; {part}", left - cost
    return line
