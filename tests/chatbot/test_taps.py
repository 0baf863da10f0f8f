"""What may be tapped is understood as it is meant: the answers to every question, and the ways on from no match."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catalog.store import Catalog
from catalog.types import Constraint, Op
from chatbot import elicit, taps
from chatbot.track.embedded import EmbeddedTracker
from chatbot.types import DialogueState, Language, Need, Pending, Wish
from retrieval.types import Way


@pytest.fixture(scope="module")
def tracker(catalog: Catalog) -> EmbeddedTracker:
    return EmbeddedTracker(catalog)


def state_of(kind: str, language: Language) -> DialogueState:
    need = Need(1, kind, (Wish("w1", 1, Constraint("category", Op.EQ, kind), True, 1),))
    return DialogueState(needs=(need,), active=(1,), turn=1, minted=1, language=language)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["Mice", "Kettles", "Jackets"])
def test_every_answer_to_every_question_comes_out_as_meant(
    catalog: Catalog, tracker: EmbeddedTracker, kind: str, language: Language
) -> None:
    state = state_of(kind, language)
    need, mask = state.needs[0], catalog.match([Constraint("category", Op.EQ, kind)])
    asked = elicit.open_slots(catalog, state, need)
    assert asked
    for slot in asked:
        pending = replace(state, pending=Pending(slot=slot.name), asked=(slot.name,))
        *answers, waved = taps.replies_for(catalog, slot, need, mask, 0, language)
        for words in answers:
            update = tracker.track(pending, words)
            slots = [a.what.slot for a in update.add if isinstance(a.what, Constraint)]
            assert (words, set(slots), len(slots)) == (words, {slot.name}, len(update.add))
            assert (words, update.needs, update.language) == (words, (), language)
        update = tracker.track(pending, waved)
        assert (update.declined, update.add) == ((slot.name,), ())


def test_bands_say_their_ends(catalog: Catalog) -> None:
    everything = np.ones(len(catalog), np.bool_)
    price = catalog.slot("price")
    assert taps.answers_to(catalog, price, everything, "en") == (
        "under 25 USD",
        "25 to 30 USD",
        "30 to 60 USD",
        "over 60 USD",
    )
    assert taps.answers_to(catalog, price, everything, "zh")[:2] == ("25 美元以下", "25 到 30 美元")


WAYS = (
    (Way(Constraint.parse("price < 5"), 3, 17.3), "price <= 18"),
    (Way(Constraint.parse("price > 500"), 3, 419.0), "price >= 410"),
    (Way(Constraint.parse("weight <= 50 g"), 2, 83.0), "weight <= 83 g"),
)


@pytest.mark.parametrize(("way", "wish"), WAYS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bound_moved_is_read_back(
    catalog: Catalog, tracker: EmbeddedTracker, way: Way, wish: str, language: Language
) -> None:
    (words,) = taps.ways_on(catalog, (way,), language)
    read = [a.what for a in tracker.track(state_of("Mice", language), words).add]
    expected = Constraint.parse(wish)
    assert [(c.slot, c.op, c.value) for c in read if isinstance(c, Constraint)] == [
        (expected.slot, expected.op, expected.value)
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_may_be_given_up_is_taken_back(catalog: Catalog, tracker: EmbeddedTracker, language: Language) -> None:
    state = state_of("Mice", language)
    red = Wish("w2", 1, Constraint("colour", Op.EQ, "red"), True, 1)
    state = replace(state, needs=(replace(state.needs[0], wishes=(*state.needs[0].wishes, red)),), minted=2)
    (words,) = taps.ways_on(catalog, (Way(Constraint("colour", Op.EQ, "red"), 4),), language)
    assert tracker.track(state, words).remove == ("w2",)
