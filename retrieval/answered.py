"""Which of a shop's passages answer which topic of service, told by how they are asked and by what they say.

A passage answers a topic where one of its ways to ask it, or a sentence of its answer, is about that topic; where none
does, that of a wider topic stands in. Nothing is concluded: the passage is quoted as it stands. Knows no messages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from catalog.faq.passage import Passage
from retrieval.topics import Told, Topics, topics

ASKED = 0.5
"""The score from which on a way to ask it says what a passage is about."""
SAID = 0.8
"""The score from which on a sentence of the answer says that a topic is answered there too."""
MOST = 400
"""Passages whose answers are read sentence by sentence; each costs a few milliseconds, once."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n")
_SHORTEST = 3  # words of a sentence, or characters of Chinese


def answering(passages: Sequence[Passage], known: Topics) -> Mapping[str, tuple[Passage, ...]]:
    """Topic -> the passages that answer it; those asked for it before those that only mention it."""
    asked: dict[str, Counter[Passage]] = {}
    said: dict[str, Counter[Passage]] = {}
    for passage, told in zip(passages, known.find_all([p.phrasings for p in passages]), strict=True):
        _note(asked, passage, told, ASKED)
    few = passages[:MOST]
    for passage, told in zip(few, known.find_all([_sentences(p) for p in few]), strict=True):
        _note(said, passage, told, SAID)
    own = {name: _most(asked.get(name) or said[name]) for name in {*asked, *said}}
    wider = {t.name: next((own[w] for w in t.within if w in own), ()) for t in topics() if t.name not in own}
    return own | {name: found for name, found in wider.items() if found}


def _note(found: dict[str, Counter[Passage]], passage: Passage, told: Sequence[Told], least: float) -> None:
    for each in told:
        if each.score >= least:
            found.setdefault(each.topic, Counter())[passage] += 1


def _most(found: Counter[Passage]) -> tuple[Passage, ...]:
    """The passages that are about a topic in most of their texts, or at least in half as many."""
    most = max(found.values())
    return tuple(passage for passage, times in found.items() if 2 * times >= most)


def _sentences(passage: Passage) -> tuple[str, ...]:
    parts = (part.strip() for part in _SENTENCE.split(passage.answer))
    return tuple(
        part for part in parts if len(part.split()) >= _SHORTEST or (not part.isascii() and len(part) > _SHORTEST)
    )
