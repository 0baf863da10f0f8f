"""What the page is made of: all text escaped, and printed from the Turn's JSON."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.types import Language
from chatbot.web.page import pieces
from chatbot.web.page.pieces import Kept, Story
from chatbot.web.page.pieces_dock import dock
from chatbot.web.page.visit import Past
from chatbot.web.words import WORDS, language_of
from tests.chatbot.web.conftest import Visitor

SHOP = pieces.Shopfront("Mouse & House", 19_406, ("I'm looking for mice",))
LINE = {"wish": "w1", "need": 1, "slot": "price", "op": "<=", "value": 30, "unit": "USD", "hard": True, "turn": 1}


TAGS = set(
    "section ol li div p ul img h1 h2 a strong span button table thead tbody tr td th nav small del mark label input"
    " figure figcaption blockquote cite dl dt dd b s".split()
)


class Seen(HTMLParser):
    """The tags, attributes and text of a piece, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.text = ""
        self.cards: list[str | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)
        told = dict(attrs)
        if tag == "li" and "card" in (told.get("class") or "").split():
            self.cards.append(told["data-item"])

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


def test_ledger_is_chips_that_can_be_weighed_and_clicked_off() -> None:
    lines = [
        line("price <= 30"),
        line("brand = HP", wish="w2", hard=False),
        line("for mum", slot="text", op="~", value="for mum", wish="w3", hard=False),
        line("price asc", op="sort", value="asc", wish="w4"),
    ]
    seen = Seen(pieces.ledger(lines, "en"))
    assert seen.text == "What I understoodprice at most 30must×HPnice to have×“for mum”nice to have×lowest price first×"
    assert seen.attributes["data-wish"] == ["w1", "w1", "w2", "w2", "w3", "w4"]
    assert seen.attributes["data-event"] == ["gesture", "take_off", "gesture", "take_off", "take_off", "take_off"]
    assert seen.attributes["data-type"] == ["soften", "harden"]
    assert seen.attributes["aria-label"][1:5] == [
        "A must: price at most 30. Make it only nice to have",
        "Remove: price at most 30",
        "Nice to have: HP. Make it a must",
        "Remove: HP",
    ]
    assert pieces.ledger([], "en") == ""


def test_chips_stand_need_by_need_and_those_of_the_need_in_hand_first() -> None:
    lines = [line("price <= 30"), line("brand = HP", wish="w2", need=2), line("price <= 9", wish="w3")]
    seen = Seen(pieces.ledger(lines, "en", active=[2]))
    assert seen.attributes["data-wish"][::2] == ["w2", "w1", "w3"]
    assert [c for c in seen.attributes["class"] if c in ("along", "apart")] == ["along", "apart", "along"]
    assert Seen(pieces.ledger(lines, "en")).attributes["data-wish"][::2] == ["w1", "w3", "w2"]


def test_wish_that_was_let_go_is_shown_once_and_can_be_put_back() -> None:
    gone = [line("price <= 30"), line("price asc", op="sort", value="asc", wish="w2")]
    seen = Seen(pieces.ledger([], "en", dropped=gone))
    assert seen.text == "What I understoodprice at most 30put backlowest price first"
    assert (seen.attributes["data-event"], seen.attributes["data-text"]) == (["put_back"], ["price <= 30"])


def test_lines_let_go_are_those_of_the_latest_turn_alone() -> None:
    first = {"turn": 1, "ledger": [line("price <= 30"), line("brand = HP", wish="w2")], "dropped": []}
    second = {"turn": 2, "ledger": [line("brand = HP", wish="w2")], "dropped": [{"wish": "w1"}, {"wish": "w2"}]}
    third = {"turn": 3, "ledger": [line("brand = HP", wish="w2")], "dropped": []}
    assert pieces.dropped_lines([]) == []
    assert pieces.dropped_lines([first, second]) == [line("price <= 30")]
    assert pieces.dropped_lines([first, second, third]) == []


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (("bot", ""), ""),
        (("waiting", ""), "You asked for a person. Go on writing: they will see it, and so do I.Back to the assistant"),
        (("human", "Mia"), "Mia answers you now.Back to the assistant"),
        (("human", ""), "A person of the shop answers you now.Back to the assistant"),
    ],
)
def test_dock_says_who_answers(person: tuple[str, str], said: str) -> None:
    assert Seen(dock([], "en", person=person)).text == f"{said}Picked for a comparisonCompare Pick none"


