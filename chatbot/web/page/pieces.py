"""A conversation as HTML: every piece is printed from the Turn's JSON, and every word of it is escaped.

The parts are in pieces_*.py, one a subject. Knows nothing of Gradio, sessions or how a turn is made.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from chatbot.context import Order
from chatbot.quoted import Quoted
from chatbot.say import say
from chatbot.service import order_words, quoted_words
from chatbot.types import Language
from chatbot.web.page import pieces_told as told
from chatbot.web.page.pieces_card import Kept, Manner, cards
from chatbot.web.page.pieces_dock import dock, ledger
from chatbot.web.page.pieces_frame import Shopfront, header, welcome
from chatbot.web.page.pieces_parts import LANG, Json, button, icon_button, paragraphs, price, replies, wish
from chatbot.web.words import word

__all__ = [
    "Json",
    "Kept",
    "Live",
    "Shopfront",
    "Story",
    "dock",
    "header",
    "ledger",
    "price",
    "transcript",
    "welcome",
    "wish",
]


@dataclass(slots=True)
class Live:
    """A turn while it is made: what the shopper said, and what has come so far. No `stage`: nobody is at work on it."""

    said: str
    stage: str | None = "track"
    text: str = ""
    cards: list[Json] = field(default_factory=list)
    ledger: list[Json] | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a conversation. `notes`: what the shop's people wrote in it; `person`: handoff state and name."""

    turns: Sequence[Json] = ()
    kept: Kept = field(default_factory=Kept)
    notes: Sequence[Json] = ()
    person: tuple[str, str] = ("bot", "")


def transcript(story: Story, live: Live | None, shop: Shopfront, language: Language) -> str:
    """The conversation from its first word; a welcome when there is none yet."""
    if not story.turns and live is None:
        return welcome(shop, language)
    known = {card["id"]: card for turn in story.turns for card in turn["suggestions"]}
    wishes = {line["wish"]: wish(line, language) for turn in story.turns for line in turn["ledger"]}
    taken = {turn.get("took_back") for turn in story.turns} - {None}
    notes = list(story.notes)
    shown: list[str] = []
    for turn in story.turns:
        shown += _notes(notes, before=turn["turn"], language=language)
        latest = turn is story.turns[-1] and live is None
        ways = _ways(turn, shop.people and story.person[0] == "bot", language) if latest else ""
        shown.append(
            _turn(
                turn,
                known,
                wishes,
                story.kept,
                Manner(language, turn["language"], shop.language),
                ways,
                taken,
            )
        )
    shown += _notes(notes, before=None, language=language)
    if live is not None:
        shown.append(_live(live, shop, story.kept, language))
    name = escape(word(language, "conversation"))
    return f'<section aria-label="{name}"><ol class="turns">{"".join(shown)}</ol></section>'


def _notes(notes: list[Json], before: int | None, language: Language) -> list[str]:
    """The notes written before a turn, taken off the list; all that are left where there is no further turn."""
    due = [n for n in notes if before is None or n["after"] < before]
    notes[:] = notes[len(due) :]
    return [told.note(n, language) for n in due]


def _turn(
    turn: Json,
    known: Mapping[str, Json],
    wishes: Mapping[str, str],
    kept: Kept,
    manner: Manner,
    ways: str,
    taken: Container[object],
) -> str:
    talk = LANG[manner.talk]
    gesture = turn.get("gesture") or {}
    facts = turn["facts"] if gesture.get("type") == "details" else ()
    shown_whole = facts or (turn["table"] and gesture.get("type") == "compare")
    said = "" if shown_whole else paragraphs(_beside_boxes(turn))  # what is drawn says the same, and more readably
    met = [line for line in turn["ledger"] if line["text"] not in turn["relaxed"]]
    parts = (
        f'<div class="said" lang="{talk}">{said}</div>' if said else "",
        told.quotes(turn.get("quoted") or (), manner.language),
        told.order(turn.get("order"), manner.language),
        told.details(facts, known, manner),
        cards(turn["suggestions"], met, kept, manner),
        told.comparison(turn["table"], known, manner),
        _aside(turn),
        ways,
    )
    kind = "turn taken" if turn["turn"] in taken else "turn"
    asked = _asked(turn, known, wishes, manner.language)
    return f'<li class="{kind}" data-turn="{int(turn["turn"])}">{asked}<div class="answer">{"".join(parts)}</div></li>'


