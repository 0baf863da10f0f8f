"""Definite descriptions of what was shown: "the black one", "that Dell", "the 32 gig one", "the cheaper of the two", 那款联想的.

A description points when every word of it fits something shown (the latest list first, then older ones); else it is
none, and its words may be a wish. "A black one" is never read here. Knows nothing of acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from catalog.types import Product
from chatbot.track.book import Mention, Reading
from chatbot.track.fitting import Description, Fitting
from chatbot.track.ground import LOOKS, Grounder
from chatbot.track.heard import Heard
from chatbot.track.pieces import function_words, key_of, keys, plain_words
from chatbot.track.references import How, Reference, of_page
from chatbot.track.spans import BoundSpan, OrderSpan
from chatbot.track.wording import CJK, alternation, compiled, has_cjk, words
from chatbot.types import UserAct

_PIECE = re.compile(rf"[{CJK}]|[a-z0-9][^\s,!?;:{CJK}]*")
_WORD = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+(?:['.\-/&+][^\W_{CJK}]+)*")
_APART = re.compile(r"(?:[\s'\"-]|[!&/+._](?=\w))*")


def descriptions(heard: Heard, grounder: Grounder) -> tuple[Reference, ...]:
    """Every description of the message that fits something shown, in order of place."""
    if not heard.state.shown:
        return ()
    lists = [grounder.catalog.get(s.ids) for s in reversed(heard.state.shown)]
    reader = _Reader(heard, grounder, lists)
    page = [r for r in heard.references if of_page(r, heard.state)]  # "is this one heavy?" there describes nothing
    found: list[Reference] = []
    for reference in (*reader.english(), *reader.chinese(), *reader.names()):
        if any(r.start < reference.end and reference.start < r.end for r in page):
            continue
        if not any(r.start < reference.end and reference.start < r.end for r in found):
            found.append(reference)
    return tuple(sorted(found, key=lambda r: r.start))


class _Reader:
    """Reads the descriptions of one message against the lists shown, latest first."""

    def __init__(self, heard: Heard, grounder: Grounder, lists: Sequence[tuple[Product, ...]]) -> None:
        self._heard = heard
        self._lists = lists
        self._grounder = grounder
        self._fitting = Fitting(heard, grounder)
        self._lower = heard.lower
        self._pairs = {pair for products in lists for p in products for pair in pairwise(keys(p.title))}
        self._titles = {k for products in lists for p in products for k in keys(p.title)}

    def english(self) -> Iterator[Reference]:
        places = [r for r in self._heard.references if r.how == "place"]
        for found in _determiner().finditer(self._lower):
            if any(r.start < found.end() and found.start() < r.end for r in places):
                continue
            if found[0].strip() in ("that", "this") and _remade().search(self._lower, 0, found.start()):
                continue  # "make that Dell": a wish restated
            paired = self._read(found.end(), len(self._lower), paired=True)
            parsed = self._read(found.end(), len(self._lower))
            wide = self._widened(parsed)
            tried = (p for p in (paired, wide) if p.end != parsed.end)
            for description in (*tried, parsed):
                if reference := self._resolved(found.start(), description, found[0].strip()):
                    yield reference
                    break

    def chinese(self) -> Iterator[Reference]:
        """那款联想的, 联想那款, 最便宜的那个, 黑色的那几个."""
        for found in _pointer_zh().finditer(self._lower):
            start, parsed = self._before(found.start())
            if leaning := self._leaning_before(found.start()):
                start, parsed = leaning[0], Description(found.start())
                slot, direction = words("references")["description"]["leanings_zh"][leaning[1]].split()
                parsed.leaning = (slot, direction)
            if not parsed.telling:
                parsed = self._read(found.end(), len(self._lower), joined="的")
                start = found.start()
                if any(self._lower[o.start] in "太更有再稍" for o in parsed.orders):
                    continue  # 这个太贵: said of it, no name for it
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

    def _named_apart(self, start: int, parsed: Description) -> bool:
        """Is it a name by its looks: a product's, one with figures in it, one in capitals, or one compared?"""
        if parsed.how != "named":
            return False
        compared = bool(self._heard.said(UserAct.COMPARE))
        capital = self._heard.message.text[start : start + 1].isupper()
        figures = any(re.search(r"[a-z]\d|\d[a-z]", name) for name in parsed.names)
        product = any(m.reading("product") for m in parsed.mentions)
        return product or figures or ((compared or capital) and not parsed.bounds)

    def _whole(self, parsed: Description) -> bool:
        """Is the name all that is said there, no part of one that was not shown?"""
        rest = _WORD.match(self._lower, _APART.match(self._lower, parsed.end).end())  # type: ignore[union-attr]
        if rest is None or has_cjk(rest[0]) or _joins().match(rest[0]):
            return True
        named = any(m.start == rest.start() and "slot" in m.roles for m in self._heard.mentions)
        return (
            named or rest[0] in function_words() or any(c in ",.?!;:" for c in self._lower[parsed.end : rest.start()])
        )

    def _read(self, start: int, end: int, joined: str = "", paired: bool = False) -> Description:
        """The longest run of words from a place on that say something of a thing; `paired`: "black and silver" is one."""
        parsed = Description(start)
        at = start
        while at < end:
            at = _APART.match(self._lower, at).end()  # type: ignore[union-attr]
            if joined and self._lower.startswith(joined, at):
                at += len(joined)
                parsed.end = at
                continue
            taken = (paired and self._second_look(parsed, at)) or self._element(parsed, at)
            if not taken:
                break
            at = parsed.end = taken
        return parsed

    def _before(self, end: int) -> tuple[int, Description]:
        """The same read backwards from a pointing word: 黑色的|那款."""
        parsed = Description(end)
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

    def _leaning_before(self, end: int) -> tuple[int, str] | None:
        """贵的|那个."""
        found = _leaning_zh().search(self._lower, 0, end)
        return (found.start(), found["leaning"]) if found else None

    def _element(self, parsed: Description, at: int) -> int:
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

    def _second_look(self, parsed: Description, at: int) -> int:
        """The end of an "and silver" behind a "black"; 0 where it is none."""
        if not parsed.mentions or not self._lower.startswith("and ", at):
            return 0
        looks = {r.slot for r in parsed.mentions[-1].readings if self._is_look(r)}
        second = (m for m in self._heard.mentions if m.start == at + 4)
        for mention in second:
            if looks & {r.slot for r in mention.readings if self._is_look(r)}:
                self._take(parsed, mention)
                return mention.end
        return 0

    def _is_look(self, reading: Reading) -> bool:
        slot = self._grounder.slots.get(reading.slot)
        return reading.role == "value" and slot is not None and slot.concept in LOOKS

    def _take(self, parsed: Description, span: Mention | BoundSpan | OrderSpan) -> None:
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

    def _word(self, parsed: Description, word: str, end: int) -> int:
        """A word that is no mention: a head noun, a leaning, a count, a part of a title."""
        table = words("references")["description"]
        plain = word.removesuffix("'s")
        end -= len(word) - len(plain)
        if plain in table["heads"] and (parsed.head == "ones" or parsed.head not in table["heads"]):
            parsed.head = plain
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
        if plain.isdigit() and any(self._lower.startswith(f" {h}", end) for h in ("one", "version", "model")):
            parsed.figures.append(plain)
            return end
        key = key_of(plain)
        noun = any(self._lower.startswith(f" {h}", end) for h in ("one", "pair"))  # "the local one"
        if (parsed.last, key) in self._pairs and not parsed.head:
            parsed.names.append(key)
            parsed.last = key
            return end
        if key in self._titles and not key.isdigit() and key not in (function_words() if noun else plain_words()):
            parsed.names.append(key)
            parsed.last = key
            return end
        return end if plain in table["fillers"] else 0

    def _widened(self, parsed: Description) -> Description:
        """ "The one FROM LOGITECH", "the cheapest OF THOSE": what stands behind the noun."""
        behind = _behind().match(self._lower, parsed.end)
        if behind and behind["shown"]:
            return replace(parsed, of_shown=True, end=behind.end())
        if behind and parsed.head in ("one", "ones"):
            more = self._read(behind.end(), len(self._lower))
            if more.telling:
                mentions, bounds = [*parsed.mentions, *more.mentions], [*parsed.bounds, *more.bounds]
                names = [*parsed.names, *more.names]
                return replace(parsed, mentions=mentions, bounds=bounds, names=names, end=more.end)
        return parsed

    def _resolved(self, start: int, parsed: Description, pointer: str) -> Reference | None:
        if not parsed.telling or not self._closed(parsed):
            return None
        earlier = _earlier().match(self._lower, parsed.end)
        lists = [*self._lists[1:], *self._lists[:1]] if earlier and len(self._lists) > 1 else self._lists
        end = earlier.end() if earlier else parsed.end
        for products in lists:
            fitting = self._fitting.of(products, parsed)
            if fitting:
                ids = tuple(p.id for p in fitting)
                plural = parsed.head in ("ones", "pair") or parsed.count > 1 or pointer in ("those", "these", "both")
                sorted_by = any(o.kind in ("superlative", "sort") for o in parsed.orders) and not parsed.of_shown
                how: How = "extreme" if sorted_by and parsed.head not in ("one", "ones") else parsed.how
                among = tuple(p.id for p in self._fitting.of(products, replace(parsed, orders=[], leaning=None)))
                return Reference(start, end, how, self._in_hand(ids, plural), not plural, parsed.of_shown, among)
        return None

    def _in_hand(self, ids: tuple[str, ...], plural: bool) -> tuple[str, ...]:
        """Of several that fit one description the one last talked about."""
        focus = self._heard.state.focus
        return focus if not plural and len(ids) > 1 and len(focus) == 1 and focus[0] in ids else ids

    def _closed(self, parsed: Description) -> bool:
        """Does the description end where it was read to ("the black one"), or is it of something else ("the black keys")?"""
        if parsed.head or parsed.called or parsed.other:
            return True
        rest = _WORD.match(self._lower, _APART.match(self._lower, parsed.end).end())  # type: ignore[union-attr]
        gap = self._lower[parsed.end : rest.start()] if rest else ""
        if rest is None or any(c in ",.?!;:/&" for c in gap):
            return True
        return rest[0] in function_words()


