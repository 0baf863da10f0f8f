"""How a message stands to the shop's answers, by its words alone: its parts, a follow-up, a question, a story, a thing
described.

Knows no answers and no catalogue; what the words come to, faq.py decides.
"""

from __future__ import annotations

import re

from catalog.faq.passage import is_chinese

_PART = re.compile(
    r"(?<=[.?!;。？！；,，])\s*|\s+(?=(?:and|but|also|plus)\s)|(?=而且|并且|另外|还有|顺便|以及)"
    r"|\s+(?=(?:(?:that|which)\s)?(?:i|we|you)\s(?:can|could|may|ship|deliver)\s)|\s+(?=with\s)",
    re.IGNORECASE,
)
_OF_THAT_ZH = re.compile(r"(?:能|可以|可|支持|包|免)[^的,，。？?\s]{1,8}的(?=[^\s吗么嘛呢吧不，。？！,.?!])")
_JOINT = re.compile(r"^(?:and|but|also|plus|then|so|with|而且|并且|另外|还有|顺便|以及)[\s,，]+", re.IGNORECASE)
_SHORTEST = 2  # words, or characters of Chinese, that a part of a message needs to be asked by itself
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|hi|hello|hey|please)\W+)*(?:can|could|may|how|what|when|where|who|why|which|do|does|did|is|are|will|would|if)\b(?!')"
    r"|question about|(?:tell me|want to know|wondering)\b|[?？]\s*$|[吗呢么不没嘛]\W*$|能不能|可不可以|行不行|怎么|多久|多少|几天|如何",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:i|i'm|i've|me|my|we|our)\b(?! (?:can|could|may)\b)|\b(?:not|never|no longer)\b|n't\b|我|不想|不用|不能",
    re.IGNORECASE,
)
_PERSONS = re.compile(r"\b(?:i|we|you|u|your|me|my)\b|[\u4e00-\u9fff]", re.IGNORECASE)
_LEANS = re.compile(r"\b(?:that|it|this|those|them)\b|这|那|它", re.IGNORECASE)
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


def parts_of(text: str) -> list[str]:
    """A message cut where something else may begin, single words left out."""
    aside = _OF_THAT_ZH.search(text)
    pieces = [text[: aside.start()] + text[aside.end() :], aside[0]] if aside else _PART.split(text)
    cut = (_JOINT.sub("", part.strip()) for part in pieces)
    return [part for part in cut if len(part.split()) >= _SHORTEST or (len(part) > _SHORTEST and is_chinese(part))]


def asks(text: str) -> bool:
    """Is it a question by its form?"""
    return _ASKS.search(text) is not None


def story(text: str) -> bool:
    """Is it told of oneself, or denied, with nothing asked ("I returned my last one", "can't pay more")?"""
    return _TOLD.search(text) is not None and not asks(text)


def follows(text: str) -> bool:
    """Is a message short, and does it lean on what was said before ("and how long does that take?")?"""
    short = len(text.split()) <= _MOST_WORDS and (text.isascii() or len(text) <= _MOST_CHARACTERS)
    return short and _FOLLOWS.search(text) is not None


def put_to_you(text: str) -> bool:
    """Is it a question between two ("can I split that?"), and not a part of a description ("are in large size")?"""
    return asks(text) and _PERSONS.search(text) is not None


def leans(text: str) -> bool:
    """Does it point at something said before?"""
    return _LEANS.search(text) is not None


def to_the_shop(text: str) -> bool:
    """Is the shop itself asked, and not whether it has something ("are you hiring", 你们招人吗)?"""
    return _TO_SHOP.search(text) is not None and _HAS.search(text) is None


def heads(text: str) -> list[str]:
    """What stands before what a thing is for, the longest first: "a backpack for delivery riders" -> "a backpack"."""
    return [text[: found.start()] for found in reversed(list(_FOR.finditer(text)))]
