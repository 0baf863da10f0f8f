"""What a record says of itself that names its kind: title, type column, the beginning of its description, its headers.

The title leads (titles.py). Where it has no plain word the description's first clause and a type column ("type: jigsaw
puzzle") count like a product line; a record's headers and values tell a kind from others of its family (a printer that
copies and scans is a multifunction printer). Knows nothing of other records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from catalog.lexicon import header_words
from catalog.titles import Reading, TitleReader
from catalog.types import Product

_TYPES = frozenset({"type", "product type", "item type", "article type", "typ", "产品类型", "类型", "商品类型"})
_CLAUSE = re.compile(r"[.!?,;]\s|[\n\\|]|</?\w+>")
_BEGINNING = 120  # characters of a description that may name the thing
_SHOWN = 3  # headers of a record that show it to be of a kind
_LONGEST_TYPE = 48  # characters


def reading_of(product: Product, reader: TitleReader) -> Reading:
    """What title and type column name; the type counts like a product line where the title has no plain word."""
    reading = reader.read(product.title)
    if reading.weak or not reading.kinds:
        reading = _with_text(reading, product.description, reader)
    told = _told(product, reading, reader)
    if told:
        reading = replace(reading, kinds=tuple(dict.fromkeys((told, *reading.kinds))))
    typed = tuple(dict.fromkeys(_typed(product, reader)))
    if not typed:
        return reading
    if reading.weak or not reading.kinds:
        return Reading(tuple(dict.fromkeys((*typed, *reading.kinds))), weak=True)
    return replace(reading, kinds=tuple(dict.fromkeys((*reading.kinds, *typed))))


def _with_text(reading: Reading, description: str, reader: TitleReader) -> Reading:
    """What the description begins with may say what a title leaves unsaid."""
    segments = _CLAUSE.split(description[:_BEGINNING])
    first = next((segment for segment in segments if " " in segment.strip()), "")
    text = reader.read(first) if first else reading
    if text.weak or not text.kinds:
        return reading
    return Reading(tuple(dict.fromkeys((*reading.kinds, *text.kinds))), True, reading.narrower or text.narrower)


def _told(product: Product, reading: Reading, reader: TitleReader) -> str | None:
    """What tells a kind from others of its family: a product line, the headers of the record, a value of it."""
    if not reading.kinds:
        return None
    shown = reader.shown(reading.kinds[0])
    for kind, words in shown:
        if sum(not words.isdisjoint(header_words(header).split()) for header in product.attributes) >= _SHOWN:
            return kind
    return reading.line or reader.only(reading.narrower) or reader.narrowest(reading.kinds[0], short_texts(product))


def _typed(product: Product, reader: TitleReader) -> Iterator[str]:
    for name, cells in product.attributes.items():
        if _is_type(name):
            for cell in cells:
                kind = reader.word(cell) if isinstance(cell, str) and len(cell) <= _LONGEST_TYPE else None
                if kind:
                    yield kind


@lru_cache(maxsize=16384)
def _is_type(header: str) -> bool:
    return header_words(header) in _TYPES


def short_texts(product: Product) -> Iterator[str]:
    for cells in product.attributes.values():
        for cell in cells:
            if isinstance(cell, str) and len(cell) <= _LONGEST_TYPE:
                yield cell