def _beside_boxes(turn: Json) -> str:
    """What is said beside what is quoted and what the shop states of an order: those stand below, each once."""
    text = str(turn["text"])
    order = turn.get("order")
    if order and order["found"] == "found":
        text = text.replace(order_words(Order(**order), turn["language"]), "")
    for one in turn.get("quoted") or ():
        quoted = Quoted(one["question"], one["answer"], one["source"], one["url"])
        text = text.replace(quoted_words(quoted, turn["language"]), "")
    return text.strip()


def _ways(turn: Json, people: bool, language: Language) -> str:
    """Ways on from the latest turn: what may be answered, once more, back, and on to one of the shop's `people`."""
    said = replies(turn["quick_replies"], word(language, "replies"))
    retry = icon_button("gesture", word(language, "retry_hint"), "again", label=word(language, "retry"), type="retry")
    undo = icon_button("gesture", word(language, "undo_hint"), "undo", label=word(language, "undo"), type="undo")
    hint = word(language, "ask_person_hint")
    ask = icon_button("gesture", hint, "face", label=word(language, "ask_person"), type="handoff") if people else ""
    return f'{said}<div class="ways">{retry}{undo}{ask}</div>'


def _aside(turn: Json) -> str:
    """A word in small print that the answer was to be better: the model was asked in vain."""
    if not turn["degraded"]:
        return ""
    return f'<p class="aside" lang="{LANG[turn["language"]]}">{escape(say(turn["language"], "without_model"))}</p>'


def _asked(turn: Json, known: Mapping[str, Json], wishes: Mapping[str, str], language: Language) -> str:
    """What the shopper said, tapped, or did to the ledger."""
    if turn["user"]:
        return f'<div class="asked" lang="{LANG[turn["language"]]}">{paragraphs(turn["user"])}</div>'
    gesture = turn.get("gesture")
    if gesture:
        items = " · ".join(known[id]["title"] if id in known else id for id in gesture["items"])
        named = items or wishes.get(gesture.get("wish") or "", "")
        done = [word(language, f"did_{gesture['type']}", what=named)]
    else:
        off = [wishes.get(d["wish"], d["text"]) for d in turn["dropped"] if d["by"] == "shopper"]
        on = [wishes[line["wish"]] for line in turn["ledger"] if line["turn"] == turn["turn"]]
        done = [word(language, name, wishes=", ".join(w)) for name, w in (("you_removed", off), ("you_added", on)) if w]
    return f'<div class="edited"><span>{escape(" · ".join(done).strip())}</span></div>' if done else ""


def _live(live: Live, shop: Shopfront, kept: Kept, language: Language) -> str:
    if live.stage is None:
        again = button("again", word(language, "again"))
        stage = f'<p class="stage"><span class="what">{escape(word(language, "unanswered"))}</span> {again}</p>'
    else:
        text = word(language, f"stage_{live.stage}", count=f"{shop.count:,}")
        leave = button("leave", word(language, "leave"))
        what = f'<span class="dots" aria-hidden="true"></span><span class="what">{escape(text)}</span>'
        stage = f'<p class="stage">{what} {leave}</p>'
    asked = f'<div class="asked">{paragraphs(live.said)}</div>' if live.said else ""
    manner = Manner(language, language, shop.language)
    shown = cards(live.cards, live.ledger or (), kept, manner)
    return f'<li class="turn">{asked}<div class="answer">{paragraphs(live.text)}{shown}{stage}</div></li>'


def dropped_lines(turns: Iterable[Json]) -> list[Json]:
    """The ledger lines that the latest turn let go and that do not stand again, as they last stood."""
    past = list(turns)
    if not past:
        return []
    stood = {line["wish"]: line for turn in past for line in turn["ledger"]}
    stands = {line["wish"] for line in past[-1]["ledger"]}
    gone = dict.fromkeys(d["wish"] for d in past[-1]["dropped"] if d["wish"] not in stands)
    return [stood[id] for id in gone if id in stood]
