"""What of a model's answer this shop and this message bear out: its words made slots, values, ids and questions.

Slots and values are found by the grounder that reads messages too. A number must stand in the message or on an item
shown, a maker must be named; what the message does not name is a hint at most. Knows nothing of the other tracker's
reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from catalog.lexicon import fold
from catalog.types import Constraint, Fact, Op, Order, Slot
from catalog.units import unit_named
from chatbot.prompting import printed
from chatbot.state import to_query
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard, share_of
from chatbot.track.model_answer import Answer, SaidNeed, SaidQuestion, SaidWish
from chatbot.track.model_evidence import in_doubt, message_keys, unexplained, unsaid
from chatbot.track.model_guesses import guesses_of
from chatbot.track.model_numbers import measured, plausible, pointed, read_number, same
from chatbot.track.model_reading import Claim, Reading, ReadNeed
from chatbot.track.needs import categories_of
from chatbot.track.normal import Message
from chatbot.track.numbers import find_numbers
from chatbot.track.pieces import function_words, keys, plain_words
from chatbot.track.vocabulary import HEAD
from chatbot.track.wishes import COVERED
from chatbot.types import Question, Text, Wish

IDEAL = 160  # bytes kept of a description of an ideal item
PLAIN = ("price", "brand", "rating", "category", "title", "availability")  # asked for in words that grammar knows
TELLING = 2  # values of a slot at most that a word by itself may name
WORDY = 6  # words of a restated need: a longer one is a sentence
_FIGURE = re.compile(r"\W*\d[\d.,]*\W*")
_QUOTED = re.compile(r"[\"“”„«»‘’()（）《》「」]|(?<!\w)'|'(?!\w)")
_REFUSING = ("!=", "not in")
_BOUNDS = {Op.LT, Op.LE, Op.GT, Op.GE}


class AnswerGrounder:
    """Reads answers over one catalogue; keeps nothing between them."""

    def __init__(self, grounder: Grounder) -> None:
        self._grounder = grounder
        self._by_name: dict[str, Slot] = {}
        for slot in grounder.slots.values():
            self._by_name.setdefault(_folded(slot.label), slot)
        self._lacking = lru_cache(64)(self._find_lacking)  # looks at every slot of the shop
        self._by_name |= {_folded(slot.name): slot for slot in grounder.slots.values()}

    def read(self, answer: Answer, heard: Heard) -> Reading:
        """What the answer comes to for this message."""
        latest = heard.state.latest
        items = tuple(latest[n - 1] for n in answer.items if n <= len(latest))
        return Reading(
            acts=answer.acts,
            needs=tuple(self._need(need, heard) for need in answer.needs),
            drop=tuple(w.id for w in heard.state.wishes if w.id in answer.drop and self._spoken_of(w, heard)),
            unsaid=tuple(w.id for w in heard.state.wishes if w.id in answer.drop and unsaid(w, heard)),
            items=items,
            questions=tuple(q for asked in answer.ask if (q := self._question(asked, items, heard))),
            unexplained=unexplained(heard),
            guesses=guesses_of(heard),
            pointed=bool(heard.references),
            asks="?" in heard.lower or heard.lower.endswith(("吗", "呢", "么")),
            words=frozenset(
                k
                for n in answer.needs
                for text in (n.query, *n.ideal, *(t for w in n.wishes for t in (w.slot, *_texts(w.value))))
                for k in keys(text)
            ),
            refused=frozenset(
                v.casefold() for n in answer.needs for w in n.wishes if w.op in _REFUSING for v in _texts(w.value)
            ),
        )

    def _need(self, said: SaidNeed, heard: Heard) -> ReadNeed:
        standing = heard.state.need(said.need) if said.need else None
        kinds = self._kinds_said(said) or (categories_of(standing) if standing else heard.categories(None))
        claims = (claim for wish in said.wishes for claim in self._claims(wish, kinds, heard))
        query = self._query(said.query, heard)
        called = self._kinds_called(" ; ".join((query, *said.ideal)))
        words = {k for text in (query, *said.ideal) for k in keys(text)}
        sure = [replace(c, hard=c.hard and (c.named or _called(c, called, words))) if c.of_kind else c for c in claims]
        firm = tuple(str(v) for c in sure if c.of_kind and c.hard for v in _values_of(c))
        firm = firm or (categories_of(standing) if standing else ())
        return ReadNeed(
            said.need,
            query,
            bool((set(keys(query)) - plain_words()) & message_keys(heard)),
            tuple(dict.fromkeys(sure)),
            tuple(t for text in said.ideal if (t := printed(text, IDEAL))),
            self._lacking(firm) if firm else frozenset(),
            strange=not any(c.of_kind for c in sure) and self._names_kind(said),
        )

    def _find_lacking(self, kinds: tuple[str, ...]) -> frozenset[str]:
        """The slots that no product of these kinds fills."""
        slots = self._grounder.slots.values()
        return frozenset(s.name for s in slots if s.name not in PLAIN and share_of(s, kinds) == 0)

    def _names_kind(self, said: SaidNeed) -> bool:
        return any(w.op in ("=", "in") and self._slot(w.slot, ()) is self._by_name.get("category") for w in said.wishes)

    def _kinds_called(self, query: str) -> set[object]:
        """The categories that the words of a need name."""
        mentions = self._grounder.read(Message.read(query)).mentions
        return {v for m in mentions for r in m.readings if r.role == "kind" for v in r.values}

    def _kinds_said(self, said: SaidNeed) -> tuple[str, ...]:
        named = (
            w for w in said.wishes if w.op in ("=", "in") and self._slot(w.slot, ()) is self._by_name.get("category")
        )
        return tuple(v for w in named for text in _texts(w.value) for v in self._values("category", text))

    def _claims(self, wish: SaidWish, kinds: Sequence[str], heard: Heard) -> Iterator[Claim]:
        if wish.op == "~":
            yield from _in_words(wish, heard)
            return
        slot = self._slot(wish.slot, kinds)
        if slot is None or not (slot.informable or slot.name == "category"):
            return
        if wish.op == "sort":
            yield from self._order(slot, wish, heard)
        elif slot.kind == "number":
            yield from self._number(slot, wish, kinds, heard)
        elif slot.kind == "boolean":
            yield from self._flag(slot, wish, kinds, heard)
        elif slot.kind == "category":
            yield from self._value(slot, wish, kinds, heard)

    def _value(self, slot: Slot, wish: SaidWish, kinds: Sequence[str], heard: Heard) -> Iterator[Claim]:
        values = tuple(dict.fromkeys(v for text in _texts(wish.value) for v in self._values(slot.name, text)))
        named = tuple(v for v in values if self._named(slot.name, v, heard))
        if slot.name == "brand" or wish.op in _REFUSING:
            values = named  # a maker, or what is refused, is said or it is not meant
        if not values:
            return
        known = frozenset(k for v in values for k in keys(v))
        said = frozenset(k for text in _texts(wish.value) for k in keys(text))
        whole = len(named) == len(values)
        often = slot.name in ("brand", "category") or share_of(slot, kinds) >= COVERED
        if wish.op in _REFUSING:
            yield from (Claim(Constraint(slot.name, Op.NE, v), wish.hard and often, True, known | said) for v in values)
            return
        what = Constraint(slot.name, Op.EQ, values[0]) if len(values) == 1 else Constraint(slot.name, Op.IN, values)
        hard = wish.hard and often and (whole or slot.name == "category")
        yield Claim(what, hard, whole, known | said | frozenset(keys(slot.name)))

    def _flag(self, slot: Slot, wish: SaidWish, kinds: Sequence[str], heard: Heard) -> Iterator[Claim]:
        if not isinstance(wish.value, bool) or wish.op not in ("=", "!="):
            return
        named = self._slot_named(slot, heard)
        off = wish.value is (wish.op == "!=")  # "= false" and "!= true" are one
        if off and not named:
            return
        often = share_of(slot, kinds) >= COVERED
        what = Constraint(slot.name, Op.NE if off else Op.EQ, True)
        yield Claim(what, wish.hard and named and often, named, frozenset(keys(slot.name)))

    def _number(self, slot: Slot, wish: SaidWish, kinds: Sequence[str], heard: Heard) -> Iterator[Claim]:
        """A bound whose number the message says, or one at what an item shown has of it ("lighter than the first")."""
        read = read_number(wish.value)
        if read is None or wish.op in ("in", "not in"):
            return
        number, unit = read
        op = Op(wish.op)
        said = next((b for b in heard.bounds if any(same(number, end) for end in (b.low, b.high))), None)
        unit = unit or (said.unit if said else None)
        in_words = said is not None or any(same(number, n.value) for n in find_numbers(heard.message))
        if in_words and not pointed(number, heard):
            there = measured(number, unit, slot, kinds)
            if there is not None and plausible(there, slot, kinds):
                names = frozenset((*keys(slot.name), f"{number:g}", *keys(unit or "")))
                yield Claim(Constraint(slot.name, op, there), wish.hard, True, names, in_doubt(slot, heard))
        elif op in _BOUNDS and not heard.bounds and self._leans(slot, heard) and self._shown(slot, number, heard):
            yield Claim(Constraint(slot.name, op, number), wish.hard, True, frozenset(keys(slot.name)))

    def _shown(self, slot: Slot, number: float, heard: Heard) -> bool:
        """Does an item of the latest list, spoken of by place or all of them, have this number?"""
        facts = (f for p in self._grounder.catalog.get(heard.state.latest) for f in p.facts())
        return any(f.slot == slot.name and same(number, f.value) for f in facts if isinstance(f, Fact))

    def _order(self, slot: Slot, wish: SaidWish, heard: Heard) -> Iterator[Claim]:
        """An order that the message's words are about."""
        direction = str(wish.value).casefold()
        if direction in ("asc", "desc") and slot.kind == "number" and self._leans(slot, heard):
            yield Claim(Order(slot.name, "asc" if direction == "asc" else "desc"), wish.hard, True)

    def _leans(self, slot: Slot, heard: Heard) -> bool:
        """Does the message speak of more or less of it ("lighter", "cheap"), or of the slot itself?"""
        concept = self._grounder.lexicon.concepts.get(slot.concept or "")
        leaning = (
            {k for phrase in (*concept.ascending, *concept.descending) for k in keys(phrase)} if concept else set()
        )
        return self._slot_named(slot, heard) or bool(leaning & message_keys(heard))

    def _slot(self, name: str, kinds: Sequence[str]) -> Slot | None:
        """The slot of this shop that a name means, however loosely it is written."""
        if exact := self._by_name.get(_folded(name)):
            return exact
        grounder = self._grounder
        readings = [
            r
            for r in grounder.book.readings_of(name.replace("_", " "))
            if r.role == "slot" and r.slot in grounder.slots
        ]
        concepts = {c.name for c in grounder.lexicon.concepts_named(name.replace("_", " "))}
        alike = [(0.5, s) for s in grounder.slots.values() if s.concept in concepts]
        named = [*((r.weight, grounder.slots[r.slot]) for r in readings), *alike]
        return max(named, key=lambda n: (share_of(n[1], kinds) > 0, n[0], share_of(n[1], kinds)), default=(0, None))[1]

    def _values(self, slot: str, text: str) -> tuple[str, ...]:
        """The values of a slot that a text means: as the shop writes one, by another name of it, or misspelt."""
        term = self._grounder.terms.get(slot, {}).get(text.casefold())
        if term:
            return (term.value,)
        readings = [
            r
            for m in self._grounder.read(Message.read(text[:80])).mentions
            if len(m.words) * 2 > len(text)
            for r in m.readings
        ]
        role = "kind" if slot == "category" else "value"
        if slot == "category":  # "display privacy filter" is no display
            named = Message.read(text.partition(" for ")[0][:80])
            mentions = self._grounder.read(named).mentions
            readings = [r for m in mentions if m.end >= len(named.lower.rstrip()) for r in m.readings]
        best = max(
            (r for r in readings if r.role == role and r.slot == slot and r.values),
            key=lambda r: r.weight,
            default=None,
        )
        return best.values[:8] if best and best.weight >= (0.0 if slot == "category" else HEAD) else ()

    def _named(self, slot: str, value: str, heard: Heard) -> bool:
        """Does the message say the value: as the shop writes it, misspelt, or by another name?"""
        own = set(keys(value))
        said = message_keys(heard)
        if own and own <= said:
            return True
        terms = self._grounder.terms.get(slot, {}) if slot not in ("brand", "category") else {}
        if any(sum(k in keys(t) for t in terms) <= TELLING for k in own & said - function_words()) and terms:
            return True  # "takes pods": of the values only pod machines have that word
        readings = (r for m in heard.mentions for r in m.readings if r.slot == slot and r.weight >= HEAD)
        return any(value.casefold() in (v.casefold() for v in r.values) for r in readings)

    def _slot_named(self, slot: Slot, heard: Heard) -> bool:
        telling = set(keys(slot.name)) - function_words()
        named = any(r.role == "slot" and r.slot == slot.name for m in heard.mentions for r in m.readings)
        return named or (bool(telling) and telling <= message_keys(heard))

    def _spoken_of(self, wish: Wish, heard: Heard) -> bool:
        """Does the message speak of a standing wish: of its value, its slot or its words? What kind of thing is looked
        for is named all the time, and taken back in words that grammar knows."""
        if wish.slot == "category":
            return False
        if isinstance(wish.what, Text):
            return bool((set(keys(wish.what.words)) - function_words()) & message_keys(heard))
        slot = self._grounder.slots.get(wish.slot)
        if slot and self._slot_named(slot, heard):
            return True
        values = wish.what.values if isinstance(wish.what, Constraint) else ()
        return any(isinstance(v, str) and self._named(wish.slot, v, heard) for v in values)

    def _question(self, asked: SaidQuestion, items: tuple[str, ...], heard: Heard) -> Question | None:
        need = next(iter(heard.state.active_needs), None)
        slot = self._slot(asked.slot, categories_of(need) if need else ())
        if slot is None or slot.name in PLAIN or not (slot.requestable or slot.informable):
            return None
        words = " ".join(heard.lower.split()).strip("?!., ")
        if asked.measure == "value":
            asked_of = items or heard.state.focus[:1] or heard.state.latest[:1]
            return Question(words, slot.name, asked_of) if asked_of else None
        scope = to_query(heard.state, need).hard if need else ()
        return Question(words, slot.name, (), asked.measure, tuple(c for c in scope if c.slot != slot.name))

    def _query(self, said: str, heard: Heard) -> str:
        """The words of a restated need that the shopper, or a record of this shop, has; neither numbers nor makers that
        nobody named."""
        spoken = message_keys(heard) | {k for e in heard.state.talk for k in keys(e.user)}
        spoken |= {k for n in heard.state.needs for k in keys(n.query)}
        spelt = _QUOTED.sub(" ", printed(said)).split()
        measured = [unit_named(after) is not None for after in (*spelt, "")[1:]]  # "15.6 inch", but no price
        words = [w for w, unit in zip(spelt, measured, strict=True) if unit or not _FIGURE.fullmatch(w)]
        if len(words) > WORDY:
            words = [w for w in words if w.lower() not in function_words()][:WORDY]
        kept = [
            word for word in words if (own := keys(word)) and (set(own) <= spoken or self._grounder.heard_of(own[0]))
        ]
        return " ".join(_without_ends(kept))


def _in_words(wish: SaidWish, heard: Heard) -> Iterator[Claim]:
    """A wish in the shopper's own words."""
    words = " ".join(_texts(wish.value))[:80]
    own = frozenset(keys(words))
    if own - plain_words() and own <= message_keys(heard) | function_words():
        yield Claim(Text(words), False, True, own)


def _without_ends(words: list[str]) -> list[str]:
    """Without the small words that lead to what was left out."""
    while words and words[-1].lower() in function_words():
        words = words[:-1]
    return words[next((n for n, w in enumerate(words) if w.lower() not in function_words()), 0) :]


def _values_of(claim: Claim) -> tuple[object, ...]:
    return claim.what.values if isinstance(claim.what, Constraint) else ()


def _called(claim: Claim, kinds: set[object], words: set[str]) -> bool:
    """Do the words of the need restated call the thing by a kind, or by a word of its name?"""
    return any(v in kinds or bool(set(keys(str(v))) & words) for v in _values_of(claim))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _folded(name: str) -> str:
    return fold(re.sub(r"[()（）/]", " ", name))
