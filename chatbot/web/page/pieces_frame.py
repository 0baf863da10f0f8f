"""What stands around a conversation: the bar on top, the welcome, and the drawers with what a browser kept.

Every word is escaped. Knows nothing of Gradio or of where conversations are kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from chatbot.types import Language
from chatbot.web.page.pieces_card import picture
from chatbot.web.page.pieces_parts import LANG, Json, attribute, button, icon_button, paragraphs, price, replies
from chatbot.web.page.visit import Past
from chatbot.web.words import word


@dataclass(frozen=True, slots=True)
class Shopfront:
    """What the page says of the shop. `starters`: whole messages that a visitor may begin with; `language`: the
    catalogue's (BCP 47); `people`: is there anybody to ask for?"""

    name: str
    count: int
    starters: tuple[str, ...] = ()
    language: str = "en"
    people: bool = False


def header(shop: Shopfront, language: Language, started: bool, current: Past | None = None, saved: int = 0) -> str:
    """The bar on top: whose shop, a new conversation, the earlier ones, what was saved, dark or light, the language.

    `current`: the conversation that is open, for the page's script to remember.
    """
    other: Language = "en" if language == "zh" else "zh"
    new = icon_button("fresh", word(language, "new_hint"), "plus", label=word(language, "new")) if started else ""
    label = f"{word(language, 'saved')} {saved}" if saved else word(language, "saved")
    shortlist = icon_button("drawer", word(language, "saved_hint"), "bookmark", label=label, value="saved")
    history = icon_button(
        "drawer", word(language, "history_hint"), "clock", label=word(language, "history"), value="past"
    )
    scheme = icon_button("scheme", word(language, "scheme_hint"), "moon")
    speak = button("speak", word(language, "language"), lang=other, kind="speak", value=other)
    data = attribute("data-lang", LANG[language]) + attribute("data-send", word(language, "send"))
    data += attribute("data-past", json.dumps(current.kept())) if current else ""
    return (
        f'<div class="bar"{data}><span class="mark" aria-hidden="true"></span>'
        f"<h1>{escape(shop.name)}</h1><nav{attribute('aria-label', word(language, 'menu'))}>"
        f"{new}{shortlist}{history}{scheme}{speak}</nav></div>"
    )


def welcome(shop: Shopfront, language: Language) -> str:
    """What a visitor finds before the first word: that this is a machine, then what may be asked."""
    return (
        f'<div class="welcome"><p class="ai">{escape(word(language, "ai"))}</p>'
        f"<h2>{escape(word(language, 'hello'))}</h2>"
        f"<p>{escape(word(language, 'invite', count=f'{shop.count:,}'))}</p>"
        f"{replies(shop.starters, word(language, 'examples'))}"
        f'<p class="notice">{escape(word(language, "kept"))}</p></div>'
    )


def past_drawer(past: Sequence[Past], current: str | None, language: Language, gone: Sequence[str] = ()) -> str:
    """The conversations of this browser, and what may be done with all that is kept. `gone`: those deleted just now."""
    rows = "".join(_past(one, one.resume == current, language) for one in past)
    listed = f'<ul class="past">{rows}</ul>' if rows else f"<p>{escape(word(language, 'no_past'))}</p>"
    export = button("export", word(language, "export"))
    erase = button("drawer", word(language, "erase"), value="erase", kind="danger")
    mine = f'<div class="mine"><h3>{escape(word(language, "my_data"))}</h3><p>{escape(word(language, "kept"))}</p>{export}{erase}</div>'
    return _drawer("past", word(language, "history"), f"{listed}{mine}", language, gone)


def _past(one: Past, open: bool, language: Language) -> str:
    here = attribute("aria-current", "true") if open else ""
    name = one.title or word(language, "untitled")
    when = f"<time{attribute('datetime', one.when)}>{escape(one.when[:16].replace('T', ' '))}</time>"
    remove = icon_button(
        "drawer", word(language, "forget_this", title=name), "bin", value="forget", resume=one.resume, title=name
    )
    return (
        f'<li><button type="button" class="open" data-event="reopen"{attribute("data-resume", one.resume)}{here}>'
        f"<span>{escape(name)}</span>{when}</button>{remove}</li>"
    )


def saved_drawer(items: Sequence[Json], language: Language, share: str | None = None) -> str:
    """What the shopper saved, with a link to show to others. `share`: that link, once it was asked for."""
    rows = "".join(_saved(item, language) for item in items)
    listed = f'<ul class="past">{rows}</ul>' if rows else f"<p>{escape(word(language, 'no_saved'))}</p>"
    more = ""
    if items:
        low = button(
            "gesture", word(language, "compare"), type="compare", items=json.dumps([i["id"] for i in items[:5]])
        )
        more = button("link", word(language, "share")) + (low if len(items) > 1 else "")
    if share:
        label = attribute("aria-label", word(language, "share_link"))
        more = f'<input class="link" readonly{attribute("value", share)}{label}>{more}'
    return _drawer("saved", word(language, "saved"), f'{listed}<div class="mine">{more}</div>', language)


def _saved(item: Json, language: Language) -> str:
    shown = picture(item)
    remove = icon_button("unsave", word(language, "unsave_this", title=item["title"]), "bin", item=item["id"])
    told = button("gesture", item["title"], kind="open", type="details", item=item["id"])
    return f'<li><span class="thumb">{shown}</span>{told}<span>{escape(price(item["price"], item["currency"]))}</span>{remove}</li>'


def sure_drawer(what: str, language: Language, title: str = "", resume: str = "") -> str:
    """The question before anything is deleted. `what`: "forget" (one conversation) or "erase" (everything)."""
    yes = button(what, word(language, f"{what}_yes"), kind="danger", resume=resume)
    no = button("drawer", word(language, "keep"), value="past")
    text = paragraphs(word(language, f"{what}_sure", title=title))
    return _drawer("sure", word(language, f"{what}_title"), f'{text}<div class="mine">{yes}{no}</div>', language)


def _drawer(name: str, heading: str, body: str, language: Language, gone: Sequence[str] = ()) -> str:
    close = (
        f'<button type="button" class="close" data-close{attribute("aria-label", word(language, "close"))}>×</button>'
    )
    lost = attribute("data-gone", json.dumps(list(gone))) if gone else ""
    return (
        f'<dialog class="drawer" data-drawer="{name}" aria-labelledby="drawer-name"{lost}>'
        f'<header><h2 id="drawer-name">{escape(heading)}</h2>{close}</header>{body}</dialog>'
    )
