"""What a card says of the option on it."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot.cards import availability_words, options_words, price_notes, unit_price_words
from chatbot.types import Language

WINE = {"price": 0.8, "currency": "EUR", "amount": 100, "unit": "ml"}


@pytest.mark.parametrize(
    ("card", "language", "words"),
    [
        ({"options": {"Size": ["M"], "Colour": ["Red"]}}, "en", "Size M, Red"),
        ({"options": {"Size": ["M"], "颜色": ["红色"]}}, "zh", "尺码 M、红色"),
        ({"options": {"pack_of": [6], "lined": [True]}}, "en", "pack of 6, lined yes"),
        ({"variant": {"options": {"size": ["EU 42"]}}}, "en", "size EU 42"),
        ({"options": {"Size": ["S"], "Weight": ["210 g"]}}, "en", "Size S"),
        ({"options": {"Weight": ["500 g"]}}, "en", "Weight 500 g"),
        ({"options": {}, "variant": None}, "en", ""),
        ({}, "en", ""),
    ],
)
def test_options(card: dict[str, Any], language: Language, words: str) -> None:
    assert options_words(card, language) == words


@pytest.mark.parametrize(
    ("card", "each", "notes"),
    [
        ({"unit_price": WINE, "tax": "incl. VAT"}, "0.80 EUR / 100 ml", ("0.80 EUR / 100 ml", "incl. VAT")),
        ({"unit_price": WINE | {"amount": 1, "unit": "kg"}}, "0.80 EUR / kg", ("0.80 EUR / kg",)),
        ({"unit_price": None, "tax": None}, "", ()),
        ({}, "", ()),
    ],
)
def test_prices(card: dict[str, Any], each: str, notes: tuple[str, ...]) -> None:
    assert (unit_price_words(card), price_notes(card)) == (each, notes)


@pytest.mark.parametrize(("said", "shown"), [("in_stock", "in stock"), ("ships in May", "ships in May"), (None, "")])
def test_availability(said: str | None, shown: str) -> None:
    assert availability_words({"availability": said}, "en") == shown


def test_a_card_says_that_none_are_left_where_only_the_count_does() -> None:
    assert availability_words({"availability": None, "sold_out": True}, "en") == "out of stock"
    assert availability_words({"availability": None, "sold_out": True}, "zh") == "缺货"
    assert availability_words({"availability": None, "sold_out": False}, "en") == ""
