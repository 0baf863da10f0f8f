"""What one cell of a feed states: a string, a truth, a quantity, or several of them.

    "15.6 英寸" -> 15.6 in        "1-1.5kg" -> 1 to 1.5 kg     "9 小时以上" -> 9 hours or more
    "XS/S/XL" -> three sizes     "red, white" -> two colours   "Fashion > jacket" -> a path of two

Reads a cell alone: whether a column as a whole holds numbers, categories or text is decided in schema.py, which is why
a quantity keeps what the shop wrote. Knows no slots and no products.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from catalog.mentions import whole
from catalog.numbers import finite, parse_money, parse_number
from catalog.types import Cell, Quantity, write_number
from catalog.units import unit_named

__all__ = [
    "parse_boolean",
    "parse_cell",
    "parse_colours",
    "parse_money",
    "parse_number",
    "parse_path",
    "parse_quantity",
    "split_list",
]

_NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[+-]?\d{1,3})?"
_UNIT = r"[^\d\s.,;+~<>≥≤=-][^\d;~<>≥≤=]{0,18}?(?:/\d*\s*[a-z²³]+)?|m2|m3|cm2|cm3|ft2"
_AT_LEAST = r"≥|>=|>|at least|min\.?|from|over|more than|不低于|不少于|至少|大于等于|大于|超过|高于"
_AT_MOST = r"≤|<=|<|at most|max\.?|up to|under|less than|不超过|不高于|不大于|最多|至多|最大|小于等于|小于|低于|少于"
_ABOUT = r"约|大约|approx\.?|approximately|about|ca\.?|circa|~|±"
_OR_MORE = r"\+|及以上|以上|或以上|起|or more|and more|and up|or above|or over|plus"
_OR_LESS = r"及以下|以下|以内|或以下|之内|or less|or under|max\.?|maximum"
_WHAT = (
    r"ssd|hdd|sshd|nvme|emmc|flash|ram|ddr\dx?|lpddr\dx?|gddr\dx?|sdram|storage|memory|固态硬盘|固态|机械硬盘|机械|硬盘"
    r"|内存|显存|存储|左右"
)
_AT_LEAST, _AT_MOST, _OR_MORE, _OR_LESS = (
    words.replace(" ", r"\s+") for words in (_AT_LEAST, _AT_MOST, _OR_MORE, _OR_LESS)
)
_QUANTITY = re.compile(
    rf"""(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|(?:{_ABOUT}))?\s*
    (?P<low>{_NUMBER})\s*(?P<unit1>{_UNIT})??\s*
    (?:(?:-|–|—|~|～|至|到|to|\.\.\.?)\s*(?P<high>{_NUMBER})\s*(?P<unit2>{_UNIT})??)?\s*
    (?:(?P<more>{_OR_MORE})|(?P<less>{_OR_LESS}))?\s*(?:{_WHAT})?""",
    re.IGNORECASE | re.VERBOSE,
)
_MAX_QUANTITY = 40
_SIZE = re.compile(r"(?:\d{0,2}x{0,4}[sl]|m|one size|free size|均码|\d{2,3}(?:\.5)?)", re.IGNORECASE)
_LISTED = re.compile(r"[;；|｜、，\n]|,\s+|,(?=[^\d\s])")
_ANY_SLASH = re.compile(r"[/;；|｜、，,\n]")
_COLOUR = r"(?:[^\W\d_]{3,}(?:[ -][^\W\d_]{2,}){0,2}|[\u4e00-\u9fff]{1,4})"
_COLOURS = re.compile(rf"\s*{_COLOUR}(?:\s*/\s*{_COLOUR})+\s*")
_PATH = re.compile(r"\s+(?:>|→)\s+|\s*[›»]\s*|(?<=\w)>(?=\w)")
_LONGEST_VALUE = 48
_MOST_WORDS = 6
_TRUE = frozenset("true yes y on 是 有 支持 1".split())
_FALSE = frozenset("false no n off none 否 无 没有 不支持 0".split())


def parse_cell(value: object, many: bool | None = None) -> tuple[Cell, ...]:
    """All that a cell states, in order; () for an empty one. Mappings state nothing here: the caller unnests them.

    `many`: does the column hold lists? True splits at slashes and bare commas too, False keeps a text whole; None: the
    cell tells by itself (lists of sizes, of short values; never prose).
    """
    if isinstance(value, str):
        return _text_cells(value, many)
    if isinstance(value, bool):
        return (value,)
    if isinstance(value, int | float):
        number = finite(value)
        return () if number is None else (_plain(number),)
    if isinstance(value, Iterable) and not isinstance(value, bytes | dict):
        return tuple(cell for part in value for cell in parse_cell(part, many))
    return ()


@lru_cache(maxsize=65536)
def _plain(value: float) -> Quantity:
    return Quantity(value, value, None, write_number(value))


@lru_cache(maxsize=65536)
def _text_cells(text: str, many: bool | None) -> tuple[Cell, ...]:
    text = text.strip()
    if not text:
        return ()
    if text.lower() in ("true", "false"):
        return (text.lower() == "true",)
    whole = parse_quantity(text)
    if whole or many is False:
        return (whole,) if whole else (text,)
    path = parse_path(text)
    parts = path if len(path) > 1 else split_list(text, everywhere=bool(many))
    quantities = [parse_quantity(part) for part in parts]
    stated = tuple(quantity for quantity in quantities if quantity)
    return stated if len(stated) == len(parts) and not _mixed_units(stated) else parts


def _mixed_units(quantities: tuple[Quantity, ...]) -> bool:
    """ "2.0, 3.5 mm": either every number has a unit or none has."""
    return len({quantity.unit is None for quantity in quantities}) > 1


def parse_colours(text: str) -> tuple[str, ...]:
    """The colours between slashes in a cell of a colour column ("Red/Dark blue"); () for anything else ("b/w")."""
    return tuple(dict.fromkeys(map(str.strip, text.split("/")))) if _COLOURS.fullmatch(text) else ()


def parse_boolean(text: str) -> bool | None:
    """The truth that a word of a yes-or-no column states ("yes", "无"); None for any other word."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def parse_path(text: str) -> tuple[str, ...]:
    """The steps of "Fashion > jacket", wide to narrow; one step for anything else."""
    if len(text) > 300 or not _PATH.search(text):
        return (text.strip(),)
    return tuple(step.strip() for step in _PATH.split(text) if step.strip())


