"""Names of devices: a list of them taken apart, and whether a thing for one goes with another.

    "LaserJet 1020, 1022 / 3015"  -> LaserJet 1020 | LaserJet 1022 | LaserJet 3015
    "HP LaserJet 1020n"           goes for "LaserJet 1020", "iPad 2018" does not for "iPad 2"

A wish for a series ("LaserJet") is met by each of its models; a wish for a model only by that model, or by what says that
it is for the whole series. Reads names alone: it knows no device, so it cannot tell that two names mean the same one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from catalog.lexicon import FOLDER

_LINES = re.compile(r"\\n|[\n\r;；•|]+|\s\+\s|(?:^|\s)[-–]{1,2}\s+")
_PARTS = re.compile(r"\s*[,，、]\s*|\s+(?:and|or|und|et)\s+|\s*&\s*|\s+/\s+|(?<=[\w+][\w+])/(?=\w)", re.I)
_RUNS = re.compile(r"[a-zà-ÿ]+|[\u3400-\u9fff]+|\d+(?:\.\d+)?|\+")
_GENERATION = re.compile(r"\(?\b(\d{1,2})(?:st|nd|rd|th)?[\s-]+gen(?:eration|\.)?\)?|第(\d{1,2})代", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MARKS = re.compile("[™®©]")
_LETTERED = re.compile(r"(?:^|\s)([A-Za-z]+-?)(\d+)")
_LEADING = re.compile(r"^(?:[-–•*.\s]|for\s|f/\s*)+", re.I)
_LONGEST = 60  # characters; longer is prose
_MOST_WORDS = 8
_SPECIFIC = 3  # digits of a number that names a model by itself ("1020", not the 2 of "iPad 2")


@cache
def device_words() -> Mapping[str, tuple[str, ...]]:
    """The lists of lexicon/compatibility.toml."""
    read = tomllib.loads((FOLDER / "compatibility.toml").read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in read.items()}


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(device_words()[name])


@cache
def _longest_first(name: str) -> re.Pattern[str]:
    words = sorted(device_words()[name], key=len, reverse=True)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, words))})(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Name:
    """A device's name in its parts: "HP LaserJet P2015dn printer" -> hp · laserjet p · 2015 dn · printer."""

    makers: frozenset[str]
    head: tuple[str, ...]
    tail: tuple[str, ...]
    nouns: frozenset[str]
    series: bool


@lru_cache(maxsize=65536)
def name_of(text: str) -> Name:
    """The parts of a device's name."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _GENERATION.sub(lambda found: f" {found[1] or found[2]} ", plain)
    makers = frozenset(_longest_first("makers").findall(plain))
    bare = _longest_first("makers").sub(" ", plain)
    series = bool(_longest_first("series").search(bare))
    nouns = frozenset(_longest_first("nouns").findall(bare))
    runs = ["plus" if run == "+" else run for run in _RUNS.findall(_longest_first("nouns").sub(" ", bare))]
    first = next((n for n, run in enumerate(runs) if run[0].isdigit()), len(runs))
    return Name(makers, tuple(runs[:first]), tuple(runs[first:]), nouns, series)


def fits(value: str, wished: str) -> bool:
    """Does what is for the device `value` go with the device that is wished for?"""
    return _fits(name_of(value), name_of(wished))


@lru_cache(maxsize=512)
def fitting(terms: tuple[str, ...], wished: str) -> tuple[int, ...]:
    """The places of the terms that fit a wish."""
    wish = name_of(wished)
    return tuple(place for place, term in enumerate(terms) if _fits(name_of(term), wish))


def _fits(value: Name, wish: Name) -> bool:
    if value.makers and wish.makers and value.makers.isdisjoint(wish.makers):
        return False
    if not wish.head and not wish.tail:  # a maker or a sort of device alone
        return (bool(wish.makers) or bool(wish.nouns)) and wish.makers <= value.makers and wish.nouns <= value.nouns
    if not wish.tail:
        return _within(wish.head, value.head + value.tail)
    if not value.tail:
        return value.series and bool(value.head) and _within(value.head, wish.head)
    return _same_number(value, wish) and _same_head(value, wish)


def _same_number(value: Name, wish: Name) -> bool:
    mine, theirs = _without_options(value.tail), _without_options(wish.tail)
    if mine == theirs:
        return True
    if len(theirs) == 1 and _YEAR.fullmatch(theirs[0]):
        return theirs[0] in mine
    refined = mine[:-1] == theirs and bool(_YEAR.fullmatch(mine[-1]))
    return refined or (value.series and mine == theirs[:1] and len(theirs) == 2 and len(theirs[1]) <= 2)


def _without_options(tail: tuple[str, ...]) -> tuple[str, ...]:
    """A model's number without the letters of how it is fitted out: "1020dn" -> 1020."""
    specific = len(tail) == 2 and len(tail[0]) >= _SPECIFIC and tail[1] in _set("options")
    return tail[:1] if specific else tail


