"""Orders wished in words."""

from __future__ import annotations

import pytest

from chatbot.track.normal import Message
from chatbot.track.order import find_orders


def orders(text: str) -> list[tuple[str | None, str, str, str | None]]:
    """(concept, direction, kind, noun) of each."""
    message = Message.read(text)
    return [
        (o.concept, o.direction, o.kind, message.text[o.noun.start : o.noun.end] if o.noun else None)
        for o in find_orders(message)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the cheapest kettle", ("price", "asc", "superlative", None)),
        ("priciest first", ("price", "desc", "sort", None)),
        ("best reviewed first", ("rating", "desc", "sort", None)),
        ("a bit cheaper", ("price", "asc", "comparative", None)),
        ("that's too expensive", ("price", "asc", "comparative", None)),
        ("not too heavy", ("weight", "asc", "comparative", None)),
        ("a lighter one", ("weight", "asc", "comparative", None)),
        ("a larger display", ("size", "desc", "comparative", "display")),
        ("the newest ones", ("date", "desc", "superlative", None)),
        ("with the most memory", (None, "desc", "superlative", "memory")),
        ("fewer buttons", (None, "asc", "comparative", "buttons")),
        ("sort by price", ("price", "asc", "sort", "price")),
        ("order them by rating", ("rating", "desc", "sort", "rating")),
        ("low to high", ("price", "asc", "sort", None)),
        ("an affordable desk", ("price", "asc", "plain", None)),
        ("quietest fan", ("noise", "asc", "superlative", None)),
        ("最便宜的台灯", ("price", "asc", "superlative", None)),
        ("再便宜一点", ("price", "asc", "comparative", None)),
        ("太重了", ("weight", "asc", "comparative", None)),
        ("评分高的优先", ("rating", "desc", "sort", None)),
        ("按价格从高到低排序", ("price", "desc", "sort", "价格")),
        ("硬盘最大的", (None, "desc", "superlative", "硬盘")),
        ("这三个哪个屏幕大", (None, "desc", "superlative", "屏幕")),
    ],
)
def test_orders(text: str, expected: tuple[str | None, str, str, str | None]) -> None:
    assert orders(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "no more than 40",
        "40 or less",
        "cheaper than 40",
        "3 stars or better",
        "at least 16gb",
        "show me more options",
        "for my best friend",
        "lighter blue",
        "tell me more",
        "最好是蓝色",
        "最多三百",
    ],
)
def test_no_order(text: str) -> None:
    assert orders(text) == []


def test_what_it_is_compared_with() -> None:
    message = Message.read("is there a lighter one than the second?")
    (order,) = find_orders(message)
    assert order.than is not None
    assert message.text[order.than.start : order.than.end] == "the second"
