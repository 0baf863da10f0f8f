"""Words on service that are about goods, and questions on what was bought before, told without the shop's answers."""

from __future__ import annotations

import pytest

from chatbot.track.embedded import EmbeddedTracker
from chatbot.turn import Chatbot
from chatbot.types import DialogueState, UserAct
from retrieval.embedder import PackagedEncoder


@pytest.fixture(scope="module")
def tracker(chatbot: Chatbot) -> EmbeddedTracker:
    return EmbeddedTracker(chatbot.catalog, PackagedEncoder())


@pytest.mark.parametrize(
    "text",
    [
        "a quiet mouse so I can talk to people on the phone",
        "a mouse for writing invoices",
        "a jacket for delivery drivers",
        "shoes for our customer service team",
    ],
)
def test_service_that_a_thing_is_for_asks_for_none(tracker: EmbeddedTracker, text: str) -> None:
    assert not {UserAct.FAQ, UserAct.HANDOFF} & set(tracker.track(DialogueState(), text).acts)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("a quiet mouse, and can I talk to a person", UserAct.HANDOFF),
        ("show me jackets that I can return", UserAct.FAQ),
        ("get me a human", UserAct.HANDOFF),
    ],
)
def test_what_is_asked_of_the_shop_stays(tracker: EmbeddedTracker, text: str, act: UserAct) -> None:
    assert act in tracker.track(DialogueState(), text).acts


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("the kettle I got from you gave up the ghost after eleven months", ("warranty", "complaint")),
        ("水壶用了半年漏水了", ("warranty", "complaint")),
    ],
)
def test_what_became_of_a_thing_bought_is_told_in_any_words(
    tracker: EmbeddedTracker, text: str, topics: tuple[str, ...]
) -> None:
    update = tracker.track(DialogueState(), text)
    assert (update.acts, update.topics, update.add, update.needs) == ((UserAct.FAQ,), topics, (), ())


def test_a_wish_for_somebody_of_ones_own_is_no_trouble(tracker: EmbeddedTracker) -> None:
    assert tracker.track(DialogueState(), "a red mouse for my brother, gift wrapped?").add
