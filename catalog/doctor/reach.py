"""Products that shoppers' words do not reach: categories that the lexicon does not know, and products of no kind.

A category that no shopper's word bridges to is found by its own name only. Knows no messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from catalog.doctor.finding import Finding, doing, found, listed, many
from catalog.doctor.survey import Survey, example

_KIND = 2  # products of a category before it is one
_WORTH = 0.01  # share of the shop without a kind that is worth telling


def unreached(survey: Survey) -> dict[str, int]:
    """Categories, with their products, that no word of the lexicon means."""
    sizes = Counter(p.kind for p in survey.products if p.kind)
    slot = survey.slots.get("category")
    if slot is None or slot.inferred:
        return {}
    return {kind: n for kind, n in sizes.most_common() if n >= _KIND and not survey.lexicon.kinds_named(kind)}


def unreached_kinds(survey: Survey) -> Iterator[Finding]:
    """Categories that only their own name finds."""
    kinds = unreached(survey)
    if kinds:
        count = sum(kinds.values())
        yield found(
            "kinds out of reach",
            f"{len(kinds):,} {'category' if len(kinds) == 1 else 'categories'} ({many(count)}) can be called by no other word that"
            f" shoppers could say: {listed((f'“{kind}” {n:,}' for kind, n in kinds.items()), 5)}",
            "give them words under [synonyms] and [umbrella]: `aisle inspect --propose FILE` writes what to fill in",
            harm=0.4,
            count=count,
            of=len(survey),
            examples=(next(example(p, f"{kind} ({p.title})") for p in survey.by_kind[kind]) for kind in kinds),
            slot="category",
        )


def no_kind(survey: Survey) -> Iterator[Finding]:
    """Products that are of no kind: a wish for any kind leaves them out."""
    if "category" not in survey.slots:
        return
    without = [p for p in survey.products if not p.kind]
    if len(without) >= max(1, _WORTH * len(survey)):
        slot = survey.slots["category"]
        yield found(
            "no kind",
            f"Nothing tells what {doing(len(without), 'is', 'are')}"
            + (" (this feed has no category column; kinds are read from titles)" if slot.inferred else ""),
            "fill a category column (product_type), or say it with [kind_of] in the shop's words: every wish names a kind",
            harm=0.6,
            count=len(without),
            of=len(survey),
            examples=(example(p) for p in without),
            slot="category",
        )
