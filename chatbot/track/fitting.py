"""Which of the products shown a description fits: every word of it, by the record or else by the title.

Knows what was said word by word and the records; knows nothing of how a description is found in a message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.types import Constraint, Op, Product
from chatbot.track.amounts import numbers_of, slot_of_order
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.parts import kind_of
from chatbot.track.pieces import keys
from chatbot.track.references import How, extreme, fits, number_of
from chatbot.track.spans import BoundSpan, OrderSpan

NEAR = 0.03  # how far a number said may lie from the record's


@dataclass(slots=True)
class Description:
    """What a description says, word by word; filled while it is read. `end`: where it ends in the message.

    `leaning`: concept and direction of a plain adjective ("the big one"). `other`: not the one in hand. `last`: the last
    word of a name, `head`: the noun ("ones" when several are meant). `count`: "the two black ones". `of_shown`: it says
    that it means what was shown.
    """

    end: int
    mentions: list[Mention] = field(default_factory=list)
    bounds: list[BoundSpan] = field(default_factory=list)
    orders: list[OrderSpan] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    leaning: tuple[str, str] | None = None
    other: bool = False
    last: str = ""
    head: str = ""
    count: int = 0
    of_shown: bool = False

    @property
    def telling(self) -> bool:
        """Is there more than the kind of thing?"""
        said = any(kind_of(m) is None for m in self.mentions)
        return bool(said or self.bounds or self.orders or self.names or self.figures or self.leaning or self.other)

    @property
    def how(self) -> How:
        named = self.names or any(m.reading("product") for m in self.mentions)
        return "named" if named and not self.leaning and not self.other else "described"

    @property
    def called(self) -> bool:
        """Is it called by a name, so that no noun need follow?"""
        brand = any(r.role == "product" or r.slot == "brand" for m in self.mentions for r in m.readings)
        return bool(brand or self.names or self.orders)


class Fitting:
    """Fits descriptions of one message to products."""

    def __init__(self, heard: Heard, grounder: Grounder) -> None:
        self._heard = heard
        self._grounder = grounder

    def of(self, products: Sequence[Product], said: Description) -> tuple[Product, ...]:
        """The products that all of it fits; those that it fits word for word before others."""
        kept = tuple(products)
        if said.other:
            focus = self._heard.state.focus
            kept = tuple(p for p in kept if p.id not in focus or len(focus) >= len(kept))
            kept = kept if len(focus) == 1 or said.mentions or said.names else ()
        for mention in said.mentions:
            fitting = tuple(p for p in kept if fits(p, mention) or _has(p, mention))
            exact = tuple(p for p in fitting if _word_for_word(p, mention))
            kept = exact or fitting
        for bound in said.bounds:
            kept = tuple(p for p in kept if self._measures(p, bound))
        for figure in said.figures:
            kept = tuple(p for p in kept if _figures_in(p, figure))
        for name in said.names:
            kept = tuple(p for p in kept if name in keys(p.title))
        for order in said.orders:
            kept = self._foremost(kept, order, said)
        if said.leaning and len(kept) > 1:
            slot = self._slot(said.leaning[0], kept)
            kept = _picked(kept, slot, said.leaning[1], said.count) if slot else ()
        return kept if not said.count or len(kept) <= said.count or said.count == 1 else ()

    def _foremost(self, kept: tuple[Product, ...], order: OrderSpan, said: Description) -> tuple[Product, ...]:
        state = self._heard.state
        ranked = [q.items for q in state.answered if q.measure in ("min", "max")]
        pair = next((ids for ids in (state.focus, *ranked) if len(ids) == 2), ())
        if order.kind == "comparative" and pair:  # "the lighter one" of two compared
            kept = tuple(p for p in kept if p.id in pair) or kept
        kinds = tuple(dict.fromkeys(p.kind for p in kept if p.kind))
        slot = slot_of_order(self._heard, order, self._grounder, kinds)
        return _picked(kept, slot, order.direction, said.count) if slot else ()

    def _slot(self, concept: str, kept: Sequence[Product]) -> str | None:
        """The number these products state most of those that the concept names."""
        if concept in ("price", "rating"):
            return concept
        named = [s.name for s in self._grounder.slots.values() if s.concept == concept and s.kind == "number"]
        stated = {n: sum(number_of(p, n) is not None for p in kept) for n in named}
        best = max(named, key=lambda n: stated[n], default=None)
        return best if best and stated[best] else None

    def _measures(self, product: Product, bound: BoundSpan) -> bool:
        """Is that the product's own number ("the 32 gig one"), by its record or else by its title?"""
        kinds = (product.kind,) if product.kind else ()
        made = numbers_of(self._heard, self._grounder, bound, kinds)
        own = [(c, n) for c in made if (n := number_of(product, c.slot)) is not None]
        if len({c.op for c, _ in own}) > 1:  # both ends are told
            return all(_within(c, n) for c, n in own)
        if any(isinstance(c.value, float) and abs(n - c.value) <= NEAR * max(abs(c.value), 1e-9) for c, n in own):
            return True
        figure = f"{bound.low if bound.low is not None else bound.high:g}"
        return _figures_in(product, figure) if bound.unit is None else _titled(product, figure)


def _figures_in(product: Product, figure: str) -> bool:
    """ "The 599 one": its price or a number in its title."""
    priced = product.price is not None and str(int(product.price.amount)) == figure
    return priced or _titled(product, figure)


def _titled(product: Product, figure: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]*\d)", product.title) is not None


def _within(end: Constraint, number: float) -> bool:
    """Does a number lie on the right side of one end?"""
    if not isinstance(end.value, float):
        return False
    return number <= end.value if end.op in (Op.LE, Op.LT) else number >= end.value


def _has(product: Product, mention: Mention) -> bool:
    """Does the record say that it has the property named ("the foldable one")?"""
    return any(True in product.attributes.get(r.slot, ()) for r in mention.readings if r.role == "slot")


def _word_for_word(product: Product, mention: Mention) -> bool:
    """Does the record state the very word that was said, not only one of its family (grey, no light grey)?"""
    words = keys(mention.words)
    for reading in mention.readings:
        cells = product.attributes.get(reading.slot, ()) if reading.role == "value" else ()
        if any(isinstance(c, str) and keys(c) == words for c in cells):
            return True
    return False


def _picked(products: Sequence[Product], slot: str, direction: str, count: int) -> tuple[Product, ...]:
    """The product with the least or the most of a slot; as many as are counted ("the two cheapest")."""
    left, picked = list(products), []
    for _ in range(max(1, count)):
        found = extreme(left, slot, "asc" if direction == "asc" else "desc")
        picked += [p for p in left if p.id in found]
        left = [p for p in left if p.id not in found]
    return tuple(picked)
