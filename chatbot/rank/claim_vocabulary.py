"""The words a reason may be made of: those of the item's record, plain ones that claim nothing, and behind "for" and its
like the shopper's own. What is in none of them cannot be said, so that nobody has to foresee what a model makes up.

Knows nothing of numbers, names or superlatives: they are judged beside this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from chatbot.rank.claim_numbers import is_unit
from chatbot.rank.claim_words import negation, plain, words

_LATIN = re.compile(r"[a-zà-ɏ]+(?:['’][a-z]+)*")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_TOKEN = re.compile(rf"{_CHINESE.pattern}|{_LATIN.pattern}|\d+")
_ENDINGS = ("ability", "able", "ible", "ing", "ies", "ed", "es", "ly", "er", "s", "e", "y")
_MOST_BORROWED = 4
_LEAST_ROOT = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one item's record says, as words. `true`, `denied`: roots of what it says is so and is not so;
    `true_zh`, `denied_zh`: its Chinese runs. `asked`, `asked_zh`: the shopper's words."""

    true: frozenset[str]
    denied: frozenset[str]
    true_zh: tuple[str, ...]
    denied_zh: tuple[str, ...]
    asked: frozenset[str]
    asked_zh: tuple[str, ...]

    def unknown(self, clause: str) -> list[str]:
        """Words of a normal clause that may not be said: behind a negation those that the record denies may, before
        it those that it says are so."""
        start, end = negation(clause) or (len(clause), len(clause))
        before, after = self._unknown(clause[:start], negated=False), self._unknown(clause[end - 1 :], negated=True)
        return [*before, *after] if end < len(clause) else [*before]

    def _unknown(self, text: str, *, negated: bool) -> Iterator[str]:
        own, own_zh = (self.denied, self.denied_zh) if negated else (self.true, self.true_zh)
        taken: set[str] = set()
        purposes, start = _purposes(text)
        before = ""
        for token in _TOKEN.finditer(text):
            before, word, number = token[0], token[0], before.isdigit()
            if word.isdigit() or (number and is_unit(word)):
                continue
            asked = not negated and purposes and token.end() > start
            if _CHINESE.match(word):
                extra = self.asked_zh if asked else ()
                yield from uncovered(word, (*own_zh, *extra))
            elif not (known(word) or roots(word) & own):
                borrowed = asked and roots(word) & self.asked and not roots(word) & self.denied
                taken |= {word} if borrowed else set()
                if not borrowed or len(taken) > _MOST_BORROWED:
                    yield word


def vocabulary(true: Iterable[str], denied: Iterable[str], asked: Iterable[str]) -> Vocabulary:
    """Made of normal texts."""
    said, untrue, wanted = tuple(true), tuple(denied), tuple(asked)
    return Vocabulary(_roots(said), _roots(untrue), _runs(said), _runs(untrue), _roots(wanted), _runs(wanted))


@lru_cache(maxsize=16_384)
def roots(word: str) -> frozenset[str]:
    """The word, and without its ending: "charging", "charges" and "charge" share "charg"."""
    bare = word.partition("'")[0]
    found_roots = {bare}
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _LEAST_ROOT and not bare.endswith("ss"):
            stem = bare[: -len(ending)]
            found_roots.add(stem)
            if len(stem) > _LEAST_ROOT and stem[-1] == stem[-2] and stem[-1] not in "aeiouls":
                found_roots.add(stem[:-1])
            break
    return frozenset(found_roots)


def known(word: str) -> bool:
    """Is it a word that claims nothing, or a number's, which is judged as such?"""
    table = words()
    return word in table.numbers or word in _plain_words() or bool(roots(word) & _plain_roots())


@cache
def _plain_words() -> frozenset[str]:
    return frozenset(plain().english)


@cache
def _plain_roots() -> frozenset[str]:
    return frozenset(root for word in plain().inflected for root in roots(word))


def _roots(texts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(_roots_of, texts))


@lru_cache(maxsize=2_048)
def _roots_of(text: str) -> frozenset[str]:
    return frozenset().union(*map(roots, _LATIN.findall(text)))


def latin_words(text: str) -> list[str]:
    """The words in Latin letters of a folded text."""
    return _LATIN.findall(text)


def _runs(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(run for text in texts for run in _CHINESE.findall(text)))


def _purposes(text: str) -> tuple[bool, int]:
    """Is there a word of purpose, and where does what it is about begin?"""
    places = [text.index(one) + len(one) - 1 for one in words().purpose if one in text]
    return bool(places), min(places, default=0)


def uncovered(run: str, own: Sequence[str]) -> list[str]:
    """What of a Chinese run neither plain phrases nor pieces of the record cover, if anything."""
    reached = [True] + [False] * len(run)
    longest = plain().longest
    for start in range(len(run)):
        if not reached[start]:
            continue
        if run[start] in plain().characters or run[start] in words().numbers:
            reached[start + 1] = True
        for end in range(start + 1, len(run) + 1):
            piece = run[start:end]
            if end - start <= longest and piece in plain().phrases:
                reached[end] = True
            if end - start > 1 and any(piece in text for text in own):
                reached[end] = True
    return [] if reached[-1] else [run]
