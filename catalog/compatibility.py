"""What a product goes with: the devices that its record or its title says it is for.

    compatibility: "LaserJet 1020, 1022"      -> LaserJet 1020 | LaserJet 1022
    "Leather case for iPad 9.7"               -> iPad 9.7
    "ThinkPad T61/R61 Series battery"         -> ThinkPad T61 | ThinkPad R61 Series

The values are the shop's own words, kept as the inferred slot `compatible_with` (devices.py tells what fits what). It
states what the shop states and works out no more: that a cartridge fits a printer nobody names is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from catalog.devices import device_words, name_of, split_devices
from catalog.lexicon import Lexicon, header_words, plain
from catalog.types import Inferred, Product, Quantity

SLOT = "compatible_with"
_STATED = 0.97  # a header that names devices
_HINTED = 0.92  # a header that names devices among other things
_TOLD = 0.95  # a title with a known maker or line
_GUESSED = 0.9  # a title that only looks like one
_MOST = 200  # devices kept of one product
_LONGEST_TITLE = 300

_END = re.compile(
    r"\s[-–|:]\s|[;([（【|]|\s(?:with|in|w/|from|incl\.?|including|by|on)\s|(?<![\d\s]),\s(?![A-Z]*\d)", re.I
)
_MEASURE = re.compile(
    r"\d+(?:[.,/x]\d+)*(?:\"|''|”|-?(?:inch(?:es)?|in|cm|mm|m|ft|gb|mb|tb|ghz|mhz|hz|w|v|va|kva|mah|ah|kg|g|l|ml|u|p|k|port|ports|"
    r"outlet|piece|pcs|pack|year|years|user|users|cell|sheets?|pages?|nd|rd|th|st))?\.?",
    re.I,
)
_CODE = re.compile(r"(?=[a-z]*\d)[a-z\d][a-z\d/.+-]*", re.I)
_GRADE = re.compile(r"(?:cat|usb|ddr|pc|hdmi|ps/|rj|db|pci)-?\d.*", re.I)  # what a thing is made to, not what it is for
_PART_NUMBER = re.compile(r"[A-Z]{1,2}\d{3,5}[A-Z]{1,2}")  # of the thing itself
_MORE = frozenset("plus pro max edge mini air ultra lite note series serie prime neo xl xs xr fold flip active duos touch"
                  " nano shuffle classic gen generation color colour photo".split())  # fmt: skip


def compatible_with(product: Product, kind: str | None, lexicon: Lexicon | None = None) -> Inferred | None:
    """The devices that a product of a kind is for; None where neither record nor title names one."""
    stated = devices_stated(product)
    hinted = () if stated else tuple(dict.fromkeys(_hinted(product, lexicon or Lexicon.default())))
    if stated or hinted:
        return Inferred((stated or hinted)[:_MOST], "attributes", _STATED if stated else _HINTED)
    if kind and not (lexicon or Lexicon.default()).serves(kind):
        return None
    named = _devices_of_title(product.title)
    sure = tuple(device for device in named if _known(device))
    if sure:
        return Inferred(sure[:_MOST], "title", _TOLD)
    return Inferred(named[:_MOST], "title", _GUESSED) if named else None


def device(text: str) -> str | None:
    """The device that a text names first ("my LaserJet 1020, please" -> "LaserJet 1020"); None when it names none."""
    return next(iter(_devices(re.sub(r"^(?:my|our|the|an?|your)\s+", "", text.strip(), flags=re.I))), None)


def devices_stated(product: Product) -> tuple[str, ...]:
    """The devices of the columns that hold nothing else, those with a name before mere makers and sorts of device."""
    found = dict.fromkeys(_cells(product, "exact"))
    named = [name for name in found if name_of(name).head or name_of(name).tail]
    return tuple(dict.fromkeys((*named, *found)))


def _hinted(product: Product, lexicon: Lexicon) -> Iterator[str]:
    for name in _cells(product, "loose"):
        if _known(name) or name_of(name).nouns or lexicon.kinds_named(name):
            yield name


def _cells(product: Product, headers: str) -> Iterator[str]:
    classes = _header_classes()
    for header in [header for header in product.attributes if classes[header] == headers]:
        cells = product.attributes[header]
        if cells:
            texts = (cell.text if isinstance(cell, Quantity) else cell for cell in cells if not isinstance(cell, bool))
            yield from split_devices(", ".join(texts))


class _HeaderClasses(dict[str, str]):
    """Whether the cells under a header name devices: "exact", "loose" or "". Looked up for each cell of a feed."""

    def __missing__(self, header: str) -> str:
        found = self[header] = _headers().get(plain(header), _headers().get(header_words(header), ""))
        return found


@cache
def _header_classes() -> _HeaderClasses:
    return _HeaderClasses()


@cache
def _headers() -> dict[str, str]:
    """The headers as people write them, and as they are compared, where nothing is written so: the "fit" of a coat is no
    "fits" of a cartridge."""
    written = {plain(header): name for name in ("loose", "exact") for header in device_words()[name]}
    return {header_words(header): name for header, name in written.items()} | written


def _devices_of_title(title: str) -> tuple[str, ...]:
    """The devices that a title says its thing is for: behind "for", or a known line before it."""
    title = title[:_LONGEST_TITLE]
    lower = title.lower()
    found = _before().search(title) if any(word in lower for word in device_words()["before"]) else None
    if found:
        return _devices(title[found.end() :])
    return tuple(_in_front(title)) if any(word in lower for word in _line_words()) else ()


@cache
def _before() -> re.Pattern[str]:
    words = sorted(device_words()["before"], key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    chinese = "|".join(re.escape(word) for word in words if not word.isascii())
    return re.compile(rf"(?:(?:^|(?<=[\s(,-]))(?:{latin})(?=\s|(?<=/)(?!\d)))|(?:{chinese})", re.I)


def _devices(text: str) -> tuple[str, ...]:
    """The devices that a text begins with."""
    found: dict[str, None] = {}
    for part in split_devices(_END.split(text.strip(), maxsplit=1)[0][:_LONGEST_TITLE]):
        named = _cut(part)
        if not named:
            break
        found.setdefault(named)
    return tuple(found)


def _cut(part: str) -> str:
    """A part up to the last word that belongs to a device's name; empty when it names none."""
    words = part.split()
    end = 0
    for n, word in enumerate(words):
        goes_on = _is_model(word, words[:n]) or (not end and _line(" ".join(words[: n + 1])))
        if goes_on or (end and word.lower().strip("+") in _MORE):
            end = n + 1
        elif end:
            break
    named = " ".join(words[:end])
    return named if named[:1].isupper() or not named[:1].isascii() or _known(named) else ""


