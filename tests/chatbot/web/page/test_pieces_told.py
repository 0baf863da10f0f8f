"""What a turn tells beside its cards: comparisons, records, quotes, orders, a person's words, and reasons marked."""

from __future__ import annotations

from typing import Any

import pytest

from chatbot.context import Order
from chatbot.service import order_words
from chatbot.types import Language
from chatbot.web.page.pieces import Story
from chatbot.web.page.pieces_card import Manner
from chatbot.web.page.pieces_reason import reason
from chatbot.web.page.pieces_told import comparison, details, note, order, quotes
from tests.chatbot.web.conftest import Visitor
from tests.chatbot.web.page.test_pieces import Seen, line, printed

HERE = Manner("en", "en", "en")


@pytest.fixture
def card(visitor: Visitor) -> dict[str, Any]:
    turn: dict[str, Any] = visitor.say("a mouse").json()
    return {**turn["suggestions"][0]}


def test_comparison_is_a_table_with_pictures_and_marks_what_differs(card: dict[str, Any]) -> None:
    rows = [
        {"slot": "price", "values": ["24.9", ""], "differs": True},
        {"slot": "<i>", "values": ["a", "a"], "differs": False},
    ]
    table = {"items": ["m-1", "m-9"], "rows": rows}
    seen = Seen(comparison(table, {"m-1": card}, Manner("zh", "zh", "en")))
    assert seen.text == "有差异Pebble wireless mousem-9价格24.9–<i>aa"
    assert [c for c in seen.attributes["class"] if c in ("differs", "same")] == ["differs", "same"]
    assert seen.attributes["src"] == ["/media/pictures/pebble.svg"]
    assert seen.attributes["aria-label"] == ["对比", "（有差异）"]
    assert comparison(None, {}, HERE) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Pebble wireless mouse$24.90weight95 gwirelessyescolourblack · red"),
        ("zh", "Pebble wireless mouse$24.90重量95 克连接方式是颜色黑色 · 红色"),
    ],
)
def test_details_are_every_fact_with_its_unit(card: dict[str, Any], language: Language, text: str) -> None:
    facts: list[dict[str, Any]] = [
        {"id": "m-1", "slot": "title_zh", "value": "无线鼠标", "unit": None},  # it stands beside the picture
        {"id": "m-1", "slot": "weight", "value": 95, "unit": "g"},
        {"id": "m-1", "slot": "wireless", "value": True, "unit": None},
        {"id": "m-1", "slot": "colour", "value": ["black", "red"], "unit": None},
    ]
    shown = details(facts, {"m-1": card}, Manner(language, language, "en"))
    assert Seen(shown).text == text
    assert details([], {}, HERE) == ""


def test_answer_of_the_shop_s_own_is_a_quote_with_its_link() -> None:
    quoted = {
        "question": "Returns?",
        "answer": "30 days.\n\nUnused.",
        "source": "Returns",
        "url": "https://shop.example/r",
    }
    seen = Seen(quotes([quoted, quoted | {"url": "javascript:alert(1)", "source": ""}], "en"))
    assert seen.text == (
        "Returns?30 days.Unused.The shop's own words. Returns?Returns?30 days.Unused.The shop's own words."
    )
    assert seen.attributes["href"] == ["https://shop.example/r"]


@pytest.mark.parametrize("url", [None, "https://shop.example/r"])
def test_what_is_quoted_is_said_once(visitor: Visitor, url: str | None) -> None:
    quoted = {"question": "Returns?", "answer": "30 days.", "source": "help.md", "url": url}
    told = "The shop says on “Returns?”: 30 days." + (f" ({url})" if url else "")
    turn = visitor.say("a mouse under 20").json() | {"text": f"Nothing. {told}", "quoted": [quoted]}
    seen = Seen(printed([turn]))
    assert (seen.text.count("30 days."), "Nothing.Returns?" in seen.text) == (1, True)


