"""Is a reason one that a shop assistant would give?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.rank.manner import becoming, is_stump
from chatbot.types import Language

TITLE = "Pebble Wireless Mouse"


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("Quiet, and small enough for your hands.", "Quiet, and small enough for your hands."),
        ("Pebble Wireless Mouse: quiet at night", "Quiet at night"),
        ("pebble wireless mouse - light, 95 g", "Light, 95 g"),
        ("Light", "Light"),
        ("Pebble Wireless Mouse", ""),
        ("Wireless Mouse.", ""),
        ("", ""),
        ("...", ""),
        ("16 GB", "16 GB"),
        ("Great choice for you.", ""),
        ("It is perfect", ""),
        ("Buy now, it is quiet", ""),
        ("Quiet; hurry!", ""),
        ("Quiet. Add it to your cart", ""),
        ("Good for someone your age", ""),
        ("Candidate 3 is quiet", ""),
        ("Quiet and comes with a", ""),
        ("安静又轻便", ""),
        ("Says 静音鼠标 on the box, so quiet at night", "Says 静音鼠标 on the box, so quiet at night"),
    ],
)
def test_in_english(reason: str, left: str) -> None:
    assert becoming(reason, TITLE, "en") == left


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("夜里安静，只有 95 克。", "夜里安静，只有 95 克。"),
        ("鹅卵石无线鼠标：安静", "安静"),
        ("鹅卵石无线鼠标", ""),
        ("Quiet at night", ""),
        ("赶快下单，安静", ""),
        ("推荐", ""),
        ("安静，而且适合", ""),
    ],
)
def test_in_chinese(reason: str, left: str) -> None:
    assert becoming(reason, "鹅卵石无线鼠标", "zh") == left


@pytest.mark.parametrize("text", ["", " .", "It has a", "comes with", "for your", "安静，而且"])
def test_stumps(text: str) -> None:
    assert is_stump(text)


@given(st.text(), st.text(), st.sampled_from(["en", "zh"]))
def test_it_only_ever_takes_away(reason: str, title: str, language: Language) -> None:
    left = becoming(reason, title, language)
    assert len(left) <= 2 * len(reason)
    assert becoming(left, title, language) in (left, "")
