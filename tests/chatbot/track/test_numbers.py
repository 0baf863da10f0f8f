"""Numbers in words, digits and Chinese, and digits that are no numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.track.normal import Message
from chatbot.track.numbers import find_numbers, read_figure

ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"


def values(text: str) -> list[float]:
    return [number.value for number in find_numbers(Message.read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2k", 2000),
        ("1.5k", 1500),
        ("a grand", 1000),
        ("three grand", 3000),
        ("a hundred", 100),
        ("a hundred and twenty", 120),
        ("half a terabyte", 0.5),
        ("two and a half kilos", 2.5),
        ("7 thousand", 7000),
        ("twelve hundred", 1200),
        ("one thousand two hundred", 1200),
        ("one eighty", 180),
        ("thirty-two", 32),
        ("a couple of hundred", 200),
        ("$3,499.95", 3499.95),
        ("2.199,50 eur", 2199.5),
        ("7,5 kg", 7.5),
        ("６００", 600),
        ("3½ inch", 3.5),
        ("16gb", 16),
        ("43-inch", 43),
        ("六千", 6000),
        ("两万三", 23000),
        ("三百二", 320),
        ("四百零六", 406),
        ("十八寸", 18),
        ("7千", 7000),
        ("2万4", 24000),
        ("2万4千", 24000),
        ("30万", 300000),
        ("二点五公斤", 2.5),
        ("半T", 0.5),
    ],
)
def test_numbers_are_read_as_people_say_them(text: str, expected: float) -> None:
    assert values(text) == [pytest.approx(expected)]


@pytest.mark.parametrize(
    "text",
    [
        "MX2000",
        "i9 processor",
        "RTX3070Ti",
        "WF-1000XM4",
        "i5-11400F",
        "2560x1440",
        "the other one",
        "which one",
        "3rd",
        "第三",
        "三星电视",
        "925-200abc",
        "half price",
        "a 2-in-1",
    ],
)
def test_digits_in_names_and_positions_are_no_numbers(text: str) -> None:
    assert values(text) == []


@given(st.integers(1, 999_999))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert values(f"about {number:,} dollars") == [number]
    assert read_figure(f"{number:,}") == number


@given(st.integers(1, 999))
def test_english_words_read_back(number: int) -> None:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    teens = TEENS.split()[ones] if tens == 1 else "-".join(filter(None, (TENS.split()[tens].strip("_"), ONES[ones])))
    words = [f"{ONES[hundreds]} hundred"] if hundreds else []
    words += [teens] if teens else []
    assert values(f"{' and '.join(words)} dollars") == [number]


def chinese(number: int) -> str:
    """The number in formal Chinese, below a hundred million."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return chinese(high) + "万" + (("零" if low < 1000 else "") + chinese(low) if low else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return text


@given(st.integers(10, 9_999_999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert values(f"{chinese(number)}元") == [number]
