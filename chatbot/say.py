"""The words code says itself, in English and Chinese: templates (templates.py), filled with values from the record.

Knows nothing of when a thing is said; policy and turn decide that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from catalog.chinese import in_chinese
from catalog.lexicon import Lexicon, fold
from catalog.types import Constraint, Fact, Money, Op, Order, Scalar, Slot, write_number
from catalog.units import unit_named
from chatbot.templates import CURRENCIES_ZH, SLOTS, STOCK, TOPICS_ZH, UNITS, WITHIN, WORDS
from chatbot.types import Language, Text

MONEY = ("price", "list_price")
NAMES = frozenset({"brand", "title", "model", "series"})
_MEASURED = re.compile(r"([\d.,]+(?:\s?[-–~]\s?[\d.,]+)?)\s?([A-Za-z°²³µ/]+)")
_CHINESE = re.compile("[\u4e00-\u9fff]")
WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF"})
_UNIT_BEHIND = re.compile(r"(?<=\w)\s*[(（][^()（）]{1,12}[)）]$")  # "油耗(L/100km)": the value brings its unit itself


def say(language: Language, key: str, **values: object) -> str:
    """One sentence by its key, values filled in. KeyError for an unknown key or a missing value."""
    return WORDS[language][key].format(**values)


def join(language: Language, parts: Iterable[str]) -> str:
    return WORDS[language]["list_join"].join(parts)


def both(language: Language, parts: Iterable[str]) -> str:
    """Things named together: "laptops, tents and lamps"."""
    *first, last = parts
    return WORDS[language]["and_join"].join((join(language, first), last)) if first else last


def sentences(language: Language, parts: Iterable[str]) -> str:
    return WORDS[language]["sentence_join"].join(p for p in parts if p)


def slot_name(language: Language, slot: Slot | str) -> str:
    """A slot's name for people: our word for the common ones, else the feed's own header, readable; for a header in the
    other language what it stands for, where that is known."""
    name = slot if isinstance(slot, str) else slot.name
    if name in SLOTS[language]:
        return SLOTS[language][name]
    label = name if isinstance(slot, str) else (slot.label or name)
    foreign = bool(_CHINESE.search(label)) != (language == "zh")
    if foreign and (known := common_name(language, slot)):
        return known
    return _UNIT_BEHIND.sub("", label).replace("__", " ").replace("_", " ").strip() or label


def common_name(language: Language, slot: Slot | str) -> str | None:
    """What people call what a slot stands for: "screen size", 屏幕尺寸; None where that is not known."""
    lexicon = Lexicon.default()
    known = lexicon.concept_of_header(slot) if isinstance(slot, str) else lexicon.concepts.get(slot.concept or "")
    if known is None:
        return None
    if language == "en":
        return known.name.replace("_", " ")
    return next((word for word in (*known.headers, *known.words) if _CHINESE.search(word)), None)


def topic_names(language: Language, topics: Iterable[str]) -> str:
    named = [TOPICS_ZH.get(t, t) if language == "zh" else t for t in topics]
    return join(language, named) or WORDS[language]["faq_topic"]


def price(amount: Money, language: Language = "en") -> str:
    """An amount as on a price tag, with the decimals of its currency: 18.50 EUR, 1980 JPY; in Chinese 18.50 欧元."""
    currency = unit_name(language, amount.currency)
    return f"{amount.amount:.{0 if amount.currency in WITHOUT_CENTS else 2}f} {currency}"


def scalar(language: Language, value: Scalar) -> str:
    if isinstance(value, bool):
        return WORDS[language]["yes" if value else "no"]
    return write_number(value) if isinstance(value, float | int) else value


def value_name(language: Language, slot: str, value: Scalar) -> str:
    """A value of a record as it is said in a language, where that is known: navy is 藏青色; names stay as they are."""
    if language == "zh" and isinstance(value, str) and slot not in NAMES and not _names(slot):
        return in_chinese(value) or value
    return scalar(language, value)


def _names(slot: str) -> bool:
    """Does a slot so called hold names: of makers, of models?"""
    concept = Lexicon.default().concept_of_header(slot)
    return concept is not None and concept.name in NAMES


def unit_name(language: Language, unit: str) -> str:
    """A unit as it is said in a language: 英寸 for "in" and "inch"."""
    if language == "zh" and unit in CURRENCIES_ZH:
        return CURRENCIES_ZH[unit]
    known = unit_named(unit)
    return UNITS[language].get(known.name if known else unit, unit)


def fact_value(language: Language, fact: Fact) -> str:
    """A fact's value in a language: as the record states it, its values and units called by their names there."""
    if fact.slot == "availability":
        return stock(language, str(fact.value))
    if language == "en" or (fact.slot == "category" and isinstance(fact.value, str)):
        return recorded(language, fact)
    if fact.slot in MONEY and isinstance(fact.value, float) and fact.unit and not fact.text:
        return price(Money(fact.value, fact.unit), language)
    if fact.unit and (measured := _MEASURED.fullmatch(recorded(language, fact))):
        return f"{measured[1]} {unit_name(language, measured[2])}"
    return value_name(language, fact.slot, fact.text or fact.value)


