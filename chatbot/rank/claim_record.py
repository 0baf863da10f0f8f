"""What one item's record, with the wishes it meets and the items shown beside it, supports a reason to say.

Knows nothing of how a reason is cut into clauses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from catalog.lexicon import Lexicon
from catalog.types import Constraint, Fact, Op
from catalog.units import dimension_of, normalise
from chatbot.prompting import printed
from chatbot.rank import claim_spelled as spelled
from chatbot.rank.claim_names import other_names
from chatbot.rank.claim_numbers import Number, currency, fold, is_unit, numbers, same
from chatbot.rank.claim_vocabulary import Vocabulary, vocabulary
from chatbot.rank.claim_words import Extreme, found, negation, normal, phrase, words

Facts = Sequence[Fact]
_NAME = re.compile(r"[a-zà-ɏ\d]*\d[a-zà-ɏ\d]*[a-z][a-zà-ɏ\d]*|[a-zà-ɏ]+\d[a-zà-ɏ\d]*")
_CAPITAL = re.compile(r"""(?<=[^\s.!?:;：“"(])\s+([A-Z][\w&'’-]+|[a-z]+[A-Z]\w*)""")
_SLOT_WORDS = re.compile(r"[^\W\d_]+")
_PROSE = re.compile(
    r"\n|(?<=[.!?])\s+(?=[A-Z])|(?<=[。！？])|</|<\||(?i:\b(?:system|assistant|user|ai|note|message)\b[\w ]*[:：])"
)
_NONE = frozenset({"none", "no", "n", "not supported", "not available", "n/a", "无", "没有", "不支持", "否"})
MONEY = ("price", "list_price", "unit_price")
_LONGEST = 400  # bytes of a value that count
_FEW_WORDS = 6
_NAMES = ("title", "title_zh", "brand", "category")


@dataclass(frozen=True, slots=True)
class Record:
    """Made once an item; each method is about one normal clause. Made by `read`."""

    words: str  # normal text of all that the record says
    properties: str  # normal text of what it says in so many words: short values, and the names of what is true
    vocabulary: Vocabulary
    squashed: str  # folded, letters and digits only: "rtx2080ti"
    stated: tuple[tuple[str, Number], ...]  # (slot, number)
    limits: tuple[tuple[str, Op, Number], ...]  # (slot, operator, number) of the wishes
    shown: tuple[Mapping[str, float], ...]  # numeric slots of every item shown, this one first
    names: tuple[str, ...]  # other phrases that only the record can support: the shop's brands

    def lacks(self, clause: str) -> list[str]:
        """Promises, praise and other words of a normal clause that the record does not support."""
        table = words()
        negated = negation(clause) is not None
        rest = _without_measure(clause)
        suspects = found((*table.barred, *table.compounds), rest)
        barred = [p for p in suspects if p in table.barred and (negated or p not in self.properties)]
        borrowed = [] if negated else self.borrowed_names(clause)  # "not from HP" is judged by what is denied
        return barred + self.vocabulary.unknown(rest) + borrowed

    def borrowed_names(self, clause: str) -> list[str]:
        """Makers and brands of a normal clause that the record does not name."""
        return [p for p in found((*words().makers, *self.names), clause) if p not in self.words]

    def false_extremes(self, clause: str) -> list[str]:
        """Superlatives and comparatives that the shown set does not make true."""
        phrases, negated = _extreme_phrases(), negation(clause) is not None
        suspects = [
            p for p in found((*phrases, *words().compounds), clause) if p in phrases and p not in self.properties
        ]
        return [p for p in suspects if self._is_extreme(phrases[p]) is negated]

    def _is_extreme(self, extreme: Extreme) -> bool:
        mine = self.shown[0]
        slot = next((name for name in mine if any(part in name.casefold() for part in extreme.slots)), None)
        others = [item.get(slot) for item in self.shown[1:]] if slot else []
        if slot is None or not others or None in others:
            return False
        best = min if extreme.end == "low" else max
        return mine[slot] == best([mine[slot], *(value for value in others if value is not None)])

    def wrong_numbers(self, raw: str, clause: str) -> list[str]:
        """Numbers of a clause (raw and normal) that neither the record nor a limit of the shopper's supports."""
        table = words()
        rough = bool(found(table.about, clause))
        written = [n for n in numbers(raw) if not self._says(n, clause, rough)]
        worded = [n for n in _worded(clause) if not self._says(n, clause, rough)]
        return [f"{n.value:g} {n.unit or ''}".strip() for n in (*written, *worded)]

    def _says(self, claimed: Number, clause: str, rough: bool) -> bool:
        if any(self._supports(slot, stated, claimed, clause, rough) for slot, stated in self.stated):
            return True
        table = words()
        upper, lower = found(table.upper, clause), found(table.lower, clause)
        wished = upper or lower or found(table.wish, clause)
        fitting = [(slot, n) for slot, op, n in self.limits if _fits(op, bool(upper), bool(lower))]
        if wished and any(self._supports(slot, n, claimed, clause, rough=False) for slot, n in fitting):
            return True
        sides = [n for _, n in self.stated if _comparable(claimed, n)]
        return bool(sides) and (bool(upper) != bool(lower)) and _beyond(claimed, sides, bool(upper))

    def _supports(self, slot: str, stated: Number, claimed: Number, clause: str, rough: bool) -> bool:
        if claimed.money and not stated.money and slot not in MONEY:
            return False
        if claimed.unit and stated.unit is None and not stated.money:
            return _measures(slot, claimed.unit, clause) and same(Number(claimed.value), stated, rough)
        return same(claimed, stated, rough)

    def unknown_names(self, raw: str) -> list[str]:
        """Words made of letters and digits ("mx1000") and capitalised words that stand nowhere in the record."""
        folded = fold(raw)
        mixed = [name for name in _NAME.findall(folded) if not _is_amount(name)]
        inner = _CAPITAL.findall(raw)
        capital = [name for name in inner if normal(name) not in self.words and not is_unit(name)]
        return [name for name in (*mixed, *capital) if squash(name) not in self.squashed]


def read(
    facts: Facts,
    constraints: Iterable[Constraint],
    shown: Iterable[Facts],
    names: Collection[str],
    asked: Iterable[str] = (),
    said: str = "",
) -> Record:
    """What an item's facts, the wishes it meets and the facts of every item shown support. `asked`: the shopper's words,
    which say what for and never what. `said`: words of ours that may be used as they are."""
    wishes, own = tuple(constraints), tuple(map(_harmless, facts))
    so = [fact for fact in own if not _denies(fact)]
    true = [_with_names(fact.slot, fact.value, fact.unit) for fact in so]
    true += [str(v) for c in wishes if c.slot == "category" and not c.op.negative for v in c.values]
    known = _together([*true, said])
    denied = [f"{_slot_words(fact.slot)} , {other_names(fact)}" for fact in own if _denies(fact)]
    denied += [str(v) for c in wishes for v in c.values if isinstance(v, str) and phrase(str(v)) not in known]
    denied += [_slot_words(c.slot) for c in wishes if (c.value is False) != c.op.negative]
    limits = tuple((c.slot, c.op, _wished(c, v)) for c in wishes for v in c.values if isinstance(v, float))
    return Record(
        words=known,
        properties=_together(map(_said_of, filter(_is_property, so))),
        vocabulary=vocabulary(map(normal, (*true, said)), map(normal, denied), map(normal, asked)),
        squashed="".join(map(squash, [*true, said, *denied, *map(str, wishes)])),
        stated=tuple(_amounts(own)),
        limits=limits,
        shown=(_numeric(own), *map(_numeric, shown)),
        names=_phrases(tuple(names)),
    )


@lru_cache(maxsize=64)
def _phrases(names: tuple[str, ...]) -> tuple[str, ...]:
    """Kept, since a shop's brands are the same for every item."""
    return tuple(dict.fromkeys(phrase(name) for name in names if len(name) > 1))


def _together(texts: Iterable[str]) -> str:
    """The normal text of several, put together."""
    return f" {' '.join(filter(None, (normal(text).strip() for text in texts)))} "


def _harmless(fact: Fact) -> Fact:
    """The fact without links, markup and what speaks to a model: a record that gives orders supports none of them. What
    stands behind a first sentence is prose and no property."""
    if not isinstance(fact.value, str):
        return fact
    value = printed(_PROSE.split(fact.value, maxsplit=1)[0], _LONGEST)
    return fact if value == fact.value else replace(fact, value=value)


def _denies(fact: Fact) -> bool:
    return fact.value is False or (isinstance(fact.value, str) and fact.value.casefold() in _NONE)


def _said_of(fact: Fact) -> str:
    return _with_names(fact.slot, fact.value, fact.unit) if fact.slot == "availability" else _words(fact)


@lru_cache(maxsize=4_096, typed=True)  # True is no 1.0
def _with_names(slot: str, value: str | float | bool, unit: str | None) -> str:
    """What a fact says, in its own words and in others for the same."""
    fact = Fact(slot, value, unit)
    return f"{_words(fact)} , {other_names(fact)}"


def _is_property(fact: Fact) -> bool:
    """Is it said in so many words: no name, no prose?"""
    return fact.slot not in _NAMES and (not isinstance(fact.value, str) or len(fact.value.split()) <= _FEW_WORDS)


def _measures(slot: str, unit: str, clause: str) -> bool:
    """May a slot's bare number carry this unit? By what the slot stands for; an unknown slot must be named."""
    concept = Lexicon.default().concept_of_header(slot)
    if concept and concept.dimension:
        return concept.dimension == dimension_of(unit)
    return any(normal(word).strip() in clause for word in _SLOT_WORDS.findall(slot.casefold()))


@lru_cache(maxsize=4_096)
def squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _words(fact: Fact) -> str:
    if fact.value is True:
        return _slot_words(fact.slot)
    value = f"{fact.value:g}" if isinstance(fact.value, float) else str(fact.value)
    return f"{value} {fact.unit or ''} , {_slot_words(fact.slot)}"


def _slot_words(slot: str) -> str:
    return " ".join(_SLOT_WORDS.findall(slot))


def _amounts(facts: Facts) -> Iterable[tuple[str, Number]]:
    for fact in facts:
        yield from ((fact.slot, number) for number in numbers(fact.slot))  # 油耗(L/100km)
        if isinstance(fact.value, bool):
            continue
        if isinstance(fact.value, float | int):
            money = (fact.unit.upper(),) if fact.slot == "price" and fact.unit else ()
            unit = fact.unit if not money else None
            yield fact.slot, Number(float(fact.value), unit, money)
        else:
            stated = numbers(fact.value)
            bold = fact.slot == "title"  # "Mug, was $90, 50% off": what it costs stands under price
            yield from ((fact.slot, n) for n in stated if not (bold and (n.money or n.unit == "%")))


def _wished(constraint: Constraint, value: float) -> Number:
    if constraint.slot == "price":
        return Number(value, None, (constraint.unit.upper(),) if constraint.unit else ())
    return Number(value, constraint.unit)


def _numeric(facts: Facts) -> Mapping[str, float]:
    numeric: dict[str, float] = {}
    for slot, number in _amounts(tuple(f for f in facts if f.slot not in ("title", "brand", "category"))):
        numeric.setdefault(slot, _base(number))
    return numeric


def _without_measure(clause: str) -> str:
    """Without words that are judged elsewhere: "at most", "the most expensive"."""
    table = words()
    extremes = (one for one in found((*_extreme_phrases(), *table.compounds), clause) if one in _extreme_phrases())
    for one in (*found(table.upper + table.lower, clause), *extremes):
        clause = clause.replace(one, " \0 ")
    return clause


def claims_extreme(text: str) -> bool:
    """Does a normal text hold a superlative or comparative that other items can make true?"""
    return any(one in text for one in _extreme_phrases())


@cache
def _extreme_phrases() -> Mapping[str, Extreme]:
    return {phrase: extreme for extreme in words().extremes for phrase in extreme.phrases}


def _worded(clause: str) -> list[Number]:
    """Numbers in words: "two", "double", 两, 三百."""
    table = words().numbers
    english = [Number(value, money=currency(word)) for value, word in spelled.english(clause, table)]
    return english + [Number(value) for value in spelled.chinese(clause, table)]


def _fits(op: Op, upper: bool, lower: bool) -> bool:
    """May a limit with this operator be called by these words?"""
    if op in (Op.LT, Op.LE):
        return not lower or upper
    if op in (Op.GT, Op.GE):
        return not upper or lower
    return not op.negative


def _comparable(claimed: Number, stated: Number) -> bool:
    if claimed.money:
        return bool(set(claimed.money) & set(stated.money))
    return bool(claimed.unit and stated.unit and dimension_of(claimed.unit) == dimension_of(stated.unit) is not None)


def _beyond(claimed: Number, stated: Sequence[Number], upper: bool) -> bool:
    """Does every number of that kind in the record lie on the side that the words say?"""
    bound = _base(claimed)
    return all(_base(n) <= bound if upper else _base(n) >= bound for n in stated)


def _base(number: Number) -> float:
    known = normalise(number.value, number.unit) if number.unit else None
    return known[0] if known else number.value


def _is_amount(name: str) -> bool:
    """ "16gb" is an amount, judged with the numbers; "mx1000" is a name."""
    return name[0].isdigit() and any(n.unit or n.money for n in numbers(name))
