"""Attribute values in titles, learned from titles whose values are known; reads values that it never met.

    tagger = Tagger(examples);  tagger.read("Acme Men's Runner 9 M US", "Shoes") -> {"Brand": ("Acme", .93), ...}

Two voices: a chain over the tokens (chain.py), and where that sees nothing likely the values known in the category, each
worth what it was right so far. Offline: a title costs about a millisecond, so an import reads known values only
(catalog/readout).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from learning.attributes.chain import Chain, Ints, Tokens
from learning.attributes.tokens import Token, Values, features, tokens_of

_UNLIKELY = 0.3  # below this the tagger leaves an attribute to the known values
_UNSTATED = 0.3  # a title with the value whose record does not name the attribute counts this much against it
_TRUST = 0.9  # of a known value that was always right
_LEAST_LETTERS = 3  # of a value that may be part of a word: "Men" in "Mens"


@dataclass(frozen=True, slots=True)
class Example:
    """A title with its values. An attribute with no values is known not to be in the title; one not named is unknown."""

    text: str
    category: str
    values: Mapping[str, tuple[str, ...]]


class Tagger:
    """Reads the attributes of each category it was taught."""

    def __init__(self, examples: Sequence[Example], seed: int = 0) -> None:
        self._attributes = _attributes(examples)
        names = sorted({name for named in self._attributes.values() for name in named})
        self._types = {name: number for number, name in enumerate(names)}
        self._names = names
        self._known = Values()
        self._spelled: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._worth = _worth(examples, self._attributes)
        located = [
            (example, tokens, list(_located(example, tokens)))
            for example in examples
            if (tokens := tokens_of(example.text))
        ]
        for number, (example, tokens, spans) in enumerate(located):
            for name, first, end, value in spans:
                surface = example.text[tokens[first].start : tokens[end - 1].end]
                self._spelled[name, surface.lower()][value] += 1
                self._known.add(tuple(t.text.lower() for t in tokens[first:end]), name, example.category, number)
        self._teach(located, seed)

    def _teach(
        self, located: Sequence[tuple[Example, list[Token], list[tuple[str, int, int, str]]]], seed: int
    ) -> None:
        seen = [self._features(e.text, tokens, e.category, number) for number, (e, tokens, _) in enumerate(located)]
        counts = Counter(feature for rows in seen for row in rows for feature in set(row))
        kept = (feature for feature, n in counts.items() if n > 1 or "known " in feature)
        self._numbers = {feature: number for number, feature in enumerate(kept)}
        sequences = [self._tokens(rows, e.category) for rows, (e, _, _) in zip(seen, located, strict=True)]
        answers = [
            self._answer(tokens, spans, s.tags) for s, (_, tokens, spans) in zip(sequences, located, strict=True)
        ]
        self._chain = Chain(len(self._numbers), 2 * len(self._names) + 1)
        self._chain.fit(sequences, answers, seed)

    def _features(self, text: str, tokens: Sequence[Token], category: str, record: int | None) -> list[list[str]]:
        known: defaultdict[int, list[str]] = defaultdict(list)
        for place, feature in self._known.features(tokens, category, record):
            known[place].append(feature)
        return features(text, tokens, category, known)

    def _tokens(self, rows: Sequence[Sequence[str]], category: str) -> Tokens:
        numbers = [[self._numbers[f] for f in row if f in self._numbers] for row in rows]
        starts = np.cumsum([0, *map(len, numbers[:-1])])
        types = [self._types[name] for name in self._attributes[category]]
        tags = [0, *(tag for number in types for tag in (2 * number + 1, 2 * number + 2))]
        return Tokens(np.array([n for row in numbers for n in row]), starts, np.array(tags))

    def _answer(self, tokens: Sequence[Token], spans: Sequence[tuple[str, int, int, str]], tags: Ints) -> Ints:
        places = {int(tag): place for place, tag in enumerate(tags)}
        answer = np.zeros(len(tokens), np.int64)
        for name, first, end, _ in spans:
            answer[first] = places[2 * self._types[name] + 1]
            answer[first + 1 : end] = places[2 * self._types[name] + 2]
        return answer

    def read(self, text: str, category: str) -> dict[str, tuple[str, float]]:
        """The likeliest value of each attribute of the category, with how likely it is."""
        tokens = tokens_of(text)
        if not tokens or category not in self._attributes:
            return {}
        found: dict[str, tuple[str, float]] = {}
        sequence = self._tokens(self._features(text, tokens, category, None), category)
        for number, first, end, probability in self._chain.spans(sequence):
            name = self._names[number]
            if probability > found.get(name, ("", 0.0))[1]:
                found[name] = self._as_spelled(name, text, text[tokens[first].start : tokens[end - 1].end]), probability
        for name, value, worth in self._known_in(text, category):
            if found.get(name, ("", 0.0))[1] < min(worth, _UNLIKELY):
                found[name] = value, worth
        return found

    def _as_spelled(self, name: str, text: str, surface: str) -> str:
        """A value as records spell it: "Mens" stands for Men where they say so."""
        spellings = self._spelled.get((name, surface.lower()))
        if not spellings or surface in spellings:
            return surface
        usual = spellings.most_common(1)[0][0]
        return usual if usual in text else surface

    def _known_in(self, text: str, category: str) -> Iterator[tuple[str, str, float]]:
        """The known values that the text holds, the worthiest and longest of each attribute last."""
        held = [(name, value, worth) for (of, name), values in self._worth.items() if of == category
                for value, worth in values.items() if _within(value, text)]  # fmt: skip
        yield from sorted(held, key=lambda found: (found[2], len(found[1])))[::-1]


def _attributes(examples: Iterable[Example]) -> dict[str, tuple[str, ...]]:
    named: defaultdict[str, set[str]] = defaultdict(set)
    for example in examples:
        named[example.category].update(example.values)
    return {category: tuple(sorted(names)) for category, names in named.items()}


def _within(value: str, text: str) -> bool:
    return value in text and re.search(rf"(?<![^\W_]){re.escape(value)}", text) is not None


def _worth(
    examples: Sequence[Example], attributes: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], dict[str, float]]:
    """For each category and attribute its values, each with how often it is right where a title holds it."""
    values: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for example in examples:
        for name, stated in example.values.items():
            values[example.category, name].update(stated)
    worth: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for (category, name), spelled in values.items():
        titles = [example for example in examples if example.category == category]
        for value in spelled:
            holding = [example.values.get(name) for example in titles if value in example.text]
            against = sum(1.0 if stated is not None else _UNSTATED for stated in holding)
            right = sum(stated is not None and value in stated for stated in holding)
            worth[category, name][value] = _TRUST * (right - 0.5) / (against + 0.5)
    return dict(worth)


def _located(example: Example, tokens: Sequence[Token]) -> Iterator[tuple[str, int, int, str]]:
    """(attribute, first token, token behind the last, value): the longest values first, no token twice."""
    starts = {token.start: i for i, token in enumerate(tokens)}
    ends = {token.end: i + 1 for i, token in enumerate(tokens)}
    found = [
        (name, *place, value)
        for name, values in example.values.items()
        for value in values
        if (place := _place(value, example.text, starts, ends, tokens))
    ]
    taken: set[int] = set()
    for name, first, end, value in sorted(found, key=lambda span: span[1] - span[2]):
        if taken.isdisjoint(range(first, end)):
            taken.update(range(first, end))
            yield name, first, end, value


def _place(
    value: str, text: str, starts: Mapping[int, int], ends: Mapping[int, int], tokens: Sequence[Token]
) -> tuple[int, int] | None:
    """Where a value stands: at whole tokens, else at one whose beginning it is."""
    at = [found.start() for found in re.finditer(re.escape(value), text) if found.start() in starts]
    whole = next(((starts[s], ends[s + len(value)]) for s in at if s + len(value) in ends), None)
    if whole or len(value) < _LEAST_LETTERS:
        return whole
    cut = ((starts[s], i + 1) for s in at for i, t in enumerate(tokens) if t.start < s + len(value) < t.end)
    return next(cut, None)
