"""Trouble with a thing already bought is a question to the shop; a policy beside a wish is asked with it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from aisle.cli import main
from chatbot.events import Finished, Turn
from chatbot.trouble import told
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState, UserAct
from tests.chatbot.conftest import ROWS

HELP = """# Help

## What if something arrives broken?

Send us a photograph within 14 days.

## How long is the warranty?

Two years, kettles three.

## Can I return something?

Yes, within four weeks.

## How long does delivery take?

Two days.

## How do I reach you?

Call 555 0142.
"""


@pytest.fixture(scope="module")
def helpful(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    folder = tmp_path_factory.mktemp("helpful")
    feed, help, db = folder / "small.jsonl", folder / "help.md", folder / "small.db"
    feed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "utf-8")
    help.write_text(HELP, "utf-8")
    done = CliRunner().invoke(main, ["import", str(feed), "--faq", str(help), "--db", str(db), "--no-embed"])
    assert done.exit_code == 0, done.output
    return Chatbot.open(db)


def answered(chatbot: Chatbot, text: str) -> Turn:
    *_, end = chatbot.turn(DialogueState(), text)
    assert isinstance(end, Finished)
    return end.turn


@pytest.mark.parametrize(
    "text",
    [
        "this is ridiculous, the kettle i got is smashed and nobody answers my emails",
        "the mouse broke after a week",
        "the zip on my jacket broke after two months",
        "the shoes i bought dont fit",
        "my kettle came without the lid",
        "you sent me the wrong colour",
        "the jacket arrived torn",
        "I received a broken kettle",
        "the mouse won't turn on, i bought it last week",
        "the jacket I bought is too small, I want a refund",
        "我买的水壶坏了",
        "我的椅子少了个轮子",
        "你们发错货了，我要的是黑色的",
        "鞋子收到不合脚",
        "用了两天就坏了",
    ],
)
def test_trouble_with_a_thing_bought_wishes_for_nothing(chatbot: Chatbot, text: str) -> None:
    assert told(text)
    turn = answered(chatbot, text)
    assert (turn.user_acts, turn.acts) == ((UserAct.FAQ,), (AgentAct.FAQ,))
    assert (turn.ledger, turn.suggestions) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "my old mouse died, I travel a lot and dad loves coffee",
        "my mouse broke, I need a new one",
        "a jacket that doesn't tear",
        "I need a jacket, mine is torn",
        "a mouse that won't break after a month",
        "the first one is too small",
        "I got a new dog, looking for a bed",
        "what if something arrives broken?",
        "my back hurts at the desk",
        "do you have a kettle that came without a cable",
        "is this too big? I bought a medium last time",
        "I ordered a small one last year and it broke, any bigger ones?",
        "我的水壶坏了，想买个新的",
        "推荐一款水壶，不合适能换吗",
        "这个太大了",
    ],
)
def test_wish_with_its_story_stays_a_wish(text: str) -> None:
    assert not told(text)


def test_trouble_is_answered_from_the_shop_s_own_words(helpful: Chatbot) -> None:
    turn = answered(helpful, "the kettle i got arrived broken and nobody answers my emails")
    assert [q.question for q in turn.quoted] == ["What if something arrives broken?"]
    both = answered(helpful, "the kettle I bought broke, get me a person")
    assert set(both.acts) == {AgentAct.HANDOFF, AgentAct.FAQ}
    assert both.suggestions == ()


@pytest.mark.parametrize(
    ("text", "question", "kind"),
    [
        ("need a kettle with 3 years warranty", "How long is the warranty?", "Kettles"),
        ("I need a kettle by tomorrow, is that possible", "How long does delivery take?", "Kettles"),
        ("show me a jacket, if it doesn't fit can I exchange it", "Can I return something?", "Jackets"),
    ],
)
def test_policy_is_quoted_beside_the_wish_that_depends_on_it(
    helpful: Chatbot, text: str, question: str, kind: str
) -> None:
    turn = answered(helpful, text)
    assert [q.question for q in turn.quoted] == [question]
    assert [w.text for w in turn.ledger] == [f"category = {kind}"]
    assert {AgentAct.FAQ, AgentAct.RECOMMEND} <= set(turn.acts)


def test_wish_for_a_person_where_there_is_none_quotes_how_to_reach_the_shop(helpful: Chatbot) -> None:
    turn = answered(helpful, "human please")
    assert (turn.handoff, [q.question for q in turn.quoted]) == ("absent", ["How do I reach you?"])
