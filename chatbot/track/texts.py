"""Wishes that no slot carries, kept in the shopper's words: "gaming", "for travelling", 上网课.

They lift what speaks of them and filter nothing. A word that no record of the shop holds is kept where the thing must
have it, and left out otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, need_at
from chatbot.track.hints import has_digit
from chatbot.track.names import Gap
from chatbot.track.pieces import Piece, keys, plain_words
from chatbot.track.reasons import demanded, never_lifts, said_as_wish
from chatbot.track.spans import Scope, Span
from chatbot.types import Addition, Text

STRANGE = 4  # letters at least of a word that no record holds and a wish keeps
_SIZE = re.compile(r"\s(?:is\s)?((?:x{0,4}[sl]|m|\d+(?:[./]\d+)?))(?![\w.])")


def text_wishes(heard: Heard, grounder: Grounder, homeless: Sequence[Mention]) -> list[Addition]:
    """Wishes in the shopper's words: properties no slot of these kinds carries, and content words by a kind."""
    found = [
        *_properties(heard, grounder, homeless),
        *_sizes(heard, grounder),
        *_parts(heard),
        *(told for gap in heard.grounded.gaps if (told := _content(heard, grounder, gap))),
    ]
    named = {key for placed in heard.placed for key in keys(placed.sought.words)}
    return [
        Addition(Text(text), False, need_at(heard, span.start))
        for span, text in _run_together(heard.lower, found)
        if not set(keys(text)) <= named or not text.isascii()
    ]


def but_absent(additions: Iterable[Addition], absent: Iterable[str]) -> list[Addition]:
    """The additions without words already told of as things not carried here."""
    gone = [set(keys(name)) for name in absent]
    return [a for a in additions if not (isinstance(a.what, Text) and any(set(keys(a.what.words)) <= g for g in gone))]


def _properties(heard: Heard, grounder: Grounder, homeless: Sequence[Mention]) -> Iterator[tuple[Span, str]]:
    for mention in homeless:
        if not heard.scopes.negated(mention.start, mention.end) and grounder.heard_of(mention.words.split()[0]):
            yield Span(mention.start, mention.end), mention.words


def _sizes(heard: Heard, grounder: Grounder) -> Iterator[tuple[Span, str]]:
    for mention in heard.mentions:
        sized = _SIZE.match(heard.lower, mention.end) if _unfiltered(mention, grounder) else None
        if sized and heard.open(mention.start, sized.end()) and not heard.scopes.negated(mention.start, sized.end()):
            yield Span(mention.start, sized.end()), f"{mention.words} {sized[1].upper()}"


def _parts(heard: Heard) -> Iterator[tuple[Span, str]]:
    """Kinds that only say what the thing is for or comes with."""
    for kind in heard.kinds:
        place = (kind.mention.start, kind.mention.end)
        if kind.part in ("target", "feature") and heard.open(*place) and not heard.scopes.negated(*place):
            if kind.part == "target":
                yield from _makers_before(heard, kind.mention.start)
            yield Span(*place), kind.mention.words


def _makers_before(heard: Heard, start: int) -> Iterator[tuple[Span, str]]:
    """The maker of the device a thing is for ("toner for a Brother printer")."""
    for mention in heard.mentions:
        if 0 <= start - mention.end <= 1 and any(r.slot == "brand" for r in mention.readings):
            yield Span(mention.start, mention.end), mention.words


def _content(heard: Heard, grounder: Grounder, gap: Gap) -> tuple[Span, str] | None:
    """What a run of words that nothing explains says of the thing; none where it says nothing."""
    if not _says_something(heard, gap):
        return None
    colours = grounder.lexicon.colours
    spoken = [p for p in gap.pieces if p.cjk or p.text in colours or _lifts(heard, grounder, p, gap)]
    text = _joined([(p.text if p.cjk else p.key, p.cjk) for p in spoken])
    kept = not all(p.cjk for p in spoken) or (len(text) > 1 and (grounder.heard_of(text) or text in colours))
    return (Span(spoken[0].start, spoken[-1].end), text) if text and kept else None


def _lifts(heard: Heard, grounder: Grounder, piece: Piece, gap: Gap) -> bool:
    """Is a word said as a wish, and a word that some record has, or one that is asked of the thing right by its name?"""
    if not _telling(heard, piece, gap):
        return False
    return grounder.heard_of(piece.key) or (len(piece.text) >= STRANGE and demanded(heard, gap.start, gap.end))


def _run_together(lower: str, found: Iterable[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """Words side by side are one wish: "video editing"."""
    made: list[tuple[Span, str]] = []
    for span, text in sorted(found, key=lambda f: f[0].start):
        if made and text.isascii() and made[-1][1].isascii() and lower[made[-1][0].end : span.start] in (" ", "-"):
            before, said = made.pop()
            span, text = Span(before.start, span.end), f"{said} {text}"
        made.append((span, text))
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
    if len(word) < 2 or word.isdigit() or "'" in word or never_lifts(word):
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
