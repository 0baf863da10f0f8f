"""Next-item recommendation by a language model: what a customer took so far and numbered candidates -> their order.

    ranking = LLMRecommender(llm, "recency", rounds=3).rank(history, candidates)

Zero-shot: nothing is trained. The three ways of asking and the remedy against order bias (ask again with the candidates
shuffled, add up the places) are those of Hou et al., 2023, "Large Language Models are Zero-Shot Rankers for Recommender
Systems" (arXiv:2305.08845); the words are ours (prompts/recommend*.toml). Offline: a round takes a model seconds. Knows
titles only: no items, no shop, no persons.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal, get_args

import prompts
from chatbot.prompting import printed
from chatbot.rank.answer import picks
from errors import LLMBadOutput
from llm.types import LLM, Call
from prompts.types import Rendered

Style = Literal["sequential", "recency", "in_context"]
"""How the history is told: as it is; with the last item named once more; with the last step as a worked example."""

STYLES: tuple[Style, ...] = get_args(Style)
HISTORY = 20  # the latest items that are told; a longer prompt costs time, and older taste says less of the next step
_LONGEST_TITLE = 100  # bytes


@dataclass(frozen=True, slots=True)
class Round:
    """One asking. `listed`: the candidates, by place, in the order they were listed in; `answered`: those that the
    model numbered, best first."""

    listed: tuple[int, ...]
    answered: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates by their place in the list that was given, best first, and the rounds that this came from."""

    order: tuple[int, ...]
    rounds: tuple[Round, ...]


class LLMRecommender:
    """Orders candidates by a model. `rounds`: how often each order is asked for, each time with the candidates shuffled
    anew (the same seed shuffles the same way); `goods`: what the candidates are ("films")."""

    def __init__(
        self, llm: LLM, style: Style = "recency", rounds: int = 1, goods: str = "products", seed: int = 0
    ) -> None:
        self._llm = llm
        self._style = style
        self._rounds = rounds
        self._goods = goods
        self._seed = seed

    def rank(self, history: Sequence[str], candidates: Sequence[str], call: Call | None = None) -> Ranking:
        """The candidates by how likely the customer takes each next. `history`: titles, the oldest first, at least one.

        LLMUnavailable from the model; LLMBadOutput when no round numbered a single candidate.
        """
        rounds = []
        for number in range(self._rounds):
            listed = list(range(len(candidates)))
            random.Random(f"{self._seed} {number} {history[-1]}").shuffle(listed)  # noqa: S311 - no secret
            rendered = self.rendered(history, [candidates[place] for place in listed])
            numbered = _numbers(self._llm, rendered, len(listed), call or Call())
            rounds.append(Round(tuple(listed), tuple(listed[n - 1] for n in numbered)))
        if not any(asked.answered for asked in rounds):
            raise LLMBadOutput("the model numbered none of the candidates")
        return Ranking(_together(rounds), tuple(rounds))

    def rendered(self, history: Sequence[str], candidates: Sequence[str]) -> Rendered:
        """What is asked, with the candidates listed in this order."""
        told = [as_told(title) for title in history[-HISTORY:]]
        listed = "\n".join(f"[{n}] {as_told(title)}" for n, title in enumerate(candidates, 1))
        if self._style == "sequential":
            return prompts.load("recommend").render(goods=self._goods, history=_lines_of(told), candidates=listed)
        example = self._style == "in_context" and len(told) > 1  # of a single step nothing can be shown
        prompt = prompts.load("recommend_in_context" if example else "recommend_recency")
        history = _lines_of(told[:-1] if example else told)
        return prompt.render(goods=self._goods, history=history, last=told[-1], candidates=listed)


def as_told(title: str) -> str:
    """A title as it stands in a prompt."""
    return printed(title, _LONGEST_TITLE)


def _numbers(llm: LLM, rendered: Rendered, offered: int, call: Call) -> Iterator[int]:
    """The numbers that the answer names, each once, read no further than needed."""
    with closing(llm.stream(rendered, call)) as pieces:
        found = picks(chain(pieces, "\n"), offered)
        yield from (pick.number for pick in islice(found, offered))


def _together(rounds: Sequence[Round]) -> tuple[int, ...]:
    """The candidates by their places summed over the rounds (Borda's count); of equals the one that was given first.

    The candidates that a round leaves out share the places that are left there.
    """
    total = len(rounds[0].listed)
    sums = [0.0] * total
    for asked in rounds:
        shared = (len(asked.answered) + total - 1) / 2
        placed = {place: float(rank) for rank, place in enumerate(asked.answered)}
        for place in range(total):
            sums[place] += placed.get(place, shared)
    return tuple(sorted(range(total), key=lambda place: (sums[place], place)))


def _lines_of(titles: Sequence[str]) -> str:
    return "\n".join(f"- {title}" for title in titles)
