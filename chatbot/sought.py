"""What is looked for, to stand in a sentence: " for headphones", 跑鞋, 符合“送礼”的商品.

Knows needs and the words of kinds; nothing of what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.lexicon import Lexicon, singular
from catalog.types import Constraint
from chatbot import say
from chatbot.types import Language, Need


def for_what(needs: Iterable[Need], language: Language) -> str:
    """What is looked for, to stand in a sentence: " for headphones", " for “gift for a gardener”"; may be nothing.

    In Chinese a thing: 笔记本, 符合“送礼”的商品, 商品.
    """
    named = {need.query: _kind_called(need, language) for need in needs if need.query}
    if not named:
        return say.say(language, "for_anything")
    quoted = (kind or say.say(language, "quoted", words=query) for query, kind in named.items())
    key = "for_kind" if all(named.values()) else "for_what"
    return say.say(language, key, what=say.both(language, dict.fromkeys(quoted)))


def _kind_called(need: Need, language: Language) -> str | None:
    """The kind looked for as the shop writes it, where that is what the shopper said: its plural in English
    ("Headphones"), any word of it in Chinese."""
    for wish in need.wishes:
        if wish.slot == "category" and isinstance(wish.what, Constraint) and not wish.what.op.negative:
            for value in map(str, wish.what.values):
                if language == "en" and need.query == say.kind_name("zh", value) != value:
                    return value.lower()
                if language == "zh" and _names_in_chinese(need.query, value):
                    if need.query == value:
                        return say.kind_name("zh", value)
                    return value if need.query.casefold() == value.casefold() else need.query
                if plural := _in_plural(need.query, value.split()):
                    return plural
    return None


def _names_in_chinese(query: str, kind: str) -> bool:
    """Is it the shop's word for the kind, or one that the lexicon knows for it (跑鞋 of Running Shoes)?"""
    if query.casefold() in (kind.casefold(), say.kind_name("zh", kind)):
        return True
    lexicon = Lexicon.default()
    named = {known.name for known in lexicon.kinds_named(query)}
    return bool(named & {known.name for known in lexicon.kinds_named(kind)})


def _in_plural(query: str, kind: Sequence[str]) -> str | None:
    """ "gaming laptop" by the shop's Laptops is "gaming laptops"; None where the shop's word is no plural of it."""
    head, tail = query.split()[: -len(kind)], query.split()[-len(kind) :]
    plain = [word.lower() if word.istitle() else word for word in kind]
    alike = [singular(word.casefold()) for word in tail] == [singular(word.casefold()) for word in kind]
    last = kind[-1].casefold()
    return " ".join((*head, *plain)) if alike and singular(last) != last else None
