"""What a tagger sees of each token of a title: the word, its shape, its neighbours, its place, and what is known of it.

Known are the units of measure (catalog/mentions.py), colour words, and the values that other records state.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from catalog.lexicon import Lexicon
from catalog.mentions import mentions

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[^\s\w]|_")
_BREAKS = frozenset(",-|(")
_WEARERS = frozenset(
    "men women mens womens man woman boys girls boy girl unisex kids kid children child ladies lady male female baby"
    " babies toddler toddlers adult adults junior juniors youth".split()
)
_LONGEST_RUN = 12


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign of a text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """Lower case, digits as 0."""
        return re.sub(r"\d", "0", self.text.lower())

    @property
    def shape(self) -> str:
        if self.text.isdigit():
            return f"d{min(len(self.text), 4)}"
        if self.text[0].isdigit():
            return "d.d"
        if not self.text.isalpha():
            return self.text
        capital = self.text[0].isupper()
        return ("XX" if self.text.isupper() and len(self.text) > 1 else "Xx") if capital else "x"


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, from left to right."""
    return [Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]


@dataclass(slots=True)
class Values:
    """The values that records state: by their words, which records state them for which attribute of which category."""

    records: defaultdict[tuple[str, ...], defaultdict[str, set[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    longest: int = 1

    def add(self, words: tuple[str, ...], attribute: str, category: str, record: int) -> None:
        self.longest = max(self.longest, len(words))
        self.records[words][attribute].add(record)
        self.records[words][f"{category}: {attribute}"].add(record)

    def features(self, tokens: Sequence[Token], category: str, record: int | None) -> Iterator[tuple[int, str]]:
        """(token, feature) where a value stands that another record states; `record` is the title's own."""
        words = [token.text.lower() for token in tokens]
        matches: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self.longest) + 1):
                for attribute, records in self.records.get(tuple(words[start:end]), {}).items():
                    others = len(records) - (record in records)
                    if others and (": " not in attribute or attribute.startswith(f"{category}: ")):
                        matches[attribute].append((start, end, others))
        for attribute, found in matches.items():
            yield from _marked(attribute, sorted(found, key=lambda match: (match[0] - match[1], match[0])))


def _marked(attribute: str, found: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, str]]:
    """The longest values first; none within another."""
    taken: set[int] = set()
    for start, end, others in found:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            for place in range(start, end):
                part = "S" if end - start == 1 else "B" if place == start else "E" if place == end - 1 else "I"
                yield place, f"known {attribute} {part}"
                if others > 1:
                    yield place, f"well known {attribute} {part}"


def features(text: str, tokens: Sequence[Token], category: str, known: Mapping[int, Sequence[str]]) -> list[list[str]]:
    """For each token all that is seen of it; the first feature is the same for all."""
    words, shapes = [token.word for token in tokens], [token.shape for token in tokens]
    measured = _measured(text, tokens)
    breaks = 0
    seen = []
    for i, token in enumerate(tokens):
        own = ["any", *_around(words, shapes, i, category), *_placed(i, len(tokens), breaks, shapes[i], category)]
        own += [*_written(text, token), *measured.get(i, ()), *known.get(i, ())]
        own += [f"before {part}" for part in measured.get(i - 1, ())[:1]]
        own += [f"behind {part}" for part in measured.get(i + 1, ())[:1]]
        if words[i] in _colours():
            own.append("colour")
        if words[i] in _WEARERS:
            own.append("wearer")
        seen.append(own)
        breaks += token.text in _BREAKS
    return seen


@cache
def _colours() -> frozenset[str]:
    return frozenset(word.lower() for word in Lexicon.default().colours)


def _around(words: Sequence[str], shapes: Sequence[str], i: int, category: str) -> Iterator[str]:
    def at(row: Sequence[str], place: int) -> str:
        return row[place] if 0 <= place < len(row) else "<>"

    word, shape = words[i], shapes[i]
    left, right = at(words, i - 1), at(words, i + 1)
    yield from (f"w {word}", f"w-1 {left}", f"w+1 {right}", f"w-2 {at(words, i - 2)}", f"w+2 {at(words, i + 2)}")
    yield from (f"w-1w {left} {word}", f"ww+1 {word} {right}", f"begins {word[:3]}", f"ends {word[-3:]}")
    yield from (f"s {shape}", f"s-1s {at(shapes, i - 1)} {shape}", f"ss+1 {shape} {at(shapes, i + 1)}")
    yield from (f"ends {word[-2:]}", f"in {category}", f"in {category} w {word}", f"in {category} s {shape}")
    yield from (f"in {category} w-1 {left}", f"in {category} w+1 {right}")


def _placed(i: int, n: int, breaks: int, shape: str, category: str) -> Iterator[str]:
    quarter, part = 4 * i // n, min(breaks, 3)
    yield from (
        f"at {min(i, 4)}",
        f"at {min(i, 4)} {shape}",
        f"in {category} at {min(i, 3)}",
        f"left {min(n - 1 - i, 3)}",
    )
    yield from (f"quarter {quarter}", f"in {category} quarter {quarter}", f"part {part}", f"in {category} part {part}")


def _written(text: str, token: Token) -> Iterator[str]:
    """How a token is glued to what stands around it."""
    start, end = text.rfind(" ", 0, token.start) + 1, text.find(" ", token.end)
    run = text[start : end if end >= 0 else len(text)]
    yield "glued left" if token.start and not text[token.start - 1].isspace() else "free left"
    yield "glued right" if token.end < len(text) and not text[token.end].isspace() else "free right"
    form = re.sub(r"[A-Z]+", "X", re.sub(r"[a-z]+", "x", re.sub(r"\d+", "0", run)))
    yield f"run {form[:_LONGEST_RUN]}"
    if any(map(str.isdigit, run)) and any(map(str.isalpha, run)):
        yield "mixed"


def _measured(text: str, tokens: Sequence[Token]) -> dict[int, list[str]]:
    """For the tokens of a quantity what it measures."""
    found: dict[int, list[str]] = {}
    for mention in mentions(text):
        places = [i for i, token in enumerate(tokens) if token.start < mention.end and token.end > mention.start]
        for i in places:
            part = "B" if i == places[0] else "E" if i == places[-1] else "I"
            found[i] = [f"measures {mention.unit.dimension} {part}", f"unit {mention.unit.name} {part}"]
    return found
