"""Bounds in our own wording: what limits, what is exact, what is money, and what later words correct."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.track.bounds import find_bounds
from chatbot.track.normal import Message
from chatbot.track.spans import BoundSpan

Ends = tuple[float | None, float | None]


def bounds(text: str) -> tuple[BoundSpan, ...]:
    return find_bounds(Message.read(text))


def ends(text: str) -> list[Ends]:
    return [(b.low, b.high) for b in bounds(text)]


@pytest.mark.parametrize(
    ("text", "high"),
    [
        ("45 bucks tops", 45),
        ("a blender under a grand", 1000),
        ("no more than 35 euros", 35),
        ("nothing over 80", 80),
        ("i don't want to pay more than 90", 90),
        ("it mustn't cost more than 130", 130),
        ("max 75", 75),
        ("maximum of 75 dollars", 75),
        ("550 max", 550),
        ("for fifty dollars or less", 50),
        ("500 or under", 500),
        ("budget 1800", 1800),
        ("my budget is about to be capped at 900", 900),
        ("i have 250 dollars to spend", 250),
        ("i can spend up to 60", 60),
        ("two hundred bucks is my limit", 200),
        ("what could i get for 150?", 150),
        ("a kettle for 20 dollars", 20),
        ("1.2 kilos at most", 1.2),
        ("六千以内", 6000),
        ("不超过800块", 800),
        ("别超过两千", 2000),
        ("最多三百元", 300),
        ("预算4500", 4500),
        ("30万以下的", 300000),
    ],
)
def test_upper_limits(text: str, high: float) -> None:
    assert ends(text) == [(None, high)]


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("at least 43 inches", 43),
        ("27 inch or up", 27),
        ("3 stars or better", 3),
        ("not under 8gb", 8),
        ("more than 10 hours of battery", 10),
        ("minimum 32 gb", 32),
        ("200 or more", 200),
        ("55+", 55),
        ("至少32G", 32),
        ("评分4以上", 4),
        ("10万起", 100000),
        ("不低于16G", 16),
    ],
)
def test_lower_limits(text: str, low: float) -> None:
    assert ends(text) == [(low, None)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("200 to 450 dollars", 200, 450),
        ("between 150 and 250", 150, 250),
        ("$35-$60", 35, 60),
        ("from 400 up to 650", 400, 650),
        ("3 to 4k", 3000, 4000),
        ("500 to 1k", 500, 1000),
        ("6千到9千", 6000, 9000),
        ("12到16万", 120000, 160000),
        ("四千到六千之间", 4000, 6000),
        ("五六千的", 5000, 6000),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    assert ends(text) == [(low, high)]
    assert bounds(text)[0].cue == "range"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("32 gigs of memory", 32, "gigs"),
        ('a 13.3" display', 13.3, '"'),
        ("32G的", 32, "g"),
        ("3 metres of cable", 3, "metres"),
        ("a 43-inch screen", 43, "inch"),
        ("5座的", 5, "座"),
        ("one terabyte", 1, "terabyte"),
    ],
)
def test_quantities_are_exact_and_no_money(text: str, value: float, unit: str) -> None:
    (found,) = bounds(text)
    assert (found.low, found.high, found.unit, found.money, found.exact) == (value, value, unit, False, True)


@pytest.mark.parametrize(
    ("text", "money", "currency"),
    [
        ("under $80", True, "USD"),
        ("less than 40 quid", True, "GBP"),
        ("under 70 euros", True, "EUR"),
        ("低于500元", True, None),
        ("the price below 600", True, None),
        ("under 600", None, None),
        ("under 6 kg", False, None),
        ("under 5 pounds", None, "GBP"),
    ],
)
def test_money_is_told_only_by_words(text: str, money: bool | None, currency: str | None) -> None:
    (found,) = bounds(text)
    assert (found.money, found.currency) == (money, currency)


@pytest.mark.parametrize("text", ["around 70 bucks", "about 70 dollars", "70 dollars or so", "70ish", "七十块左右"])
def test_about(text: str) -> None:
    (found,) = bounds(text)
    assert (found.low, found.high, found.approximate, found.cue) == (70, 70, True, "about")


@pytest.mark.parametrize("text", ["under 90", "below 90", "less than 90"])
def test_strict_words(text: str) -> None:
    assert bounds(text)[0].high_strict


def test_a_grand_is_as_strict_as_a_number() -> None:
    assert bounds("under a grand")[0].high_strict
    assert not bounds("up to a grand")[0].high_strict


@pytest.mark.parametrize(
    "text", ["make it 700", "raise it to 700", "change the budget to 700", "let's say 700", "预算提高到700", "改成700"]
)
def test_replacing_words(text: str) -> None:
    (found,) = bounds(text)
    assert (found.low, found.high, found.cue, found.replaces) == (None, 700, "set", True)


def test_a_replaced_quantity_is_exact() -> None:
    (found,) = bounds("make it 27 inch")
    assert (found.low, found.high, found.replaces) == (27, 27, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 pounds or so... i mean 30 dollars max", [(None, 30)]),
        ("under 400, sorry, 450", [(None, 450)]),
        ("at least 8 gb, no wait, 16", [(16, None)]),
        ("at least a quarter... at least half a terabyte, 512 gb", [(0.5, None)]),
        ("32 inch, under 300", [(32, 32), (None, 300)]),
    ],
)
def test_the_later_reading_wins(text: str, expected: list[Ends]) -> None:
    assert ends(text) == expected


def test_alternatives_share_a_unit() -> None:
    assert [(b.low, b.unit) for b in bounds("16 or 32 gb")] == [(16, "gb"), (32, "gb")]


@pytest.mark.parametrize(
    "text",
    [
        "the Anker MX2000",
        "an i9",
        "RTX3060Ti 显卡",
        "iPhone 13",
        "the Canon 5400",
        "FRITZ!Box 7590 AX",
        "a 4k monitor",
        "the first 3",
        "option 2",
        "三星电视",
        "这两个",
        "第三款",
        "windows 10",
    ],
)
def test_numbers_in_names_bound_nothing(text: str) -> None:
    assert bounds(text) == ()


@given(st.integers(2, 5000), st.sampled_from(["under {} dollars", "{} dollars max", "不超过{}元", "{}块以内"]))
def test_any_amount_is_limited(amount: int, wording: str) -> None:
    (found,) = bounds(wording.format(amount))
    assert (found.low, found.high, found.money) == (None, amount, True)


@given(st.integers(1, 900), st.integers(1, 900))
def test_ranges_are_in_order(a: int, b: int) -> None:
    (found,) = bounds(f"between ${a} and ${b}")
    assert (found.low, found.high) == (min(a, b), max(a, b))


@pytest.mark.parametrize("text", ["size 42, no more than 120", "size 42 and at most 120", "size 42, max 120"])
def test_a_cue_between_two_numbers_bounds_the_one_behind_it(text: str) -> None:
    found = [(b.low, b.high) for b in find_bounds(Message.read(text))]
    assert found == [(42.0, 42.0), (None, 120.0)]
