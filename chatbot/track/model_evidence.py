"""What a message itself says for and against a reading of it: its words, those left over, numbers that could be anything.

Knows nothing of models' answers.
"""

from __future__ import annotations

from catalog.types import Constraint, Slot
from chatbot.track.heard import Heard
from chatbot.track.pieces import function_words, keys
from chatbot.types import Wish


def unexplained(heard: Heard) -> frozenset[str]:
    """The content words of a message that grammar and vocabulary made nothing of."""
    known = [*((a.start, a.end) for a in heard.acts), *((o.start, o.end) for o in heard.orders)]
    known += [*((s.start, s.end) for s in heard.scopes.spans), *((b.start, b.end) for b in heard.bounds)]
    known += [(r.start, r.end) for r in heard.references]
    return frozenset(
        p.key
        for gap in heard.grounded.gaps
        for p in gap.pieces
        if not any(start < p.end and p.start < end for start, end in known)
        and p.key not in function_words()
        and not (p.cjk and len(gap.pieces) == 1)
    )


def unsaid(wish: Wish, heard: Heard) -> bool:
    """Does a line say what the shopper never wrote: a word mended into another?"""
    if not isinstance(wish.what, Constraint) or wish.slot == "category" or heard.message.language != "en":
        return False
    written = {k for e in heard.state.talk for k in keys(e.user)} | set(keys(heard.lower))
    values = [v for v in wish.what.values if isinstance(v, str)]
    return bool(values) and not any(set(keys(v)) & written for v in values)


def in_doubt(slot: Slot, heard: Heard) -> bool:
    """Is the message's one number bare of anything that tells what it is of ("they are around 6")?"""
    if slot.name == "price" or len(heard.bounds) != 1:
        return False
    bound = heard.bounds[0]
    return bound.money is None and bound.unit is None and bound.cue in ("bare", "about", "for")


def message_keys(heard: Heard) -> set[str]:
    return {*keys(heard.lower), *(k for m in heard.mentions for k in m.words.split())}