def test_nothing_said_is_a_welcome_with_ways_to_begin() -> None:
    seen = Seen(pieces.transcript(Story(), None, SHOP, "en"))
    assert seen.text.startswith("You are talking with this shop's AI assistant, not with a person.")
    assert "I know all 19,406 products here" in seen.text
    assert seen.attributes["data-value"] == ["I'm looking for mice"]
    assert "19,406" in Seen(pieces.transcript(Story(), None, SHOP, "zh")).text


def printed(turns: list[dict[str, Any]], language: Language = "en", **more: Any) -> str:
    return pieces.transcript(Story(tuple(turns), **more), None, SHOP, language)


def test_turns_are_printed_as_they_were_answered(visitor: Visitor) -> None:
    visitor.say("a mouse under 30")
    visitor.call("PATCH", "/v1/sessions/current/ledger", {"remove": ["w1"]})
    turns = visitor.call("GET", "/v1/sessions/current").json()["turns"]
    html = printed(turns, kept=Kept({"i2": "like", "i3": "dislike"}, ("m-1",)))
    seen = Seen(html)
    for part in ("a mouse under 30", "Removed: price at most 30", "Pebble wireless mouse", "$24.90", "3 in stock"):
        assert part in seen.text
    assert seen.cards == ["m-1", "m/2", "m-1", "m/2", "m-3"]
    assert seen.attributes["data-pick"] == seen.cards
    assert [c for c in seen.attributes["class"] if c and "card" in c.split()] == ["card"] * 2 + ["card refused"] + [
        "card"
    ] * 2
    assert seen.attributes["href"] == ["https://shop.example/t?a=1&b=2"]
    assert seen.attributes["src"] == ["/media/pictures/pebble.svg"] * 2 + ["https://img.example/t.png"]
    assert seen.attributes["aria-pressed"].count("true") == 3  # one liked, one item saved on both of its cards
    assert seen.attributes["data-value"] == ["Cheaper", "Show more"]
    assert "<b>Bold</b> mouse & ${pad}" in seen.text
    assert "b" not in seen.tags


def test_card_s_buttons_name_what_they_are_for(visitor: Visitor) -> None:
    turn = visitor.say("a mouse under 25").json()
    seen = Seen(printed([turn]))
    wanted = (
        "Compare",
        "I like this one",
        "Save for later",
        "All details",
        "Show similar ones",
        "Not this one",
    )
    assert [label for label in seen.attributes["aria-label"] if label and "Pebble" in label] == [
        f"{name}: Pebble wireless mouse" for name in wanted
    ]
    assert seen.attributes["data-type"] == ["like", "details", "similar", "reject", "retry", "undo"]


def test_words_stand_in_the_language_they_are_in(visitor: Visitor) -> None:
    turn = visitor.say("a mouse under 25").json() | {"language": "zh"}
    html = printed([turn])
    assert '<div class="asked" lang="zh-Hans">' in html
    assert '<div class="said" lang="zh-Hans">' in html
    assert '<p class="reason" lang="zh-Hans">' in html
    assert '<span lang="en">Pebble wireless mouse</span>' in html


def test_ways_back_are_offered_for_the_latest_turn_alone(visitor: Visitor) -> None:
    turns = [visitor.say("a mouse", "m1").json(), visitor.say("another", "m2").json()]
    assert Seen(printed(turns)).attributes["data-type"].count("undo") == 1
    working = pieces.transcript(Story(tuple(turns)), pieces.Live("more"), SHOP, "en")
    assert "undo" not in Seen(working).attributes["data-type"]


@pytest.mark.parametrize(
    ("gesture", "said"),
    [
        ({"type": "similar", "items": ["m-1"], "wish": None}, "Similar to: Pebble wireless mouse"),
        ({"type": "compare", "items": ["m-1", "m-9"], "wish": None}, "Compare: Pebble wireless mouse · m-9"),
        ({"type": "soften", "items": [], "wish": "w1"}, "Only nice to have: price at most 30"),
        ({"type": "undo", "items": [], "wish": None}, "Undo"),
    ],
)
def test_tap_is_shown_as_what_it_was(visitor: Visitor, gesture: dict[str, Any], said: str) -> None:
    turn = visitor.say("a mouse under 30").json()
    tapped = turn | {"turn": 2, "user": "", "gesture": gesture, "took_back": 1}
    html = printed([turn, tapped])
    assert f'<div class="edited"><span>{said}</span></div>' in html
    assert '<li class="turn taken" data-turn="1">' in html