def _same_head(value: Name, wish: Name) -> bool:
    """Do the words before the number agree? One name may have more of them in front ("Galaxy Tab 2", "Tab 2"), and
    anywhere when the number tells by itself ("Color LaserJet 2600", "LaserJet 2600")."""
    short, long = sorted((value.head, wish.head), key=len)
    if len(value.tail[0]) >= _SPECIFIC:
        return set(short) <= set(long)
    return bool(short) and long[len(long) - len(short) :] == short


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    return any(tuple(whole[at : at + len(part)]) == tuple(part) for at in range(len(whole) - len(part) + 1))


@lru_cache(maxsize=65536)
def split_devices(text: str) -> tuple[str, ...]:
    """The devices that a text lists, as the shop wrote them; a number alone takes the words of the one before it."""
    found: dict[str, None] = {}
    for line in _LINES.split(text):
        before = ""
        for part in _PARTS.split(line.replace(" - ", " ").replace(":", " ")):
            device = _carried(_tidy(part), before)
            if device:
                before = device
                if len(device) <= _LONGEST and len(device.split()) <= _MOST_WORDS and _names(device):
                    found.setdefault(device)
    return tuple(found)


def _tidy(part: str) -> str:
    part = _LEADING.sub("", part.strip())
    part = " ".join(_MARKS.sub("", part).split()).strip(" .:*\"'")
    return part if part.count("(") == part.count(")") else part.replace("(", " ").replace(")", " ").strip()


def _names(device: str) -> bool:
    """Is it the name of anything?"""
    folded = device.casefold()
    return folded not in _set("nothing") and any(map(str.isalnum, folded)) and not folded.isdigit()


def _carried(part: str, before: str) -> str:
    """A part of a list with the words that it leaves out, taken from the device before it."""
    words = part.split()
    if not words or not before:
        return part
    first = words[0]
    numbered = any(map(str.isdigit, first))
    if first.isdigit() or (numbered and first[0].isdigit()):
        return " ".join((*_prefix(before), _letters(first, before) + part))
    if numbered or (first.isupper() and len(first) <= 3):
        return " ".join((*_prefix(before), part))
    maker = before.split()[0]
    ours = name_of(part)
    return f"{maker} {part}" if maker.casefold() in _set("makers") and ours.tail and not ours.makers else part


def _letters(number: str, before: str) -> str:
    """The letters that a number leaves out: the CLC of "CLC1100/1150"."""
    found = _LETTERED.search(before)
    return found[1] if found and len(found[2]) == len(re.split(r"\D", number, maxsplit=1)[0]) else ""


def _prefix(device: str) -> Iterator[str]:
    """The words of a device's name before its model."""
    words = device.split()
    end = next((n for n, word in enumerate(words) if any(map(str.isdigit, word))), max(len(words) - 1, 0))
    return iter(words[:end])
