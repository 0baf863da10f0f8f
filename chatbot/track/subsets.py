"""Questions for a part of what was shown: "which of those come in XL?", "are any of them under 350?", 这几款里有四驱的吗.

What is asked of the list is wished at the same time: who asks for the silver ones of these wants to see silver ones. Knows the words that open such a question
(words/references.toml) and how to have the rest read as wishes; the answer is made elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog.types import Constraint
from chatbot.track.heard import Heard
from chatbot.track.planning import Plan
from chatbot.track.references import SPECIFIC
from chatbot.track.spans import Span
from chatbot.track.wording import compiled, words
from chatbot.types import Addition, Question

Wishes = Callable[[Heard, Plan], Sequence[Addition]]


@dataclass(frozen=True, slots=True)
class Subset:
    """A sentence that asks which of the things shown meet something, and the question it comes to."""

    sentence: Span
    question: Question


def subsets(heard: Heard, wishes: Wishes) -> tuple[Subset, ...]:
    """The sentences of the message that ask for a part of what was shown."""
    if len(heard.state.latest) < 2:
        return ()
    found = []
    for sentence in heard.message.sentences:
        opened = _opening().search(heard.lower, sentence.start, sentence.end)
        if not opened or any(sentence.touches(o.start, o.end) and o.kind != "plain" for o in heard.orders):
            continue  # "which of those is the cheapest" asks for the least
        scope = _scope(heard, sentence, wishes)
        if scope:
            said = " ".join(heard.lower[sentence.start : sentence.end].split()).strip("?!., ")
            found.append(Subset(sentence, Question(said, None, _pool(heard, sentence), "which", scope)))
    return tuple(found)


def _scope(heard: Heard, sentence: Span, wishes: Wishes) -> tuple[Constraint, ...]:
    """What the sentence would wish, were it a wish."""
    outside = (Span(0, sentence.start), Span(sentence.end, len(heard.lower)))
    added = wishes(replace(heard, closed=tuple(s for s in outside if len(s)), placed=()), Plan())
    asked = [a.what for a in added if isinstance(a.what, Constraint)]
    return tuple(c for n, c in enumerate(asked) if not any(c.slot == o.slot and c.op is o.op for o in asked[:n]))


def _pool(heard: Heard, sentence: Span) -> tuple[str, ...]:
    """Those of which it is asked: the ones pointed at, else the latest list."""
    pointed = [r for r in heard.references if r.ids and sentence.touches(r.start, r.end)]
    several = [r for r in pointed if len(r.ids) > 1 and (r.how in ("many", "two") or r.how in SPECIFIC)]
    return several[0].ids if several else heard.state.latest


@cache
def _opening() -> re.Pattern[str]:
    return compiled(words("references")["subset"]["openings"])
