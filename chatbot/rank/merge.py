"""Two orders made one: a model's picks as they arrive, held to what recall knows of the candidates.

A model's pick takes the next place when it is nearly as good as the best that is left by recall's own score, else it
waits: a good model keeps nearly all of its gain, one that talks at random does little harm (bench/rank.py has the
figures). Where an order was wished, or near misses stand nearest first, that order stays and picks only bring reasons;
of what holds enough (a tent for four) the nearest stays before the roomier.

Knows nothing of prompts or of how picks are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog.lexicon import Lexicon
from catalog.types import Constraint, Op, Order
from chatbot.rank.answer import Pick
from chatbot.types import Need, Ranked

NEARLY = 0.85
"""The share of the best score left from which on a pick may take the next place."""


def merged(
    ranked: Sequence[Ranked], picks: Iterable[Pick], fixed: bool = False, room: str | None = None
) -> Iterator[tuple[Ranked, Pick | None]]:
    """All of `ranked` (numbered from 1 by the picks), each with its pick if it has one, as soon as its place is certain.

    `fixed`: the order is not the picks' to change. `room`: the slot by which the nearest come first, if one does.
    """
    left = dict(enumerate(ranked, 1))
    waiting: dict[int, Pick] = {}
    for pick in picks:
        waiting[pick.number] = pick
        while (number := _next(left, waiting, fixed, room)) is not None:
            yield left.pop(number), waiting.pop(number)
    while left:
        number = _next(left, waiting, fixed, room) or next(iter(left))
        yield left.pop(number), waiting.pop(number, None)


def is_fixed(need: Need, ranked: Sequence[Ranked]) -> bool:
    """Is the order not the model's to change: one was wished, or these miss a bound and stand nearest first?"""
    wished = any(isinstance(wish.what, Order) for wish in need.wishes)
    return wished or any(wish.op.bound for one in ranked for wish in one.candidate.missed)


def room_of(need: Need) -> str | None:
    """The slot that tells how many a thing holds, where at least so many are wished."""
    wishes = (wish.what for wish in need.wishes if isinstance(wish.what, Constraint) and wish.hard)
    held = (wish.slot for wish in wishes if wish.op in (Op.GE, Op.GT))
    return next(filter(Lexicon.default().holds, held), None)


def _next(left: Mapping[int, Ranked], waiting: Iterable[int], fixed: bool, room: str | None) -> int | None:
    """The pick that takes the next place: the earliest that may."""
    if not left:
        return None
    top = next(iter(left))
    return next((n for n in waiting if n == top or (not fixed and _may_lead(left[n], left.values(), room))), None)


def _may_lead(one: Ranked, left: Iterable[Ranked], room: str | None) -> bool:
    """Does it miss no more wishes than any that is left, can it be bought if any can, and does it score nearly as well?"""
    others = list(left)
    mine, least = _burden(one, room), min(_burden(other, room) for other in others)
    best = max(other.candidate.score for other in others if _burden(other, room) == least)
    return mine <= least and one.candidate.score >= NEARLY * best


def _burden(one: Ranked, room: str | None) -> tuple[bool, int, float]:
    candidate = one.candidate
    held = next((fact.value for fact in one.evidence if fact.slot == room and isinstance(fact.value, float)), 0.0)
    return candidate.product.sold_out(candidate.variant), len(candidate.missed), held
