"""Which words carry content, in English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.words import content_runs, content_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm looking for a quiet keyboard, please!", ("quiet", "keyboard")),
        ("The MEN’S running shoes & running socks", ("men", "running", "shoes", "socks")),
        ("15.6 inch USB-C", ("15", "6", "inch", "usb", "c")),
        ("ｆｕｌｌ ｗｉｄｔｈ", ("full", "width")),
        ("show me something", ()),
        ("我想要一个无线鼠标", ("无线", "线鼠", "鼠标")),
        ("有线 mouse 的", ("有线", "mouse")),
        ("", ()),
    ],
)
def test_content_words(text: str, words: tuple[str, ...]) -> None:
    assert content_words(text) == words


def test_chinese_is_said_back_whole() -> None:
    assert content_runs("请问有没有联想笔记本电脑 and a lamp") == ("联想笔记本电脑", "lamp")


@given(st.text(max_size=60))
def test_any_text_is_cut_into_different_words(text: str) -> None:
    words = content_words(text)
    assert len(words) == len(set(words))
    assert all(word.strip() == word and word for word in words)
