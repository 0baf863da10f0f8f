"""Which question is asked, and what may be tapped in answer."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.store import Catalog
from catalog.types import Constraint
from chatbot import elicit
from chatbot.types import DialogueState, Language, Need, Wish

MOUSE = Need(1, "mouse")
MICE = Need(1, "mouse", (Wish("w1", 1, Constraint.parse("category = Mice"), True, 1),))
SETTLED = ("price", "category", "brand", "colour", "size")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small shop counts as one worth asking about."""
    monkeypatch.setattr(elicit, "ASK_ABOVE", 2)


def everything(catalog: Catalog) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.ones(len(catalog), np.bool_)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("state", "need", "asked", "words", "words_zh", "replies"),
    [
        (
            DialogueState(), MOUSE, "category",
            "What kind of product are you thinking of?", "想要哪一类商品？", ("Mice", "Kettles", "Jackets"),
        ),
        (
            DialogueState(), MICE, "price",
            "Do you have a budget in mind?", "预算大概多少？",
            ("Cheaper", "Only Kensai", "Compare the first two", "Show others"),
        ),
        (
            DialogueState(asked=("price",), declined=("category",)), MOUSE, "colour",
            "Do you have a preference for colour?", "对colour有要求吗？", ("black", "white", "grey", "red"),
        ),
    ],
)  # fmt: skip
def test_question_words_and_replies(
    catalog: Catalog, state: DialogueState, need: Need, asked: str, words: str, words_zh: str, replies: tuple[str, ...]
) -> None:
    mask = everything(catalog)
    slot = elicit.question_for(catalog, state, need, mask)
    assert slot is not None
    assert slot.name == asked
    assert (elicit.ask_words(slot, "en"), elicit.ask_words(slot, "zh")) == (words, words_zh)
    assert elicit.replies_for(catalog, slot, mask, 5, "en") == replies


@pytest.mark.usefixtures("few")
def test_nothing_is_asked_twice_or_against_a_shopper_s_will(catalog: Catalog) -> None:
    mask = everything(catalog)
    assert elicit.question_for(catalog, DialogueState(asked=SETTLED), MOUSE, mask) is None
    assert elicit.question_for(catalog, DialogueState(declined=SETTLED), MOUSE, mask) is None


def test_few_matches_are_shown_and_not_asked_about(catalog: Catalog) -> None:
    assert elicit.question_for(catalog, DialogueState(), MOUSE, everything(catalog)) is None


@pytest.mark.usefixtures("few")
def test_slot_that_splits_nothing_is_not_asked(catalog: Catalog) -> None:
    state = DialogueState(asked=("price", "brand"))
    red = catalog.match((Constraint.parse("colour = black"), Constraint.parse("category = Mice")))
    both = red | catalog.match((Constraint.parse("category = Mice"), Constraint.parse("brand = Kensai")))
    slot = elicit.question_for(catalog, state, MICE, both)
    assert (int(both.sum()), slot and slot.name) == (3, "colour")
    black = DialogueState(asked=("price", "brand", "colour"))
    assert elicit.question_for(catalog, black, MICE, both) is None


@pytest.mark.parametrize(
    ("cards", "language", "replies"),
    [
        (0, "en", ()),
        (1, "en", ("Cheaper", "Only Kensai")),
        (2, "en", ("Cheaper", "Only Kensai", "Compare the first two", "Show others")),
        (2, "zh", ("便宜点的", "只要Kensai", "前两个对比一下", "换一批")),
    ],
)
def test_ways_on_from_the_cards(catalog: Catalog, cards: int, language: Language, replies: tuple[str, ...]) -> None:
    assert elicit.replies_for(catalog, None, everything(catalog), cards, language) == replies
