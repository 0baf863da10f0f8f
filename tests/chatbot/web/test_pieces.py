"""What the page is made of: all text escaped, and printed from the Turn's JSON."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.types import Language
from chatbot.web import pieces
from chatbot.web.words import WORDS, language_of
from tests.chatbot.web.conftest import Visitor

SHOP = pieces.Shopfront("Mouse & House", 19_406, ("mice",))
LINE = {"wish": "w1", "need": 1, "slot": "price", "op": "<=", "value": 30, "unit": "USD", "hard": True, "turn": 1}


class Seen(HTMLParser):
    """The tags, attributes and text of a piece, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def line(text: str, **more: object) -> dict[str, Any]:
    return LINE | {"text": text} | more


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (24.9, "USD", "$24.90"),
        (1299, "EUR", "€1,299.00"),
        (1980, "JPY", "¥1,980"),
        (5, "PLN", "5.00 PLN"),
        (5, None, "5.00"),
        (None, "USD", ""),
    ],
)
def test_price_is_a_price_tag(amount: float | None, currency: str | None, shown: str) -> None:
    assert pieces.price(amount, currency) == shown


@pytest.mark.parametrize(
    ("wish", "en", "zh"),
    [
        (line("price <= 30"), "price at most 30", "价格 不超过 30"),
        (line("brand not in [HP, Dell]", op="not in"), "not HP / Dell", "不要 HP / Dell"),
        (line("price asc", op="sort", value="asc"), "lowest price first", "价格从低到高"),
        (line("for my mum", slot="text", op="~", value="for my mum"), "“for my mum”", "“for my mum”"),
    ],
)
def test_wish_is_said_in_words(wish: dict[str, Any], en: str, zh: str) -> None:
    assert (pieces.wish(wish, "en"), pieces.wish(wish, "zh")) == (en, zh)


def test_ledger_is_chips_that_name_their_wish() -> None:
    seen = Seen(pieces.ledger([line("price <= 30"), line("brand = HP", wish="w2", hard=False)], "en"))
    assert seen.text == "What I understoodprice at most 30×HP nice to have×"
    assert seen.attributes["data-wish"] == ["w1", "w2"]
    assert seen.attributes["data-event"] == ["take_off", "take_off"]
    assert pieces.ledger([], "en") == ""


def test_chips_stand_need_by_need_and_those_of_the_need_in_hand_first() -> None:
    lines = [line("price <= 30"), line("brand = HP", wish="w2", need=2), line("price <= 9", wish="w3")]
    seen = Seen(pieces.ledger(lines, "en", active=[2]))
    assert seen.attributes["data-wish"] == ["w2", "w1", "w3"]
    assert seen.attributes["class"] == ["ledger", "chip", "apart", "chip", "chip"]
    assert Seen(pieces.ledger(lines, "en")).attributes["data-wish"] == ["w1", "w3", "w2"]


def test_nothing_said_is_a_welcome_with_ways_to_begin() -> None:
    seen = Seen(pieces.transcript([], None, {}, SHOP, "en"))
    assert "I know all 19,406 products here" in seen.text
    assert seen.attributes["data-value"] == ["I'm looking for mice"]
    assert "19,406" in Seen(pieces.transcript([], None, {}, SHOP, "zh")).text


def test_turns_are_printed_as_they_were_answered(visitor: Visitor) -> None:
    visitor.say("a mouse under 30")
    visitor.call("PATCH", "/v1/sessions/current/ledger", {"remove": ["w1"]})
    turns = visitor.call("GET", "/v1/sessions/current").json()["turns"]
    html = pieces.transcript(turns, None, {"i2": "like"}, SHOP, "en")
    seen = Seen(html)
    for part in ("a mouse under 30", "Removed: price at most 30", "Pebble wireless mouse", "$24.90", "3 in stock"):
        assert part in seen.text
    assert seen.attributes["data-item"] == ["m-1", "m/2", "m-1", "m/2", "m-3"]
    assert seen.attributes["href"] == ["https://shop.example/t?a=1&b=2"]
    assert seen.attributes["src"] == ["/media/pictures/pebble.svg"] * 2 + ["https://img.example/t.png"]
    assert seen.attributes["aria-pressed"].count("true") == 1
    assert seen.attributes["data-value"] == ["Cheaper", "Show more"]
    assert "<b>Bold</b> mouse & ${pad}" in seen.text
    assert "b" not in seen.tags


def test_turn_in_the_making_shows_its_stage_and_cards(visitor: Visitor) -> None:
    card = visitor.say("a mouse").json()["suggestions"][0]
    live = pieces.Live("a mouse", stage="recall", cards=[card])
    working = Seen(pieces.transcript([], live, {}, SHOP, "en"))
    assert working.text.endswith("Looking through 19,406 products… Stop")
    assert working.attributes["data-event"][-1] == "leave"
    waiting = Seen(pieces.transcript([], pieces.Live("a mouse", stage=None), {}, SHOP, "zh"))
    assert waiting.text == "a mouse这条消息还没有回答。 重试"
    assert waiting.attributes["data-event"] == ["again"]


def test_answer_that_was_to_be_better_says_so_in_its_language(visitor: Visitor) -> None:
    turn = visitor.say("a mouse").json()
    plain = Seen(pieces.transcript([turn], None, {}, SHOP, "en")).text
    less = [
        Seen(pieces.transcript([turn | {"degraded": True, "language": lang}], None, {}, SHOP, "en"))
        for lang in ("en", "zh")
    ]
    assert "language model" not in plain
    assert "Answered without the full help of the language model." in less[0].text
    assert "这次回答未能完全借助语言模型。" in less[1].text


