"""A product's card: picture, price, options, stock, rating, the reason to show it, and what a shopper may do with it.

Every part is printed from the card's JSON. Knows nothing of turns, sessions or how a card was chosen.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from chatbot.cards import options_words, price_notes
from chatbot.types import Language
from chatbot.web.media import link
from chatbot.web.page.pieces_parts import LANG, Json, attribute, button, icon_button, lang_of, price
from chatbot.web.page.pieces_reason import reason
from chatbot.web.words import word

_STOCK_WORDS = {"in stock": "in_stock", "out of stock": "out_of_stock", "preorder": "preorder"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the shopper did with cards before: `judged` by impression ("like", "dislike"), `saved` by item."""

    judged: Mapping[str, str] = field(default_factory=dict)
    saved: Container[str] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How cards are printed: the interface's language, the one of the talk they answer, and the catalogue's."""

    language: Language
    talk: Language
    catalog: str = "en"


def cards(shown: Sequence[Json], wishes: Sequence[Json], kept: Kept, manner: Manner) -> str:
    """A row of cards; where the shop has a picture of none of them, no room is kept for pictures."""
    kind = "cards" if any(card["image"] for card in shown) else "cards bare"
    items = "".join(_card(card, wishes, kept, manner) for card in shown)
    name = word(manner.language, "cards")
    return f'<ul class="{kind}" tabindex="-1"{attribute("aria-label", name)}>{items}</ul>' if items else ""


def picture(card: Json) -> str:
    """The product's picture; it says nothing that the title beside it does not."""
    image = card["image"]
    return f'<img src="{escape(image)}" alt="" loading="lazy" referrerpolicy="no-referrer">' if image else ""


def title(card: Json, manner: Manner) -> str:
    """The product's name, leading to the shop where it has a page there."""
    text = f'<span lang="{escape(lang_of(card["title"], manner.catalog))}">{escape(card["title"])}</span>'
    address = link(card["url"])
    if address is None:
        return text
    told = f'data-event="judge" data-type="click" data-impression="{escape(card["impression"])}"'
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer" {told}>{text}</a>'


def _card(card: Json, wishes: Sequence[Json], kept: Kept, manner: Manner) -> str:
    language = manner.language
    facts = "".join(
        (_was(card, language), _age(card, language), _rating(card["rating"], language), _stock(card, language))
    )
    more = "".join(f'<p class="{name}">{escape(text)}</p>' for name, text in _under(card, language) if text)
    return (
        f'<li class="card{_gone(card, kept)}" data-item="{escape(card["id"])}"><div class="picture">{picture(card)}</div>'
        f'{_top(card, kept, language)}<div class="facts"><h2>{title(card, manner)}</h2>'
        f'<p class="tag"><strong>{escape(price(card["price"], card["currency"]))}</strong>{facts}</p>{more}'
        f'<p class="reason" lang="{LANG[manner.talk]}">{reason(card, wishes, manner.talk, language)}</p></div>'
        f'<div class="acts">{_acts(card, language)}</div></li>'
    )


def _gone(card: Json, kept: Kept) -> str:
    """A card that the shopper did not want stays where it was, faded."""
    return " refused" if kept.judged.get(card["impression"]) == "dislike" else ""


def _top(card: Json, kept: Kept, language: Language) -> str:
    """What lies over the picture: to pick for a comparison, to like, to save."""
    name, id, impression = card["title"], card["id"], card["impression"]
    pick = (
        f'<label class="pick"><input type="checkbox" data-pick="{escape(id)}"'
        f"{attribute('aria-label', word(language, 'pick_this', title=name))}>"
        f"<span>{escape(word(language, 'pick'))}</span></label>"
    )
    liked, saved = kept.judged.get(impression) == "like", id in kept.saved
    like = icon_button(
        "judge", word(language, "like_this", title=name), "heart", pressed=liked, type="like", impression=impression
    )
    save = icon_button("save", word(language, "save_this", title=name), "bookmark", pressed=saved, item=id)
    return f'<div class="top">{pick}<span class="marks">{like}{save}</span></div>'


def _acts(card: Json, language: Language) -> str:
    """What may be asked of a card by a tap."""
    named = {"title": card["title"]}
    shared = {"item": card["id"], "impression": card["impression"]}
    return "".join(
        button("gesture", word(language, type), hint=word(language, f"{type}_this", **named), type=type, **shared)
        for type in ("details", "similar", "reject")
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
