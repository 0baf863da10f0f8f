"""Reading a message never fails, and its spans lie within it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.track.acts import acts_of
from chatbot.track.bounds import find_bounds
from chatbot.track.normal import Message
from chatbot.track.numbers import find_numbers
from chatbot.track.order import find_orders
from chatbot.track.scope import find_scopes

PIECES = st.sampled_from(
    "under over not no only cheapest 300 2k a hundred dollars inch 16gb , . ? ! first one why how much is the or and "
    "八千 以内 不要 最 便宜 多少 钱 吗 的 第一个 有没有 换 \ud800 \u202e 😀 \x00 £ ' \" ( ½ ²".split(" ")
)
MESSAGES = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES).map("".join))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("dont show me plz", "don't show me please"),
        ("k ill buy the second", "okay i'll buy the second"),
        ("i feel ill today", "i feel ill today"),
        ("an ID card", "an ID card"),
        ("u got smth for ur kids", "you got something for your kids"),
        ("Ｗｉｆｉ　６", "Wifi 6"),
        ("want 14” screen", 'want 14" screen'),
        ("有沒有藍牙鍵盤？", "有没有蓝牙键盘?"),
        ("  a \t b\x00 ", "a b"),
        ("w/o hdmi", "without hdmi"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", ""),
    ],
)
def test_one_spelling(text: str, normal: str) -> None:
    assert Message.read(text).text == normal


@pytest.mark.parametrize(
    ("text", "language", "mixed"),
    [
        ("a red scarf", "en", False),
        ("想要红色围巾", "zh", False),
        ("有 ThinkPad X1 Carbon 吗", "zh", True),
        ("do you have the 小米 phone", "en", True),
        ("😀", "en", False),
    ],
)
def test_language(text: str, language: str, mixed: bool) -> None:
    message = Message.read(text)
    assert (message.language, message.mixed) == (language, mixed)


def test_clauses_and_sentences() -> None:
    message = Message.read("a lamp, brass but not shiny. under 1,200 please!")
    cut = [message.text[c.start : c.end] for c in message.clauses]
    assert cut == ["a lamp", "brass", "but not shiny", "under 1,200 please"]
    assert [message.text[s.start : s.end] for s in message.sentences] == [
        "a lamp, brass but not shiny",
        "under 1,200 please",
    ]
    assert message.clause_at(message.text.index("shiny")) == message.clauses[2]


def test_anything_but_stays_together() -> None:
    assert len(Message.read("anything but Sony").clauses) == 1


@settings(max_examples=150, deadline=None)
@given(MESSAGES)
def test_nothing_fails_and_spans_lie_within(text: str) -> None:
    message = Message.read(text)
    assert len(message.lower) == len(message.text)
    places = [(s.start, s.end) for s in (*message.clauses, *message.sentences)]
    places += [(t.start, t.end) for t in message.tokens] + [(n.start, n.end) for n in find_numbers(message)]
    places += [(b.start, b.end) for b in find_bounds(message)] + [(o.start, o.end) for o in find_orders(message)]
    for act in acts_of(message):
        places += [(act.start, act.end)] + ([(act.over.start, act.over.end)] if act.over else [])
    for cue in find_scopes(message).spans:
        places += [(cue.start, cue.end), (cue.over.start, cue.over.end)]
    assert all(0 <= start <= end <= len(message.text) for start, end in places)


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_reading_again_changes_nothing(text: str) -> None:
    once = Message.read(text).text
    assert Message.read(once).text == once


@pytest.mark.parametrize("text", ["no " * 4000, "1 2 " * 4000, "多少钱" * 4000, "(" * 9000, "is it the one " * 900])
def test_very_long_messages_are_cut(text: str) -> None:
    message = Message.read(text)
    find_bounds(message), find_scopes(message), find_orders(message), acts_of(message)
    assert len(message.text) <= 8000