def stock(language: Language, said: str) -> str:
    """What a feed says of whether a thing can be bought, in a language."""
    return STOCK[language].get(fold(said.replace("_", " ")), said)


def recorded(language: Language, fact: Fact) -> str:
    """A fact's value in the shop's own writing, else its unit behind it; kinds by their names in a language."""
    if fact.slot == "category" and isinstance(fact.value, str):
        return kind_name(language, fact.text or fact.value)
    if fact.text:
        return fact.text
    text = scalar(language, fact.value)
    numeric = isinstance(fact.value, float) and not isinstance(fact.value, bool)
    if numeric and fact.slot in MONEY and fact.unit:
        return price(Money(float(fact.value), fact.unit))
    return f"{text} {fact.unit}" if fact.unit and numeric and fact.unit != fact.slot else text


def wish_words(language: Language, what: Constraint | Order | Text) -> str:
    """A wish for people: "price at most 30", "not HP", "price asc" as "lowest price first"."""
    if isinstance(what, Text):
        return f"“{what.words}”"
    name = slot_name(language, what.slot)
    if isinstance(what, Order):
        if language == "zh":
            return f"{name}从{'低到高' if what.direction == 'asc' else '高到低'}"
        return f"{'lowest' if what.direction == 'asc' else 'highest'} {name} first"
    kinds = what.slot == "category"
    values = _widest(what.values)
    value = " / ".join(kind_name(language, str(v)) if kinds else value_name(language, what.slot, v) for v in values)
    if what.unit and what.unit != name:
        value = f"{value} {unit_name(language, what.unit)}"
    said = WITHIN[language][what.op].format(v=value)
    return said if what.slot in ("brand", "category") else f"{name} {said}"


def standing_words(language: Language, what: Constraint | Order | Text) -> str:
    """A wish as the ledger says it: also that of what holds enough people the nearest comes first."""
    words = wish_words(language, what)
    fitting = isinstance(what, Constraint) and what.op in (Op.GE, Op.GT) and Lexicon.default().holds(what.slot)
    return say(language, "nearest_first", wish=words) if fitting else words


def kind_name(language: Language, kind: str) -> str:
    """What a kind of product is called in the talk's language: the shop's word, where the lexicon knows no other for
    exactly that."""
    if bool(_CHINESE.search(kind)) == (language == "zh"):
        return kind
    if language == "zh" and (name := in_chinese(kind)):
        return name
    for known in Lexicon.default().kinds_named(kind):
        if fold(kind) in (fold(known.name), fold(known.words[0])) or _CHINESE.search(kind):
            other = (word for word in known.words if bool(_CHINESE.search(word)) == (language == "zh"))
            return next(other, kind)
    return kind


def wish_named(language: Language, what: Constraint) -> str:
    """A wish for people with its slot's name always: "brand HP"."""
    said = wish_words(language, what)
    return f"{slot_name(language, what.slot)} {said}" if what.slot in ("brand", "category") else said


def _widest(values: Sequence[Scalar]) -> list[Scalar]:
    """Values without those that only narrow the first: of red, dark red and maroon red and maroon; three at most."""
    first = str(values[0]).casefold().split()
    return [v for v in values if v == values[0] or not set(first) <= set(str(v).casefold().split())][:3]
