"""Models without a server, to see whether bench/recommend.py measures what it should: each reads the numbered candidates
from the prompt and writes numbers. What Knowing and Leaning know is told them; nothing of this is a recommender.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator, Sequence

from llm.types import Call
from prompts.types import Rendered

_CANDIDATE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_LEAN = 8.0  # places that the answer is worth to Leaning
_UNSURE = 4.0  # places by which its judgement wavers


class Ordering:
    """Writes the listed titles' numbers in the order that a function of (titles, prompt) puts their places in."""

    def __init__(self, order: Callable[[Sequence[str], str], Sequence[int]]) -> None:
        self._order = order

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        words = rendered.messages[-1].content
        for place in self._order([title for _, title in _CANDIDATE.findall(words)], words):
            yield f"[{place + 1}]\n"


def knowing(target: str) -> Ordering:
    """Names the right title first."""
    return Ordering(lambda titles, _: sorted(range(len(titles)), key=lambda n: titles[n] != target))


def guessing(seed: str) -> Ordering:
    """Any order, another for every prompt."""
    return Ordering(lambda titles, words: random.Random(seed + words).sample(range(len(titles)), len(titles)))


def repeating() -> Ordering:
    """The order it was shown."""
    return Ordering(lambda titles, _: range(len(titles)))


def leaning(target: str, seed: str) -> Ordering:
    """Knows a little, wavers, and prefers what stands at the top of the list: what asking again and again should mend."""

    def order(titles: Sequence[str], words: str) -> Sequence[int]:
        waver = random.Random(seed + words)
        places = [n - _LEAN * (title == target) + waver.gauss(0, _UNSURE) for n, title in enumerate(titles)]
        return sorted(range(len(titles)), key=places.__getitem__)

    return Ordering(order)
