"""What a history shows of somebody's taste: counts over the items liked or bought, and what may be said from them.

    taste = Taste.of(products);  taste.statements("en") -> ("Mostly desk lamps (6 of 8).", "Often Orla (5 of 8).", ...)

A statement that somebody else words (a model, learning/profiles) holds only where every word of it is a trait's own or a
plain one, and every strong word is true of the counts. Knows no person, no memory and no model; counts say nothing of
what else the shop has: where all lamps are black, black is no taste.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.readout.phrases import Phrases, Words, phrase, words_of
from catalog.types import Money, Product, write_number
from chatbot.types import Language

_LEAST = 2  # items that share a trait
_SHARE = 0.4  # of the items that state the slot
_VALUES = 4  # traits besides kinds, brands and price
_NAMED = 2  # kinds, and brands
_LONGEST = 40  # characters of a value: longer ones are prose
_PRICED = 3  # items with a price before a span of prices says anything

_TEMPLATES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "category": "{often} {value} ({count} of {of}).", "brand": "{often} {value} ({count} of {of}).",
        "price": "Usually {value}.", "other": "{often} {slot} {value} ({count} of {of}).", "mostly": "Mostly", "often": "Often",
    },
    "zh": {
        "category": "{often}{value}({of}件中{count}件)。", "brand": "{often}{value}({of}件中{count}件)。",
        "price": "通常{value}。", "other": "{often}{slot}{value}({of}件中{count}件)。", "mostly": "大多", "often": "常选",
    },
}  # fmt: skip
_STRONG: Mapping[str, float] = {
    "always": 1.0, "only": 1.0, "all": 1.0, "every": 1.0, "总是": 1.0, "只": 1.0, "都": 1.0, "全": 1.0,
    "mostly": 0.5, "usually": 0.5, "mainly": 0.5, "most": 0.5, "prefers": 0.5, "大多": 0.5, "通常": 0.5, "偏爱": 0.5, "主要": 0.5,
}  # fmt: skip
"""Words that say how often, and the least share of which they are true."""
_PLAIN = (
    "a an and are around as at between both brand brands buys by chooses choice choices colour color customer for from has in is "
    "item items kind kinds like liked likes of often or price priced prices product products range ranges some sometimes spends "
    "that the their them these they things this those to typically up usually want wants which who with cost costing costs "
    "bought buy chosen made 喜欢 常 常选 买 选 的 和 与 及 在 之间 价格 价位 品牌 颜色 是 有 或 到 至 元 件 款 顾客 商品 类 中"
).split()


_ALLOWED = Phrases([(phrase(word), _STRONG.get(word, 0.0)) for word in (*_PLAIN, *_STRONG)])


@dataclass(frozen=True, slots=True)
class Trait:
    """So many items of those that state the slot have this value; of a price, the span of the middle half of them."""

    slot: str
    value: str
    count: int
    of: int

    @property
    def share(self) -> float:
        return self.count / self.of

    def __str__(self) -> str:
        return f"{self.slot.replace('_', ' ')} {self.value}: {self.count} of {self.of}"


@dataclass(frozen=True, slots=True)
class Taste:
    """The traits of a history, the most telling first: kinds, brands, price, then what else many share."""

    traits: tuple[Trait, ...]

    @classmethod
    def of(cls, history: Sequence[Product]) -> Taste:
        """What the items share. Of a few items that share nothing there is no taste."""
        kinds = _shared("category", (p.kind for p in history), _NAMED)
        brands = _shared("brand", (p.brand for p in history), _NAMED)
        return cls((*kinds, *brands, *_prices(history), *_others(history)))

    def statements(self, language: Language) -> tuple[str, ...]:
        """The traits in words of our own."""
        words = _TEMPLATES[language]
        told = []
        for trait in self.traits:
            often = words["mostly" if trait.share >= _STRONG["mostly"] else "often"]
            pattern = words.get(trait.slot, words["other"])
            slot = trait.slot.replace("_", " ")
            told.append(pattern.format(often=often, slot=slot, value=trait.value, count=trait.count, of=trait.of))
        return tuple(told)

    def supports(self, statement: str, rests_on: Iterable[Trait]) -> bool:
        """Does a statement say what these traits say and nothing else?"""
        rested = [trait for trait in rests_on if trait in self.traits]
        words = words_of(statement)
        told = list(Phrases((form, trait) for trait in rested for form in _forms(trait)).find(words))
        beside = Phrases((form, trait) for trait in rested for form in _beside(trait)).find(words)
        covered = {place for start, end, _ in (*told, *beside, *_ALLOWED.find(words)) for place in range(start, end)}
        least = min((trait.share for _, _, trait in told), default=0.0)
        return bool(told) and len(covered) == len(words) and all(least >= s for _, _, s in _ALLOWED.find(words))


def _shared(slot: str, values: Iterable[str | None], most: int) -> list[Trait]:
    counts = Counter(value for value in values if value)
    total = counts.total()
    enough = [(value, n) for value, n in counts.most_common(most) if n >= _LEAST and n >= _SHARE * total]
    return [Trait(slot, value, n, total) for value, n in enough]


def _prices(history: Sequence[Product]) -> Iterator[Trait]:
    """The middle half of the prices of the commonest currency."""
    paid: list[Money] = [p.price for p in history if p.price]
    currency = next((c for c, _ in Counter(m.currency for m in paid).most_common(1)), "")
    amounts = sorted(m.amount for m in paid if m.currency == currency)
    if len(amounts) >= _PRICED:
        low, _, high = statistics.quantiles(amounts, n=4, method="inclusive")
        low, high = float(math.floor(low)), float(math.ceil(high))
        within = sum(low <= amount <= high for amount in amounts)
        yield Trait("price", f"{write_number(low)}-{write_number(high)} {currency}", within, len(amounts))


def _others(history: Sequence[Product]) -> list[Trait]:
    """The values that most of the items share which state the slot, those of the most items first."""
    values: dict[str, list[str]] = {}
    for product in history:
        for name, cells in product.attributes.items():
            words = {cell for cell in cells if isinstance(cell, str) and len(cell) <= _LONGEST}
            values.setdefault(name, []).extend(sorted(words))
    stating = Counter(name for product in history for name, cells in product.attributes.items() if cells)
    found = [
        Trait(name, value, n, stating[name])
        for name, said in values.items()
        for value, n in Counter(said).most_common(1)
        if n > _LEAST and n >= _SHARE * stating[name]
    ]
    return sorted(found, key=lambda trait: (-trait.count, trait.slot))[:_VALUES]


def _forms(trait: Trait) -> Iterator[Words]:
    """How a statement may word a value: as it is, in the plural, a span of prices with a word between its ends."""
    words = phrase(trait.value)
    yield words
    if trait.slot == "price" and len(words) == 3:  # of a currency that is named
        low, high, currency = words
        yield from ((low, high), (currency, low, high))
        yield from ((low, between, high) for between in ("to", "and", "到", "至"))
    elif words and words[-1].isascii() and words[-1].isalpha():
        yield (*words[:-1], words[-1] + "s")
        yield (*words[:-1], words[-1] + "es")


def _beside(trait: Trait) -> Iterator[Words]:
    """What may stand beside a trait's value: its slot's name, its counts together, a price's currency."""
    yield phrase(trait.slot.replace("_", " "))
    yield (str(trait.count), "of", str(trait.of))
    if trait.slot == "price":
        yield phrase(trait.value)[-1:]
