"""A turn as Markdown, for clients that show text and nothing else: words, numbered cards, a table, what to say next.

Reads the Turn's JSON (chatbot/wire.py): the facts are the record's own. Knows nothing of HTTP or of who reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.types import Money
from chatbot.cards import availability_words, options_words, price_notes
from chatbot.say import price, say, slot_name
from chatbot.types import Language

Json = Mapping[str, Any]

_SAY: Mapping[Language, str] = {"en": "You could say: {replies}", "zh": "您可以说：{replies}"}
_JOIN: Mapping[Language, str] = {"en": " · ", "zh": "、"}
_LINK: Mapping[Language, str] = {"en": "view", "zh": "查看"}
_MARKUP = re.compile(r"([\\`*\[\]<>])")
"""What would turn a shop's words into links, pictures, HTML or emphasis."""


def pieces(turn: Json, titles: Mapping[str, str]) -> Iterator[str]:
    """The turn as paragraphs, which belong together with empty lines between them. `titles`: of the items in its table."""
    language: Language = turn["language"]
    if turn["text"]:
        yield plain(turn["text"])
    for card in turn["suggestions"]:
        yield _card(card, language)
    if turn["table"]:
        yield _table(turn["table"], titles, language)
    if turn["quick_replies"]:
        yield _SAY[language].format(replies=_JOIN[language].join(f"“{plain(r)}”" for r in turn["quick_replies"]))
    if turn["degraded"]:
        yield f"_{say(language, 'without_model')}_"


def plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return _MARKUP.sub(r"\\\1", text)


def _card(card: Json, language: Language) -> str:
    """`1. **Title** · 24.90 USD · in stock · [view](https://...)`, the reason under it."""
    told = [f"**{_line(card['title'])}**", _price(card, language)]
    told += [_line(note) for note in (*price_notes(card), options_words(card, language))]
    told += ["18+" if card["age_restricted"] else "", f"★ {card['rating']:g}" if card["rating"] is not None else ""]
    told += [_line(availability_words(card, language)), _stock(card, language)]
    told += [f"[{_LINK[language]}](<{card['url']}>)" if card["url"] and not set(card["url"]) & set("<>\n") else ""]
    first = f"{card['rank']}. {' · '.join(part for part in told if part)}"
    return f"{first}  \n   {_line(card['reason'])}" if card["reason"] else first


def _price(card: Json, language: Language) -> str:
    if card["price"] is None:
        return ""
    now = price(Money(card["price"], card["currency"]))
    return f"{now} {say(language, 'was', price=price(Money(card['was'], card['currency'])))}" if card["was"] else now


def _stock(card: Json, language: Language) -> str:
    """How many are left, where the shop says so and nothing else was said of it."""
    left = (card["variant"] or {}).get("stock")
    return f"× {left}" if left and not card["availability"] and not card["sold_out"] else ""


def _table(table: Json, titles: Mapping[str, str], language: Language) -> str:
    heads = ["", *(titles.get(item, item) for item in table["items"])]
    rows = [[slot_name(language, row["slot"]), *(value or "–" for value in row["values"])] for row in table["rows"]]
    return "\n".join([_row(heads), _row(["---"] * len(heads)), *map(_row, rows)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(_line(cell).replace('|', '¦') for cell in cells)} |"


def _line(text: str) -> str:
    """A shop's words within one line."""
    return plain(" ".join(text.split()))
