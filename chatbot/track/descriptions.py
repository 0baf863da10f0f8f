"""Definite descriptions of what was shown: "the black one", "that Dell", "the 32 gig one", "the cheaper of the two", 那款联想的.

A description points when every word of it fits something shown (the latest list first, then older ones); else it is
none, and its words may be a wish. "A black one" is never read here. Knows nothing of acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from catalog.types import Product
from chatbot.track.amounts import numbers_of, slot_of_order
from chatbot.track.book import Mention
from chatbot.track.ground import Grounder
from chatbot.track.heard import Heard
from chatbot.track.pieces import function_words, key_of, keys, plain_words
from chatbot.track.references import How, Reference, extreme, fits, number_of
from chatbot.track.spans import BoundSpan, OrderSpan
from chatbot.track.wording import CJK, alternation, has_cjk, words
from chatbot.types import UserAct

NEAR = 0.03  # how far a number said may lie from the record's
_PIECE = re.compile(rf"[{CJK}]|[a-z0-9][\w'.\-/&+]*")
_WORD = re.compile(r"[^\W_]+(?:['.\-/&+][^\W_]+)*")
_APART = re.compile(r"(?:[\s'\"-]|[!&/+._](?=\w))*")


@dataclass(slots=True)
class _Parsed:
    """What a description says, word by word, while it is read."""

    end: int
    mentions: list[Mention] = field(default_factory=list)
    bounds: list[BoundSpan] = field(default_factory=list)
    orders: list[OrderSpan] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    leaning: tuple[str, str] | None = None
    other: bool = False
    last: str = ""
    head: str = ""
    count: int = 0
    of_shown: bool = False

    @property
    def telling(self) -> bool:
        """Is there more than the kind of thing?"""
        said = any("kind" not in m.roles for m in self.mentions)
        return bool(said or self.bounds or self.orders or self.names or self.leaning or self.other)

    @property
    def how(self) -> How:
        named = self.names or any(m.reading("product") for m in self.mentions)
        return "named" if named and not self.leaning and not self.other else "described"

    @property
    def called(self) -> bool:
        """Is it called by a name, so that no noun need follow?"""
        brand = any(r.role == "product" or r.slot == "brand" for m in self.mentions for r in m.readings)
        return bool(brand or self.names or self.orders)


def descriptions(heard: Heard, grounder: Grounder) -> tuple[Reference, ...]:
    """Every description of the message that fits something shown, in order of place."""
    if not heard.state.shown:
        return ()
    lists = [grounder.catalog.get(s.ids) for s in reversed(heard.state.shown)]
    reader = _Reader(heard, grounder, lists)
    found: list[Reference] = []
    for reference in (*reader.english(), *reader.chinese(), *reader.names()):
        if not any(r.start < reference.end and reference.start < r.end for r in found):
            found.append(reference)
    return tuple(sorted(found, key=lambda r: r.start))


class _Reader:
    """Reads the descriptions of one message against the lists shown, latest first."""

    def __init__(self, heard: Heard, grounder: Grounder, lists: Sequence[tuple[Product, ...]]) -> None:
        self._heard = heard
        self._grounder = grounder
        self._lists = lists
        self._lower = heard.lower
        self._pairs = {pair for products in lists for p in products for pair in pairwise(keys(p.title))}
        self._titles = {k for products in lists for p in products for k in keys(p.title)}

    def english(self) -> Iterator[Reference]:
        places = [r for r in self._heard.references if r.how == "place"]
        for found in _determiner().finditer(self._lower):
            if any(r.start < found.end() and found.start() < r.end for r in places):
                continue
            parsed = self._read(found.end(), len(self._lower))
            if reference := self._resolved(found.start(), parsed, found[0].strip()):
                yield reference

    def chinese(self) -> Iterator[Reference]:
        """那款联想的, 联想那款, 最便宜的那个, 黑色的那几个."""
        for found in _pointer_zh().finditer(self._lower):
            start, parsed = self._before(found.start())
            if not parsed.telling:
                parsed = self._read(found.end(), len(self._lower), joined="的")
                start = found.start()
            if not parsed.telling:
                continue
            parsed.end = max(parsed.end, found.end())
            parsed.head = "ones" if found["some"] else "one"
            parsed.of_shown = True
            if reference := self._resolved(start, parsed, found[0]):
                yield reference

    def names(self) -> Iterator[Reference]:
        """Names without an article: "Kestrel Go vs Aria Go", "SHE9550 price", 宏碁和联想; makers where things are compared."""
        brands = bool(self._heard.said(UserAct.COMPARE) or any(o.than for o in self._heard.orders))
        orders = self._heard.orders
        at = 0
        while word := _PIECE.search(self._lower, at):
            parsed = self._read(word.start(), min([len(self._lower), *(o.start for o in orders if o.start > at)]))
            at = max(word.end(), parsed.end)
            brand = brands and any(r.slot == "brand" for m in parsed.mentions for r in m.readings)
            named = parsed.head != "ones" and (brand or self._named_apart(word.start(), parsed))
            if named and self._whole(parsed) and (reference := self._resolved(word.start(), parsed, "")):
                yield reference

    def _named_apart(self, start: int, parsed: _Parsed) -> bool:
        """Is it a name by its looks: a product's, one with figures in it, one in capitals, or one compared?"""
        if parsed.how != "named":
            return False
        compared = bool(self._heard.said(UserAct.COMPARE))
        capital = self._heard.message.text[start : start + 1].isupper()
        figures = any(re.search(r"[a-z]\d|\d[a-z]", name) for name in parsed.names)
        product = any(m.reading("product") for m in parsed.mentions)
        return product or figures or ((compared or capital) and not parsed.bounds)

    def _whole(self, parsed: _Parsed) -> bool:
        """Is the name all that is said there, no part of one that was not shown?"""
        rest = _WORD.match(self._lower, _APART.match(self._lower, parsed.end).end())  # type: ignore[union-attr]
        if rest is None or has_cjk(rest[0]) or _joins().match(rest[0]):
            return True
        named = any(m.start == rest.start() and "slot" in m.roles for m in self._heard.mentions)
        return (
            named or rest[0] in function_words() or any(c in ",.?!;:" for c in self._lower[parsed.end : rest.start()])
        )

    def _read(self, start: int, end: int, joined: str = "") -> _Parsed:
        """The longest run of words from a place on that say something of a thing."""
        parsed = _Parsed(start)
        at = start
        while at < end:
            at = _APART.match(self._lower, at).end()  # type: ignore[union-attr]
            if joined and self._lower.startswith(joined, at):
                at += len(joined)
                parsed.end = at
                continue
            taken = self._element(parsed, at)
            if not taken:
                break
            at = parsed.end = taken
        return self._widened(parsed)

    def _before(self, end: int) -> tuple[int, _Parsed]:
        """The same read backwards from a pointing word: 黑色的|那款."""
        parsed = _Parsed(end)
        at = end
        while True:
            here = at - 1 if self._lower[:at].endswith("的") else at
            spans: list[Mention | BoundSpan | OrderSpan] = [
                *(o for o in self._heard.orders if o.start < o.end and o.end in (here, at)),
                *(b for b in self._heard.bounds if b.end in (here, at)),
                *(m for m in self._heard.mentions if m.end in (here, at)),
            ]
            if not spans:
                return at, parsed
            self._take(parsed, spans[0])
            at = spans[0].start

    def _element(self, parsed: _Parsed, at: int) -> int:
        """The end of what one more element takes at a place; 0 where the description ends."""
        heard = self._heard
        spans: list[Mention | BoundSpan | OrderSpan] = [
            *(b for b in heard.bounds if at in (b.start, b.number.start) and b.cue in ("bare", "about", "budget")),
            *(o for o in heard.orders if o.start == at),
            *(m for m in heard.mentions if m.start == at and not _property_alone(m, parsed)),
        ]
        if _joins().match(self._lower, at):
            return 0
        if spans:
            longest = max(spans, key=lambda s: s.end)
            self._take(parsed, longest)
            return longest.number.end or longest.end if isinstance(longest, BoundSpan) else longest.end
        word = _WORD.match(self._lower, at)
        return self._word(parsed, word[0], word.end()) if word else 0

    def _take(self, parsed: _Parsed, span: Mention | BoundSpan | OrderSpan) -> None:
        if isinstance(span, Mention):
            parsed.mentions.append(span)
            parsed.last = keys(span.words)[-1] if span.reading("product") and keys(span.words) else ""
            if "kind" in span.roles:
                parsed.head = span.words
            written = self._lower[span.start : span.end]
            if written.endswith("s") and key_of(written) != written:
                parsed.head = "ones"  # "the wayfolds"
        elif isinstance(span, BoundSpan):
            parsed.bounds.append(span)
        else:
            parsed.orders.append(span)

    def _word(self, parsed: _Parsed, word: str, end: int) -> int:
        """A word that is no mention: a head noun, a leaning, a count, a part of a title."""
        table = words("references")["description"]
        plain = word.removesuffix("'s")
        end -= len(word) - len(plain)
        if plain in table["heads"]:
            parsed.head = parsed.head or plain
            return end
        if plain in table["others"]:
            parsed.other = True
            return end
        if plain in table["leanings"]:
            slot, direction = table["leanings"][plain].split()
            parsed.leaning = (slot, direction)
            return end
        counts = words("references")["counts"]
        if plain in counts and not parsed.head:
            parsed.count = counts[plain]
            return end
        key = key_of(plain)
        noun = any(self._lower.startswith(f" {h}", end) for h in ("one", "pair"))  # "the local one"
        if (parsed.last, key) in self._pairs and not (key.isdigit() or parsed.head):
            parsed.names.append(key)
            parsed.last = key
            return end
        if key in self._titles and not key.isdigit() and key not in (function_words() if noun else plain_words()):
            parsed.names.append(key)
            parsed.last = key
            return end
        return end if plain in table["fillers"] else 0

    def _widened(self, parsed: _Parsed) -> _Parsed:
        """ "The one FROM LOGITECH", "the cheapest OF THOSE": what stands behind the noun."""
        behind = _behind().match(self._lower, parsed.end)
        if behind and behind["shown"]:
            parsed.of_shown = True
            parsed.end = behind.end()
        elif behind and parsed.head in ("one", "ones"):
            more = self._read(behind.end(), len(self._lower))
            if more.telling:
                parsed.mentions += more.mentions
                parsed.bounds += more.bounds
                parsed.names += more.names
                parsed.end = more.end
        return parsed

    def _resolved(self, start: int, parsed: _Parsed, pointer: str) -> Reference | None:
        if not parsed.telling or not self._closed(parsed):
            return None
        earlier = _earlier().match(self._lower, parsed.end)
        lists = [*self._lists[1:], *self._lists[:1]] if earlier and len(self._lists) > 1 else self._lists
        end = earlier.end() if earlier else parsed.end
        for products in lists:
            fitting = self._fitting(products, parsed)
            if fitting:
                ids = tuple(p.id for p in fitting)
                plural = parsed.head in ("ones", "pair") or parsed.count > 1 or pointer in ("those", "these", "both")
                sorted_by = any(o.kind in ("superlative", "sort") for o in parsed.orders) and not parsed.of_shown
                how: How = "extreme" if sorted_by and parsed.head not in ("one", "ones") else parsed.how
                among = tuple(p.id for p in self._fitting(products, replace(parsed, orders=[], leaning=None)))
                return Reference(start, end, how, self._in_hand(ids, plural), not plural, parsed.of_shown, among)
        return None

    def _in_hand(self, ids: tuple[str, ...], plural: bool) -> tuple[str, ...]:
        """Of several that fit one description the one last talked about."""
        focus = self._heard.state.focus
        return focus if not plural and len(ids) > 1 and len(focus) == 1 and focus[0] in ids else ids

    def _closed(self, parsed: _Parsed) -> bool:
        """Does the description end where it was read to ("the black one"), or is it of something else ("the black keys")?"""
        if parsed.head or parsed.called or parsed.other:
            return True
        rest = _WORD.match(self._lower, _APART.match(self._lower, parsed.end).end())  # type: ignore[union-attr]
        gap = self._lower[parsed.end : rest.start()] if rest else ""
        if rest is None or any(c in ",.?!;:/&" for c in gap):
            return True
        return rest[0] in function_words()

    def _fitting(self, products: Sequence[Product], parsed: _Parsed) -> tuple[Product, ...]:
        """The products that all of it fits; those that it fits word for word before others."""
        kept = tuple(products)
        if parsed.other:
            focus = self._heard.state.focus
            kept = tuple(p for p in kept if p.id not in focus or len(focus) >= len(kept))
            kept = kept if len(focus) == 1 or parsed.mentions or parsed.names else ()
        for mention in parsed.mentions:
            fitting = tuple(p for p in kept if fits(p, mention) or _has(p, mention))
            exact = tuple(p for p in fitting if _word_for_word(p, mention))
            kept = exact or fitting
        for bound in parsed.bounds:
            kept = tuple(p for p in kept if self._measures(p, bound))
        for name in parsed.names:
            kept = tuple(p for p in kept if name in keys(p.title))
        for order in parsed.orders:
            kept = self._foremost(kept, order, parsed)
        if parsed.leaning and len(kept) > 1:
            slot = self._slot(parsed.leaning[0], kept)
            kept = _picked(kept, slot, parsed.leaning[1], parsed.count) if slot else ()
        return kept if not parsed.count or len(kept) <= parsed.count or parsed.count == 1 else ()

    def _foremost(self, kept: tuple[Product, ...], order: OrderSpan, parsed: _Parsed) -> tuple[Product, ...]:
        focus = self._heard.state.focus
        if order.kind == "comparative" and len(focus) == 2:  # "the lighter one" of two compared
            kept = tuple(p for p in kept if p.id in focus) or kept
        kinds = tuple(dict.fromkeys(p.kind for p in kept if p.kind))
        slot = slot_of_order(self._heard, order, self._grounder, kinds)
        return _picked(kept, slot, order.direction, parsed.count) if slot else ()

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
        own = [(c.value, n) for c in made if (n := number_of(product, c.slot)) is not None]
        if any(isinstance(v, float) and abs(n - v) <= NEAR * max(abs(v), 1e-9) for v, n in own):
            return True
        figure = f"{bound.low if bound.low is not None else bound.high:g}"
        return re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]*\d)", product.title) is not None


