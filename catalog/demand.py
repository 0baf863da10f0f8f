"""What shoppers speak of: how often each property (lexicon/demand.toml), and what they ask of a kind (expected.toml).

Counted in recorded product searches and written by hand, for any shop. Knows no catalogue.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

from catalog.lexicon import FOLDER, Lexicon


def share(concept: str | None) -> float:
    """The share of product searches in which the concept is spoken of; a small one for what is not listed."""
    rest, shares = _counted()
    return shares.get(concept or "", rest)


def is_counted(concept: str | None) -> bool:
    """Was it spoken of often enough to be listed?"""
    return (concept or "") in _counted()[1]


def usual() -> float:
    """The mean share of the concepts that are listed."""
    shares = _counted()[1].values()
    return sum(shares) / len(shares)


def most() -> float:
    """The share of the concept that is spoken of most."""
    return max(_counted()[1].values())


@cache
def asked_of(kind: str) -> frozenset[str]:
    """The concepts that shoppers ask of a kind of product, or of what it is under."""
    lexicon = Lexicon.default()
    names = {kind, *(n for found in lexicon.kinds_named(kind) for n in (found.name, *lexicon.wider(found.name)))}
    return frozenset(concept for name in names for concept in expected().get(name, ()))


@cache
def expected() -> Mapping[str, Sequence[str]]:
    """Kind or umbrella word -> the concepts that are worth a column."""
    return tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


@cache
def _counted() -> tuple[float, Mapping[str, float]]:
    document = tomllib.loads((FOLDER / "demand.toml").read_text(encoding="utf-8"))
    return float(document["rest"]), {str(name): float(share) for name, share in document["concepts"].items()}
