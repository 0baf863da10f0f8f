"""What grammar guessed gives way to a model that read the message; what was said and asked for never does."""

from __future__ import annotations

import json

import pytest

from chatbot import state as states
from chatbot.asking import Model
from chatbot.track.embedded import EmbeddedTracker
from chatbot.track.llm import LLMTracker
from chatbot.track.model_guesses import guesses_of
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from llm.scripted import ScriptedLLM


@pytest.fixture(scope="module")
def tracker(chatbot: Chatbot) -> EmbeddedTracker:
    return EmbeddedTracker(chatbot.catalog)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a mouse under 30", set()),
        ("wireless mouse", set()),
        ("i need a new cheap mouse", set()),
        ("do you have any mice?", set()),
        ("a kettle and a jacket", set()),
        ("my mouse died on me", {"Mice"}),
        ("the kettle takes for ever and I am cold", {"Kettles"}),
        ("my hand hurts from using the mouse, a jacket would not help", {"Mice"}),
        ("我的鼠标坏了", {"Mice"}),
        ("我想买鼠标", set()),
    ],
)
def test_things_told_of_are_guesses_and_things_asked_for_are_not(
    tracker: EmbeddedTracker, text: str, kinds: set[str]
) -> None:
    assert guesses_of(tracker.hear(DialogueState(), text)).kinds == kinds


def test_values_read_into_misspelt_words_are_guesses(tracker: EmbeddedTracker) -> None:
    assert ("colour", "black") in guesses_of(tracker.hear(DialogueState(), "a balck mouse")).values
    assert guesses_of(tracker.hear(DialogueState(), "a black mouse")).values == frozenset()


def ledger(tracker: EmbeddedTracker, *turns: tuple[str, object]) -> list[str]:
    state = DialogueState()
    for text, answer in turns:
        asking = Model(ScriptedLLM({"track": json.dumps(answer)}), "always").asking()
        state = states.apply(state, LLMTracker(tracker).track(state, text, asking))
    return sorted(w.text + ("" if w.hard else "?") for w in state.wishes)


def need(query: str, *must: str, number: int = 1) -> dict[str, object]:
    return {"need": number, "query": query, "must": must}


def test_the_kind_that_helps_takes_the_place_of_the_thing_told_of(tracker: EmbeddedTracker) -> None:
    said = {"acts": ["inform"], "needs": [need("warm jacket", "category = Jackets")]}
    assert ledger(tracker, ("my kettle only steams and I freeze on the balcony", said)) == ["category = Jackets"]


def test_the_thing_asked_for_stays_whatever_the_model_says(tracker: EmbeddedTracker) -> None:
    said = {"acts": ["inform"], "needs": [need("warm jacket", "category = Jackets")]}
    assert ledger(tracker, ("a kettle please", said)) == ["category = Kettles"]
    assert ledger(tracker, ("a kettle under 40", said)) == ["category = Kettles", "price < 40"]


def test_a_model_that_has_not_read_the_message_doubts_nothing(tracker: EmbeddedTracker) -> None:
    wild = {"acts": ["inform"], "needs": [need("best cheap deal", "category = Jackets", "brand = HP")]}
    assert ledger(tracker, ("my mouse died on me", wild)) == ["category = Mice"]


def test_a_thing_told_of_later_opens_nothing_where_the_model_goes_on(tracker: EmbeddedTracker) -> None:
    first = {"acts": ["inform"], "needs": [need("rain jacket", "category = Jackets")]}
    second = {"acts": ["inform"], "needs": [need("rain jacket", "price <= 100")]}
    talk = (("a jacket for the rain", first), ("I spent all on my kettle, so at most 100", second))
    assert [w for w in ledger(tracker, *talk) if not w.endswith("?")] == ["category = Jackets", "price <= 100"]
