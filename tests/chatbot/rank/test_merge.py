"""One order from two: what the model may decide, what it may not, and when a place is certain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Constraint, Fact, Order, Product, Variant
from chatbot.rank.answer import Pick
from chatbot.rank.merge import NEARLY, is_fixed, merged, room_of
from chatbot.types import Need, Ranked, Wish
from retrieval.types import Candidate

ANY = Need(1, "kettle")
CHEAPEST = Need(1, "kettle", (Wish("w1", 1, Order("price", "asc"), True, 1),))
STEEL, BUDGET = Constraint.parse("material = steel"), Constraint.parse("price <= 20")


def ranked(score: float, *missed: Constraint, gone: bool = False) -> Ranked:
    variant = Variant("v", stock=0 if gone else 3)
    return Ranked(Candidate(Product("p", "Kettle", (variant,)), variant, score, missed=missed), "", (), "embedded")


def order(need: Need, offered: list[Ranked], *numbers: int) -> list[int]:
    places = {id(one): place for place, one in enumerate(offered, 1)}
    return [places[id(one)] for one, _ in merged(offered, map(Pick, numbers), is_fixed(need, offered), room_of(need))]


def distinct(*scores: float) -> list[Ranked]:
    return [ranked(score) for score in scores]


def test_among_equals_the_model_decides_and_the_rest_follows() -> None:
    assert order(ANY, distinct(0.9, 0.89, 0.88, 0.87), 3, 2) == [3, 2, 1, 4]


def test_a_pick_far_behind_waits_for_those_before_it() -> None:
    assert order(ANY, distinct(0.9, 0.88, 0.5, 0.4), 3, 2) == [2, 1, 3, 4]


def test_without_scores_the_model_is_free() -> None:
    assert order(ANY, distinct(0, 0, 0), 3, 2) == [3, 2, 1]


def test_fewer_misses_come_first() -> None:
    offered = [ranked(0.9, STEEL), ranked(0.89), ranked(0.88, STEEL, STEEL)]
    assert order(ANY, offered, 3, 2) == [2, 1, 3]
    assert order(ANY, [ranked(0.9), ranked(0.95, STEEL)], 2, 1) == [1, 2]


def test_what_is_gone_comes_last() -> None:
    assert order(ANY, [ranked(0.5), ranked(0.49), ranked(0.9, gone=True)], 3, 2) == [2, 1, 3]


def test_of_what_holds_enough_the_nearest_comes_first() -> None:
    sofa = Need(1, "sofa", (Wish("w1", 1, Constraint.parse("seats >= 3"), True, 1),))
    offered = [replace(ranked(0.9), evidence=(Fact("seats", seats),)) for seats in (3.0, 3.0, 4.0)]
    assert order(sofa, offered, 3, 2) == [2, 1, 3]
    assert order(ANY, offered, 3, 2) == [3, 2, 1]


def test_a_wished_order_stays() -> None:
    assert is_fixed(CHEAPEST, [])
    assert not is_fixed(ANY, [ranked(0.9, STEEL)])
    assert order(CHEAPEST, distinct(0.1, 0.9, 0.8), 3, 1) == [1, 2, 3]
    assert [pick for _, pick in merged(distinct(0.1, 0.9, 0.8), map(Pick, (3, 1)), fixed=True)] == [
        Pick(1), None, Pick(3),
    ]  # fmt: skip


def test_near_misses_of_a_bound_stand_nearest_first() -> None:
    assert is_fixed(ANY, [ranked(0.9), ranked(0.8, BUDGET)])


def test_a_place_is_given_as_soon_as_it_is_certain() -> None:
    offered, read = distinct(0.9, 0.88, 0.3), list[int]()

    def picks() -> Iterator[Pick]:
        for number in (2, 3, 1):
            read.append(number)
            yield Pick(number)

    places = merged(offered, picks())
    assert (next(places)[0], list(read)) == (offered[1], [2])
    assert (next(places)[0], list(read)) == (offered[0], [2, 3, 1])
    assert (next(places)[0], list(read)) == (offered[2], [2, 3, 1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.data())
def test_all_are_kept_once_and_none_leads_far_behind_the_best(scores: list[float], data: st.DataObject) -> None:
    offered = distinct(*sorted(scores, reverse=True))
    numbers = data.draw(st.lists(st.integers(1, len(offered)), unique=True))
    made = list(merged(offered, map(Pick, numbers)))
    assert sorted(id(one) for one, _ in made) == sorted(map(id, offered))
    assert {pick.number for _, pick in made if pick} == set(numbers)
    assert all(pick is None or offered[pick.number - 1] is one for one, pick in made)
    left = [one.candidate.score for one, _ in made]
    assert all(score >= NEARLY * max(left[place:]) for place, score in enumerate(left))
