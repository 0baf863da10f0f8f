"""Answers to questions: whole answers over a small shop, each number with its unit, each silence owned up to."""

from __future__ import annotations

import pytest

from catalog.store import Catalog
from catalog.types import Constraint, Fact, Inferred, Product, Quantity, Slot, Variant
from chatbot.answers import answer
from chatbot.facts import Answer, facts_of
from chatbot.types import ItemFact, Language, Question

MICE = (Constraint.parse("category = Mice"),)
HEAVY = ItemFact("m1", Fact("weight", 95.0, "g", "95 g"))
WHEEL = "The wheel is made of rubber and never clicks at night."
ABOUT_M1 = f"A quiet mouse for small hands. {WHEEL}"


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        (
            Question("how heavy", "weight", ("m1",)),
            "en",
            Answer("Pebble Wireless Mouse: weight 95 g.", (HEAVY,), ("m1",)),
        ),
        (Question("多重", "weight", ("m1",)), "zh", Answer("鹅卵石无线鼠标：重量 95 克。", (HEAVY,), ("m1",))),
        (
            Question("bluetooth", "bluetooth", ("m1", "m2")),
            "en",
            Answer(
                "Pebble Wireless Mouse: bluetooth, yes. Tile Wired Mouse: bluetooth, no.",
                (ItemFact("m1", Fact("bluetooth", True)), ItemFact("m2", Fact("bluetooth", False))),
                ("m1", "m2"),
            ),
        ),
        (
            Question("which sizes", "size", ("j1",)),
            "en",
            Answer(
                "Fell Rain Jacket: size S, M.",
                (ItemFact("j1", Fact("size", "S")), ItemFact("j1", Fact("size", "M"))),
                ("j1",),
            ),
        ),
        (
            Question("how heavy", "weight", ("m4",)),
            "en",
            Answer("The shop's record of Gravel Wireless Mouse does not say: weight.", (), ("m4",)),
        ),
        (
            Question("warranty", None, ("m1",)),
            "en",
            Answer("The shop's record of Pebble Wireless Mouse does not say: warranty.", (), ("m1",)),
        ),
        (
            Question("wheel", None, ("m1",)),
            "en",
            Answer(
                f"The shop's record of Pebble Wireless Mouse says: “{WHEEL}”",
                (ItemFact("m1", Fact("description", WHEEL)),),
                ("m1",),
            ),
        ),
        (
            Question("tell me more about it", None, ("m1",)),
            "en",
            Answer(
                f"The shop's record of Pebble Wireless Mouse says: “{ABOUT_M1}”",
                (ItemFact("m1", Fact("description", ABOUT_M1)),),
                ("m1",),
            ),
        ),
        (
            Question("tell me more", None, ("k3",)),
            "en",
            Answer(
                "The shop's record of Travel Kettle says: “price 19.00 USD, brand Kensai, kind of product Kettles, "
                "colour white, weight 600 g”",
                tuple(
                    ItemFact("k3", fact)
                    for fact in (
                        Fact("price", 19.0, "USD"),
                        Fact("brand", "Kensai"),
                        Fact("category", "Kettles"),
                        Fact("colour", "white"),
                        Fact("weight", 600.0, "g", "600 g"),
                    )
                ),
                ("k3",),
            ),
        ),
    ],
)
def test_about_items(catalog: Catalog, question: Question, language: Language, expected: Answer) -> None:
    assert answer(catalog, question, language) == expected


@pytest.mark.parametrize(
    ("items", "measure", "slot", "said", "best"),
    [
        (("k1", "k3"), "min", "weight", "Of these, Travel Kettle has the lowest weight: 600 g.", ("k3",)),
        (("k3", "k2", "k1"), "max", "weight", "Of these, Cottage Enamel Kettle has the highest weight: 1.4 kg.", ("k2",)),
        (("m1", "m3", "k3"), "max", "rating", "Of these, Boulder Wireless Mouse has the highest rating: 4.8.", ("m3",)),
        (("m1", "m2"), "min", "price", "Of these, Tile Wired Mouse has the lowest price: 12.00 USD.", ("m2",)),
        (
            ("m1", "m2"), "max", "bluetooth",
            "The shop's record of Pebble Wireless Mouse, Tile Wired Mouse does not say: bluetooth.", ("m1", "m2"),
        ),
    ],
)  # fmt: skip
def test_least_and_most_are_told_across_units_and_over_numbers_only(
    catalog: Catalog, items: tuple[str, ...], measure: str, slot: str, said: str, best: tuple[str, ...]
) -> None:
    found = answer(catalog, Question("which", slot, items, measure), "en")  # type: ignore[arg-type]
    assert (found.text, found.about) == (said, best)
    assert {fact.item for fact in found.facts} <= set(items)


def test_facts_of_a_slot_hold_every_variant_once(catalog: Catalog) -> None:
    (jacket,) = catalog.get(("j1",))
    assert facts_of(jacket, catalog.slot("size")) == (Fact("size", "S"), Fact("size", "M"))
    assert facts_of(jacket, catalog.slot("weight")) == ()


@pytest.mark.parametrize(
    ("source", "en", "zh"),
    [
        (
            "title",
            "According to its title: Moor Jacket, 8 GB: memory 8 GB.",
            "根据商品标题：Moor Jacket, 8 GB：memory 8 GB。",
        ),
        (
            "description",
            "According to its description: Moor Jacket, 8 GB: memory 8 GB.",
            "根据商品描述：Moor Jacket, 8 GB：memory 8 GB。",
        ),
        ("attributes", "Moor Jacket, 8 GB: memory 8 GB.", "Moor Jacket, 8 GB：memory 8 GB。"),
    ],
)
def test_what_was_read_from_a_text_is_said_to_be(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, source: str, en: str, zh: str
) -> None:
    read = Inferred((Quantity(8, 8, "GB", "8 GB"),), source, 0.95)  # type: ignore[arg-type]
    product = Product("x1", "Moor Jacket, 8 GB", (Variant("x1"),), inferred={"memory": read})
    monkeypatch.setattr(Catalog, "get", lambda self, ids: (product,))
    monkeypatch.setattr(Catalog, "slot", lambda self, name: Slot(name, "number", unit="GB"))
    fact = ItemFact("x1", Fact("memory", 8, "GB", "8 GB"))
    assert answer(catalog, Question("ram", "memory", ("x1",)), "en") == Answer(en, (fact,), ("x1",))
    assert answer(catalog, Question("ram", "memory", ("x1",)), "zh").text == zh


@pytest.mark.parametrize(
    ("wish", "language", "text"),
    [
        ("colour = black", "en", "Yes. Pebble Wireless Mouse: colour black."),
        ("colour = red", "en", "No. Pebble Wireless Mouse: colour black."),
        ("colour = red", "zh", "不是。鹅卵石无线鼠标：颜色 黑色。"),
        ("weight <= 100 g", "en", "Yes. Pebble Wireless Mouse: weight 95 g."),
    ],
)
def test_a_value_asked_about_is_answered_yes_or_no(catalog: Catalog, wish: str, language: Language, text: str) -> None:
    constraint = Constraint.parse(wish)
    assert answer(catalog, Question("", constraint.slot, ("m1",), scope=(constraint,)), language).text == text
