"""What a title says the thing is: the kind at the head of its noun phrase.

    "Xerox 006R90321 toner cartridge Original Black"   -> toner cartridge
    "USB to PS/2 Adapter - Keyboard and Mouse"         -> cable adapter, not keyboard or mouse
    "Leather case for iPad 9.7"                        -> what stands before "for"

English heads come last in their noun phrase ("notebook spare part battery"), and so do Chinese ones. Knows the lexicon's
words only; attributes and the rest of the catalogue are kinds.py's part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from catalog.devices import device_words
from catalog.lexicon import Kind, Lexicon
from catalog.title_parts import Parts, Phrases, folded, parts_of

_LINE_NUMBER = re.compile(r"([a-z]{4,})\d+\w*")
_NUMBERED = re.compile(r".*\d.*")
_CJK = re.compile(r"[\u3400-\u9fff]")
_GAP = 1  # words that may stand between two parts of one noun phrase: "projector ELPLP ceiling mount"
_WIDE_GAP = 4  # the same before a cable or an accessory of something else: "monitor easy pull cable"
_TAIL_GAP = 3  # and within a name of several words: "laptop (internal UK) keyboard"
_NO_TAILS = frozenset({"kit", "set", "pack"})  # say nothing of what is in them


@dataclass(frozen=True, slots=True)
class Found:
    """A kind's phrase in a title: tokens start..end of its segment. `weak`: a product line, not a plain word. `others`:
    further kinds that the same word names."""

    kind: str
    start: int
    end: int
    weak: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The kinds a title names, its head first. `weak`: told by a product line only. `narrower`: kinds under the head
    whose words all stand somewhere in the title ("High Speed HDMI Flat Cable": hdmi cable under cable). `line`: the one
    of them that a product line tells ("LaserJet 1020 printer": laser printer)."""

    kinds: tuple[str, ...]
    weak: bool = False
    narrower: tuple[str, ...] = ()
    line: str | None = None

    @property
    def head(self) -> str | None:
        return next(iter(self.kinds), None)