def _is_model(word: str, before: list[str]) -> bool:
    if _MEASURE.fullmatch(word):
        if not word.replace(".", "", 1).isdigit() or not before or any(map(str.isdigit, before[-1])):
            return False
        return _known(" ".join(before)) or before[-1][:1].isupper()
    return bool(_CODE.fullmatch(word)) and len(word) > 1 and not word.islower() and not _GRADE.fullmatch(word)


def _line(text: str) -> bool:
    """Does it end with the name of a line of devices?"""
    return bool(re.search(rf"(?:^|\s)(?:{_lines()})$", text, re.I))


@cache
def _lines() -> str:
    return "|".join(re.escape(line) for line in sorted(device_words()["lines"], key=len, reverse=True))


@cache
def _line_words() -> tuple[str, ...]:
    """The least words that any line's name holds: a quick look before the pattern is tried."""
    lines = device_words()["lines"]
    return tuple(line for line in lines if not any(other != line and other in line for other in lines))


def _known(text: str) -> bool:
    """Does it name a known maker or line?"""
    return bool(name_of(text).makers) or bool(_line_anywhere().search(text))


@cache
def _line_anywhere() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{_lines()})(?![a-z])", re.I)


def _in_front(title: str) -> Iterator[str]:
    """The devices of a known line that an accessory's title begins with: "Xerox Phaser 8860 / 8860MFP toner"."""
    found = _line_anywhere().search(title)
    if found:
        named = (name for name in _devices(title[found.start() :]) if name_of(name).tail)
        yield from (name for name in named if not _PART_NUMBER.fullmatch(name.split()[-1]))
