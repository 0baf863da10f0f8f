"""Which question is asked, and what may be tapped in answer."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.store import Catalog
from catalog.types import Constraint, Slot
from chatbot import elicit, taps
from chatbot.types import DialogueState, Language, Need, Wish

ANYTHING = Need(1, "")
MICE = Need(1, "mouse", (Wish("w1", 1, Constraint.parse("category = Mice"), True, 1),))
SETTLED = ("price", "category", "brand", "colour", "size", "weight")


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
            DialogueState(), ANYTHING, "category",
            "What kind of product are you thinking of?", "想要哪一类商品？", ("Mice", "Kettles", "Jackets", "No preference"),
        ),
        (
            DialogueState(), MICE, "price",
            "Do you have a budget in mind?", "预算大概多少？",
            ("under 25 USD", "25 to 30 USD", "30 to 60 USD", "over 60 USD", "No preference"),
        ),
        (
            DialogueState(asked=("price",), declined=("category", "brand")), ANYTHING, "colour",
            "Do you have a preference for colour?", "对颜色有要求吗？",
            ("black", "white", "grey", "red", "No preference"),
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
    assert (taps.ask_words(slot, "en"), taps.ask_words(slot, "zh")) == (words, words_zh)
    assert taps.replies_for(catalog, slot, need, mask, 5, "en") == replies


@pytest.mark.usefixtures("few")
def test_nothing_is_asked_twice_or_against_a_shopper_s_will(catalog: Catalog) -> None:
    mask = everything(catalog)
    assert elicit.question_for(catalog, DialogueState(asked=SETTLED), ANYTHING, mask) is None
    assert elicit.question_for(catalog, DialogueState(declined=SETTLED), ANYTHING, mask) is None


def test_few_matches_are_shown_and_not_asked_about(catalog: Catalog) -> None:
    assert elicit.question_for(catalog, DialogueState(), ANYTHING, everything(catalog)) is None


@pytest.mark.usefixtures("few")
def test_slot_that_splits_nothing_is_not_asked(catalog: Catalog) -> None:
    state = DialogueState(declined=("price", "brand", "weight"))
    red = catalog.match((Constraint.parse("colour = black"), Constraint.parse("category = Mice")))
    both = red | catalog.match((Constraint.parse("category = Mice"), Constraint.parse("brand = Kensai")))
    slot = elicit.question_for(catalog, state, MICE, both)
    assert (int(both.sum()), slot and slot.name) == (3, "colour")
    black = DialogueState(declined=("price", "brand", "colour", "weight"))
    assert elicit.question_for(catalog, black, MICE, both) is None


@pytest.mark.parametrize(
    ("cards", "language", "replies"),
    [
        (0, "en", ()),
        (1, "en", ("Cheaper", "Only Kensai", "Show others")),
        (2, "en", ("Cheaper", "Only Kensai", "Compare the first two", "Show others")),
        (2, "zh", ("便宜点的", "只要Kensai", "前两个对比一下", "换一批")),
    ],
)
def test_ways_on_from_the_cards(catalog: Catalog, cards: int, language: Language, replies: tuple[str, ...]) -> None:
    assert taps.replies_for(catalog, None, ANYTHING, everything(catalog), cards, language) == replies


def test_after_two_questions_without_an_answer_none_is_asked(catalog: Catalog, few: None) -> None:
    mask = everything(catalog)
    assert elicit.question_for(catalog, DialogueState(asked=("price",)), MICE, mask) is not None
    assert elicit.question_for(catalog, DialogueState(asked=("price", "brand")), MICE, mask) is None
    answered = DialogueState(asked=("price", "brand"), declined=("brand",))
    assert elicit.question_for(catalog, answered, MICE, mask) is not None


def test_words_narrow_what_is_asked_about_where_no_kind_does(catalog: Catalog) -> None:
    found = elicit.candidates(catalog, Need(1, "wireless mouse"), everything(catalog))
    assert {catalog.ids[p] for p in np.flatnonzero(found)} >= {"m1"}
    assert int(found.sum()) < len(catalog)
    assert elicit.candidates(catalog, Need(1, "zzz"), everything(catalog)).all()


def test_bands_are_cut_at_round_numbers_and_hold_every_product(catalog: Catalog) -> None:
    slot = catalog.slot("price")
    found = elicit.bands(catalog, slot, everything(catalog))
    assert sum(band.count for band in found) == len(catalog.numbers("price", everything(catalog)))
    assert [(b.low, b.high) for b in found] == [(None, 25.0), (25.0, 30.0), (30.0, 60.0), (60.0, None)]


def test_what_shoppers_ask_of_a_kind_is_worth_more_than_what_nobody_speaks_of(catalog: Catalog) -> None:
    memory = Slot("ram", "number", coverage=1.0, concept="resolution")
    assert elicit.worth(memory, ["monitor"]) > elicit.worth(memory, ["kettle"])


def test_where_all_that_matches_is_shown_others_are_not_offered(catalog: Catalog) -> None:
    mask = catalog.match((Constraint.parse("category = Mice"),))
    wishes = (*MICE.wishes, Wish("w2", 1, Constraint.parse("price < 90"), True, 2))
    offered = taps.replies_for(catalog, None, Need(1, "mouse", wishes), mask, int(mask.sum()), "en")
    assert offered == ("Compare the first two", "price doesn't matter")
