"""What every piece of the page is made of: buttons, paragraphs, price tags, a wish in words. All text is escaped here.

Nothing here is ever put into a template that is evaluated again: Gradio compiles its templates to JavaScript, so a
product called ${alert(1)} would run. Knows nothing of Gradio, sessions or turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from catalog.types import Constraint, Order
from chatbot.say import WITHOUT_CENTS, wish_words
from chatbot.types import Language, Text

Json = Mapping[str, Any]

LANG: Mapping[Language, str] = {"en": "en", "zh": "zh-Hans"}
"""How a page names our languages (BCP 47)."""

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹", "KRW": "₩"}


_CHINESE = re.compile("[\u4e00-\u9fff]")


def lang_of(text: str, otherwise: str) -> str:
    """The language of a name or a value of the catalogue's, which may hold both of ours (BCP 47)."""
    return LANG["zh"] if _CHINESE.search(text) else otherwise


def attribute(name: str, value: object) -> str:
    """One attribute with its blank before it."""
    return f' {name}="{escape(str(value))}"'


def button(
    event: str, text: str, /, *, hint: str = "", kind: str = "", lang: Language | None = None, **told: str
) -> str:
    """A button that hands `event` to Python with what is `told`. `hint`: what it is called where its text is short."""
    more = attribute("class", kind) if kind else ""
    more += attribute("title", hint) + attribute("aria-label", hint) if hint else ""
    more += attribute("lang", LANG[lang]) if lang else ""
    data = "".join(attribute(f"data-{name}", value) for name, value in told.items())
    return f'<button type="button" data-event="{event}"{data}{more}>{escape(text)}</button>'


def icon_button(
    event: str, hint: str, icon: str, /, *, label: str = "", pressed: bool | None = None, **told: str
) -> str:
    """A button that is a drawing; `label` is written beside it where there is room, and then names it."""
    more = "" if pressed is None else attribute("aria-pressed", "true" if pressed else "false")
    data = "".join(attribute(f"data-{name}", value) for name, value in told.items())
    text = f'<span class="label">{escape(label)}</span>' if label else ""
    named = attribute("title", hint) + ("" if label else attribute("aria-label", hint))
    return (
        f'<button type="button" class="with-icon" data-event="{event}"{data}{more}{named}>'
        f'<span class="icon {icon}" aria-hidden="true"></span>{text}</button>'
    )


def replies(said: Iterable[str], name: str) -> str:
    """Buttons that say something for the shopper. `name`: what the row of them is called."""
    buttons = "".join(f"<li>{button('reply', text, value=text)}</li>" for text in said)
    return f'<ul class="replies"{attribute("aria-label", name)}>{buttons}</ul>' if buttons else ""


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def wish(line: Json, language: Language) -> str:
    """A ledger line in words a shopper would use."""
    if line["op"] == "~":
        return wish_words(language, Text(line["value"]))
    if line["op"] == "sort":
        return wish_words(language, Order(line["slot"], line["value"]))
    return wish_words(language, Constraint.parse(line["text"]))


def price(amount: float | None, currency: str | None) -> str:
    """An amount as a price tag: $24.90, 1,299.00 INR without a sign of its own; empty when it is not known."""
    if amount is None:
        return ""
    number = f"{amount:,.0f}" if currency in WITHOUT_CENTS else f"{amount:,.2f}"
    sign = _SYMBOLS.get(currency or "")
    return f"{sign}{number}" if sign else f"{number} {currency or ''}".strip()
