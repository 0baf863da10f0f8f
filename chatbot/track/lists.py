"""Messages that list several things outright: "First, a kettle under 40. Second, a toaster", "(1) ...; (2) ...", bullets.

Each item is read as a message of its own that opens a need; this finds the items and puts their readings together. A list
of properties ("1. it must be black 2. under 50") lists no things; a plain "an X and a Y" without a price for each is left
to the planner.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from chatbot.state import apply
from chatbot.track.wording import alternation, words
from chatbot.types import Addition, DialogueState, NeedEdit, StateUpdate

LONGEST = 8  # items of a list; what is longer is some other text
_BEHIND = re.compile(
    r"(?<=[.!?;\n])\s+(?=(?:i |my |all |both |show |please |the total|can you|could you|do you|help |these |they )|我|请|都|总共|一共)",
    re.IGNORECASE,
)


_SEMICOLON = re.compile(r"\s*;\s*(?:and\s+)?(?=an?\s|some\s|the\s|[A-Z\d])")
_COMMA = re.compile(r",?\s+(?:and|plus)\s+(?:also\s+)?(?=(?:an?|some)\s)|,\s+(?=(?:an?|some)\s)")
_ARTICLE = re.compile(r"an?\s|some\s|the\s|\w+(?:\s\w+)?s\b")
_OPENING = re.compile(
    r"[^.;:]{0,80}?(?::|\b(?:both|offering|selling|sells?|offers|need|want|for|find|after|me|get))\s+(?=an?\s|some\s)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\b(?:(?:priced?|costs?|costing)\b[^,;.]{0,24}?|(?:over|above|under|below|between|less than|more than|up to|at most|for)\s)[$€£¥₱]?\d[\d.,]*\b(?!\s?(?:gb|tb|inch|cm|mm|ml|kg|g|w|v|hz|mah|hours|years|months|people|stars|%|\"))",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"\b(?:both|each|either|all of (?:them|it))\b|\b(?:it|that|they)\s(?:should|must|has|have)\b", re.IGNORECASE
)


def items_of_list(text: str) -> tuple[tuple[str, ...], str]:
    """(the items in the message's own words, what is said of all of them); () where it lists no things."""
    if apart := _told_apart(text):
        return apart
    marks = list(_marks().finditer(text))
    kinds = {"sign" if m["sign"] else "word" for m in marks}
    if len(kinds) != 1 or not 2 <= len(marks) <= LONGEST or (kinds == {"sign"} and not _counting(marks)):
        return (), ""
    ends = [m.start() for m in marks[1:]] + [len(text)]
    items = [text[m.end() : end].strip(" \n;,.-，；。") for m, end in zip(marks, ends, strict=True)]
    last, *rest = _BEHIND.split(items[-1], maxsplit=1)
    if any(len(item) < 3 or _property().match(item) for item in (*items[:-1], last)):
        return (), ""
    before = text[: marks[0].start()].strip()
    of_all = [before] if re.search(r"\d", before) else []  # "my budget is 500: (1) ..."
    return (*items[:-1], last), " ".join((*of_all, *rest))


def _told_apart(text: str) -> tuple[tuple[str, ...], str] | None:
    """Things told apart by semicolons, or each by a price of its own: "a cream over 6, a hair oil above 215"."""
    if len(_PRICE.findall(text)) < 2:
        return None
    opened = _OPENING.match(text)
    body, *rest = _BEHIND.split(text[opened.end() if opened else 0 :], maxsplit=1)
    for cut in (_SEMICOLON, _COMMA):
        pieces = [p.strip(" ,.;") for p in cut.split(body)]
        priced = sum(1 for p in pieces if _PRICE.search(p))
        apart = 2 <= len(pieces) <= LONGEST and priced >= max(2, len(pieces) - 1) and not _OF_ALL.search(pieces[-1])
        if apart and all(_ARTICLE.match(p) and not _property().match(p) for p in pieces):
            return tuple(pieces), rest[0] if rest else ""
    return None


@cache
def _property() -> re.Pattern[str]:
    return re.compile(alternation(words("lists")["property"]), re.IGNORECASE)


@cache
def _marks() -> re.Pattern[str]:
    table = words("lists")
    word = rf"(?:{alternation(table['openers'])}(?=,|:|\s+(?:an?|is|i\s(?:want|need|would|am)|i'd|i'm)\s)[,:]?|(?:{'|'.join(table['openers_zh'])})[,:，：、]?)"
    sign = r"\(?(?P<number>[1-9一二三四五])[.)、](?=\s|[^\s\d])|[•*-](?=\s)"
    return re.compile(
        rf"(?:(?<=\n)|(?<=[.;:,!?，；：。、]\s)|(?<=[，；：。、\n])|(?<=\sand\s)|(?<=\s)(?=\()|^)\s*+(?:(?P<sign>{sign})|(?P<word>{word}))",
        re.IGNORECASE,
    )


def _counting(marks: list[re.Match[str]]) -> bool:
    """Do the numbers of the items go 1, 2, 3?"""
    said = ["一二三四五".find(m["number"]) + 1 or int(m["number"]) for m in marks if m["number"]]
    return said == list(range(1, len(said) + 1))


def track_each(
    state: DialogueState, items: tuple[str, ...], behind: str, track: Callable[[DialogueState, str], StateUpdate]
) -> StateUpdate:
    """One update of all items: each a need of its own, what is said behind them a message on all."""
    reached, updates = replace(state, active=()), list[StateUpdate]()
    needs: list[int] = []
    for item in items:
        reached = replace(reached, active=())
        update = track(reached, item)
        reached = apply(reached, update)
        if not update.clear and reached.active:
            updates.append(_placed(update, reached))
            needs.extend(reached.active)
    reached = replace(reached, active=tuple(dict.fromkeys(needs)))
    if behind:
        updates.append(_placed(track(reached, behind), reached))
    return _together(updates, reached.active)


def _placed(update: StateUpdate, reached: DialogueState) -> StateUpdate:
    """The update with every need that it opens told, and every wish's need."""
    known = {edit.id for edit in update.needs}
    opened = [NeedEdit(n.id, n.query) for n in reached.active_needs if n.id not in known]
    added = [replace(addition, need=id) for addition in update.add for id in _needs_of(addition, reached)]
    return replace(update, add=tuple(added), needs=(*update.needs, *opened))


def _needs_of(addition: Addition, reached: DialogueState) -> tuple[int, ...]:
    return reached.active if addition.need is None else (addition.need,)


def _together(updates: list[StateUpdate], active: tuple[int, ...]) -> StateUpdate:
    return StateUpdate(
        acts=tuple(dict.fromkeys(a for u in updates for a in u.acts)),
        add=tuple(a for u in updates for a in u.add),
        remove=tuple(dict.fromkeys(r for u in updates for r in u.remove)),
        needs=tuple({e.id: e for u in updates for e in u.needs}.values()),
        active=active,
        absent=tuple(dict.fromkeys(a for u in updates for a in u.absent)),
        topics=tuple(dict.fromkeys(t for u in updates for t in u.topics)),
        language=updates[0].language if updates else "en",
    )
