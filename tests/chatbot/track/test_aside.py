"""What is said to the assistant itself stands apart from what is said of products, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.steps import Standing
from chatbot.track.aside import NO_BUSINESS, Aside, alone, apart, noted, topics_of
from chatbot.types import DialogueState, Pending, Shown, StateUpdate, UserAct

NEW = DialogueState()
IN_HAND = DialogueState(focus=("m1",))


def heard(text: str, state: DialogueState = NEW, waiting: bool = False) -> tuple[tuple[str, ...], str]:
    aside = apart(text, state, lambda: waiting)
    return aside.topics, aside.rest


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("are you a human?", "machine"),
        ("Sorry but are you an actual person or just a bot lol", "machine"),
        ("is this AI?", "machine"),
        ("am I talking to a real person", "machine"),
        ("You're not a real person, are you?", "machine"),
        ("prove you are human", "machine"),
        ("would you call yourself an artificial intelligence", "machine"),
        ("might you be a machine?", "machine"),
        ("你是机器人吗", "machine"),
        ("您是真人吗？", "machine"),
        ("请问你是人工还是AI", "machine"),
        ("你們是真人嗎", "machine"),
        ("我在跟机器人聊天吗", "machine"),
        ("what are you?", "identity"),
        ("hello, who are you?", "identity"),
        ("你是谁", "identity"),
        ("what can you do?", "abilities"),
        ("你能帮我做什么", "abilities"),
        ("help", "abilities"),
        ("are you chatgpt?", "machine model"),
        ("which model are you", "model"),
        ("你用的什么模型", "model"),
        ("who made you?", "maker"),
        ("谁开发了你", "maker"),
        ("which engineers designed you", "maker"),
        ("what do you keep about me?", "kept"),
        ("is this conversation recorded?", "kept"),
        ("你会保存我的聊天记录吗", "kept"),
        ("are you there?", "here"),
        ("how are you today", "mood"),
        ("你好吗", "mood"),
        ("i love you", "feelings"),
        ("you are useless", "insult"),
        ("傻逼", "insult"),
        ("good bot", "praise"),
        ("i feel so lonely", "low"),
        ("i want to kill myself", "crisis"),
        ("我不想活了", "crisis"),
        ("I have a headache, what should I take?", "health"),
        ("can I sue my landlord", "law"),
        ("what time is it", "world"),
        ("do you speak Chinese?", "tongue"),
        ("👍🏽", "ok"),
        ("?", "noise"),
        ("x", "noise"),
        ("I don't need a person any more", "stay"),
        ("不用找人工了", "stay"),
    ],
)
def test_whole_messages_to_the_assistant(text: str, topics: str) -> None:
    assert heard(text) == (tuple(topics.split()), "")


@pytest.mark.parametrize(
    "text",
    [
        "are you sure this is a real leather?",
        "is this AI camera good?",
        "is it a real one?",
        "robot vacuum",
        "扫地机器人",
        "推荐一个扫地机器人",
        "你们卖机器人吗",
        "do you have robots",
        "which model is the lightest",
        "what can this laptop do?",
        "what is this made of",
        "who made this laptop",
        "can you help me find a tent",
        "do you keep laptops in stock",
        "are you open on sunday",
        "would you recommend a robot",
        "can you get me a real person",
        "what is the name of the tent you showed me",
        "I need a tent, can you help?",
        "I never got my parcel and I don't want to wait any more",
        "a steak grill, well done",
        "my parcel is not here yet. What's going on?",
        "the lamp came broken, how can you help me?",
        "could you help me contacting a person?",
        "can i speak to a human",
        "人工客服",
        "my baby has a cough, do you have humidifiers",
        "我腰疼，适合什么椅子",
        "i am bored, show me games",
        "i love this tent",
        "my bag is useless",
        "你喜欢帐篷吗",
        "你们是哪家公司",
        "hi",
        "thanks",
        "1",
        "m",
        "",
    ],
)
def test_product_and_service_talk_is_left_alone(text: str) -> None:
    assert heard(text) == ((), text)


@pytest.mark.parametrize(
    ("text", "topics", "rest"),
    [
        ("are you a robot or a person? show me laptops under 900", ("machine",), "show me laptops under 900"),
        ("are you human? and what does delivery cost?", ("machine",), "and what does delivery cost?"),
        ("a tent for 2. btw are you a bot", ("machine",), "a tent for 2."),
        ("你是机器人吗？我想买帐篷", ("machine",), "我想买帐篷"),
        ("you are great, what about tents", ("praise",), "what about tents"),
        ("are you ai or is there a person i could talk to", ("machine",), "is there a person i could talk to"),
        ("I don't need a person, show me the cheapest", ("stay",), "show me the cheapest"),
        ("what's your name and what can you do?", ("identity", "abilities"), ""),
    ],
)
def test_mixed_messages_are_cut(text: str, topics: tuple[str, ...], rest: str) -> None:
    assert heard(text) == (topics, rest)


def test_what_could_be_about_the_product_in_hand_is() -> None:
    asked = ("is it a robot", "is this automated", "is this AI?")
    assert [heard(text)[0] for text in asked] == [("machine",)] * 3
    assert [heard(text, IN_HAND)[0] for text in asked] == [(), (), ("machine",)]


def test_a_letter_answers_a_question() -> None:
    assert heard("x", DialogueState(pending=Pending(slot="size"))) == ((), "x")


@pytest.mark.parametrize("text", ["never mind", "no need any more", "forget it", "不用了", "算了"])
def test_never_mind_is_the_person_who_is_waited_for(text: str) -> None:
    assert heard(text) == ((), text)
    assert heard(text, waiting=True) == (("stay",), "")
    changed = DialogueState(turn=3, undo=(Standing(3),))
    shown = DialogueState(turn=3, shown=(Shown(3, ((1, "m1"),)),))
    assert heard(text, changed, waiting=True) == heard(text, shown, waiting=True) == ((), text)
    assert heard(text, replace(shown, turn=4), waiting=True) == (("stay",), "")


def test_whether_a_person_is_waited_for_is_asked_only_where_it_matters() -> None:
    def asked() -> bool:
        raise AssertionError

    assert apart("a tent under 200", NEW, asked) == Aside("a tent under 200")
    assert apart("are you a bot", NEW, asked).topics == ("machine",)


def test_updates() -> None:
    asked, ill = apart("你是谁", NEW, bool), apart("what medicine should i take", NEW, bool)
    assert alone(asked, NEW) == StateUpdate((UserAct.CHITCHAT,), topics=("identity",), language="zh")
    assert alone(ill, NEW) == StateUpdate((UserAct.OTHER,), topics=("health",))
    assert set(ill.topics) <= NO_BUSINESS
    wish = StateUpdate((UserAct.INFORM,))
    assert noted(wish, asked) == StateUpdate((UserAct.INFORM, UserAct.CHITCHAT))
    assert noted(wish, Aside("a tent")) == wish


def test_questions_of_a_shop_s_own() -> None:
    assert topics_of("Am I chatting with a human?") == {"machine"}
    assert topics_of("How long does delivery take?") == frozenset()


@given(st.text(max_size=200), st.booleans())
def test_nothing_is_lost_where_nothing_is_heard(text: str, waiting: bool) -> None:
    aside = apart(text, NEW, lambda: waiting)
    assert bool(aside.words) == bool(aside.topics)
    assert aside.topics or aside.rest == text