def split_list(text: str, everywhere: bool = False) -> tuple[str, ...]:
    """The values that a cell lists; the whole text where it reads as one value or as prose.

    `everywhere`: the column is known to hold lists: a slash separates whatever stands around it.
    """
    for mark in "/+":
        parts = tuple(part.strip() for part in text.split(mark))
        if len(parts) > 1 and all(_SIZE.fullmatch(p) if mark == "/" else _stored(p) for p in parts):
            return parts
    pattern = _ANY_SLASH if everywhere else _LISTED
    parts = tuple(dict.fromkeys(part.strip() for part in pattern.split(text) if part.strip()))
    if len(parts) < 2 or any(map(_reads_as_prose, parts)) or _unbalanced(parts):
        return (text.strip(),)
    return parts


def _stored(part: str) -> bool:
    """One half of "256GB SSD + 1TB HDD"."""
    quantity = parse_quantity(part)
    return quantity is not None and quantity.unit is not None


def _reads_as_prose(part: str) -> bool:
    return len(part) > _LONGEST_VALUE or part.count(" ") >= _MOST_WORDS


def _unbalanced(parts: tuple[str, ...]) -> bool:
    """A comma inside brackets separates nothing: "A4 (210 x 297 mm, portrait)"."""
    return any(part.count("(") != part.count(")") for part in parts)


@lru_cache(maxsize=65536)
def parse_quantity(text: str) -> Quantity | None:
    """The number or range, with its unit, that the whole text states; None when it says anything else.

    The unit is the table's name for it ("英寸" -> "in"); an open end is infinite.
    """
    if len(text) > _MAX_QUANTITY or not any(map(str.isnumeric, text)):
        return None
    found = _QUANTITY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    low, high = (parse_number(found["low"]), parse_number(found["high"] or found["low"])) if found else (None, None)
    written = (found["unit2"] or found["unit1"]) if found else None
    unit = unit_named(written) if written else None
    if found is None or low is None or high is None or low > high or (written and not unit):
        mention = whole(text.strip())
        return Quantity(mention.value, mention.high, mention.unit.name or None, text.strip()) if mention else None
    if found["least"] or found["more"]:
        high = math.inf
    elif found["most"] or found["less"]:
        low = -math.inf
    return Quantity(low, high, (unit.name or None) if unit else None, text.strip())
