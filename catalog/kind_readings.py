"""What a record says of itself that names its kind: title, type column, the beginning of its description, its headers.

The title leads (titles.py). Where it has no plain word the description's first clause and a type column ("type: jigsaw
puzzle") count like a product line; a record's headers and values tell a kind from others of its family (a printer that
copies and scans is a multifunction printer). Knows nothing of other records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from catalog.compatibility import devices_stated
from catalog.devices import name_of
from catalog.lexicon import Lexicon, fold, header_words
from catalog.titles import Reading, TitleReader
from catalog.types import Product

_TYPES = frozenset({"type", "product type", "item type", "article type", "typ", "产品类型", "类型", "商品类型"})
_CLAUSE = re.compile(r"[.!?,;]\s|[\n\\|]|</?\w+>")
_BEGINNING = 120  # characters of a description that may name the thing
_SHOWN = 3  # headers of a record that show it to be of a kind
_LONGEST_TYPE = 48  # characters


class RecordReader:
    """Reads what records say of their kinds, with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._reader = TitleReader(lexicon)
        self._types = _Types()
        self._spoken: dict[str, Mapping[str, str]] = {}
        self._shown: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}

    def of(self, product: Product) -> Reading:
        """What title and type column name; the type counts like a product line where the title has no plain word."""
        reading = self._reader.read(product.title)
        if reading.weak or not reading.kinds:
            reading = self._with_text(reading, product.description)
        told = self._told(product, reading)
        if told:
            reading = replace(reading, kinds=tuple(dict.fromkeys((told, *reading.kinds))))
        typed = tuple(dict.fromkeys(self._typed(product)))
        if not typed:
            return reading
        if reading.weak or not reading.kinds:
            return Reading(tuple(dict.fromkeys((*typed, *reading.kinds))), weak=True)
        return replace(reading, kinds=tuple(dict.fromkeys((*reading.kinds, *typed))))

    def serves_something(self, product: Product) -> bool:
        """Is a product of no known kind at least known to be for another thing, by its title or by devices it names?"""
        return self._reader.names_part(product.title) or any(name_of(d).tail for d in devices_stated(product))

    def _with_text(self, reading: Reading, description: str) -> Reading:
        """What the description begins with may say what a title leaves unsaid."""
        segments = _CLAUSE.split(description[:_BEGINNING])
        first = next((segment for segment in segments if " " in segment.strip()), "")
        text = self._reader.read(first) if first else reading
        if text.weak or not text.kinds:
            return reading
        return Reading(tuple(dict.fromkeys((*reading.kinds, *text.kinds))), True, reading.narrower or text.narrower)

    def _told(self, product: Product, reading: Reading) -> str | None:
        """What tells a kind from others of its family: a product line, the headers of the record, a value of it."""
        if not reading.kinds:
            return None
        shown = self._family_shown(reading.kinds[0])
        for kind, words in shown:
            if sum(not words.isdisjoint(header_words(header).split()) for header in product.attributes) >= _SHOWN:
                return kind
        return reading.line or self._only(reading.narrower) or self._narrowest(reading.kinds[0], short_texts(product))

    def _typed(self, product: Product) -> Iterator[str]:
        for name in [name for name in product.attributes if self._types[name]]:
            for cell in product.attributes[name]:
                kind = self._reader.word(cell) if isinstance(cell, str) and len(cell) <= _LONGEST_TYPE else None
                if kind:
                    yield kind

    def _family_shown(self, head: str) -> tuple[tuple[str, frozenset[str]], ...]:
        """The kinds that what is called like the head may be as headers of its record show, with the words of those."""
        if head not in self._shown:
            kinds = (kind for kind in self._lexicon.kinds.values() if head in (*kind.besides, *kind.under))
            found = ((kind.name, frozenset(map(fold, kind.shown_by))) for kind in kinds if kind.shown_by)
            self._shown[head] = tuple(found)
        return self._shown[head]

    def _only(self, kinds: Sequence[str]) -> str | None:
        """The one kind of some that are all one: itself or under it."""
        wide = {above for kind in kinds for above in self._lexicon.wider(kind)}
        narrow = [kind for kind in kinds if kind not in wide]
        return narrow[0] if len(narrow) == 1 else None

    def _narrowest(self, head: str, texts: Iterable[str]) -> str | None:
        """The kind under a head that a short text of the record names ("Laser": a laser printer)."""
        below = self._spoken_below(head)
        return next((kind for text in texts if (kind := below.get(text.lower()))), None) if below else None

    def _spoken_below(self, head: str) -> Mapping[str, str]:
        if head not in self._spoken:
            kinds = (self._lexicon.kinds[name] for name in self._lexicon.narrower(head))
            self._spoken[head] = {word.lower(): kind.name for kind in kinds for word in kind.words}
        return self._spoken[head]


class _Types(dict[str, bool]):
    """Whether a header says that its cells name what the thing is; looked up for each cell of a feed."""

    def __missing__(self, header: str) -> bool:
        found = self[header] = header_words(header) in _TYPES
        return found


def short_texts(product: Product) -> Iterator[str]:
    for cells in product.attributes.values():
        for cell in cells:
            if isinstance(cell, str) and len(cell) <= _LONGEST_TYPE:
                yield cell
