"""What cue words govern, in our own wording."""

from __future__ import annotations

import pytest

from chatbot.track.normal import Message
from chatbot.track.scope import find_scopes, joined
from chatbot.track.spans import Scope, Span


def scopes_of(text: str, value: str) -> frozenset[Scope]:
    """The scopes that govern the value's last mention."""
    message = Message.read(text)
    start = message.lower.rindex(value.lower())
    return find_scopes(message).at(start, start + len(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no Sony", "Sony"),
        ("please not Acer", "Acer"),
        ("and no leather either", "leather"),
        ("speakers without wifi, 40 max", "wifi"),
        ("anything but Canon", "Canon"),
        ("nothing from Epson please", "Epson"),
        ("not red though", "red"),
        ("i don't want a glossy one", "glossy"),
        ("not Sony, Acer or Asus", "Asus"),
        ("neither Sony nor Acer", "Acer"),
        ("something that isn't pink", "pink"),
        ("plastic is out", "plastic"),
        ("lactose-free milk", "lactose"),
        ("i'm not a fan of velvet", "velvet"),
        ("别推荐华硕", "华硕"),
        ("不要索尼和三星的", "三星"),
        ("除了戴尔都可以", "戴尔"),
        ("皮的不要", "皮"),
        ("我不喜欢红色", "红色"),
        ("不带蓝牙的音箱", "蓝牙"),
    ],
)
def test_negated(text: str, value: str) -> None:
    assert Scope.NEGATED in scopes_of(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no Sony, black please", "black"),
        ("no Sony with 16gb", "16gb"),
        ("not Acer but Asus", "Asus"),
        ("is this Sony wireless or not?", "Sony"),
        ("no idea, maybe a Sony", "Sony"),
        ("not sure, something in red", "red"),
        ("doesn't it come in red?", "red"),
        ("no more than 40 for the lamp", "lamp"),
        ("not only red", "red"),
        ("有没有红色的", "红色"),
        ("不要索尼，要三星", "三星"),
        ("不超过500的台灯", "台灯"),
        ("这个不是蓝牙的吗", "蓝牙"),
    ],
)
def test_not_negated(text: str, value: str) -> None:
    assert Scope.NEGATED not in scopes_of(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("preferably blue", "blue"),
        ("from Acer ideally", "Acer"),
        ("in walnut if possible", "walnut"),
        ("a folding stand would be nice", "folding"),
        ("ideally oak but not a must, 300 max", "oak"),
        ("most likely grey, no big deal if not", "grey"),
        ("最好是蓝色", "蓝色"),
        ("蓝色的，没有也行", "蓝色"),
        ("尽量要轻薄的", "轻薄"),
    ],
)
def test_soft(text: str, value: str) -> None:
    assert Scope.SOFT in scopes_of(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("only Acer", "Acer"),
        ("Acer only", "Acer"),
        ("it must be waterproof", "waterproof"),
        ("has to have a zip", "zip"),
        ("nothing but Acer", "Acer"),
        ("必须是蓝色", "蓝色"),
        ("只要戴尔", "戴尔"),
    ],
)
def test_hard(text: str, value: str) -> None:
    scopes = scopes_of(text, value)
    assert Scope.HARD in scopes
    assert Scope.NEGATED not in scopes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("forget the size", "size"),
        ("never mind what i said about Acer", "Acer"),
        ("skip the price bit, show me all", "price"),
        ("the brand doesn't matter any more", "brand"),
        ("any size is fine", "size"),
        ("i don't care about the colour", "colour"),
        ("money is no object", "money"),
        ("it no longer needs to be wireless", "wireless"),
        ("不限颜色了", "颜色"),
        ("颜色无所谓", "颜色"),
        ("什么颜色都可以", "颜色"),
        ("别管品牌了", "品牌"),
    ],
)
def test_taken_back(text: str, value: str) -> None:
    assert Scope.TAKEN_BACK in scopes_of(text, value)


@pytest.mark.parametrize("text", ["forget it", "scrap that", "show me whatever you have in oak", "forget all that"])
def test_nothing_named_is_taken_back(text: str) -> None:
    assert not any(s.scope is Scope.TAKEN_BACK for s in find_scopes(Message.read(text)).spans)


@pytest.mark.parametrize(
    ("text", "value", "scope"),
    [
        ("Acer is okay again", "Acer", Scope.ALLOWED),
        ("velvet's fine too", "velvet", Scope.ALLOWED),
        ("轿车也可以", "轿车", Scope.ALLOWED),
        ("make it oak instead", "oak", Scope.REPLACED),
        ("换成蓝色", "蓝色", Scope.REPLACED),
        ("also in grey", "grey", Scope.ADDED),
        ("i also need a desk", "desk", Scope.NEED),
        ("另外还想买个鼠标", "鼠标", Scope.NEED),
    ],
)
def test_other_cues(text: str, value: str, scope: Scope) -> None:
    assert scope in scopes_of(text, value)


def test_a_list_under_a_negation_ends_where_its_likeness_does() -> None:
    assert Scope.NEGATED not in scopes_of("no Sony, black or grey", "grey")


@pytest.mark.parametrize(
    ("text", "first", "second", "how"),
    [
        ("oak or walnut", "oak", "walnut", "or"),
        ("oak, or maybe walnut", "oak", "walnut", "or"),
        ("oak and walnut", "oak", "walnut", "and"),
        ("oak, walnut", "oak", "walnut", "or"),
        ("dark oak", "dark", "oak", None),
        ("oak under 300 or so in walnut", "oak", "walnut", None),
        ("轿车或者越野车都行", "轿车", "越野车", "or"),
        ("轿车和越野车", "轿车", "越野车", "and"),
    ],
)
def test_joined(text: str, first: str, second: str, how: str | None) -> None:
    spans = [Span(text.index(word), text.index(word) + len(word)) for word in (first, second)]
    assert joined(text, spans[0], spans[1]) == how
    assert joined(text, spans[1], spans[0]) == how
