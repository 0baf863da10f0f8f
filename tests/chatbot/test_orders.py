"""Orders: the number is found by its form and kept from whoever reads the rest, and only the shop's system is quoted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.context import Context, Order, Told
from chatbot.events import Finished, Turn
from chatbot.orders import PUT, Said, apart, masked
from chatbot.personal import without_personal
from chatbot.turn import Chatbot
from chatbot.types import AgentAct, DialogueState, UserAct

SHIPPED = Order("found", "4711", "shipped", "2026-11-25", "https://shop.example/orders/4711")


@dataclass
class Counter:
    """A shop that knows one order, and tells what becomes of a wish for a person."""

    told: Told = "kept"
    signed: bool = True
    wishes: list[tuple[int, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    staffed: bool = True
    waiting: bool = False

    def leave(self) -> bool:
        was, self.waiting = self.waiting, False
        return was

    def handoff(self, state: DialogueState, message: str) -> Told:
        self.wishes.append((state.turn, message))
        self.waiting = True
        return self.told

    def order(self, number: str) -> Order:
        self.asked.append(number)
        if not self.signed:
            return Order("unsigned", number)
        if not number:
            return Order("unnamed")
        return SHIPPED if number == "4711" else Order("unknown", number)


def talk(chatbot: Chatbot, counter: Counter | None, *messages: str) -> list[Turn]:
    state, turns = DialogueState(), []
    for message in messages:
        *_, end = chatbot.turn(state, message, context=Context(counter=counter))
        assert isinstance(end, Finished)
        turns.append(end.turn)
        state = end.state
    return turns


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("where is my order 4711?", "4711"),
        ("Where's order #A-10293", "A-10293"),
        ("my order number is 99812, where is it", "99812"),
        ("what's the status of order ORD-2024-0117 please", "ORD-2024-0117"),
        ("any news of my parcel no. 20055?", "20055"),
        ("订单号 20241105001 到哪了？", "20241105001"),
        ("查一下订单A1234", "A1234"),
        ("4711号订单怎么样了", "4711"),
        ("我的訂單4711到哪了", "4711"),
        ("where is my order A-77?", "A-77"),
        ("when will order B-12 arrive", "B-12"),
        ("where is my order number 5 now", "5"),
        ("status of order no. 5", "5"),
        ("订单A-77到哪了", "A-77"),
        ("track ORD-2024-00123", "ORD-2024-00123"),
        ("ORD-2024-00123 hasn't arrived", "ORD-2024-00123"),
        ("can you track 1Z999AA10123456784 for me", "1Z999AA10123456784"),
        ("where is my order 3 weeks late", ""),
        ("我的订单3天没到", ""),
        ("track my order", ""),
        ("when will my order arrive?", ""),
        ("my package hasn't arrived", ""),
        ("我的订单到哪了", ""),
    ],
)
def test_question_about_an_order_is_known_with_its_number(text: str, number: str) -> None:
    said = apart(text)
    assert (said.number, said.asks) == (number, True)
    assert said.words == (text.replace(number, PUT) if number else text)


@pytest.mark.parametrize(
    "text",
    [
        "I want to order 500 sheets of paper",
        "a mouse under 4711",
        "how do I place an order",
        "is the order of the list by price?",
        "in order to save 500 dollars",
        "in the order of 1000 lumens",
        "what does the package include",
        "is the package heavy",
        "how long does delivery take",
        "多久发货",
        "I want to order A-77",
        "order A4 paper",
        "where can I order 3",
        "where are the WH-1000XM4 headphones",
        "show me an XPS-13",
        "a watch to track 100 sports",
        "I need to track 10k runs",
        "4711",
    ],
)
def test_what_asks_for_no_order_is_left_as_it_is(text: str) -> None:
    assert apart(text) == Said(text)


def test_number_that_was_asked_for_is_taken_bare() -> None:
    assert apart("it's 4711", awaited=True) == Said(f"it's {PUT}", "4711", True)
    assert apart("a mouse under 30 please, no more of this order talk now", awaited=True).number == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [("77", "77"), ("A-77", "A-77"), ("it's 7", "7"), ("the number is #A77, thanks", "A77"), ("订单号是77", "77"), ("77号", "77"), ("the mail says 4711", "4711")],
)  # fmt: skip
def test_short_number_is_taken_where_one_was_asked_for(text: str, number: str) -> None:
    assert apart(text, awaited=True) == Said(text.replace(number, PUT), number, True)


@pytest.mark.parametrize(
    "text", ["a tent for 5", "2 chairs", "a mouse under 300", "one with 16 gb", "15 inch", "under 500"]
)
def test_what_counts_or_costs_is_no_number_of_an_order(text: str) -> None:
    assert apart(text, awaited=True) == Said(text)


@pytest.mark.parametrize(
    "text", ["here it is " * 150 + "!", "is it " * 300, "订单号好的" * 300, "track " * 300, "order no. " * 190]
)
def test_long_messages_are_read_at_once(text: str) -> None:
    begun = time.perf_counter()
    assert apart(text, awaited=True).number == masked(text)[:0]
    assert time.perf_counter() - begun < 1


@given(st.from_regex(r"(?:[A-Z]{1,3}-?)?[0-9]{3,12}", fullmatch=True), st.booleans())
def test_number_never_stays_in_the_words(number: str, awaited: bool) -> None:
    assert apart(f"where is my order {number}", awaited) == Said(f"where is my order {PUT}", number, True)
    assert masked(f"order {number}, and order #{number}") == f"order {PUT}, and order #{PUT}"
    assert without_personal(f"track order {number}, please") == f"track order {PUT}, please"


@given(st.text(max_size=80), st.booleans())
def test_words_are_left_but_for_the_number(text: str, awaited: bool) -> None:
    said = apart(text, awaited)
    assert said.words.replace(PUT, said.number, 1) == text if said.number else said.words == text


def test_order_is_answered_by_the_shop_s_system_alone(chatbot: Chatbot) -> None:
    counter = Counter()
    found, unnamed, named, unknown = talk(
        chatbot, counter, "where is my order 4711?", "track my order", "it's 4711", "and where is my order 815000?"
    )
    assert found.text == "Order 4711: shipped. It is expected on 2026-11-25. More at https://shop.example/orders/4711"
    assert (found.order, found.acts, found.user_acts) == (SHIPPED, (AgentAct.FAQ,), (UserAct.FAQ,))
    assert (found.ledger, found.suggestions, found.user) == ((), (), "where is my order 4711?")
    assert (unnamed.order, unnamed.text) == (Order("unnamed"), "Which order is it? Please tell me its number.")
    assert (named.order, named.text) == (SHIPPED, found.text)
    assert unknown.order == Order("unknown", "815000")
    assert counter.asked == ["4711", "", "4711", "815000"]


def test_short_number_answers_the_question_for_it(chatbot: Chatbot) -> None:
    counter = Counter()
    talk(chatbot, counter, "track my order", "A-77")
    talk(chatbot, counter, "where is my order A-77?")
    talk(chatbot, counter, "track my order", "mice under 30")
    assert counter.asked == ["", "A-77", "A-77", ""]


@pytest.mark.parametrize(
    "text", ["cancel that, I don't need a person", "no person needed", "don't connect me to anyone", "不用人工了"]
)
def test_wish_for_a_person_is_taken_back_and_no_other_wish_with_it(chatbot: Chatbot, text: str) -> None:
    counter = Counter()
    *_, wished, turn = talk(chatbot, counter, "mice under 30", "I want to talk to a human", text)
    assert (wished.handoff, turn.handoff, counter.waiting) == ("kept", "left", False)
    assert (turn.acts, turn.ledger) == ((AgentAct.CONFIRM,), wished.ledger)
    assert [w.text for w in turn.ledger] == ["category = Mice", "price < 30"]


def test_order_is_asked_beside_a_wish(chatbot: Chatbot) -> None:
    (turn,) = talk(chatbot, Counter(), "where is my order 4711? also show me mice under 30")
    assert turn.order == SHIPPED
    assert [w.text for w in turn.ledger] == ["category = Mice", "price < 30"]
    assert (turn.acts, len(turn.suggestions)) == ((AgentAct.FAQ, AgentAct.RECOMMEND), 3)


def test_order_without_proof_or_system(chatbot: Chatbot) -> None:
    (unsigned,) = talk(chatbot, Counter(signed=False), "where is my order 4711?")
    assert "sign in" in unsigned.text
    (chinese,) = talk(chatbot, Counter(), "订单4711到哪了")
    assert chinese.text == "订单 4711：shipped。预计 2026-11-25 送达。详情：https://shop.example/orders/4711"
    (absent,) = talk(chatbot, None, "where is my order 4711?")
    assert absent.order == Order("absent")
    assert absent.text.startswith("I have no information here on the shop's policies (order)")


def test_number_of_an_order_is_in_no_talk_that_a_model_reads(chatbot: Chatbot) -> None:
    state = DialogueState()
    for message in ("track my order", "4711"):
        *_, end = chatbot.turn(state, message, context=Context(counter=Counter()))
        assert isinstance(end, Finished)
        state = end.state
    assert [e.user for e in state.talk] == ["track my order", PUT]


@pytest.mark.parametrize(
    ("told", "english", "chinese"),
    [
        ("absent", "I cannot connect you from this chat", "无法转接"),
        ("kept", "Nobody has confirmed it yet", "还没有人确认"),
        ("told", "The shop's system has confirmed", "商店的系统已确认"),
        ("joined", "A person of the shop is in this conversation", "工作人员已在这个对话里"),
    ],
)
def test_wish_for_a_person_is_answered_by_what_came_of_it(
    chatbot: Chatbot, told: Told, english: str, chinese: str
) -> None:
    counter = Counter(told)
    turn, translated = talk(chatbot, counter, "I want to talk to a human", "转人工")
    assert (turn.handoff, turn.acts) == (told, (AgentAct.HANDOFF,))
    assert english in turn.text
    assert chinese in translated.text
    assert counter.wishes == [(1, "I want to talk to a human"), (2, "转人工")]
