"""Values that are one value under several names: HP beside Hewlett-Packard, "brushhed" beside "brushed".

What differs in case, hyphens, plurals and English spellings the catalogue joins by itself (joins.py); that is only told.
Precision before recall: figures never differ, and a word is a slip of another only where the shop's own texts never use it.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz.distance import OSA

from catalog.compatibility import SLOT as COMPATIBLE
from catalog.doctor.finding import SHOWN, Example, Finding, found, listed, many
from catalog.doctor.survey import Survey, example
from catalog.joins import spelled
from catalog.lexicon import FOLDER, plain
from catalog.types import Slot, Term

_SLIP = 6  # letters a word needs to be a slip of another
_RARER = 12  # times as frequent the word must be that it is a slip of
_ELSEWHERE = 3  # texts in which a word stands that is a word of its own
_FORMS = frozenset(
    {"inc", "ltd", "llc", "gmbh", "ag", "corp", "corporation", "co", "company", "limited", "incorporated"}
)


@dataclass(frozen=True, slots=True)
class Group:
    """Spellings of one value in one slot, the most frequent first."""

    slot: str
    terms: tuple[Term, ...]

    @property
    def kept(self) -> str:
        return self.terms[0].value

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(term.value for term in self.terms[1:])

    @property
    def count(self) -> int:
        """Products under another spelling than the most frequent."""
        return sum(term.count for term in self.terms[1:])


def groups(survey: Survey) -> list[Group]:
    """All look-alikes, the most products first. What the catalogue joins already is one value and no look-alike."""
    found = [
        group
        for slot in survey.slots.values()
        if slot.kind == "category" and slot.informable and not slot.inferred and slot.name != COMPATIBLE
        for group in _groups(survey, slot)
    ]
    return sorted(found, key=lambda group: (-group.count, group.slot, group.kept))


def look_alikes(survey: Survey) -> Iterator[Finding]:
    """One finding a slot: values that are one and that nothing joins."""
    by_slot: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups(survey):
        by_slot[group.slot].append(group)
    todo = "keep one spelling: `aisle inspect --propose FILE` writes the joins, `aisle import --words FILE` reads them"
    for name, alike in by_slot.items():
        harm = 0.5 * survey.interest(survey.slots[name]) + 0.1
        yield _finding(survey, "look-alikes", f"{name} spells one value in several ways", todo, alike, harm, name)


def joined_spellings(survey: Survey) -> Iterator[Finding]:
    """Values that the feed spells in several ways and that filters take for one: the cards still show them all."""
    joined = [
        (slot, term)
        for slot in survey.slots.values()
        if slot.kind == "category"
        and slot.informable
        and not slot.inferred
        and slot.name not in (COMPATIBLE, "category")
        for term in survey.catalog.vocabulary(slot.name)
        if term.also
    ]
    if joined:
        joined.sort(key=lambda pair: -pair[1].count)
        told = listed(
            (f"“{term.value}” / {' / '.join(f'“{other}”' for other in term.also[:2])}" for _, term in joined), 3
        )
        names = listed(dict.fromkeys(slot.name for slot, _ in joined))
        yield found(
            "several spellings",
            f"{names} {'spells' if len({slot.name for slot, _ in joined}) == 1 else 'spell'} {many(len(joined), 'value')} in several ways: {told}",
            "keep one in the feed: filters join them by themselves, but cards and comparisons show what the feed says",
            harm=0.05,
            count=sum(1 for _ in _odd_spellings(survey, joined)),
            of=len(survey),
            examples=_one_each(_odd_spellings(survey, joined)),
        )


def _odd_spellings(survey: Survey, joined: Sequence[tuple[Slot, Term]]) -> Iterator[Example]:
    """The products that spell a value otherwise than most."""
    usual = {(slot.name, other): term.value for slot, term in joined for other in term.also}
    for name in dict.fromkeys(slot.name for slot, _ in joined):
        for filled in survey.filled.get(name, ()):
            for cell in filled.cells:
                if isinstance(cell, str) and (value := usual.get((name, cell))):
                    yield example(filled.product, f"{cell}, elsewhere {value}")


def _one_each(examples: Iterable[Example]) -> Iterable[Example]:
    """One product for each value."""
    return {found_example.value: found_example for found_example in examples}.values()


def _finding(
    survey: Survey, rule: str, says: str, todo: str, alike: Sequence[Group], harm: float, slot: str | None = None
) -> Finding:
    told = [_told(group) for group in alike]
    more = f", and {len(told) - 3:,} more such" if len(told) > 3 else ""
    return found(
        rule,
        f"{says}: {'; '.join(told[:3])}{more}",
        todo,
        harm=harm,
        count=sum(group.count for group in alike),
        of=sum(term.count for name in {group.slot for group in alike} for term in survey.catalog.vocabulary(name)),
        examples=_examples(survey, alike),
        slot=slot,
    )


def _told(group: Group) -> str:
    return " / ".join(f"“{term.value}” {term.count:,}" for term in group.terms[:4])


def _examples(survey: Survey, alike: Sequence[Group]) -> Iterator[Example]:
    for group in alike[:SHOWN]:
        odd = set(group.others)
        for filled in survey.filled.get(group.slot, ()):
            hit = next((cell for cell in filled.cells if isinstance(cell, str) and cell in odd), None)
            if hit is not None:
                yield example(filled.product, f"{hit}, elsewhere {group.kept}")
                break


def _groups(survey: Survey, slot: Slot) -> Iterator[Group]:
    terms = survey.catalog.vocabulary(slot.name)
    brand = slot.concept == "brand"
    same = _same(slot.concept or "")
    alike: defaultdict[str, list[Term]] = defaultdict(list)
    for term in terms:
        key = spelled(_beside(term.value, slot))
        alike[_maker(term.value) if brand else same.get(key, key)].append(term)
    slips = {} if brand else _slips(survey, alike)
    for key, slip in slips.items():
        alike[slip].extend(alike.pop(key, ()))
    for key, one in alike.items():
        if len(one) > 1 and key:
            yield Group(slot.name, tuple(sorted(one, key=lambda t: (-t.count, t.value))))


def _beside(value: str, slot: Slot) -> str:
    """A value without the words that only repeat its column's name: of a print technology "laser printing" is "laser"."""
    stems = tuple(word[:6] for word in plain(f"{slot.name} {slot.concept or ''}").split() if len(word) > 3)
    kept = [word for word in plain(value).split() if not (word.isalpha() and stems and word.startswith(stems))]
    return " ".join(kept) or value