def test_comparison_is_a_table_with_titles(visitor: Visitor) -> None:
    turn = visitor.say("a mouse").json()
    rows = [
        {"slot": "price", "values": ["24.9", ""], "differs": True},
        {"slot": "<i>", "values": ["a", "a"], "differs": False},
    ]
    turn["table"] = {"items": ["m-1", "m-9"], "rows": rows}
    html = pieces.transcript([turn], None, {}, SHOP, "zh")
    table = Seen(html[html.index("<table>") :].partition("</table>")[0])
    assert table.text == "Pebble wireless mousem-9价格24.9–<i>aa"
    assert table.attributes["class"] == ["differs", "same"]


@pytest.mark.parametrize(
    ("said", "stock", "shown"),
    [
        ("in stock", None, "In stock"),
        ("in_stock", None, "In stock"),
        ("out of stock", None, "Out of stock"),
        ("In Stock", 0, "Out of stock"),
        (None, 3, "3 in stock"),
        ("ships in May", None, "ships in May"),
        (None, None, ""),
    ],
)
def test_stock_is_said_as_known(visitor: Visitor, said: str | None, stock: int | None, shown: str) -> None:
    turn = visitor.say("a mouse").json()
    variant = None if stock is None else {"id": "v", "stock": stock, "options": {}}
    turn["suggestions"] = [turn["suggestions"][2] | {"availability": said, "variant": variant, "options": {}}]
    assert (
        Seen(pieces.transcript([turn], None, {}, SHOP, "en"))
        .text.split("$39.00")[1]
        .startswith(shown + "Tile mouse suits.")
    )


OFFER: dict[str, Any] = {
    "was": 49,
    "tax": "incl. VAT",
    "age_restricted": True,
    "unit_price": {"price": 4.99, "currency": "USD", "amount": 100, "unit": "ml"},
    "options": {"Size": ["M"], "colour": ["red"]},
}


@pytest.mark.parametrize(
    ("language", "tag", "labels"),
    [
        (
            "en",
            "$39.00$49.0018+3 in stockSize M, red$4.99 / 100 ml · incl. VAT",
            ["before: $49.00", "For adults only (18 and over)"],
        ),
        (
            "zh",
            "$39.00$49.0018+现货 3 件尺码 M、red$4.99 / 100 ml · incl. VAT",
            ["原价：$49.00", "仅限成人（18 岁以上）"],
        ),
    ],
)
def test_card_shows_the_option_that_meets_the_wishes(
    visitor: Visitor, language: Language, tag: str, labels: list[str]
) -> None:
    turn = visitor.say("a mouse").json()
    turn["suggestions"] = [turn["suggestions"][2] | OFFER | {"availability": None}]
    seen = Seen(pieces.transcript([turn], None, {}, SHOP, language))
    assert tag in seen.text
    assert [label for label in seen.attributes["aria-label"] if label in labels] == labels


def test_card_that_was_kept_before_offers_were_shown_is_still_printed(visitor: Visitor) -> None:
    turn = visitor.say("a mouse").json()
    new = ("was", "tax", "age_restricted", "unit_price", "options", "sold_out", "variants")
    old = {key: value for key, value in turn["suggestions"][0].items() if key not in new}
    html = pieces.transcript([turn | {"suggestions": [old]}], None, {}, SHOP, "en")
    assert old["title"] in Seen(html).text


@given(text=st.text(min_size=1, max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    card = {"impression": text, "id": text, "title": text, "price": 1, "currency": text, "url": f"https://a/{text}"}
    card |= {"image": f"https://a/{text}", "reason": text, "rating": 1, "availability": text, "variant": None}
    card |= {"was": 2, "tax": text, "age_restricted": True, "options": {text: [text]}}
    card |= {"unit_price": {"price": 1, "currency": text, "amount": 2, "unit": text}}
    dropped = [{"wish": text, "text": text, "by": "shopper", "turn": 2}]
    said = {"user": text, "text": text, "language": "en", "quick_replies": [text], "suggestions": [card]}
    table = {"items": [text], "rows": [{"slot": text, "values": [text], "differs": True}]}
    turn = said | {"turn": 1, "ledger": [], "dropped": [], "table": table, "degraded": True}
    edited = said | {"turn": 2, "user": "", "ledger": [], "dropped": dropped, "table": None, "degraded": False}
    markup = "<script>alert`${1}`</script>"
    for language in ("en", "zh"):
        html = pieces.transcript([turn, edited], pieces.Live(text, cards=[card]), {}, SHOP, language)
        html += pieces.header(pieces.Shopfront(text, 1), language, True)
        tags = set(Seen(html).tags)
        assert tags <= set(
            "ol li div p ul img h1 h2 a strong span button table thead tbody tr td th nav small del".split()
        )
    assert escape(markup) in pieces.transcript([turn | {"user": markup}], None, {}, SHOP, "en")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh", "zh"),
        ("zh-TW", "zh"),
        ("zh_CN", "zh"),
        ("en-GB,zh;q=0.5", "en"),
        ("de,zh;q=0.5", "zh"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_language_is_the_first_we_speak(locale: str, language: Language) -> None:
    assert language_of(locale) == language


def test_both_languages_have_every_word() -> None:
    assert WORDS["en"].keys() == WORDS["zh"].keys()
