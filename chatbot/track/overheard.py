"""What the assistant said, heard as items shown: for a talk that another assistant held, where the transcript is all there is.

A thing described ("a black coat and the grey one beside it") stands for a product of the catalogue that the description
fits, so that later words can point at it. Knows nothing of what was truly shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalog.types import Constraint, Op
from chatbot.state import remember_items
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.needs import categories_of
from chatbot.track.normal import Message
from chatbot.track.parts import kind_of
from chatbot.track.pieces import keys
from chatbot.types import DialogueState

_ONE = re.compile(r"\b(?:one|ones|pair|number|option)\b")
_SEEN = re.compile(
    r"\b(?:the|that|those|this|these|both|other|another)\s(?:(?:of|two|three|second|first|pair)\s)*(?:those\s|these\s|the\s)?$"
)
_JOINED = re.compile(r"(?:\s|,|and|&|or|light|dark|-)*")
MOST = 8  # items of one message that are kept in mind


def overhear(state: DialogueState, words: str, grounder: Grounder, pointed: bool = False) -> DialogueState:
    """The state after the assistant's words, with the things they describe as the latest list; as it was without any.

    `pointed`: only things spoken of as seen ("the black coat"): what a shopper says who stands in the shop.
    """
    ids: dict[str, None] = {} if pointed else dict.fromkeys(_named(words, grounder))
    for kinds, told in _described(state, words, grounder, pointed):
        if found := _fitting(grounder, kinds, told, ids):
            ids[found] = None
        if len(ids) >= MOST:
            break
    return remember_items(state, tuple(ids)[:MOST]) if ids else state


def _named(words: str, grounder: Grounder) -> Iterator[str]:
    """The products whose whole title is said."""
    message = Message.read(words)
    said = set(keys(message.lower))
    for mention in grounder.read(message).mentions:
        named = mention.reading("product")
        for product in grounder.catalog.get(named.values if named else ()):
            if set(keys(product.title)) <= said:
                yield product.id


def _described(
    state: DialogueState, words: str, grounder: Grounder, pointed: bool
) -> Iterator[tuple[tuple[str, ...], tuple[Mention, ...]]]:
    """Each thing described: its categories, and the values said of it before its noun."""
    message = Message.read(words)
    grounded = grounder.read(message)
    kinds = tuple(c for need in state.active_needs for c in categories_of(need))
    nouns = [(m.start, m.end, r.values) for m in grounded.mentions if (r := kind_of(m)) and r.values]
    pronouns = [(m.start(), m.end(), ()) for m in _ONE.finditer(message.lower)]
    told: list[Mention] = []
    before = 0
    for start, end, values in sorted([*nouns, *pronouns]):
        told = [m for m in grounded.mentions if m.reading("value") and before <= m.start and m.end <= start]
        kinds = values or kinds
        before = end
        run = _run(message.lower, told, start)
        seen = not pointed or _SEEN.search(message.lower[: run[0].start if run else start]) is not None
        if kinds and (values or told) and seen:
            yield kinds, run


def _run(lower: str, told: Sequence[Mention], noun: int) -> tuple[Mention, ...]:
    """The values that lead up to the noun without a break: those of "a store with blue walls, a black coat" are the coat's."""
    kept: list[Mention] = []
    for mention in reversed(told):
        if not _JOINED.fullmatch(lower, mention.end, noun):
            break
        kept.append(mention)
        noun = mention.start
    return tuple(reversed(kept))


def _fitting(grounder: Grounder, kinds: tuple[str, ...], told: Sequence[Mention], taken: dict[str, None]) -> str | None:
    """A product of the kind that has the values told, as many of them as any has; none already taken."""
    category = Constraint("category", Op.IN, kinds)
    values = [Constraint(r.slot, Op.IN, r.values) for m in told if (r := grounder.meant(m, kinds)) and r.values]
    for count in range(len(values), -1, -1):
        mask = grounder.catalog.match([category, *values[:count]])
        for position in mask.nonzero()[0]:
            if grounder.catalog.ids[position] not in taken:
                return grounder.catalog.ids[position]
    return None
