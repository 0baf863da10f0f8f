"""Money, numbers and units written in any usual way are read back, and nothing that a keyboard can send raises."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.units import convert, spellings, unit_named
from chatbot.state import apply
from chatbot.track.bounds import find_bounds
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.figures import find_figures
from chatbot.track.normal import Message
from chatbot.track.numbers import find_numbers
from chatbot.types import DialogueState
from tests.chatbot.track.measures import shop
from tests.chatbot.track.test_numbers import ONES, TEENS, TENS, chinese

FULL_WIDTH = str.maketrans("0123456789.,$%", "０１２３４５６７８９．，＄％")


def values(text: str) -> list[float]:
    return [n.value for n in find_numbers(Message.read(text))]


def english(number: int) -> str:
    """The number in words, below a million."""
    if number >= 1000:
        high, low = divmod(number, 1000)
        return f"{english(high)} thousand" + (f" {'and ' if low < 100 else ''}{english(low)}" if low else "")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    small = TEENS.split()[ones] if tens == 1 else "-".join(filter(None, (TENS.split()[tens].strip("_"), ONES[ones])))
    return " and ".join(filter(None, (f"{ONES[hundreds]} hundred" if hundreds else "", small)))


def apart(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def pointed(number: int) -> str:
    return f"{number:,}".replace(",", ".")


MONEY = (
    "under ${}", "under $ {}", "{} dollars max", "{} bucks tops", "{} quid at most", "€{} or less", "{} euros or less", "{}€ max",
    "no more than {} pounds sterling", "£{} tops", "not over {} dollars", "keep it under {} bucks", "不超过{}元", "{}块以内", "最多{}块钱", "{}美元以下",
)  # fmt: skip


@given(st.integers(2, 99_999), st.sampled_from(MONEY))
def test_money_in_figures(amount: int, wording: str) -> None:
    (bound,) = find_bounds(Message.read(wording.format(amount)))
    assert (bound.low, bound.high, bound.money) == (None, amount, True)


@given(st.integers(1000, 999_999), st.sampled_from((apart, pointed, "{:,}".format)), st.sampled_from(MONEY[:12]))
def test_money_with_its_thousands_parted(amount: int, written: object, wording: str) -> None:
    assert callable(written)
    (bound,) = find_bounds(Message.read(wording.format(written(amount))))
    assert (bound.low, bound.high, bound.money) == (None, amount, True)


@given(st.integers(1, 99_999), st.integers(1, 99))
def test_cents_after_a_point_or_a_comma(whole: int, cents: int) -> None:
    amount = pytest.approx(whole + cents / 100)
    assert values(f"{whole}.{cents:02} dollars") == [amount]
    assert values(f"{whole},{cents:02} euros") == [amount]
    assert values(f"{whole:,}.{cents:02} dollars") == [amount]


@given(st.integers(10, 999_999))
def test_english_words(number: int) -> None:
    assert values(f"{english(number)} dollars") == [number]
    assert values(f"{english(number).replace('-', ' ').replace(' and ', ' ')} dollars") == [number]


@given(st.integers(20, 99_999_999))
def test_chinese_numerals(number: int) -> None:
    (bound,) = find_bounds(Message.read(f"{chinese(number)}元以内"))
    assert bound.high == number


@given(st.integers(1, 9), st.integers(1, 9))
def test_the_last_scale_is_left_out_in_chinese(high: int, low: int) -> None:
    digits = "零一二三四五六七八九"
    for scale, value in (("万", 10_000), ("千", 1000), ("百", 100)):
        assert values(f"{digits[high]}{scale}{digits[low]}") == [high * value + low * value / 10]
        assert values(f"{high}{scale}{low}以内") == [high * value + low * value / 10]


@given(st.integers(1, 999), st.sampled_from(["{}k", "{} k", "{} grand", "{} thousand", "{}千", "{}000"]))
def test_thousands_by_another_name(count: int, wording: str) -> None:
    assert [v for v in values(f"under {wording.format(count)}") if v >= 1000] == (
        [] if wording == "{} k" else [count * 1000]
    )


@given(st.integers(1, 9999), st.sampled_from(MONEY))
def test_full_width(amount: int, wording: str) -> None:
    plain, wide = wording.format(amount), wording.format(str(amount).translate(FULL_WIDTH))
    (first,), (second,) = find_bounds(Message.read(plain)), find_bounds(Message.read(wide))
    assert (first.low, first.high, first.currency) == (second.low, second.high, second.currency)


UNITS = (
    "gb",
    "tb",
    "kg",
    "cm",
    "mm",
    "ml",
    "hz",
    "inch",
    "inches",
    "kilos",
    "litres",
    "watts",
    "hours",
    "英寸",
    "公斤",
    "厘米",
    "毫安",
    "小时",
    "升",
    "瓦",
)


@given(st.integers(1, 5000), st.sampled_from(UNITS), st.sampled_from(["{} {}", "{}{}", "at least {} {}", "{}-{}"]))
def test_units_are_read_with_their_numbers(number: int, unit: str, wording: str) -> None:
    written = wording if unit.isascii() else "{}{}"
    (figure,) = find_figures(Message.read(written.format(number, unit)))
    assert (figure.number.value, figure.unit, figure.money) == (number, unit, False)
    assert unit_named(unit) is not None


@given(st.floats(0.01, 1e6), st.sampled_from(sorted(spellings())), st.sampled_from(sorted(spellings())))
def test_units_convert_there_and_back(number: float, one: str, other: str) -> None:
    there = convert(number, one, other)
    if there is not None:
        assert convert(there, other, one) == pytest.approx(number, rel=1e-6, abs=1e-9)


@cache
def tracker() -> EmbeddedTracker:
    return EmbeddedTracker(shop())  # type: ignore[arg-type]


PIECES = st.sampled_from(
    "under over between and 300 1,299.00 1.200,50 $ € £ ¥ % 27\" 6' 3/4 1/0 9/9 .5 5. ,5 -1 -- 1e999 ٣٤ ⅚ ½ ² ① Ⅳ 〇 两 万 亿 半 多 几 几百 三百多 第一 元 块 k K grand "
    "a of stars 4/5 10% years old 2021 1999-2001 released after size EU 42 M XL double the budget raise it by make first, second; (1) (2) 1. 2. • 首先 其次 "
    "for 4 people low hundreds in the 300s 300s 0000000 1234567890123456789 \u200b \ufffd \U0001f4b8 \n \t ' \" ( ) [ ] { } \\ / | & + = < > ≤ ≥ ~ ` ^ * # @ ! ? . , ; :".split(" ")
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=24), st.booleans())
@example(["1/0", "inch"], True)
@example(["9" * 400, "块"], True)
@example(["(1)", "(2)", "(3)"], False)
def test_no_message_raises(pieces: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(pieces)
    state = apply(DialogueState(), tracker().track(DialogueState(), "a phone under 300 with at least 8 gigs of ram"))
    update = tracker().track(state, text)
    assert apply(state, update).turn == state.turn + 1
    assert tracker().track(state, text) == update
