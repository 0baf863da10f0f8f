"""What the shopper's names for kinds of product mean in this shop: which of its category values.

Bridges by the lexicon: the shop's categories and the shopper's words meet at the same kind or under the same umbrella.
Knows nothing of messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from catalog.categories import kinds_of_category
from catalog.lexicon import Kind, Lexicon
from catalog.store import Catalog
from chatbot.track.book import Reading
from chatbot.track.pieces import function_words, keys
from chatbot.track.wording import words

FEW = 6  # categories at most of a shop whose kinds restate one need (SUV, then sedan)


class ShopKinds:
    """The categories of one catalogue and the kinds they are."""

    def __init__(self, catalog: Catalog, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        slot = next((s for s in catalog.slots if s.name == "category"), None)
        has = slot is not None
        self._inferred = slot is not None and slot.inferred
        self._counts = {t.value: t.count for t in catalog.vocabulary("category")} if has else {}
        self._lowest = frozenset(kind for slot in catalog.slots for kind in slot.by_kind)  # that products are filed by
        self._direct: dict[str, list[str]] = defaultdict(list)
        for value in self._counts:
            for kind in kinds_of_category(value, lexicon):
                self._direct[kind.name].append(value)

    @property
    def categories(self) -> Sequence[str]:
        return tuple(self._counts)

    def values_of(self, kind: str) -> tuple[str, ...]:
        """The category values that are this kind or under it, most products first."""
        names = (kind, *(name for name in self._lexicon.narrower(kind) if self._wholly(name, kind)))
        values = {v: self._counts[v] for name in names for v in self._direct.get(name, ())}
        return tuple(sorted(values, key=lambda v: -values[v]))

    def _wholly(self, name: str, kind: str) -> bool:
        """Is a narrower kind nothing else besides (a keyboard and mouse set is no mouse)?"""
        related = {kind, *self._lexicon.narrower(kind), *self._lexicon.wider(kind)}
        kinds = self._lexicon.kinds
        return all(above in related or kinds[above].umbrella for above in kinds[name].under if above in kinds)

    def phrases(self) -> Iterator[tuple[str, Reading]]:
        """Every name of a kind with what it means here; `values` is empty for what the shop does not carry."""
        for value, count in self._counts.items():
            kinds = self._lexicon.kinds_named(value) if self._inferred else ()  # a shop's own names are exact
            under = [v for k in kinds for v in self.values_of(k.name)]
            if not all(k in function_words() for k in keys(value)):
                yield (
                    value,
                    Reading("kind", "category", tuple(dict.fromkeys((value, *under))), value, 1.2 + count / 1e7),
                )
        for kind in self._lexicon.kinds.values():
            reading = self._reading(kind)
            for word in dict.fromkeys((kind.name, *kind.words)):
                yield word, reading
        for line, maker, name in words("brands")["lines"]:
            yield line, Reading("kind", "category", self.values_of(name), name, 1.0)
            del maker

    def _reading(self, kind: Kind) -> Reading:
        values = self.values_of(kind.name)
        if values:
            sold = sum(self._counts[v] for v in values)
            weight = (0.9 if kind.umbrella else 1.0) + min(sold, 10**6) / 1e7
            return Reading("kind", "category", values, kind.name, weight)
        for above in self._lexicon.wider(kind.name):
            filed = tuple(v for v in self._direct.get(above, ()) if self._holds(v, above))
            if filed and above not in kind.part_of:
                return Reading("kind", "category", filed, kind.name, 0.6)
        return Reading("kind", "category", (), kind.name, 0.1)

    def _holds(self, category: str, kind: str) -> bool:
        """May a category hold things of a narrower kind: one that is no umbrella, or whose products have no nearer one?"""
        if not self._lexicon.kinds[kind].umbrella:
            return True
        vague = any(kind.vague for kind in self._lexicon.kinds_named(category))  # "accessory" of what?
        return category in self._lowest and not vague

    def close(self) -> bool:
        """Are this shop's categories so few and so alike that another one restates the need in hand?"""
        if not 1 < len(self._counts) <= FEW:
            return False
        return bool(set.intersection(*(self._above((v,)) for v in self._counts)))

    def akin(self, first: Sequence[str], second: Sequence[str]) -> bool:
        """Are two sets of categories things of one sort (shirts and t-shirts, laptops and tablets)?"""
        return bool(self._above(first) & self._above(second))

    def _above(self, categories: Sequence[str]) -> set[str]:
        """The kinds that categories are, and those above them."""
        named = [kind for v in categories for kind in self._lexicon.kinds_named(v)]
        return {above for kind in named for above in (kind.name, *self._lexicon.wider(kind.name))}