def _maker(value: str) -> str:
    """A maker's name without its legal form, one of its names for all."""
    words = plain(value).replace(".", " ").split()
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    name = "".join(re.findall(r"[^\W_]+|[+&]", "".join(words)))
    return _makers().get(name, name)


@cache
def _makers() -> Mapping[str, str]:
    def key(name: str) -> str:
        return "".join(re.findall(r"[^\W_]+|[+&]", plain(name)))

    return {key(name): key(names[0]) for names in _lists()["makers"] for name in names}


@cache
def _same(concept: str) -> Mapping[str, str]:
    """Two words for one value of a concept: each to the first."""
    return {spelled(word): spelled(group[0]) for group in _lists()["same"].get(concept, ()) for word in group}


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / "lookalikes.toml").read_text(encoding="utf-8"))


def _slips(survey: Survey, alike: Mapping[str, Iterable[Term]]) -> dict[str, str]:
    """Key of a misspelt value -> key of the value it is a slip of: one letter wrong, missing, doubled or swapped, in a
    long word that no other text of the shop uses, beside a value many times as frequent."""
    counts = {key: sum(term.count for term in terms) for key, terms in alike.items()}
    common = [key for key, n in counts.items() if n >= _RARER and len(key) >= _SLIP and key.isascii()]
    slips: dict[str, str] = {}
    for key, n in counts.items():
        if len(key) < _SLIP or not (key.isascii() and key.isalpha()) or n * _RARER > max(counts.values()):
            continue
        near = [c for c in common if counts[c] >= _RARER * n and _one_slip(key, c)]
        if near and not _a_word(survey, alike[key], n):
            slips[key] = max(near, key=lambda c: counts[c])
    return slips


def _one_slip(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one[0] != other[0] or re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1


def _a_word(survey: Survey, terms: Iterable[Term], count: int) -> bool:
    """Do the shop's texts use all words of a value, beyond the products that have it?"""
    words = {word for term in terms for word in plain(term.value).split() if len(word) >= _SLIP}
    return all(survey.words[word] >= count + _ELSEWHERE for word in words)
