"""Finds in a message what this catalogue knows: kinds, brands, values, slots and product names; built once per generation.

Reads words only: whether a value is wished, refused or asked about is decided elsewhere (grammar, embedded.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from catalog.compatibility import SLOT
from catalog.devices import name_of
from catalog.store import Catalog
from catalog.types import Constraint, Op, Slot, Term
from catalog.units import unit_named
from chatbot.track.book import Mention, Phrasebook, Reading
from chatbot.track.hints import alone, as_answer, as_size, branded, capital, has_digit
from chatbot.track.kinds import ShopKinds
from chatbot.track.names import Gap, Names, gaps_of
from chatbot.track.normal import Message
from chatbot.track.pieces import Piece, function_words, function_zh, key_of, pieces, plain_words, spellings
from chatbot.track.properties import Properties
from chatbot.track.quantities import Quantities
from chatbot.track.spans import BoundSpan, Span
from chatbot.track.spelling import Speller
from chatbot.track.titles import Titles
from chatbot.track.vocabulary import HEAD, fill_book, lexical_words
from retrieval.embedder import Embedder

_DETERMINED = re.compile(
    r"\b(?:the|any|which|what|that|same|whatever|other|different|specific|particular) $"
)  # "the make"
LOOKS = ("colour", "material", "pattern", "size", "style")  # concepts that shoppers name by value alone
STATED = 0.3  # share of a kind's products that state a slot, for a strange value of it to be a wish
USUAL = 2  # titles in which a word must stand for misspelt ones to be mended into it
WELL_KNOWN = 10  # products at least of a maker whose two letters mean it
SERIES = 5  # products at most that a value may have to be a name for them


@dataclass(frozen=True, slots=True)
class Grounded:
    """What was found. `mentions` in order, products by name among them; `gaps`: content words nothing explains."""

    mentions: tuple[Mention, ...]
    gaps: tuple[Gap, ...]
    lower: str  # the message with its spelling mended nowhere: positions count in it


class Grounder:
    """Built once per catalogue generation; then only read (thread-safe)."""

    def __init__(self, catalog: Catalog, embedder: Embedder | None = None) -> None:
        self.catalog = catalog
        self.embedder = embedder
        self.lexicon = catalog.lexicon
        self.kinds = ShopKinds(catalog, self.lexicon)
        self.slots: Mapping[str, Slot] = {s.name: s for s in catalog.slots}
        self.terms: dict[str, dict[str, Term]] = {
            s.name: {t.value.casefold(): t for t in catalog.vocabulary(s.name)}
            for s in catalog.slots
            if s.kind == "category" and s.informable and s.name != SLOT
        }
        self.devices = _devices(catalog)
        self.device_words = frozenset(word for device in self.devices for word in name_of(device).head)
        self.book = Phrasebook()
        fill_book(self.book, catalog, self.lexicon, self.kinds)
        self.titles = Titles(catalog.titles())
        self.names = Names(self.titles, len(catalog))
        self.quantities = Quantities(catalog)
        self.properties = Properties(catalog.slots, embedder)
        self._lexical = lexical_words(self.lexicon)
        self._speller = Speller(self._spellings(), self._known)

    def read(self, message: Message, skip: Sequence[Span] = ()) -> Grounded:
        """Everything named outside the skipped stretches (numbers already understood)."""
        parts = self._mended(pieces(message.lower))
        mentions = list(self._mentions(message, parts, skip))
        taken = [*skip, *(Span(m.start, m.end) for m in mentions)]
        gaps = gaps_of(parts, taken, message.lower)
        helpers = [k for m in mentions for k in m.words.split()]
        named = self.names.products(gaps, self.catalog.ids, helpers)
        taken.extend(Span(m.start, m.end) for m in named)
        everything = sorted((*mentions, *named), key=lambda m: m.start)
        return Grounded(tuple(everything), gaps_of(parts, taken, message.lower), message.lower)

    def phrases_over(self, message: Message, bound: BoundSpan) -> bool:
        """Do the figures only begin or end a known phrase (两厢, "2-in-1 laptop", 4x4)?"""
        number = bound.number if len(bound.number) else Span(bound.start, bound.end)
        counted = bound.unit is not None and unit_named(bound.unit) is None
        parts = pieces(message.lower)
        for at, piece in enumerate(parts):
            if piece.start > number.start:
                return False
            count, readings = self.book.longest_at(parts, at) if piece.end > number.start - 24 else (0, ())
            if count > 1 and any(r.role in ("kind", "value") and r.values for r in readings):
                used = parts[at : at + count]
                length = used[-1].end - used[0].start
                if used[-1].end >= number.end and (length > len(number) or counted):
                    return True
        return False

    def kind_at(self, message: Message, start: int) -> tuple[str, ...]:
        """The categories that the thing named from a place on is of."""
        parts = [p for p in pieces(message.lower) if p.start >= start]
        if not parts or parts[0].start != start:
            return ()
        _, readings = self.book.longest_at(parts, 0)
        return tuple(v for r in readings if r.role == "kind" for v in r.values)

    def meant(self, mention: Mention, kinds: Sequence[str]) -> Reading | None:
        """The value reading that fits the kinds looked for best: brands first, then by how many of them have it."""
        scored = [(self._weight(r, kinds), r) for r in mention.readings if r.role == "value"]
        best = max(scored, key=lambda s: s[0], default=None)
        if best is None or best[0] <= 0:
            return self._foreign(mention, kinds)
        alike = [r for r in mention.readings if r.role == "value" and r.slot == best[1].slot and r.weight >= HEAD]
        return replace(best[1], values=tuple(dict.fromkeys(v for r in (best[1], *alike) for v in r.values)))

    def _foreign(self, mention: Mention, kinds: Sequence[str]) -> Reading | None:
        """A value that none of these products has, of a slot that they do state: an honest wish that finds nothing.
        None where their titles say it all the same ("Electric Toothbrush", filed under Battery)."""
        if self.titled(mention.words, kinds):
            return None
        stated = [
            r
            for r in mention.readings
            if r.role == "value" and r.weight >= HEAD and (slot := self.slots.get(r.slot)) and _stated(slot, kinds)
        ]
        return max(stated, key=lambda r: r.weight, default=None)

    def _weight(self, reading: Reading, kinds: Sequence[str]) -> float:
        if reading.slot == "brand":
            return 1e6 * reading.weight
        if reading.weight < HEAD and not kinds:
            return 0.0
        terms = [self.terms.get(reading.slot, {}).get(v.casefold()) for v in reading.values]
        count = sum(_count(t, kinds) for t in terms if t)
        slot = self.slots.get(reading.slot)
        favoured = 4.0 if slot and slot.concept in LOOKS else 1.0
        return float(count) * favoured * reading.weight**2

    def slots_named(self, mention: Mention) -> tuple[Slot, ...]:
        """The slots a phrase names, surest first."""
        named = sorted((r for r in mention.readings if r.role == "slot"), key=lambda r: -r.weight)
        return tuple(self.slots[r.slot] for r in named if r.slot in self.slots)

    def common(self, slot: str) -> bool:
        """Do shoppers mean the slot by a value alone: a brand, a colour and the like that many products state?"""
        found = self.slots.get(slot)
        return slot == "brand" or (found is not None and found.coverage >= STATED)

    def titled(self, words: str, kinds: Sequence[str]) -> bool:
        """Do titles of these products hold the words?"""
        found = self.titles.having(words.split()) if kinds else []
        return bool(found) and bool(self.catalog.match([Constraint("category", Op.IN, tuple(kinds))])[found].any())

    def heard_of(self, word: str) -> bool:
        """Does the word stand in any record?"""
        return self.catalog.document_frequency(word) > 0

    def _known(self, word: str) -> bool:
        if self.book.readings_of(key_of(word)) or key_of(word) in self._lexical:
            return True
        count = self.titles.count(key_of(word))
        if count > 2 or (count and len(word) >= 8):  # a long word that a title has is hardly another misspelt
            return True
        seen = self.catalog.document_frequency(word)  # counts stems: "cabl" stands in every record of a cable
        return seen > 2 and not (not count and self.titles.count(word + "e"))

    def _spellings(self) -> dict[str, float]:
        weights: dict[str, float] = {}
        for word in set(self.book.words()) - function_words():
            count = self.titles.count(word)
            if (
                count >= USUAL
                or self._usual_value(word)
                or any(r.role == "kind" or r.slot == "brand" for r in self.book.readings_of(word))
            ):
                weights[word] = count + 1.0
        weights.update({spelt: weights[key] for spelt, key in spellings() if key in weights})
        return weights

    def _usual_value(self, word: str) -> bool:
        """Is the word by itself a value that some products state, of a slot that many do?"""
        return any(
            (term := self.terms.get(r.slot, {}).get(word)) is not None and term.count >= USUAL and self.common(r.slot)
            for r in self.book.readings_of(word)
            if r.role == "value"
        )

    def _mended(self, parts: tuple[Piece, ...]) -> tuple[Piece, ...]:
        return tuple(
            replace(p, key=key_of(mended)) if not p.cjk and (mended := self._speller.mend(p.text)) else p for p in parts
        )

    def _mentions(self, message: Message, parts: Sequence[Piece], skip: Sequence[Span]) -> Iterable[Mention]:
        filler = [Span(m.start(), m.end()) for m in function_zh().finditer(message.lower)]
        free = [p for p in parts if not any(s.touches(p.start, p.end) for s in skip)]
        at = 0
        while at < len(free):
            count, readings = self._longest(message, free, at, filler)
            if not count:
                at += 1
                continue
            used = free[at : at + count]
            mended = any(p.key != key_of(p.text) for p in used)
            readings = (*readings, *self._series(readings))
            end = used[-1].end - 2 * used[-1].text.endswith("'s")  # "HP's out" refuses HP
            yield Mention(used[0].start, end, _words_of(used), readings, mended)
            at += count

    def _series(self, readings: Sequence[Reading]) -> Iterable[Reading]:
        """A value that few products have, all of them by their titles, is a name for them too (a model, a series)."""
        for reading in readings:
            if reading.role != "value" or reading.slot == "brand" or len(reading.values) != 1 or reading.weight < 1:
                continue
            slot = self.slots.get(reading.slot)
            if key_of(reading.values[0].lower()) in plain_words() or slot is None or not self._identifies(slot):
                continue
            term = self.terms.get(reading.slot, {}).get(reading.values[0].casefold())
            if term and term.count <= SERIES and (ids := self._named_by(reading.slot, term.value)):
                yield Reading("product", "title", ids, term.value, 0.8)

    def _identifies(self, slot: Slot) -> bool:
        """Has the slot about as many values as products that state it (a series, a model)?"""
        many = len(self.terms.get(slot.name, ()))
        return (
            slot.concept not in LOOKS and slot.coverage >= STATED and many >= STATED * slot.coverage * len(self.catalog)
        )

    def _named_by(self, slot: str, value: str) -> tuple[str, ...]:
        mask = self.catalog.match([Constraint(slot, Op.EQ, value)])
        ids = [self.catalog.ids[p] for p in mask.nonzero()[0]]
        named = all(value.casefold() in p.title.casefold() for p in self.catalog.get(ids))
        return tuple(ids) if named else ()

    def _longest(
        self, message: Message, parts: Sequence[Piece], at: int, filler: Sequence[Span]
    ) -> tuple[int, tuple[Reading, ...]]:
        """The longest phrase here whose readings make sense in this place."""
        end = len(parts)
        while end > at:
            count, readings = self.book.longest_at(parts[:end], at)
            if not count:
                return 0, ()
            used = parts[at : at + count]
            kept = tuple(r for r in readings if self._sensible(message, r, used, filler))
            if kept and _unbroken(message.lower, used) and not self._hides_kind(used, kept):
                apart = self._said_apart(used, kept)
                return apart if apart[0] else (count, kept)
            end = at + count - 1
        return 0, ()

    def _hides_kind(self, used: Sequence[Piece], readings: Sequence[Reading]) -> bool:
        """Does a slot's name end in the thing itself ("colour printer")? Then the thing is looked for."""
        if len(used) < 2 or any(r.role != "slot" for r in readings):
            return False
        told = {r.slot for r in self.book.readings_of(used[0].key) if r.role == "value"}
        if told & {r.slot for r in readings}:
            return True  # "german layout" says which
        rest, found = self.book.longest_at(used, 1)
        return rest == len(used) - 1 and any(r.role == "kind" and r.values and r.weight >= 1.0 for r in found)

    def _said_apart(self, used: Sequence[Piece], readings: Sequence[Reading]) -> tuple[int, tuple[Reading, ...]]:
        """The readings of a kind's first words, and how many, that say a property of its own ("wireless mouse" is a mouse that is
        wireless), where these products state it; none for a name that only means something whole ("laser printer")."""
        kind = next((r for r in readings if r.role == "kind" and r.values), None)
        if kind is None or len(used) < 2 or used[0].cjk:
            return 0, ()
        for cut in range(len(used) - 1, 0, -1):
            rest, found = self.book.longest_at(used, cut)
            same = any(r.role == "kind" and set(r.values) == set(kind.values) for r in found)
            if not same or rest != len(used) - cut:
                continue
            prefix = self.book.readings_of(" ".join(p.key for p in used[:cut]))
            mention = Mention(used[0].start, used[cut - 1].end, _words_of(used[:cut]), prefix)
            value = self.meant(mention, kind.values)
            named = [self.slots[value.slot]] if value else [s for s in self.slots_named(mention) if s.kind == "boolean"]
            if any(_stated(slot, kind.values) for slot in named):
                return cut, prefix
        return 0, ()

    def _sensible(self, message: Message, reading: Reading, used: Sequence[Piece], filler: Sequence[Span]) -> bool:
        if len(used) > 1:
            return True
        piece = used[0]
        if piece.cjk:
            return not any(s.covers(piece.start, piece.end) for s in filler) and alone(message.lower, piece, filler)
        if len(piece.key) <= 2 and not has_digit(piece.key) and reading.role == "value":
            if reading.slot == "brand":
                return self._well_known(reading, piece) or capital(message, piece) or branded(message, piece)
            return as_size(message, piece)
        if piece.text in function_words():
            things = (
                reading.role == "kind" and bool(reading.values) and piece.text != piece.key
            )  # tops, in a shop of them
            named = (
                reading.role == "slot" and reading.name == "brand" and _DETERMINED.search(message.lower, 0, piece.start)
            )
            return things or bool(named) or (reading.role == "slot" and reading.name == "price")
        if reading.role == "value" and reading.slot == "brand" and piece.key in plain_words():
            return capital(message, piece) or branded(message, piece) or as_answer(message, piece)
        return True

    def _well_known(self, reading: Reading, piece: Piece) -> bool:
        """Does the shop have so much of a maker that its two letters mean it in small letters too ("hp", "lg")?"""
        term = self.terms.get("brand", {}).get(reading.values[0].casefold()) if reading.values else None
        return term is not None and term.count >= WELL_KNOWN and piece.key not in plain_words()


def _devices(catalog: Catalog) -> tuple[str, ...]:
    """The devices that the shop has things for."""
    known = any(s.name == SLOT for s in catalog.slots)
    return tuple(term.value for term in catalog.vocabulary(SLOT)) if known else ()


def _count(term: Term, kinds: Sequence[str]) -> int:
    if not kinds:
        return term.count
    return sum(term.kinds.get(k, 0) for k in kinds)


def _stated(slot: Slot, kinds: Sequence[str]) -> bool:
    return max((slot.by_kind[k].coverage for k in kinds if k in slot.by_kind), default=0.0) >= STATED


def _words_of(used: Sequence[Piece]) -> str:
    text = ""
    for piece in used:
        text += ("" if piece.cjk or not text else " ") + piece.key
    return text


def _unbroken(lower: str, used: Sequence[Piece]) -> bool:
    """Only blanks and light signs lie between the pieces of a phrase."""
    return all(
        lower[a.end : b.start].strip() in ("", "-", "'", "&", "/", "!", ".", "+", "_", "_-", ">")
        for a, b in pairwise(used)
    )
