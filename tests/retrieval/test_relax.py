"""What is given up, worked out by hand on little worlds: sets of items named by what they meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Constraint
from retrieval.relax import Mask, alone, dearness, overshoot, relax

PRICE, BRAND, COLOUR, KIND, WEIGHT, NOT_HP = map(
    Constraint.parse, ("price <= 30", "brand = Acme", "colour = red", "category = mouse", "weight <= 90", "brand != HP")
)


def given_up(items: Sequence[set[Constraint]], *hard: Constraint, gap: float = 1.0) -> tuple[Constraint, ...] | None:
    """What relax gives up among items that meet these sets of constraints; numbers are missed by `gap`."""

    def match(constraints: Sequence[Constraint]) -> Mask:
        return np.array([set(constraints) <= met for met in items], np.bool_)

    def missed(constraint: Constraint, _: Mask) -> float:
        return gap if constraint in (PRICE, WEIGHT) else 1.0

    found = relax(hard, match, missed)
    return found[0] if found else None


def test_the_stated_order() -> None:
    costs = [dearness(c) for c in (COLOUR, WEIGHT, BRAND, PRICE, NOT_HP)]
    assert costs == sorted(costs, key=lambda cost: cost or 0.0)
    assert dearness(KIND) is None


def test_the_least_dear_goes_first() -> None:
    items = [{PRICE, BRAND}, {BRAND, COLOUR}, {PRICE, COLOUR}]
    assert given_up(items, PRICE, BRAND, COLOUR) == (COLOUR,)
    assert given_up(items[1:], PRICE, BRAND, COLOUR) == (BRAND,)


def test_a_near_price_is_loosened_before_an_attribute_is_dropped() -> None:
    items = [{PRICE, BRAND}, {BRAND, COLOUR}]
    assert given_up(items, PRICE, BRAND, COLOUR, gap=0.1) == (PRICE,)


def test_one_rather_than_two_even_if_dear() -> None:
    assert given_up([{PRICE}, {BRAND, COLOUR}], PRICE, BRAND, COLOUR) == (PRICE,)
    assert given_up([{PRICE}], PRICE, BRAND, COLOUR) == (BRAND, COLOUR)


def test_the_kind_stays() -> None:
    assert given_up([{PRICE}], KIND) is None
    assert given_up([{PRICE}], KIND, PRICE) is None
    assert given_up([{KIND}], KIND, PRICE) == (PRICE,)


def test_the_older_of_equals_goes() -> None:
    shape = Constraint.parse("shape = round")
    assert given_up([{shape}, {COLOUR}], COLOUR, shape) == (COLOUR,)
    assert given_up([{shape}, {COLOUR}], shape, COLOUR) == (shape,)


@pytest.mark.parametrize(
    ("constraint", "span", "gap"),
    [
        ("price <= 100", (110, 900), 0.2),
        ("price <= 100", (200, 900), 1.0),
        ("price <= 100", (50, 900), 0.0),
        ("price <= 100", None, 1.0),
        ("memory >= 16", (2, 12), 0.5),
        ("memory = 16", (20, 32), 0.5),
        ("memory = 16", (2, 12), 0.5),
        ("brand = Acme", (1, 2), 1.0),
    ],
)
def test_overshoot(constraint: str, span: tuple[float, float] | None, gap: float) -> None:
    assert overshoot(Constraint.parse(constraint), span) == pytest.approx(gap)


ALL = (PRICE, BRAND, COLOUR, KIND, WEIGHT, NOT_HP)


@given(st.lists(st.sets(st.sampled_from(ALL)), max_size=6), st.lists(st.sampled_from(ALL), unique=True, max_size=6))
def test_what_is_left_is_something_and_the_smallest_sets_are_tried_first(
    items: list[set[Constraint]], hard: list[Constraint]
) -> None:
    found = given_up(items, *hard)
    if found is None:
        return
    kept = {c for c in hard if c not in found}
    assert any(kept <= met for met in items)
    assert KIND not in found
    for size in range(1, len(found)):
        smaller = [set(hard) - met for met in items if len(set(hard) - met) == size]
        assert all(KIND in missing for missing in smaller)


def test_each_that_would_do_alone_the_cheapest_first_and_never_a_kind_or_a_refusal() -> None:
    items = [{KIND, NOT_HP, PRICE, BRAND}, {KIND, NOT_HP, BRAND, COLOUR}, {NOT_HP, PRICE, BRAND, COLOUR}]
    items += [{KIND, PRICE, BRAND, COLOUR}]

    def match(constraints: Sequence[Constraint]) -> Mask:
        return np.array([set(constraints) <= met for met in items], np.bool_)

    found = alone((KIND, NOT_HP, PRICE, BRAND, COLOUR), match, lambda constraint, mask: 1.0)
    assert [(c, mask.tolist()) for c, mask in found] == [
        (COLOUR, [True, False, False, False]),
        (PRICE, [False, True, False, False]),
    ]
