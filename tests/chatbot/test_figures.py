"""Answers about the catalogue as a whole: whole answers over a small shop, every number counted by hand here."""

from __future__ import annotations

import pytest

from catalog.store import Catalog
from catalog.types import Constraint, Fact, Order
from chatbot.answers import answer
from chatbot.facts import Answer
from chatbot.types import Figure, ItemFact, Question


def within(*texts: str) -> tuple[Constraint, ...]:
    return tuple(map(Constraint.parse, texts))


MICE = within("category = Mice")
CASES = [
    (
        Question("how many", measure="count"),
        "There are 9 products in this shop.",
        "本店一共有 9 款商品。",
        Figure("count", None, (9.0,)),
    ),
    (
        Question("how many", measure="count", scope=MICE),
        "There are 4 products in this shop that match Mice.",
        "本店符合“鼠标”的商品有 4 款。",
        Figure("count", None, (4.0,), within=("category = Mice",)),
    ),
    (
        Question("how many", measure="count", scope=within("price >= 110")),
        "There is one product in this shop that matches price at least 110.",
        "本店符合“价格 不低于 110”的商品有 1 款。",
        Figure("count", None, (1.0,), within=("price >= 110",)),
    ),
    (
        Question("how many", measure="count", scope=within("price >= 1100")),
        "There are no products in this shop that match price at least 1100.",
        "本店没有符合“价格 不低于 1100”的商品。",
        Figure("count", None, (0.0,), within=("price >= 1100",)),
    ),
    (
        Question("how many rubber ones", measure="count", mentioning=("rubber",)),
        "There is one product in this shop that matches “rubber”.",
        "本店符合“rubber”的商品有 1 款。",
        Figure("count", None, (1.0,), within=("rubber",)),
    ),
    (
        Question("how many brands", "brand", measure="count", scope=MICE),
        "There are 3 different values of brand: Kensai, Logira, HP.",
        "品牌一共有 3 种：Kensai、Logira、HP。",
        Figure("count", "brand", (3.0,), within=("category = Mice",)),
    ),
    (
        Question("brands", "brand", measure="values", scope=MICE),
        "Brand here: Kensai, Logira, HP.",
        "本店的品牌：Kensai、Logira、HP。",
        Figure("values", "brand", (2.0, 1.0, 1.0), ("Kensai", "Logira", "HP"), within=("category = Mice",)),
    ),
    (
        Question("how many by colour", "colour", measure="counts", scope=MICE),
        "Colour here: black 2, white 1, grey 1.",
        "本店的颜色：black 2 款、white 1 款、grey 1 款。",
        Figure("counts", "colour", (2.0, 1.0, 1.0), ("black", "white", "grey"), within=("category = Mice",)),
    ),
    (
        Question("with bluetooth", "bluetooth", measure="values", scope=MICE),
        "Bluetooth here: yes, no.",
        "本店的蓝牙：是、否。",
        Figure("values", "bluetooth", (2.0, 2.0), ("yes", "no"), within=("category = Mice",)),
    ),
    (
        Question("what kinds", "category", measure="values"),
        "Kind of product here: Mice, Kettles, Jackets.",
        "本店的商品类型：Mice、Kettles、Jackets。",
        Figure("values", "category", (4.0, 3.0, 2.0), ("Mice", "Kettles", "Jackets")),
    ),
    (
        Question("prices", "price", measure="range"),
        "Price goes from 12.00 USD to 120.00 USD (9 products).",
        "价格从 12.00 美元 到 120.00 美元（9 款）。",
        Figure("range", "price", (12.0, 120.0), unit="USD"),
    ),
    (
        Question("weights", "weight", measure="range", scope=within("category = Kettles")),
        "Weight goes from 600 g to 1400 g (3 products).",
        "重量从 600 克 到 1400 克（3 款）。",
        Figure("range", "weight", (600.0, 1400.0), unit="g", within=("category = Kettles",)),
    ),
    (
        Question("average", "rating", measure="mean", scope=within("category = Kettles")),
        "The average rating of 2 products that match Kettles is 4.4.",
        "符合“电水壶”的 2 款商品，平均评分是 4.4。",
        Figure("mean", "rating", (4.4,), within=("category = Kettles",)),
    ),
]


@pytest.mark.parametrize(("question", "said", "said_zh", "figure"), CASES)
def test_figures_of_the_catalogue(
    catalog: Catalog, question: Question, said: str, said_zh: str, figure: Figure
) -> None:
    assert answer(catalog, question, "en") == Answer(said, figures=(figure,))
    assert answer(catalog, question, "zh").text == said_zh


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("parking"), "The shop's records do not say that: parking."),
        (
            Question("capacity", "capacity", measure="mean", scope=MICE),
            "The shop's records of Mice do not say: capacity.",
        ),
        (Question("sizes", "size", measure="values", scope=MICE), "The shop's records of Mice do not say: size."),
    ],
)
def test_what_no_record_says_is_owned_up_to(catalog: Catalog, question: Question, said: str) -> None:
    assert answer(catalog, question, "en") == Answer(said)


def test_dearest_of_the_shop_is_named_with_its_price_and_shown(catalog: Catalog) -> None:
    assert answer(catalog, Question("dearest", "price", measure="max"), "en") == Answer(
        "The highest price here is 120.00 USD: Moor Wool Jacket.",
        (ItemFact("j2", Fact("price", 120.0, "USD")),),
        ("j2",),
        cards=("j2",),
        within=(Order("price", "desc"),),
    )


def test_those_alike_are_named_together(catalog: Catalog) -> None:
    black = within("colour = black", "bluetooth = true")
    found = answer(catalog, Question("lightest", "weight", measure="min", scope=black), "en")
    assert (found.text, found.about) == ("The lowest weight here is 95 g: Pebble Wireless Mouse.", ("m1",))
