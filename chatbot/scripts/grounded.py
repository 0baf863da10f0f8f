"""Is everything a turn states supported by the records it speaks of: numbers, prices, brands, names, facts?

Allowed besides the records: what the shopper said, the ledger, and how many items a search found. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from catalog.types import Constraint, Fact, Product
from chatbot.rank.claim_record import Record, read
from chatbot.rank.claim_words import normal
from chatbot.scripts.types import Seen
from chatbot.types import AgentAct, Suggestion

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；\n])")


def check(seen: Seen) -> str | None:
    """What nothing supports, or None."""
    troubles = [*_reply(seen), *_cards(seen), *_facts(seen)]
    return "; ".join(troubles) or None


def _reply(seen: Seen) -> Iterator[str]:
    """The reply may speak of any item met so far. Answers about the range as a whole rest on no single record."""
    if AgentAct.INFORM in seen.turn.acts and not seen.turn.about:
        return
    spoken_of = [fact for product in seen.known.values() for fact in all_facts(product)]
    yield from _unsupported("the reply", seen.turn.text, _record(seen, spoken_of))


def _cards(seen: Seen) -> Iterator[str]:
    """A card's reason and evidence rest on its own item alone."""
    for suggestion in seen.turn.suggestions:
        facts = all_facts(suggestion.candidate.product)
        yield from _unsupported(f"reason {suggestion.rank}", suggestion.reason, _record(seen, facts))
        yield from _evidence(suggestion, facts)


def _evidence(suggestion: Suggestion, facts: tuple[Fact, ...]) -> Iterator[str]:
    for fact in suggestion.evidence:
        if not _in_record(fact, facts):
            yield f"evidence {suggestion.rank}: {fact.slot} = {fact.value} is not in the record"


def _facts(seen: Seen) -> Iterator[str]:
    for answered in seen.turn.facts:
        product = seen.known.get(answered.item)
        if product is None or not _in_record(answered.fact, all_facts(product)):
            yield f"facts: {answered.fact.slot} = {answered.fact.value} is not in the record of {answered.item}"


def all_facts(product: Product) -> tuple[Fact, ...]:
    """The facts of a product in any of its variants, its whole path of categories, and its description."""
    per_variant = [fact for variant in (None, *product.variants) for fact in product.facts(variant)]
    path = [Fact("category", name) for name in product.category]
    return tuple(dict.fromkeys([*per_variant, *path, Fact("description", product.description)]))


def _in_record(fact: Fact, facts: Iterable[Fact]) -> bool:
    return any(f.slot == fact.slot and f.value == fact.value for f in facts)


def _record(seen: Seen, facts: Iterable[Fact]) -> Record:
    turn = seen.turn
    wishes = [*turn.ledger, *(dropped.wish for dropped in turn.dropped)]
    said = [turn.user, *(wish.text for wish in wishes), *(need.query for need in turn.needs), *map(str, turn.relaxed)]
    counts = {*seen.matched, len(turn.suggestions), len(turn.about), *range(1, len(seen.before.latest) + 1)}
    extra = [Fact("said", " , ".join(said)), *(Fact("count", float(count)) for count in sorted(counts))]
    constraints = [wish.what for wish in wishes if isinstance(wish.what, Constraint)]
    brands = {product.brand for product in seen.known.values() if product.brand}
    return read((*facts, *extra), (*constraints, *turn.relaxed), (), sorted(brands))


def _unsupported(where: str, text: str, record: Record) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        plain = normal(sentence)
        wrong = record.wrong_numbers(sentence, plain) + record.borrowed_names(plain) + record.unknown_names(sentence)
        if wrong:
            yield f"{where}: nothing supports {', '.join(w.strip() for w in wrong)} in {sentence.strip()!r}"
