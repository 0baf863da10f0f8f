"""The categories of a feed: which of its paths says best what a thing is, and what kinds a category's words name.

    "Apparel & Accessories > Clothing > Dresses"   -> that path
    "Clothing > Hoodies, Clothing > Sale"          -> Clothing > Hoodies
    "Electronics/Computers/Laptops"                -> three steps
    267                                            -> Electronics > ... > Mobile Phones (Google's numbers)

A shop's words stay as it wrote them; the lexicon only tells which of them are kinds of things ("Coats & Jackets": coat,
jacket) and which are not ("Sale", "Men", a brand). Knows no titles and no other rows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from catalog.cells import parse_path
from catalog.lexicon import FOLDER, Kind, Lexicon, fold, plain

_ALTERNATIVES = re.compile(r"\s*(?:[;|\n]|(?<!\\),)\s*")
_SLASHES = re.compile(r"\s*/\s*")
_PARTS = re.compile(r"\s*(?:&|\+|,|/|\band\b|\bund\b|\bet\b|、|，|和|与)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}")
_PRICED = re.compile(r"(?:under|over|below|up to|from)?\s*[$€£¥]\s*\d+.*|.*\d+\s*% off|\d{4}|\d+", re.IGNORECASE)
_LONGEST = 500


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], Mapping[str, str]]:
    """Words that are no kind of thing, names of a shop's root, Google's numbers."""
    read = tomllib.loads((FOLDER / "categories.toml").read_text(encoding="utf-8"))
    return frozenset(map(plain, read["not_kinds"])), frozenset(map(plain, read["roots"])), read["google"]


def read_path(cell: object) -> tuple[str, ...]:
    """The path of a category cell, wide to narrow: of several the one that says most; () of an empty cell."""
    if isinstance(cell, str):
        return _best_path(cell)
    if isinstance(cell, bool) or cell is None:
        return ()
    if isinstance(cell, int | float):
        return _best_path(str(int(cell))) if cell == cell // 1 else ()
    if isinstance(cell, Iterable) and not isinstance(cell, bytes | Mapping):
        return _most_telling([path for part in cell if (path := read_path(part))])
    return ()


@lru_cache(maxsize=65536)
def _best_path(text: str) -> tuple[str, ...]:
    text = text.strip()
    numbered = _lists()[2].get(text) if _NUMBER.fullmatch(text) else None
    if numbered:
        return parse_path(numbered)
    return _most_telling([path for part in _alternatives(text[:_LONGEST]) if (path := _steps(part))])


def _alternatives(text: str) -> tuple[str, ...]:
    """The categories that a cell lists: split where the parts are paths of one tree or plain names, not inside a name
    ("Handbags, Wallets & Cases")."""
    parts = [part for part in _ALTERNATIVES.split(text) if part]
    deep = [parse_path(part) for part in parts]
    roots = [path[0].casefold() for path in deep]
    if len(parts) < 2 or ";" in text or "|" in text or "\n" in text:
        return tuple(parts)
    if any(len(path) > 1 for path in deep):
        beside = any(len(path) == 1 and not is_kind(path[0]) for path in deep)  # "Clothing > Coats, Sale"
        return tuple(parts) if beside or len(set(roots)) < len(roots) else (text,)
    last = parts[-1].casefold()
    return (text,) if "&" in last or " and " in last else tuple(parts)


def _steps(text: str) -> tuple[str, ...]:
    path = parse_path(text)
    if len(path) == 1 and not text.casefold().startswith("http"):
        slashed = tuple(step for step in _SLASHES.split(text.strip("/ ")) if step)
        path = slashed if len(slashed) > 2 or " / " in text else path
    roots = _lists()[1]
    path = tuple(step.replace("\\,", ",").strip() for step in path)
    kept = path[1:] if len(path) > 1 and plain(path[0]) in roots else path
    return tuple(step for step in kept if step)


def _most_telling(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The deepest path that ends in a kind of thing; else the first that names anything."""
    lexicon = Lexicon.default()

    def told(path: tuple[str, ...]) -> tuple[bool, bool, int]:
        kinds = kinds_of_category(path[-1], lexicon)
        return is_kind(path[-1]), any(not kind.umbrella for kind in kinds), len(path)

    return max(paths, key=told, default=())


def is_kind(step: str, brand: str = "") -> bool:
    """May a category say what a thing is? Not when it is "Sale", "Men", a year, a price or the thing's brand."""
    folded = plain(step)
    return bool(folded) and folded not in _lists()[0] and folded != plain(brand) and not _PRICED.fullmatch(step.strip())


def kind_path(path: tuple[str, ...], brand: str = "") -> tuple[str, ...]:
    """A path up to its last step that may be a kind of thing; () when none is."""
    end = len(path)
    while end and not is_kind(path[end - 1], brand):
        end -= 1
    return path[:end]


@lru_cache(maxsize=16384)
def kinds_of_category(name: str, lexicon: Lexicon) -> tuple[Kind, ...]:
    """The kinds that a category's name names: "Laptops", "Coats & Jackets", "Men's Running Shoes"."""
    return tuple(dict.fromkeys(_named(name, lexicon)))


def _named(name: str, lexicon: Lexicon) -> Iterator[Kind]:
    whole = lexicon.kinds_named(name)
    if whole:
        yield from whole
        return
    parts = _PARTS.split(name)
    for part in parts:  # of several names the wide ones say nothing of all: "Apparel & Accessories"
        yield from (kind for kind in _ending(part, lexicon) if len(parts) == 1 or not (kind.umbrella or kind.vague))


def _ending(part: str, lexicon: Lexicon) -> tuple[Kind, ...]:
    """The kinds of the longest end of a name that names any: a head comes last in English and in Chinese."""
    words = fold(part).split()
    for start in range(len(words)):
        found = lexicon.kinds_named(" ".join(words[start:]))
        if found:
            return found
    return ()
