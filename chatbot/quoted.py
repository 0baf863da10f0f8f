"""An answer quoted from the shop's questions and answers: the value only. Knows nothing of how it was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answer out of the shop's own questions and answers, word for word, with the place it stands in.

    `item`: the product it is about; "" for the shop as a whole. `score`: in [0, 1], how well it fits what was asked.
    """

    question: str
    answer: str
    source: str
    url: str | None = None
    item: str = ""
    score: float = 1.0
