"""Taste from a history: what is counted, how it is said, and which words about it hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.types import Money, Product, Variant
from chatbot.taste import Taste, Trait


def lamp(number: int, kind: str = "desk lamp", brand: str = "Orla", price: float = 30.0, **stated: str) -> Product:
    variant = Variant(str(number), Money(price, "USD"))
    cells = {name: (value,) for name, value in stated.items()}
    return Product(str(number), f"{brand} {kind} {number}", (variant,), brand=brand, category=(kind,), attributes=cells)


HISTORY = (
    lamp(1, price=24, colour="black"),
    lamp(2, price=39.5, colour="white", style="loft"),
    lamp(3, brand="Pell", price=18, colour="black", style="retro"),
    lamp(4, price=31, colour="black"),
    lamp(5, kind="floor lamp", price=89, colour="black"),
)
KIND, BRAND = Trait("category", "desk lamp", 4, 5), Trait("brand", "Orla", 4, 5)
PRICE, COLOUR = Trait("price", "24-40 USD", 3, 5), Trait("colour", "black", 4, 5)
TASTE = Taste((KIND, BRAND, PRICE, COLOUR))


def test_what_many_share_is_counted() -> None:
    assert Taste.of(HISTORY) == TASTE


def test_few_items_or_no_likeness_show_no_taste() -> None:
    assert Taste.of(()) == Taste(())
    assert Taste.of((lamp(1), lamp(2, kind="kettle", brand="Pell"))) == Taste(())
    assert Taste.of((lamp(1),)) == Taste(())


def test_it_is_said_with_its_counts() -> None:
    assert TASTE.statements("en") == (
        "Mostly desk lamp (4 of 5).", "Mostly Orla (4 of 5).", "Usually 24-40 USD.", "Mostly colour black (4 of 5).",
    )  # fmt: skip
    rare = Taste((Trait("brand", "云溪", 2, 5), Trait("颜色", "白色", 3, 4)))
    assert rare.statements("zh") == ("常选云溪(5件中2件)。", "大多颜色白色(4件中3件)。")


@pytest.mark.parametrize(
    "statement",
    [
        "Likes black desk lamps by Orla.",
        "Mostly Orla desk lamps, usually between 24 and 40 USD",
        "desk lamp: 4 of 5",
        "ORLA products at 24 to 40 USD, often in black",
        "Prefers Orla.",
    ],
)
def test_what_the_counts_say_may_be_said(statement: str) -> None:
    assert TASTE.supports(statement, TASTE.traits)


@pytest.mark.parametrize(
    "statement",
    [
        "Always buys Orla.",  # 4 of 5
        "Avoids Pell.",
        "Loves cosy evenings with Orla.",
        "Likes Orla and Pell.",
        "Likes Orla lamps under 50 USD.",
        "Likes desk lamps at 24 USD.",  # an end is no span
        "Buys 5 Orla lamps.",
        "Likes many products.",  # of nothing counted
        "Likes red desk lamps.",
        "Orla <b>only</b>",
        "",
        "喜欢黑色",
    ],
)
def test_anything_else_may_not(statement: str) -> None:
    assert not TASTE.supports(statement, TASTE.traits)


def test_a_statement_rests_on_the_traits_it_names() -> None:
    assert not TASTE.supports("Likes black desk lamps.", (KIND,))
    assert not TASTE.supports("Likes black desk lamps.", (KIND, Trait("colour", "black", 5, 5))), (
        "no trait of this taste"
    )
    assert TASTE.supports("Likes black desk lamps.", (KIND, COLOUR))


def test_a_price_of_no_named_currency_is_a_trait_like_any_other() -> None:
    for value in ("24-40 ", "cheap", "24-40 US dollars"):
        taste = Taste((Trait("price", value, 3, 5),))
        assert taste.supports(f"Usually {value}", taste.traits)


def test_chinese_is_read_sign_by_sign() -> None:
    taste = Taste((Trait("brand", "云溪", 4, 5), Trait("颜色", "白色", 2, 5)))
    assert taste.supports("喜欢云溪的白色款", taste.traits)
    assert not taste.supports("总是选云溪", taste.traits)
    assert not taste.supports("喜欢云溪的红色款", taste.traits)


@given(st.lists(st.sampled_from(["Orla", "black", "Pell", "always", "4", "of", "5", "likes", "24", "40", "USD"])))
def test_no_word_is_let_through_that_no_trait_bears_out(words: list[str]) -> None:
    if TASTE.supports(" ".join(words), TASTE.traits):
        assert not {"Pell", "always"} & set(words)
        assert {"Orla", "black", "24"} & set(words)
