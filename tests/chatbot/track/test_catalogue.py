"""Questions about the catalogue, followed through a dialogue: within which wishes they are asked, and what they leave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aisle.cli import main
from catalog.store import Catalog
from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState


def talk(chatbot: Chatbot, *messages: str) -> tuple[Turn, set[str], set[str]]:
    """The last turn, with the ledger before it and after it."""
    state, before, turn = DialogueState(), set[str](), None
    for message in messages:
        before = {w.text for w in state.wishes}
        *_, end = chatbot.turn(state, message)
        assert isinstance(end, Finished)
        state, turn = end.state, end.turn
    assert turn is not None
    return turn, before, {w.text for w in state.wishes}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how many do you have?", "There are 4 products in this shop that match Mice."),
        ("how many under 30?", "There are 3 products in this shop that match Mice, price under 30."),
        ("how many of those are from Kensai?", "There are 2 products in this shop that match Mice, Kensai."),
        ("how many mice cost more than 50?", "There is one product in this shop that matches Mice, price over 50."),
        (
            "how many are black, how many white?",
            "There are 2 products in this shop that match Mice, colour black. "
            "There is one product in this shop that matches Mice, colour white.",
        ),
        ("how many brands?", "There are 3 different values of brand: Kensai, Logira, HP."),
        ("how many of each colour?", "Colour here: black 2, white 1, grey 1."),
        ("which brands do you carry?", "Brand here: Kensai, Logira, HP."),
        ("which brands?", "Brand here: Kensai, Logira, HP."),
        ("which colours are available?", "Colour here: black, white, grey."),
        ("what's the price range?", "Price goes from 12.00 USD to 59.00 USD (4 products)."),
        ("what's the average price?", "The average price of 4 products that match Mice is 31.23 USD."),
        ("what's your cheapest one?", "The lowest price here is 12.00 USD: Tile Wired Mouse."),
        ("what's the cheapest of those in black?", "The lowest price here is 24.90 USD: Pebble Wireless Mouse."),
        ("which mouse is the heaviest?", "The highest weight here is 140 g: Boulder Wireless Mouse."),
        ("and your best rated?", "The highest rating here is 4.8: Boulder Wireless Mouse."),
        (
            "what's the newest one?",
            "The shop's records of Mice hold no dates, so they do not say which is newest or oldest.",
        ),
        ("how many kettles do you sell?", "There are 3 products in this shop that match Kettles."),
        ("which brands of kettle do you have?", "Brand here: Brewell, Kensai."),
        ("一共有多少款？", "本店符合“鼠标”的商品有 4 款。"),
        ("平均价格是多少？", "符合“鼠标”的 4 款商品，平均价格是 31.23 美元。"),
        ("最贵的是哪款？", "价格最高的是 59.00 美元：Boulder Wireless Mouse。"),
        ("从多少钱起？", "价格从 12.00 美元 到 59.00 美元（4 款）。"),
    ],
)
def test_a_question_is_answered_within_the_ledger_and_leaves_it_alone(
    chatbot: Chatbot, question: str, said: str
) -> None:
    turn, before, after = talk(chatbot, "I'm looking for a mouse", question)
    assert turn.text == said
    assert turn.acts == (AgentAct.INFORM,)
    assert before == after == {"category = Mice"}


def test_the_least_comes_with_its_card_and_its_fact(chatbot: Chatbot) -> None:
    turn, _, _ = talk(chatbot, "a mouse", "what's your cheapest one?")
    assert turn.about == ("m2",)
    assert [(f.item, f.fact.slot, f.fact.value) for f in turn.facts] == [("m2", "price", 12.0)]
    assert [(s.candidate.product.id, s.reason) for s in turn.suggestions] == [("m2", "Mice; price 12.00 USD")]


def test_wishes_beside_a_question_still_count(chatbot: Chatbot) -> None:
    turn, _, after = talk(chatbot, "a mouse", "I only want black ones. how many do you have?")
    assert turn.text.startswith("There are 2 products in this shop that match Mice, colour black.")
    assert after == {"category = Mice", "colour = black"}


def test_a_question_to_begin_with_says_what_the_talk_is_about(chatbot: Chatbot) -> None:
    turn, _, after = talk(chatbot, "how many mice do you have under 30?")
    assert turn.text.startswith("There are 3 products in this shop that match Mice, price under 30.")
    assert after == {"category = Mice", "price < 30"}
    assert turn.acts[0] is AgentAct.INFORM


def test_what_is_not_carried_is_not_counted(chatbot: Chatbot) -> None:
    turn, _, after = talk(chatbot, "a mouse", "how many bananas do you sell?")
    assert "banana" in turn.text
    assert "4" not in turn.text
    assert after == {"category = Mice"}


def test_words_that_no_slot_carries_are_looked_up_in_the_records(chatbot: Chatbot) -> None:
    turn, _, _ = talk(chatbot, "a mouse", "how many with a rubber wheel?")
    assert turn.text == "There is one product in this shop that matches Mice, “rubber wheel”."


def test_they_are_those_shown_and_the_whole_range_besides(chatbot: Chatbot, catalog: Catalog) -> None:
    short = Chatbot.open(catalog.path, cards=2)
    turn, _, _ = talk(short, "a mouse", "what do they cost?")
    assert turn.text.endswith("Price goes from 12.00 USD to 59.00 USD (4 products).")
    assert len({f.item for f in turn.facts}) == 2
    turn, _, _ = talk(chatbot, "a mouse", "what do they cost?")
    assert "goes from" not in turn.text


CAMERAS = [
    {"id": f"k{n}", "title": f"Finder {n} camera", "category": "Cameras", "price": 100 + n, "release_date": day}
    for n, day in enumerate(("05/11/2019", "28/02/2021", "13/06/2020", "28/02/2021", "30/01/2018"), 1)
]


@pytest.mark.parametrize(
    ("question", "said", "about"),
    [
        (
            "what's your newest camera?",
            "The newest release date here is 28/02/2021: Finder 2 camera and Finder 4 camera.",
            ("k2", "k4"),
        ),
        ("what's the oldest camera you have?", "The oldest release date here is 30/01/2018: Finder 5 camera.", ("k5",)),
        ("最新的相机是哪款？", "上市时间最新的是 28/02/2021：Finder 2 camera和Finder 4 camera。", ("k2", "k4")),
    ],
)
def test_newest_is_told_by_day(tmp_path: Path, question: str, said: str, about: tuple[str, ...]) -> None:
    feed, db = tmp_path / "cameras.jsonl", tmp_path / "cameras.db"
    feed.write_text("\n".join(map(json.dumps, CAMERAS)), "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--db", str(db), "--no-embed", "--currency", "USD"])
    assert done.exit_code == 0, done.output
    turn, _, _ = talk(Chatbot.open(db), "a camera", question)
    assert (turn.text, turn.about) == (said, about)
    assert tuple(s.candidate.product.id for s in turn.suggestions) == about
