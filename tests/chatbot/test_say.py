"""What code says: the same sentences in both languages, values printed as the record has them."""

from __future__ import annotations

import string

import pytest

from catalog.types import Constraint, Fact, Money, Op, Order, Slot
from chatbot import say
from chatbot.templates import WORDS
from chatbot.types import Language, Text


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_sentence_exists_in_both_languages_with_the_same_values() -> None:
    english, chinese = WORDS["en"], WORDS["zh"]
    assert english.keys() == chinese.keys()
    assert {k: _placeholders(t) for k, t in english.items()} == {k: _placeholders(t) for k, t in chinese.items()}


@pytest.mark.parametrize(
    ("language", "what", "expected"),
    [
        ("en", Constraint("price", Op.LE, 30.0), "price at most 30"),
        ("zh", Constraint("price", Op.LE, 30.0), "价格 不超过 30"),
        ("en", Constraint("weight", Op.LT, 1.4, "kg"), "weight under 1.4 kg"),
        ("en", Constraint("brand", Op.NE, "HP"), "not HP"),
        ("en", Constraint("brand", Op.IN, ("HP", "Dell")), "HP / Dell"),
        ("en", Constraint("product_colour", Op.EQ, "Black"), "product colour Black"),
        ("zh", Constraint("颜色", Op.NE, "白色"), "颜色 不要 白色"),
        ("en", Order("price", "asc"), "lowest price first"),
        ("zh", Order("price", "desc"), "价格从高到低"),
        ("en", Text("for my sister"), "“for my sister”"),
    ],
)
def test_a_wish_in_words(language: Language, what: Constraint | Order | Text, expected: str) -> None:
    assert say.wish_words(language, what) == expected


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (Fact("weight", 95.0, "g"), "95 g"),
        (Fact("weight", "1-1.5 kg", "kg"), "1-1.5 kg"),
        (Fact("bluetooth", True), "yes"),
        (Fact("material", "Leather"), "Leather"),
        (Fact("rating", 4.75), "4.75"),
    ],
)
def test_a_fact_in_words(fact: Fact, expected: str) -> None:
    assert say.fact_value("en", fact) == expected


def test_money_keeps_its_cents_and_currency() -> None:
    assert say.price(Money(24.9, "USD")) == "24.90 USD"
    assert say.price(Money(8000.0, "CNY")) == "8000.00 CNY"


def test_a_slot_is_named_for_people() -> None:
    assert say.slot_name("en", Slot("contrast_ratio__typical", "text")) == "contrast ratio typical"
    assert say.slot_name("zh", Slot("category", "category", label="类型")) == "商品类型"
    assert say.slot_name("en", Slot("colour", "category", label="Main colour")) == "Main colour"
