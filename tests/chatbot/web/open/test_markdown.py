"""A turn as Markdown: what is told of a card, and that a shop's words stay words."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chatbot.web.open.markdown import pieces, plain

CARD: dict[str, Any] = {
    "rank": 1, "title": "Oak lamp", "price": 20, "currency": "EUR", "was": 25.5, "unit_price": None, "tax": "incl. VAT",
    "options": {"size": ["M"]}, "variant": {"id": "v", "stock": 3, "options": {"size": ["M"]}}, "age_restricted": True,
    "rating": 4.5, "availability": None, "sold_out": False, "url": "https://shop.example/oak?a=1&b=(2)", "reason": "Oak; warm",
}  # fmt: skip
TURN: dict[str, Any] = {
    "language": "en", "text": "Here.", "suggestions": [CARD], "table": None, "quick_replies": ["Cheaper"], "degraded": False,
}  # fmt: skip


def test_a_card_tells_price_options_stock_link_and_reason() -> None:
    assert list(pieces(TURN, {})) == [
        "Here.",
        "1. **Oak lamp** · 20.00 EUR (was 25.50 EUR) · incl. VAT · size M · 18+ · ★ 4.5 · × 3 · "
        "[view](<https://shop.example/oak?a=1&b=(2)>)  \n   Oak; warm",
        "You could say: “Cheaper”",
    ]


def test_a_comparison_is_a_table_and_a_degraded_turn_says_so() -> None:
    table = {"items": ["a", "b"], "rows": [{"slot": "price", "values": ["1 | 2", None], "differs": True}]}
    turn = TURN | {"language": "zh", "suggestions": [], "quick_replies": [], "table": table, "degraded": True}
    _, grid, note = pieces(turn, {"a": "灯 [A]"})
    assert grid == "|  | 灯 \\[A\\] | b |\n| --- | --- | --- |\n| 价格 | 1 ¦ 2 | – |"
    assert note.startswith("_")


@given(st.text(max_size=60))
def test_a_shop_s_words_make_no_links_pictures_or_html(text: str) -> None:
    hostile = f"{text} ![x](http://evil.example/p.png) <img src=x> [a](javascript:b) **c** `d`"
    turn = TURN | {"suggestions": [CARD | {"title": hostile, "reason": hostile, "url": f"https://a/{text}>)"}]}
    html = MarkdownIt("commonmark").render("\n\n".join(pieces(turn, {})))
    assert "<img" not in html
    assert "evil.example/p.png" not in html.replace("(http://evil.example/p.png)", "")
    assert "<code" not in html.replace("<pre><code>", "")


def test_plain_leaves_plain_text_alone() -> None:
    assert plain("WH-1000XM5, 3.5 mm_jack #1") == "WH-1000XM5, 3.5 mm_jack #1"
