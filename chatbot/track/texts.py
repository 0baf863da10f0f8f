"""Wishes that no slot carries, kept in the shopper's words: "gaming", "for travelling", 上网课.

They lift what speaks of them and filter nothing. Words that no record of the shop holds are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, need_at
from chatbot.track.hints import has_digit
from chatbot.track.names import Gap
from chatbot.track.pieces import Piece, plain_words
from chatbot.track.reasons import said_as_wish
from chatbot.track.spans import Scope
from chatbot.types import Addition, Text

_SIZE = re.compile(r"\s(?:is\s)?((?:x{0,4}[sl]|m|\d+(?:[./]\d+)?))(?![\w.])")


def text_wishes(heard: Heard, grounder: Grounder, homeless: Sequence[Mention]) -> list[Addition]:
    """Wishes in the shopper's words: properties no slot of these kinds carries, and content words by a kind."""
    made: list[Addition] = []
    for mention in homeless:
        if not heard.scopes.negated(mention.start, mention.end) and grounder.heard_of(mention.words.split()[0]):
            made.append(Addition(Text(mention.words), False, need_at(heard, mention.start)))
    for mention in heard.mentions:
        sized = _SIZE.match(heard.lower, mention.end) if _unfiltered(mention, grounder) else None
        if sized and heard.open(mention.start, sized.end()) and not heard.scopes.negated(mention.start, sized.end()):
            made.append(Addition(Text(f"{mention.words} {sized[1].upper()}"), False, need_at(heard, mention.start)))
    for kind in heard.kinds:
        place = (kind.mention.start, kind.mention.end)
        if kind.part in ("target", "feature") and heard.open(*place) and not heard.scopes.negated(*place):
            made.append(Addition(Text(kind.mention.words), False, need_at(heard, kind.mention.start)))
    for gap in heard.grounded.gaps:
        if not _says_something(heard, gap):
            continue
        spoken = [p for p in gap.pieces if p.cjk or p.text in grounder.lexicon.colours or (grounder.heard_of(p.key) and _telling(heard, p, gap))]
        text = _joined([(p.text if p.cjk else p.key, p.cjk) for p in spoken])
        if text and (not all(p.cjk for p in spoken) or (len(text) > 1 and (grounder.heard_of(text) or text in grounder.lexicon.colours))):
            made.append(Addition(Text(text), False, need_at(heard, gap.start)))
    return made


def _unfiltered(mention: Mention, grounder: Grounder) -> bool:
    """Does it name sizes that too few of this shop's products state to filter by?"""
    named = grounder.slots_named(mention)
    return any(s.concept == "size" for s in named) and not any(s.informable for s in named)


def _says_something(heard: Heard, gap: Gap) -> bool:
    """Is a run of unexplained words a wish at all: no cue, no order, nothing refused, no question?"""
    cues = [*((s.start, s.end) for s in heard.scopes.spans), *((o.start, o.end) for o in heard.orders)]
    if any(start < gap.end and gap.start < end for start, end in cues) or not heard.wishes(gap.start, gap.end):
        return False
    return not heard.scopes.at(gap.start, gap.end) & {Scope.NEGATED, Scope.TAKEN_BACK}


def _telling(heard: Heard, piece: Piece, gap: Gap) -> bool:
    """A word tells something when it is said as a wish ("gaming laptop", "for travelling"), or is a name."""
    word = piece.text
    if len(word) < 2 or word.isdigit() or "'" in word:
        return False
    if word in plain_words():
        by_kind = any(0 <= k.mention.start - gap.end <= 2 for k in heard.kinds)
        return by_kind or bool(re.search(r"(?:\bfor|\bwith|\bthat)\s(?:\w+\s)?$", heard.lower[: gap.start]))
    name = has_digit(word) or (piece.start > 0 and heard.message.text[piece.start].isupper())
    return name or said_as_wish(heard, gap.start, gap.end)


def _joined(parts: Sequence[tuple[str, bool]]) -> str:
    text = ""
    for word, cjk in parts:
        text += ("" if cjk or not text else " ") + word
    return text