def test_turn_in_the_making_shows_its_stage_and_cards(visitor: Visitor) -> None:
    card = visitor.say("a mouse").json()["suggestions"][0]
    live = pieces.Live("a mouse", stage="recall", cards=[card])
    working = Seen(pieces.transcript(Story(), live, SHOP, "en"))
    assert working.text.endswith("Looking through 19,406 products… Stop")
    assert working.attributes["data-event"][-1] == "leave"
    waiting = Seen(pieces.transcript(Story(), pieces.Live("a mouse", stage=None), SHOP, "zh"))
    assert waiting.text == "a mouse这条消息还没有回答。 重试"
    assert waiting.attributes["data-event"] == ["again"]


def test_answer_that_was_to_be_better_says_so_in_its_language(visitor: Visitor) -> None:
    turn = visitor.say("a mouse").json()
    less = [Seen(printed([turn | {"degraded": True, "language": lang}])) for lang in ("en", "zh")]
    assert "language model" not in Seen(printed([turn])).text
    assert "Answered without the full help of the language model." in less[0].text
    assert "这次回答未能完全借助语言模型。" in less[1].text


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
    assert Seen(printed([turn])).text.split("$39.00")[1].startswith(shown + "Tile mouse suits.")


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
            "$39.00$49.0018+现货 3 件尺码 M、红色$4.99 / 100 ml · incl. VAT",
            ["原价：$49.00", "仅限成人（18 岁以上）"],
        ),
    ],
)
def test_card_shows_the_option_that_meets_the_wishes(
    visitor: Visitor, language: Language, tag: str, labels: list[str]
) -> None:
    turn = visitor.say("a mouse").json()
    turn["suggestions"] = [turn["suggestions"][2] | OFFER | {"availability": None}]
    seen = Seen(printed([turn], language))
    assert tag in seen.text
    assert [label for label in seen.attributes["aria-label"] if label in labels] == labels


def test_card_that_was_kept_before_offers_were_shown_is_still_printed(visitor: Visitor) -> None:
    turn = visitor.say("a mouse").json()
    new = ("was", "tax", "age_restricted", "unit_price", "options", "sold_out", "variants")
    old = {key: value for key, value in turn["suggestions"][0].items() if key not in new}
    html = printed([turn | {"suggestions": [old]}])
    assert old["title"] in Seen(html).text


@given(text=st.text(min_size=1, max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    card = {"impression": text, "id": text, "title": text, "price": 1, "currency": text, "url": f"https://a/{text}"}
    card |= {"image": f"https://a/{text}", "reason": text, "rating": 1, "availability": text, "variant": None}
    card |= {"was": 2, "tax": text, "age_restricted": True, "options": {text: [text]}, "ranked_by": "llm"}
    card |= {"unit_price": {"price": 1, "currency": text, "amount": 2, "unit": text}}
    card |= {"evidence": [{"slot": text, "value": text}]}
    stood = line(f"brand = {text}", slot=text, op="~", value=text)
    told: dict[str, Any] = {"quoted": [{"question": text, "answer": text, "source": text, "url": f"https://a/{text}"}]}
    told |= {"order": {"found": "found", "number": text, "status": text, "eta": text, "url": f"https://a/{text}"}}
    dropped = [{"wish": text, "text": text, "by": "shopper", "turn": 2}]
    said = {"user": text, "text": text, "language": "en", "quick_replies": [text], "suggestions": [card], "relaxed": []}
    table = {"items": [text], "rows": [{"slot": text, "values": [text], "differs": True}]}
    turn = said | told | {"turn": 1, "ledger": [stood], "dropped": [], "table": table, "degraded": True, "facts": []}
    facts = [{"id": text, "slot": text, "value": text, "unit": None}]
    tapped = turn | {
        "turn": 2,
        "gesture": {"type": "details", "items": [text], "wish": text},
        "facts": facts,
        "user": "",
    }
    edited = turn | {"turn": 3, "user": "", "dropped": dropped, "table": None, "degraded": False}
    note = {"number": 1, "name": text, "text": text, "after": 0}
    story = Story((turn, tapped, edited), Kept({}, ()), (note,), ("human", text))
    for language in ("en", "zh"):
        html = pieces.transcript(story, pieces.Live(text, cards=[card]), SHOP, language)
        html += pieces.header(pieces.Shopfront(text, 1, (text,)), language, True, Past(text, text, text))
        html += dock([stood], language, (), [stood], ("human", text))
        assert set(Seen(html).tags) <= TAGS
    markup = "<script>alert`${1}`</script>"
    assert escape(markup) in printed([turn | {"user": markup}])


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
