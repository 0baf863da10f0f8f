"""Numbers in words, English and Chinese: "two hundred and five" is 205, 三千五 stays 三千五 and 三百五十 is 350.

Knows nothing of items or claims. The words: words/plain.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_CHINESE = re.compile("[一二两双三四五六七八九十百千万亿零〇半]+")
_MEASURES = frozenset("年月天个款件套核座档挡级键口路升寸斤公分米种人元块台支只条张位次杯小")
_ORDINAL = "第"
_LEAST = 100  # from here on a word multiplies what stands before it


def english(text: str, table: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """The numbers that a normal text spells out, each with the word behind it. "one" is none: it means too much else."""
    value: float | None = None
    for word in [*text.split(), ""]:
        number = table.get(word)
        if number is not None:
            if value is not None and number >= _LEAST:
                value *= number
            elif value is None or number < value:
                value = (value or 0.0) + number
            else:
                yield value, word
                value = number
        elif word == "and" and value is not None and value >= _LEAST:
            continue
        elif value is not None:
            yield value, word
            value = None


def chinese(text: str, table: Mapping[str, float]) -> Iterator[float]:
    """The numbers that Chinese words spell out: one character only where a measure word follows, no ordinal (第二), and
    no lone 一, which means too much else."""
    for found in _CHINESE.finditer(text):
        alone = len(found[0]) == 1 and (found[0] == "一" or text[found.end() : found.end() + 1] not in _MEASURES)
        if not alone and not text[: found.start()].endswith(_ORDINAL):
            yield _value(found[0], table)


def _value(word: str, table: Mapping[str, float]) -> float:
    total = section = digit = 0.0
    for character in word:
        number = table[character]
        if number >= 10_000:
            total, section, digit = (total + section + digit or 1) * number, 0.0, 0.0
        elif number >= 10:
            section, digit = section + (digit or 1) * number, 0.0
        elif number == 0.5 and len(word) > 1:
            digit += number
        else:
            digit = digit * 10 + number if digit else number
    return total + section + digit