class TitleReader:
    """Reads kinds off titles with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words: dict[str, str | None] = {}
        self._phrases: dict[str, tuple[tuple[str, tuple[frozenset[str], ...]], ...]] = {}

    def read(self, title: str) -> Reading:
        """The kinds a title may state: its head in plain words, else by a product line, and those named beside it."""
        parts = parts_of(title)
        deciding = self._anywhere(parts)
        if deciding:
            return Reading((deciding,))
        for place, tokens in enumerate(parts.own):
            named = self._named(tokens, weak=False)
            if named:
                return self._strong_reading(named, place, parts)
        told = [kind for kinds in self._lines(parts.own) for kind in (*self._made_for(kinds, parts.own), *kinds)]
        told += (kind for tokens in parts.besides for kind in self._named(tokens, weak=False))
        served = (kind for tokens in parts.served for kind in self._named(tokens, weak=False))
        told += (kind for kind in served if self._lexicon.serves(kind))  # behind what it is for: "Unit for C9600 fuser"
        kinds = tuple(dict.fromkeys(sorted(told, key=lambda kind: not self._serves_any(kind, parts.served))))
        return Reading(kinds, True, self._narrower(kinds[0], parts.own[0])) if kinds else _NOTHING

    def _made_for(self, kinds: Sequence[str], segments: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """The accessory of what a product line tells, where a noun of the title says that it is one: "NetShelter roof"."""
        nouns = _part_nouns()
        if not kinds or self._lexicon.serves(kinds[0]) or not any(nouns & set(tokens) for tokens in segments):
            return ()
        return self._accessories.get(kinds[0], ())

    @cached_property
    def _accessories(self) -> Mapping[str, tuple[str, ...]]:
        """Kind -> the general accessory of it or of a wider one: laser printer -> printer accessory."""
        general = [kind for kind in self._lexicon.kinds.values() if kind.name.endswith(" accessory")]
        found: dict[str, tuple[str, ...]] = {}
        for name in self._lexicon.kinds:
            chain = (name, *self._lexicon.wider(name))
            found[name] = tuple(kind.name for above in chain for kind in general if above in kind.part_of)[:1]
        return found

    def _serves_any(self, kind: str, served: Sequence[Sequence[str]]) -> bool:
        """Is a kind for what a title says it is for ("leather case for tablet": a tablet's)?"""
        part_of = self._lexicon.kinds[kind].part_of
        return bool(part_of) and any(thing in part_of for tokens in served for thing in self._named(tokens, weak=False))

    def _strong_reading(self, named: tuple[str, ...], place: int, parts: Parts) -> Reading:
        """What a title says whose part at a place has a plain word; product lines before it may say otherwise."""
        before = (kind for kinds in self._lines(parts.own[:place]) for kind in kinds)
        kinds = tuple(dict.fromkeys((*named, *before)))
        narrower = (*self._narrower(kinds[0], parts.own[place]), *self._fitting(kinds[0], named[1:], parts.served))
        return Reading(kinds, False, tuple(dict.fromkeys(narrower)), self._line(kinds[0], parts.own))

    def _lines(self, segments: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        """The kinds that product lines tell in each part, the most telling part first: "Lamp - ELPLP08"."""
        told = [(self._named(tokens, weak=True), tokens) for tokens in segments]
        longest = [max((f.end - f.start, len(tokens[f.start])) for f in self._matches(tokens, True)) if kinds else (0, 0)
                   for kinds, tokens in told]  # fmt: skip
        order = sorted(range(len(told)), key=lambda n: longest[n], reverse=True)
        return [told[n][0] for n in order]

    def _fitting(self, head: str, beside: Sequence[str], served: Sequence[Sequence[str]]) -> Iterator[str]:
        """The kinds under a head that are for what stands beside it or for what the title says it is for: "battery pack
        for UPS systems"."""
        below = self._lexicon.narrower(head)
        if below and (served or beside):
            things = {*beside, *(kind for tokens in served for kind in self._named(tokens, weak=False))}
            yield from (name for name in below if things & set(self._lexicon.kinds[name].part_of))

    def _narrower(self, head: str, tokens: Sequence[str]) -> tuple[str, ...]:
        """The kinds under a head, or beside a vague one, whose words all stand among the tokens."""
        here = set(tokens)
        kind = self._lexicon.kinds[head]
        roots = (head, *kind.under) if kind.vague else (head,)
        found = (name for root in roots for name, phrases in self._below(root) if any(map(here.issuperset, phrases)))
        return tuple(name for name in dict.fromkeys(found) if name != head)

    def _below(self, head: str) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
        """The kinds under one, each with its names of several words as sets of words."""
        if head not in self._phrases:
            self._phrases[head] = tuple(
                (name, tuple(words for word in self._lexicon.kinds[name].words if len(words := _word_set(word)) > 1))
                for name in self._lexicon.narrower(head)
            )
        return self._phrases[head]

    def _line(self, head: str, segments: Sequence[Sequence[str]]) -> str | None:
        """The kind under a head that the longest product line in a title tells."""
        below = self._lexicon.narrower(head)
        if not below:
            return None
        found = (found for tokens in segments for found in self._matches(tokens, weak=True) if found.kind in below)
        longest = max(found, key=lambda f: f.end - f.start, default=None)
        return longest.kind if longest else None

    def names_part(self, title: str) -> bool:
        """Does a title say, in a noun such as "tray" or "bracket", that the thing is made for another?"""
        return any(not _part_nouns().isdisjoint(tokens) for tokens in parts_of(title).own)

    def word(self, text: str) -> str | None:
        """The kind that the words of a short text name ("Jigsaw puzzle"); None where no plain word of it does."""
        if text not in self._words:
            reading = self.read(text)
            self._words[text] = None if reading.weak else reading.head
        return self._words[text]

    def kind(self, title: str) -> str | None:
        """The kind at the head of a title."""
        return self.read(title).head

    def _anywhere(self, parts: Parts) -> str | None:
        """The kind of the first phrase, in the lexicon's order, that decides by itself."""
        tokens = [token for segment in (*parts.own, *parts.besides, *parts.served) for token in segment]
        found = tuple(self._deciding_places(tokens))
        return self._deciding[min(found)][1] if found else None

    def _deciding_places(self, tokens: Sequence[str]) -> Iterator[int]:
        for at, token in enumerate(tokens):
            for place, words in self._deciding_by_first.get(token, ()):
                if tuple(tokens[at : at + len(words)]) == words:
                    yield place

    def _named(self, tokens: Sequence[str], weak: bool) -> tuple[str, ...]:
        """The last kind of the first noun phrase that names one, then the others of the segment."""
        if any(map(_CJK.search, tokens)):
            head = self._chinese_head(" ".join(tokens))
            return (head,) if head else ()
        found = tuple(self._matches(tokens, weak))
        if len(found) == 1 and not found[0].others and found[0].kind not in self._hosts:
            return (found[0].kind,)
        found = self._with_tails(tokens, found)
        at = 0
        for later in range(1, len(found)):
            if self._goes_on(tokens, found[at], found[later]):
                at = later
        if at and self._lexicon.kinds[found[at].kind].vague:
            at = self._plainer(found, at)
        heads = [kind for f in found[at : at + 1] for kind in (f.kind, *f.others)]
        heads.sort(
            key=lambda kind: not any(self._is_for(kind, f.kind) for f in found[at + 1 :])
        )  # a UPS's battery pack
        return tuple(dict.fromkeys((*heads, *(kind for f in found for kind in (f.kind, *f.others)))))

    def _plainer(self, found: Sequence[Found], head: int) -> int:
        """The last kind before a vague head that is of its family: an "HDMI cable signal cable" is an HDMI cable."""
        family = set(self._lexicon.kinds[found[head].kind].under)
        akin = (n for n in range(head - 1, -1, -1) if family & {found[n].kind, *self._lexicon.wider(found[n].kind)})
        return next(akin, head)

    def _goes_on(self, tokens: Sequence[str], head: Found, after: Found) -> bool:
        """Do two kinds belong to one noun phrase? Not when the latter is what the former is for."""
        if any(self._is_for(kind, after.kind) for kind in (head.kind, *head.others)):
            return False
        serves = self._lexicon.serves(after.kind) and not self._lexicon.serves(head.kind)
        between = tokens[head.end : after.start]
        corded = "cable" in (after.kind, *self._lexicon.wider(after.kind))
        if corded and after.end == len(tokens) and len(between) <= _WIDE_GAP:  # "printer 36-pin converter cable"
            return True
        return _one_phrase(between, _WIDE_GAP if serves else _GAP)

    def _is_for(self, kind: str, thing: str) -> bool:
        return not {thing, *self._lexicon.wider(thing)}.isdisjoint(self._lexicon.kinds[kind].part_of)

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
        strong = {phrase: kinds[0] for phrase, kinds in self._strong.kinds.items()}
        for phrase, kind in strong.items():
            words = phrase.split()
            for end in range(1, len(words)):
                host = strong.get(" ".join(words[:end]))
                alone = host and host != kind and not self._lexicon.serves(host)
                if host and alone and self._lexicon.serves(kind) and words[-1] not in _NO_TAILS:
                    tailed.setdefault((host, words[-1]), kind)
        return tailed

    @cached_property
    def _hosts(self) -> frozenset[str]:
        """The kinds that another kind's name begins with."""
        return frozenset(host for host, _ in self._tailed)

    def _matches(self, tokens: Sequence[str], weak: bool) -> Iterator[Found]:
        """The longest known phrases, left to right, each reaching further ("fiber adapter" and "adapter card")."""
        known = self._weak if weak else self._strong
        if weak:
            tokens = [self._series(token) for token in tokens]
        reached = 0
        for at, token in enumerate(tokens):
            for words in known.by_first.get(token, ()):
                end = at + len(words)
                if end <= reached:
                    break
                if tuple(tokens[at:end]) == words:
                    phrase = " ".join(words)
                    if not (at and phrase in self._lexicon.colours):  # "patch cable orange"
                        kind, *others = known.kinds[phrase]
                        yield Found(kind, at, end, weak, tuple(others))
                        reached = end
                        break

    def _series(self, token: str) -> str:
        """A part number as the product line that it begins with: "elplp08" -> elplp."""
        found = _LINE_NUMBER.fullmatch(token)
        return found[1] if found and found[1] in self._weak.by_first else token

    def _chinese_head(self, segment: str) -> str | None:
        """The known word that ends last, the longest of those."""
        text = segment.lower()
        ends = ((text.rfind(word) + len(word), len(word), kind) for word, kind in self._chinese if word in text)
        best = max(ends, default=None)
        return best[2] if best else None

    @cached_property
    def _strong(self) -> Phrases:
        """Plain words and what they mean; the first kind of a word is the one it most likely means."""
        return self._index(lambda kind: [word for word in (kind.name, *kind.words) if word not in kind.spoken])

    @cached_property
    def _weak(self) -> Phrases:
        return self._index(lambda kind: kind.titles)

    def _index(self, words: Callable[[Kind], Sequence[str]]) -> Phrases:
        kinds: dict[str, dict[str, None]] = {}
        for kind in self._lexicon.kinds.values():
            if not kind.umbrella:
                for word in words(kind):
                    kinds.setdefault(folded(word), {})[kind.name] = None
        return Phrases({phrase: tuple(named) for phrase, named in kinds.items() if phrase})

    @cached_property
    def _chinese(self) -> tuple[tuple[str, str], ...]:
        known = self._strong.kinds.items()
        return tuple((word, kinds[0]) for word, kinds in known if _CJK.search(word) and len(word) > 1)

    @cached_property
    def _deciding(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The phrases that decide wherever they stand, in the lexicon's order, and their kinds."""
        kinds = self._lexicon.kinds.values()
        return tuple((tuple(folded(phrase).split()), kind.name) for kind in kinds for phrase in kind.anywhere)

    @cached_property
    def _deciding_by_first(self) -> Mapping[str, list[tuple[int, tuple[str, ...]]]]:
        by_first: defaultdict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for place, (words, _) in enumerate(self._deciding):
            by_first[words[0]].append((place, words))
        return dict(by_first)


_NOTHING = Reading(())


@cache
def _part_nouns() -> frozenset[str]:
    return frozenset(map(folded, device_words()["parts"]))


def _word_set(phrase: str) -> frozenset[str]:
    return frozenset(folded(phrase).split())


def _one_phrase(between: Sequence[str], most: int) -> bool:
    """Do two kinds with these words between them belong to one noun phrase?"""
    return len(between) <= most and not any(_NUMBERED.fullmatch(word) for word in between)
