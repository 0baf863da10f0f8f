"""What a turn tells beside its words and cards: a comparison, a record's facts, a quoted answer, an order, a person.

Every part is printed from the Turn's JSON or a note of the shop's people. Knows nothing of sessions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from catalog.types import Fact, Scalar
from chatbot.say import fact_value, slot_name
from chatbot.titles import is_title
from chatbot.types import Language
from chatbot.web.media import link
from chatbot.web.page.pieces_card import Manner, picture, title
from chatbot.web.page.pieces_parts import LANG, Json, attribute, lang_of, price
from chatbot.web.words import word

Cards = Mapping[str, Json]
"""The cards shown so far, by item: what a comparison or a record's facts are illustrated from."""


def comparison(table: Json | None, known: Cards, manner: Manner) -> str:
    """The comparison as a table, a column an item; rows in which the items differ are marked."""
    if not table:
        return ""
    heads = "".join(f'<th scope="col">{_head(id, known, manner)}</th>' for id in table["items"])
    rows = "".join(_row(row, manner) for row in table["rows"])
    name = attribute("aria-label", word(manner.language, "comparison"))
    corner = f'<td><span class="differ">{escape(word(manner.language, "differ"))}</span></td>'
    return (
        f'<div class="table" role="region" tabindex="0"{name}><table><thead><tr>{corner}{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _head(id: str, known: Cards, manner: Manner) -> str:
    card = known.get(id)
    return escape(id) if card is None else f'<div class="picture">{picture(card)}</div>{title(card, manner)}'


def _row(row: Json, manner: Manner) -> str:
    values = "".join(f"<td{_lang(value, manner)}>{escape(value or '–')}</td>" for value in row["values"])
    kind = "differs" if row["differs"] else "same"
    differs = attribute("aria-label", word(manner.language, "differs"))
    mark = f'<span class="differ" role="img"{differs}></span>' if row["differs"] else ""
    name = escape(slot_name(manner.talk, row["slot"]))
    return f'<tr class="{kind}"><th scope="row"><span lang="{LANG[manner.talk]}">{name}</span>{mark}</th>{values}</tr>'


def details(facts: Sequence[Json], known: Cards, manner: Manner) -> str:
    """Everything the record states of one item, and its picture."""
    if not facts:
        return ""
    card = known.get(facts[0]["id"])
    stated: dict[str, list[str]] = {}
    for fact in facts:
        if is_title(fact["slot"]):
            continue  # it stands beside the picture
        values = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
        named = stated.setdefault(slot_name(manner.talk, fact["slot"]), [])
        named += (fact_value(manner.talk, Fact(fact["slot"], _scalar(value), fact["unit"])) for value in values)
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd{_lang(' '.join(values), manner)}>{escape(' · '.join(values))}</dd></div>"
        for name, values in stated.items()
    )
    top = ""
    if card is not None:
        tag = f'<p class="tag"><strong>{escape(price(card["price"], card["currency"]))}</strong></p>'
        top = f'<div class="picture">{picture(card)}</div><h2>{title(card, manner)}</h2>{tag}'
    return f'<div class="details"><div>{top}</div><dl lang="{LANG[manner.talk]}">{rows}</dl></div>'


def _lang(value: str, manner: Manner) -> str:
    return attribute("lang", lang_of(value, manner.catalog))


def _scalar(value: Any) -> Scalar:
    """A value as it is in a record: JSON has whole numbers of their own."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def quotes(quoted: Sequence[Json], language: Language) -> str:
    """The shop's own answers, word for word, each with the place it stands in."""
    return "".join(_quote(one, language) for one in quoted)


def _quote(one: Json, language: Language) -> str:
    address = link(one["url"])
    named = escape(word(language, "quoted"))
    if address:
        source = escape(one["question"])
        named += f' <a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{source}</a>'
    said = "".join(f"<p>{escape(line)}</p>" for line in str(one["answer"]).splitlines() if line.strip())
    return (
        f'<figure class="quote"><figcaption>{escape(one["question"])}</figcaption><blockquote>{said}</blockquote>'
        f"<cite>{named}</cite></figure>"
    )


def order(told: Json | None, language: Language) -> str:
    """Where an order stands, as the shop's own system states it."""
    if not told or told["found"] != "found":
        return ""
    address = link(told["url"])
    named = (("order_number", "number"), ("order_status", "status"), ("order_eta", "eta"))
    rows = "".join(
        f"<div><dt>{escape(word(language, name))}</dt><dd>{escape(told[field])}</dd></div>"
        for name, field in named
        if told[field]
    )
    more = escape(word(language, "order_more"))
    see = f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{more}</a>' if address else ""
    return f'<div class="order"><dl>{rows}</dl>{see}</div>'


def note(note: Json, language: Language) -> str:
    """What a person of the shop wrote."""
    name = escape(note["name"] or word(language, "person"))
    said = "".join(f"<p>{escape(line)}</p>" for line in str(note["text"]).splitlines() if line.strip())
    return f'<li class="note" data-note="{int(note["number"])}"><b>{name}</b><div>{said}</div></li>'
