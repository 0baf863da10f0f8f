"""A conversation as HTML: every piece is printed from the Turn's JSON, and every word of it is escaped.

Nothing here is ever put into a template that is evaluated again: Gradio compiles its templates to JavaScript, so a
product called ${alert(1)} would run. Knows nothing of Gradio, sessions or how a turn is made.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from catalog.types import Constraint, Order
from chatbot.cards import options_words, price_notes
from chatbot.say import WITHOUT_CENTS, say, slot_name, wish_words
from chatbot.types import Language, Text
from chatbot.web.media import link
from chatbot.web.words import word

Json = Mapping[str, Any]

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹", "KRW": "₩"}
_STOCK_WORDS = {"in stock": "in_stock", "out of stock": "out_of_stock", "preorder": "preorder"}


@dataclass(slots=True)
class Live:
    """A turn while it is made: what the shopper said, and what has come so far. No `stage`: nobody is at work on it."""

    said: str
    stage: str | None = "track"
    text: str = ""
    cards: list[Json] = field(default_factory=list)
    ledger: list[Json] | None = None


@dataclass(frozen=True, slots=True)
class Shopfront:
    """What the page says of the shop. `starters`: kinds of product that a visitor may begin with."""

    name: str
    count: int
    starters: tuple[str, ...] = ()


def header(shop: Shopfront, language: Language, started: bool) -> str:
    """The bar on top: whose shop, another language, a new conversation."""
    fresh = _button("fresh", word(language, "new"), word(language, "new_hint")) if started else ""
    other: Language = "en" if language == "zh" else "zh"
    speak = _button("speak", word(language, "language"), word(language, "language_hint"), value=other, lang=other)
    return (
        f'<div class="bar" data-lang="{_LANG[language]}" data-send="{escape(word(language, "send"))}"><span class="mark" aria-hidden="true"></span>'
        f"<h1>{escape(shop.name)}</h1><nav>{fresh}{speak}</nav></div>"
    )


def transcript(
    turns: Iterable[Json], live: Live | None, judged: Mapping[str, str], shop: Shopfront, language: Language
) -> str:
    """The conversation from its first word; a welcome when there is none yet."""
    past = list(turns)
    if not past and live is None:
        return welcome(shop, language)
    titles = {card["id"]: card["title"] for turn in past for card in turn["suggestions"]}
    wishes = {line["wish"]: wish(line, language) for turn in past for line in turn["ledger"]}
    shown = [_turn(turn, titles, wishes, judged, language) for turn in past]
    if live is not None:
        shown.append(_live(live, shop, language))
    elif past[-1]["quick_replies"]:
        shown[-1] = (
            shown[-1].removesuffix("</li>") + _replies([(r, r) for r in past[-1]["quick_replies"]], language) + "</li>"
        )
    return f'<div role="log"><ol class="turns">{"".join(shown)}</ol></div>'


def welcome(shop: Shopfront, language: Language) -> str:
    """What a visitor finds before the first word."""
    starters = [(kind, word(language, "starter", kind=kind)) for kind in shop.starters]
    return (
        f'<div class="welcome"><h2>{escape(word(language, "hello"))}</h2>'
        f"<p>{escape(word(language, 'invite', count=f'{shop.count:,}'))}</p>"
        f"{_replies(starters, language) if starters else ''}"
        f'<p class="notice">{escape(word(language, "notice"))}</p></div>'
    )


def ledger(lines: Iterable[Json], language: Language, active: Container[int] = ()) -> str:
    """The wishes that stand, as chips that can be clicked off: need by need, those of the `active` needs first."""
    ordered = sorted(lines, key=lambda line: (line["need"] not in active, line["need"]))
    chips = "".join(
        f'<li class="apart">{_chip(line, language)}</li>'
        if before and before["need"] != line["need"]
        else f"<li>{_chip(line, language)}</li>"
        for before, line in zip([None, *ordered], ordered, strict=False)
    )
    name = escape(word(language, "understood"))
    return f'<div class="ledger"><span>{name}</span><ul aria-label="{name}">{chips}</ul></div>' if chips else ""


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


_LANG: Mapping[Language, str] = {"en": "en", "zh": "zh-Hans"}


def _turn(
    turn: Json, titles: Mapping[str, str], wishes: Mapping[str, str], judged: Mapping[str, str], language: Language
) -> str:
    cards = _cards(turn["suggestions"], judged, language)
    return (
        f'<li class="turn" data-turn="{int(turn["turn"])}">{_asked(turn, wishes, language)}'
        f'<div class="answer" lang="{_LANG[turn["language"]]}">{_paragraphs(turn["text"])}'
        f"{cards}{_table(turn['table'], titles, language)}{_aside(turn)}</div></li>"
    )


def _aside(turn: Json) -> str:
    """A word in small print that the answer was to be better: the model was asked in vain."""
    return f'<p class="aside">{escape(say(turn["language"], "without_model"))}</p>' if turn["degraded"] else ""


def _asked(turn: Json, wishes: Mapping[str, str], language: Language) -> str:
    """What the shopper said, or did to the ledger."""
    if turn["user"]:
        return f'<div class="asked">{_paragraphs(turn["user"])}</div>'
    off = [wishes.get(d["wish"], d["text"]) for d in turn["dropped"] if d["by"] == "shopper"]
    on = [wishes[line["wish"]] for line in turn["ledger"] if line["turn"] == turn["turn"]]
    done = [word(language, name, wishes=", ".join(w)) for name, w in (("you_removed", off), ("you_added", on)) if w]
    return f'<div class="edited">{escape(" · ".join(done))}</div>'


def _live(live: Live, shop: Shopfront, language: Language) -> str:
    if live.stage is None:
        again = _button("again", word(language, "again"))
        stage = f'<p class="stage">{escape(word(language, "unanswered"))} {again}</p>'
    else:
        text = word(language, f"stage_{live.stage}", count=f"{shop.count:,}")
        leave = _button("leave", word(language, "leave"))
        stage = f'<p class="stage"><span class="dots" aria-hidden="true"></span>{escape(text)} {leave}</p>'
    asked = f'<div class="asked">{_paragraphs(live.said)}</div>' if live.said else ""
    cards = _cards(live.cards, {}, language)
    return f'<li class="turn">{asked}<div class="answer">{_paragraphs(live.text)}{cards}{stage}</div></li>'


def _cards(cards: Sequence[Json], judged: Mapping[str, str], language: Language) -> str:
    """A row of cards; where the shop has a picture of none of them, no room is kept for pictures."""
    kind = "cards" if any(card["image"] for card in cards) else "cards bare"
    items = "".join(_card(card, judged.get(card["impression"]), language) for card in cards)
    return f'<ul class="{kind}">{items}</ul>' if items else ""


def _card(card: Json, judgement: str | None, language: Language) -> str:
    image = card["image"]
    shown = f'<img src="{escape(image)}" alt="" loading="lazy" referrerpolicy="no-referrer">' if image else ""
    facts = "".join(
        (_was(card, language), _age(card, language), _rating(card["rating"], language), _stock(card, language))
    )
    more = "".join(f'<p class="{name}">{escape(text)}</p>' for name, text in _under(card, language) if text)
    return (
        f'<li class="card" data-item="{escape(card["id"])}"><div class="picture">{shown}</div><div class="facts">'
        f"<h2>{_title(card)}</h2>"
        f'<p class="tag"><strong>{escape(price(card["price"], card["currency"]))}</strong>{facts}</p>{more}'
        f'<p class="reason">{escape(card["reason"])}</p></div>'
        f'<div class="judge">{_judge(card, "like", judgement, language)}{_judge(card, "dislike", judgement, language)}'
        "</div></li>"
    )


def _was(card: Json, language: Language) -> str:
    """The price before the sale, struck out; read out as what it is."""
    before = price(card.get("was"), card["currency"])
    return f'<del aria-label="{escape(word(language, "was", price=before))}">{escape(before)}</del>' if before else ""


def _age(card: Json, language: Language) -> str:
    """The mark of what is for grown-ups only."""
    if not card.get("age_restricted"):
        return ""
    label = escape(word(language, "age_restricted"))
    return f'<span class="age" role="img" aria-label="{label}" title="{label}">18+</span>'


def _under(card: Json, language: Language) -> tuple[tuple[str, str], ...]:
    """The lines under the price: the option shown, the price of a measure, what the shop says of tax."""
    notes = " · ".join(price_notes(card, price))
    return (("options", options_words(card, language)), ("notes", notes))


def _title(card: Json) -> str:
    title = escape(card["title"])
    address = link(card["url"])
    if address is None:
        return title
    told = f'data-event="judge" data-type="click" data-impression="{escape(card["impression"])}"'
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer" {told}>{title}</a>'


def _judge(card: Json, type: str, judgement: str | None, language: Language) -> str:
    pressed = "true" if judgement == type else "false"
    label = escape(word(language, type))
    return (
        f'<button type="button" class="{type}" data-event="judge" data-type="{type}" aria-pressed="{pressed}"'
        f' data-impression="{escape(card["impression"])}" aria-label="{label}: {escape(card["title"])}"'
        f' title="{label}"></button>'
    )


def _rating(rating: float | None, language: Language) -> str:
    if rating is None:
        return ""
    label = escape(word(language, "rated", rating=f"{rating:g}"))
    return f'<span class="rating" role="img" aria-label="{label}">{rating:g}</span>'


def _stock(card: Json, language: Language) -> str:
    stock = (card["variant"] or {}).get("stock")
    said = str(card["availability"] or "").strip()
    known = _STOCK_WORDS.get(said.replace("_", " ").casefold())
    if stock == 0 or known == "out_of_stock" or card.get("sold_out"):
        return f'<span class="stock none">{escape(word(language, "out_of_stock"))}</span>'
    if isinstance(stock, int):
        return f'<span class="stock">{escape(word(language, "stock", count=stock))}</span>'
    text = word(language, known) if known else said
    return f'<span class="stock">{escape(text)}</span>' if text else ""


def _chip(line: Json, language: Language) -> str:
    text = wish(line, language)
    soft = "" if line["hard"] or line["op"] == "sort" else f" <small>{escape(word(language, 'soft'))}</small>"
    hint = escape(word(language, "take_off", wish=text))
    return (
        f'<button type="button" class="chip" data-event="take_off" data-wish="{escape(line["wish"])}"'
        f' aria-label="{hint}" title="{hint}">{escape(text)}{soft}<span aria-hidden="true">×</span></button>'
    )


def _replies(replies: Iterable[tuple[str, str]], language: Language) -> str:
    """Buttons: what is on them, and what they say for the shopper."""
    buttons = "".join(f"<li>{_button('reply', shown, value=said)}</li>" for shown, said in replies)
    return f'<ul class="replies" aria-label="{escape(word(language, "replies"))}">{buttons}</ul>'


def _button(event: str, text: str, hint: str = "", value: str = "", lang: Language | None = None) -> str:
    more = f' title="{escape(hint)}"' if hint else ""
    more += f' lang="{_LANG[lang]}"' if lang else ""
    return f'<button type="button" data-event="{event}" data-value="{escape(value)}"{more}>{escape(text)}</button>'


def _table(table: Json | None, titles: Mapping[str, str], language: Language) -> str:
    if not table:
        return ""
    heads = "".join(f'<th scope="col">{escape(titles.get(id, id))}</th>' for id in table["items"])
    rows = "".join(_row(row, language) for row in table["rows"])
    return f'<div class="table"><table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(row: Json, language: Language) -> str:
    cells = "".join(f"<td>{escape(value or '–')}</td>" for value in row["values"])
    kind = "differs" if row["differs"] else "same"
    return f'<tr class="{kind}"><th scope="row">{escape(slot_name(language, row["slot"]))}</th>{cells}</tr>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
