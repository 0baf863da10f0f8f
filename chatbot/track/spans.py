"""What the grammar finds in a message: spans over its normalised text, before any catalogue is asked.

Every `start` and `end` counts characters of `Message.text`, end excluded. Nothing here knows slots, values or products:
grounding decides which slot a bound is about and whether a value lies under a negation.

    normal.Message.read(text) -> Message          bounds.find_bounds(message) -> tuple[BoundSpan, ...]
    numbers.find_numbers(message) -> tuple[NumberSpan, ...]      scope.find_scopes(message) -> Scopes
    order.find_orders(message) -> tuple[OrderSpan, ...]          acts.acts_of(message) -> tuple[ActSpan, ...]
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from chatbot.types import Measure, UserAct

TokenKind = Literal["word", "number", "cjk", "symbol"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the message."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def covers(self, start: int, end: int) -> bool:
        return self.start <= start and end <= self.end

    def touches(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a run of Chinese or a sign, with its place. `text` is lower case."""

    start: int
    end: int
    text: str
    kind: TokenKind


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number as said: "2k", "a hundred", "一万二".

    `scale`: the multiplier it ends in ("15万" 10000, "2k" 1000, else 1), which the first end of a range may borrow
    ("15到18万"). `words`: written in letters or Chinese digits. `most`: where a word for a stretch of numbers ends
    ("the low 300s", 几百, 三百多), None for a plain number.
    """

    start: int
    end: int
    value: float
    scale: float = 1.0
    words: bool = False
    most: float | None = None


BoundCue = Literal["bare", "limit", "range", "about", "budget", "for", "set"]


@dataclass(frozen=True, slots=True)
class BoundSpan:
    """A number a wish can rest on, with the words that bound it.

    low, high: None where open; low == high for an exact or bare quantity; `about` keeps low == high == the number said
    (the reader widens it). `unit`: as written ("gigs", '"', "英寸"), None without one. `money`: True when the words say
    so (a currency, "budget", "bucks"), False when they say otherwise (a unit, stars), None when they do not tell.
    `currency`: ISO code, or None. `stars`: a rating. `percent`: a share ("20% off").
    `cue`: what made it a bound: nothing (bare), a limit, two ends (range), about, a budget word or phrase ("for 10
    dollars", "what can I get for 200"), a mere "for" (as many people, or as much money), or a replaced value ("make it 1500", "raise it to 2k": read it as the new end
    of the bound that stands; low is None and high the value then, `raised` None when the direction is not said).
    `age`: years of who it is for. `year`: the number is a year in which things came out. `replaces`: it corrects an earlier wish ("make it", "raise it to", "actually"). `number`: the span of the figure(s)
    and unit alone, without the cue words. `after`: end of the phrase it belongs to, for a noun that follows.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    low_strict: bool = False
    high_strict: bool = False
    unit: str | None = None
    money: bool | None = None
    currency: str | None = None
    approximate: bool = False
    stars: bool = False
    percent: bool = False
    age: bool = False
    year: bool = False
    cue: BoundCue = "bare"
    replaces: bool = False
    number: Span = Span(0, 0)

    @property
    def exact(self) -> bool:
        """One number without bounds: "16 gigs", "size 10"."""
        return self.low is not None and self.low == self.high


class Scope(StrEnum):
    """What a cue does to the words it governs."""

    NEGATED = "negated"  # no, not, without, anything but, 不要, 别
    SOFT = "soft"  # ideally, if possible, 最好: lifts, never filters
    HARD = "hard"  # only, must, 必须
    TAKEN_BACK = "taken_back"  # forget the colour, any brand is fine, 不限品牌: the wish on it no longer stands
    ALLOWED = "allowed"  # HP is allowed again: an earlier exclusion of it ends
    REPLACED = "replaced"  # actually, instead, make it: a new value for a slot wished before
    ADDED = "added"  # also, too, as well, or: adds to earlier wishes on the slot
    NEED = "need"  # "I also need a ...": another thing looked for


@dataclass(frozen=True, slots=True)
class ScopeSpan:
    """A cue (start, end) and the stretch it governs (over); `over` is empty where nothing is named."""

    start: int
    end: int
    scope: Scope
    over: Span


@dataclass(frozen=True, slots=True)
class Scopes:
    """All cues of a message, asked by value span. `text` is the message's."""

    text: str
    spans: tuple[ScopeSpan, ...] = ()

    def at(self, start: int, end: int) -> frozenset[Scope]:
        """Every scope that governs the stretch."""
        return frozenset(s.scope for s in self.spans if s.over.covers(start, end))

    def negated(self, start: int, end: int) -> bool:
        return Scope.NEGATED in self.at(start, end)

    def refuses_in(self, start: int, end: int) -> bool:
        """Is the stretch part of the words that refuse ("can't STAND", "not a FAN of"), not what they refuse?"""
        forward = (s for s in self.spans if s.scope is Scope.NEGATED and s.end <= s.over.start)
        return any(s.start <= start < end <= s.end for s in forward)

    def soft(self, start: int, end: int) -> bool:
        return Scope.SOFT in self.at(start, end)

    def taken_back(self, start: int, end: int) -> bool:
        return Scope.TAKEN_BACK in self.at(start, end)


@dataclass(frozen=True, slots=True)
class OrderSpan:
    """A wish for order: cheapest, lighter, "best rated", 贵的排前面.

    `concept`: lexicon concept it is about (price, rating, weight, size, date, speed, popularity ...), None when only a
    noun tells ("most memory": noun covers "memory"; "bigger screen": concept size, noun "screen").
    direction: "asc" puts the least first. kind: superlative (cheapest), comparative (cheaper, 太贵了), sort (cheapest
    first, 便宜的排前面), plain (a cheap one: a leaning at most). `than`: the comparison names what it is compared with ("cheaper than the second"): span of
    that, else None.
    """

    start: int
    end: int
    concept: str | None
    direction: Literal["asc", "desc"]
    kind: Literal["superlative", "comparative", "sort", "plain"]
    noun: Span | None = None
    than: Span | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A device that things of the shop are for, as the shopper calls it."""

    start: int
    end: int
    name: str


AskedFor = Measure | Literal["whether", "exists", "least", "most"]
# least, most: of all that the shop has ("what's your cheapest"), where min and max are of those shown
# whether: a yes/no question about something ("does it have hdmi"); exists: does the shop have such a thing
# ("do you sell headphones", "有手机卖吗"), which is as good as a wish for it


@dataclass(frozen=True, slots=True)
class ActSpan:
    """An act and the words that say it.

    `topic`: of FAQ: returns, shipping, warranty, payment, hours, location, order, privacy, discount ...; of CHITCHAT:
    greeting, thanks, bye, compliment, sorry, ok; of OTHER: joke, poem, sum, trivia, code, weather, injection ...;
    of REQUEST: a concept the question word already names ("how heavy" -> weight, 多少钱 -> price), else None.
    `asks`: of REQUEST: value, whether, exists, count, values, min, max, range. `over`: what is asked about or acted on (the rest of
    the clause). Topic of ACCEPT: take ("i'll have that") or like ("i like the first"). Topic of MORE: similar ("something
    like the second") or None. `injected`: tries to give the assistant orders (prompt injection): its clause must not set wishes.
    `all`: a reject or accept of everything shown ("none of these"). `item`: said only if it points at an item shown
    ("the white one please").
    """

    act: UserAct
    start: int
    end: int
    topic: str | None = None
    asks: AskedFor | None = None
    over: Span | None = None
    injected: bool = False
    all: bool = False
    item: bool = False
