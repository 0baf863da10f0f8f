"""A product's page is open: what "this one" and "it" mean there, before and after anything is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot.context import Context
from chatbot.events import Finished, Turn
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState


def talk(chatbot: Chatbot, *messages: str | tuple[str, str | None], item: str | None = "m1") -> Turn:
    """The last turn of a talk on an item's page; a message may name another page."""
    state, turn = DialogueState(), None
    for message in messages:
        text, page = (message, item) if isinstance(message, str) else message
        *_, end = chatbot.turn(state, text, context=Context(page))
        assert isinstance(end, Finished)
        state, turn = end.state, end.turn
    assert turn is not None
    return turn


def ids(turn: Turn) -> list[str]:
    return [card.candidate.product.id for card in turn.suggestions]


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("is this one bluetooth?", "bluetooth", True),
        ("does it have bluetooth?", "bluetooth", True),
        ("how heavy is it?", "weight", 95.0),
        ("what colour is this?", "colour", "black"),
        ("do you have this in black?", "colour", "black"),
        ("how much is it", "price", 24.9),
        ("weight?", "weight", 95.0),
        ("这个有蓝牙吗", "bluetooth", True),
        ("这款多重", "weight", 95.0),
        ("这个多少钱", "price", 24.9),
    ],
)
def test_question_is_about_the_page_from_the_first_message(
    chatbot: Chatbot, text: str, slot: str, value: object
) -> None:
    turn = talk(chatbot, text)
    assert turn.about == ("m1",)
    assert [(f.item, f.fact.slot, f.fact.value) for f in turn.facts] == [("m1", slot, value)]
    assert turn.ledger == ()


@pytest.mark.parametrize("text", ["is it waterproof?", "is it in stock?", "这款有货吗"])
def test_what_the_record_lacks_is_not_known(chatbot: Chatbot, text: str) -> None:
    turn = talk(chatbot, text)
    assert (turn.about, turn.facts, [q.items for q in turn.unknown]) == (("m1",), (), [("m1",)])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("is it bluetooth, and can I send it back?", ("bluetooth, yes", "policies (returns)")),
        ("is it waterproof? can I return it?", ("does not say: waterproof", "policies (returns)")),
        ("这款有蓝牙吗？可以退货吗？", ("蓝牙，有", "退换货政策")),
    ],
)
def test_fact_and_policy_are_both_answered(chatbot: Chatbot, text: str, parts: tuple[str, str]) -> None:
    turn = talk(chatbot, text)
    assert set(turn.acts) == {AgentAct.INFORM, AgentAct.FAQ}
    assert all(part in turn.text for part in parts)
    assert turn.about == ("m1",)


@pytest.mark.parametrize(
    "text", ["anything like this but cheaper", "something cheaper", "比这个便宜的", "有没有类似但便宜一点的"]
)
def test_cheaper_is_of_its_kind_and_below_its_price(chatbot: Chatbot, text: str) -> None:
    turn = talk(chatbot, text)
    assert [w.text for w in turn.ledger] == ["category = Mice", "price < 24.9"]
    assert ids(turn) == ["m2"]


@pytest.mark.parametrize("text", ["something similar", "any alternatives?", "有没有类似的"])
def test_others_like_it_are_of_its_kind_and_not_it(chatbot: Chatbot, text: str) -> None:
    turn = talk(chatbot, text)
    assert [w.text for w in turn.ledger] == ["category = Mice"]
    assert sorted(ids(turn)) == ["m2", "m3", "m4"]


def test_others_like_it_open_a_need_beside_another(chatbot: Chatbot) -> None:
    turn = talk(chatbot, ("show me kettles", None), "anything like this but cheaper")
    assert [(n.query, n.id in turn.active) for n in turn.needs] == [("kettle", False), ("mice", True)]
    assert ids(turn) == ["m2"]


def test_page_is_taken_and_compared(chatbot: Chatbot) -> None:
    assert talk(chatbot, "I'll take it").about == ("m1",)
    assert talk(chatbot, "compare this with the boulder mouse").about == ("m1", "m3")
    assert talk(chatbot, "show me kettles", "compare this with the second one").about == ("m1", "k2")


def test_this_one_stays_the_page_until_a_card_is_spoken_of(chatbot: Chatbot) -> None:
    assert talk(chatbot, "show me kettles", "is this one heavy?").about == ("m1",)
    assert talk(chatbot, "show me kettles", "how heavy is the second one?").about == ("k2",)
    assert talk(chatbot, "show me kettles", "how heavy is the second one?", "is it red?").about == ("k2",)
    assert talk(chatbot, "show me kettles", "how heavy is the second?", ("is it black?", "m3")).about == ("m3",)
    assert talk(chatbot, "how heavy is it?", ("is it black?", None)).about == ("m1",)  # the page was left


def test_unknown_page_is_no_page(chatbot: Chatbot) -> None:
    turns = [talk(chatbot, "a mouse", "the first one please", item=item) for item in ("nope", None)]
    assert replace(turns[0], ms={}) == replace(turns[1], ms={})
