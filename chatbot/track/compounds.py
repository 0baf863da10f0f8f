"""Things named by what they are for: "a stand for my monitor" is a monitor stand, "cases for it" of a tablet tablet cases.

Looks whether the two nouns make the name of a kind when they change places. Knows the phrase book and the lexicon; what
a thing must go with by its model, devices.py tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chatbot.track.book import Mention, Reading
from chatbot.track.ground import Grounder
from chatbot.track.needs import categories_of
from chatbot.track.parts import KindMention
from chatbot.track.pieces import function_words, keys
from chatbot.track.spans import Device
from chatbot.types import DialogueState

_FOR = r"\s(?:for|to fit|that fits?|to go with|to match)\s"
_SERVED = re.compile(_FOR + r"(?:(?:my|the|our|his|her|their|an?|this|that|your|new|old|[a-z]+'s)\s)*$")
_PRONOUN = re.compile(_FOR + r"(?:it|them|that|this|these|those|one)\b")
_NOUN = re.compile(r"([a-z][a-z-]*)$")


def compounded(
    lower: str,
    mentions: Sequence[Mention],
    kinds: Sequence[KindMention],
    devices: Sequence[Device],
    state: DialogueState,
    grounder: Grounder,
) -> tuple[KindMention, ...]:
    """The kinds with every "X for Y" that has a name of its own under that name."""
    found = list(kinds)
    for at, served, target in _served(lower, kinds, devices, state, grounder):
        noun = _NOUN.search(lower, 0, at)
        if noun is None or noun[1] in function_words():
            continue
        old = next((k for k in found if k.mention.end == at), None)
        reading = _named(noun[1], served, grounder, old.reading if old else None)
        if reading is None:
            continue
        if old is not None:
            found[found.index(old)] = replace(old, reading=reading, part="head")
        else:
            heads = any(k.part == "head" and k.mention.start < at for k in found)
            known = next((m for m in mentions if m.end == at), None)
            mention = known or Mention(noun.start(), at, reading.name, (reading,))
            found.append(KindMention(mention, reading, "head", "and" if heads else None))
        if target in found:
            found[found.index(target)] = replace(target, part="target")
    return tuple(sorted(found, key=lambda k: k.mention.start))


def _served(
    lower: str,
    kinds: Sequence[KindMention],
    devices: Sequence[Device],
    state: DialogueState,
    grounder: Grounder,
) -> Iterator[tuple[int, tuple[str, ...], KindMention | None]]:
    """Where a noun that serves another ends, the kinds that the other is, and its mention."""
    for kind in kinds:
        if cue := _SERVED.search(lower, 0, kind.mention.start):
            yield cue.start(), (kind.reading.name, *kind.reading.values), kind
    for device in devices:
        if cue := _SERVED.search(lower, 0, device.start):
            yield cue.start(), tuple(_lines(device, grounder)), None
    if cue := _PRONOUN.search(lower):
        named = [k for k in kinds if k.part == "head" and k.mention.end < cue.start()]
        earlier = [k.reading.name for k in named[:-1] or named if k.mention.end < cue.start() - 1]
        yield cue.start(), (*earlier, *(c for n in state.active_needs for c in categories_of(n))), None


def _named(noun: str, served: Iterable[str], grounder: Grounder, own: Reading | None) -> Reading | None:
    """The kind called "served noun" in this shop, by any name of what is served. `own`: what the noun means alone, which
    stands where a thing of that kind may serve the other too (a laptop rucksack is a rucksack)."""
    nouns = {noun, *(w for k in (grounder.lexicon.kinds_named(own.name) if own else ()) for w in k.words)}
    found = [
        r
        for name in _names(served, grounder)
        for word in sorted(nouns)
        for r in grounder.book.readings_of(f"{name} {word}")
        if r.role == "kind" and r.values and (word == noun or (own and r.name == own.name))
    ]
    if own and own.values and any(r.name == own.name for r in found):
        return None
    return found[0] if found else None


def _names(served: Iterable[str], grounder: Grounder) -> Iterator[str]:
    """Every English name of kinds, and of those above them."""
    lexicon = grounder.lexicon
    for kind in (kind for name in served for kind in lexicon.kinds_named(name)):
        for above in (kind.name, *lexicon.wider(kind.name)):
            yield from (word for word in (above, *lexicon.kinds[above].words) if word.isascii())


def _lines(device: Device, grounder: Grounder) -> Iterator[str]:
    """The kinds that a device is by the product line in its name: a LaserJet is a laser printer."""
    said = set(keys(device.name))
    for kind in grounder.lexicon.kinds.values():
        if any(set(keys(title)) <= said for title in kind.titles if len(title) > 4):
            yield kind.name
