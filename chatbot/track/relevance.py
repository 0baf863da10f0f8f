"""Which properties of an item are asked for, where no phrase of the shop names them whole.

"Address" is the street address, "does it allow pets" asks whether pets are allowed: a property is meant by the telling
words of its name, in any form, when no other of the item's properties has them too. Knows the slots and the words;
knows nothing of the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from catalog.types import Slot
from chatbot.track.pieces import function_words, keys
from chatbot.track.spans import Span
from chatbot.track.wording import words

ENOUGH = 0.5  # share of a name's telling words that must be said, unless its last one is
WHOLE = 3  # content words at most that a property's bare name has
_WISHING = re.compile(r"\b(?:i|i'[dm]|we|me|show|find|like|want|need|than|under|over|with|without|but)\b")
_ASKED = frozenset({"price"})  # no word of a wish by itself, but of a question
_ENDINGS = ("ational", "ation", "ings", "ing", "able", "ible", "ion", "ed", "en", "er", "or", "al", "ly", "y", "e")
_JOINED = re.compile(
    r"\s*(?:[,;&/]|\band\b|\bor\b|\bplus\b|\bas well as\b|和|跟|与|以及|还有|、|，)+\s*"
    r"(?:(?:what|how|is|are|the|its|it's|their|his|her|also|about|'s|even)\b[\s']*)*"
)


def listed(lower: str, over: Span) -> tuple[Span, ...]:
    """The things asked for side by side: "the weight and its battery life" are two."""
    ends = [*((m.start(), m.end()) for m in _JOINED.finditer(lower, over.start, over.end)), (over.end, over.end)]
    starts = [over.start, *(end for _, end in ends)]
    parts = tuple(Span(start, end) for start, (end, _) in zip(starts, ends, strict=False) if lower[start:end].strip())
    return parts or (over,)


def slot_meant(asked: str, slots: Iterable[Slot], wholly: bool = False) -> str | None:
    """The one of these slots that the words mean, None where none or several do. `wholly`: they say little else."""
    said = {_stem(k) for k in keys(asked)}
    telling = sum(k not in function_words() for k in keys(asked))
    if wholly and (telling > WHOLE or _WISHING.search(asked)):
        return None
    named = {slot.name: _telling(slot) for slot in slots}
    known = Counter(stem for stems in named.values() for stem in set(stems))
    scored: list[tuple[float, int, str]] = []
    for name, stems in named.items():
        common = [s for s in stems if s in said]
        if common and (stems[-1] in said or len(common) >= ENOUGH * len(stems)):
            scored.append((sum(1 / known[s] for s in common), -len(stems), name))
    best = sorted(scored, reverse=True)[:2]
    if not best or (len(best) == 2 and best[0][:2] == best[1][:2]):
        return None
    return best[0][2]


def _telling(slot: Slot) -> Sequence[str]:
    """The stems of a slot's name that say what it is about."""
    dull = frozenset(words("slots")["dull"].split()) | (function_words() - _ASKED)
    parts = keys(slot.name)
    return [_stem(k) for k in parts if k not in dull] or [_stem(k) for k in parts]


def _stem(key: str) -> str:
    """What a word's forms share: smoking, smoke; furnished, furniture no more."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= 3:
            return key[: -len(ending)]
    return key
