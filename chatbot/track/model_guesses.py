"""What grammar only guessed of a message: misspellings mended, things of the tale taken for the thing looked for.

"My desktop just dies" asks for no desktop, and "ouch" is no touch screen: a model that read the message knows better.
What the shopper said in so many words and asked for is no guess. Knows nothing of models' answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatbot.track.heard import Heard
from chatbot.track.pieces import keys

UMBRELLA = 5  # kinds beyond which a name tells none of them ("power")
_ASKED = re.compile(
    r"(?:^|[.,;!?:]\s?|\b(?:an?|some|any|another|need|needs|want|wants|find|get|buy|me|see|sell|stock|have|got|also|plus|or|and"
    r"|about|for|new|cheap|good|nice|best|than|no|not|ones?|just|only)\s)(?:(?!(?:the|my|our|his|her|their|your|this|that|its)\b)[\w'-]+\s){0,3}$"
)
_OWNED = re.compile(
    r"\b(?:the|my|our|his|her|their|this|that|one|your|using|with|on|in|at|into|off|from)\s(?:[\w'-]+\s){0,2}$|(?:我的?|这|那|他的?|她的?|家里的?)[个台款部]?$"
)


@dataclass(frozen=True, slots=True)
class Guesses:
    """`values`: (slot, value in small letters) read into words that were mended. `kinds`: categories of things that are
    told of rather than asked for, or that a wide name covers. `written`: the message's own words, by keys."""

    values: frozenset[tuple[str, str]] = frozenset()
    kinds: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


def guesses_of(heard: Heard) -> Guesses:
    """What of the message's readings is not its own words."""
    values: set[tuple[str, str]] = set()
    told: set[str] = set()
    asked: set[str] = set()
    for mention in heard.mentions:
        written = keys(heard.lower[mention.start : mention.end])
        if not mention.words.isascii() or set(mention.words.split()) <= set(written):
            continue
        values |= {(r.slot, v.casefold()) for r in mention.readings for v in r.values if r.role in ("value", "kind")}
    for kind in heard.kinds:
        before = heard.lower[heard.message.clause_at(kind.mention.start).start : kind.mention.start]
        mended = any(("category", v.casefold()) in values for v in kind.reading.values)
        asks = heard.message.language == "zh" or _ASKED.search(before) is not None
        owned = _OWNED.search(before) is not None or not asks
        guess = mended or owned or len(kind.reading.values) > UMBRELLA
        (told if guess else asked).update(kind.reading.values)
    return Guesses(frozenset(values), frozenset(told - asked), frozenset(keys(heard.lower)))
