"""How a message stands to the shop's answers, by its words alone: a follow-up, a question to the shop, a thing described.

Knows no answers and no catalogue; what the words come to, faq.py decides.
"""

from __future__ import annotations

import re

_FOLLOWS = re.compile(
    r"\b(?:that|it|this|those|them)\b|^\W*(?:and|what about|how about|how (?:much|long|many|soon)|who|when|where|which)\b"
    r"|^\W*(?:那|谁|多久|多少|几天|什么时候|怎么)|谁出|呢\W*$",
    re.IGNORECASE,
)
_MOST_WORDS, _MOST_CHARACTERS = 9, 12  # of a follow-up, in English and in Chinese
_TO_SHOP = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|hi|hello|hey|please)\W+)*"
    r"(?:(?:are|is|does|do|did|will|would|can|could|have)\s+(?:you|u|your|the (?:shop|store|company))\b"
    r"|(?:what|which|who|where|when|how|why)\b.{0,40}\b(?:you|your|the (?:shop|store|company))\b)"
    r"|^(?:请问|你好|您好|[,，\s])*(?:你们|贵店|你家|店里)",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?:have|sell|carry|stock|got|offer|show|find|recommend|suggest|think|help)\b|有没有|有|卖|推荐|找",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s(?:for|to)\s", re.IGNORECASE)


def follows(text: str) -> bool:
    """Is a message short, and does it lean on what was said before ("and how long does that take?")?"""
    short = len(text.split()) <= _MOST_WORDS and (text.isascii() or len(text) <= _MOST_CHARACTERS)
    return short and _FOLLOWS.search(text) is not None


def to_the_shop(text: str) -> bool:
    """Is the shop itself asked, and not whether it has something ("are you hiring", 你们招人吗)?"""
    return _TO_SHOP.search(text) is not None and _HAS.search(text) is None


def heads(text: str) -> list[str]:
    """What stands before what a thing is for, the longest first: "a backpack for delivery riders" -> "a backpack"."""
    return [text[: found.start()] for found in reversed(list(_FOR.finditer(text)))]
