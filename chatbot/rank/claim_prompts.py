"""What a model was told is nothing to tell: finds stretches of our own prompts in what it says.

Knows nothing of items.
"""

from __future__ import annotations

from functools import cache

import prompts
from chatbot.rank.claim_words import normal

_STRETCH = 5  # words in a row; four are common to any two texts about shopping


def recited(clause: str) -> list[str]:
    """Stretches of a normal clause that stand in the rules of a prompt, word for word."""
    return [" ".join(stretch) for stretch in _stretches(clause) if stretch in _rules()]


def _stretches(text: str) -> list[tuple[str, ...]]:
    words = text.split()
    return [tuple(words[start : start + _STRETCH]) for start in range(len(words) - _STRETCH + 1)]


@cache
def _rules() -> frozenset[tuple[str, ...]]:
    systems = [prompts.load(name).system for name in prompts.names()]
    return frozenset(stretch for system in systems for stretch in _stretches(normal(system)))
