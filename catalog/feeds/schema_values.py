"""schema.org's values as plain ones: texts, links, quantities with units, prices and availabilities as words.

Knows the vocabulary's value types; nothing of what makes a product (schema_org.py) or an offer (schema_offers.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

Node = Mapping[str, object]

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_VOCABULARY = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)")
_SPELLED = {"PreOrder": "preorder", "BackOrder": "backorder", "PreSale": "preorder"}
UNIT_CODES: Mapping[str, str] = MappingProxyType(
    {
        "MMT": "mm", "CMT": "cm", "DMT": "dm", "MTR": "m", "KMT": "km", "INH": "in", "FOT": "ft", "YRD": "yd",
        "MTK": "m²", "CMK": "cm²", "FTK": "ft²", "MTQ": "m³", "CMQ": "cm³", "MLT": "ml", "CLT": "cl", "DLT": "dl",
        "LTR": "l", "OZA": "fl oz", "GLL": "gal", "PTI": "pt", "QT": "qt", "MGM": "mg", "GRM": "g", "HGM": "100 g",
        "KGM": "kg", "TNE": "t", "ONZ": "oz", "LBR": "lb", "SEC": "s", "MIN": "min", "HUR": "h", "DAY": "days",
        "WEE": "weeks", "MON": "months", "ANN": "years", "WTT": "W", "KWT": "kW", "WHR": "Wh", "KWH": "kWh",
        "VLT": "V", "AMP": "A", "4K": "mA", "AMH": "Ah", "E09": "mAh", "OHM": "Ω", "HTZ": "Hz", "KHZ": "kHz",
        "MHZ": "MHz", "A86": "GHz", "AD": "B", "2P": "kB", "4L": "MB", "E34": "GB", "E35": "TB", "E37": "px",
        "CEL": "°C", "FAH": "°F", "KEL": "K", "BAR": "bar", "PAL": "Pa", "LUM": "lm", "LUX": "lx", "CDL": "cd",
        "2N": "dB", "P1": "%", "DD": "°", "KMH": "km/h", "HM": "mph", "NEW": "N", "NU": "Nm", "A2N": "", "C62": "",
        "H87": "", "EA": "", "NMP": "", "PR": "pairs", "SET": "",
    }
)  # fmt: skip
"""UN/CEFACT common codes, which schema.org gives units by, as they are written."""


def plain(name: object) -> str:
    """ "https://schema.org/InStock" -> "InStock"."""
    text = str(name) if isinstance(name, str) else ""
    return (
        re.split(r"[/#:]", text.strip().rstrip("/"))[-1] if "schema.org" in text or "schema:" in text else text.strip()
    )


def types(node: object) -> frozenset[str]:
    """What a node says it is."""
    stated = node.get("@type") if isinstance(node, Mapping) else None
    return frozenset(plain(name) for name in listed(stated))


def listed(value: object) -> list[object]:
    """One value, several, or none, as a list."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def first(value: object) -> object:
    """The first of several values."""
    return next(iter(listed(value)), None)


def words(value: object) -> str | None:
    """A value of the vocabulary in words: "https://schema.org/OutOfStock" -> "out of stock"; the shop's own as it is."""
    text = text_of(value)
    if not text:
        return None
    name = plain(text)
    if not re.fullmatch("[A-Z][A-Za-z]+", name) or (name == text and not _WORDS.search(name)):
        return text
    return _SPELLED.get(name, _WORDS.sub(" ", name).lower())


def text_of(value: object) -> str | None:
    """A text, a number, or the name of a thing, as a text."""
    value = first(value)
    if isinstance(value, Mapping):
        named = next((value[key] for key in ("@value", "name", "value", "url", "@id") if value.get(key)), None)
        return None if isinstance(named, Mapping | list) else text_of(named)
    if isinstance(value, bool) or value is None:
        return None
    return number_text(value) if isinstance(value, float) else str(value).strip() or None


def number_text(value: float) -> str:
    """ "20" for 20.0."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def link_of(value: object, base: str | None) -> str | None:
    """The address of a page or a picture, whole where the page that it stands on says its own."""
    value = first(value)
    if isinstance(value, Mapping):
        stated = (value.get(key) for key in ("contentUrl", "url", "@id", "thumbnailUrl"))
        value = next((first(v) for v in stated if isinstance(first(v), str)), None)
    if not isinstance(value, str) or not value.strip():
        return None
    link = value.strip()
    try:
        return urljoin(base, link) if base and not urlsplit(link).scheme else link
    except ValueError:
        return link  # told as a link that is none


def unit_of(node: Node) -> str:
    """The unit of a quantity, as it is written."""
    text, code = text_of(node.get("unitText")), text_of(node.get("unitCode"))
    if text:
        return text
    return UNIT_CODES.get(code.upper(), "") if code else ""


def value_of(value: object) -> object:
    """What a property states: a text, a number, a truth, a quantity with its unit, or a list of them."""
    if isinstance(value, list):
        stated = [v for v in map(value_of, value) if v is not None]
        return stated if len(stated) > 1 else first(stated)
    if not isinstance(value, Mapping):
        return _scalar(value)
    low, high, exact = value.get("minValue"), value.get("maxValue"), value.get("value")
    if exact is None and low is not None:
        exact = low if high is None else f"{text_of(low)}-{text_of(high)}"
    if exact is None or isinstance(exact, Mapping):
        return _scalar(text_of(value))
    unit = unit_of(value)
    if isinstance(exact, list):
        return [f"{text_of(v)} {unit}".strip() for v in exact]
    return f"{text_of(exact)} {unit}" if unit and not isinstance(exact, bool) else _scalar(exact)


def _scalar(value: object) -> object:
    if not isinstance(value, str):
        return value
    return (words(value) if _VOCABULARY.match(value) else value.strip()) or None