def test_order_is_shown_only_as_the_shop_stated_it() -> None:
    told = {
        "found": "found",
        "number": "A-7",
        "status": "shipped",
        "eta": "2026-11-24",
        "url": "https://shop.example/o/7",
    }
    assert Seen(order(told, "en")).text == "OrderA-7StatusshippedExpected2026-11-24See it in the shop"
    assert Seen(order(told | {"eta": "", "url": ""}, "zh")).text == "订单A-7状态shipped"
    assert [order(told | {"found": f}, "en") for f in ("absent", "unknown", "failed")] == ["", "", ""]
    assert order(None, "en") == ""


def test_what_the_shop_states_of_an_order_is_said_once(visitor: Visitor) -> None:
    told: dict[str, Any] = {"found": "found", "number": "A-7", "status": "shipped", "eta": "", "url": ""}
    words = order_words(Order(**told), "en")
    turn = visitor.say("a mouse under 20").json() | {"text": words, "order": told}
    assert Seen(printed([turn])).text.startswith("a mouse under 20OrderA-7Statusshipped")


def test_person_s_words_stand_where_they_were_written(visitor: Visitor) -> None:
    turns = [visitor.say("a mouse", "m1").json(), visitor.say("another", "m2").json()]
    notes = [
        {"number": 3, "name": "Mia", "text": "Hello <b>", "after": 1},
        {"number": 5, "name": "", "text": "Bye", "after": 2},
    ]
    html = printed(turns, notes=notes)
    order_of = sorted((html.index(f'data-{what}"'), what) for what in ('turn="1', 'turn="2', 'note="3', 'note="5'))
    assert [what for _, what in order_of] == ['turn="1', 'note="3', 'turn="2', 'note="5']
    assert Seen(note(notes[0], "en")).text == "MiaHello <b>"
    assert Seen(note(notes[1], "en")).text == "A person of the shopBye"
    assert Story().person == ("bot", "")


WISHES = [
    line("price <= 150", slot="price", wish="w1"),
    line("noise_cancelling = true", slot="noise_cancelling", op="=", value=True, wish="w2"),
    line("category = Headphones", slot="category", op="=", value="Headphones", wish="w3"),
    line("train", slot="text", op="~", value="train", wish="w4"),
]
EVIDENCE = [
    {"slot": "category", "value": "Headphones"},
    {"slot": "price", "value": 119, "unit": "USD"},
    {"slot": "noise_cancelling", "value": True},
    {"slot": "weight", "value": 200},
]


@pytest.mark.parametrize(
    ("said", "by", "marked"),
    [
        (
            "Headphones; price 119.00 USD (at most 150); noise cancelling",
            "embedded",
            [("w3", "Headphones"), ("w1", "price 119.00 USD (at most 150)"), ("w2", "noise cancelling")],
        ),
        ("Quiet noise cancelling for 119 USD.", "llm", [("w2", "noise cancelling"), ("w1", "119")]),
        ("For the train; 1190 reviews; 119.5 hours", "llm", []),
        ("", "embedded", []),
    ],
)
def test_parts_of_a_reason_that_meet_a_wish_are_marked(said: str, by: str, marked: list[tuple[str, str]]) -> None:
    html = reason({"reason": said, "evidence": EVIDENCE, "ranked_by": by}, WISHES, "en", "en")
    seen = Seen(html)
    assert seen.text == said
    assert seen.attributes.get("data-wish", []) == [wish for wish, _ in marked]
    assert [part.partition(">")[2].partition("</mark>")[0] for part in html.split("<mark")[1:]] == [
        t for _, t in marked
    ]


def test_wish_that_was_given_up_is_not_marked_as_met(visitor: Visitor) -> None:
    turn = visitor.say("a mouse under 30").json()
    (card, *_) = turn["suggestions"]
    evidence = {"evidence": [{"slot": "price", "value": 24.9}], "reason": "price 24.90 USD"}
    turn["suggestions"] = [card | evidence]
    assert Seen(printed([turn])).attributes["data-wish"] == ["w1"]
    assert "data-wish" not in Seen(printed([turn | {"relaxed": ["price <= 30"]}])).attributes
