"""Words that run together in titles: a series with the figure behind it ("途安 L280TSI"), two codes ("280TSIDSG").

Told by the shop's own words only: the product's own series, or a word that stands by itself elsewhere before an ending that
several such tokens share. A search for one of the two words finds nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from catalog.doctor.finding import Finding, found, listed, many
from catalog.doctor.survey import Survey, example

_TOKEN = re.compile(r"[A-Za-z0-9.]+")
_ALONE = 2  # titles in which a word must stand by itself
_WORD = 4  # its characters
_ENDING = 3  # letters of an ending that glued tokens share
_SHARED = 3  # different words before it
_WORTH = 0.05  # share of a shop's titles: a few long tokens are part numbers


def glued_titles(survey: Survey) -> Iterator[Finding]:
    """Titles in which known words run together."""
    tokens = {product.id: _TOKEN.findall(product.title) for product in survey.products}
    parted = _by_ending(Counter(token for found_tokens in tokens.values() for token in set(found_tokens)))
    hits = {id: parted[token] for id, found_tokens in tokens.items() for token in found_tokens if token in parted}
    hits |= dict(_by_series(survey))
    if len(hits) >= max(2, _WORTH * len(survey)):
        named = listed(f"“{''.join(parts)}” is {' '.join(parts)}" for parts in dict.fromkeys(hits.values()))
        yield found(
            "words run together",
            f"{many(len(hits))} have titles whose words run together: {named}",
            "put a blank between them: whoever types one of the two words does not find the title",
            harm=0.35,
            count=len(hits),
            of=len(survey),
            examples=(example(p) for p in survey.products if p.id in hits),
            slot="title",
        )


def _by_series(survey: Survey) -> Iterator[tuple[str, tuple[str, str]]]:
    """Titles in which a figure follows the product's own series without a blank."""
    for slot in survey.by_concept.get("series", ()):
        for filled in survey.filled.get(slot.name, ()):
            for series in (cell for cell in filled.cells if isinstance(cell, str) and cell[-1:].isascii()):
                glued = re.search(rf"({re.escape(series)})(\d[A-Za-z0-9.]*)", filled.product.title)
                if glued and series[-1:].isalpha():
                    yield filled.product.id, (glued[1], glued[2])


def _by_ending(titles: Counter[str]) -> dict[str, tuple[str, str]]:
    """Tokens of one ending of letters behind several codes that stand by themselves: 230TSI DSG, 280TSI DSG."""
    found_endings: defaultdict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for token in titles:
        for at in range(_WORD, len(token) - _ENDING + 1):
            first, last = token[:at], token[at:]
            if titles[first] >= _ALONE and last.isalpha() and first[-1].isalpha() and any(map(str.isdigit, first)):
                found_endings[last][token] = (first, last)
    shared = [tokens for tokens in found_endings.values() if len(tokens) >= _SHARED]
    return {token: parts for tokens in shared for token, parts in tokens.items()}
