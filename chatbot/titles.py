"""What a product is called in the language of the talk: its record's own words, never a translation of ours.

Knows the names that feeds give to a title in another language; knows nothing of turns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalog.types import Product
from chatbot.types import Language

_TITLE = "(?:product[ _.-]?)?(?:title|name)|(?:商品|产品)?(?:标题|名称|名)|品名"
_TONGUE: Mapping[Language, str] = {
    "en": r"en(?:[_-](?:us|gb|uk))?|eng|english|英文|英语",
    "zh": r"zh(?:[_-](?:cn|hans|sg))?|cn|zho|chi|chinese|中文|简体(?:中文)?",
}
_NAMES: Mapping[Language, re.Pattern[str]] = {
    language: re.compile(rf"(?:{_TITLE})[ _.:@(（\[-]*(?:{tongue})[)）\]]?|(?:{tongue})[ _.:-]*(?:{_TITLE})")
    for language, tongue in _TONGUE.items()
}
"""title_zh, name.en, Title (Chinese), 商品名称（英文）, 中文标题."""


def title_in(language: Language, product: Product) -> str:
    """The title that the record has in this language (`title_zh`, `name_en`, 中文标题), else its title."""
    for name, value in product.record.items():
        if _NAMES[language].fullmatch(name.strip().casefold()) and isinstance(value, str) and value.strip():
            return value.strip()
    return product.title


def is_title(slot: str) -> bool:
    """Is this field a title in some language? It is printed as one then, not as a fact."""
    return any(pattern.fullmatch(slot.strip().replace("_", " ").casefold()) for pattern in _NAMES.values())
