from __future__ import annotations

import numpy as np
import pytest

from learning.attributes.chain import Chain, Tokens
from learning.attributes.tagger import Example, Tagger
from learning.attributes.tokens import tokens_of

BRANDS = ("Northwind", "Bluebell", "Oakes", "Tamarin", "Peregrine", "Solvang")
FLAVOURS = ("Vanilla", "Mint", "Lemon", "Cherry")


def examples() -> list[Example]:
    """Titles of teas that say brand, flavour and weight in this order."""
    return [
        Example(
            f"{brand} Organic {flavour} Tea, {40 + 5 * n} g (Pack of {2 + n % 3})",
            "tea",
            {"Brand": (brand,), "Flavour": (flavour,), "Weight": (f"{40 + 5 * n} g",)},
        )
        for n, (brand, flavour) in enumerate((b, f) for b in BRANDS for f in FLAVOURS)
    ]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(examples())


def test_values_never_met_are_read(tagger: Tagger) -> None:
    found = tagger.read("Zephyr Organic Rosehip Tea, 85 g (Pack of 9)", "tea")
    assert {name: value for name, (value, _) in found.items()} == {
        "Brand": "Zephyr",
        "Flavour": "Rosehip",
        "Weight": "85 g",
    }
    assert all(0.5 < probability <= 1 for _, probability in found.values())


def test_what_a_title_does_not_say_is_unlikely(tagger: Tagger) -> None:
    found = tagger.read("Oakes Organic Tea (Pack of 2)", "tea")
    assert found["Brand"][0] == "Oakes"
    assert all(found.get(name, ("", 0.0))[1] < 0.5 for name in ("Flavour", "Weight"))


def test_another_category_and_an_empty_title_say_nothing(tagger: Tagger) -> None:
    assert tagger.read("Zephyr kettle", "kettles") == {}
    assert tagger.read(" ", "tea") == {}


def test_a_value_within_a_word_is_read_as_records_spell_it() -> None:
    taught = [Example(f"{brand} Mens Shirt {n}", "shirt", {"Gender": ("Men",)}) for n, brand in enumerate(BRANDS)]
    assert Tagger(taught).read("Zephyr Mens Shirt 7", "shirt")["Gender"][0] == "Men"


def test_tokens_keep_their_places() -> None:
    text = "Tea 1.5kg, 2-pack"
    assert [(token.text, text[token.start : token.end] == token.text) for token in tokens_of(text)] == [
        (word, True) for word in ("Tea", "1.5", "kg", ",", "2", "-", "pack")
    ]


def test_span_probabilities_of_a_chain_sum_to_at_most_one() -> None:
    chain = Chain(4, 3)
    rows = [Tokens(np.array([0, 1, 0, 2, 0, 3]), np.array([0, 2, 4]), np.array([0, 1, 2])) for _ in range(3)]
    chain.fit(rows, [np.array([0, 1, 2])] * 3)
    spans = {(first, end): probability for _, first, end, probability in chain.spans(rows[0])}
    assert max(spans, key=lambda span: spans[span]) == (1, 3)
    assert sum(p for (first, end), p in spans.items() if first <= 1 < end) <= 1 + 1e-9
