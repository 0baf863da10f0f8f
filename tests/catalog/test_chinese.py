"""What values are called in Chinese: whole, by a word before them, part by part; names and what is not known stay."""

from __future__ import annotations

import pytest

from catalog.chinese import in_chinese, said_in_chinese
from catalog.lexicon import Lexicon


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("navy", "藏青色"),
        ("Olive Green", "橄榄绿"),
        ("Over-Ear", "头戴式"),
        ("recycled nylon", "再生尼龙"),
        ("light grey", "浅灰色"),
        ("black/white", "黑色/白色"),
        ("Black & Gold", "黑色/金色"),
        ("Children's", "儿童"),
        ("Tents", "帐篷"),
        ("4D adjustable", "4D 可调"),
        ("black/Kvist", None),
        ("Kvist", None),
        ("recycled Kvist", None),
        ("藏青", None),
        ("", None),
    ],
)
def test_what_a_value_is_called(value: str, name: str | None) -> None:
    assert in_chinese(value) == name


def test_what_says_little_is_shown_and_not_heard() -> None:
    assert (in_chinese("low"), said_in_chinese("low")) == ("低", ())
    assert said_in_chinese("mesh") == ("网布", "网面", "网眼")
    assert said_in_chinese("recycled mesh") == ("再生网布",)


def test_colours_are_called_by_colours() -> None:
    """Every English colour that has a Chinese name is of the family of that name, where the lexicon knows the name."""
    colours = Lexicon.default().colours
    known = {word: name for word in colours if word.isascii() and (name := in_chinese(word)) and name in colours}
    assert len(known) > 30
    assert {w: n for w, n in known.items() if Lexicon.default().colour_family(n) != colours[w]} == {}
