"""What a thing must go with: "toner for my LaserJet 1020", "iPhone 12 case", 适用于 iPhone 12 的手机壳.

Finds where a message names a device that the shop has things for. What fits what, catalog/compatibility.py tells; what
is done with a device found, the tracker decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from catalog.compatibility import SLOT, device
from catalog.devices import fitting, name_of
from catalog.types import Constraint, Op
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, need_at
from chatbot.track.normal import Message
from chatbot.track.spans import Device, Scope, Span
from chatbot.track.wording import alternation, compiled, words
from chatbot.types import Addition

_CODE = re.compile(r"(?<![^\W_])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]+(?![^\W_])")
_ARTICLES = r"(?:(?:an?|the|my|our|his|her|their|your|old|new)\s)*"
_JOINED = re.compile(r"[\s\-]?的?\s?")
_REACH = 60  # characters behind a cue in which the device is named
SERVED = 0.3  # share of a kind's products that say what they are for, for a device before its name to be that


def find_devices(message: Message, grounder: Grounder) -> tuple[Device, ...]:
    """The devices that things of this shop are for, each behind a word such as "for" or before the thing's name."""
    known = grounder.devices
    if not known:
        return ()
    found: list[Device] = []
    for named in (*_behind_cues(message), *_before_things(message, grounder)):
        taken = any(named.start < d.end and d.start < named.end for d in found)
        if not taken and fitting(known, named.name):
            found.append(named)
    return tuple(sorted(found, key=lambda d: d.start))


def device_wishes(heard: Heard) -> Iterator[Addition]:
    """The wish that what is looked for goes with each device named."""
    for named in heard.devices:
        scopes = heard.scopes.at(named.start, named.end)
        if heard.open(named.start, named.end) and Scope.TAKEN_BACK not in scopes:
            op = Op.NE if Scope.NEGATED in scopes else Op.EQ
            yield Addition(Constraint(SLOT, op, named.name), True, need_at(heard, named.start))


def device_said(message: Message) -> str | None:
    """The device that an answer names ("it's an HP LaserJet 1020"), the longest where several names could be read."""
    named = [d for s in _starts(message.lower) if (d := _named(message, s, len(message.text)))]
    return max((d.name for d in named), key=len, default=None)


def asks_what_fits(heard: Heard, over: Span) -> bool:
    """Is it asked what a thing goes with?"""
    return _asking().search(heard.lower, over.start, over.end) is not None


def device_asked(heard: Heard, over: Span) -> str | None:
    """The device that a question names, whether the shop has anything for it or not."""
    return next((d.name for d in _behind_cues(heard.message) if over.covers(d.start, d.end)), None)


def _behind_cues(message: Message) -> Iterator[Device]:
    for cue in _cues().finditer(message.lower):
        if named := _named(message, cue.end(), message.sentence_at(cue.start()).end):
            yield named


def _before_things(message: Message, grounder: Grounder) -> Iterator[Device]:
    """ "LaserJet 1020 toner": a device right before the name of a thing that mostly says what it is for."""
    named = [d for s in _starts(message.lower) if (d := _named(message, s, message.sentence_at(s).end))]
    for end in sorted({d.end for d in named}):
        if _serving(message, end, grounder):
            whole = (d for d in named if d.end == end and grounder.device_words.issuperset(name_of(d.name).head))
            yield from sorted(whole, key=lambda d: d.start)[:1]  # no more of "carbon fiber iphone 11" than "iphone 11"


def _serving(message: Message, end: int, grounder: Grounder) -> bool:
    """Is the thing named behind a place one that mostly says what it is for?"""
    gap = _JOINED.match(message.lower, end)
    slot = grounder.slots[SLOT]
    kinds = grounder.kind_at(message, gap.end() if gap else end)
    return any((stats := slot.by_kind.get(kind)) and stats.coverage >= SERVED for kind in kinds)


def _starts(lower: str) -> Iterator[int]:
    """Where words begin that a model's number follows within three more."""
    for word in re.finditer(r"(?<![^\W_])[a-z][a-z-]++(?=(?:\s?[a-z-]++){0,2}\s?[a-z]{0,3}\d)", lower):
        yield word.start()


def _named(message: Message, start: int, end: int) -> Device | None:
    """The device that the message names from a place on, written so that its model's letters can be told from words."""
    rest = message.text[start : min(end, start + _REACH)]
    written = _CODE.sub(lambda code: code[0].upper(), rest)
    name = device(written)
    if not name:
        return None
    first, last = name.split()[0], name.split()[-1]
    begin = rest.casefold().find(first.casefold())
    if begin < 0 or not re.fullmatch(_ARTICLES, rest[:begin].casefold()):
        return None
    stop = rest.casefold().find(last.casefold(), begin)
    stop = stop + len(last) if stop >= 0 else begin + len(first)
    return Device(start + begin, start + stop, rest[begin:stop])


@cache
def _cues() -> re.Pattern[str]:
    return re.compile(alternation(words("devices")["cues"]) + r"\s*" + _ARTICLES)


@cache
def _asking() -> re.Pattern[str]:
    return compiled(words("devices")["asking"])
