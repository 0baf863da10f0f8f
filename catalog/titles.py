"""What a title says the thing is: the kind at the head of its noun phrase.

    "Xerox 006R90321 toner cartridge Original Black"   -> toner cartridge
    "USB to PS/2 Adapter - Keyboard and Mouse"         -> cable adapter, not keyboard or mouse
    "Leather case for iPad 9.7"                        -> what stands before "for"

English heads come last in their noun phrase ("notebook spare part battery"), and so do Chinese ones. Knows the lexicon's
words only; attributes and the rest of the catalogue are kinds.py's part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.lexicon import Kind, Lexicon, fold

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\b\d+\s*pc\(s\)", re.IGNORECASE)
_SEGMENT = re.compile(r"\s*[,;|:–—]\s+|\s+-\s+|\s+(?:with|w/|for|f/|from|incl\.?|including|compatible with|equivalent to"
                      r"|designed for|plus)\s+", re.IGNORECASE)  # fmt: skip
_AFTER_FOR = re.compile(r"\s+(?:for|f/|compatible with|equivalent to|designed for)\s+", re.IGNORECASE)
_SLASHED = re.compile(r"(?<=[A-Za-z]{3})/(?=[A-Za-z]{3})")
_NUMBERED = re.compile(r".*\d.*")
_CJK = re.compile(r"[\u3400-\u9fff]")
_LONGEST_PHRASE = 6
_GAP = 1  # words that may stand between two parts of one noun phrase: "projector ELPLP ceiling mount"
_WIDE_GAP = 4  # the same before a cable or an accessory of something else: "monitor easy pull cable"
_TAIL_GAP = 3  # and within a name of several words: "laptop (internal UK) keyboard"
_NO_TAILS = frozenset({"kit", "set", "pack"})  # say nothing of what is in them


@dataclass(frozen=True, slots=True)
class Found:
    """A kind's phrase in a title: tokens start..end of its segment. `weak`: a product line, not a plain word."""

    kind: str
    start: int
    end: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The kinds a title names, its head first. `weak`: told by a product line only. `narrower`: kinds under the head
    whose words all stand somewhere in the title ("High Speed HDMI Flat Cable": hdmi cable under cable)."""

    kinds: tuple[str, ...]
    weak: bool = False
    narrower: tuple[str, ...] = ()

    @property
    def head(self) -> str | None:
        return next(iter(self.kinds), None)


class TitleReader:
    """Reads kinds off titles with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._phrases: dict[str, tuple[tuple[str, tuple[frozenset[str], ...]], ...]] = {}

    def read(self, title: str) -> Reading:
        """The kinds a title may state: its head in plain words, else by a product line, and those named beside it."""
        deciding = self._anywhere(title)
        if deciding:
            return Reading((deciding,))
        segments = _segments(title)
        for weak in (False, True):
            for segment in segments:
                named = self._named(segment, weak)
                if named:
                    return Reading(named, weak, self._narrower(named[0], segment))
        return Reading(())

    def _narrower(self, head: str, segment: str) -> tuple[str, ...]:
        tokens = set(_folded(segment).split())
        return tuple(kind for kind, phrases in self._below(head) if any(phrase <= tokens for phrase in phrases))

    def _below(self, head: str) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
        """The kinds under one, each with its names of several words as sets of words."""
        if head not in self._phrases:
            self._phrases[head] = tuple(
                (name, tuple(words for word in self._lexicon.kinds[name].words if len(words := _word_set(word)) > 1))
                for name in self._lexicon.narrower(head)
            )
        return self._phrases[head]

    def kind(self, title: str) -> str | None:
        """The kind at the head of a title."""
        return self.read(title).head

    def _anywhere(self, title: str) -> str | None:
        """The kind of the first phrase, in the lexicon's order, that decides by itself."""
        found = self._phrase.findall(f" {_folded(title)} ") if self._deciding else ()
        return min(map(self._deciding.__getitem__, found), default=(0, None))[1]

    def _named(self, segment: str, weak: bool) -> tuple[str, ...]:
        """The last kind of the first noun phrase that names one, then the others of the segment."""
        if _CJK.search(segment):
            head = self._chinese_head(segment)
            return (head,) if head else ()
        tokens = _folded(segment).split()
        found = self._with_tails(tokens, tuple(self._matches(tokens, weak)))
        at = 0
        for later in range(1, len(found)):
            if self._goes_on(tokens, found[at], found[later]):
                at = later
        return tuple(dict.fromkeys(f.kind for f in (*found[at : at + 1], *found)))

    def _goes_on(self, tokens: Sequence[str], head: Found, after: Found) -> bool:
        """Do two kinds belong to one noun phrase? Not when the latter is what the former is for."""
        kinds = self._lexicon.kinds
        served = kinds[head.kind].part_of
        if after.kind in served or any(wide in served for wide in self._lexicon.wider(after.kind)):
            return False
        serves = self._lexicon.serves(after.kind) and not self._lexicon.serves(head.kind)
        return _one_phrase(tokens[head.end : after.start], _WIDE_GAP if serves else _GAP)

    def _with_tails(self, tokens: Sequence[str], found: tuple[Found, ...]) -> tuple[Found, ...]:
        """Names of several words with others among them: as a "laptop stand", so a "laptop cooling stand"."""
        tails = [tail for n, host in enumerate(found) for tail in self._tails_after(tokens, host, found[n + 1 :])]
        taken = {place for tail in tails for place in range(tail.start, tail.end)}
        others = (f for f in found if not taken & set(range(f.start, f.end)))
        return tuple(sorted((*others, *tails), key=lambda f: f.start)) if tails else found

    def _tails_after(self, tokens: Sequence[str], host: Found, later: Sequence[Found]) -> Iterator[Found]:
        served = min((f.end for f in later if self._lexicon.serves(f.kind)), default=len(tokens))
        phrases = {place for f in later if f.end - f.start > 1 for place in range(f.start, f.end)}
        for place in range(host.end, min(served, host.end + _TAIL_GAP + 1)):
            if _NUMBERED.fullmatch(tokens[place]) or place in phrases:
                return
            kind = self._tailed.get((host.kind, tokens[place]))
            if kind and kind != host.kind:
                yield Found(kind, place, place + 1, host.weak)

    @cached_property
    def _tailed(self) -> dict[tuple[str, str], str]:
        """(kind named first, last word) of the names that begin with another kind's: (notebook, stand): laptop stand."""
        tailed: dict[tuple[str, str], str] = {}
        for phrase, kind in self._strong.items():
            words = phrase.split()
            for end in range(1, len(words)):
                host = self._strong.get(" ".join(words[:end]))
                alone = host and host != kind and not self._lexicon.serves(host)
                if host and alone and self._lexicon.serves(kind) and words[-1] not in _NO_TAILS:
                    tailed.setdefault((host, words[-1]), kind)
        return tailed

    def _matches(self, tokens: Sequence[str], weak: bool) -> Iterator[Found]:
        """The longest known phrases, left to right, none overlapping."""
        known = self._weak if weak else self._strong
        at = 0
        while at < len(tokens):
            for end in range(min(len(tokens), at + _LONGEST_PHRASE), at, -1):
                phrase = " ".join(tokens[at:end])
                kind = known.get(phrase)
                if kind and not (at and phrase in self._lexicon.colours):  # "patch cable orange"
                    yield Found(kind, at, end, weak)
                    at = end - 1
                    break
            at += 1

    def _chinese_head(self, segment: str) -> str | None:
        """The known word that ends last, the longest of those."""
        text = segment.lower()
        ends = ((text.rfind(word) + len(word), len(word), kind) for word, kind in self._chinese if word in text)
        best = max(ends, default=None)
        return best[2] if best else None

    @cached_property
    def _strong(self) -> dict[str, str]:
        """Plain words and what they mean; a word of several kinds means the first."""
        return self._index(lambda kind: [word for word in (kind.name, *kind.words) if word not in kind.spoken])

    @cached_property
    def _weak(self) -> dict[str, str]:
        return self._index(lambda kind: kind.titles)

    def _index(self, words: Callable[[Kind], Sequence[str]]) -> dict[str, str]:
        index: dict[str, str] = {}
        for kind in self._lexicon.kinds.values():
            if not kind.umbrella:
                for word in words(kind):
                    index.setdefault(_folded(word), kind.name)
        return index

    @cached_property
    def _chinese(self) -> tuple[tuple[str, str], ...]:
        return tuple((word, kind) for word, kind in self._strong.items() if _CJK.search(word) and len(word) > 1)

    @cached_property
    def _deciding(self) -> dict[str, tuple[int, str]]:
        """Phrase -> its place in the lexicon, its kind."""
        kinds = self._lexicon.kinds.values()
        phrases = ((_folded(phrase), kind.name) for kind in kinds for phrase in kind.anywhere)
        return {phrase: (place, kind) for place, (phrase, kind) in reversed(list(enumerate(phrases)))}

    @cached_property
    def _phrase(self) -> re.Pattern[str]:
        longest_first = sorted(self._deciding, key=len, reverse=True)
        return re.compile(rf"(?<= )(?=({'|'.join(map(re.escape, longest_first))}) )")


def _folded(text: str) -> str:
    """Words in the singular; a slash between two words parts them: "labels/colour dots"."""
    return fold(_SLASHED.sub(" ", text))


def _word_set(phrase: str) -> frozenset[str]:
    return frozenset(_folded(phrase).split())


def _segments(title: str) -> list[str]:
    """The parts of a title that may name the thing, in order; what it is for names something else."""
    bare = _ASIDE.sub(" ", title)
    before = _AFTER_FOR.split(bare, maxsplit=1)[0]
    return [segment for segment in _SEGMENT.split(before) if segment.strip()]


def _one_phrase(between: Sequence[str], most: int) -> bool:
    """Do two kinds with these words between them belong to one noun phrase?"""
    return len(between) <= most and not any(_NUMBERED.fullmatch(word) for word in between)
