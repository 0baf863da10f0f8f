"""Fifty turns of five shoppers in the demo shop, and what a good model makes of each message.

A good model's ranking is read from the question: it picks among the candidates it was offered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Reading = Mapping[str, Any]


def _wants(
    *must: str, like: tuple[str, ...] = (), need: int = 1, query: str = "", ideal: tuple[str, ...] = ()
) -> Reading:
    """The reading of a message that states wishes."""
    stated: dict[str, Any] = {"need": need, "must": must, "like": like, "query": query, "ideal": ideal}
    return {"acts": ["inform"], "needs": [{name: what for name, what in stated.items() if what}]}


DIALOGUES: tuple[tuple[tuple[str, Reading], ...], ...] = (
    (
        ("hi there", {"acts": ["chitchat"]}),
        (
            "I'm looking for a backpack for hiking",
            _wants("category = Backpacks", "purpose = Hiking", query="hiking backpack", ideal=("A light trail pack.",)),
        ),
        ("under 150 dollars please", _wants("price < 150")),
        ("it has to be waterproof", _wants("waterproof = true")),
        ("which one is the lightest?", {"acts": ["request"], "ask": ["min weight"]}),
        ("show me others", {"acts": ["more"]}),
        ("ideally olive green", _wants(like=("colour = olive green",))),
        ("is the first one in stock?", {"acts": ["request"], "items": [1], "ask": ["availability"]}),
        ("the first one looks good", {"acts": ["accept"], "items": [1]}),
        ("thanks, bye", {"acts": ["chitchat"]}),
    ),
    (
        ("a desk lamp", _wants("category = Desk Lamps", query="desk lamp")),
        ("in black, 90 dollars at most", _wants("colour = black", "price <= 90")),
        ("with a clamp if possible", _wants(like=("style = Clamp",))),
        ("no, not the first one", {"acts": ["reject"], "items": [1]}),
        ("why do you recommend the second one?", {"acts": ["explain"], "items": [2]}),
        ("compare the first two", {"acts": ["compare"], "items": [1, 2]}),
        ("how many desk lamps do you have?", {"acts": ["request"], "ask": ["count category"]}),
        ("cheaper", _wants()),
        ("actually white instead of black", _wants("colour = white")),
        ("I'll take the first one", {"acts": ["accept"], "items": [1]}),
    ),
    (
        (
            "wireless headphones with at least 30 hours of battery",
            _wants("category = Headphones", "connection = Wireless", "battery_life >= 30 h", query="headphones"),
        ),
        ("over-ear", _wants("style = Over-Ear")),
        ("below 200", _wants("price < 200")),
        ("nothing from Sonavel", _wants("brand != Sonavel")),
        ("what about the rating of the first?", {"acts": ["request"], "items": [1], "ask": ["rating"]}),
        ("anything better rated?", _wants("rating > 3.9")),
        ("sort by price", _wants("price sort asc")),
        ("forget the price limit", {"acts": ["inform"], "drop": ["w5"]}),
        (
            "and a coffee maker under 100 as well",
            _wants("category = Coffee Makers", "price < 100", need=2, query="coffee maker"),
        ),
        ("espresso would be nice", _wants(like=("type = Espresso",), need=2)),
    ),
    (
        ("a board game for 3 players", _wants("category = Board Games", "players >= 3", query="board game")),
        ("under 60 dollars", _wants("price < 60")),
        ("it should not take longer than 60 minutes", _wants("playing_time <= 60 min")),
        ("cooperative if possible", _wants(like=("theme = Cooperative",))),
        ("which of these is the cheapest?", {"acts": ["request"], "items": [1, 2], "ask": ["price"]}),
        ("tell me more about the third one", {"acts": ["request"], "items": [3]}),
        ("rather a strategy game", _wants("theme = Strategy")),
        ("under 40", _wants("price < 40")),
        ("undo that", {"acts": ["undo"]}),
        ("start over", {"acts": ["reset"]}),
    ),
    (
        ("我想买一个背包", _wants("category = Backpacks", query="背包")),
        ("150美元以下", _wants("price <= 150")),
        ("要防水的", _wants("waterproof = true")),
        ("第一个多重？", {"acts": ["request"], "items": [1], "ask": ["weight"]}),
        ("还有别的吗", {"acts": ["more"]}),
        ("黑色的", _wants("colour = black")),
        ("比较前两个", {"acts": ["compare"], "items": [1, 2]}),
        ("最便宜的是哪个", {"acts": ["request"], "ask": ["min price"]}),
        ("不要黑色了", _wants("colour != black")),
        ("谢谢", {"acts": ["chitchat"]}),
    ),
)
REASON = "It suits what you asked for."
MESSAGES = {text: reading for dialogue in DIALOGUES for text, reading in dialogue}


def read(prompt: str) -> str:
    """What a good model reads in the message that a track prompt ends in."""
    said = max(MESSAGES, key=lambda text: (prompt.rfind(text) + len(text) if text in prompt else -1, len(text)))
    return json.dumps(MESSAGES[said], ensure_ascii=False)


def offered(prompt: str) -> list[int]:
    """The numbers of the candidates in a rank prompt."""
    return [int(number) for number in re.findall(r"^\[(\d+)\]", prompt, re.MULTILINE)]


def ranked(prompt: str) -> str:
    """A good model's choice: five of the candidates, the second first."""
    numbers = offered(prompt)
    chosen = [*numbers[1:2], *numbers[:1], *numbers[2:5]]
    return "".join(f"[{number}] {REASON}\n" for number in chosen)