def _property_alone(mention: Mention, parsed: _Parsed) -> bool:
    """Does a property's name end the description ("the Dell's WEIGHT", "the black one's price")?"""
    named = any(r.role == "slot" and r.name for r in mention.readings)
    return named and parsed.telling and not mention.roles & {"value", "kind", "product"}


def _has(product: Product, mention: Mention) -> bool:
    """Does the record say that it has the property named ("the foldable one")?"""
    return any(True in product.attributes.get(r.slot, ()) for r in mention.readings if r.role == "slot")


def _word_for_word(product: Product, mention: Mention) -> bool:
    """Does the record state the very word that was said, not only one of its family (grey, no light grey)?"""
    said = keys(mention.words)
    for reading in mention.readings:
        cells = product.attributes.get(reading.slot, ()) if reading.role == "value" else ()
        if any(isinstance(c, str) and keys(c) == said for c in cells):
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


@cache
def _determiner() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternation(words('references')['description']['determiners'])}\s(?=\S)")


@cache
def _joins() -> re.Pattern[str]:
    return re.compile(alternation(words("references")["description"]["conjunctions"]))


@cache
def _behind() -> re.Pattern[str]:
    table = words("references")["description"]
    shown, joins = alternation(table["of_shown"]), alternation(table["joins"])
    return re.compile(rf"\s(?:(?P<shown>{shown})|{joins}\s)")


@cache
def _earlier() -> re.Pattern[str]:
    return re.compile(rf"[\s,]*{alternation(words('references')['description']['earlier'])}")


@cache
def _pointer_zh() -> re.Pattern[str]:
    table = words("references")["description"]
    return re.compile(rf"[那这](?P<some>[几两三些]|一些)?(?:一)?(?:{table['zh_measures']})?(?<=[^那这一])")
