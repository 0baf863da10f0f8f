"""Why a card stood where it did: only wishes that the record meets are given as reasons."""

from __future__ import annotations

import pytest

from catalog.store import Catalog
from catalog.types import Constraint, Fact, Order
from chatbot.explain import explain
from chatbot.facts import Answer
from chatbot.types import DialogueState, ItemFact, Language, Need, Shown, Text, Wish


def asked(*wishes: str, query: str = "mouse") -> DialogueState:
    """A state with these hard wishes and, beside them, an order and words that are no reason."""
    hard = [Wish(f"w{n}", 1, Constraint.parse(text), True, 1) for n, text in enumerate(wishes, 1)]
    beside = (Wish("w8", 1, Order("price", "asc"), False, 1), Wish("w9", 1, Text("quiet"), False, 1))
    return DialogueState(needs=(Need(1, query, (*hard, *beside)),), active=(1,), turn=1)


FACTS = (ItemFact("m1", Fact("category", "Mice")), ItemFact("m1", Fact("price", 24.9, "USD")))
PEBBLE = "I put Pebble Wireless Mouse there because "


@pytest.mark.parametrize(
    ("state", "language", "expected"),
    [
        (
            asked("category = Mice", "price <= 30"),
            "en",
            Answer(PEBBLE + "it meets Mice, price at most 30 (24.90 USD).", FACTS, ("m1",)),
        ),
        (
            asked("category = Mice", "price <= 30"),
            "zh",
            Answer("推荐鹅卵石无线鼠标，因为满足鼠标、价格 不超过 30（24.90 美元）。", FACTS, ("m1",)),
        ),
        (
            asked("category = Mice", "price <= 20"),
            "en",
            Answer(PEBBLE + "it meets Mice; but it does not meet: price at most 20.", FACTS[:1], ("m1",)),
        ),
        (asked(), "en", Answer(PEBBLE + "its record fits “mouse”.", (), ("m1",))),
        (DialogueState(), "en", Answer(PEBBLE + "you had named no wish yet.", (), ("m1",))),
        (DialogueState(), "zh", Answer("推荐鹅卵石无线鼠标，因为您还没有提出要求。", (), ("m1",))),
    ],
)
def test_reasons(catalog: Catalog, state: DialogueState, language: Language, expected: Answer) -> None:
    (product,) = catalog.get(("m1",))
    assert explain(state, product, language) == expected


def test_item_that_breaks_an_exclusion_says_so(catalog: Catalog) -> None:
    (product,) = catalog.get(("m4",))
    assert explain(asked("brand != HP"), product, "en").text == (
        "I put Gravel Wireless Mouse there because its record fits “mouse”; but it does not meet: not HP."
    )


def test_variant_that_meets_the_wishes_is_the_one_explained(catalog: Catalog) -> None:
    (jacket,) = catalog.get(("j1",))
    assert explain(asked("size = M", "price <= 90", query="jacket"), jacket, "en") == Answer(
        "I put Fell Rain Jacket there because it meets size M, price at most 90 (85.00 USD).",
        (ItemFact("j1", Fact("size", "M")), ItemFact("j1", Fact("price", 85.0, "USD"))),
        ("j1",),
    )


def test_need_is_the_one_the_card_was_shown_for(catalog: Catalog) -> None:
    state = DialogueState(
        needs=(
            Need(1, "kettle", (Wish("w1", 1, Constraint.parse("category = Kettles"), True, 1),)),
            Need(2, "mouse", (Wish("w2", 2, Constraint.parse("category = Mice"), True, 1),)),
        ),
        active=(1, 2),
        shown=(Shown(1, ((1, "k1"), (2, "m1"))),),
    )
    (product,) = catalog.get(("m1",))
    assert explain(state, product, "en").text == PEBBLE + "it meets Mice."