def _property_alone(mention: Mention, parsed: Description) -> bool:
    """Does a property's name end the description ("the Dell's WEIGHT", "the black one's price")?"""
    named = any(r.role == "slot" and r.name for r in mention.readings)
    return named and parsed.telling and not mention.roles & {"value", "kind", "product"}


@cache
def _determiner() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w){alternation(words('references')['description']['determiners'])}\s(?=\S)(?!(?:number|amount|total|list|rest) )"
    )


@cache
def _remade() -> re.Pattern[str]:
    return re.compile(rf"{alternation(words('references')['description']['remade'])}\s$")


@cache
def _joins() -> re.Pattern[str]:
    return compiled(words("references")["description"]["conjunctions"])


@cache
def _behind() -> re.Pattern[str]:
    table = words("references")["description"]
    shown, joins = alternation(table["of_shown"]), alternation(table["joins"])
    return re.compile(rf"\s(?:(?P<shown>{shown})|{joins}\s)")


@cache
def _earlier() -> re.Pattern[str]:
    return re.compile(rf"[\s,]*{alternation(words('references')['description']['earlier'])}")


@cache
def _leaning_zh() -> re.Pattern[str]:
    some = "|".join(words("references")["description"]["leanings_zh"])
    return re.compile(rf"(?<![最更太])(?P<leaning>{some})的?$")


@cache
def _pointer_zh() -> re.Pattern[str]:
    table = words("references")["description"]
    return re.compile(rf"[那这](?P<some>[几两三些]|一些)?(?:一)?(?:{table['zh_measures']})?(?<=[^那这一])")
