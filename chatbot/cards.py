"""What a card says of the option on it, in words: "Size M, Red", the price before a sale, the price of a measure, tax,
18+.

Reads a card's JSON (chatbot/wire.py), also one that was kept before it said as much. Knows nothing of HTML or terminals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catalog.lexicon import Lexicon
from catalog.types import Money, write_number
from chatbot import say
from chatbot.types import Language

_TELL_THEMSELVES = ("colour", "color", "颜色")  # options whose value needs no name before it


def options_words(card: Mapping[str, Any], language: Language) -> str:
    """The options of the variant shown: "size M, red"; "" where there is nothing to choose."""
    options: Mapping[str, list[Any]] = card.get("options") or (card.get("variant") or {}).get("options") or {}
    chosen = {name: values for name, values in options.items() if values and not _weighs(name)}
    return say.join(
        language, (_option(language, name, values) for name, values in (chosen or options).items() if values)
    )


Written = Callable[[float, str], str]


def _tag(amount: float, currency: str) -> str:
    return say.price(Money(amount, currency))


def unit_price_words(card: Mapping[str, Any], written: Written = _tag) -> str:
    """What a measure costs: "4.99 EUR / 100 ml". `written`: how an amount is printed."""
    each = card.get("unit_price")
    if not each:
        return ""
    amount = "" if each["amount"] == 1 else f"{write_number(float(each['amount']))} "
    return f"{written(float(each['price']), each['currency'])} / {amount}{each['unit']}"


def availability_words(card: Mapping[str, Any], language: Language) -> str:
    """What the shop says of whether it can be bought, as it wrote it; of none left also where only the count says so."""
    said = str(card.get("availability") or "").replace("_", " ")
    if said or not card.get("sold_out"):
        return say.stock(language, said)
    return say.say(language, "out_of_stock")


def price_notes(card: Mapping[str, Any], written: Written = _tag) -> tuple[str, ...]:
    """What goes with the price: the price of a measure, what the shop says of tax."""
    return tuple(note for note in (unit_price_words(card, written), str(card.get("tax") or "")) if note)


def _weighs(name: str) -> bool:
    """Is it what a parcel weighs rather than what a shopper chooses by? It is chosen by where it is all that differs."""
    concept = Lexicon.default().concept_of_header(name)
    return concept is not None and concept.name in ("weight", "package weight")


def _option(language: Language, name: str, values: list[Any]) -> str:
    written = " / ".join(say.value_name(language, name, v) if isinstance(v, bool | str) else str(v) for v in values)
    return written if name.casefold() in _TELL_THEMSELVES else f"{say.slot_name(language, name)} {written}"
