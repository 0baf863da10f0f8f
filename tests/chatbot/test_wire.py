"""The Turn document of the contract, whole."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.types import Constraint, Fact, Money, Product, Quantity, UnitPrice, Variant
from catalog.types import Order as Sorted
from chatbot.context import Order
from chatbot.events import Turn
from chatbot.gestures import Gesture
from chatbot.quoted import Quoted
from chatbot.types import (
    AgentAct,
    Dropped,
    Figure,
    ItemFact,
    Need,
    Question,
    Row,
    Suggestion,
    Table,
    Text,
    UserAct,
    Wish,
)
from chatbot.wire import turn_to_json, wish_to_json
from retrieval.types import Candidate

HP = Wish("w2", 1, Constraint.parse("brand = HP"), True, 1)
BUDGET = Wish("w3", 1, Constraint.parse("price <= 30"), True, 1)
MOUSE = Product(
    "m1",
    "Pebble Wireless Mouse",
    (
        Variant(
            "m1-b",
            Money(24.9, "USD"),
            3,
            {"colour": ("black",), "length": (Quantity(1.0, 1.0, "m", "1 m"),)},
            was=Money(29.9, "USD"),
            availability="backorder",
            url="https://shop.example/m1?black",
            unit_price=UnitPrice(Money(0.25, "USD"), 100.0, "g"),
        ),
    ),
    brand="Logira",
    category=("Peripherals", "Mice"),
    rating=4.5,
    availability="in stock",
    url="https://shop.example/m1",
    image="m1.svg",
    adult=True,
    tax="incl. VAT",
)
CARD = Suggestion(
    "i7",
    1,
    1,
    Candidate(MOUSE, MOUSE.variants[0], 0.81234),
    "price 24.9 USD",
    (Fact("price", 24.9, "USD"), Fact("rating", 4.5)),
    "embedded",
    title="鹅卵石无线鼠标",
)
TURN = Turn(
    number=3,
    user="鼠标，30 以内",
    language="zh",
    user_acts=(UserAct.INFORM, UserAct.REQUEST),
    acts=(AgentAct.RECOMMEND, AgentAct.INFORM),
    text="为您找到这些商品。",
    ledger=(BUDGET,),
    dropped=(Dropped(HP, "shopper", 3),),
    needs=(Need(1, "鼠标", (BUDGET,)), Need(2, "水壶")),
    active=(1,),
    refers_to=("m1",),
    about=("m1", "m2"),
    relaxed=(Constraint.parse("weight <= 1.4 kg"),),
    table=Table(("m1", "m2"), (Row("price", ("24.9 USD", ""), True),)),
    suggestions=(CARD,),
    quick_replies=("便宜点的",),
    figures=(
        Figure("count", None, (4.0,), within=("category = Mice",)),
        Figure("range", "price", (12.0, 59.5), unit="USD"),
        Figure("counts", "colour", (2.0, 1.0), ("black", "grey")),
    ),
    facts=(ItemFact("m1", Fact("weight", 95.0, "g")), ItemFact("m1", Fact("bluetooth", True))),
    quoted=(
        Quoted("能退货吗？", "30 天内可以退货。", "returns.md", "https://shop.example/returns", score=0.91237),
        Quoted("能洗吗？", "可以水洗。", "qa.csv", item="m1"),
    ),
    gesture=Gesture("soften", wish="w3"),
    handoff="kept",
    order=Order("found", "4711", "shipped", "2026-11-25", "https://shop.example/orders/4711"),
    absent=("Bose",),
    unknown=(Question("waterproof", items=("m1",)),),
    took_back=2,
    ms={"track": 3.1, "total": 16.2},
)
DOCUMENT: dict[str, Any] = {
    "dialogue": "d1",
    "turn": 3,
    "user": "鼠标，30 以内",
    "language": "zh",
    "user_acts": ["inform", "request"],
    "act": "recommend",
    "acts": ["recommend", "inform"],
    "text": "为您找到这些商品。",
    "ledger": [
        {"wish": "w3", "need": 1, "slot": "price", "op": "<=", "value": 30, "unit": "USD", "hard": True, "turn": 1}
        | {"text": "price <= 30", "words": "价格 不超过 30"}
    ],
    "dropped": [{"wish": "w2", "text": "brand = HP", "by": "shopper", "turn": 3}],
    "needs": [{"need": 1, "query": "鼠标", "active": True}, {"need": 2, "query": "水壶", "active": False}],
    "refers_to": ["m1"],
    "about": ["m1", "m2"],
    "relaxed": ["weight <= 1.4 kg"],
    "table": {
        "items": ["m1", "m2"],
        "rows": [{"slot": "price", "name": "价格", "values": ["24.9 USD", ""], "differs": True}],
    },
    "suggestions": [
        {
            "impression": "i7",
            "need": 1,
            "rank": 1,
            "id": "m1",
            "title": "鹅卵石无线鼠标",
            "price": 24.9,
            "currency": "USD",
            "was": 29.9,
            "unit_price": {"price": 0.25, "currency": "USD", "amount": 100, "unit": "g"},
            "tax": "incl. VAT",
            "age_restricted": True,
            "url": "https://shop.example/m1?black",
            "image": "m1.svg",
            "brand": "Logira",
            "rating": 4.5,
            "availability": "backorder",
            "sold_out": False,
            "variant": {"id": "m1-b", "stock": 3, "options": {"colour": ["black"], "length": ["1 m"]}},
            "options": {"colour": ["black"], "length": ["1 m"]},
            "variants": 1,
            "reason": "price 24.9 USD",
            "evidence": [
                {"slot": "price", "value": 24.9, "unit": "USD", "name": "价格"},
                {"slot": "rating", "value": 4.5, "name": "评分"},
            ],
            "score": 0.8123,
            "ranked_by": "embedded",
        }
    ],
    "quick_replies": ["便宜点的"],
    "figures": [
        {"measure": "count", "slot": None, "value": 4, "unit": None, "within": ["category = Mice"]},
        {"measure": "range", "slot": "price", "value": [12, 59.5], "unit": "USD", "within": []},
        {"measure": "counts", "slot": "colour", "value": {"black": 2, "grey": 1}, "unit": None, "within": []},
    ],
    "facts": [
        {"id": "m1", "slot": "weight", "value": 95, "unit": "g", "name": "重量", "words": "95 克"},
        {"id": "m1", "slot": "bluetooth", "value": True, "unit": None, "name": "蓝牙", "words": "是"},
    ],
    "quoted": [
        {"question": "能退货吗？", "answer": "30 天内可以退货。", "source": "returns.md"}
        | {"url": "https://shop.example/returns", "item": None, "score": 0.9124},
        {"question": "能洗吗？", "answer": "可以水洗。", "source": "qa.csv", "url": None, "item": "m1", "score": 1.0},
    ],
    "gesture": {"type": "soften", "items": [], "wish": "w3"},
    "handoff": "kept",
    "order": {"found": "found", "number": "4711", "status": "shipped", "eta": "2026-11-25"}
    | {"url": "https://shop.example/orders/4711"},
    "absent": ["Bose"],
    "unknown": [{"items": ["m1"], "slot": None, "words": "waterproof"}],
    "took_back": 2,
    "tracked_by": "embedded",
    "ranked_by": "embedded",
    "degraded": False,
    "llm_calls": 0,
    "tokens": {"prompt": 0, "cached": 0, "completion": 0},
    "ms": {"track": 3.1, "total": 16.2},
}


def test_turn_is_the_document_of_the_contract() -> None:
    assert turn_to_json(TURN, "d1", "USD") == DOCUMENT


def test_card_without_price_or_variant_holds_nulls() -> None:
    bare = Suggestion("i1", 1, 1, Candidate(Product("x", "Thing", ()), None, 0.5), "Thing", (), "recall")
    (card,) = turn_to_json(Turn(1, "", "en", (), (), "", suggestions=(bare,)), "d")["suggestions"]
    assert card == {
        "impression": "i1",
        "need": 1,
        "rank": 1,
        "id": "x",
        "title": "Thing",
        "price": None,
        "currency": None,
        "was": None,
        "unit_price": None,
        "tax": None,
        "age_restricted": False,
        "url": None,
        "image": None,
        "brand": None,
        "rating": None,
        "availability": None,
        "sold_out": False,
        "variant": None,
        "options": {},
        "variants": 0,
        "reason": "Thing",
        "evidence": [],
        "score": 0.5,
        "ranked_by": "recall",
    }


@pytest.mark.parametrize(
    ("what", "op", "value", "unit", "words"),
    [
        (Constraint.parse("price <= 30"), "<=", 30, "USD", "price at most 30"),
        (Constraint.parse("price <= 30 EUR"), "<=", 30, "EUR", "price at most 30 EUR"),
        (Constraint.parse("weight <= 1.4 kg"), "<=", 1.4, "kg", "weight at most 1.4 kg"),
        (Constraint.parse("seats >= 3"), ">=", 3, None, "seats at least 3, nearest first"),
        (Constraint.parse("brand in [HP, Dell]"), "in", ["HP", "Dell"], None, "HP / Dell"),
        (Constraint.parse("bluetooth = true"), "=", True, None, "bluetooth yes"),
        (Sorted("price", "asc"), "sort", "asc", None, "lowest price first"),
        (Text("for my mother"), "~", "for my mother", None, "“for my mother”"),
    ],
)
def test_ledger_line(what: Constraint | Sorted | Text, op: str, value: object, unit: str | None, words: str) -> None:
    line = wish_to_json(Wish("w1", 2, what, False, 4), "USD")
    slot = "text" if isinstance(what, Text) else what.slot
    assert line == {
        "wish": "w1",
        "need": 2,
        "slot": slot,
        "op": op,
        "value": value,
        "unit": unit,
        "hard": False,
        "turn": 4,
        "text": str(what),
        "words": words,
    }
