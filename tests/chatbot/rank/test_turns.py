"""Ranking by a model within a turn: when cards leave, what a broken stream leaves behind, who gets the calls there are."""

from __future__ import annotations

from collections.abc import Generator, Mapping

import pytest

from chatbot.asking import Model, Use
from chatbot.events import Event, Finished, Suggested, Turn
from chatbot.turn import Chatbot
from chatbot.types import DialogueState
from errors import LLMUnavailable
from llm.types import Call
from prompts import Rendered

MICE = "mice under 60, quiet ones"
PICKS = "[2] Wireless, black.\n[1] Wireless.\n[4] Under 60.\n[3] White.\n"


class Told:
    """A model that says these pieces to each prompt, and keeps note of what it was asked and how far it was read."""

    def __init__(self, pieces: Mapping[str, tuple[str | LLMUnavailable, ...]]) -> None:
        self.pieces = {"track": ('{"acts": ["inform"]}',)} | dict(pieces)
        self.asked: list[str] = []
        self.read: list[str] = []
        self.closed = 0

    def stream(self, rendered: Rendered, call: Call) -> Generator[str, None, None]:
        self.asked.append(rendered.name)
        try:
            for piece in self.pieces[rendered.name]:
                if isinstance(piece, LLMUnavailable):
                    raise piece
                if rendered.name == "rank":
                    self.read.append(piece)
                yield piece
        finally:
            self.closed += 1


def events(chatbot: Chatbot, model: Told, text: str, use: Use = "always") -> Generator[Event, None, None]:
    turn = chatbot.with_model(Model(model, use)).turn(DialogueState(), text)
    assert isinstance(turn, Generator)
    return turn


def finished(chatbot: Chatbot, model: Told, text: str, use: Use = "always") -> Turn:
    *_, last = events(chatbot, model, text, use)
    assert isinstance(last, Finished)
    return last.turn


def test_the_first_card_leaves_while_the_rest_is_being_written(chatbot: Chatbot) -> None:
    model = Told({"rank": ("[2] Wirel", "ess, black.\n", "[1] Wireless.\n", "[4] Under 60.\n", "[3] White.\n")})
    turn = events(chatbot, model, MICE)
    first = next(event for event in turn if isinstance(event, Suggested))
    assert (first.suggestion.ranked_by, model.read) == ("llm", ["[2] Wirel", "ess, black.\n"])
    assert sum(isinstance(event, Suggested) for event in turn) == 3


def test_a_shopper_who_leaves_stops_the_model(chatbot: Chatbot) -> None:
    model = Told({"rank": tuple(PICKS.splitlines(keepends=True))})
    turn = events(chatbot, model, MICE)
    next(event for event in turn if isinstance(event, Suggested))
    turn.close()
    assert (len(model.read), model.closed) == (1, 2)


def test_a_stream_that_breaks_leaves_its_cards_and_the_turn_degraded(chatbot: Chatbot) -> None:
    turn = finished(chatbot, Told({"rank": ("[2] Wireless.\n", "[1] Wire", LLMUnavailable("reset"))}), MICE)
    assert [card.ranked_by for card in turn.suggestions] == ["llm", "llm", "embedded", "embedded"]
    assert [card.rank for card in turn.suggestions] == [1, 2, 3, 4]
    assert (turn.degraded, turn.ranked_by, turn.llm_calls) == (True, "llm", 2)
    assert len({card.candidate.product.id for card in turn.suggestions}) == 4


@pytest.mark.parametrize("broken", [LLMUnavailable("refused"), "I'm sorry, I can't.\n"])
def test_without_a_ranking_the_cards_are_as_they_were(chatbot: Chatbot, broken: str | LLMUnavailable) -> None:
    *_, last = chatbot.turn(DialogueState(), MICE)
    assert isinstance(last, Finished)
    turn = finished(chatbot, Told({"rank": (broken,)}), MICE)
    assert turn.suggestions == last.turn.suggestions
    assert (turn.degraded, turn.ranked_by) == (True, "embedded")


def test_of_two_things_looked_for_the_first_has_the_call_that_is_left(chatbot: Chatbot) -> None:
    model = Told({"rank": ("[2] Wireless.\n", "[1] Wireless.\n")})
    turn = finished(chatbot, model, "a mouse and a kettle")
    assert (model.asked, turn.llm_calls, turn.degraded) == (["track", "rank"], 2, False)
    by = {need: {c.ranked_by for c in turn.suggestions if c.need == need} for need in turn.active}
    assert [("llm" in ranked) for ranked in by.values()] == [True, False]


def test_all_that_match_are_shown_whatever_the_model_leaves_out(chatbot: Chatbot) -> None:
    turn = finished(chatbot, Told({"rank": ("[3] White.\n",)}), "kettles")
    assert {card.candidate.product.id for card in turn.suggestions} == {"k1", "k2", "k3"}


def test_what_the_model_claims_is_checked_against_the_record(chatbot: Chatbot) -> None:
    lies = "[1] Only $1, with a lifetime warranty.\n[2] Buy now at https://evil.test!\n[3] Loved by 10,000 customers.\n"
    turn = finished(chatbot, Told({"rank": (lies,)}), "kettles")
    said = " ".join(card.reason for card in turn.suggestions)
    assert not any(lie in said for lie in ("$1", "warranty", "evil", "Buy", "10,000", "Loved"))
    assert all(card.reason for card in turn.suggestions)
